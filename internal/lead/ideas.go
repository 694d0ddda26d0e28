package lead

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/form"
	"sapa/internal/live"
	"sapa/internal/outbox"
	"sapa/internal/phrase"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// IdeasCampaign is the campaign whose tickets a leader deals out (SOP 5.8).
const IdeasCampaign = "ideas"

// shownLists is how many lists, newest first, the board looks at: a morning's lists and those of the days before.
const shownLists = 30

// List is one batch as its leader sees it.
type List struct {
	form.Batch
	Left   int          // not dealt yet
	Shares []form.Share // by agent, the leader's own left out
}

// Ideas is the board of the Ideas lists.
type Ideas struct {
	Lists  []List // newest first
	Agents []staff.Person
	Loads  []Load // of Agents, in their order
	Forms  []form.Form
}

// LookIdeas gathers the lists that are a leader's to see, whom they can be dealt to with what each has since a moment, and the
// forms that came back (SOP 5.8.1, 5.8.6).
func LookIdeas(tx *db.Tx, a who.Actor, since time.Time) (Ideas, error) {
	var b Ideas
	if err := staff.May(a, staff.ActIdeas); err != nil {
		return b, err
	}
	batches, err := form.Batches(tx, 0, shownLists)
	if err != nil {
		return b, err
	}
	if b.Agents, err = team(tx, a); err != nil {
		return b, err
	}
	loads := map[db.ID]Load{}
	for _, one := range batches {
		if err := weigh(tx, one.ID, since, loads); err != nil {
			return b, err
		}
		if _, err := mine(tx, a, one.ID); fault.Is(err, fault.Missing) {
			continue
		} else if err != nil {
			return b, err
		}
		l := List{Batch: one}
		shares, err := form.Shares(tx, one.ID)
		if err != nil {
			return b, err
		}
		for _, s := range shares {
			if s.Agent == one.Leader {
				l.Left = s.Dealt
			} else {
				l.Shares = append(l.Shares, s)
			}
		}
		b.Lists = append(b.Lists, l)
		for _, state := range []string{form.Sent, form.Received} {
			some, err := form.List(tx, form.Filter{Kind: form.Ideas, Batch: one.ID, State: state, Limit: 200})
			if err != nil {
				return b, err
			}
			b.Forms = append(b.Forms, some...)
		}
	}
	slices.SortFunc(b.Forms, func(x, y form.Form) int { // what is to be received first, then the newest
		return cmp.Or(cmp.Compare(y.State, x.State), y.SentAt.Compare(x.SentAt), cmp.Compare(y.ID, x.ID))
	})
	for _, p := range b.Agents {
		l := loads[p.ID]
		l.Agent = p.ID
		b.Loads = append(b.Loads, l)
	}
	return b, nil
}

// weigh adds up what a list means for each agent's day.
func weigh(tx *db.Tx, batch db.ID, since time.Time, loads map[db.ID]Load) error {
	return tx.Each(`
		SELECT d.agent,
		       sum(CASE WHEN t.state = 'closed' THEN 1 ELSE 0 END),
		       sum(CASE WHEN t.state = 'claimed' OR (t.state IN ('waiting', 'parked') AND t.attempts > 0) THEN 1 ELSE 0 END),
		       sum(CASE WHEN t.state IN ('waiting', 'parked') AND t.attempts = 0 THEN 1 ELSE 0 END)
		  FROM form_deal d
		  JOIN ticket t ON t.id = d.ticket
		 WHERE d.batch = $1 AND d.moved_at = 0 AND (t.state <> 'closed' OR t.closed_at >= $2)
		 GROUP BY d.agent`, []any{batch, db.Millis(since)}, func(s db.Scanner) error {
		var agent db.ID
		var done, work, waiting int
		err := s.Scan(&agent, &done, &work, &waiting)
		l := loads[agent]
		l.Done, l.InWork, l.Waiting = l.Done+done, l.InWork+work, l.Waiting+waiting
		loads[agent] = l
		return err
	})
}

// team lists the agents a leader can deal Ideas tickets to: theirs, at work here, and with Ideas among their campaigns.
func team(tx *db.Tx, a who.Actor) ([]staff.Person, error) {
	all, err := staff.All(tx)
	if err != nil {
		return nil, err
	}
	var some []staff.Person
	for _, p := range all {
		can, err := canGet(tx, a, p)
		if err != nil {
			return nil, err
		}
		if can {
			some = append(some, p)
		}
	}
	return some, nil
}

