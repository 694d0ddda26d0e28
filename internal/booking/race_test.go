package booking_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sapa/internal/booking"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/who"
)

func agent(n int) who.Actor {
	return who.Actor{ID: int64(1000 + n), Login: fmt.Sprint(42000 + n), Role: who.Agent, Via: who.API}
}

// hunt is an agent who takes whatever place is left until one is theirs or there is none any more.
func (b shop) hunt(ctx context.Context, by who.Actor, luck *rand.Rand) (made booking.Booking, err error) {
	for {
		var all []booking.Slot
		err := b.s.Read(ctx, func(tx *db.Tx) (err error) {
			all, err = booking.Slots(tx, "MLG", tx.Now, tx.Now.Add(48*time.Hour))
			return err
		})
		if err != nil {
			return made, err
		}
		var left []booking.Slot
		for _, s := range all {
			if s.Left() > 0 {
				left = append(left, s)
			}
		}
		if len(left) == 0 {
			return made, nil
		}
		err = b.s.Write(ctx, func(tx *db.Tx) (err error) {
			made, err = booking.Hold(tx, by, left[luck.IntN(len(left))].ID)
			return err
		})
		if e := fault.Of(err); e != nil && e.Key == "booking.full" {
			continue // somebody was quicker
		}
		return made, err
	}
}

// SOP 5.2.10.s.schedule: holding a slot is atomic: 500 agents race for 100 places, a fifth of those who get one walks away
// without a word, and the others come back for what lapsed.
func TestFiveHundredAgentsRaceForAHundredPlaces(t *testing.T) {
	each(t, func(b shop) {
		b.slots("MLG", 10, 20, 5, 15, 1, 9, 25, 15)
		ctx := context.Background()
		var mu sync.Mutex
		mine := map[int]booking.Booking{}
		wave := func(walksAway func(n int) bool) (gotOne int64) {
			var all sync.WaitGroup
			var got atomic.Int64
			for n := range 500 {
				mu.Lock()
				_, has := mine[n]
				mu.Unlock()
				if has {
					continue
				}
				all.Go(func() {
					held, err := b.hunt(ctx, agent(n), rand.New(rand.NewPCG(uint64(n), 1)))
					if err != nil {
						t.Errorf("agent %d: %v", n, err)
						return
					}
					if held.ID == 0 {
						return
					}
					got.Add(1)
					if walksAway(n) {
						return
					}
					var booked booking.Booking
					if err := b.s.Write(ctx, confirm(agent(n), held.ID, fmt.Sprintf("IN%08d", n), &booked)); err != nil {
						t.Errorf("agent %d: %v", n, err)
						return
					}
					mu.Lock()
					mine[n] = booked
					mu.Unlock()
				})
			}
			all.Wait()
			b.sound()
			return got.Load()
		}
		if got := wave(func(n int) bool { return n%5 == 0 }); got != 100 {
			t.Fatalf("%d got a place of 100", got)
		}
		if n := b.count(`SELECT sum(taken) FROM slot`); n != 100 {
			t.Fatalf("%d places taken", n)
		}
		b.c.Advance(booking.HoldFor)
		before := len(mine)
		if got := wave(func(int) bool { return false }); int(got) != 100-before {
			t.Fatalf("%d got a place of the %d that lapsed", got, 100-before)
		}
		b.lapse()
		b.sound()
		confirmed, held := b.count(`SELECT count(*) FROM booking WHERE state = 'confirmed'`), b.count(`SELECT count(*) FROM booking WHERE state = 'held'`)
		if len(mine) != 100 || confirmed != 100 || held != 0 || b.count(`SELECT sum(taken) FROM slot`) != 100 {
			t.Errorf("%d think they have one, %d confirmed, %d holds leaked", len(mine), confirmed, held)
		}
		for n, m := range mine {
			if got := b.get(m.ID); got.By != db.ID(agent(n).ID) || got.Ref != fmt.Sprintf("IN%08d", n) || got.State != booking.Confirmed {
				t.Errorf("agent %d has %+v", n, got)
			}
		}
	})
}

// Agents who change places with each other, in many tabs, never wait for each other for ever and never keep two.
func TestManyTabsChangingPlaces(t *testing.T) {
	each(t, func(b shop) {
		slots := b.slots("MLG", 3, 3, 3)
		var all sync.WaitGroup
		for n := range 6 { // three people in two tabs each: always room for everybody
			all.Go(func() {
				for i := range 12 {
					err := b.s.Write(context.Background(), hold(agent(n%3), slots[(n+i)%3].ID))
					if e := fault.Of(err); err != nil && (e == nil || e.Key != "booking.changed") {
						t.Errorf("%v", err)
					}
				}
			})
		}
		all.Wait()
		b.sound()
		if n := b.count(`SELECT count(*) FROM booking WHERE state = 'held'`); n != 3 {
			t.Errorf("%d holds of three people", n)
		}
	})
}

// One number, many holds confirmed at once: one booking.
func TestManyConfirmOneNumber(t *testing.T) {
	each(t, func(b shop) {
		var slots []booking.Slot
		var holds []booking.Booking
		slots = b.slots("MLG", 1, 1, 1, 1, 1, 1, 1, 1)
		for n, s := range slots {
			holds = append(holds, b.hold(agent(n), s))
		}
		var all sync.WaitGroup
		var won atomic.Int64
		for n, h := range holds {
			all.Go(func() {
				err := b.s.Write(context.Background(), confirm(agent(n), h.ID, "IN00000001"))
				switch e := fault.Of(err); {
				case err == nil:
					won.Add(1)
				case e == nil || e.Key != "booking.ref-booked":
					t.Errorf("%v", err)
				}
			})
		}
		all.Wait()
		b.sound()
		if won.Load() != 1 {
			t.Errorf("%d won", won.Load())
		}
	})
}

// Moves, releases and lapses of the same bookings at once leave every slot's count right.
func TestMovesAndReleasesAtOnce(t *testing.T) {
	each(t, func(b shop) {
		slots := b.slots("MLG", 4, 4, 4)
		var ids []db.ID
		for n := range 6 {
			held := b.hold(agent(n), slots[n%3])
			b.confirm(agent(n), held.ID, fmt.Sprintf("IN%08d", n))
			ids = append(ids, held.ID)
		}
		var all sync.WaitGroup
		for n := range 24 {
			id, to := ids[n%6], slots[(n/6+1)%3].ID
			all.Go(func() {
				act := move(agent(n), id, to)
				if n >= 18 {
					act = release(agent(n), id, "Pelanggan batal")
				}
				err := b.s.Write(context.Background(), act)
				if err != nil && !fault.Is(err, fault.Conflict) {
					t.Errorf("%v", err)
				}
			})
		}
		all.Wait()
		b.sound()
		if n := b.count(`SELECT sum(taken) FROM slot`); n != 0 {
			t.Errorf("%d places leaked", n)
		}
	})
}
