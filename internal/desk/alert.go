package desk

import (
	"time"

	"sapa/internal/db"
	"sapa/internal/live"
)

// tellAlerts says to the leaders' open screens that something for them can be seen now: a hard complaint (SOP
// 5.7.8.c.menolak.hc-buzzer) or a number that is needed, once the 8 s in which it can be taken back are over. Nothing
// happens in the store at that moment, so the house's sweep looks for it.
func (s *Seat) tellAlerts(tx *db.Tx) error {
	if s.Hub == nil {
		return nil
	}
	now, since := db.Millis(tx.Now), s.alerted.Load()
	if since == 0 { // just started: whatever came while it was away
		since = now - time.Minute.Milliseconds()
	}
	var n int
	err := tx.Row(`
		SELECT count(*) FROM promise WHERE app = 'leader' AND state = 'open' AND not_before > $1 AND not_before <= $2`, since, now).Scan(&n)
	if err != nil {
		return err
	}
	tx.After(func() {
		s.alerted.Store(now)
		if n > 0 {
			s.Hub.Publish("board", live.Event{Name: "alert"})
		}
	})
	return nil
}
