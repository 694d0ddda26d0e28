package tmf

import (
	"context"
	"hash/fnv"
	"strings"

	"sapa/internal/fault"
	"sapa/internal/outbox"
)

// Carrier brings errands into an outside ticket system by TMF621: it is a courier.Carrier.
type Carrier struct {
	Tickets
	turns [64]chan struct{} // one errand of a ticket at a time
}

// NewCarrier makes a carrier to an API of trouble tickets.
func NewCarrier(t Tickets) *Carrier {
	c := &Carrier{Tickets: t}
	for i := range c.turns {
		c.turns[i] = make(chan struct{}, 1)
	}
	return c
}

// Carry brings an errand over exactly once. Each part of it is looked for before it is done, so that after any error it may be
// called again.
func (c *Carrier) Carry(ctx context.Context, e outbox.Errand) (string, error) {
	h := fnv.New32a()
	_, _ = h.Write([]byte(e.Number + "/" + e.External)) // a hash never fails
	turn := c.turns[h.Sum32()%uint32(len(c.turns))]
	select {
	case turn <- struct{}{}:
		defer func() { <-turn }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	t, err := c.ticket(ctx, e)
	if err != nil {
		return t.key(), again(err)
	}
	if !sameService(t.ServiceNo(), e.ServiceNo) {
		return t.key(), fault.New(fault.Conflict, "tmf.other-service")
	}
	if e.Text == "" && e.State == "" {
		return t.key(), nil
	}
	say := Telling{Mark: e.Mark, Author: e.Author, Date: e.At, Text: e.Text, Status: Status(e.State), Reason: e.Reason}
	if say.Text == "" {
		say.Text = e.State
	}
	_, err = c.Tell(ctx, t.key(), say)
	return t.key(), again(err)
}

func (c *Carrier) ticket(ctx context.Context, e outbox.Errand) (Ticket, error) {
	switch {
	case e.Open != nil:
		n := Ticket{ExternalID: e.External, Name: e.Open.Subject, Description: e.Open.Description, TicketType: e.Open.Service, Severity: severity(e.Open.Urgency),
			Type: "TroubleTicket"}
		if e.Open.ServiceNo != "" {
			n.RelatedEntity = []Entity{Affects(e.Open.ServiceNo)}
		}
		return c.Open(ctx, n)
	case e.Number != "":
		return c.Get(ctx, e.Number)
	}
	t, err := c.ByExternal(ctx, e.External)
	if fault.Is(err, fault.Missing) { // opened here, and the errand that opens it there is still on its way
		err = fault.New(fault.Busy, "tmf.not-yet")
	}
	return t, err
}

// again makes busy of a conflict that a new look may solve; a way that is not there stays a conflict. What the way out refuses is about the
// site's settings, not about the errand: it waits until somebody puts them right.
func again(err error) error {
	no := fault.Of(err)
	switch {
	case no == nil:
	case no.Key == "tmf.conflict":
		return fault.New(fault.Busy, no.Key, "reason", no.Values["reason"])
	case strings.HasPrefix(no.Key, "egress.") && no.Kind != fault.Busy:
		return &fault.Error{Kind: fault.Forbidden, Key: no.Key, Values: no.Values}
	}
	return err
}

// sameService tells whether a ticket may be of a service: other systems write a number with something before or behind it.
func sameService(there, here string) bool {
	return there == "" || here == "" || strings.Contains(there, here) || strings.Contains(here, there)
}

// severity is an urgency of the complaint form as My CX shows it (SOP 5.2.10.p).
func severity(urgency string) string {
	if urgency == "" {
		return "Normal"
	}
	return strings.ToUpper(urgency[:1]) + urgency[1:]
}
