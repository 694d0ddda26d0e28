package main

import (
	"fmt"
	"math/rand/v2"
	"time"

	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/who"
)

// rules are the decisions under test.
type rules struct {
	pick       func([]document.State, time.Time) (document.State, bool)
	maySign    func([]document.Signature, string, who.Actor, document.Part, string) error
	mayPublish func([]document.State, int, time.Time, time.Time) (time.Time, error)
	mayRecall  func([]document.State, int, time.Time) error
	keeps      bool // a change of the draft leaves its signatures: never, but for a spoil
}

var sound = rules{pick: document.Pick, maySign: document.MaySign, mayPublish: document.MayPublish, mayRecall: document.MayRecall}

// world is a store in memory: what document keeps, without a database.
type world struct {
	rules
	tally
	rnd    *rand.Rand
	now    time.Time
	states []document.State
	there  bool // a draft
	number int
	words  int // counts what was ever saved: the content of the draft
	moment time.Time
	signs  []document.Signature
	over   string        // the content of the round
	begun  []time.Time   // claims on other servers that have begun and not looked yet: the time each goes by
	ledger map[int]entry // the oracle's own record, by revision
	seen   []signed      // of the draft's present words: the oracle's own record
}

// signed is one signature as the oracle saw it given.
type signed struct {
	person int64
	role   who.Role
	words  int
	moment time.Time
}

// entry is a published revision as the oracle saw it.
type entry struct {
	signs               []signed
	words               int
	moment              time.Time // as signed; zero: at approval
	published, recalled time.Time
	effective           time.Time
}

// people: two of each role, and one who changes roles.
var people = []who.Actor{
	{ID: 1, Role: who.Controller}, {ID: 2, Role: who.Controller}, {ID: 3, Role: who.Checker}, {ID: 4, Role: who.Checker}, {ID: 5, Role: who.Approver}, {ID: 6, Role: who.Approver},
	{ID: 7, Role: who.Controller}, {ID: 7, Role: who.Checker}, {ID: 7, Role: who.Approver}, {ID: 8, Role: who.Agent},
}

const steps = 40

func schedule(seed uint64, r rules) tally {
	w := &world{rules: r, rnd: rand.New(rand.NewPCG(seed, 0x5a9a)), now: time.UnixMilli(1_800_000_000_000), ledger: map[int]entry{}}
	w.schedules = 1
	w.states = []document.State{{Revision: 2, Hash: "2", Paper: true, EffectiveAt: time.UnixMilli(1_575_000_000_000)}}
	for range steps {
		w.now = w.now.Add(time.Duration(w.rnd.IntN(3)) * time.Millisecond)
		switch p := w.rnd.IntN(20); {
		case !w.there && p < 8:
			w.begin()
		case p < 2:
			w.save()
		case p < 3:
			w.takeBack()
		case p < 12:
			w.sign()
		case p < 14:
			w.recall()
		case p < 16:
			w.begun = append(w.begun, w.now)
		case p < 18 && len(w.begun) > 0:
			w.claim(w.begun[0])
			w.begun = w.begun[1:]
		default:
			w.claim(w.now)
		}
	}
	return w.tally
}

func (w *world) begin() {
	w.number = 1
	for _, s := range w.states {
		w.number = max(w.number, s.Revision+1)
	}
	w.there = true
	w.save()
}

// save changes the words or the moment of the draft.
func (w *world) save() {
	if !w.there {
		return
	}
	w.words++
	w.moment = time.Time{}
	if w.rnd.IntN(3) > 0 {
		w.moment = w.now.Add(time.Duration(w.rnd.IntN(14)-2) * time.Millisecond)
	}
	if !w.keeps {
		w.signs = nil
	}
	w.seen = nil // what was signed before is not this
}

func (w *world) takeBack() {
	w.signs, w.seen = nil, nil
}

