package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/replay"
)

// dryRun replays the finished turns of a store under a draft and prints what would have been otherwise. It needs a store that
// is there, makes none, and works beside a running server. Differences are an answer, not a failure.
func (p printer) dryRun(ctx context.Context, names []string, at place, since string) int {
	if len(names) != 1 {
		fmt.Fprint(p.stderr, procedureUsage)
		return misused
	}
	site, err := time.LoadLocation(at.zone)
	if err != nil {
		fmt.Fprintf(p.stderr, "sapa procedure dry-run: --zone: %v\n", err)
		return misused
	}
	var from time.Time
	if since != "" {
		if from, err = time.ParseInLocation(time.DateOnly, since, site); err != nil {
			sorry(p.stderr, "procedure dry-run", fault.New(fault.Invalid, "replay.day", "day", since))
			return misused
		}
	}
	if at.data != "" && at.db == "" { // where would make the folder
		if _, err := os.Stat(filepath.Join(at.data, "sapa.db")); errors.Is(err, fs.ErrNotExist) {
			return sorry(p.stderr, "procedure dry-run", fault.New(fault.Missing, "replay.no-store", "folder", at.data))
		}
	}
	where, err := at.where()
	if err != nil {
		fmt.Fprintf(p.stderr, "sapa procedure dry-run: %v\n", err)
		return misused
	}
	book := p.good(names)
	if book == nil {
		return refused
	}
	options := db.Options{}
	if at.db == "" {
		options.Clock = time.Now
	}
	store, err := db.Open(ctx, where, options)
	if err != nil {
		return sorry(p.stderr, "procedure dry-run", err)
	}
	library := &document.Library{}
	var report replay.Report
	if err = library.Load(ctx, store); err == nil {
		report, err = replay.Job{Store: store, Library: library, Draft: book, Site: site, Since: from, Workers: runtime.NumCPU()}.Run(ctx)
	}
	if err = errors.Join(err, store.Close()); err != nil {
		return sorry(p.stderr, "procedure dry-run", err)
	}
	if p.asJSON {
		return p.json(report)
	}
	fmt.Fprint(p.stdout, report.Text(lang()))
	return done
}
