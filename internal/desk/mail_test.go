package desk_test

import (
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/outbox"
)

// SOP 5.8.6: e-mail is ready with a mail server that takes letters, down with one that does not, and by hand without any.
func TestReadinessOfEmail(t *testing.T) {
	each(t, func(f *floor) {
		email := func() (one desk.Application) {
			f.t.Helper()
			f.beat()
			f.do(func(tx *db.Tx) error {
				all, err := f.seat.Readiness(tx, f.ani)
				for _, a := range all {
					if a.ID == "email" {
						one = a
					}
				}
				return err
			})
			return one
		}
		if a := email(); a.State != "by-hand" || a.Connected {
			f.t.Errorf("without a mail server: %+v", a)
		}
		f.seat.Mail = true
		f.do(func(tx *db.Tx) error {
			_, err := outbox.Add(tx, f.ani, []outbox.Promise{{App: outbox.Mail, Kind: outbox.FormLetter, Key: "form"}})
			return err
		})
		for try := range 3 {
			if a := email(); a.State != "ready" || !a.Connected {
				f.t.Errorf("after %d tries: %+v", try, a)
			}
			f.do(func(tx *db.Tx) error {
				all, err := outbox.Take(tx, []string{outbox.Mail}, 1, time.Minute)
				if err == nil {
					var p outbox.Promise
					p, err = outbox.Deferred(tx, all[0], "451 later")
					f.c.Set(p.NextAt)
				}
				return err
			})
		}
		if a := email(); a.State != "down" {
			f.t.Errorf("after three tries: %+v", a)
		}
	})
}
