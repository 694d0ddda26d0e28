package line_test

import (
	"context"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/line"
)

// SOP 5.2.10.j: every measurement is kept, and the last 90 days of them are one look: oldest first, each with the rule it was
// judged by, failed ones among them, the newest MostPoints when there are more.
func TestTheLastNinetyDaysAreOneLook(t *testing.T) {
	each(t, func(f field) {
		says := func(r line.Reading, failure string) {
			f.do(func(tx *db.Tx) error { _, err := line.Keep(tx, ani, house.ServiceNo, r, failure, "test"); return err })
		}
		past := func() (h line.History) {
			f.do(func(tx *db.Tx) (err error) { h, err = line.Past(tx, house.ServiceNo); return err })
			return h
		}
		if h := past(); len(h.Points) != 0 || h.Low != nil || h.Rule != line.DefaultRule || h.Until.Sub(h.Since) < 89*24*time.Hour {
			t.Errorf("nothing yet: %+v", h)
		}
		says(line.Reading{OnuRxPwr: dbm(-14)}, "") // falls out of the 90 days below
		f.c.Advance(30 * 24 * time.Hour)
		says(line.Reading{OnuRxPwr: dbm(-20)}, "")
		f.do(func(tx *db.Tx) error {
			_, err := line.PutRule(tx, tuti, line.Rule{RxMin: -27, RxMax: -10}, 0)
			return err
		})
		f.c.Advance(60 * 24 * time.Hour)
		says(line.Reading{}, "timeout")
		f.c.Advance(time.Hour)
		says(line.Reading{OnuRxPwr: dbm(900)}, "")
		says(line.Reading{OnuRxPwr: dbm(-28.5)}, "")
		h := past()
		if len(h.Points) != 4 || h.Spec != 1 || h.Unspec != 2 || h.Failed != 1 || *h.Low != -28.5 || *h.High != -20 || h.More || h.Rule.RxMin != -27 {
			t.Fatalf("%+v", h)
		}
		if p := h.Points; p[0].Rule != line.DefaultRule || p[1].Failure != "timeout" || p[1].OnuRxPwr != nil || p[2].Doubt != "onu_rx_pwr" || p[3].Rule.RxMin != -27 {
			t.Errorf("%+v", p)
		}
		if last, ok := h.Last(); !ok || *last.OnuRxPwr != -28.5 {
			t.Errorf("%+v", last)
		}
		f.do(func(tx *db.Tx) error {
			for range line.MostPoints {
				if _, err := line.Keep(tx, ani, house.ServiceNo, line.Reading{OnuRxPwr: dbm(-18)}, "", "test"); err != nil {
					return err
				}
			}
			return nil
		})
		if h := past(); len(h.Points) != line.MostPoints || !h.More || h.Spec != line.MostPoints {
			t.Errorf("%d points, more %v", len(h.Points), h.More)
		}
		seen, after := 0, db.ID(0)
		for {
			var page []line.Measurement
			err := f.s.Read(context.Background(), func(tx *db.Tx) (err error) {
				page, after, err = line.Page(tx, house.ServiceNo, after, 90)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if seen += len(page); after == 0 {
				break
			}
		}
		if want := line.MostPoints + 5; seen != want {
			t.Errorf("%d measurements over the pages, want %d", seen, want)
		}
	})
}
