package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"sapa/internal/call"
	"sapa/internal/connector"
	"sapa/internal/phrase"
	"sapa/internal/practice"
	"sapa/internal/web"
)

// demoCommand starts the practice floor: throwaway data, invented people, a line that answers.
func demoCommand(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	f := flag.NewFlagSet("sapa demo", flag.ContinueOnError)
	f.SetOutput(stderr)
	var d door
	d.bind(f, "127.0.0.1:7272")
	seed := f.Uint64("seed", 18, "another seed gives another floor")
	speed := f.Float64("line-speed", 1, "how many times faster than life the invented line rings, answers and ends, 1 to 100")
	at := f.String("at", "", "the moment at which the floor opens, YYYY-MM-DDThh:mm of the site's zone; its clock runs on from there (now)")
	outside := bindConnectors(f)
	if err := f.Parse(args); err != nil {
		return misused
	}
	if err := d.check(); err != nil {
		fmt.Fprintln(stderr, "sapa demo:", err)
		return misused
	}
	if !(*speed >= 1 && *speed <= 100) { // not a number is neither
		fmt.Fprintf(stderr, "sapa demo: --line-speed %v: write a number from 1 to 100\n", *speed)
		return misused
	}
	p, err := practiceAt(*at)
	if err != nil {
		fmt.Fprintf(stderr, "sapa demo: --at %s: write a moment as 2026-11-30T10:00\n", *at)
		return misused
	}
	connectors, err := readConnectors(*outside)
	if err != nil {
		return sayConnectors(stderr, "demo", err)
	}
	if err := demo(ctx, d, p, connectors, *seed, *speed, stdout, stderr); err != nil {
		fmt.Fprintln(stderr, "sapa demo:", err)
		return refused
	}
	return done
}

// practiceAt is the practice floor's place; its clock shows the moment first and runs on, or is the machine's own without one.
func practiceAt(moment string) (place, error) {
	p := place{zone: "Asia/Jakarta"}
	if moment == "" {
		return p, nil
	}
	site, err := time.LoadLocation(p.zone)
	if err != nil {
		return p, err
	}
	opens, err := time.ParseInLocation("2006-01-02T15:04", moment, site)
	if err != nil {
		return p, err
	}
	began := time.Now()
	p.clock = func() time.Time { return opens.Add(time.Since(began)) }
	return p, nil
}

func demo(ctx context.Context, d door, p place, connectors []connector.Config, seed uint64, speed float64, stdout, stderr io.Writer) error {
	began := time.Now()
	listener, err := net.Listen("tcp", d.addr)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "sapa-latihan-")
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer os.RemoveAll(dir) // throwaway data
	var h *house
	line := practice.NewLine(seed, func(ctx context.Context, s call.Signal) error { return h.seat.Heard(ctx, s) }, faster(speed))
	p.data = dir
	if h, err = p.open(ctx, true, line); err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := h.connect(connectors); err != nil {
		return errors.Join(err, h.close(), listener.Close())
	}
	password := "latihan-" + strings.ToLower(rand.Text()[:6])
	logins, err := practice.Fill(ctx, practice.Parts{Store: h.store, Staff: h.people, Seat: h.seat, Campaigns: h.campaigns, Site: h.site}, seed, password)
	if err != nil {
		return errors.Join(err, h.close(), listener.Close())
	}
	s := site{name: "Malang", practice: true}
	fmt.Fprintf(stdout, "%s\n\n", phrase.Say(lang(), "practice.ready", "seconds", fmt.Sprintf("%.1f", time.Since(began).Seconds()), "address", d.url(listener)))
	table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, phrase.Say(lang(), "practice.columns"))
	for _, l := range logins {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", l.Role, l.Login, l.Password, l.Name)
		s.logins = append(s.logins, web.Login{Login: l.Login, Password: l.Password, Name: l.Name, Role: string(l.Role)})
	}
	if err := table.Flush(); err != nil {
		return errors.Join(err, h.close(), listener.Close())
	}
	fmt.Fprintf(stdout, "\n%s\n", phrase.Say(lang(), "practice.invented"))
	err = h.serve(ctx, listener, d, s, slog.New(slog.NewTextHandler(stderr, nil)))
	line.Close()
	return errors.Join(err, h.close())
}

// faster is after for a line that runs so many times faster than life; only the line is hurried, nobody's clock.
func faster(speed float64) func(time.Duration) (<-chan time.Time, func()) {
	return func(d time.Duration) (<-chan time.Time, func()) { return after(time.Duration(float64(d) / speed)) }
}
