package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sapa/internal/control"
	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/phrase"
	"sapa/internal/who"
)

const recordsUsage = `sapa records list --data DIR             the records register (section 6) and what is missing in it
sapa records holds --data DIR            legal holds
sapa records purge --dry --data DIR      draw a dry list: what is due and what is held back, counted; --csv prints the list itself
sapa records purge --data DIR            carry out now what two people have approved on the page Records; a server does it by itself
sapa records purges --data DIR           dry lists and purges of the past

--db postgres://... instead of --data. due is another word for purge --dry.
`

// pauses between a purge's turns, so that the floor has most of the store: three times as long as the turn took, within limits.
const (
	purgeEvery    = 2 * time.Second // looks for something to do
	purgeRestMin  = 5 * time.Millisecond
	purgeRestMax  = time.Second
	purgeRestFold = 3
)

// purgeChore carries out what is to be done, and rests between turns.
func purgeChore(p *control.Purger) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		for {
			began := time.Now()
			worked, err := p.Turn(ctx)
			if err != nil || !worked {
				return err
			}
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(min(max(purgeRestFold*time.Since(began), purgeRestMin), purgeRestMax)):
			}
		}
	}
}

// recordsCommand works on a store that is there, beside a running server too.
func recordsCommand(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, recordsUsage)
		return misused
	}
	verb := args[0]
	f := flag.NewFlagSet("sapa records "+verb, flag.ContinueOnError)
	f.SetOutput(stderr)
	var at place
	at.bind(f)
	dry, sheet := new(bool), new(bool)
	if verb == "purge" || verb == "due" {
		f.BoolVar(dry, "dry", verb == "due", "count what is due and remove nothing")
		f.BoolVar(sheet, "csv", false, "with --dry: print the list as CSV")
	}
	if err := f.Parse(args[1:]); err != nil {
		return misused
	}
	known := map[string]bool{"list": true, "holds": true, "purge": true, "due": true, "purges": true}
	if f.NArg() > 0 || !known[verb] {
		fmt.Fprintf(stderr, "sapa records: what is %q?\n\n%s", strings.Join(append(args[:1:1], f.Args()...), " "), recordsUsage)
		return misused
	}
	site, err := time.LoadLocation(at.zone)
	if err != nil {
		fmt.Fprintf(stderr, "sapa records: --zone: %v\n", err)
		return misused
	}
	if at.data != "" && at.db == "" { // where would make the folder
		if _, err := os.Stat(filepath.Join(at.data, "sapa.db")); errors.Is(err, fs.ErrNotExist) {
			return sorry(stderr, "records", fault.New(fault.Missing, "records.no-store", "folder", at.data))
		}
	}
	where, err := at.where()
	if err != nil {
		fmt.Fprintf(stderr, "sapa records: %v\n", err)
		return misused
	}
	options := db.Options{}
	if at.db == "" {
		options.Clock = time.Now
	}
	store, err := db.Open(ctx, where, options)
	if err != nil {
		return sorry(stderr, "records", err)
	}
	r := recordsPrinter{store, site, stdout, lang()}
	switch {
	case verb == "list":
		err = r.list(ctx)
	case verb == "holds":
		err = r.holds(ctx)
	case verb == "purges":
		err = r.purges(ctx)
	case *dry:
		err = r.dry(ctx, *sheet)
	default:
		err = r.run(ctx)
	}
	if err = errors.Join(err, store.Close()); err != nil {
		return sorry(stderr, "records "+verb, err)
	}
	return done
}

type recordsPrinter struct {
	store *db.DB
	site  *time.Location
	to    io.Writer
	lang  phrase.Lang
}

func (r recordsPrinter) say(key string, values ...any) string {
	return phrase.Say(r.lang, key, values...)
}

