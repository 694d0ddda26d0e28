package web

import (
	"slices"
	"time"

	"sapa/internal/desk"
	"sapa/internal/phrase"
	"sapa/internal/report"
	"sapa/internal/ticket"
)

// shownPromises is how many promises stand open in the left column: with more, the day's figures fall below the fold.
const shownPromises = 2

// age prints how long something has waited.
func (p deskData) age(since time.Time) string { return phrase.Age(p.Lang, p.Now.Sub(since)) }

// next is the campaign and age of the oldest ticket that waits: nobody is reserved before the claim.
func (p deskData) next() (report.Line, bool) {
	var oldest report.Line
	found := false
	if p.Help != nil { // what waits in their campaigns is not for them: dealt to others, in other hands, or not to be called now
		return oldest, false
	}
	for _, c := range p.Campaigns {
		if c.Built && c.Waiting > 0 && (!found || c.Oldest.Before(oldest.Oldest)) {
			oldest, found = c, true
		}
	}
	return oldest, found
}

// helping tells whether the ticket in hand is of a queue outside the agent's campaigns.
func (p deskData) helping() bool {
	return p.Turn != nil && !slices.ContainsFunc(p.Campaigns, func(c report.Line) bool { return c.Code == p.Turn.Ticket.Campaign })
}

func (p deskData) clockOf(t ticket.Ticket) (own, site string) {
	zone := desk.Zone(t.Zone, p.Now.Location())
	own = p.clockIn(t.DueAt, zone)
	if other := p.clockIn(t.DueAt, p.Now.Location()); other != own {
		site = other
	}
	return own, site
}

// when says how far a promise is away: 18 m lagi, or lewat 5 m.
func (p deskData) when(t time.Time) string {
	if d := t.Sub(p.Now); d > 0 {
		return p.T("seat.in", "age", phrase.Age(p.Lang, d))
	}
	return p.T("seat.overdue", "age", phrase.Age(p.Lang, p.Now.Sub(t)))
}

func (p deskData) campaignTitle(code string) string {
	if t, ok := p.Titles[code]; ok {
		return t.In(string(p.Lang))
	}
	return code
}
