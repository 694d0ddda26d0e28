package desk

import (
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/outbox"
	"sapa/internal/who"
)

// Brings tells whether sapa itself brings promises to an application: letters with a mail server, and what an outside ticket
// system is told over a connector. All others are tasks for people.
func (s *Seat) Brings(app string) bool { return app == outbox.Mail && s.Mail || s.Carried[app] }

// PromiseDone keeps that a person has brought a promise over. Conflict "outbox.brought" while sapa is to do it itself: done twice, it
// would be there twice. What has been refused for good is a person's again.
func (s *Seat) PromiseDone(tx *db.Tx, a who.Actor, id db.ID, reference string) (outbox.Promise, error) {
	p, err := outbox.Get(tx, id)
	if err == nil && p.State == outbox.Open && s.Brings(p.App) {
		err = fault.New(fault.Conflict, "outbox.brought", "app", p.App).At("state", p.Clause)
	}
	if err != nil {
		return p, err
	}
	return outbox.MarkDone(tx, a, id, reference)
}
