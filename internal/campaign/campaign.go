// Package campaign says which procedure runs each campaign now and by which rules its tickets are handed out: calling
// hours, pauses, attempts, whether its desk is built. It holds no tickets and decides no outcome.
package campaign

import (
	"time"

	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/procedure"
	"sapa/internal/who"
)

// Campaign is one kind of work with the rules in force (fn.5: campaigns are data).
type Campaign struct {
	Code      string
	Title     procedure.Text
	Built     bool // its desk screen is there; tickets of others wait and are not handed out
	Hours     Hours
	Pause     time.Duration // between two attempts
	PerDay    int           // attempts a day
	Days      int           // days with attempts, then the leader decides
	Procedure *procedure.Procedure
	Revision  document.Revision
}

// Campaigns answers for the campaigns of one document.
type Campaigns struct {
	library  *document.Library
	document string
}

// New makes the campaigns of a document of the library.
func New(library *document.Library, documentCode string) *Campaigns {
	return &Campaigns{library: library, document: documentCode}
}

// Document is the code of the document these campaigns come from.
func (c *Campaigns) Document() string { return c.document }

// Library is where the revisions of the document are read.
func (c *Campaigns) Library() *document.Library { return c.library }

// All lists the campaigns of the revision in force, in the document's order.
func (c *Campaigns) All(tx *db.Tx) ([]Campaign, error) {
	inForce, set, err := c.now(tx)
	if err != nil {
		return nil, err
	}
	all := make([]Campaign, 0, len(inForce.Book.Procedures))
	for _, p := range inForce.Book.Procedures {
		one, err := combine(inForce, p, set[p.Code])
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// Get gives one campaign with the rules in force.
func (c *Campaigns) Get(tx *db.Tx, code string) (Campaign, error) {
	inForce, set, err := c.now(tx)
	if err != nil {
		return Campaign{}, err
	}
	return of(inForce, code, set)
}

// Pinned gives a campaign as a turn began it: its own revision's procedure, today's settings of the site.
func (c *Campaigns) Pinned(tx *db.Tx, code string, revision int) (Campaign, error) {
	kept, err := c.library.Kept(tx, c.document, revision)
	if err != nil {
		return Campaign{}, err
	}
	set, err := settings(tx)
	if err != nil {
		return Campaign{}, err
	}
	return of(kept, code, set)
}

// Act gives an act of its own (5.2.10) as a turn's revision has it; 0 is the revision in force.
func (c *Campaigns) Act(tx *db.Tx, code string, revision int) (*procedure.Procedure, error) {
	var kept document.Revision
	var err error
	if revision > 0 {
		kept, err = c.library.Kept(tx, c.document, revision)
	} else {
		kept, err = c.library.InForce(tx, c.document)
	}
	if err != nil {
		return nil, err
	}
	p := kept.Book.Act(code)
	if p == nil {
		return nil, fault.New(fault.Missing, "campaign.no-act", "act", code)
	}
	return p, nil
}

// nowSQL reads the states of the document's revisions and the site's settings together: every claim asks for both.
const nowSQL = document.StateSQL + ` UNION ALL SELECT 0, '', 0, 0, 0, 0, campaign, hours FROM campaign_setting`

// now gives the revision in force in this transaction, and the site's settings.
func (c *Campaigns) now(tx *db.Tx) (document.Revision, map[string]string, error) {
	set := map[string]string{}
	var states []document.State
	err := tx.Each(nowSQL, []any{c.document}, func(s db.Scanner) error {
		var code, hours string
		st, err := document.ScanState(s, &code, &hours)
		if st.Revision > 0 {
			states = append(states, st)
		} else {
			set[code] = hours
		}
		return err
	})
	if err != nil {
		return document.Revision{}, nil, err
	}
	inForce, err := c.library.Among(tx, c.document, states)
	return inForce, set, err
}

func of(r document.Revision, code string, set map[string]string) (Campaign, error) {
	p := r.Book.Procedure(code)
	if p == nil {
		return Campaign{}, fault.New(fault.Invalid, "campaign.unknown", "campaign", code).At("campaign", "")
	}
	return combine(r, p, set[code])
}

func combine(r document.Revision, p *procedure.Procedure, hours string) (Campaign, error) {
	if hours == "" {
		hours = p.Queue.Hours
	}
	h, err := ParseHours(hours)
	return Campaign{Code: p.Code, Title: p.Title, Built: p.Desk == "built", Hours: h, Pause: p.Queue.Pause,
		PerDay: p.Queue.PerDay, Days: p.Queue.Days, Procedure: p, Revision: r}, err
}

func settings(tx *db.Tx) (map[string]string, error) {
	set := map[string]string{}
	err := tx.Each(`SELECT campaign, hours FROM campaign_setting`, nil, func(s db.Scanner) error {
		var code, hours string
		err := s.Scan(&code, &hours)
		set[code] = hours
		return err
	})
	return set, err
}

// SetHours sets the calling hours of a campaign for this site; "" goes back to the document's.
func (c *Campaigns) SetHours(tx *db.Tx, by who.Actor, code, hours string) error {
	if _, err := c.Get(tx, code); err != nil {
		return err
	}
	if hours != "" {
		if _, err := ParseHours(hours); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`
		INSERT INTO campaign_setting(campaign, hours, changed_by, changed_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (campaign) DO UPDATE SET hours = excluded.hours, changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
		code, hours, by.ID, db.Millis(tx.Now))
	if err != nil {
		return err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "campaign.hours", Kind: "campaign", Data: map[string]string{"campaign": code, "hours": hours}})
	return err
}
