package knowledge

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// Use is one article during one turn: shown to the agent, walked with the customer, ended or not (SOP 5.2.9).
type Use struct {
	ID        db.ID
	Turn      db.ID
	Ticket    db.ID
	Person    db.ID
	Code      string
	Revision  int // the one that was shown; a new one does not move the floor under a guide that is under way
	Symptom   string
	Verdict   string
	Path      []Done
	Ended     string // the end it came to; "": under way
	Worked    bool   // of one that ended
	Away      bool   // put away: no longer on the screen
	ShownAt   time.Time
	ChangedAt time.Time
}

// Guided is how guiding ended in the procedure's words; "" while it has not.
func (u Use) Guided() string {
	switch {
	case u.Ended == "":
		return ""
	case u.Worked:
		return Worked
	}
	return Failed
}

const useColumns = `id, turn, ticket, person, code, revision, symptom, verdict, path, ended, COALESCE(worked, 0), away, shown_at, changed_at`

func scanUse(s db.Scanner) (Use, error) {
	var u Use
	var path string
	var worked, away int
	var shown, changed int64
	err := s.Scan(&u.ID, &u.Turn, &u.Ticket, &u.Person, &u.Code, &u.Revision, &u.Symptom, &u.Verdict, &path, &u.Ended, &worked, &away, &shown, &changed)
	if err != nil {
		return u, err
	}
	u.Worked, u.Away, u.ShownAt, u.ChangedAt = worked == 1, away == 1, db.Time(shown), db.Time(changed)
	if err := json.Unmarshal([]byte(path), &u.Path); err != nil {
		return u, fmt.Errorf("steps of %s: %w", u.Code, err)
	}
	return u, nil
}

// OfTurn lists the articles of a turn, the one that was touched last first.
func OfTurn(tx *db.Tx, turn db.ID) ([]Use, error) {
	var all []Use
	err := tx.Each(`SELECT `+useColumns+` FROM knowledge_use WHERE turn = $1 ORDER BY changed_at DESC, id DESC`, []any{turn}, func(s db.Scanner) error {
		u, err := scanUse(s)
		all = append(all, u)
		return err
	})
	return all, err
}

// Show keeps that an article was shown during a turn. Shown again it is the same record, back on the screen; the others of
// the turn are put away, since one guide is walked at a time.
func Show(tx *db.Tx, by who.Actor, u Use) (Use, error) {
	was, err := useOf(tx, u.Turn, u.Code)
	switch {
	case fault.Is(err, fault.Missing):
		r, err := InForce(tx, u.Code)
		if err != nil {
			return u, err
		}
		u.ID, u.Person, u.Revision, u.ShownAt, u.ChangedAt = tx.NewID(), db.ID(by.ID), r.Revision, tx.Now, tx.Now
		_, err = tx.Exec(`
			INSERT INTO knowledge_use(id, turn, ticket, person, code, revision, symptom, verdict, path, shown_at, changed_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '[]', $9, $9)`,
			u.ID, u.Turn, u.Ticket, u.Person, u.Code, u.Revision, u.Symptom, u.Verdict, db.Millis(tx.Now))
		if err != nil {
			return u, err
		}
		if err := tally(tx, u, 1, 0, 0); err != nil {
			return u, err
		}
		if err := record(tx, by, "knowledge.shown", u, nil); err != nil {
			return u, err
		}
	case err != nil:
		return u, err
	default:
		u = was
		u.Away, u.ChangedAt = false, tx.Now
		if _, err := tx.Exec(`UPDATE knowledge_use SET away = 0, changed_at = $2 WHERE id = $1`, u.ID, db.Millis(tx.Now)); err != nil {
			return u, err
		}
	}
	_, err = tx.Exec(`UPDATE knowledge_use SET away = 1 WHERE turn = $1 AND id <> $2 AND away = 0`, u.Turn, u.ID)
	return u, err
}

// Walked keeps which steps were done, from the first; the whole way is given each time, so that the same one twice changes
// nothing. It must be a way of the revision that was shown.
func Walked(tx *db.Tx, by who.Actor, turn db.ID, code string, path []Done) (Use, Place, error) {
	u, err := useOf(tx, turn, code)
	if err != nil {
		return u, Place{}, none(err, code)
	}
	r, err := Kept(tx, code, u.Revision)
	if err != nil {
		return u, Place{}, err
	}
	a, err := r.Article()
	if err != nil {
		return u, Place{}, err
	}
	at, err := a.Walk(path)
	if err != nil {
		return u, at, err
	}
	was := u
	u.Path, u.Ended, u.Worked, u.ChangedAt = path, "", false, tx.Now
	if at.End != nil {
		u.Ended, u.Worked = at.End.ID, at.End.Guided == Worked
	}
	if path == nil {
		u.Path = []Done{}
	}
	text, err := json.Marshal(u.Path)
	if err != nil {
		return u, at, err
	}
	var worked any
	if u.Ended != "" {
		worked = one(u.Worked)
	}
	_, err = tx.Exec(`UPDATE knowledge_use SET path = $2, ended = $3, worked = $4, changed_at = $5 WHERE id = $1`,
		u.ID, string(text), u.Ended, worked, db.Millis(tx.Now))
	if err != nil {
		return u, at, err
	}
	if err := tally(tx, u, 0, one(u.Ended != "")-one(was.Ended != ""), one(u.Worked)-one(was.Worked)); err != nil {
		return u, at, err
	}
	if u.Ended == was.Ended { // the journal keeps how it ended, not each step: those are in the record
		return u, at, nil
	}
	return u, at, record(tx, by, "knowledge.guided", u, map[string]string{"end": u.Ended, "steps": strconv.Itoa(len(u.Path))})
}

// PutAway takes an article off the screen; what was done stays recorded.
func PutAway(tx *db.Tx, turn db.ID) error {
	_, err := tx.Exec(`UPDATE knowledge_use SET away = 1 WHERE turn = $1 AND away = 0`, turn)
	return err
}

func useOf(tx *db.Tx, turn db.ID, code string) (Use, error) {
	return scanUse(tx.Row(`SELECT `+useColumns+` FROM knowledge_use WHERE turn = $1 AND code = $2`, turn, code))
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func tally(tx *db.Tx, u Use, shown, ended, worked int) error {
	if shown == 0 && ended == 0 && worked == 0 {
		return nil
	}
	n, err := tx.Exec(`
		UPDATE knowledge_tally SET shown = shown + $3, ended = ended + $4, worked = worked + $5
		 WHERE code = $1 AND person = $2`, u.Code, u.Person, shown, ended, worked)
	if err != nil || n > 0 {
		return err
	}
	_, err = tx.Exec(`INSERT INTO knowledge_tally(code, person, shown, ended, worked) VALUES ($1, $2, $3, $4, $5)`, u.Code, u.Person, shown, ended, worked)
	return err
}

func record(tx *db.Tx, by who.Actor, act string, u Use, more map[string]string) error {
	data := map[string]string{"code": u.Code, "revision": strconv.Itoa(u.Revision)}
	for k, v := range more {
		data[k] = v
	}
	_, err := journal.Write(tx, journal.Entry{By: by, Act: act, Kind: "guide", Ref: u.ID, Ticket: u.Ticket, Data: data})
	return err
}
