package document

import (
	"encoding/json"
	"maps"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/who"
)

// pastMax is how many changes of a draft can be taken back.
const pastMax = 100

// Change saves the draft with other files and keeps what they were, so that Undo can take it back. Its errors are Save's; files that
// are the same already change nothing and make no version.
func Change(tx *db.Tx, by who.Actor, d Draft, files map[string]string) (Draft, error) {
	before := map[string]*string{} // what the change touches, as it was; nil: not there
	for name, text := range d.Files {
		if is, there := files[name]; !there || is != text {
			before[name] = &text
		}
	}
	for name := range files {
		if _, was := d.Files[name]; !was {
			before[name] = nil
		}
	}
	if len(before) == 0 {
		return d, nil
	}
	d.Files = maps.Clone(files)
	d, err := Save(tx, by, d)
	if err != nil {
		return d, err
	}
	text, err := json.Marshal(before)
	if err != nil {
		return d, err
	}
	var last int64
	if err := tx.Row(`SELECT COALESCE(max(n), 0) FROM draft_past WHERE document = $1 AND draft_at = $2`, d.Document, db.Millis(d.BegunAt)).Scan(&last); err != nil {
		return d, err
	}
	if _, err := tx.Exec(`DELETE FROM draft_past WHERE document = $1 AND (draft_at <> $2 OR n <= $3)`, d.Document, db.Millis(d.BegunAt), last+1-pastMax); err != nil {
		return d, err
	}
	_, err = tx.Exec(`INSERT INTO draft_past(document, draft_at, n, version, files) VALUES ($1, $2, $3, $4, $5)`,
		d.Document, db.Millis(d.BegunAt), last+1, d.Version, string(text))
	return d, err
}

// CanUndo tells whether the draft's last save was a Change that Undo would take back.
func CanUndo(tx *db.Tx, d Draft) (bool, error) {
	_, _, err := lastChange(tx, d)
	if fault.Is(err, fault.Missing) {
		return false, nil
	}
	return err == nil, err
}

// Undo takes the last change back as a save of its own; Missing "document.no-past" when there is none, or when something else
// has saved since; Conflict when d is stale. What it took back can be taken back no more, the change before it can.
func Undo(tx *db.Tx, by who.Actor, d Draft) (Draft, error) {
	n, before, err := lastChange(tx, d)
	if err != nil {
		return d, err
	}
	d.Files = maps.Clone(d.Files)
	for name, text := range before {
		if text == nil {
			delete(d.Files, name)
			continue
		}
		d.Files[name] = *text
	}
	if d, err = Save(tx, by, d); err != nil {
		return d, err
	}
	if _, err := tx.Exec(`DELETE FROM draft_past WHERE document = $1 AND draft_at = $2 AND n >= $3`, d.Document, db.Millis(d.BegunAt), n); err != nil {
		return d, err
	}
	_, err = tx.Exec(`UPDATE draft_past SET version = $4 WHERE document = $1 AND draft_at = $2 AND n = $3 AND version = $5`,
		d.Document, db.Millis(d.BegunAt), n-1, d.Version, d.Version-2)
	return d, err
}

// lastChange gives the change that the draft's version came of.
func lastChange(tx *db.Tx, d Draft) (n int64, before map[string]*string, err error) {
	var text string
	err = tx.Row(`
		SELECT n, files FROM draft_past
		 WHERE document = $1 AND draft_at = $2 AND version = $3
		 ORDER BY n DESC LIMIT 1`, d.Document, db.Millis(d.BegunAt), d.Version).Scan(&n, &text)
	if fault.Is(err, fault.Missing) {
		err = fault.New(fault.Missing, "document.no-past", "document", d.Document)
	}
	if err != nil {
		return 0, nil, err
	}
	return n, before, json.Unmarshal([]byte(text), &before)
}
