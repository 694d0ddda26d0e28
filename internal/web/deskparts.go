package web

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"sapa/internal/call"
	"sapa/internal/desk"
	"sapa/internal/procedure"
	"sapa/internal/ticket"
)

// leaseAttrs tell the script where the open page renews its lease, and with which token.
func leaseAttrs(p deskData) templ.Attributes {
	if p.Turn == nil {
		return nil
	}
	return templ.Attributes{"data-renew": p.path("renew"), "data-lease": p.Turn.Lease.Token, "data-ticket": p.Turn.Ticket.ID.String()}
}

func noPanel(p deskData) bool { return p.Turn == nil }

func goodContacts(p deskData) []ticket.Contact {
	return slices.DeleteFunc(slices.Clone(p.Turn.Ticket.AllContacts()), func(c ticket.Contact) bool { return c.Bad })
}

// dialWhy says why nobody may dial now; no disabled mystery (ux.md 7).
func dialWhy(p deskData) string {
	switch {
	case p.Turn.ReadAt.IsZero():
		return p.T("desk.read-first")
	case !p.Turn.HoursOpen:
		return p.T("seat.hours-closed", "hours", p.Turn.Campaign.Hours.String())
	}
	return ""
}

func clockPair(p deskData, t ticket.Ticket) [2]string {
	own, site := p.clockOf(t)
	return [2]string{own, site}
}

// sparkLine is the path of the day's turns by hour.
func sparkLine(hours [24]int) string {
	top := max(1, slices.Max(hours[:]))
	var b strings.Builder
	for i := 6; i < 22; i++ {
		verb := "L"
		if i == 6 {
			verb = "M"
		}
		y := 16 - 14*float64(hours[i])/float64(top)
		fmt.Fprintf(&b, "%s%.1f %.1f ", verb, 1+float64(i-6)*62/15, math.Round(y*10)/10)
	}
	return strings.TrimSpace(b.String())
}

// noteText is what the agent must read before dialling; a ticket without a note says so.
func noteText(p deskData) string {
	if p.Turn.Ticket.Note == "" {
		return p.T("seat.no-note")
	}
	return p.Turn.Ticket.Note
}

func readStepID(p deskData) string {
	for _, s := range p.Turn.View.Steps {
		if s.Kind == "read" {
			return s.ID
		}
	}
	return ""
}

func criterionText(p deskData) string {
	c, _ := p.Turn.Campaign.Revision.Book.Clause("5.2.1." + p.Turn.Ticket.Criterion)
	return c.Text
}

func lineDot(l call.Line) string {
	switch l {
	case call.Answered:
		return "daun"
	case call.Failed, call.Unknown:
		return ""
	case call.BadNumber, call.Unregistered:
		return "saga"
	}
	return "kunyit"
}

// heldWhy says why an option cannot be chosen, with its clause.
func heldWhy(p deskData, f procedure.FieldView, c choice) string {
	if c.Why == "" {
		return ""
	}
	return p.T(c.Why, "option", c.Label.In(string(p.Lang)), "label", f.Label.In(string(p.Lang))) + " § " + c.Clause()
}

func optionLabel(p deskData, c choice) string {
	label, _ := p.label(c.Option)
	return label
}

func optionMore(p deskData, c choice) string {
	_, more := p.label(c.Option)
	if c.Why != "" {
		return p.T("seat.held." + c.Why)
	}
	return more
}

func ticked(f procedure.FieldView, id string) bool {
	return slices.Contains(strings.Split(f.Value, ","), id)
}

func maxOf(f procedure.FieldView) int {
	if f.Max > 0 {
		return f.Max
	}
	return 4000
}

// remarksAttrs marks the remarks and gives the proposal that the script puts there while the agent has typed nothing.
func remarksAttrs(p deskData, f procedure.FieldView) templ.Attributes {
	a := templ.Attributes{"required": false}
	if f.ID == "remarks" {
		a["data-key"] = "w"
		a["data-propose"] = p.draftRemarks()
	}
	return a
}

func inputAttrs(f procedure.FieldView) templ.Attributes {
	switch f.Check {
	case "phone", "mobile", "service-no":
		return templ.Attributes{"inputmode": "tel"}
	}
	return nil
}

func zoneLabel(p deskData) string { return desk.ZoneName(p.Turn.Zone) }

// siteTime is the office's time of a moment, where it differs from the customer's.
func siteTime(p deskData, value string) string {
	at, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return ""
	}
	own, site := p.clockIn(at, p.Turn.Zone), p.clockIn(at, p.Now.Location())
	if own == site {
		return ""
	}
	return site
}

func customerName(p deskData) string {
	if p.Turn.Customer != nil {
		return p.Turn.Customer.Name
	}
	if p.Turn.Ticket.ContactName != "" {
		return p.Turn.Ticket.ContactName
	}
	return p.T("seat.nameless")
}

func classLabel(p deskData) string {
	return strings.TrimPrefix(string(p.Turn.Customer.Class), "HVC_")
}

// addressLine shows the street without its house number, and the city: enough to confirm, not enough to go there.
func addressLine(p deskData) string {
	street, _, _ := strings.Cut(p.Turn.Customer.Address, " No.")
	return strings.TrimPrefix(street+" ••, "+p.Turn.Customer.City, " ••, ")
}

func serviceIcon(kind string) string {
	switch kind {
	case "iptv":
		return "tv"
	case "voice":
		return "phone"
	}
	return "wifi"
}
