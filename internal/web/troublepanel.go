package web

import (
	"slices"

	"sapa/internal/booking"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/phrase"
	"sapa/internal/trace"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// reportView is a trouble ticket as it stands beside a call: state, unit, booking, the last of its worklog, the moves that
// are legal now.
type reportView struct {
	trouble.Ticket
	Booking *booking.Booking
	Slot    *booking.Slot
	Notes   []trouble.Note // newest first
	Refs    []trace.Ref    // of each note: the clause it rests on
	Moves   []trouble.Move
	Fresh   bool // filed in this turn
}

// reportOf reads a trouble ticket with at most so many of its last worklog entries (SOP 5.3.4, 5.5.6, 5.7.6).
func (s *Server) reportOf(tx *db.Tx, t trouble.Ticket, notes int, by who.Actor) (reportView, error) {
	v := reportView{Ticket: t, Moves: trouble.Moves(t, string(by.Role))}
	all, err := trouble.Worklog(tx, t.ID)
	if err != nil {
		return v, err
	}
	all = slices.DeleteFunc(all, func(n trouble.Note) bool { return !n.StruckAt.IsZero() })
	slices.Reverse(all)
	v.Notes = all[:min(notes, len(all))]
	var lines []trouble.Line
	for _, n := range v.Notes {
		lines = append(lines, n.Line())
	}
	revisions, err := s.Campaigns.Revisions(tx)
	if err != nil {
		return v, err
	}
	if v.Refs, err = trace.Lines(tx, revisions, lines); err != nil {
		return v, err
	}
	b, err := booking.OfRef(tx, t.No)
	if fault.Is(err, fault.Missing) {
		return v, nil
	}
	if err != nil {
		return v, err
	}
	slot, err := booking.SlotOf(tx, b.Slot)
	v.Booking, v.Slot = &b, &slot
	return v, err
}

// reports are the trouble tickets of the ticket in hand: first the one it is about, then the service's others.
type reports struct {
	About *reportView
	Rest  []trouble.Ticket
}

// notesShown is how much of the worklog stands beside the call.
const notesShown = 4

func (s *Server) reports(tx *db.Tx, turn desk.Turn, by who.Actor) (reports, error) {
	var r reports
	all, err := s.Seat.Reports(tx, turn.Ticket)
	if err != nil {
		return r, err
	}
	at := -1
	// What the result names comes first: the one filed in this turn stands there, before the one the row came with.
	for _, no := range []string{turn.Answers["ticket_no"], turn.Ticket.Fields["ticket_no"]} {
		if at < 0 && no != "" {
			at = slices.IndexFunc(all, func(t trouble.Ticket) bool { return t.No == no })
		}
	}
	if no := turn.Ticket.Fields["ticket_no"]; at < 0 && no != "" { // of another service, as the parent of an outage is
		switch t, err := trouble.ByNo(tx, no); {
		case err == nil:
			all, at = append(all, t), len(all)
		case !fault.Is(err, fault.Missing):
			return r, err
		}
	}
	if at < 0 {
		at = slices.IndexFunc(all, trouble.Ticket.Open)
	}
	for i, t := range all {
		if i != at {
			r.Rest = append(r.Rest, t)
			continue
		}
		v, err := s.reportOf(tx, t, notesShown, by)
		if err != nil {
			return r, err
		}
		v.Fresh = t.SourceTicket == turn.Ticket.ID && !turn.ReadAt.IsZero() && !t.OpenedAt.Before(turn.ReadAt)
		r.About = &v
	}
	return r, nil
}

// unit is the name of the owner group.
func (v reportView) unit(l phrase.Lang) string { return unitName(l, v.Group) }

func unitName(l phrase.Lang, id string) string {
	if g, known := trouble.GroupOf(id); known {
		return g.Name.In(string(l))
	}
	return id
}

func stateTag(t trouble.Ticket) string {
	if t.Open() {
		return "tag kunyit"
	}
	return "tag daun"
}

// moveName says a move of Route Workflow with the state it leads to.
func moveName(l phrase.Lang, m trouble.Move) string {
	return phrase.Say(l, "trouble.move."+m.Name) + " → " + string(m.Becomes)
}

// sinceText is when it was opened, on the site's clock.
func (p deskData) sinceText(t trouble.Ticket) string {
	at := t.OpenedAt.In(p.Now.Location())
	return p.T("complaint.since", "day", phrase.Day(p.Lang, at), "clock", phrase.Clock(p.Lang, at))
}

func (p deskData) momentOf(n trouble.Note) string {
	at := n.At.In(p.Now.Location())
	return phrase.Day(p.Lang, at) + " " + phrase.Clock(p.Lang, at)
}

func restText(p deskData, n int) string {
	return plural(p, "complaint.earlier", "complaint.earlier-one", n)
}
