package trace

import (
	"encoding/json"
	"slices"

	"sapa/internal/db"
	"sapa/internal/document"
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

// Notes leads worklog lines that results wrote back to the clause of the effect that wrote each, in the revision of its turn
// (SOP 5.5.9, 5.7.9). The line keeps its turn, and a revision never changes: nothing more has to be kept. Lines that people or
// the other side wrote beside a turn rest on no clause and are not in it.
func Notes(tx *db.Tx, all []document.Revision, notes []trouble.Note) (map[db.ID]Ref, error) {
	byID := slices.SortedFunc(slices.Values(notes), func(a, b trouble.Note) int { return int(min(max(a.ID-b.ID, -1), 1)) })
	var turns []db.ID
	for _, n := range byID {
		turns = append(turns, n.Turn)
	}
	wrote, err := ranUnder(tx, turns)
	if err != nil {
		return nil, err
	}
	type kind struct {
		turn db.ID
		of   string
	}
	seen, refs := map[kind]int{}, map[db.ID]Ref{}
	for _, n := range byID {
		t, ok := wrote[n.Turn]
		p := bookOf(all, t.revision).Procedure(t.code)
		if !ok || p == nil {
			continue
		}
		nth := seen[kind{n.Turn, n.Type}]
		seen[kind{n.Turn, n.Type}]++
		for _, e := range outcomeOf(p, t.outcome).Effects {
			if e.Do != "note" || e.Type != n.Type {
				continue
			}
			refs[n.ID] = Ref{e.Clause, t.revision}
			if nth--; nth < 0 {
				break
			}
		}
	}
	return refs, nil
}
