// Package control is the seat of who keeps a controlled document: begin a draft, say from when it counts, sign it, recall it, hand out
// its copies, see who has read it. Each act is one transaction over the nouns below; it knows no page, and it edits no text.
package control

import (
	"time"

	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/live"
	"sapa/internal/procedure"
	"sapa/internal/staff"
	"sapa/internal/who"
)

// Seat acts on the document that the campaigns come from.
type Seat struct {
	Campaigns *campaign.Campaigns
	Hub       *live.Hub // nil: nobody is told
	Site      *time.Location
	Decided   []procedure.Resolution // decisions that answer what the linter finds, beside a draft's own
}

func (s *Seat) document() string { return s.Campaigns.Document() }

// tell says to open screens that something about the document has changed.
func (s *Seat) tell(tx *db.Tx, names ...string) {
	if s.Hub != nil {
		tx.After(func() {
			for _, name := range names {
				s.Hub.Soon("board", name)
			}
		})
	}
}

// Begin starts a draft with the files of a kept revision; 0 is the one in force.
func (s *Seat) Begin(tx *db.Tx, a who.Actor, from int) (document.Draft, error) {
	if err := staff.May(a, staff.ActDraft); err != nil {
		return document.Draft{}, err
	}
	if from == 0 {
		r, err := s.Campaigns.Library().InForce(tx, s.document())
		if err != nil {
			return document.Draft{}, err
		}
		from = r.Revision
	}
	s.tell(tx, "procedure")
	return document.Begin(tx, a, s.document(), from)
}

// Save keeps a changed draft; signatures over what it was are void.
func (s *Seat) Save(tx *db.Tx, a who.Actor, d document.Draft) (document.Draft, error) {
	if err := staff.May(a, staff.ActDraft); err != nil {
		return d, err
	}
	s.tell(tx, "procedure")
	return document.Save(tx, a, d)
}

// Discard throws the draft away as it was at a version.
func (s *Seat) Discard(tx *db.Tx, a who.Actor, version int64) error {
	if err := staff.May(a, staff.ActDraft); err != nil {
		return err
	}
	d, err := document.DraftOf(tx, s.document())
	if err != nil {
		return err
	}
	d.Version = version
	s.tell(tx, "procedure")
	return document.Discard(tx, a, d)
}

// Schedule says from when the draft counts - zero: as soon as it is approved - and what changed; its title block is written so.
func (s *Seat) Schedule(tx *db.Tx, a who.Actor, version int64, effective time.Time, summary procedure.Text) (document.Draft, error) {
	if err := staff.May(a, staff.ActDraft); err != nil {
		return document.Draft{}, err
	}
	d, err := document.DraftOf(tx, s.document())
	if err != nil {
		return d, err
	}
	d.Version = version
	s.tell(tx, "procedure")
	return document.Schedule(tx, a, d, effective, summary, s.Site)
}

// Sign adds the part of somebody who has just entered their password, over the content they have read. The third signature publishes:
// the revision is given back, and what changed becomes required reading.
func (s *Seat) Sign(tx *db.Tx, a who.Actor, c staff.Confirmed, content string) (document.Signoff, *document.Revision, error) {
	if err := staff.May(a, staff.ActSign); err != nil {
		return document.Signoff{}, nil, err
	}
	a, err := c.By(tx, a)
	if err != nil {
		return document.Signoff{}, nil, err
	}
	if err := staff.May(a, staff.ActSign); err != nil { // in the role they have now
		return document.Signoff{}, nil, err
	}
	o, published, err := document.Sign(tx, a, s.document(), document.PartOf(a.Role), content, s.Decided, s.Site)
	if err != nil {
		return o, nil, err
	}
	s.tell(tx, "procedure")
	if published == nil {
		return o, nil, nil
	}
	library, r := s.Campaigns.Library(), *published
	tx.After(func() { library.Keep(r) })
	return o, published, s.announce(tx, a, r)
}

// TakeBack withdraws one's signature, or returns the draft unsigned, with a reason; the round begins anew.
func (s *Seat) TakeBack(tx *db.Tx, a who.Actor, reason string) error {
	if err := staff.May(a, staff.ActSign); err != nil {
		return err
	}
	s.tell(tx, "procedure")
	return document.TakeBack(tx, a, s.document(), reason)
}

// Recall takes a revision out of force at once; the one before comes back, and everybody is told.
func (s *Seat) Recall(tx *db.Tx, a who.Actor, revision int, reason string) (document.State, error) {
	if err := staff.May(a, staff.ActRecall); err != nil {
		return document.State{}, err
	}
	now, err := document.Recall(tx, a, s.document(), revision, reason)
	if err != nil {
		return now, err
	}
	s.tell(tx, "procedure")
	return now, s.announceRecall(tx, a, revision, now.Revision, reason)
}

// AddCopy puts a holder on the distribution list.
func (s *Seat) AddCopy(tx *db.Tx, a who.Actor, kind, holder string) (document.Copy, error) {
	if err := staff.May(a, staff.ActCopies); err != nil {
		return document.Copy{}, err
	}
	s.tell(tx, "procedure")
	return document.AddCopy(tx, a, s.document(), kind, holder)
}

// EndCopy takes a copy back.
func (s *Seat) EndCopy(tx *db.Tx, a who.Actor, id db.ID) error {
	if err := staff.May(a, staff.ActCopies); err != nil {
		return err
	}
	s.tell(tx, "procedure")
	return document.EndCopy(tx, a, s.document(), id)
}

// Acknowledge answers for a copy's holder that a revision has arrived and was read (SOP doc.copy.controlled-malang).
func (s *Seat) Acknowledge(tx *db.Tx, a who.Actor, id db.ID, revision int) error {
	if err := staff.May(a, staff.ActAcknowledge); err != nil {
		return err
	}
	if a.ID == 0 {
		return fault.New(fault.Forbidden, "staff.confirm-person")
	}
	s.tell(tx, "procedure")
	return document.Acknowledge(tx, a, s.document(), id, revision)
}