func (r recordsPrinter) list(ctx context.Context) error {
	var all []document.RecordRule
	var missing []string
	err := r.store.Read(ctx, func(tx *db.Tx) (err error) {
		if all, err = document.RecordsRegister(tx); err == nil {
			missing, err = document.RecordsUnfilled(tx)
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(all) == 0 {
		fmt.Fprintln(r.to, r.say("records.print-nothing"))
	}
	for _, rule := range all {
		origin := "records.outside-smm"
		if rule.SMM {
			origin = "records.smm"
		}
		fmt.Fprintf(r.to, "%s | %s | %s | %s | %s | %s\n", r.say("records.kind."+rule.Kind), rule.Name, rule.Kept(r.lang), rule.Position, r.say(origin), rule.Clause)
	}
	if len(missing) > 0 {
		fmt.Fprintln(r.to, r.say("records.unfilled-page", "missing", recordKinds(r.lang, missing)))
	}
	return nil
}

func (r recordsPrinter) holds(ctx context.Context) error {
	var all []control.Named
	err := r.store.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = control.Holds(tx, 500)
		return err
	})
	if len(all) == 0 && err == nil {
		fmt.Fprintln(r.to, r.say("records.no-holds"))
	}
	for _, h := range all {
		lifted := ""
		if !h.LiftedAt.IsZero() {
			lifted = " - " + h.LiftedAt.In(r.site).Format(time.DateOnly)
		}
		fmt.Fprintf(r.to, "%s %s | %s%s | %s\n", h.Kind, h.Label, h.PlacedAt.In(r.site).Format(time.DateOnly), lifted, h.Reason)
	}
	return err
}

func (r recordsPrinter) purges(ctx context.Context) error {
	var all []document.Purge
	err := r.store.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = document.Purges(tx, 50)
		return err
	})
	if len(all) == 0 && err == nil {
		fmt.Fprintln(r.to, r.say("records.no-purges"))
	}
	for _, p := range all {
		fmt.Fprintf(r.to, "%s | %s | %s | %s\n", p.ID, p.MadeAt.In(r.site).Format("2006-01-02 15:04"), r.say("records.state."+p.State), p.Digest)
		for _, s := range p.Steps {
			if s.Due > 0 {
				fmt.Fprintln(r.to, "  "+r.say("records.count-gone", "kind", r.say("records.kind."+s.Kind), "gone", s.Removed, "due", s.Due))
			}
		}
	}
	return err
}

func (r recordsPrinter) dry(ctx context.Context, sheet bool) error {
	var p document.Purge
	err := r.store.Write(ctx, func(tx *db.Tx) (err error) {
		p, err = document.DrawPurge(tx, who.Actor{Via: who.CLI}, r.site)
		return err
	})
	purger := &control.Purger{Store: r.store}
	for err == nil && p.State == document.PurgeDrawing {
		if _, err = purger.Turn(ctx); err == nil {
			err = r.store.Read(ctx, func(tx *db.Tx) (err error) {
				p, err = document.PurgeOf(tx, p.ID)
				return err
			})
		}
	}
	if err != nil || sheet {
		if err == nil {
			err = control.DrySheet(ctx, r.store, r.to, p.ID, "", r.lang, r.site)
		}
		return err
	}
	for _, s := range p.Steps {
		fmt.Fprintln(r.to, r.say("records.count", "kind", r.say("records.kind."+s.Kind), "due", s.Due, "kept", s.Kept))
	}
	fmt.Fprintln(r.to, r.say("records.dry-done", "id", p.ID, "digest", p.Digest))
	return nil
}

func (r recordsPrinter) run(ctx context.Context) error {
	var p document.Purge
	var is bool
	err := r.store.Read(ctx, func(tx *db.Tx) (err error) {
		p, is, err = document.PurgeToDo(tx)
		return err
	})
	if err != nil || !is || p.State != document.PurgeRunning {
		if err == nil {
			fmt.Fprintln(r.to, r.say("records.nothing-runs"))
		}
		return err
	}
	if err := purgeChore(&control.Purger{Store: r.store})(ctx); err != nil {
		return err
	}
	return r.purges(ctx)
}

// recordKinds prints kinds of record for a sentence.
func recordKinds(l phrase.Lang, kinds []string) string {
	said := make([]string, len(kinds))
	for i, k := range kinds {
		said[i] = phrase.Say(l, "records.kind."+k)
	}
	return strings.Join(said, ", ")
}

// sayUnfilled tells whoever starts the server that the register is not filled; nothing when it is.
func (h *house) sayUnfilled(ctx context.Context, to io.Writer, address string, log *slog.Logger) {
	var missing []string
	err := h.store.Read(ctx, func(tx *db.Tx) (err error) {
		missing, err = document.RecordsUnfilled(tx)
		return err
	})
	if err != nil {
		log.Warn("records register not read", "err", err)
	}
	if len(missing) > 0 {
		fmt.Fprintln(to, phrase.Say(lang(), "records.unfilled", "missing", recordKinds(lang(), missing), "at", address+"/records"))
	}
}
