package main

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"sapa/internal/api"
	"sapa/internal/staff"
	"sapa/internal/web"
	"sapa/internal/who"
)

// listedRoute is a door as `sapa routes --json` prints it.
type listedRoute struct {
	Method  string     `json:"method"`
	Pattern string     `json:"pattern"`
	Act     staff.Act  `json:"act,omitempty"`
	Open    bool       `json:"open"` // nobody needs to be signed in
	Roles   []who.Role `json:"roles"`
}

// doors is every route of the API and the pages.
func doors() []staff.Route {
	return slices.Concat(api.Routes(), web.Routes())
}

// routesCommand prints every route with the roles it lets in.
func routesCommand(_ context.Context, args []string, stdout, stderr io.Writer) int {
	var asJSON bool
	f := flag.NewFlagSet("sapa routes", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.BoolVar(&asJSON, "json", false, "print JSON")
	if err := f.Parse(args); err != nil {
		return misused
	}
	if f.NArg() > 0 {
		fmt.Fprintln(stderr, "sapa routes [--json]")
		return misused
	}
	var all []listedRoute
	for _, r := range doors() {
		all = append(all, listedRoute{r.Method, r.Pattern, r.Act, r.Open, r.Roles()})
	}
	slices.SortFunc(all, func(a, b listedRoute) int {
		return cmp.Or(cmp.Compare(a.Pattern, b.Pattern), cmp.Compare(a.Method, b.Method))
	})
	if asJSON {
		e := json.NewEncoder(stdout)
		e.SetIndent("", "  ")
		if err := e.Encode(all); err != nil {
			return sorry(stderr, "routes", err)
		}
		return done
	}
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	for _, r := range all {
		roles := "everybody"
		if !r.Open {
			words := make([]string, len(r.Roles))
			for i, role := range r.Roles {
				words[i] = string(role)
			}
			roles = strings.Join(words, " ")
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", r.Method, r.Pattern, roles)
	}
	if err := w.Flush(); err != nil {
		return sorry(stderr, "routes", err)
	}
	return done
}
