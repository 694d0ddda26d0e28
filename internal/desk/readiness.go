package desk

import (
	"time"

	"sapa/internal/db"
	"sapa/internal/outbox"
	"sapa/internal/procedure"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// Application is one of 5.1.1-5.1.13 or an additional one, with its real state (SOP 5.1).
type Application struct {
	procedure.Application
	State     string // ready; down; by-hand: a person does it; not-built while its room is not there
	Latency   time.Duration
	Connected bool // it stands outside, and sapa speaks to it
	Required  bool // one of the agent's campaigns of this shift cannot run without it
}

// probes are the rooms that stand, each with a question that shows it answers.
var probes = map[string]func(tx *db.Tx) error{
	"callback":  func(tx *db.Tx) error { _, err := ticket.Zones(tx, "callback"); return err },
	"sephia":    func(tx *db.Tx) error { _, err := ticket.Zones(tx, "fresh-lapul"); return err },
	"telephony": func(tx *db.Tx) error { var n int; return tx.Row(`SELECT count(*) FROM attempt WHERE id = 0`).Scan(&n) },
	"email":     func(tx *db.Tx) error { _, _, err := outbox.Letters(tx, outbox.Mail); return err },
	"forms":     func(tx *db.Tx) error { var n int; return tx.Row(`SELECT count(*) FROM form WHERE id = 0`).Scan(&n) },
}

// Readiness asks every application whether it is ready. Nothing pretends: a room that is not built says so.
func (s *Seat) Readiness(tx *db.Tx, a who.Actor) ([]Application, error) {
	if err := staff.May(a, staff.ActReadiness); err != nil {
		return nil, err
	}
	campaigns, err := s.CampaignsOf(tx, a)
	if err != nil {
		return nil, err
	}
	known, err := s.Campaigns.All(tx) // a mix may name campaigns that a new revision has no more
	if err != nil {
		return nil, err
	}
	var all []Application
	for _, app := range known[0].Revision.Book.Document.Applications {
		one := Application{Application: app, State: "not-built"}
		for _, c := range campaigns {
			for _, code := range app.RequiredFor {
				one.Required = one.Required || (c.Built && c.Code == code)
			}
		}
		if probe := probes[app.ID]; probe != nil {
			began := s.Clock()
			answers, err := ask(tx, probe)
			if err != nil {
				return nil, err
			}
			if one.State = "down"; answers {
				one.State, one.Latency = "ready", s.Clock().Sub(began)
			}
		}
		if app.ID == "email" && one.State == "ready" {
			if one.State, err = s.post(tx); err != nil {
				return nil, err
			}
			one.Connected = s.Mail
		}
		all = append(all, one)
	}
	return all, nil
}

// post says how letters leave (SOP 5.8.6): without a mail server by hand; with one, down when it has not taken them again and again.
func (s *Seat) post(tx *db.Tx) (state string, err error) {
	if !s.Mail {
		return "by-hand", nil
	}
	stuck, err := outbox.Stuck(tx, outbox.Mail)
	if err != nil || stuck {
		return "down", err
	}
	return "ready", nil
}

// ask puts a probe's question in a savepoint of its own, so that a room that fails takes no other with it.
func ask(tx *db.Tx, probe func(tx *db.Tx) error) (answers bool, err error) {
	if _, err := tx.Exec(`SAVEPOINT probe`); err != nil {
		return false, err
	}
	if answers = probe(tx) == nil; !answers {
		if _, err := tx.Exec(`ROLLBACK TO SAVEPOINT probe`); err != nil {
			return false, err
		}
	}
	_, err = tx.Exec(`RELEASE SAVEPOINT probe`)
	return answers, err
}
