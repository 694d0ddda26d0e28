package desk

import (
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/line"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
)

// FreshMeasurement is how long a measurement speaks for the line of a call that goes on (SOP 5.2.10.j).
const FreshMeasurement = time.Hour

// reports finds the trouble tickets a ticket is about: the one it names or that was opened in this turn, and all that are
// open for its service (SOP 5.2.10.check).
func (b *bench) reports(tx *db.Tx) (err error) {
	if no := b.ticket.Fields["ticket_no"]; no != "" {
		t, err := trouble.ByNo(tx, no)
		switch {
		case err == nil:
			b.about = &t
		case !fault.Is(err, fault.Missing):
			return err
		}
	}
	if b.ticket.ServiceNo == "" {
		return nil
	}
	const page = 20
	all, err := trouble.OfService(tx, b.ticket.ServiceNo, page)
	if err != nil {
		return err
	}
	for i, t := range all {
		if t.Open() {
			b.open = append(b.open, all[i])
		}
		if b.made == nil && t.SourceTicket == b.ticket.ID && !t.OpenedAt.Before(b.turn.ClaimedAt) {
			b.made = &all[i]
		}
	}
	if len(all) == page { // an open one may be older than these
		if b.open, err = trouble.OpenOfService(tx, b.ticket.ServiceNo); err != nil {
			return err
		}
	}
	switch {
	case b.made != nil:
		b.about = b.made
	case b.about == nil && len(b.open) > 0:
		b.about = &b.open[0]
	}
	return nil
}

// verdict gives what the line's last measurement says, while it is fresh: none, spec, unspec or failed.
func verdict(tx *db.Tx, serviceNo string) (string, *line.Measurement, error) {
	if serviceNo == "" {
		return "none", nil, nil
	}
	m, err := line.Latest(tx, serviceNo)
	switch {
	case fault.Is(err, fault.Missing):
		return "none", nil, nil
	case err != nil:
		return "", nil, err
	case tx.Now.Sub(m.MeasuredAt) > FreshMeasurement:
		return "none", &m, nil
	}
	return map[string]string{line.Spec: "spec", line.Unspec: "unspec", line.Failed: "failed"}[m.Verdict], &m, nil
}

// numberOf is the trouble ticket's number that the result names (SOP 5.2.11.a.tiket: prefilled).
func (b bench) numberOf() string {
	if b.about != nil {
		return b.about.No
	}
	if no := b.ticket.Fields["ticket_no"]; no != "" || len(b.theirs) == 0 {
		return no
	}
	return b.theirs[0].No
}

// Reports are the trouble tickets that a subject's open work is about, for the screen.
func (s *Seat) Reports(tx *db.Tx, t ticket.Ticket) ([]trouble.Ticket, error) {
	if t.ServiceNo == "" {
		return nil, nil
	}
	return trouble.OfService(tx, t.ServiceNo, 20)
}
