package tmf_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sapa/internal/connector/tmf"
	"sapa/internal/fault"
	"sapa/internal/outbox"
	"sapa/test/tmfsim/sim"
)

func report(external string) tmf.Ticket {
	return tmf.Ticket{ExternalID: external, Name: "42147 / T2O / Budi Rekaan / 141000000001 / Tidak bisa internet / BOK", Description: "Lampu LOS merah (rekaan)",
		TicketType: "internet", Severity: "Medium", RelatedEntity: []tmf.Entity{tmf.Affects("141000000001")}}
}

// Whatever happens to the first try, the second one finds what there is: one ticket, never two.
func TestATicketIsOpenedOnce(t *testing.T) {
	for _, f := range []sim.Fault{
		{Kind: sim.CutBefore}, {Kind: sim.CutAfter}, {Kind: sim.Nonsense}, {Kind: sim.WrongType}, {Kind: sim.Empty}, {Kind: sim.Hang}, {Kind: sim.Late},
		{Kind: sim.Refuse, Status: 500}, {Kind: sim.Refuse, Status: 429, After: "7"}, {Kind: sim.Refuse, Status: 401}, {Kind: sim.Refuse, Status: 400},
	} {
		t.Run(string(f.Kind)+fmt.Sprint(f.Status), func(t *testing.T) {
			w := simulated(t)
			w.Tickets(20)
			w.wait = 150 * time.Millisecond
			f.Method = "POST"
			w.Fail(f)
			if _, err := w.tickets().Open(ctx, report("sapa:IN1")); fault.Of(err) == nil {
				t.Fatalf("the first try came to %v", err)
			}
			w.wait = 10 * time.Second
			for range 2 {
				made, err := w.tickets().Open(ctx, report("sapa:IN1"))
				if err != nil || made.ExternalID != "sapa:IN1" || made.Status != tmf.Acknowledged || made.ServiceNo() != "141000000001" {
					t.Fatalf("%+v (%v)", made, err)
				}
			}
			if n := len(w.All("troubleTicket")); n != 21 {
				t.Errorf("%d tickets there, want 21", n)
			}
		})
	}
}

// A delivery that comes twice, and two of ours at once, leave one ticket where the other side keeps external ids apart.
func TestTwoTriesAtOnceLeaveOneTicket(t *testing.T) {
	w := simulated(t)
	w.Unique = true
	w.Fail(sim.Fault{Kind: sim.Twice, Method: "POST"})
	if made, err := w.tickets().Open(ctx, report("sapa:IN1")); err != nil || made.ID == "" {
		t.Fatalf("%+v (%v)", made, err)
	}
	var all sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		all.Go(func() { _, errs[i] = w.tickets().Open(ctx, report("sapa:IN2")) })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil || len(w.All("troubleTicket")) != 2 {
		t.Errorf("%d tickets there (%v)", len(w.All("troubleTicket")), err)
	}
}

// An outside that ignores the filter answers with everything: the right one is found among it, and "there is none" is sure.
func TestALookUpDoesNotBelieveTheFilter(t *testing.T) {
	w := simulated(t)
	w.Tickets(350)
	w.NoFilter, w.NoTotal, w.Page = true, true, 60
	for range 2 {
		if made, err := w.tickets().Open(ctx, report("sapa:IN1")); err != nil || made.ExternalID != "sapa:IN1" {
			t.Fatalf("%+v (%v)", made, err)
		}
	}
	of, more, err := w.tickets().OfService(ctx, sim.Jastel(3), 10)
	if err != nil || !more || len(of) != 10 {
		t.Fatalf("%d, more %t (%v)", len(of), more, err)
	}
	for _, x := range of {
		if x.ServiceNo() != sim.Jastel(3) {
			t.Errorf("%s is of %s", x.ID, x.ServiceNo())
		}
	}
	if n := len(w.All("troubleTicket")); n != 351 {
		t.Errorf("%d tickets there", n)
	}
}