// sign has somebody sign what they see, which may be what it was a moment ago.
func (w *world) sign() {
	if !w.there {
		return
	}
	by := people[w.rnd.IntN(len(people))]
	if w.rnd.IntN(2) == 0 && len(w.signs) < 3 { // whose turn it is, or nothing would ever be published
		by = people[2*len(w.signs)+w.rnd.IntN(2)]
	}
	part := document.PartOf(by.Role)
	if w.rnd.IntN(12) == 0 {
		part = document.Parts[w.rnd.IntN(3)]
	}
	words := w.words
	if w.rnd.IntN(12) == 0 {
		words--
	}
	content := fmt.Sprint(words, w.moment.UnixMilli())
	present := fmt.Sprint(w.words, w.moment.UnixMilli())
	if !w.keeps && content != present { // the store compares with the draft as it is
		w.refused++
		return
	}
	if err := w.maySign(w.signs, w.over, by, part, content); err != nil {
		w.refused++
		return
	}
	effective, err := w.mayPublish(w.states, w.number, w.moment, w.now)
	if err != nil {
		w.refused++
		return
	}
	if len(w.signs) == 0 {
		w.over = content
	}
	w.signs = append(w.signs, document.Signature{Part: part, Person: db.ID(by.ID), Role: by.Role, At: w.now})
	w.seen = append(w.seen, signed{by.ID, by.Role, words, w.moment})
	if part != document.Approved {
		return
	}
	w.states = append(w.states, document.State{Revision: w.number, Hash: fmt.Sprint(w.number), ApprovedAt: w.now, EffectiveAt: effective})
	w.ledger[w.number] = entry{signs: w.seen, words: w.words, moment: w.moment, published: w.now, effective: effective}
	w.published++
	w.there, w.signs, w.seen = false, nil, nil
}

func (w *world) recall() {
	i := w.rnd.IntN(len(w.states))
	if w.mayRecall(w.states, w.states[i].Revision, w.now) != nil {
		return
	}
	w.recalled++
	w.states[i].RecalledAt = w.now
	if e, ok := w.ledger[w.states[i].Revision]; ok {
		e.recalled = w.now
		w.ledger[w.states[i].Revision] = e
	} else {
		w.ledger[w.states[i].Revision] = entry{recalled: w.now}
	}
}

// claim pins a turn that goes by a time, which another server's act may have taken before the last publication or recall.
func (w *world) claim(at time.Time) {
	w.claims++
	got, ok := w.pick(w.states, at)
	if !ok { // its time is before the moment of the only one that is left: the act runs again, by a new time (Library.Among)
		at = w.now
		got, ok = w.pick(w.states, at)
	}
	if !ok {
		w.fault("nothing is in force", at)
		return
	}
	if got.Revision == 2 {
		if !w.ledger[2].recalled.IsZero() {
			w.fault("revision 2 was recalled", at)
		}
		w.exact(at, 2)
		return
	}
	w.signed++
	e := w.ledger[got.Revision]
	three := map[int64]bool{}
	for i, s := range e.signs {
		if three[s.person] = true; i > 2 || s.role != [3]who.Role{who.Controller, who.Checker, who.Approver}[i] || s.words != e.words || !s.moment.Equal(e.moment) {
			w.fault("revision %d: signature %d is of a %s over other words", at, got.Revision, i+1, s.role)
		}
	}
	switch {
	case len(e.signs) != 3 || len(three) != 3:
		w.fault("revision %d has %d signatures of %d people", at, got.Revision, len(e.signs), len(three))
	case e.published.After(at):
		w.fault("revision %d was signed only at %d", at, got.Revision, e.published.UnixMilli())
	case e.moment.IsZero() && !e.effective.Equal(e.published), !e.moment.IsZero() && !e.effective.Equal(e.moment):
		w.fault("revision %d is in force from another moment than was signed", at, got.Revision)
	case e.effective.After(at):
		w.fault("revision %d is effective only at %d", at, got.Revision, e.effective.UnixMilli())
	case !e.recalled.IsZero():
		w.fault("revision %d was recalled", at, got.Revision)
	}
	w.exact(at, got.Revision)
}

// exact holds a claim against all that it might have got: the newest that counts is the one.
func (w *world) exact(at time.Time, got int) {
	for n, e := range w.ledger {
		if n > got && !e.published.IsZero() && e.recalled.IsZero() && !e.effective.After(at) {
			w.fault("revision %d was in force, not %d", at, n, got)
		}
	}
}

func (w *world) fault(format string, at time.Time, values ...any) {
	w.bad++
	if len(w.wrong) < 5 {
		w.wrong = append(w.wrong, fmt.Sprintf("claim at %d: ", at.UnixMilli())+fmt.Sprintf(format, values...))
	}
}
