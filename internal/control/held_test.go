package control_test

import (
	"fmt"
	"testing"

	"sapa/internal/control"
	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/who"
)

// SOP 6: what a mark calls held is what the purge leaves alone, whatever the hold was put on; who may not see the register sees none; a
// hold that was lifted marks nothing.
func TestAMarkSaysWhatThePurgeDoes(t *testing.T) {
	for seed := range uint64(4) {
		everyArchive(t, func(f *archive) {
			w := f.make(seed, 150)
			for range 1 + seed*2 {
				w.hold()
			}
			marked := func(by who.Actor, kind string, id db.ID) (on []control.Named) {
				f.do(func(tx *db.Tx) error {
					all, err := control.HoldsOn(tx, by, kind, id)
					on = all[id]
					return err
				})
				return on
			}
			held := 0
			for _, x := range w.things {
				kind, want := document.HoldTicket, false
				switch x.kind {
				case document.KindTickets:
					want = w.ticketHeld(x)
				case document.KindTroubles:
					kind, want = document.HoldTrouble, w.troubleHeld(x)
				default:
					continue
				}
				on := marked(qori, kind, x.id)
				if (len(on) > 0) != want {
					f.Errorf("seed %d: %s %d is marked by %+v, held: %v", seed, kind, x.id, on, want)
				}
				for _, h := range on {
					if held++; h.Reason == "" || h.PlacedBy != db.ID(qori.ID) || h.Label == "" {
						f.Errorf("who and why: %+v", h)
					}
				}
				if want && len(marked(who.Actor{ID: 904, Role: who.Leader, Via: who.Page}, kind, x.id)) > 0 {
					f.Error("a leader sees what is held")
				}
			}
			for i, id := range w.owners {
				want := w.holds[fmt.Sprint("customer:", i)]
				for s, of := range w.of {
					want = want || of == i && w.holds[fmt.Sprint("service:", s)]
				}
				if on := marked(adi, document.HoldCustomer, id); (len(on) > 0) != want {
					f.Errorf("seed %d: customer %d is marked by %+v, held: %v", seed, i, on, want)
				}
			}
			if held == 0 && seed > 0 {
				f.Errorf("seed %d: nothing is held, the test says little", seed)
			}
			f.do(func(tx *db.Tx) error {
				all, err := document.LegalHolds(tx, 100)
				for _, h := range all {
					if err == nil {
						_, err = document.LiftHold(tx, qori, h.ID, "Sengketa selesai")
					}
				}
				return err
			})
			for _, x := range w.things {
				if kind := map[string]string{document.KindTickets: document.HoldTicket, document.KindTroubles: document.HoldTrouble}[x.kind]; kind != "" && len(marked(qori, kind, x.id)) > 0 {
					f.Fatalf("seed %d: %s %d is marked after all was lifted", seed, kind, x.id)
				}
			}
		})
	}
}
