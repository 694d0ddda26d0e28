package trace

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/procedure"
	"sapa/internal/trouble"
)

// Revisions says under which revision turns ran; what no turn did (0) is not in it.
func Revisions(tx *db.Tx, turns []db.ID) (map[db.ID]int, error) {
	ran, err := ranUnder(tx, turns)
	if err != nil {
		return nil, err
	}
	all := make(map[db.ID]int, len(ran))
	for id, t := range ran {
		all[id] = t.revision
	}
	return all, nil
}

type ran struct {
	code, outcome string
	revision      int
}

// ranUnder reads campaign, revision and last result of turns.
func ranUnder(tx *db.Tx, turns []db.ID) (map[db.ID]ran, error) {
	all := map[db.ID]ran{}
	turns = slices.DeleteFunc(slices.Clone(turns), func(id db.ID) bool { return id == 0 })
	if len(turns) == 0 {
		return all, nil
	}
	ids := make([]int64, len(turns))
	for i, id := range turns {
		ids[i] = int64(id)
	}
	text, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	err = tx.Each(`
		SELECT t.id, t.code, t.revision, COALESCE((SELECT o.code FROM outcome o WHERE o.turn = t.id ORDER BY o.id DESC LIMIT 1), '')
		  FROM turn t
		 WHERE t.id IN (SELECT /*lite: value FROM json_each($1)*/ /*pg: CAST(jsonb_array_elements_text(CAST($1 AS jsonb)) AS BIGINT)*/)`,
		[]any{string(text)}, func(s db.Scanner) error {
			var id db.ID
			var one ran
			err := s.Scan(&id, &one.code, &one.revision, &one.outcome)
			all[id] = one
			return err
		})
	return all, err
}

// Lines leads lines of worklogs, and moves, back to the clause that each rests on (SOP 5.5.9, 5.7.9), in the order they are given; all are
// the document's revisions. A clause is read in the line's own revision, a turn's in the turn's, another's in the one that was in force
// at its moment; where that one does not have it, in the newest older one that has. A line that a result wrote before lines kept their
// clause rests on that of the first effect of its type. No Ref: nothing of it is known.
func Lines(tx *db.Tx, all []document.Revision, lines []trouble.Line) ([]Ref, error) {
	refs := make([]Ref, len(lines))
	if len(all) == 0 {
		return refs, nil
	}
	states, err := document.States(tx, all[0].Document)
	if err != nil {
		return nil, err
	}
	var turns []db.ID
	for _, l := range lines {
		turns = append(turns, l.Turn)
	}
	wrote, err := ranUnder(tx, turns)
	if err != nil {
		return nil, err
	}
	newest := slices.SortedFunc(slices.Values(all), func(a, b document.Revision) int { return b.Revision - a.Revision })
	for i, l := range lines {
		t := wrote[l.Turn]
		if l.Clause == "" {
			l.Clause = noteClause(bookOf(all, t.revision).Procedure(t.code), t.outcome, l.Type)
		}
		if l.Revision = cmp.Or(l.Revision, t.revision); l.Revision == 0 {
			l.Revision = inForce(states, l.At)
		}
		for _, r := range newest {
			if _, there := r.Book.Clause(l.Clause); there {
				if refs[i] = (Ref{l.Clause, r.Revision}); r.Revision <= l.Revision {
					break
				}
			}
		}
	}
	return refs, nil
}

// noteClause is the clause of the first line of a type that an outcome writes.
func noteClause(p *procedure.Procedure, outcome, kind string) string {
	if p != nil {
		for _, e := range outcomeOf(p, outcome).Effects {
			if e.Do == "note" && e.Type == kind {
				return e.Clause
			}
		}
	}
	return ""
}

// inForce is the revision that was in force at a moment; 0: none was yet. One that was recalled later was in force until then.
func inForce(states []document.State, at time.Time) int {
	then := slices.Clone(states)
	for i, s := range then {
		if s.RecalledAt.After(at) {
			then[i].RecalledAt = time.Time{}
		}
	}
	best, _ := document.Pick(then, at)
	return best.Revision
}
