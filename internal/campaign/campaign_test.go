package campaign_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/document"
	"sapa/internal/document/documenttest"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

const code = "IN.OCC.TELK.W-18"

func campaigns(t *testing.T, s *db.DB) *campaign.Campaigns {
	t.Helper()
	return campaign.New(documenttest.Library(t), code)
}

func write(t *testing.T, s *db.DB, act func(tx *db.Tx) error) {
	t.Helper()
	if err := s.Write(context.Background(), act); err != nil {
		t.Fatal(err)
	}
}

func refused(t *testing.T, err error, kind fault.Kind, key, field string) {
	t.Helper()
	if e := fault.Of(err); e == nil || e.Kind != kind || e.Key != key || e.Field != field {
		t.Errorf("%v, want %s %s at %q", err, kind, key, field)
	}
}

// SOP 5.2, 5.7, fn.5: the campaigns are the document's, in its order; two have a desk so far, the others wait.
func TestCampaignsAreTheDocuments(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		all := campaigns(t, s)
		if all.Document() != code {
			t.Errorf("document %s", all.Document())
		}
		write(t, s, func(tx *db.Tx) error {
			list, err := all.All(tx)
			var built []string
			for _, c := range list {
				if c.Built {
					built = append(built, c.Code)
				}
				if c.Hours.String() != "08:00-20:00" || c.Pause != time.Hour || c.PerDay != 3 || c.Days != 3 || c.Revision.Revision != 2 || c.Procedure.Code != c.Code || c.Title.In("id") == "" {
					t.Errorf("%s: %s %s %d %d revision %d %q", c.Code, c.Hours, c.Pause, c.PerDay, c.Days, c.Revision.Revision, c.Title.In("id"))
				}
			}
			if len(list) != 7 || !slices.Equal(built, []string{"callback", "nossa", "ivr-gamas", "c4-carring", "force-close", "fresh-lapul", "ideas"}) {
				t.Errorf("%d campaigns, built %v", len(list), built)
			}
			return err
		})
	})
}

func TestUnknownCampaignsAndRevisionsAreRefused(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		all := campaigns(t, s)
		none := campaign.New(&document.Library{}, "IN.OCC.TELK.P-01")
		write(t, s, func(tx *db.Tx) error {
			_, err := all.Get(tx, "callbak")
			refused(t, err, fault.Invalid, "campaign.unknown", "campaign")
			_, err = all.Pinned(tx, "callbak", 2)
			refused(t, err, fault.Invalid, "campaign.unknown", "campaign")
			_, err = all.Pinned(tx, "callback", 7)
			refused(t, err, fault.Missing, "document.no-revision", "")
			_, err = none.All(tx)
			refused(t, err, fault.Missing, "document.none-in-force", "")
			_, err = none.Get(tx, "callback")
			refused(t, err, fault.Missing, "document.none-in-force", "")
			refused(t, all.SetHours(tx, who.House, "callbak", "09:00-17:00"), fault.Invalid, "campaign.unknown", "campaign")
			refused(t, all.SetHours(tx, who.House, "callback", "9-17"), fault.Invalid, "campaign.hours", "hours")
			pinned, err := all.Pinned(tx, "callback", 2)
			if pinned.Procedure == nil {
				t.Error("a pinned campaign has no procedure")
			}
			return err
		})
	})
}

// calling hours are a setting of the site; the document's come back when it is taken away.
func TestHoursAreSetForTheSite(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		all := campaigns(t, s)
		by := who.Actor{ID: 77, Login: "adm", Role: who.Admin, Via: who.Page}
		now := func() (callback, lapul string) {
			write(t, s, func(tx *db.Tx) error {
				a, err := all.Get(tx, "callback")
				if err != nil {
					return err
				}
				b, err := all.Pinned(tx, "fresh-lapul", 2)
				callback, lapul = a.Hours.String(), b.Hours.String()
				return err
			})
			return callback, lapul
		}
		for _, set := range []struct{ hours, want string }{{"09:00-17:00", "09:00-17:00"}, {"10:00-18:00", "10:00-18:00"}, {"", "08:00-20:00"}} {
			write(t, s, func(tx *db.Tx) error { return all.SetHours(tx, by, "callback", set.hours) })
			if callback, lapul := now(); callback != set.want || lapul != "08:00-20:00" {
				t.Errorf("after %q: %s, fresh lapul %s", set.hours, callback, lapul)
			}
		}
		write(t, s, func(tx *db.Tx) error {
			done, err := journal.By(tx, 77, 10)
			if len(done) != 3 || done[0].Act != "campaign.hours" || done[2].Data["hours"] != "09:00-17:00" || strings.Contains(done[0].Act, by.Login) {
				t.Errorf("journal %+v", done)
			}
			return err
		})
	})
}
