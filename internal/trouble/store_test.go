package trouble

import (
	"context"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/fault"
	"sapa/internal/who"
)

// The store's table of steps is the file's: neither can change without the other.
func TestTheStoreKnowsTheSameSteps(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		var kept, said []string
		err := s.Read(context.Background(), func(tx *db.Tx) error {
			return tx.Each(`SELECT was, move, became FROM trouble_step`, nil, func(r db.Scanner) error {
				var was, move, became string
				err := r.Scan(&was, &move, &became)
				kept = append(kept, was+" "+move+" "+became)
				return err
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range theTable.rows {
			said = append(said, string(r.was)+" "+r.move+" "+string(r.became))
		}
		slices.Sort(kept)
		slices.Sort(said)
		if !slices.Equal(kept, said) {
			t.Fatalf("moves.yaml and trouble_step differ: write a migration that brings the store to the file.\nstore: %v\nfile:  %v", kept, said)
		}
	})
}

// SOP 5.3.7.a.route: an illegal move is impossible in the store, not only on the page: whatever writes to it by hand is refused.
func TestTheStoreRefusesIllegalMoves(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		write := func(act func(tx *db.Tx) error) error { return s.Write(context.Background(), act) }
		var got Ticket
		ani := who.Actor{ID: 1, Login: "42147", Role: who.Agent, Skill: "T2O", Via: who.Page}
		err := write(func(tx *db.Tx) (err error) {
			got, _, err = Open(tx, ani, New{ServiceNo: "152999000101", Service: "internet", Symptom: "tbc", ContactName: "Suwarni", ContactMobile: "089990001234",
				HardComplaint: "ramah", Urgency: "normal", FCR: "no", Description: "Tidak bisa connect."})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		const history = `INSERT INTO trouble_move(trouble, seq, prev, was, move, became, old_group, new_group, classification, reason, by_id, turn, at, before)
			VALUES ($1, $2, $3, $4, $5, $6, '', '', '', '', 1, 0, 0, '')`
		for name, act := range map[string]func(tx *db.Tx) error{
			"a state no history leads to": func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE trouble SET state = 'BACKEND' WHERE id = $1`, got.ID)
				return err
			},
			"a step the history does not have": func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE trouble SET steps = 3 WHERE id = $1`, got.ID)
				return err
			},
			"a step the table does not have": func(tx *db.Tx) error {
				_, err := tx.Exec(history, got.ID, 3, 2, "ANALYSIS", "close", "CLOSED")
				return err
			},
			"a move that becomes something else": func(tx *db.Tx) error {
				_, err := tx.Exec(history, got.ID, 3, 2, "ANALYSIS", "resolve", "CLOSED")
				return err
			},
			"a step from where the ticket is not": func(tx *db.Tx) error {
				_, err := tx.Exec(history, got.ID, 3, 2, "RESOLVED", "close", "CLOSED")
				return err
			},
			"a chain with a gap": func(tx *db.Tx) error {
				_, err := tx.Exec(history, got.ID, 4, 2, "ANALYSIS", "resolve", "RESOLVED")
				return err
			},
			"a second beginning": func(tx *db.Tx) error {
				_, err := tx.Exec(history, got.ID, 3, nil, "", "arrive", "CLOSED")
				return err
			},
			"a history that is rewritten": func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE trouble_move SET became = 'CLOSED', move = 'arrive', was = '' WHERE trouble = $1 AND seq = 1`, got.ID)
				return err
			},
			"a ticket without a history": func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE trouble SET id = 4711 WHERE id = $1`, got.ID)
				return err
			},
			"open and done at once": func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE trouble SET open = 0, ttr_since = 0, resolved_at = 1 WHERE id = $1`, got.ID)
				return err
			},
			"BOK without a booking": func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE trouble SET booking_status = 'BOK' WHERE id = $1`, got.ID)
				return err
			},
		} {
			if err := write(act); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		// two acts that both make the third step: the second one finds it taken
		if err := write(func(tx *db.Tx) error {
			_, err := tx.Exec(history, got.ID, 3, 2, "ANALYSIS", "resolve", "RESOLVED")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := write(func(tx *db.Tx) error {
			_, err := tx.Exec(history, got.ID, 3, 2, "ANALYSIS", "hold", "PENDING")
			return err
		}); !fault.Is(err, fault.Conflict) {
			t.Errorf("two third steps: %v", err)
		}
	})
}

