package control

import (
	"context"
	"encoding/csv"
	"io"
	"strings"
	"time"

	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/phrase"
)

// DrySheet writes a dry list as CSV, page by page in short looks: what goes and what is held back, with why. kind "" is all of them.
func DrySheet(ctx context.Context, store *db.DB, to io.Writer, purge db.ID, kind string, l phrase.Lang, site *time.Location) error {
	var p document.Purge
	err := store.Read(ctx, func(tx *db.Tx) (err error) {
		p, err = document.PurgeOf(tx, purge)
		return err
	})
	if err != nil {
		return err
	}
	w := csv.NewWriter(to)
	w.Comma = ';'
	if err := w.Write(strings.Split(phrase.Say(l, "records.csv-head"), ";")); err != nil {
		return err
	}
	for _, s := range p.Steps {
		if kind != "" && kind != s.Kind {
			continue
		}
		after, more := db.ID(0), true
		for more {
			var found []Item
			err := store.Read(ctx, func(tx *db.Tx) (err error) {
				found, after, more, err = DryList(tx, purge, s.Kind, after)
				return err
			})
			if err != nil {
				return err
			}
			for _, i := range found {
				if err := w.Write([]string{phrase.Say(l, "records.kind."+i.Kind), i.ID.String(), i.Label, i.At.In(site).Format("2006-01-02 15:04"), phrase.Say(l, "records.why."+i.Why)}); err != nil {
					return err
				}
			}
		}
	}
	w.Flush()
	return w.Error()
}
