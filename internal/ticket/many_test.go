package ticket_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/fault"
	"sapa/internal/phone"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// Many at once follow the rules of one: the same verdicts, the same rows, refused ones left out, in both databases.
func TestOpenManyIsOpenManyTimes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		all := make([]ticket.New, 130) // more than two statements' worth, and a rest
		for i := range all {
			all[i] = ticket.New{Campaign: "callback", Ref: fmt.Sprintf("R-%03d", i%125), Note: "Internet mati", Zone: []string{"Asia/Jakarta", "Asia/Makassar"}[i%2], Source: "import",
				Contacts: []ticket.Contact{{Phone: phone.Number(fmt.Sprintf("+62899900%04d", i))}}, Quiet: true}
		}
		all[3].Contacts = nil
		all[60].Zone = "Mars/Base"
		all[128].Note = strings.Repeat("x", 8001)
		write := func(act func(tx *db.Tx) error) {
			t.Helper()
			if err := s.Write(context.Background(), act); err != nil {
				t.Fatal(err)
			}
		}
		var first, second []ticket.Verdict
		write(func(tx *db.Tx) (err error) { first, err = ticket.OpenMany(tx, who.House, all); return err })
		write(func(tx *db.Tx) (err error) { second, err = ticket.OpenMany(tx, who.House, all); return err })
		for i, v := range first {
			refused := map[int]string{3: "ticket.contact", 60: "ticket.zone", 128: "ticket.note-long"}[i]
			if f := fault.Of(v.Err); refused != "" && (f == nil || f.Key != refused) || refused == "" && v.Err != nil {
				t.Errorf("row %d: %v, want %q", i, v.Err, refused)
			}
			if want := refused == "" && i < 125; v.Fresh != want {
				t.Errorf("row %d: fresh %v, want %v", i, v.Fresh, want)
			}
			if second[i].Fresh {
				t.Errorf("row %d was opened twice", i)
			}
		}
		write(func(tx *db.Tx) error {
			for i, v := range first[:125] {
				got, err := ticket.ByRef(tx, "callback", all[i].Ref)
				if (err == nil) != v.Fresh || v.Fresh && (got.Contact != all[i].Contacts[0].Phone || got.Zone != all[i].Zone || !got.Awake) {
					t.Errorf("row %d: %+v, %v", i, got, err)
				}
			}
			zones, err := ticket.Zones(tx, "callback")
			if len(zones) != 2 {
				t.Errorf("zones %v: a claim would not find these tickets", zones)
			}
			return err
		})
	})
}
