package desk

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sapa/internal/call"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/procedure"
	"sapa/internal/registration"
	"sapa/internal/ticket"
	"sapa/internal/trace"
	"sapa/internal/trouble"
)

// Kinds of what happened.
const (
	CameIn    = "ticket"     // a ticket of a campaign came in
	Called    = "turn"       // a turn with its outcome
	GaveBack  = "given-back" // a turn that ended without one, after a call
	Moved     = "trouble"    // a trouble ticket moved
	Noted     = "note"       // a row of its worklog
	Paid      = "payment"
	Ordered   = "order"
	OrderEnd  = "order-end"
	CareIn    = "self-care"
	CareClose = "self-care-closed"
	Asked     = "registration" // a request to register moved
)

// Happened is one thing in a customer's timeline.
type Happened struct {
	At       time.Time
	Kind     string
	Ref      string // the ticket's, the trouble ticket's, the order's number; a bill's period
	Campaign string
	Title    procedure.Text // of an outcome, under the revision it was made with
	Clause   string         // what an outcome, a move of a trouble ticket or a row of its worklog rests on
	Revision int            // that has the clause
	Labels   []string
	Remarks  string
	Line     call.Line
	TalkS    int
	Attempts int
	State    string // a trouble ticket's or a request's after the move, an order's
	Move     string
	Type     string // of a note; of an order or self-care ticket its kind
	Text     string
	Amount   int64 // rupiah of a payment
	By       db.ID
	name     string // of whom a ticket is about
	turn     db.ID
	line     *trouble.Line // leads to the clause of a trouble ticket's
	order    string        // what decides between two of one moment
}

// place is where a page of the timeline begins: behind what happened at that moment, under that order.
type place struct {
	at    time.Time
	order string
}

func placeOf(after string, now time.Time) (place, error) {
	if after == "" {
		return place{now, "\U0010ffff"}, nil
	}
	ms, order, ok := strings.Cut(after, "_")
	at, err := strconv.ParseInt(ms, 10, 64)
	if !ok || err != nil || at <= 0 || len(order) > 100 {
		return place{}, fault.New(fault.Invalid, "desk.timeline-after").At("after", "")
	}
	return place{db.Time(at), order}, nil
}

// timeline joins what every room keeps of the customer, newest first: one page of it, and where the next begins.
func (s *Seat) timeline(tx *db.Tx, w Whole, services []customer.Service, after string, limit int) ([]Happened, string, error) {
	if limit <= 0 || limit > pageMost {
		limit = 25
	}
	from, err := placeOf(after, tx.Now)
	if err != nil {
		return nil, "", err
	}
	all := w.kept()
	asked, err := registration.Timeline(tx, w.Customer.ID, from.at, 2*limit)
	if err != nil {
		return nil, "", err
	}
	for _, h := range asked {
		all = append(all, Happened{At: h.At, Kind: Asked, Ref: h.No, Labels: []string{h.Package}, State: h.Became, Move: h.Move, Text: h.Note, By: h.By, order: fmt.Sprintf("r%s-%05d", h.No, h.Seq)})
	}
	for _, subject := range subjects(w.Customer.ID, services) {
		more, err := s.worked(tx, subject, from.at, 2*limit)
		if err != nil {
			return nil, "", err
		}
		all = append(all, more...)
	}
	for _, no := range numbers(services) {
		happened, err := trouble.Timeline(tx, no, from.at, 2*limit)
		if err != nil {
			return nil, "", err
		}
		for _, h := range happened {
			one := Happened{At: h.At, Kind: Moved, Ref: h.No, State: string(h.Became), Move: h.Move, By: h.By, line: &h.Line, order: fmt.Sprintf("m%s-%05d", h.Ticket, h.ID)}
			if h.Move == "" {
				one.Kind, one.Type, one.Text, one.order = Noted, h.Type, h.Summary, "n"+h.ID.String()
			}
			all = append(all, one)
		}
	}
	all = slices.DeleteFunc(all, func(h Happened) bool {
		return h.At.After(from.at) || h.At.Equal(from.at) && h.order >= from.order
	})
	slices.SortFunc(all, func(a, b Happened) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.order, a.order)) })
	next := ""
	if len(all) > limit {
		all = all[:limit]
		next = fmt.Sprintf("%d_%s", db.Millis(all[limit-1].At), all[limit-1].order)
	}
	return all, next, s.tell(tx, all)
}

