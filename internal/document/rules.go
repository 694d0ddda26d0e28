package document

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/phrase"
	"sapa/internal/who"
)

// What follows decides, from values alone, who may sign what, what may be published and recalled, and which revision is in force. The
// store acts by it, and so does the program of random schedules (test/schedules).

// State is what decides whether a revision may be worked under.
type State struct {
	Revision    int
	Hash        string
	Paper       bool      // shipped as signed on paper (decisions.md 8)
	ApprovedAt  time.Time // zero: not signed here
	EffectiveAt time.Time
	RecalledAt  time.Time // zero: not recalled
}

// Force tells whether a revision may be worked under at a moment, were there no other.
func (s State) Force(now time.Time) bool {
	return (s.Paper || !s.ApprovedAt.IsZero()) && !s.EffectiveAt.After(now) && s.RecalledAt.IsZero()
}

// Pick gives the revision in force at a moment (SOP doc.effective, doc.revision): of those that may be worked under the one that became
// effective last; false when there is none.
func Pick(all []State, now time.Time) (best State, found bool) {
	for _, s := range all {
		if !s.Force(now) {
			continue
		}
		later := s.EffectiveAt.After(best.EffectiveAt) || s.EffectiveAt.Equal(best.EffectiveAt) && s.Revision > best.Revision
		if !found || later {
			best, found = s, true
		}
	}
	return best, found
}

// Part is one of the three signatures of a revision, in their order.
type Part string

// The parts (SOP doc.sign.made, doc.sign.checked, doc.sign.approved).
const (
	Prepared Part = "prepared"
	Reviewed Part = "reviewed"
	Approved Part = "approved"
)

// Parts lists them in the order they are signed.
var Parts = []Part{Prepared, Reviewed, Approved}

// roles say who signs a part.
var roles = map[Part]who.Role{Prepared: who.Controller, Reviewed: who.Checker, Approved: who.Approver}

// clauses say what a part rests on.
var clauses = map[Part]string{Prepared: "doc.sign.made", Reviewed: "doc.sign.checked", Approved: "doc.sign.approved"}

// Clause is what the part rests on.
func (p Part) Clause() string { return clauses[p] }

// said is the part in a sentence.
func (p Part) said() phrase.Text { return phrase.Of("document.part." + string(p)) }

// Role is who signs the part.
func (p Part) Role() who.Role { return roles[p] }

// PartOf gives the part that somebody of a role signs; "" when none.
func PartOf(r who.Role) Part {
	for _, p := range Parts {
		if roles[p] == r {
			return p
		}
	}
	return ""
}

// Signature is one of the three. Of paper it has a position and a day, of sapa the person who signed and the moment.
type Signature struct {
	Part     Part
	Position string // as the title block names it
	Person   db.ID  // 0: on paper, or not signed yet
	Name     string // as they were called then
	Role     who.Role
	At       time.Time // zero: not signed yet
}

// Content is what each of the three signs: a digest over the book's hash, the document, its revision and the effective moment, zero for
// "as soon as approved".
func Content(hash, document string, revision int, effective time.Time) string {
	moment := "at approval"
	if !effective.IsZero() {
		moment = strconv.FormatInt(db.Millis(effective), 10)
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "sapa sign-off 1\n%s\n%s\n%d\n%s\n", hash, document, revision, moment))
	return hex.EncodeToString(sum[:])
}

// MaySign tells whether somebody may add a part to the signatures there are, over a content: in the order of Parts, each by the role
// that may and by a person who has signed no other, all over one content.
func MaySign(there []Signature, content string, by who.Actor, part Part, over string) error {
	if roles[part] == "" || by.ID == 0 || by.Role != roles[part] {
		return fault.New(fault.Forbidden, "document.sign-role", "part", part.said(), "role", phrase.Of("web.role."+string(by.Role))).At("part", clauses[part])
	}
	next := Part("")
	if len(there) < len(Parts) {
		next = Parts[len(there)]
	}
	if part != next {
		return fault.New(fault.Conflict, "document.sign-order", "part", part.said(), "next", next.said()).At("part", clauses[part])
	}
	for _, s := range there {
		if s.Person == db.ID(by.ID) {
			return fault.New(fault.Forbidden, "document.sign-twice", "part", part.said(), "earlier", s.Part.said()).At("part", clauses[part])
		}
	}
	if len(there) > 0 && over != content {
		return fault.New(fault.Conflict, "document.sign-content").At("content", clauses[part])
	}
	return nil
}

// MayPublish gives the moment from which an approved revision is in force: the one that was signed, which must not have passed, or now.
// No older number may come into force after it.
func MayPublish(all []State, revision int, effective, now time.Time) (time.Time, error) {
	switch {
	case effective.IsZero():
		effective = now
	case effective.Before(now):
		return effective, fault.New(fault.Conflict, "document.effective-past").At("effective_at", "doc.effective")
	}
	for _, s := range all {
		if s.Revision >= revision {
			return effective, fault.New(fault.Conflict, "document.number-used", "revision", fmt.Sprintf("%02d", revision)).At("revision", "doc.revision")
		}
		if s.RecalledAt.IsZero() && s.EffectiveAt.After(effective) {
			return effective, fault.New(fault.Conflict, "document.effective-order", "revision", fmt.Sprintf("%02d", s.Revision)).At("effective_at", "doc.effective")
		}
	}
	return effective, nil
}

// MayRecall tells whether a revision may be taken out of force, or be kept from coming into it: not when nothing would be in force then.
func MayRecall(all []State, revision int, now time.Time) error {
	left := make([]State, 0, len(all))
	found := false
	for _, s := range all {
		switch {
		case s.Revision != revision:
			left = append(left, s)
			continue
		case !s.RecalledAt.IsZero():
			return fault.New(fault.Conflict, "document.recalled", "revision", fmt.Sprintf("%02d", revision)).At("revision", "doc.revision")
		}
		found = true
	}
	if !found {
		return fault.New(fault.Missing, "document.no-revision", "document", "", "revision", fmt.Sprintf("%02d", revision))
	}
	if _, some := Pick(left, now); !some {
		return fault.New(fault.Conflict, "document.last-in-force", "revision", fmt.Sprintf("%02d", revision)).At("revision", "doc.effective")
	}
	return nil
}
