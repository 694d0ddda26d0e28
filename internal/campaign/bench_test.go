package campaign_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/document/documenttest"
)

// BenchmarkInForce is what a claim pays to know what is in force: the states read together with the settings, against the settings alone
// as a pinned turn reads them.
func BenchmarkInForce(b *testing.B) {
	stores := map[string]func() *db.DB{"sqlite": func() *db.DB { s, _ := documenttest.Mould.SQLite(b); return s }}
	if os.Getenv("SAPA_TEST_POSTGRES") != "" {
		stores["postgres"] = func() *db.DB { s, _ := documenttest.Mould.Postgres(b); return s }
	}
	for name, open := range stores {
		s, all := open(), campaign.New(documenttest.Library(b), code)
		look := func(of string, read func(tx *db.Tx) error) {
			b.Run(of+"/"+name, func(b *testing.B) {
				for b.Loop() {
					if err := s.Read(context.Background(), func(tx *db.Tx) error {
						for range 100 { // the transaction around it is the claim's own
							if err := read(tx); err != nil {
								return err
							}
						}
						return nil
					}); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/100, "µs/read")
			})
		}
		look("settings", func(tx *db.Tx) error { _, err := all.Pinned(tx, "callback", 2); return err })
		for _, revisions := range []int{1, 30} {
			if revisions > 1 { // long superseded ones, as a site has them after years
				if err := s.Write(context.Background(), func(tx *db.Tx) error {
					for n := range revisions - 1 {
						_, err := tx.Exec(`INSERT INTO revision(document, revision, hash, effective_at, files, kept_at, origin)
							SELECT document, CAST($1 AS BIGINT), hash, effective_at - 1, files, kept_at, 'paper' FROM revision WHERE revision = 2`, 100+n)
						if err != nil {
							return err
						}
					}
					return nil
				}); err != nil {
					b.Fatal(err)
				}
			}
			look(fmt.Sprintf("in-force-of-%d", revisions), func(tx *db.Tx) error { _, err := all.Get(tx, "callback"); return err })
		}
	}
}
