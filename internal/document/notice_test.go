package document_test

import (
	"strings"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

var controller = who.Actor{ID: 11, Login: "dc", Role: who.Controller, Via: who.Page}

func write(t *testing.T, s *db.DB, act func(tx *db.Tx) error) {
	t.Helper()
	if err := s.Write(ctx, act); err != nil {
		t.Fatal(err)
	}
}

func refused(t *testing.T, err error, kind fault.Kind, key, field string) {
	t.Helper()
	if e := fault.Of(err); e == nil || e.Kind != kind || e.Key != key || e.Field != field {
		t.Errorf("%v, want %s %s at %q", err, kind, key, field)
	}
}

func TestANoticeIsReadOnceAndGoesAway(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		var first, second document.Notice
		until := c.Now().Add(24 * time.Hour)
		write(t, s, func(tx *db.Tx) (err error) {
			if first, err = document.Post(tx, controller, document.Notice{Title: "Salam", Body: "Pakai jam pelanggan", Clause: "5.2.5.greeting", Until: until}); err != nil {
				return err
			}
			second, err = document.Post(tx, controller, document.Notice{Title: "Waktu", Until: until.Add(time.Hour)})
			return err
		})
		ani := who.Actor{ID: 21, Role: who.Agent, Via: who.Page}
		read := func() { write(t, s, func(tx *db.Tx) error { return document.MarkRead(tx, ani, first.ID) }) }
		read()
		at := c.Now()
		c.Advance(time.Hour)
		read() // the first time counts
		list := func(person db.ID) (all []document.Notice) {
			write(t, s, func(tx *db.Tx) (err error) {
				all, err = document.Notices(tx, person)
				return err
			})
			return all
		}
		mine := list(21)
		if len(mine) != 2 || mine[0].ID != second.ID || !mine[0].ReadAt.IsZero() || mine[1].Body != "Pakai jam pelanggan" || mine[1].Clause != "5.2.5.greeting" ||
			mine[1].PostedBy != 11 || !mine[1].ReadAt.Equal(at) {
			t.Errorf("of Ani: %+v", mine)
		}
		if others := list(22); len(others) != 2 || !others[1].ReadAt.IsZero() {
			t.Errorf("of somebody else: %+v", others)
		}
		write(t, s, func(tx *db.Tx) error {
			read, err := document.Receipts(tx, first.ID)
			if len(read) != 1 || read[0].Person != 21 || !read[0].ReadAt.Equal(at) {
				t.Errorf("who has read it: %+v", read)
			}
			_, missing := document.Receipts(tx, 12345)
			refused(t, missing, fault.Missing, "document.no-notice", "")
			return err
		})
		c.Set(until)
		if left := list(21); len(left) != 1 || left[0].ID != second.ID {
			t.Errorf("after its time: %+v", left)
		}
		write(t, s, func(tx *db.Tx) error {
			refused(t, document.MarkRead(tx, ani, 12345), fault.Missing, "document.no-notice", "")
			refused(t, document.Withdraw(tx, controller, first.ID), fault.Missing, "document.no-notice", "") // its time is over
			if err := document.Withdraw(tx, controller, second.ID); err != nil {
				t.Error(err)
			}
			if left, err := document.Notices(tx, 21); err != nil || len(left) != 0 {
				t.Errorf("after it was withdrawn: %v, %v", left, err)
			}
			all, err := journal.Tail(tx, 0, 100)
			acts := ""
			for _, e := range all {
				acts += e.Act + " "
				for _, v := range e.Data {
					t.Errorf("the journal holds %q of a notice", v)
				}
			}
			if acts != "notice.posted notice.posted notice.read notice.withdrawn " {
				t.Errorf("journal: %s", acts)
			}
			return err
		})
	})
}

func TestANoticeThatSaysNothingOrTooMuchIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		until := c.Now().Add(time.Hour)
		for _, bad := range []struct {
			n          document.Notice
			key, field string
		}{
			{document.Notice{Until: until}, "document.notice-title", "title"},
			{document.Notice{Title: " \n", Until: until}, "document.notice-title", "title"},
			{document.Notice{Title: strings.Repeat("a", 201), Until: until}, "document.notice-title", "title"},
			{document.Notice{Title: "a", Body: strings.Repeat("é", 4001), Until: until}, "document.notice-body", "body"},
			{document.Notice{Title: "a"}, "document.notice-until", "until"},
			{document.Notice{Title: "a", Until: c.Now()}, "document.notice-until", "until"},
		} {
			write(t, s, func(tx *db.Tx) error {
				_, err := document.Post(tx, controller, bad.n)
				refused(t, err, fault.Invalid, bad.key, bad.field)
				return nil
			})
		}
		write(t, s, func(tx *db.Tx) error { // the bound is in characters, as its sentence says
			_, err := document.Post(tx, controller, document.Notice{Title: strings.Repeat("é", 200), Body: strings.Repeat("“", 4000), Until: until})
			return err
		})
	})
}
