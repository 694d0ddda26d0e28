package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"time"

	"sapa/internal/db"
	"sapa/internal/staff"
)

// tokenTTL is how long a token lives when nobody says otherwise.
const tokenTTL = 24 * time.Hour

const tokenUsage = "sapa token create --login LOGIN [--ttl 24h]\n"

// tokenCommand makes an API token that acts as a person. It is printed once and nowhere kept in the clear.
func tokenCommand(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 || args[0] != "create" {
		fmt.Fprint(stderr, tokenUsage)
		return misused
	}
	var p place
	var login string
	var ttl time.Duration
	f := flag.NewFlagSet("sapa token create", flag.ContinueOnError)
	f.SetOutput(stderr)
	p.bind(f)
	f.StringVar(&login, "login", "", "whom the token acts as")
	f.DurationVar(&ttl, "ttl", tokenTTL, "how long it lives, e.g. 24h")
	if err := f.Parse(args[1:]); err != nil {
		return misused
	}
	if f.NArg() > 0 || login == "" {
		fmt.Fprint(stderr, tokenUsage)
		return misused
	}
	return withStore(ctx, p, stderr, "token create", func(s *db.DB) error {
		var token string
		err := s.Write(ctx, func(tx *db.Tx) (err error) {
			token, err = staff.CreateToken(tx, staff.Console, login, ttl)
			return err
		})
		if err == nil {
			fmt.Fprintln(stdout, token)
		}
		return err
	})
}