func canGet(tx *db.Tx, a who.Actor, p staff.Person) (bool, error) {
	scope := staff.ScopeOf(a)
	if p.Role != who.Agent || p.Suspended() || !scope.All && int64(p.Team) != scope.Team {
		return false, nil
	}
	codes, err := staff.CampaignsOf(tx, p.ID)
	return len(codes) == 0 || slices.Contains(codes, IdeasCampaign), err
}

// mine reads a list that is a leader's to act on: their own, or one of a leader of the same team. Another one is not there.
func mine(tx *db.Tx, a who.Actor, batch db.ID) (form.Batch, error) {
	b, err := form.GetBatch(tx, batch)
	scope := staff.ScopeOf(a)
	if err != nil || scope.All || b.Leader == db.ID(a.ID) {
		return b, err
	}
	leader, err := staff.Get(tx, b.Leader)
	if err == nil && int64(leader.Team) == scope.Team {
		return b, nil
	}
	if err == nil || fault.Is(err, fault.Missing) {
		err = fault.New(fault.Missing, "form.no-batch")
	}
	return form.Batch{}, err
}

// Share is how many tickets one agent is to get.
type Share struct {
	Agent db.ID
	N     int
}

// Dealt is what one agent got, and whether a letter goes to them as well.
type Dealt struct {
	Agent  staff.Person
	N      int
	Mailed bool
}

// Deal shares tickets of a list out in one act: the oldest to whoever has least. Each ticket is its agent's from then on, who
// got what and when is kept, open screens hear of it, and who has an address gets a letter (SOP 5.8.1.distribute).
func Deal(tx *db.Tx, a who.Actor, hub *live.Hub, batch db.ID, shares []Share, since time.Time) ([]Dealt, error) {
	if err := staff.May(a, staff.ActIdeas); err != nil {
		return nil, err
	}
	b, err := mine(tx, a, batch)
	if err != nil {
		return nil, err
	}
	var locked db.ID // two leaders who deal one list go one after the other
	if err := tx.Row(`SELECT id FROM form_batch WHERE id = $1 /*pg: FOR UPDATE*/`, b.ID).Scan(&locked); err != nil {
		return nil, err
	}
	left, err := Undealt(tx, b)
	if err != nil {
		return nil, err
	}
	dealt, loads, add, err := share(tx, a, shares, since)
	if err != nil {
		return nil, err
	}
	n := 0
	for _, one := range add {
		n += one
	}
	switch {
	case n == 0:
		return nil, fault.New(fault.Invalid, "lead.deal-none").At("n", "5.8.1.distribute")
	case n > len(left): // somebody has dealt meanwhile, or the sum is wrong
		return nil, fault.New(fault.Conflict, "lead.deal-many", "asked", n, "left", len(left)).At("n", "5.8.1.distribute")
	}
	for k, i := range turns(loads, add) {
		t := left[k]
		if _, err := ticket.Deal(tx, a, t.ID, loads[i].Agent); err != nil {
			return nil, err
		}
		if err := form.Deal(tx, a, b.ID, t.ID, loads[i].Agent, number(t)); err != nil {
			return nil, err
		}
	}
	return dealt, tellDealt(tx, a, hub, b, dealt)
}

// share holds the shares against whom the leader may deal to.
func share(tx *db.Tx, a who.Actor, shares []Share, since time.Time) (dealt []Dealt, loads []Load, add []int, err error) {
	weights := map[db.ID]Load{}
	batches, err := form.Batches(tx, 0, shownLists)
	for _, one := range batches {
		if err == nil {
			err = weigh(tx, one.ID, since, weights)
		}
	}
	if err != nil {
		return nil, nil, nil, err
	}
	seen := map[db.ID]bool{}
	for _, s := range shares {
		if s.N == 0 {
			continue
		}
		if s.N < 0 || seen[s.Agent] {
			return nil, nil, nil, fault.New(fault.Invalid, "lead.deal-number").At("n", "5.8.1.distribute")
		}
		seen[s.Agent] = true
		p, err := staff.Get(tx, s.Agent)
		if err != nil {
			return nil, nil, nil, err
		}
		can, err := canGet(tx, a, p)
		if err != nil {
			return nil, nil, nil, err
		}
		if !can {
			return nil, nil, nil, fault.New(fault.Invalid, "lead.deal-agent", "name", p.Name).At("agent", "5.8.1.distribute")
		}
		l := weights[s.Agent]
		l.Agent = s.Agent
		dealt, loads, add = append(dealt, Dealt{Agent: p, N: s.N, Mailed: p.Email != ""}), append(loads, l), append(add, s.N)
	}
	return dealt, loads, add, nil
}

