package outbox_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/outbox"
)

// post makes letters without a turn: what is written as KEY, or TICKET/KEY.
func (b box) post(what ...string) (made []outbox.Promise) {
	b.t.Helper()
	b.do(func(tx *db.Tx) (err error) {
		var owed []outbox.Promise
		for _, w := range what {
			p := outbox.Promise{App: outbox.Mail, Kind: outbox.FormLetter, Key: w, To: "tl@rekaan.example", Payload: "12", Lang: "en", Clause: "5.8.6"}
			if ticket, rest, ok := strings.Cut(w, "/"); ok {
				p.Key = rest
				if _, err := fmt.Sscan(ticket, &p.Ticket); err != nil {
					return err
				}
			}
			owed = append(owed, p)
		}
		made, err = outbox.Add(tx, ani, owed)
		return err
	})
	return made
}

const lease = time.Minute

func (b box) take(limit int) (got []outbox.Promise) {
	b.t.Helper()
	b.do(func(tx *db.Tx) (err error) {
		got, err = outbox.Take(tx, []string{outbox.Mail, "hook"}, limit, lease)
		return err
	})
	return got
}

func ids(all []outbox.Promise) (ids []db.ID) {
	for _, p := range all {
		ids = append(ids, p.ID)
	}
	return ids
}

func (b box) same(got []outbox.Promise, want ...outbox.Promise) {
	b.t.Helper()
	if !slices.Equal(ids(got), ids(want)) {
		b.t.Errorf("taken %v, want %v", ids(got), ids(want))
	}
}

func delivered(p outbox.Promise) func(tx *db.Tx) error {
	return func(tx *db.Tx) error { _, err := outbox.Delivered(tx, p, "<sapa-1@malang>"); return err }
}

func deferred(p outbox.Promise, why string) func(tx *db.Tx) error {
	return func(tx *db.Tx) error { _, err := outbox.Deferred(tx, p, why); return err }
}

func refusedBy(p outbox.Promise, why string) func(tx *db.Tx) error {
	return func(tx *db.Tx) error { _, err := outbox.Refused(tx, p, why); return err }
}

func (b box) get(id db.ID) (p outbox.Promise) {
	b.t.Helper()
	b.do(func(tx *db.Tx) (err error) { p, err = outbox.Get(tx, id); return err })
	return p
}

// Only the first of a ticket, or of a key without one, is given; tasks of applications nobody takes stay where they are.
func TestACourierTakesInOrder(t *testing.T) {
	each(t, func(b box) {
		b.promise(1, 10, "sephia:outside")
		b.c.Advance(9 * time.Second)
		m := b.post("a", "a", "b", "1/x", "1/y", "2/x")
		if p := m[0]; p.Turn != p.ID || p.Seq != 1 || p.To != "tl@rekaan.example" || m[3].Key != "" {
			t.Errorf("made %+v", m)
		}
		first := b.take(10)
		b.same(first, m[0], m[2], m[3], m[5])
		if p := first[0]; p.Attempts != 1 || !p.LeasedUntil.Equal(b.c.Now().Add(lease)) || p.Payload != "12" || p.Lang != "en" {
			t.Errorf("taken %+v", p)
		}
		b.same(b.take(10))
		b.do(delivered(first[0]))
		b.do(delivered(first[2]))
		b.same(b.take(1), m[1])
		b.same(b.take(10), m[4])
		if p := b.get(m[0].ID); p.State != outbox.Done || p.Reference != "<sapa-1@malang>" || !p.SettledAt.Equal(b.c.Now()) || p.Leased(b.c.Now()) {
			t.Errorf("delivered %+v", p)
		}
		b.do(func(tx *db.Tx) error {
			none, err := outbox.Take(tx, nil, 10, lease)
			b.same(none)
			waiting, failed, err2 := outbox.Letters(tx, outbox.Mail)
			if waiting != 4 || failed != 0 || err2 != nil {
				t.Errorf("%d wait, %d failed", waiting, failed)
			}
			return err
		})
	})
}

