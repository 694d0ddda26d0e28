package report

import (
	"slices"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/knowledge"
	"sapa/internal/phone"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
)

// SOP 5.2.9: whether guiding worked feeds FCR - what was walked to an end that works, was saved as done, and was not followed by a
// trouble ticket on the service within 24 hours.
func TestGuidesCountWhatTheNextDayDidNotDeny(t *testing.T) {
	each(t, func(d *desk) {
		const text = "code: a\ntitle: {id: a, en: a}\nabout: {id: a, en: a}\nsteps: [{id: s, ask: {id: a, en: a}, yes: e, no: f}]\n" +
			"ends:\n- {id: e, guided: berhasil, say: {id: a, en: a}}\n- {id: f, guided: tidak-berhasil, say: {id: a, en: a}}\n"
		a, start := d.agents[0], d.clock.Now()
		d.write(func(tx *db.Tx) error {
			if _, err := knowledge.Write(tx, a, "a", text, nil); err != nil {
				return err
			}
			if _, err := knowledge.Move(tx, a, "a", 1, knowledge.Submit, ""); err != nil {
				return err
			}
			_, err := knowledge.Move(tx, d.agents[1], "a", 1, knowledge.Approve, "")
			return err
		})
		guided := func(service string, path []knowledge.Done, closed string) {
			t.Helper()
			d.write(func(tx *db.Tx) error {
				if _, _, err := ticket.Open(tx, a, ticket.New{Campaign: "callback", ServiceNo: service, Contacts: []ticket.Contact{{Phone: phone.Number("+62899900" + service[8:])}}, Zone: "Asia/Jakarta", Source: "practice"}); err != nil {
					return err
				}
				one, lease, err := ticket.Claim(tx, db.ID(a.ID), []string{ticket.Pool("callback", "Asia/Jakarta")})
				if err != nil {
					return err
				}
				turn, err := ticket.BeginTurn(tx, one.ID, db.ID(a.ID), ticket.Pin{Code: "callback", Revision: 2})
				if err != nil {
					return err
				}
				if _, err := knowledge.Show(tx, a, knowledge.Use{Turn: turn.ID, Ticket: one.ID, Code: "a"}); err != nil {
					return err
				}
				if path != nil {
					if _, _, err := knowledge.Walked(tx, a, turn.ID, "a", path); err != nil {
						return err
					}
				}
				_, err = ticket.Settle(tx, a, one.ID, lease.Token, ticket.Settlement{Outcome: "x", Means: []string{"reached-decider"}, Close: closed})
				return err
			})
			d.clock.Advance(time.Minute)
		}
		fault := func(service string) {
			t.Helper()
			d.write(func(tx *db.Tx) error {
				_, _, err := trouble.Open(tx, a, trouble.New{ServiceNo: service, Service: "internet", CustomerName: "Rekaan", Symptom: "tbc", Verdict: "SPEC", ContactName: "Rekaan",
					ContactMobile: "089990001111", HardComplaint: "ramah", Urgency: "normal", FCR: "no", Description: "Internet mati lagi"})
				return err
			})
		}
		works, fails := []knowledge.Done{{Step: "s", Yes: true}}, []knowledge.Done{{Step: "s"}}
		guided("152999000101", works, "done")
		guided("152999000102", works, "done") // a trouble ticket follows the same day
		guided("152999000103", works, "done") // one follows, but later
		guided("152999000104", works, "junk")
		guided("152999000105", fails, "done")
		guided("152999000106", nil, "done") // shown and not walked
		fault("152999000102")
		d.clock.Advance(25 * time.Hour)
		fault("152999000103")
		var got []Guide
		d.write(func(tx *db.Tx) (err error) {
			got, err = Guides(tx, start)
			return err
		})
		if want := []Guide{{"a", 6, 5, 4, 2}}; !slices.Equal(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
		for _, agent := range []int{-1, 0} { // the boards ask the same of every turn: 102 alone was denied within 24 hours
			if day := d.today(agent, start); day.Decider != 6 || day.Solved != 4 {
				t.Errorf("the board counts %d solved of %d", day.Solved, day.Decider)
			}
		}
		d.write(func(tx *db.Tx) (err error) {
			got, err = Guides(tx, tx.Now)
			return err
		})
		if len(got) != 0 {
			t.Errorf("since now: %+v", got)
		}
		if part, whole := (Guide{Ended: 5, Solved: 2}).FCR(); part != 2 || whole != 5 {
			t.Errorf("FCR %d of %d", part, whole)
		}
	})
}