// Undealt lists the tickets of a list that its leader still has, the oldest first.
func Undealt(tx *db.Tx, b form.Batch) ([]ticket.Ticket, error) {
	deals, err := form.DealtTo(tx, b.ID, b.Leader)
	if err != nil {
		return nil, err
	}
	var left []ticket.Ticket
	for _, d := range deals {
		t, err := ticket.Get(tx, d.Ticket)
		if err != nil {
			return nil, err
		}
		if t.State == ticket.Waiting || t.State == ticket.Parked {
			left = append(left, t)
		}
	}
	slices.SortStableFunc(left, func(x, y ticket.Ticket) int { return x.OpenedAt.Compare(y.OpenedAt) })
	return left, nil
}

// number is the ticket's number in the list it came with.
func number(t ticket.Ticket) string {
	if no := t.Fields["list_no"]; no != "" {
		return no
	}
	return t.Ref
}

func tellDealt(tx *db.Tx, a who.Actor, hub *live.Hub, b form.Batch, dealt []Dealt) error {
	var letters []outbox.Promise
	for _, d := range dealt {
		if d.Mailed { // where they live is asked when it leaves
			letters = append(letters, outbox.Promise{App: outbox.Mail, Kind: outbox.DealLetter, Payload: fmt.Sprintf("%s/%s", b.ID, d.Agent.ID),
				Key: "deal " + d.Agent.ID.String(), Clause: "5.8.1.distribute",
				Text: phrase.Say(phrase.ID, "lead.deal-letter", "name", d.Agent.Name, "n", d.N, "batch", b.Name)})
		}
	}
	if _, err := outbox.Add(tx, a, letters); err != nil {
		return err
	}
	tx.After(func() {
		for _, d := range dealt {
			hub.Publish("agent:"+d.Agent.ID.String(), live.Event{Name: "dealt", Data: b.ID.String()})
		}
		hub.Soon("board", "queue")
	})
	return nil
}

// OpenForm reads a form that was sent to a leader, with its list and rows (SOP 5.8.6).
func OpenForm(tx *db.Tx, a who.Actor, id db.ID) (form.Form, form.Batch, []form.Row, error) {
	if err := staff.May(a, staff.ActIdeas); err != nil {
		return form.Form{}, form.Batch{}, nil, err
	}
	f, err := form.Get(tx, id)
	if err != nil {
		return f, form.Batch{}, nil, err
	}
	if f.Kind != form.Ideas || f.State == form.Open { // what is being filled is the agent's alone
		return form.Form{}, form.Batch{}, nil, fault.New(fault.Missing, "form.none")
	}
	b, err := mine(tx, a, f.Batch)
	if fault.Is(err, fault.Missing) {
		err = fault.New(fault.Missing, "form.none")
	}
	if err != nil {
		return form.Form{}, b, nil, err
	}
	rows, err := form.Rows(tx, id)
	return f, b, rows, err
}

// ReceiveForm keeps that the leader has a form; the agent's screen shows it at once. Twice is once.
func ReceiveForm(tx *db.Tx, a who.Actor, hub *live.Hub, id db.ID) (form.Form, error) {
	if _, _, _, err := OpenForm(tx, a, id); err != nil {
		return form.Form{}, err
	}
	if err := form.Check(tx, id); err != nil { // what is received is what was sent
		return form.Form{}, err
	}
	f, err := form.Receive(tx, a, id)
	if err != nil {
		return f, err
	}
	tx.After(func() {
		hub.Publish("agent:"+f.Agent.String(), live.Event{Name: "form", Data: f.ID.String()})
		hub.Soon("board", "form")
	})
	return f, nil
}

// FormsWaiting counts the forms sent to a leader and not received.
func FormsWaiting(tx *db.Tx, a who.Actor) (int, error) {
	n := 0
	batches, err := form.Batches(tx, 0, shownLists)
	for _, b := range batches {
		if err != nil {
			return 0, err
		}
		if _, err := mine(tx, a, b.ID); fault.Is(err, fault.Missing) {
			continue
		} else if err != nil {
			return 0, err
		}
		var some []form.Form
		some, err = form.List(tx, form.Filter{Kind: form.Ideas, Batch: b.ID, State: form.Sent, Limit: 200})
		n += len(some)
	}
	return n, err
}
