package control_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"sapa/internal/control"
	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/document/documenttest"
	"sapa/internal/fault"
	"sapa/internal/journal"
)

var zone = documenttest.Site

// listed reads the whole dry list, as the page does.
func (f *archive) listed(p document.Purge) map[string][]int64 {
	f.Helper()
	all := map[string][]int64{}
	for _, s := range p.Steps {
		after, more := db.ID(0), true
		for more {
			var items []control.Item
			f.do(func(tx *db.Tx) (err error) {
				items, after, more, err = control.DryList(tx, p.ID, s.Kind, after)
				return err
			})
			for _, i := range items {
				if i.Why == "" {
					all[s.Kind] = append(all[s.Kind], int64(i.ID))
				}
			}
		}
	}
	return all
}

// SOP 6: whatever its age, state, hold and what leans on it: exactly what is due goes, and nothing else; afterwards nothing is left to go.
func TestExactlyWhatIsDueGoes(t *testing.T) {
	for seed := range uint64(6) {
		everyArchive(t, func(f *archive) {
			w := f.make(seed, 150)
			w.byEnd = seed%2 == 1
			f.register(w.byEnd)
			for range seed {
				w.hold()
			}
			want := w.goes()
			before := f.counts()
			p := f.list()
			if got := f.listed(p); !reflect.DeepEqual(got, want) {
				for kind := range months {
					if !reflect.DeepEqual(got[kind], want[kind]) {
						f.Errorf("seed %d: %s listed %v, due are %v", seed, kind, got[kind], want[kind])
					}
				}
				return
			}
			if len(want) < 4 {
				f.Errorf("seed %d: only %d kinds are due, the test says little", seed, len(want))
			}
			if got := f.counts(); !reflect.DeepEqual(got, before) {
				f.Errorf("a dry list changed %v into %v", before, got)
			}
			f.approve(p)
			f.turns()
			p = f.purge(p.ID)
			for _, s := range p.Steps {
				if s.Removed != s.Due || s.GoneDigest != s.DueDigest {
					f.Errorf("seed %d: %s: %d on the list, %d went", seed, s.Kind, s.Due, s.Removed)
				}
			}
			if p.State != document.PurgeDone {
				f.Errorf("the purge is %s", p.State)
			}
			after := f.counts()
			for table, kind := range map[string]string{"ticket": document.KindTickets, "promise": document.KindLetters, "form": document.KindForms, "trouble": document.KindTroubles} {
				if gone := before[table] - after[table]; gone != len(want[kind]) {
					f.Errorf("seed %d: %d rows of %s went, want %d", seed, gone, table, len(want[kind]))
				}
			}
			for _, table := range []string{"customer", "service", "registration", "revision", "legal_hold", "record_rule"} {
				if before[table] != after[table] {
					f.Errorf("seed %d: %s had %d rows and has %d", seed, table, before[table], after[table])
				}
			}
			f.orphans()
			w.readable()
			f.c.Advance(time.Second)
			again := f.list()
			for _, s := range again.Steps {
				if s.Due != 0 {
					f.Errorf("seed %d: a second list has %d of %s", seed, s.Due, s.Kind)
				}
			}
		})
	}
}

// orphans looks for rows whose thing is gone.
func (f *archive) orphans() {
	f.Helper()
	f.do(func(tx *db.Tx) error {
		for _, query := range []string{
			`SELECT count(*) FROM turn WHERE ticket NOT IN (SELECT id FROM ticket)`,
			`SELECT count(*) FROM attempt WHERE turn NOT IN (SELECT id FROM turn)`,
			`SELECT count(*) FROM outcome WHERE turn NOT IN (SELECT id FROM turn)`,
			`SELECT count(*) FROM act_draft WHERE turn NOT IN (SELECT id FROM turn)`,
			`SELECT count(*) FROM ticket_search WHERE ticket NOT IN (SELECT id FROM ticket)`,
			`SELECT count(*) FROM promise WHERE ticket NOT IN (SELECT id FROM ticket)`,
			`SELECT count(*) FROM form_row WHERE turn NOT IN (SELECT id FROM turn)`,
			`SELECT count(*) FROM trouble WHERE source_ticket NOT IN (SELECT id FROM ticket)`,
			`SELECT count(*) FROM trouble_note WHERE turn NOT IN (SELECT id FROM turn)`,
			`SELECT count(*) FROM trouble_note WHERE trouble NOT IN (SELECT id FROM trouble)`,
			`SELECT count(*) FROM trouble_move WHERE trouble NOT IN (SELECT id FROM trouble)`,
		} {
			var n int
			if err := tx.Row(query).Scan(&n); err != nil {
				return err
			}
			if n > 0 {
				f.Errorf("%s: %d", query, n)
			}
		}
		return nil
	})
}

