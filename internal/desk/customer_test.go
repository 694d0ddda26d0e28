package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sapa/internal/call"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/registration"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// trust.md, access: what people typed of somebody's numbers shows in the timeline to nobody who sees numbers masked - notes,
// remarks, worklog and requests to register (SOP 2.c) -, page by page, and is stored as it was typed.
func TestTheTimelineMasksWhatWasTyped(t *testing.T) {
	each(t, func(f *floor) {
		c := f.customer("Sekar (data uji)", customer.Gold)
		const number, service = "0812-4207-1134", "152999000001"
		f.open("callback", "CB-1", func(n *ticket.New) { n.Customer, n.Note = c.ID, "Hub suami "+number+", IN94000001 pada 29/11/2026" })
		turn := f.next(f.ani)
		f.read(f.ani, turn)
		f.dial(f.ani, turn)
		f.said(f.ani, turn, call.BadNumber)
		f.finish(f.ani, turn, map[string]string{"status": "not-valid", "reason_call": "tulalit", "remarks": "Tulalit, NIK 3573012345678901"})
		f.c.Advance(time.Minute)
		var made registration.Request
		f.do(func(tx *db.Tx) error {
			one, _, err := trouble.Open(tx, f.ani, trouble.New{ServiceNo: service, Service: "internet", CustomerName: "Sekar", Symptom: "tbc", Verdict: "SPEC", ContactName: "Sekar",
				ContactMobile: "089990001111", HardComplaint: "ramah", Urgency: "normal", FCR: "no", Description: "Internet mati lagi"})
			if err != nil {
				return err
			}
			if _, _, err := trouble.AddNote(tx, f.ani, one.ID, trouble.Note{Type: "AGENTNOTE", Detail: "CP lain " + number + " jastel " + service}); err != nil {
				return err
			}
			if err := registration.PutPackages(tx, who.House, []registration.Package{{Code: "inet-50", Name: "Internet 50 Mbps", Price: 290_000, Offered: true}}); err != nil {
				return err
			}
			if made, err = registration.Open(tx, f.ani, registration.New{Customer: c.ID, Name: "Sekar", Phone: "089990001111", Address: "Jalan Rekaan 1", Package: "inet-50", STO: "MLG", Note: "WA " + number}); err != nil {
				return err
			}
			_, err = registration.Apply(tx, f.tuti, made.No, registration.MoveCancel, "batal lewat "+number, 0)
			return err
		})
		for _, a := range []who.Actor{f.tuti, f.rina} {
			var seen []string
			asked := 0
			for after := ""; ; {
				var w desk.Whole
				f.do(func(tx *db.Tx) (err error) { w, err = f.seat.About(tx, a, c.ID, after, 2); return err })
				for _, h := range w.Timeline {
					seen = append(seen, h.Text, h.Remarks)
					if h.Kind == desk.Asked {
						if asked++; h.Ref != made.No || h.Labels[0] != "Internet 50 Mbps" {
							t.Errorf("%+v", h)
						}
					}
				}
				if after = w.Next; after == "" {
					break
				}
			}
			said := strings.Join(seen, "|")
			if strings.Contains(said, "4207") || strings.Contains(said, "3573") || strings.Contains(said, service) || asked != 2 {
				t.Errorf("%s reads %s, %d of the request", a.Login, said, asked)
			}
			for _, want := range []string{"Hub suami ••••-••••-••34, IN94000001 pada 29/11/2026", "NIK ••••••••••••••01", "CP lain", "WA ••••-••••-••34", "batal lewat ••••-••••-••34"} {
				if !strings.Contains(said, want) {
					t.Errorf("%s does not read %q: %s", a.Login, want, said)
				}
			}
		}
		f.do(func(tx *db.Tx) error {
			kept, err := ticket.Get(tx, turn.Ticket.ID)
			if err != nil {
				return err
			}
			asked, err := registration.ByNo(tx, made.No)
			if !strings.Contains(kept.Note, number) || asked.Note != "WA "+number {
				t.Errorf("stored: %q, %q", kept.Note, asked.Note)
			}
			return err
		})
	})
}

// SOP 2.c: a request is looked for by its number and the whole telephone; who reads no names and addresses reads dots.
func TestRegistrationsAreFoundMasked(t *testing.T) {
	each(t, func(f *floor) {
		var made registration.Request
		f.do(func(tx *db.Tx) (err error) {
			if err := registration.PutPackages(tx, who.House, []registration.Package{{Code: "inet-50", Name: "Internet 50 Mbps", Price: 290_000, Offered: true}}); err != nil {
				return err
			}
			made, err = registration.Open(tx, f.ani, registration.New{Name: "Prospek Rekaan", Phone: "089990003333", Address: "Jalan Rekaan 1", Package: "inet-50", STO: "MLG", Note: "WA 0812-4207-1134"})
			return err
		})
		for _, one := range []struct {
			a    who.Actor
			q    string
			want string
		}{
			{f.ani, made.No, "Prospek Rekaan|Jalan Rekaan 1|WA ••••-••••-••34"},
			{f.ani, "+62 899 9000 3333", "Prospek Rekaan|Jalan Rekaan 1|WA ••••-••••-••34"},
			{f.ani, "0899900033", ""},
			{f.person("mutu", who.Quality), made.No, "P••• R•••|J••• R••• 1•••|WA ••••-••••-••34"},
			{f.person("kendali", who.Controller), made.No, ""},
		} {
			var found []registration.Request
			f.do(func(tx *db.Tx) (err error) { found, err = f.seat.FindRegistrations(tx, one.a, one.q); return err })
			got := ""
			for _, r := range found {
				got += fmt.Sprint(r.Name, "|", r.Address, "|", r.Note)
			}
			if got != one.want {
				t.Errorf("%s looks for %s: %q, want %q", one.a.Login, one.q, got, one.want)
			}
		}
		c := f.customer("Sekar (data uji)", customer.Gold)
		f.do(func(tx *db.Tx) error {
			if err := customer.PutOrder(tx, customer.Order{No: "SC12345678", Customer: c.ID, Kind: customer.Install, State: "open", OrderedAt: tx.Now}); err != nil {
				return err
			}
			found, err := f.seat.FindCustomers(tx, f.tuti, "sc12345678")
			if len(found) != 1 || found[0].ID != c.ID {
				t.Errorf("by the order's number: %v", found)
			}
			return err
		})
	})
}
