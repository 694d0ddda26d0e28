package control_test

import (
	"fmt"
	"slices"
	"time"

	"sapa/internal/document"
)

// The rules said a second time, over the things a test put in: what goes by a list drawn now.

func (w *world) before(kind string) time.Time {
	return w.now.In(zone).AddDate(0, -months[kind], 0)
}

func (w *world) heldBy(service, owner int) bool {
	return owner > 0 && w.holds[fmt.Sprint("customer:", owner)] || service > 0 && (w.holds[fmt.Sprint("service:", service)] || w.holds[fmt.Sprint("customer:", w.of[service])])
}

func (w *world) ticketHeld(t *thing) bool {
	return w.holds[fmt.Sprint("ticket:", t.id)] || w.heldBy(t.service, t.owner) || slices.ContainsFunc(w.things, func(x *thing) bool {
		return x.kind == document.KindTroubles && w.holds[fmt.Sprint("trouble:", x.id)] && (x.source == t || t.service > 0 && x.service == t.service)
	})
}

func (w *world) letterGoes(l *thing) bool {
	return l.closed && l.at.Before(w.before(document.KindLetters)) && l.source.closed && !w.ticketHeld(l.source)
}

func (w *world) formGoes(x *thing) bool {
	return x.closed && x.at.Before(w.before(document.KindForms)) && !slices.ContainsFunc(x.rows, func(t *thing) bool { return !t.closed || w.ticketHeld(t) })
}

func (w *world) troubleHeld(x *thing) bool {
	return w.holds[fmt.Sprint("trouble:", x.id)] || w.holds[fmt.Sprint("ticket:", x.source.id)] || w.heldBy(x.service, x.owner) ||
		slices.ContainsFunc(x.notes, func(t *thing) bool { return w.holds[fmt.Sprint("ticket:", t.id)] })
}

func (w *world) troubleLone(x *thing) bool {
	return x.closed && x.at.Before(w.before(document.KindTroubles)) && !x.gamas && !w.troubleHeld(x) && !slices.ContainsFunc(w.things, func(t *thing) bool {
		return t.kind == document.KindTickets && !t.closed && (t == x.source || x.service > 0 && t.service == x.service) ||
			t.kind == document.KindLetters && t.source == x.source && !t.closed
	})
}

func (w *world) troubleGoes(x *thing) bool {
	return w.troubleLone(x) && !slices.ContainsFunc(w.things, func(c *thing) bool { return c.parent == x && !w.troubleLone(c) })
}

// free: nothing that stays leans on the ticket.
func (w *world) free(t *thing) bool {
	return t.closed && !w.ticketHeld(t) && !slices.ContainsFunc(w.things, func(x *thing) bool {
		switch x.kind {
		case document.KindLetters:
			return x.source == t && !w.letterGoes(x)
		case document.KindForms:
			return slices.Contains(x.rows, t) && !w.formGoes(x)
		case document.KindTroubles:
			return t.service > 0 && x.service == t.service && !x.closed || (x.source == t || slices.Contains(x.notes, t) || slices.Contains(x.marked, t)) && !w.troubleGoes(x)
		}
		return false
	})
}

func (w *world) lone(t *thing) bool {
	return t.at.Before(w.before(document.KindResults)) && w.over(t, document.KindResults) && w.free(t)
}

// over: the ticket's service has ended long enough, where that counts.
func (w *world) over(t *thing, kind string) bool {
	end, ended := w.ended[t.service]
	return !w.byEnd || ended && end.Before(w.before(kind))
}

func (w *world) resultsGo(t *thing) bool {
	return len(t.turns) > 0 && w.lone(t) && !slices.ContainsFunc(t.along, func(o *thing) bool { return !w.lone(o) })
}

func (w *world) ticketGoes(t *thing) bool {
	cut := w.before(document.KindTickets)
	return t.at.Before(cut) && w.over(t, document.KindTickets) && w.free(t) && !t.asked && (len(t.turns) == 0 || w.resultsGo(t))
}

// goes lists what goes, by kind, ids in order; contacts by customer.
func (w *world) goes() map[string][]int64 {
	all := map[string][]int64{}
	for _, t := range w.things {
		add := func(kind string) { all[kind] = append(all[kind], int64(t.id)) }
		switch t.kind {
		case document.KindLetters:
			if w.letterGoes(t) {
				add(t.kind)
			}
		case document.KindForms:
			if w.formGoes(t) {
				add(t.kind)
			}
		case document.KindTroubles:
			if w.troubleGoes(t) {
				add(t.kind)
			}
		case document.KindTickets:
			if w.resultsGo(t) {
				add(document.KindResults)
			}
			if w.ticketGoes(t) {
				add(t.kind)
			}
		}
	}
	for i, deaths := range w.dead {
		held := w.holds[fmt.Sprint("customer:", i)]
		for s, c := range w.of {
			held = held || c == i && w.holds[fmt.Sprint("service:", s)]
		}
		if !held && slices.ContainsFunc(deaths, func(at time.Time) bool { return at.Before(w.before(document.KindContacts)) }) {
			all[document.KindContacts] = append(all[document.KindContacts], int64(w.owners[i]))
		}
	}
	for _, ids := range all {
		slices.Sort(ids)
	}
	return all
}
