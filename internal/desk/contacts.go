package desk

import (
	"slices"

	"sapa/internal/call"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/phone"
	"sapa/internal/procedure"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// owner finds the customer a ticket is about; false when the house knows none.
func owner(tx *db.Tx, t ticket.Ticket) (db.ID, bool, error) {
	if t.Customer != 0 || t.ServiceNo == "" {
		return t.Customer, t.Customer != 0, nil
	}
	c, err := customer.ByService(tx, t.ServiceNo)
	if fault.Is(err, fault.Missing) {
		return 0, false, nil
	}
	return c.ID, err == nil, err
}

// offer brings what the customer's contacts have learned since into a ticket that was claimed: a number found dead in another
// call goes last, the customer's other numbers can be called too (SOP 5.2.7, 5.2.11.b1.not-valid). The ticket's own numbers
// keep their order. A number that a person put into the ticket after it was found dead speaks for itself, and the last number
// there is stays one to try.
func offer(tx *db.Tx, a who.Actor, t ticket.Ticket) (ticket.Ticket, error) {
	id, known, err := owner(tx, t)
	if err != nil || !known {
		return t, err
	}
	theirs, err := customer.Contacts(tx, id)
	if err != nil {
		return t, err
	}
	return ticket.Numbers(tx, a, t, merged(t, theirs))
}

func merged(t ticket.Ticket, theirs []customer.Contact) []ticket.Contact {
	all := slices.Clone(t.Contacts)
	for _, c := range theirs {
		i := slices.IndexFunc(all, func(own ticket.Contact) bool { return own.Phone == c.Phone })
		switch {
		case i < 0 && c.Dead == nil:
			all = append(all, ticket.Contact{Phone: c.Phone, Note: whose(c)})
		case i >= 0 && c.Dead != nil && (t.OpenedBy == 0 || t.OpenedAt.Before(c.Dead.At)):
			all[i].Bad = true
		}
	}
	if !slices.ContainsFunc(all, func(c ticket.Contact) bool { return !c.Bad }) {
		return t.Contacts
	}
	slices.SortStableFunc(all, func(a, b ticket.Contact) int {
		switch {
		case a.Bad == b.Bad:
			return 0
		case a.Bad:
			return 1
		}
		return -1
	})
	return all
}

func whose(c customer.Contact) string {
	if c.Relation != "" && c.Name != "" {
		return c.Name + " (" + c.Relation + ")"
	}
	return c.Name + c.Relation
}

// learn brings what a call has shown about numbers to the customer's contacts, so that the next ticket offers the right one:
// the number called is dead or wrong (flag-contact), somebody who speaks for the customer was reached at it, or another number
// was given (SOP 5.2.7).
func learn(tx *db.Tx, a who.Actor, b bench, d procedure.Decision) error {
	id, known, err := owner(tx, b.ticket)
	if err != nil || !known {
		return err
	}
	called := dialled(b)
	switch {
	case slices.ContainsFunc(d.Effects, func(e procedure.Effect) bool { return e.Do == "flag-contact" }):
		death := customer.Death{How: customer.Told, Ticket: b.ticket.ID}
		for _, at := range b.attempts {
			if at.Number == called && at.Line != call.Failed && at.Line != call.Unknown {
				death.Attempt, death.How = at.ID, how(d.Means)
			}
		}
		_, err = customer.Died(tx, a, id, called, death)
	case len(b.attempts) > 0 && slices.Contains(d.Means, "reached-decider"):
		_, err = customer.Lives(tx, a, id, customer.Contact{Phone: called}, b.ticket.ID)
	}
	if err != nil {
		return err
	}
	if given, err := phone.Parse(d.Answers["other_contact"]); err == nil && given != called {
		_, err = customer.Lives(tx, a, id, customer.Contact{Phone: given}, b.ticket.ID)
		return err
	}
	return nil
}

// how says in which way a number that was called is none, by what the result means.
func how(means []string) string {
	for _, m := range means {
		if m != customer.Told && slices.Contains(customer.Hows, m) {
			return m
		}
	}
	return customer.Unreachable
}

// unlearn takes the deaths back that an undone turn had learned. A number that was given stays: it was said.
func unlearn(tx *db.Tx, a who.Actor, turn ticket.Turn) error {
	t, err := ticket.Get(tx, turn.Ticket)
	if err != nil {
		return err
	}
	id, known, err := owner(tx, t)
	if err != nil || !known {
		return err
	}
	return customer.Undied(tx, a, id, t.ID, turn.FinishedAt)
}
