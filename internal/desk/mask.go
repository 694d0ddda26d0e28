package desk

import (
	"maps"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/phone"
	"sapa/internal/registration"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// Hidden are the names that somebody need not read in what was typed about a customer: theirs, of their contacts, and those that are told;
// none for who reads names. customer.MaskNames hides them.
func Hidden(tx *db.Tx, a who.Actor, id db.ID, told ...string) ([]string, error) {
	if staff.Plain(a, staff.FieldName) {
		return nil, nil
	}
	names, err := customer.Names(tx, id)
	return append(told, names...), err
}

// MaskTicket puts dots over the names in a ticket, also in what was typed into it, where this person need not read them. Who opened it, as a
// feed does, has brought them.
func MaskTicket(tx *db.Tx, a who.Actor, t ticket.Ticket) (ticket.Ticket, error) {
	if t.OpenedBy == db.ID(a.ID) {
		return t, nil
	}
	hidden, err := Hidden(tx, a, t.Customer, t.ContactName)
	if len(hidden) == 0 || err != nil {
		return t, err
	}
	t.ContactName, t.Note = customer.MaskWords(t.ContactName), customer.MaskNames(t.Note, hidden)
	t.Fields = maps.Clone(t.Fields)
	for id, text := range t.Fields {
		t.Fields[id] = customer.MaskNames(text, hidden)
	}
	return t, nil
}

// MaskTrouble does the same for a trouble ticket, and gives the names to hide in its worklog and history.
func MaskTrouble(tx *db.Tx, a who.Actor, t trouble.Ticket) (trouble.Ticket, []string, error) {
	hidden, err := Hidden(tx, a, t.Customer, t.CustomerName, t.ContactName)
	if len(hidden) == 0 || err != nil {
		return t, nil, err
	}
	t.CustomerName, t.ContactName, t.Subject.Name = customer.MaskWords(t.CustomerName), customer.MaskWords(t.ContactName), customer.MaskWords(t.Subject.Name)
	t.Description, t.ClosingReason = customer.MaskNames(t.Description, hidden), customer.MaskNames(t.ClosingReason, hidden)
	return t, hidden, nil
}

// MaskRegistration puts dots over the name and address of whoever asked, and over names and numbers in what was typed, its history's notes
// too, where this person need not read them; the telephone masks itself.
func MaskRegistration(tx *db.Tx, a who.Actor, r registration.Request, history []registration.Moved) (registration.Request, error) {
	hidden, err := Hidden(tx, a, r.Customer, r.Name)
	if err != nil {
		return r, err
	}
	typed := func(text string) string {
		if !staff.Plain(a, staff.FieldPhone) {
			text = phone.MaskText(text)
		}
		return customer.MaskNames(text, hidden)
	}
	if len(hidden) > 0 {
		r.Name = customer.MaskWords(r.Name)
	}
	if !staff.Plain(a, staff.FieldAddress) {
		r.Address = customer.MaskWords(r.Address)
	}
	r.Note = typed(r.Note)
	for i := range history {
		history[i].Note = typed(history[i].Note)
	}
	return r, nil
}

// FindTickets looks for tickets that somebody may see, as ticket.Search does, but not by names that they need not read: those are not to be
// found out by guessing.
func FindTickets(tx *db.Tx, a who.Actor, q string) ([]ticket.Ticket, error) {
	found, err := ticket.Search(tx, staff.ScopeOf(a), q)
	if ticket.ByName(q) && !staff.Plain(a, staff.FieldName) {
		return nil, err
	}
	for i := range found {
		if found[i], err = MaskTicket(tx, a, found[i]); err != nil {
			return nil, err
		}
	}
	return found, err
}

// mask puts dots where this person need not read, before anything leaves the desk.
func (w *Whole) mask(a who.Actor) {
	w.Reveals = staff.May(a, staff.ActReveal) == nil
	for _, f := range staff.Fields() {
		if !staff.Plain(a, f) {
			w.Hidden = append(w.Hidden, f)
		}
	}
	if w.Hides(staff.FieldName) {
		w.maskNames()
		w.Customer.Name = customer.MaskWords(w.Customer.Name)
		for i := range w.Contacts {
			w.Contacts[i].Name = customer.MaskWords(w.Contacts[i].Name)
		}
	}
	if w.Hides(staff.FieldAddress) {
		w.Customer.Address = customer.MaskWords(w.Customer.Address)
	}
	if w.Hides(staff.FieldNCLI) {
		w.Customer.NCLI = customer.MaskDigits(w.Customer.NCLI)
	}
	if w.Hides(staff.FieldPhone) { // whoever typed it stored it whole: it is masked on the way out only
		for i, h := range w.Timeline {
			w.Timeline[i].Remarks = phone.MaskText(h.Remarks)
			if typed(h.Kind) {
				w.Timeline[i].Text = phone.MaskText(h.Text)
			}
		}
	}
	if !w.Hides(staff.FieldAmount) {
		return
	}
	w.Isolir.Overdue = 0
	for i := range w.Bills {
		w.Bills[i].Amount, w.Bills[i].Paid, w.Bills[i].Payments = 0, 0, nil
	}
	for i := range w.Timeline {
		w.Timeline[i].Amount = 0
	}
}

// maskNames puts dots over names in what was typed about the customer.
func (w *Whole) maskNames() {
	names := []string{w.Customer.Name}
	for _, c := range w.Contacts {
		names = append(names, c.Name)
	}
	for _, t := range w.Tickets {
		names = append(names, t.ContactName)
	}
	for _, t := range w.Troubles {
		names = append(names, t.CustomerName, t.ContactName)
	}
	for i := range w.Timeline {
		h := &w.Timeline[i]
		named := append(names, h.name)
		h.Remarks = customer.MaskNames(h.Remarks, named)
		if typed(h.Kind) {
			h.Text = customer.MaskNames(h.Text, named)
		}
	}
}

// typed tells whether the text of a kind is what somebody typed.
func typed(kind string) bool { return kind == CameIn || kind == Noted || kind == Asked }
