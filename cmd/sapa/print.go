package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/phrase"
	"sapa/internal/staff"
	"sapa/internal/web"
)

// printing is what sapa procedure print is asked for.
type printing struct {
	revision   int
	copy, lang string
}

func (p *printing) bind(f *flag.FlagSet) {
	f.IntVar(&p.revision, "revision", 0, "the revision to print; without it the one in force")
	f.StringVar(&p.copy, "copy", "", "whose controlled copy it is, like CONTROLLED-MALANG; without it an uncontrolled one")
	f.StringVar(&p.lang, "lang", string(lang()), "id, or en with a gloss under every clause")
}

// print writes a revision of a store as one HTML file that needs nothing beside it. It makes no store, and works beside a
// running server.
func (p printer) print(ctx context.Context, at place, what printing) int {
	if what.lang != "id" && what.lang != "en" {
		fmt.Fprintf(p.stderr, "sapa procedure print: --lang is id or en, not %q\n", what.lang)
		return misused
	}
	site, err := time.LoadLocation(at.zone)
	if err != nil {
		fmt.Fprintf(p.stderr, "sapa procedure print: --zone: %v\n", err)
		return misused
	}
	if at.data != "" && at.db == "" { // where would make the folder
		if _, err := os.Stat(filepath.Join(at.data, "sapa.db")); errors.Is(err, fs.ErrNotExist) {
			return sorry(p.stderr, "procedure print", fault.New(fault.Missing, "print.no-store", "folder", at.data))
		}
	}
	where, err := at.where()
	if err != nil {
		fmt.Fprintf(p.stderr, "sapa procedure print: %v\n", err)
		return misused
	}
	options := db.Options{}
	if at.db == "" {
		options.Clock = time.Now
	}
	store, err := db.Open(ctx, where, options)
	if err != nil {
		return sorry(p.stderr, "procedure print", err)
	}
	sheet := web.Print{Lang: phrase.Lang(what.lang), Site: site, Copy: what.copy, PrintedBy: "sapa"}
	var file bytes.Buffer // nothing of it is written when it cannot be made whole, or the journal cannot keep that it was
	if err = sheetOf(ctx, store, what.revision, &sheet); err == nil {
		err = sheet.WriteTo(ctx, &file)
	}
	if err == nil {
		err = store.Write(ctx, func(tx *db.Tx) error {
			return document.Printed(tx, staff.Console, sheet.Revision, sheet.Stands, sheet.Copy)
		})
	}
	if err = errors.Join(err, store.Close()); err != nil {
		return sorry(p.stderr, "procedure print", err)
	}
	if _, err := file.WriteTo(p.stdout); err != nil {
		return sorry(p.stderr, "procedure print", err)
	}
	return done
}

// sheetOf finds the revision with its signatures, and how it stands now.
func sheetOf(ctx context.Context, store *db.DB, revision int, sheet *web.Print) error {
	library := &document.Library{}
	if err := library.Load(ctx, store); err != nil {
		return err
	}
	campaigns := campaign.New(library, workInstruction)
	return store.Read(ctx, func(tx *db.Tx) error {
		var err error
		if sheet.Revision, err = campaigns.Revision(tx, revision); err != nil {
			return err
		}
		return sheet.Read(tx)
	})
}
