// Command load measures sapa from outside: it starts the built binary, talks HTTP over loopback as so many agents do, and
// prints what it saw beside the raw limits of the same machine in the same run. It asserts nothing: figures of a shared
// machine are for reading (docs/speed.md). It knows the contract, not the rooms; only -fill goes into the store.
//
//	go run ./test/load                      fill a site of 200,000 tickets, then measure everything
//	go run ./test/load -dir DIR -only slow  one part, on the store that is in DIR
//	go run ./test/load -db postgres://...   the same on an empty PostgreSQL database
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"sapa/internal/db"
	"sapa/test/load/fill"
)

type bench struct {
	dir, binary string
	postgres    string // the store's address; empty: SQLite in dir
	agents      int
	services    int // of an outage
	seconds     time.Duration
	pace        time.Duration // how often an agent begins a turn
	times       int           // how often an outage is declared and ended
	size        fill.Size
	tokens      []string
	raw         rawFigures
	running     *server // the one started last
}

func main() {
	var b bench
	var only string
	flag.StringVar(&b.dir, "dir", "", "where the data is, or shall be; empty: a folder of its own, thrown away")
	flag.StringVar(&b.postgres, "db", "", "postgres://...: fill and measure this database instead of SQLite in -dir; a store that is kept needs both")
	flag.StringVar(&b.binary, "sapa", "", "the binary; empty: build it")
	flag.IntVar(&b.agents, "agents", fill.Site.Agents, "agents at once")
	flag.DurationVar(&b.seconds, "for", 10*time.Second, "how long each part takes")
	flag.IntVar(&b.times, "times", 4, "how often an outage is declared and ended")
	flag.DurationVar(&b.pace, "pace", time.Second, "how often an agent begins a turn, where a pace is kept")
	flag.IntVar(&b.size.Tickets, "tickets", fill.Site.Tickets, "tickets of the store")
	flag.IntVar(&b.size.Waiting, "waiting", fill.Site.Waiting, "those of them that wait")
	flag.IntVar(&b.services, "services", 100_000, "services of an outage")
	flag.StringVar(&only, "only", "raw,start,agents,trouble,import,outage,purge,slow", "parts to measure")
	rawFile := flag.String("raw-commits", "", "measure the driver's own commits on a file, and nothing else (used by itself under strace)")
	callers := flag.Int("callers", 1, "with -raw-commits: callers at once")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if *rawFile != "" {
		if err := printCommits(ctx, *rawFile, *callers, b.seconds); err != nil {
			fail(err)
		}
		return
	}
	b.size.Agents = b.agents
	if err := b.run(ctx, strings.Split(only, ",")); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "load:", err)
	os.Exit(1)
}

func (b *bench) run(ctx context.Context, parts []string) (err error) {
	defer func() {
		if s := b.running; s != nil && s.cmd.ProcessState == nil { // a part that failed leaves nobody behind
			err = errors.Join(err, s.stop())
		}
	}()
	if b.dir == "" {
		if b.dir, err = os.MkdirTemp("", "sapa-load-"); err != nil {
			return err
		}
		defer os.RemoveAll(b.dir)
	}
	if err := b.prepare(ctx); err != nil {
		return err
	}
	known := map[string]func(context.Context) error{"raw": b.measureRaw, "start": b.measureStart, "agents": b.measureAgents, "trouble": b.measureTrouble, "import": b.measureImport, "outage": b.measureOutage, "purge": b.measurePurge, "slow": b.measureSlow}
	for _, part := range parts {
		measure := known[part]
		if measure == nil {
			return fmt.Errorf("no part %q", part)
		}
		if err := measure(ctx); err != nil {
			return fmt.Errorf("%s: %w", part, err)
		}
	}
	return nil
}

// prepare builds the binary and fills the store, unless they are there.
func (b *bench) prepare(ctx context.Context) error {
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		return err
	}
	if b.binary == "" {
		b.binary = filepath.Join(b.dir, "sapa")
		build := exec.CommandContext(ctx, "go", "build", "-o", b.binary, "./cmd/sapa")
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return fmt.Errorf("build: %w", err)
		}
	}
	kept := filepath.Join(b.dir, "tokens")
	if text, err := os.ReadFile(kept); err == nil {
		b.tokens = strings.Fields(string(text))
		return b.enough()
	}
	began := time.Now()
	store, err := b.open(ctx)
	if err != nil {
		return err
	}
	b.tokens, err = fill.Store(ctx, store, b.size)
	if err := errors.Join(err, store.Close()); err != nil {
		return err
	}
	fmt.Printf("filled                 %d tickets, %d of them waiting, in %.0f s\n", b.size.Tickets, b.size.Waiting, time.Since(began).Seconds())
	return errors.Join(os.WriteFile(kept, []byte(strings.Join(b.tokens, "\n")), 0o600), b.enough())
}

// open opens the store while nobody serves it.
func (b *bench) open(ctx context.Context) (*db.DB, error) {
	if b.postgres != "" {
		return db.Open(ctx, b.postgres, db.Options{})
	}
	return db.Open(ctx, "sqlite:"+filepath.Join(b.dir, "sapa.db"), db.Options{Clock: time.Now, Exclusive: true})
}

// place is where the store is, as every command of sapa takes it.
func (b *bench) place() []string {
	if b.postgres != "" {
		return []string{"--db", b.postgres}
	}
	return []string{"--data", b.dir}
}

func (b *bench) enough() error {
	if len(b.tokens) < b.agents {
		return fmt.Errorf("the store has %d agents, not %d: give another -dir", len(b.tokens), b.agents)
	}
	return nil
}
