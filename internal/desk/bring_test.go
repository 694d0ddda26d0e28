package desk_test

import (
	"testing"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/outbox"
)

// trust: one act, one effect. What a connector brings over nobody can say to have brought over by hand, until it was refused for good.
func TestWhatSapaBringsItselfIsNobodysTask(t *testing.T) {
	each(t, func(f *floor) {
		f.seat.Carried = map[string]bool{"nossa": true}
		var made []outbox.Promise
		f.do(func(tx *db.Tx) (err error) {
			made, err = outbox.Add(tx, f.ani, []outbox.Promise{{Ticket: 1, App: "nossa", Kind: "note"}, {Ticket: 1, App: "sephia", Kind: "note"}})
			return err
		})
		done := func(p outbox.Promise, want string) {
			t.Helper()
			err := f.s.Write(t.Context(), func(tx *db.Tx) error {
				_, err := f.seat.PromiseDone(tx, f.ani, p.ID, "IN1")
				return err
			})
			if said := fault.Of(err); want == "" && err != nil || want != "" && (said == nil || said.Key != want) {
				t.Errorf("%s: %v, want %q", p.App, err, want)
			}
		}
		done(made[1], "")
		done(made[0], "outbox.brought")
		f.do(func(tx *db.Tx) error { _, err := outbox.Fail(tx, f.ani, made[0].ID, "no such ticket"); return err })
		done(made[0], "")
		f.seat.Mail = true
		for app, want := range map[string]bool{"nossa": true, "sephia": false, outbox.Mail: true} {
			if f.seat.Brings(app) != want {
				t.Errorf("%s: %v", app, !want)
			}
		}
	})
}