// A hold that comes between the list and the purge, or in the middle of it, keeps its things; one lifted after the list lets nothing more go.
func TestHoldsCountUntilTheLastMoment(t *testing.T) {
	everyArchive(t, func(f *archive) {
		w := f.make(3, 120)
		f.register(false)
		w.hold()
		p := f.list()
		w.hold()
		w.hold()
		want := w.goes() // the oracle knows the later holds
		f.do(func(tx *db.Tx) error {
			all, err := document.LegalHolds(tx, 50)
			for _, h := range all {
				if err == nil && h.PlacedAt.Before(tx.Now.Add(time.Hour)) && h.ID == all[len(all)-1].ID { // the first one, lifted after the list
					_, err = document.LiftHold(tx, qori, h.ID, "Sengketa selesai (rekaan)")
				}
			}
			return err
		})
		f.approve(p)
		f.turns()
		left := f.counts()
		for _, s := range f.purge(p.ID).Steps {
			if int(s.Removed) != len(want[s.Kind]) {
				f.Errorf("%s: %d went, want %d; left %v", s.Kind, s.Removed, len(want[s.Kind]), left)
			}
		}
	})
}

// Holds are placed while turns remove, from other hands at the same time: what is held when its turn comes is there afterwards.
func TestAHoldRacesThePurge(t *testing.T) {
	everyArchive(t, func(f *archive) {
		w := f.make(4, 150)
		f.register(false)
		p := f.list()
		f.approve(p)
		due := w.goes()[document.KindTickets]
		if len(due) < 10 {
			f.Fatalf("only %d tickets are due", len(due))
		}
		held := make(chan []db.ID, 1)
		go func() {
			var all []db.ID
			for i := len(due) - 1; i >= 0; i-- { // from the other end
				id := db.ID(due[i])
				err := f.try(func(tx *db.Tx) error {
					var there int
					if err := tx.Row(`SELECT count(*) FROM ticket WHERE id = $1`, id).Scan(&there); err != nil || there == 0 {
						return err
					}
					_, err := document.PlaceHold(tx, qori, document.LegalHold{Kind: document.HoldTicket, Ref: id, Reason: "Sengketa (rekaan)"})
					if err == nil { // behind the gate: still there?
						err = tx.Row(`SELECT count(*) FROM ticket WHERE id = $1`, id).Scan(&there)
					}
					if err == nil && there == 1 {
						tx.After(func() { all = append(all, id) })
					}
					return err
				})
				if err != nil {
					f.Error(err)
				}
			}
			held <- all
		}()
		f.turns()
		all := <-held
		f.do(func(tx *db.Tx) error {
			for _, id := range all {
				var there int
				if err := tx.Row(`SELECT count(*) FROM ticket WHERE id = $1`, id).Scan(&there); err != nil {
					return err
				}
				if there != 1 {
					f.Errorf("ticket %s was held and is gone", id)
				}
			}
			return nil
		})
		f.orphans()
		if len(all) == 0 {
			f.Log("no hold came before its ticket's turn")
		}
	})
}

// A purge that is cut between two turns goes on where it was, in another process, and does no more than one that was not.
func TestAPurgeGoesOnAfterAStop(t *testing.T) {
	everyArchive(t, func(f *archive) {
		w := f.make(5, 150)
		f.register(false)
		p := f.list()
		want := w.goes()
		f.approve(p)
		turns := 0
		for {
			f.p = &control.Purger{Store: f.s} // each turn its own process
			worked, err := f.p.Turn(context.Background())
			if err != nil {
				f.Fatal(err)
			}
			if turns++; !worked {
				break
			}
		}
		for _, s := range f.purge(p.ID).Steps {
			if int(s.Removed) != len(want[s.Kind]) || s.DueDigest != s.GoneDigest {
				f.Errorf("%s: %d went in %d turns, want %d", s.Kind, s.Removed, turns, len(want[s.Kind]))
			}
		}
		f.orphans()
	})
}

