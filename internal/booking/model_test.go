package booking_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sapa/internal/booking"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/fault"
	"sapa/internal/who"
)

// model is what the rules say, in a map and without a store. A hold whose time has gone by is lapsed here at once; in the
// store it is when somebody needs its place. Nobody can tell the difference.
type model struct {
	b      shop
	sto    string
	people []who.Actor
	slots  []booking.Slot
	places map[db.ID]*place
	order  []db.ID
}

type place struct {
	slot  int
	by    int64
	state booking.State
	until time.Time
	ref   string
	moves int
}

func (p *place) alive(now time.Time) bool {
	return p.state == booking.Confirmed || p.state == booking.Held && p.until.After(now)
}

func (m *model) taken(slot int) (n int) {
	for _, p := range m.places {
		if p.slot == slot && p.alive(m.b.c.Now()) {
			n++
		}
	}
	return n
}

func (m *model) full(slot int) bool { return m.taken(slot) >= m.slots[slot].Capacity }

func (m *model) begun(slot int) bool { return !m.slots[slot].From.After(m.b.c.Now()) }

// want compares the refusal of an act with the one the model expects; "" is none.
func want(t *rapid.T, err error, key, what string) {
	got := ""
	if e := fault.Of(err); e != nil {
		got = e.Key
	} else if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if got != key {
		t.Fatalf("%s: got %q, want %q", what, got, key)
	}
}

func (m *model) hold(t *rapid.T) {
	by := rapid.SampledFrom(m.people).Draw(t, "by")
	slot := rapid.IntRange(0, len(m.slots)-1).Draw(t, "slot")
	now := m.b.c.Now()
	var mine *place
	var mineID db.ID
	for id, p := range m.places {
		if p.by == by.ID && p.state == booking.Held && p.until.After(now) {
			mine, mineID = p, id
		}
	}
	key := ""
	switch {
	case mine != nil && mine.slot == slot:
	case m.begun(slot):
		key = "booking.past"
	case m.full(slot):
		key = "booking.full"
	}
	var made booking.Booking
	err := m.b.write(func(tx *db.Tx) (err error) {
		made, err = booking.Hold(tx, by, m.slots[slot].ID)
		return err
	})
	want(t, err, key, "hold")
	switch {
	case key != "":
	case mine != nil && mine.slot == slot:
		if made.ID != mineID {
			t.Fatalf("holding again made another")
		}
	default:
		if mine != nil {
			mine.state = booking.Released
		}
		until := now.Add(booking.HoldFor)
		if m.slots[slot].From.Before(until) {
			until = m.slots[slot].From
		}
		if !made.Until.Equal(until) {
			t.Fatalf("held until %s, want %s", made.Until, until)
		}
		m.places[made.ID] = &place{slot: slot, by: by.ID, state: booking.Held, until: until}
		m.order = append(m.order, made.ID)
	}
}

// pick draws a booking and a person; before there is any the act is left out.
func (m *model) pick(t *rapid.T) (db.ID, *place, who.Actor) {
	if len(m.order) == 0 {
		return 0, nil, who.Actor{}
	}
	id := rapid.SampledFrom(m.order).Draw(t, "booking")
	return id, m.places[id], rapid.SampledFrom(m.people).Draw(t, "by")
}

func (m *model) confirm(t *rapid.T) {
	id, p, by := m.pick(t)
	if p == nil {
		return
	}
	ref := rapid.SampledFrom([]string{m.sto + "1", m.sto + "2", m.sto + "3", m.sto + "4"}).Draw(t, "ref")
	booked := false
	for _, other := range m.places {
		booked = booked || other.state == booking.Confirmed && other.ref == ref
	}
	key := ""
	switch {
	case p.ref == "" && p.by != by.ID:
		key = "db.no-row"
	case p.state == booking.Confirmed && p.ref == ref:
	case p.state == booking.Confirmed:
		key = "booking.confirmed"
	case p.state == booking.Released:
		key = "booking.released"
	case m.begun(p.slot):
		key = "booking.past"
	case booked:
		key = "booking.ref-booked"
	case !p.alive(m.b.c.Now()) && m.full(p.slot):
		key = "booking.lapsed"
	}
	want(t, m.b.write(confirm(by, id, ref)), key, "confirm")
	if key == "" {
		p.state, p.ref = booking.Confirmed, ref
	}
}

func (m *model) move(t *rapid.T) {
	id, p, by := m.pick(t)
	if p == nil {
		return
	}
	slot := rapid.IntRange(0, len(m.slots)-1).Draw(t, "slot")
	key := ""
	switch {
	case p.ref == "" && p.by != by.ID:
		key = "db.no-row"
	case p.state != booking.Confirmed:
		key = "booking.not-confirmed"
	case p.slot == slot:
	case p.moves >= booking.MaxMoves:
		key = "booking.moved-twice"
	case m.begun(slot):
		key = "booking.past"
	case m.full(slot):
		key = "booking.full"
	}
	want(t, m.b.write(move(by, id, m.slots[slot].ID)), key, "move")
	if key == "" && p.slot != slot {
		p.slot, p.moves = slot, p.moves+1
	}
}

func (m *model) release(t *rapid.T) {
	id, p, by := m.pick(t)
	if p == nil {
		return
	}
	key := ""
	if p.ref == "" && p.by != by.ID {
		key = "db.no-row"
	}
	want(t, m.b.write(release(by, id, "Pelanggan batal")), key, "release")
	if key == "" {
		p.state = booking.Released
	}
}

func (m *model) lapse(t *rapid.T) {
	want(t, m.b.write(func(tx *db.Tx) error { _, err := booking.Lapse(tx); return err }), "", "lapse")
}

func (m *model) clock(t *rapid.T) {
	m.b.c.Advance(time.Duration(rapid.SampledFrom([]int{1, 60, 299, 300, 1800}).Draw(t, "seconds")) * time.Second)
}

// check compares what is offered with the model, and what must always hold.
func (m *model) check(t *rapid.T) {
	m.b.t = t
	m.b.sound()
	said := ""
	for i, s := range m.slots {
		if !m.begun(i) {
			if said != "" {
				said += " "
			}
			said += fmt.Sprintf("%d/%d", m.taken(i), s.Capacity)
		}
	}
	if got := m.b.offered(m.sto); got != said {
		t.Fatalf("on offer %q, want %q", got, said)
	}
}

// SOP 5.2.10.s.schedule: whatever people do in whatever order, the counts are right and the rules hold.
func TestBookingsFollowTheModel(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		round := 0
		rapid.Check(t, func(r *rapid.T) {
			round++ // one store for all rounds: each has its own exchange and its own people
			m := &model{b: shop{r, s, c}, places: map[db.ID]*place{}}
			m.sto = string([]byte{'A' + byte(round/676%26), 'A' + byte(round/26%26), 'A' + byte(round%26)})
			for i := range 3 {
				m.people = append(m.people, agent(round*10+i))
			}
			var capacity []int
			for range 3 {
				capacity = append(capacity, rapid.IntRange(0, 2).Draw(r, "capacity"))
			}
			m.slots = m.b.slots(m.sto, capacity...)
			r.Repeat(map[string]func(*rapid.T){
				"hold": m.hold, "hold again": m.hold, "confirm": m.confirm, "move": m.move, "release": m.release, "lapse": m.lapse, "clock": m.clock, "": m.check,
			})
		})
	})
}