// A promise that can still be undone is never given away.
func TestACourierWaitsUntilNothingCanBeUndone(t *testing.T) {
	each(t, func(b box) {
		p := b.promise(1, 10, "mail:note")[0]
		b.c.Advance(8*time.Second - time.Millisecond)
		b.same(b.take(10))
		b.c.Advance(time.Millisecond)
		b.same(b.take(10), p)
		b.refused(fault.Conflict, "outbox.has-left", "", withdraw(10))
	})
}

// A lease is fenced: who lost it can say nothing any more, and a person may not settle what is just being sent.
func TestALeaseThatRanOutIsLost(t *testing.T) {
	each(t, func(b box) {
		b.post("a")
		slow := b.take(1)[0]
		b.refused(fault.Conflict, "outbox.sending", "", done(slow.ID, ""))
		b.refused(fault.Conflict, "outbox.sending", "", waive(slow.ID, "sudah lewat"))
		b.refused(fault.Conflict, "outbox.sending", "", func(tx *db.Tx) error { _, err := outbox.Fail(tx, tuti, slow.ID, "x"); return err })
		b.c.Advance(lease - time.Millisecond)
		b.same(b.take(1))
		b.c.Advance(time.Millisecond)
		again := b.take(1)[0]
		if again.ID != slow.ID || again.Attempts != 2 {
			t.Errorf("again %+v", again)
		}
		b.refused(fault.Conflict, "outbox.lease-lost", "", delivered(slow))
		b.refused(fault.Conflict, "outbox.lease-lost", "", deferred(slow, "x"))
		b.refused(fault.Conflict, "outbox.lease-lost", "", refusedBy(slow, "x"))
		b.c.Advance(lease) // nobody else took it: what was sent was sent
		b.do(delivered(again))
		b.refused(fault.Conflict, "outbox.lease-lost", "", delivered(again))
		b.refused(fault.Conflict, "outbox.lease-lost", "", delivered(b.post("b")[0])) // never taken
	})
}

// Temporary refusals wait 5 s, twice as long each time, at most half an hour, and after MaxTries a leader decides.
func TestDeferredPromisesComeBackLaterAndLater(t *testing.T) {
	each(t, func(b box) {
		m := b.post("a", "a")
		least := 5 * time.Second
		for try := 1; try < outbox.MaxTries; try++ {
			p := b.take(10)
			b.same(p, m[0])
			b.do(deferred(p[0], "450 sibuk\r\n\x00lagi "+strings.Repeat("é", 600)))
			kept := b.get(m[0].ID)
			b.do(func(tx *db.Tx) error {
				stuck, err := outbox.Stuck(tx, outbox.Mail)
				if stuck != (try >= 3) {
					t.Errorf("try %d: stuck %t", try, stuck)
				}
				return err
			})
			wait := kept.NextAt.Sub(b.c.Now())
			if wait < least || wait > min(least*3/2, 30*time.Minute) {
				b.t.Fatalf("try %d waits %v, want %v and half as much at most", try, wait, least)
			}
			if r := []rune(kept.LastError); len(r) != 500 || !strings.HasPrefix(kept.LastError, "450 sibuk lagi é") {
				b.t.Fatalf("kept %d: %q", len(r), kept.LastError)
			}
			b.c.Set(kept.NextAt.Add(-time.Millisecond))
			b.same(b.take(10))
			b.c.Advance(time.Millisecond)
			least = min(2*least, 20*time.Minute)
		}
		b.do(deferred(b.take(10)[0], "450 sibuk"))
		if p := b.get(m[0].ID); p.State != outbox.Failed || p.Attempts != outbox.MaxTries {
			t.Errorf("after all tries %+v", p)
		}
		b.same(b.take(10)) // what comes after a dead letter waits for the leader
		b.do(func(tx *db.Tx) error { _, err := outbox.Retry(tx, tuti, m[0].ID); return err })
		p := b.take(10)
		b.same(p, m[0])
		b.do(deferred(p[0], "450 sibuk")) // its tries count anew
		if p := b.get(m[0].ID); p.State != outbox.Open || p.Attempts != outbox.MaxTries+1 || p.NextAt.Sub(b.c.Now()) > 8*time.Second {
			t.Errorf("after retry %+v", p)
		}
	})
}

