package trouble

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/who"
)

// stand is what a move changes beside the state; a turn's move keeps it, so that its undo can give it back.
type stand struct {
	Group          string    `json:"group"`
	Classification string    `json:"classification"`
	Owner          db.ID     `json:"owner"`
	ResolvedAt     time.Time `json:"resolved_at"`
	ResolvedBy     db.ID     `json:"resolved_by"`
	ClosedAt       time.Time `json:"closed_at"`
	ClosingReason  string    `json:"closing_reason"`
	Reopens        int       `json:"reopens"`
	TTRSeconds     int64     `json:"ttr_s"`
	TTRSince       time.Time `json:"ttr_since"`
	Beside         bool      `json:"beside"`
}

func (t Ticket) snapshot() (string, error) {
	b, err := json.Marshal(stand{t.Group, t.Classification, t.Owner, t.ResolvedAt, t.ResolvedBy, t.ClosedAt, t.ClosingReason, t.Reopens,
		t.TTRSeconds, t.TTRSince, t.Beside})
	return string(b), err
}

// restore is the snapshot's way back.
func (t *Ticket) restore(text string) error {
	var s stand
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return fmt.Errorf("trouble %s: undo: %w", t.No, err)
	}
	t.Group, t.Classification, t.Owner, t.ResolvedAt, t.ResolvedBy, t.ClosedAt = s.Group, s.Classification, s.Owner, s.ResolvedAt.UTC(), s.ResolvedBy, s.ClosedAt.UTC()
	t.ClosingReason, t.Reopens, t.TTRSeconds, t.TTRSince, t.Beside = s.ClosingReason, s.Reopens, s.TTRSeconds, s.TTRSince.UTC(), s.Beside
	return nil
}

// Withdraw takes back what a turn's finish did to tickets (decisions.md 6): its moves by one step back, its worklog entries
// struck, its marks gone. What the turn opened with Open stays. Conflict "trouble.moved-on" when somebody has moved one of them
// since; nothing is taken back then, because the act fails whole.
func Withdraw(tx *db.Tx, by who.Actor, turn db.ID) ([]Change, error) {
	if turn == 0 {
		return nil, nil
	}
	var ids []db.ID
	err := tx.Each(`
		SELECT trouble FROM trouble_move WHERE turn = $1
		UNION SELECT trouble FROM trouble_note WHERE turn = $1 AND struck_at = 0
		UNION SELECT trouble FROM trouble_mark WHERE turn = $1
		 ORDER BY 1`, []any{turn}, func(s db.Scanner) error {
		var id db.ID
		err := s.Scan(&id)
		ids = append(ids, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	var changes []Change
	for _, id := range ids {
		before, err := locked(tx, id)
		if err != nil {
			return nil, err
		}
		t := before
		if err := t.takeBack(tx, by, turn); err != nil {
			return nil, err
		}
		if err := save(tx, &t); err != nil {
			return nil, err
		}
		changes = append(changes, Change{Before: before, After: t, Move: "undo"})
	}
	return changes, nil
}

func (t *Ticket) takeBack(tx *db.Tx, by who.Actor, turn db.ID) error {
	if err := t.stepBack(tx, by, turn); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE trouble_note SET struck_at = $3 WHERE trouble = $1 AND turn = $2 AND struck_at = 0`, t.ID, turn, db.Millis(tx.Now)); err != nil {
		return err
	}
	if err := tx.Row(`SELECT count(*) FROM trouble_note WHERE trouble = $1 AND type = $2 AND struck_at = 0`, t.ID, ClientNote).Scan(&t.Lapul); err != nil {
		return err
	}
	var last int64
	if err := tx.Row(`SELECT coalesce(max(at), 0) FROM trouble_note WHERE trouble = $1 AND struck_at = 0`, t.ID).Scan(&last); err != nil {
		return err
	}
	t.NotedAt, t.Noted = db.Time(last), last > 0 && last >= db.Millis(t.StateAt)
	if _, err := tx.Exec(`DELETE FROM trouble_mark WHERE trouble = $1 AND turn = $2`, t.ID, turn); err != nil {
		return err
	}
	marks, err := MarksOf(tx, t.ID)
	t.Marks = nil
	for _, m := range marks {
		if !slices.Contains(t.Marks, m.Mark) {
			t.Marks = append(t.Marks, m.Mark)
		}
	}
	slices.Sort(t.Marks)
	return err
}

// stepBack undoes the turn's moves when they are the ticket's last ones.
func (t *Ticket) stepBack(tx *db.Tx, by who.Actor, turn db.ID) error {
	var all, undone []Moved
	all, err := History(tx, t.ID)
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.Turn == turn {
			undone = append(undone, m)
		}
	}
	if len(undone) > 0 && undone[len(undone)-1].Move == "undo" {
		return nil // taken back before
	}
	if len(undone) == 0 {
		return nil
	}
	from := undone[0]
	if all[len(all)-1].Turn != turn || from.Seq != len(all)-len(undone)+1 {
		return fault.New(fault.Conflict, "trouble.moved-on", "no", t.No)
	}
	r, known := theTable.find(t.State, "undo", from.Was)
	if !known {
		return fault.New(fault.Conflict, "trouble.moved-on", "no", t.No)
	}
	var text string
	if err := tx.Row(`SELECT before FROM trouble_move WHERE trouble = $1 AND seq = $2`, t.ID, from.Seq).Scan(&text); err != nil {
		return err
	}
	before := *t
	if err := advance(tx, by, t, r, Step{Turn: turn, Group: from.OldGroup}); err != nil {
		return err
	}
	if err := t.restore(text); err != nil {
		return err
	}
	if !before.Open() && t.Open() {
		return alone(tx, *t)
	}
	return nil
}
