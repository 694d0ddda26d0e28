package web_test

import (
	"context"
	"strings"
	"testing"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/document/documenttest"
	"sapa/internal/line"
	"sapa/internal/who"
)

// SOP 5.2.10.j: the last 90 days stand beside the form, drawn by the house, with the limits in force, and as a table for who
// does not see the picture. Folded away: the call comes first.
func TestTheLinesPastIsDrawn(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		h, path, _ := complaintSeat(t, s, c)
		page, _ := h.complaint(path)
		if !strings.Contains(page, `id="line-history"`) || strings.Contains(page, `<details id="line-history" class="history" data-fold open`) || strings.Contains(page, "linechart") {
			t.Fatal("a line never measured has a picture, or its past is unfolded")
		}
		put := func(r line.Reading, failure string) {
			err := s.Write(context.Background(), func(tx *db.Tx) error {
				_, err := line.Keep(tx, who.Actor{ID: 7, Role: who.Agent}, "122999000001", r, failure, "test")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		weak, good, lie := -27.3, -20.0, 900.0
		put(line.Reading{OnuRxPwr: &good}, "")
		put(line.Reading{OnuRxPwr: &weak}, "")
		put(line.Reading{OnuRxPwr: &lie}, "")
		put(line.Reading{}, "timeout")
		page, _ = h.complaint(path)
		for what, want := range map[string]string{"band": `class="band"`, "a dot": `<circle class="dot" cx="`, "a diamond": `<path class="diamond" d="M3`,
			"a cross": `<path class="cross" d="M3`, "the words": "4 pengukuran, 1 dalam spek, 2 di luar spek, 1 gagal. Daya Rx antara −27,3 dan −20,0 dBm.",
			"why it failed": "Ibooster tidak menjawab dalam waktunya.", "the doubt": "nilai mustahil tidak dipakai: onu_rx_pwr"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %s", what)
			}
		}
		if found := inline.FindString(page); found != "" {
			t.Errorf("inline %s", found)
		}
	})
}
