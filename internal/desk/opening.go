package desk

import (
	"time"

	"sapa/internal/db"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// Opening says whether any customer of the agent's campaigns may be called now; when none may, the first moment at which
// one may.
func (s *Seat) Opening(tx *db.Tx, a who.Actor) (open bool, first time.Time, err error) {
	mine, err := s.CampaignsOf(tx, a)
	if err != nil {
		return false, first, err
	}
	for _, c := range mine {
		if !c.Built {
			continue
		}
		zones, err := ticket.Zones(tx, c.Code)
		if err != nil {
			return false, first, err
		}
		for _, name := range zones {
			zone := Zone(name, s.Site)
			if c.Hours.Open(tx.Now, zone) {
				return true, tx.Now, nil
			}
			if next := c.Hours.Next(tx.Now, zone); first.IsZero() || next.Before(first) {
				first = next
			}
		}
	}
	return first.IsZero(), first, nil // without a ticket nothing keeps the hours closed
}
