package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the two drivers whose limits are measured
	_ "modernc.org/sqlite"
)

// rawFigures are what the machine can do without sapa.
type rawFigures struct {
	commit  timings // one minimal transaction of the driver after the other
	handler timings // a handler that does nothing, by all agents at once
}

// measureRaw finds the limits of this machine in this run.
func (b *bench) measureRaw(ctx context.Context) error {
	file := filepath.Join(b.dir, "raw.db")
	defer forget(file)
	store, err := b.driver(file)
	if err != nil {
		return err
	}
	if b.raw.commit, err = commits(ctx, store, 1, b.seconds/2); err != nil {
		return err
	}
	if b.raw.handler, err = bare(ctx, b.agents, b.seconds/2); err != nil {
		return err
	}
	fmt.Printf("raw: one commit        %s\n", b.raw.commit)
	fmt.Printf("raw: a bare handler    %s, %d at once\n", b.raw.handler, b.agents)
	return nil
}

// driver opens a file through the driver alone, or the database that is measured.
func (b *bench) driver(file string) (*sql.DB, error) {
	if b.postgres != "" {
		return sql.Open("pgx", b.postgres)
	}
	store, err := sql.Open("sqlite", "file:"+file+"?_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)")
	if err == nil {
		store.SetMaxOpenConns(1)
	}
	return store, err
}

func forget(file string) {
	for _, end := range []string{"", "-wal", "-shm"} {
		os.Remove(file + end)
	}
}

// commits writes one row a transaction, each caller after the other: what a store without group commit does. Nothing is left of
// it, and the driver is closed.
func commits(ctx context.Context, store *sql.DB, callers int, length time.Duration) (t timings, err error) {
	defer func() { err = errors.Join(err, store.Close()) }()
	if _, err := store.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS raw_act(at BIGINT NOT NULL, what TEXT NOT NULL)`); err != nil {
		return timings{}, err
	}
	defer func() {
		_, dropped := store.ExecContext(ctx, `DROP TABLE raw_act`)
		err = errors.Join(err, dropped)
	}()
	return together(callers, length, func(int) error {
		tx, err := store.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO raw_act(at, what) VALUES ($1, $2)`, time.Now().UnixMilli(), "claimed by somebody, and so on"); err != nil {
			tx.Rollback()
			return err
		}
		return tx.Commit()
	})
}

func printCommits(ctx context.Context, file string, callers int, length time.Duration) error {
	defer forget(file)
	store, err := (&bench{}).driver(file)
	if err != nil {
		return err
	}
	t, err := commits(ctx, store, callers, length)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(t.rate())
}

// bare is what HTTP itself costs here, client included.
func bare(ctx context.Context, callers int, length time.Duration) (timings, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return timings{}, err
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(`{"ticket":{}}`))
	})}
	go server.Serve(listener)
	defer server.Close()
	c := &client{base: "http://" + listener.Addr().String(), http: newHTTP(callers)}
	return together(callers, length, func(int) error { return c.post(ctx, "", "/", nil, nil) })
}

// timings are how long each of many acts took.
type timings struct {
	all    []time.Duration
	length time.Duration
}

// together lets callers act one after the other, all at once, for a while.
func together(callers int, length time.Duration, act func(caller int) error) (timings, error) {
	var mu sync.Mutex
	var group sync.WaitGroup
	var failed error
	t := timings{}
	began := time.Now()
	for i := range callers {
		group.Go(func() {
			var own []time.Duration
			for time.Since(began) < length {
				start := time.Now()
				if err := act(i); err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
					break
				}
				own = append(own, time.Since(start))
			}
			mu.Lock()
			t.all = append(t.all, own...)
			mu.Unlock()
		})
	}
	group.Wait()
	t.length = time.Since(began)
	return t, failed
}
