package desk

import (
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/outage"
	"sapa/internal/phrase"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// Outage is the mass outage (gamas) a service stands in, as the agent sees and says it.
type Outage struct {
	ID         db.ID
	Reason     string
	Estimate   time.Time // zero: nobody knows yet
	DeclaredAt time.Time
	Parent     db.ID
	ParentNo   string // its trouble ticket
}

// outageOf gives the declared outage of a service; nil when it stands in none.
func outageOf(tx *db.Tx, serviceNo string) (*Outage, error) {
	o, is, err := outage.Affects(tx, serviceNo)
	if err != nil || !is {
		return nil, err
	}
	parent, err := trouble.Get(tx, o.Parent)
	return &Outage{o.ID, o.Reason, o.Estimate, o.DeclaredAt, o.Parent, parent.No}, err
}

// Say is what the agent tells the customer: what has happened and when it should be over, by the customer's own clock.
func (o Outage) Say(lang phrase.Lang, zone *time.Location, now time.Time) string {
	if o.Estimate.IsZero() {
		return phrase.Say(lang, "outage.say", "reason", o.Reason)
	}
	return phrase.Say(lang, "outage.say-until", "reason", o.Reason, "until", Until(lang, o.Estimate, zone, now))
}

// Until is a moment as one says it: the hour, with the day when it is not today, and the zone's own letters.
func Until(lang phrase.Lang, at time.Time, zone *time.Location, now time.Time) string {
	local := at.In(zone)
	hour := local.Format("15.04")
	if lang == "en" {
		hour = local.Format("15:04")
	}
	letters := local.Format("MST")
	if day := now.In(zone); day.YearDay() == local.YearDay() && day.Year() == local.Year() {
		return hour + " " + letters
	}
	return local.Format("02/01") + " " + hour + " " + letters
}

// noBooking refuses a technician for one line while a mass outage is being mended: they cannot mend it there. o is the one
// that the line's service stands in; nil refuses nothing.
func noBooking(o *Outage) error {
	if o == nil {
		return nil
	}
	return fault.New(fault.Conflict, "outage.no-booking", "no", o.ParentNo).At("slot", "5.2.10.s.button")
}

// over lets an outage end with its trouble ticket, whoever closes that; what follows goes in turns.
func (s *Seat) over(tx *db.Tx, a who.Actor, c trouble.Change) error {
	id, is, err := outage.OfParent(tx, c.After.ID)
	if err != nil || !is {
		return err
	}
	_, _, err = outage.Recover(tx, a, id)
	s.tellBoard(tx)
	return err
}