// docs/decisions/0008: a row that raw SQL sets back to an earlier step of its own history is the one lie that the store takes.
// It does no harm that stays unseen: the next step finds its place taken, and the history says where the ticket really is.
func TestARowSetBackIsFoundAtItsNextStep(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		write := func(act func(tx *db.Tx) error) error { return s.Write(context.Background(), act) }
		var got Ticket
		err := write(func(tx *db.Tx) (err error) {
			if got, _, _, err = Take(tx, who.House, Incoming{No: "IN48120001", ServiceNo: "152999000101", Service: "internet", State: Backend}); err != nil {
				return err
			}
			got, _, err = Apply(tx, who.House, got.ID, Step{Move: "resolve", Note: "Normal"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		set := func(state string, steps int) error {
			return write(func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE trouble SET state = $2, steps = $3, open = 1, resolved_at = 0, ttr_since = 1 WHERE id = $1`, got.ID, state, steps)
				return err
			})
		}
		if err := set("ANALYSIS", 1); !fault.Is(err, fault.Invalid) {
			t.Errorf("a state its history never had: %v", err)
		}
		if err := set("BACKEND", 1); err != nil {
			t.Fatalf("the store takes no row set back any more (%v): then docs/decisions/0008 is out of date", err)
		}
		if err := write(func(tx *db.Tx) error {
			_, _, err := Apply(tx, who.House, got.ID, Step{Move: "resolve", Note: "Normal"})
			return err
		}); !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Busy) {
			t.Errorf("the next step: %v", err)
		}
	})
}

// clauses gives the clause of every line of every worklog.
func clauses(tx *db.Tx) (map[db.ID]string, error) {
	all := map[db.ID]string{}
	err := tx.Each(`SELECT id, type, summary, clause FROM trouble_note`, nil, func(s db.Scanner) error {
		var id db.ID
		var kind, summary, clause string
		err := s.Scan(&id, &kind, &summary, &clause)
		all[id] = kind + " " + summary + ": " + clause
		return err
	})
	return all, err
}

// SOP 5.3.7.a.note, 5.3.7.b.note: migration 0041 gives the lines that were there the clause that the same act writes now: the note of every
// move, lists' lines of every type, the house's own of an outage, a new row by hand. A result's line keeps none: its turn leads on.
func TestLinesThatWereThereGetTheirClause(t *testing.T) {
	text, err := os.ReadFile("../db/migrations/0041_trouble.sql")
	if err != nil {
		t.Fatal(err)
	}
	backfill := regexp.MustCompile(`(?s)UPDATE trouble_note SET clause.*?;`).FindString(string(text))
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		write := func(act func(tx *db.Tx) error) {
			t.Helper()
			if err := s.Write(context.Background(), act); err != nil {
				t.Fatal(err)
			}
		}
		lina := who.Actor{ID: 13, Login: "42001", Role: who.Leader, Via: who.Page}
		budi := who.Actor{ID: 12, Login: "42148", Role: who.Agent, Via: who.Page}
		moved := map[string]bool{}
		for i, r := range theTable.rows {
			if r.hidden || !r.may(string(who.Leader)) {
				continue
			}
			moved[r.move] = true
			write(func(tx *db.Tx) error {
				got, _, _, err := Take(tx, lina, Incoming{No: fmt.Sprintf("IN4813%04d", i), ServiceNo: fmt.Sprintf("15299913%04d", i), Service: "internet", State: r.was})
				if err == nil && slices.Contains(r.needs(), "booking") {
					got, _, err = Book(tx, lina, got.ID, 77)
				}
				if err == nil {
					_, _, err = Apply(tx, lina, got.ID, Step{Move: r.move, Note: r.move, Reason: "Alasan rekaan", Classification: "internet-los", Group: "teknisi"})
				}
				if err == nil { // at the same moment, by somebody else
					_, _, err = AddNote(tx, budi, got.ID, Note{Type: AgentNote, Detail: "Di saat yang sama"})
				}
				return err
			})
			c.Advance(time.Millisecond)
		}
		write(func(tx *db.Tx) error {
			parent, err := OpenGamas(tx, lina, "Kabel putus (rekaan)", "MLG")
			if err != nil {
				return err
			}
			child, _, _, err := Take(tx, lina, Incoming{No: "IN48140001", ServiceNo: "152999140001", Service: "internet", State: Backend, Parent: parent.No, Lapul: 3, Notes: []Note{
				{Type: ClientNote, Ref: "w1", Detail: "Mati"}, {Type: AgentNote, Ref: "w2", Detail: "Dicek"}, {Type: UpdateInfo, Ref: "w3", Detail: "Berangkat"}}})
			if err != nil {
				return err
			}
			for _, n := range []Note{{Type: ClientNote, Detail: "Masih mati"}, {Type: AgentNote, Detail: "Pelanggan menunggu"}, {Type: UpdateInfo, Detail: ByGamas},
				{Type: AgentNote, Detail: "Hasil", Turn: 31, Clause: "5.7.9", Revision: 2}} {
				if _, _, err := AddNote(tx, lina, child.ID, n); err != nil {
					return err
				}
			}
			return nil
		})
		c.Advance(time.Millisecond)
		write(func(tx *db.Tx) error {
			child, err := ByNo(tx, "IN48140001")
			if err != nil {
				return err
			}
			if _, err := EndGamas(tx, lina, child.Parent, ByGamas); err != nil {
				return err
			}
			_, err = CompleteChildren(tx, lina, child.Parent)
			return err
		})
		if len(moved) != 12 {
			t.Errorf("%d moves: %v", len(moved), moved)
		}
		write(func(tx *db.Tx) error {
			wrote, err := clauses(tx)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(`UPDATE trouble_note SET clause = '', revision = 0`); err != nil {
				return err
			}
			if _, err := tx.Exec(backfill); err != nil {
				return err
			}
			filled, err := clauses(tx)
			for id, now := range wrote {
				want := now
				if now == "AGENTNOTE Hasil: 5.7.9" {
					want = "AGENTNOTE Hasil: "
				}
				if filled[id] != want {
					t.Errorf("%q, want %q", filled[id], want)
				}
			}
			if kinds := slices.Sorted(maps.Values(wrote)); len(slices.Compact(kinds)) < 20 || len(filled) != len(wrote) {
				t.Errorf("%d kinds of lines: %v", len(kinds), kinds)
			}
			return err
		})
	})
}

// SOP 5.5.9: a line that rests on nothing is not kept, whoever forgets to say on what.
func TestALineWithoutItsClauseIsNotKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		err := s.Write(context.Background(), func(tx *db.Tx) error {
			got, _, _, err := Take(tx, who.House, Incoming{No: "IN48150001", State: Backend})
			if err != nil {
				return err
			}
			if _, _, err := write(tx, who.House, &got, Note{Type: AgentNote, Detail: "Tanpa dasar"}); err == nil {
				t.Error("it is kept")
			}
			_, fresh, err := write(tx, who.House, &got, Note{Type: AgentNote, Detail: "Dengan dasar", Clause: "5.5.9"})
			if log, err := Worklog(tx, got.ID); err != nil || !fresh || len(log) != 1 || log[0].Clause != "5.5.9" {
				t.Errorf("%+v, %v", log, err)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
