package control

import (
	"time"

	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/staff"
	"sapa/internal/who"
)

// Overview is how the document stands: what is in force, what is on its way, who holds it.
type Overview struct {
	Document  string
	InForce   document.Revision
	Standings []Standing // newest first
	Draft     *Draft     // nil: none
	Copies    []document.Copy
}

// Standing is a revision with its three signatures.
type Standing struct {
	document.Standing
	Signatures []document.Signature
}

// Draft is the one in the making, as it would be signed.
type Draft struct {
	document.Signing
	Lines    []document.Signature // the three, those not given yet without a time
	Signed   int
	Rounds   []document.Signoff // that ended without approval, the newest first
	Mine     document.Part      // the part the reader may sign now; "" none
	Back     string             // withdrawn or returned: what the reader may do with the round; "" neither
	Changes  []Change           // against the revision in force
	BasedOld bool               // the revision it began with is not the one in force any more
}

// Look gathers it for somebody who may read the document.
func (s *Seat) Look(tx *db.Tx, a who.Actor) (Overview, error) {
	o := Overview{Document: s.document()}
	if err := staff.May(a, staff.ActReadDocument); err != nil {
		return o, err
	}
	library := s.Campaigns.Library()
	var err error
	if o.InForce, err = library.InForce(tx, s.document()); err != nil {
		return o, err
	}
	all, err := document.Standings(tx, s.document())
	if err != nil {
		return o, err
	}
	for _, one := range all {
		r, err := library.Kept(tx, s.document(), one.Revision)
		if err != nil {
			return o, err
		}
		o.Standings = append(o.Standings, Standing{one, r.Signatures})
	}
	if o.Copies, err = document.Copies(tx, s.document(), o.InForce.Revision); err != nil {
		return o, err
	}
	o.Draft, err = s.draft(tx, a, o.InForce)
	return o, err
}

// DraftNow reads the draft as it would be signed; Missing when there is none.
func (s *Seat) DraftNow(tx *db.Tx, a who.Actor) (*Draft, error) {
	if err := staff.May(a, staff.ActReadDocument); err != nil {
		return nil, err
	}
	inForce, err := s.Campaigns.Library().InForce(tx, s.document())
	if err != nil {
		return nil, err
	}
	d, err := s.draft(tx, a, inForce)
	if err == nil && d == nil {
		err = fault.New(fault.Missing, "document.no-draft", "document", s.document())
	}
	return d, err
}

// draft reads it as one that is to be signed; nil when there is none.
func (s *Seat) draft(tx *db.Tx, a who.Actor, inForce document.Revision) (*Draft, error) {
	kept, err := document.DraftOf(tx, s.document())
	if fault.Is(err, fault.Missing) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	d := &Draft{Signing: kept.Examine(s.Decided, tx.Now, s.Site), BasedOld: kept.BasedOn != inForce.Revision}
	book := inForce.Book
	if d.Book != nil {
		book, d.Changes = d.Book, Changes(inForce.Book, d.Book)
	}
	for _, part := range document.Parts {
		line := document.Signature{Part: part, Role: part.Role()}
		for _, one := range book.Document.Signatures {
			if one.Clause == part.Clause() {
				line.Position = one.Position
			}
		}
		d.Lines = append(d.Lines, line)
	}
	o, _, err := document.SignoffOf(tx, s.document())
	if err != nil {
		return nil, err
	}
	for i, one := range o.Signatures {
		one.Position = d.Lines[i].Position
		d.Lines[i] = one
		if one.Person == db.ID(a.ID) && a.ID != 0 {
			d.Back = "withdrawn"
		}
	}
	d.Signed = len(o.Signatures)
	if part := document.PartOf(a.Role); part != "" && len(d.Lacks) == 0 && document.MaySign(o.Signatures, o.Content, a, part, d.Content) == nil {
		if d.Mine = part; d.Signed > 0 {
			d.Back = "returned"
		}
	}
	rounds, err := document.Signoffs(tx, s.document(), kept.Revision)
	for _, one := range rounds {
		if !one.EndedAt.IsZero() && !one.EndedAt.Before(kept.BegunAt) { // of a draft that was discarded before: not this one's
			d.Rounds = append(d.Rounds, one)
		}
	}
	return d, err
}

// Reader is somebody who must read a revision, and when they did; zero: not yet.
type Reader struct {
	Person staff.Person
	ReadAt time.Time
}

// Readers lists who works by the document, those who have not read a revision first: a leader's own team, for others everybody who
// takes, gives or leads calls.
func (s *Seat) Readers(tx *db.Tx, a who.Actor, revision int) (all []Reader, unread int, err error) {
	if err := staff.May(a, staff.ActNotice); err != nil {
		return nil, 0, err
	}
	if _, err := s.Campaigns.Library().Kept(tx, s.document(), revision); err != nil {
		return nil, 0, err
	}
	at, err := document.Readings(tx, s.document(), revision)
	if err != nil {
		return nil, 0, err
	}
	people, err := staff.All(tx)
	if a.Role == who.Leader && a.Team != 0 && err == nil {
		people, err = staff.Team(tx, db.ID(a.Team))
	}
	var read []Reader
	for _, p := range people {
		works := p.Role == who.Agent || p.Role == who.Leader || p.Role == who.Tier1 || p.Role == who.Quality
		switch {
		case !at[p.ID].IsZero():
			read = append(read, Reader{p, at[p.ID]})
		case works && !p.Suspended():
			all = append(all, Reader{Person: p})
		}
	}
	return append(all, read...), len(all), err
}
