package desk

import (
	"fmt"
	"slices"
	"strings"

	"sapa/internal/call"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/phone"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// T2O is the owner group of this desk: its incidents are the work list of 5.3.3, My Group's Incidents.
const T2O = "t2o"

// ended is what becomes of rows whose trouble ticket was closed meanwhile (5.7.8.b.junk.tiket-sudah-close).
const ended = "tiket-sudah-close"

// follow lets the campaigns follow a trouble ticket's change, in the act that makes it, each once:
//
//   - SOP 5.7, A-27: its lapul count has risen and nobody has talked to the customer since: Fresh Lapul.
//   - SOP 5.5.6: the backend or a technician has updated it: C4 Carring.
//   - SOP 5.6.1.filter: it was closed by ditcons request: Force Close.
//   - SOP 5.3.3: it has come to this desk's group: Nossa.
//   - It has ended: rows that wait for it leave the work list as "Tiket sudah close"; a parent takes its children along.
//
// talking says that the change is made during a call with the customer.
func (s *Seat) follow(tx *db.Tx, a who.Actor, c trouble.Change, talking bool) error {
	t := c.After
	if c.Left() {
		if err := s.leave(tx, t); err != nil {
			return err
		}
		if err := s.over(tx, a, c); err != nil {
			return err
		}
		children, err := trouble.CompleteChildren(tx, a, t.ID)
		if err != nil {
			return err
		}
		for _, child := range children {
			if err := s.follow(tx, who.House, child, false); err != nil {
				return err
			}
		}
	}
	var err error
	if c.Lapul() > 0 && t.Open() && !talking {
		err = s.feed(tx, t, "fresh-lapul", fmt.Sprintf("%s-L%d", t.No, t.Lapul), c.Note)
	}
	if n := c.Note; err == nil && n != nil && n.Type == trouble.UpdateInfo && n.Turn == 0 && t.Open() { // not what an agent's own result says
		var updates int
		if updates, err = trouble.CountNotes(tx, t.ID, trouble.UpdateInfo); err == nil {
			err = s.feed(tx, t, "c4-carring", fmt.Sprintf("%s-U%d", t.No, updates), n)
		}
	}
	if err == nil && t.State == trouble.Closed && c.Before.State != trouble.Closed && strings.EqualFold(t.ClosingReason, trouble.CloseByDitcons) {
		err = s.feed(tx, t, "force-close", fmt.Sprintf("%s-F%d", t.No, t.Reopens), nil)
	}
	if err == nil && t.Open() && t.Group == T2O && (c.Before.Group != T2O || !c.Before.Open()) {
		err = s.feed(tx, t, "nossa", fmt.Sprintf("%s-N%d", t.No, t.Steps), nil)
	}
	return err
}

// Follow is follow for the doors that bring changes of the other side in; they hold no ticket.
func (s *Seat) Follow(tx *db.Tx, a who.Actor, c trouble.Change) error {
	return s.follow(tx, a, c, false)
}

// feed puts a row for a trouble ticket into a campaign, unless one waits there for it already. A ticket without any number
// to call cannot be a row: the journal says so.
func (s *Seat) feed(tx *db.Tx, t trouble.Ticket, campaign, ref string, because *trouble.Note) error {
	n := ticket.New{Campaign: campaign, Ref: ref, ServiceNo: t.ServiceNo, Customer: t.Customer, ContactName: t.ContactName, Source: "feed",
		Note: t.Description, Zone: s.Site.String(), Fields: map[string]string{"ticket_no": t.No}}
	if because != nil { // what the agent has to read first (5.5.6, 5.7.6)
		n.Note = short(strings.TrimSpace(because.Detail+"\n\n"+t.Description), 7900)
	}
	if t.Lapul > 0 {
		n.Fields["lapul"] = fmt.Sprint(t.Lapul)
	}
	c, _, err := customer.OfTicket(tx, t.Customer, t.ServiceNo)
	switch {
	case err == nil:
		n.Customer, n.Zone = c.ID, c.Zone
		if n.ContactName == "" {
			n.ContactName = c.Name
		}
	case !fault.Is(err, fault.Missing):
		return err
	default:
		if zone, ok := phone.ZoneOfArea(t.ServiceNo); ok {
			n.Zone = zone
		}
	}
	for _, number := range []phone.Number{t.ContactMobile, c.Phone} {
		if number != "" && (len(n.Contacts) == 0 || n.Contacts[0].Phone != number) {
			n.Contacts = append(n.Contacts, ticket.Contact{Phone: number})
		}
	}
	if len(n.Contacts) == 0 {
		_, err := journal.Write(tx, journal.Entry{By: who.House, Act: "feed.no-contact", Kind: "trouble", Ref: t.ID, Data: map[string]string{"campaign": campaign}})
		return err
	}
	subject := ticket.Subject(n.Customer, n.ServiceNo, n.Contacts[0].Phone)
	waiting, err := ticket.OpenOfSubject(tx, subject, 0)
	if err != nil {
		return err
	}
	for _, w := range waiting {
		if w.Campaign == campaign && w.Fields["ticket_no"] == t.No {
			return nil
		}
	}
	if _, _, err := ticket.Open(tx, who.House, n); err != nil {
		return err
	}
	s.tellBoard(tx)
	return nil
}

// leave takes the rows that wait for a trouble ticket out of work. One that an agent holds stays theirs; the screen says
// that the ticket is closed (facts: ticket_state).
func (s *Seat) leave(tx *db.Tx, t trouble.Ticket) error {
	rows, err := s.rowsOf(tx, t)
	if err != nil {
		return err
	}
	for _, row := range rows {
		switch row.Campaign {
		case "fresh-lapul", "c4-carring", "ivr-gamas", "nossa":
		default:
			continue // Callback and Ideas are about the customer, Force Close about the closing itself
		}
		if _, err := ticket.GoneBySystem(tx, row.ID, ended); err != nil && !fault.Is(err, fault.Conflict) {
			return err
		}
		if row.State == ticket.Claimed {
			s.tellHolder(tx, row.ID)
		}
	}
	if len(rows) > 0 {
		s.tellBoard(tx)
	}
	return nil
}

// subjectsOf are the subjects under which rows about a trouble ticket stand.
func (s *Seat) subjectsOf(tx *db.Tx, t trouble.Ticket) (map[string]bool, error) {
	subjects := map[string]bool{}
	if t.ServiceNo != "" {
		subjects[ticket.Subject(0, t.ServiceNo, "")] = true
	}
	if c, _, err := customer.OfTicket(tx, t.Customer, t.ServiceNo); err == nil {
		subjects[ticket.Subject(c.ID, "", "")] = true
	} else if !fault.Is(err, fault.Missing) {
		return nil, err
	}
	if t.ServiceNo == "" && t.ContactMobile != "" {
		subjects[ticket.Subject(0, "", t.ContactMobile)] = true
	}
	return subjects, nil
}

// rowsOf lists the open rows about a trouble ticket.
func (s *Seat) rowsOf(tx *db.Tx, t trouble.Ticket) ([]ticket.Ticket, error) {
	subjects, err := s.subjectsOf(tx, t)
	if err != nil {
		return nil, err
	}
	var rows []ticket.Ticket
	for subject := range subjects {
		open, err := ticket.OpenOfSubject(tx, subject, 0)
		if err != nil {
			return nil, err
		}
		for _, row := range open {
			if row.Fields["ticket_no"] == t.No {
				rows = append(rows, row)
			}
		}
	}
	return rows, nil
}

// QueueOf lists the tickets of the queue that belong to a trouble ticket and that somebody may see: the one whose call it was
// opened in, and the open rows that are about it.
func (s *Seat) QueueOf(tx *db.Tx, a who.Actor, t trouble.Ticket) ([]ticket.Ticket, error) {
	rows, err := s.rowsOf(tx, t)
	if err != nil {
		return nil, err
	}
	ids := []db.ID{t.SourceTicket}
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	slices.Sort(ids)
	var seen []ticket.Ticket
	for _, id := range slices.Compact(ids) {
		if id == 0 {
			continue
		}
		one, err := ticket.Seen(tx, staff.ScopeOf(a), id)
		switch {
		case err == nil:
			seen = append(seen, one)
		case !fault.Is(err, fault.Missing):
			return nil, err
		}
	}
	return seen, nil
}

// tellHolder says to the agent who holds a ticket that what it is about has changed.
func (s *Seat) tellHolder(tx *db.Tx, id db.ID) {
	if agent, held, err := ticket.HolderOf(tx, id); err == nil && held {
		s.tellAfter(tx, agent, "trouble", id)
	}
}

// Move makes a move of the workflow of a trouble ticket (5.3.7.a.route) and lets the campaigns follow.
func (s *Seat) Move(tx *db.Tx, a who.Actor, no string, step trouble.Step) (trouble.Ticket, error) {
	t, err := trouble.ByNo(tx, no)
	if err != nil {
		return t, err
	}
	t, c, err := trouble.Apply(tx, a, t.ID, step)
	if err != nil {
		return t, err
	}
	return t, s.follow(tx, a, c, false)
}

// Note puts a new row into the worklog of a trouble ticket (5.5.9, 5.7.9) and lets the campaigns follow.
func (s *Seat) Note(tx *db.Tx, a who.Actor, no string, n trouble.Note) (trouble.Ticket, error) {
	t, err := trouble.ByNo(tx, no)
	if err != nil {
		return t, err
	}
	t, c, err := trouble.AddNote(tx, a, t.ID, n)
	if err != nil {
		return t, err
	}
	return t, s.follow(tx, a, c, s.talks(tx, a, t))
}

// talks tells whether the one who acts is in a call about this service now.
func (s *Seat) talks(tx *db.Tx, a who.Actor, t trouble.Ticket) bool {
	held, _, yes, err := ticket.Held(tx, db.ID(a.ID))
	if err != nil || !yes || held.ServiceNo != t.ServiceNo {
		return false
	}
	turn, err := ticket.TurnOf(tx, held.ID)
	if err != nil {
		return false
	}
	attempts, err := call.OfTurn(tx, turn.ID)
	return err == nil && call.Evidence(attempts) == string(call.Answered)
}
