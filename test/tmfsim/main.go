// Command tmfsim serves the simulator of outside systems (test/tmfsim/sim), so that the connected mode can be tried by hand without
// any: go run ./test/tmfsim --addr 127.0.0.1:8621
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"time"

	"sapa/test/tmfsim/sim"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "tmfsim:", err)
		os.Exit(1)
	}
}

func run() error {
	addr := flag.String("addr", "127.0.0.1:8621", "where to listen")
	customers := flag.Int("customers", 200, "invented customers")
	tickets := flag.Int("tickets", 500, "invented trouble tickets")
	noPatch := flag.Bool("no-json-patch", false, "take no JSON Patch, as older systems")
	flag.Parse()
	s, err := sim.New()
	if err != nil {
		return err
	}
	s.NoPatch, s.Unique = *noPatch, true
	s.Fill(*customers)
	s.Tickets(*tickets)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	server := &http.Server{Addr: *addr, Handler: s, ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { s.Close(); _ = server.Close() })
	fmt.Printf("TM Forum APIs with invented data on http://%s/tmf-api/ - customers %s to %s\n", *addr, sim.NCLI(1), sim.NCLI(*customers))
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	for _, p := range s.Problems() {
		fmt.Println("does not fit the specification:", p)
	}
	return nil
}