func notes(w *world, id string) (all []string) {
	for _, o := range w.All("troubleTicket") {
		if o["id"] == id {
			l, _ := o["note"].([]any)
			for _, n := range l {
				all = append(all, n.(map[string]any)["text"].(string))
			}
		}
	}
	return all
}

var say = tmf.Telling{Mark: "sapa-1@malang", Author: "42147", Text: "C4 Carring: sudah normal menurut pelanggan (rekaan)", Status: tmf.Resolved, Reason: "solve"}

// However the other side takes changes, the worklog grows by one entry and loses none, and the status comes with it. Whatever
// happens to the first try, the second one does not write a second entry.
func TestAWorklogGrowsByOneEntry(t *testing.T) {
	for name, set := range map[string]func(s *sim.Sim){
		"JSON Patch": func(*sim.Sim) {}, "merge only": func(s *sim.Sim) { s.NoPatch = true }, "merge, versions": func(s *sim.Sim) { s.NoPatch, s.Versions = true, true },
		"patch, versions, own ids": func(s *sim.Sim) { s.Versions, s.OwnNotes = true, true },
	} {
		for _, f := range []sim.Fault{{}, {Kind: sim.CutBefore}, {Kind: sim.CutAfter}, {Kind: sim.Late}, {Kind: sim.Refuse, Status: 503}} {
			t.Run(name+" "+string(f.Kind), func(t *testing.T) {
				w := simulated(t)
				w.Tickets(1)
				set(w.Sim)
				if f.Kind != "" {
					w.wait = 150 * time.Millisecond
					f.Method = "PATCH"
					w.Fail(f)
				}
				_, err := w.tickets().Tell(ctx, "IN60000001", say)
				if (err == nil) != (f.Kind == "") {
					t.Fatalf("the first try: %v", err)
				}
				w.wait = 10 * time.Second
				for range 2 {
					if x, err := w.tickets().Tell(ctx, "IN60000001", say); err != nil || x.Status != tmf.Resolved || x.StatusChangeReason != "solve" {
						t.Fatalf("%+v (%v)", x, err)
					}
				}
				if got := notes(w, "IN60000001"); len(got) != 2 || got[0] != "Teknisi dijadwalkan (rekaan)" || !strings.HasPrefix(got[1], say.Text) {
					t.Errorf("worklog %q", got)
				}
			})
		}
	}
}

// Somebody of the other side writes between our reading and our writing: with versions we read again and lose nothing.
func TestNobodysEntryIsLostWhereThereAreVersions(t *testing.T) {
	w := simulated(t)
	w.Tickets(1)
	w.NoPatch, w.Versions = true, true
	between := false
	w.Twist = func(_ string, answer any) any {
		o, ok := answer.(map[string]any)
		if ok && o["note"] != nil && !between { // after the first reading; the simulator is locked here
			between = true
			go w.Change("troubleTicket", "IN60000001", func(o map[string]any) {
				o["note"] = append(o["note"].([]any), map[string]any{"id": "2", "author": "noc", "text": "Kabel diganti (rekaan)"})
			})
		}
		return answer
	}
	w.Fail(sim.Fault{}, sim.Fault{Kind: sim.Slow, Wait: 100 * time.Millisecond, Method: "PATCH", Times: 2})
	if _, err := w.tickets().Tell(ctx, "IN60000001", say); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(notes(w, "IN60000001"), "|"); !strings.HasPrefix(got, "Teknisi dijadwalkan (rekaan)|Kabel diganti (rekaan)|C4 Carring") {
		t.Errorf("worklog %s", got)
	}
}