// Nobody purges alone, not even past the house's own code; a list that is stale is refused; a register that changes stops what runs.
func TestAPurgeNeedsTwoPeopleAndAFreshList(t *testing.T) {
	everyArchive(t, func(f *archive) {
		f.make(1, 60)
		err := f.try(func(tx *db.Tx) error { _, err := document.DrawPurge(tx, citra, zone); return err })
		refused(f, err, fault.Conflict, "records.empty")
		f.register(false)
		p := f.list()
		ask := func(digest string) error {
			return f.try(func(tx *db.Tx) error { _, err := document.AskPurge(tx, citra, p.ID, digest); return err })
		}
		refused(f, ask("another"), fault.Conflict, "records.stale")
		if err := ask(p.Digest); err != nil {
			f.Fatal(err)
		}
		refused(f, f.try(func(tx *db.Tx) error { _, err := document.ConfirmPurge(tx, citra, p.ID, p.Digest); return err }), fault.Forbidden, "records.two-people")
		for _, statement := range []string{
			`UPDATE purge SET state = 'running', confirmed_at = 1, confirmed_by = asked_by`,
			`UPDATE purge SET state = 'running'`,
			`UPDATE purge SET state = 'running', confirmed_at = 1, confirmed_by = 0`,
			`UPDATE purge_step SET removed = due + 1`,
			`UPDATE record_rule SET basis = 'closed', unit = 'months', amount = 1 WHERE kind = 'journal'`,
			`UPDATE record_rule SET amount = 1, unit = 'days' WHERE kind = 'ticket'`,
		} {
			if err := f.try(func(tx *db.Tx) error { _, err := tx.Exec(statement); return err }); !fault.Is(err, fault.Invalid) {
				f.Errorf("%s: %v", statement, err)
			}
		}
		f.do(func(tx *db.Tx) error { _, err := document.ConfirmPurge(tx, adi, p.ID, p.Digest); return err })
		f.do(func(tx *db.Tx) error {
			all, err := document.RecordsRegister(tx)
			if err == nil {
				all[0].Amount++
				_, err = document.PutRecordRule(tx, citra, all[0])
			}
			return err
		})
		before := f.counts()
		f.turns()
		if p = f.purge(p.ID); p.State != document.PurgeStopped {
			f.Errorf("the register has changed and the purge is %s", p.State)
		}
		if after := f.counts(); !reflect.DeepEqual(before, after) {
			f.Errorf("%v became %v under a register nobody approved it by", before, after)
		}
		p = f.list()
		f.c.Advance(document.ListLasts + time.Second)
		refused(f, ask(p.Digest), fault.Conflict, "records.stale")
	})
}

// The purge stands in the journal with who, criteria, counts and digest, and the chain holds after it.
func TestThePurgeStandsInTheJournal(t *testing.T) {
	everyArchive(t, func(f *archive) {
		w := f.make(2, 100)
		f.register(false)
		want := w.goes()
		p := f.list()
		f.approve(p)
		f.turns()
		acts := map[string]journal.Entry{}
		f.do(func(tx *db.Tx) error {
			all, err := journal.Tail(tx, 0, 10_000)
			for _, e := range all {
				acts[e.Act] = e
			}
			return err
		})
		done := acts["purge.done"]
		if acts["purge.listed"].Data["digest"] != p.Digest || acts["purge.asked"].By.ID != citra.ID || acts["purge.confirmed"].By.ID != adi.ID || done.Data["digest"] != p.Digest {
			f.Errorf("the journal says %v", acts)
		}
		for kind, ids := range want {
			if done.Data[kind] != fmt.Sprint(len(ids)) || done.Data[kind+".digest"] == "" || done.Data[kind+".before"] == "" {
				f.Errorf("%s: the journal says %v, %d went", kind, done.Data, len(ids))
			}
		}
		if err := journal.Seal(context.Background(), f.s); err != nil {
			f.Fatal(err)
		}
		if broken, err := journal.Verify(context.Background(), f.s); err != nil || broken != nil {
			f.Errorf("the chain: %v, %v", broken, err)
		}
	})
}

func refused(f *archive, err error, kind fault.Kind, key string) {
	f.Helper()
	if e := fault.Of(err); e == nil || e.Kind != kind || e.Key != key || e.Clause == "" {
		f.Errorf("want %s %s with its clause, got %v", kind, key, err)
	}
}