// kept is what the customer's own room tells of the past.
func (w Whole) kept() []Happened {
	var all []Happened
	for _, b := range w.Bills {
		for _, p := range b.Payments {
			all = append(all, Happened{At: p.At, Kind: Paid, Ref: b.Period, Amount: p.Amount, Text: p.Place, order: "p" + b.ID.String() + p.Ref})
		}
	}
	for _, o := range w.Orders {
		all = append(all, Happened{At: o.OrderedAt, Kind: Ordered, Ref: o.No, Type: o.Kind, Text: o.Package, order: "o" + o.No})
		if !o.EndedAt.IsZero() {
			all = append(all, Happened{At: o.EndedAt, Kind: OrderEnd, Ref: o.No, Type: o.Kind, State: o.State, order: "q" + o.No})
		}
	}
	for _, c := range w.Cares {
		all = append(all, Happened{At: c.OpenedAt, Kind: CareIn, Ref: c.No, Type: c.Kind, order: "s" + c.No})
		if !c.ClosedAt.IsZero() {
			all = append(all, Happened{At: c.ClosedAt, Kind: CareClose, Ref: c.No, Type: c.Kind, State: c.State, order: "t" + c.No})
		}
	}
	return all
}

// worked is what the queue tells of a subject: what came in, and every turn. What a turn's calls were is read for a page only.
func (s *Seat) worked(tx *db.Tx, subject string, until time.Time, limit int) ([]Happened, error) {
	var all []Happened
	in, err := ticket.OpenedBefore(tx, subject, until, limit)
	if err != nil {
		return nil, err
	}
	for _, t := range in {
		all = append(all, Happened{At: t.OpenedAt, Kind: CameIn, Ref: t.Ref, Campaign: t.Campaign, Text: t.Note, name: t.ContactName, order: "c" + t.ID.String()})
	}
	turns, err := ticket.TurnsBefore(tx, subject, until, limit)
	if err != nil {
		return nil, err
	}
	for _, past := range turns {
		h := Happened{At: past.FinishedAt, Kind: Called, Ref: past.Ref, Campaign: past.Code, By: past.Agent, turn: past.ID, order: "u" + past.ID.String()}
		if c, err := s.Campaigns.Pinned(tx, past.Code, past.Revision); err == nil {
			h.Remarks, h.Title, h.Labels = c.Procedure.Remarks(past.Answers), outcomeTitle(c.Procedure, past.Outcome), Labels(c.Procedure, past.Answers)
			h.Clause, h.Revision = outcomeClause(c.Procedure, past.Outcome), past.Revision
		}
		all = append(all, h)
	}
	back, err := ticket.GivenBack(tx, subject, until, limit)
	if err != nil {
		return nil, err
	}
	for _, past := range back {
		calls, err := call.OfTurn(tx, past.ID)
		if err != nil {
			return nil, err
		}
		if len(calls) > 0 {
			all = append(all, Happened{At: past.EndedAt, Kind: GaveBack, Ref: past.Ref, Campaign: past.Code, By: past.Agent, turn: past.ID, order: "g" + past.ID.String()})
		}
	}
	return all, nil
}

// tell adds to the turns of a page what their calls were, and to what happened with trouble tickets the clause it rests on.
func (s *Seat) tell(tx *db.Tx, page []Happened) error {
	var of []*Happened
	var lines []trouble.Line
	for i := range page {
		h := &page[i]
		if h.line != nil {
			of, lines = append(of, h), append(lines, *h.line)
		}
		if h.turn == 0 {
			continue
		}
		calls, err := call.OfTurn(tx, h.turn)
		if err != nil {
			return err
		}
		for _, at := range calls {
			h.Line, h.TalkS, h.Attempts = at.Line, h.TalkS+at.TalkS, h.Attempts+1
		}
	}
	if len(lines) == 0 {
		return nil
	}
	revisions, err := s.Campaigns.Revisions(tx)
	if err != nil {
		return err
	}
	refs, err := trace.Lines(tx, revisions, lines)
	for i, ref := range refs {
		of[i].Clause, of[i].Revision = ref.Clause, ref.Revision
	}
	return err
}