// A status is reached by the official life cycle, by inProgress where needed; where there is no way nothing is written.
func TestAStatusIsReachedByTheLifeCycle(t *testing.T) {
	w := simulated(t)
	made, err := w.tickets().Open(ctx, report("sapa:IN1"))
	if err != nil {
		t.Fatal(err)
	}
	x, err := w.tickets().Tell(ctx, made.ID, say)
	if err != nil || x.Status != tmf.Resolved || len(notes(w, made.ID)) != 1 {
		t.Fatalf("%+v (%v)", x, err)
	}
	back := say
	back.Mark, back.Status = "sapa-2@malang", tmf.InProgress // SOP 5.6.2.b.reopen
	if x, err = w.tickets().Tell(ctx, made.ID, back); err != nil || x.Status != tmf.InProgress {
		t.Fatalf("%+v (%v)", x, err)
	}
	w.Change("troubleTicket", made.ID, func(o map[string]any) { o["status"] = "closed" })
	again := say
	again.Mark = "sapa-3@malang"
	if _, err = w.tickets().Tell(ctx, made.ID, again); !fault.Is(err, fault.Conflict) || fault.Of(err).Key != "tmf.no-way" || len(notes(w, made.ID)) != 2 {
		t.Errorf("%v, worklog %q", err, notes(w, made.ID))
	}
	if _, err = w.tickets().Tell(ctx, "IN99999999", again); !fault.Is(err, fault.Missing) {
		t.Errorf("%v", err)
	}
}

// However bad a day the other side has: each try may meet any fault, and afterwards every entry is there once, in the order of the
// errands, beside those of its own people.
func TestAnyBadDayLeavesEachEntryOnce(t *testing.T) {
	kinds := []sim.Kind{sim.CutBefore, sim.CutAfter, sim.Nonsense, sim.WrongType, sim.Empty, sim.Nulls, sim.Late, sim.Hang, sim.Refuse, sim.Twice}
	for seed := range uint64(24) {
		r := rand.New(rand.NewPCG(seed, 621))
		w := simulated(t)
		w.Versions = r.IntN(2) == 0
		w.NoPatch = !w.Versions || r.IntN(2) == 0 // an addition that is delivered twice, without versions, is the other side's own doing
		w.OwnNotes, w.NoFilter, w.NoTotal, w.Unique = r.IntN(2) == 0, r.IntN(2) == 0, r.IntN(2) == 0, true
		w.Tickets(30)
		tickets := w.tickets()
		carrier := tmf.NewCarrier(tickets)
		want := []string{"Teknisi dijadwalkan (rekaan)"}
		open := outbox.Errand{External: "sapa:malang:IN10000001", Open: &outbox.Opening{Subject: "x", Description: "y (rekaan)", Service: "internet", Urgency: "hard"}, Mark: "sapa-0@malang"}
		errands := []outbox.Errand{open}
		for i := range 6 {
			e := outbox.Errand{Number: "IN60000007", Mark: fmt.Sprintf("sapa-%d@malang", i+1), Text: fmt.Sprintf("catatan %d (rekaan)", i), Author: "42147", At: at(9, i)}
			if i%2 == 1 {
				e.State = []string{"pending", "inProgress", "resolved"}[i/2]
			}
			errands = append(errands, e)
			want = append(want, e.Text)
		}
		for _, e := range errands {
			for range r.IntN(4) {
				w.Fail(sim.Fault{Kind: kinds[r.IntN(len(kinds))], Status: 503})
			}
			tries := 0
			tickets.Wait = 40 * time.Millisecond
			for _, err := carrier.Carry(ctx, e); err != nil; _, err = carrier.Carry(ctx, e) {
				tickets.Wait = min(2*tickets.Wait, 10*time.Second) // a busy machine may be slower than the first wait
				if tries++; tries > 14 || !fault.Is(err, fault.Busy) {
					t.Fatalf("seed %d, %s: %v", seed, e.Mark, err)
				}
			}
			if _, err := carrier.Carry(ctx, e); err != nil && !fault.Is(err, fault.Busy) { // a courier that died before it kept the success
				t.Fatalf("seed %d, %s again: %v", seed, e.Mark, err)
			}
		}
		got := notes(w, "IN60000007")
		for i := range got {
			got[i], _, _ = strings.Cut(got[i], "\n[")
		}
		if !slices.Equal(got, want) || len(w.All("troubleTicket")) != 31 {
			t.Errorf("seed %d: %d tickets, worklog %q", seed, len(w.All("troubleTicket")), got)
		}
	}
}