// A refusal for good is a dead letter: seen among the failed ones, retried or let go by a leader.
func TestARefusalIsADeadLetter(t *testing.T) {
	each(t, func(b box) {
		m := b.post("a", "a")
		b.do(refusedBy(b.take(1)[0], "550 no such user"))
		if got := b.list(outbox.Filter{State: outbox.Failed}); got != "mail/form-letter/1/failed" {
			t.Errorf("failed: %s", got)
		}
		if p := b.get(m[0].ID); p.LastError != "550 no such user" || !p.SettledAt.IsZero() {
			t.Errorf("kept %+v", p)
		}
		b.same(b.take(10))
		b.do(waive(m[0].ID, "alamat salah"))
		b.same(b.take(10), m[1])
		b.do(func(tx *db.Tx) error {
			all, err := journal.Tail(tx, 0, 100)
			acts := ""
			for _, e := range all {
				acts += e.Act + " "
				if strings.Contains(fmt.Sprint(e.Data), "user") {
					t.Errorf("%s holds %v", e.Act, e.Data)
				}
			}
			if acts != "outbox.failed outbox.waived " {
				t.Errorf("journal: %s", acts)
			}
			return err
		})
	})
}

// Many couriers at once: each promise is taken once, and of a key never two at a time.
func TestCouriersAtOnceTakeEachPromiseOnce(t *testing.T) {
	each(t, func(b box) {
		var all []string
		for i := range 60 {
			all = append(all, fmt.Sprintf("k%d", i%20))
		}
		made := b.post(all...)
		var mu sync.Mutex
		var order []outbox.Promise
		var wg sync.WaitGroup
		errs := make(chan error, 8) // one a courier
		for range 8 {
			wg.Go(func() {
				for {
					mu.Lock()
					left := len(order) < len(made)
					mu.Unlock()
					if !left {
						return
					}
					var got []outbox.Promise
					if err := b.s.Write(context.Background(), func(tx *db.Tx) (err error) {
						got, err = outbox.Take(tx, []string{outbox.Mail}, 3, lease)
						return err
					}); err != nil {
						errs <- err
						return
					}
					for _, p := range got {
						mu.Lock()
						order = append(order, p)
						mu.Unlock()
						if err := b.s.Write(context.Background(), delivered(p)); err != nil {
							errs <- err
							return
						}
					}
				}
			})
		}
		wg.Wait()
		close(errs)
		for err := range errs {
			b.t.Fatal(err)
		}
		last := map[string]db.ID{}
		seen := map[db.ID]bool{}
		for _, p := range order {
			if seen[p.ID] || p.ID < last[p.Key] || p.Attempts != 1 {
				t.Errorf("%s/%d taken twice or out of order", p.Key, p.ID)
			}
			seen[p.ID], last[p.Key] = true, p.ID
		}
		if len(seen) != 60 {
			t.Errorf("%d taken, want 60", len(seen))
		}
	})
}

// An outside that asks to be left alone is left alone, but no longer than a day; what it asks never shortens the pause.
func TestAnOutsideIsLeftAloneAsLongAsItAsks(t *testing.T) {
	each(t, func(b box) {
		for least, want := range map[time.Duration]time.Duration{0: 5 * time.Second, time.Second: 5 * time.Second, time.Hour: time.Hour, 100 * time.Hour: 24 * time.Hour} {
			p := b.post(least.String())[0]
			taken := b.take(10)
			b.same(taken, p)
			b.do(func(tx *db.Tx) error { _, err := outbox.DeferredFor(tx, taken[0], "429", least); return err })
			if got := b.get(p.ID).NextAt.Sub(b.c.Now()); got < want || got > max(want, 8*time.Second) {
				t.Errorf("asked %v: waits %v", least, got)
			}
		}
	})
}

// What a promise says beside its text is read as it was written; anything else is refused for good.
func TestWhatAPromiseSaysBesideItsText(t *testing.T) {
	for payload, want := range map[string]string{"": "", outbox.Outside{State: "resolved", Open: &outbox.Opening{ServiceNo: "1"}}.Payload(): "resolved", "12": "!", "{": "!"} {
		o, err := outbox.Promise{Payload: payload}.Outside()
		if (want == "!") != fault.Is(err, fault.Invalid) || err == nil && (o.State != want || (want != "") != (o.Open != nil)) {
			t.Errorf("%q: %+v (%v)", payload, o, err)
		}
	}
}
