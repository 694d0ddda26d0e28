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
	"sapa/internal/phone"
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

// goodContacts are the numbers that can be dialled: those of the ticket, and the one given during this call (5.2.7).
func goodContacts(p deskData) []ticket.Contact {
	good := slices.DeleteFunc(slices.Clone(p.Turn.Ticket.AllContacts()), func(c ticket.Contact) bool { return c.Bad })
	if n := givenNumber(p); n != "" && !slices.ContainsFunc(good, func(c ticket.Contact) bool { return c.Phone == n }) {
		good = append(good, ticket.Contact{Phone: n})
	}
	return good
}

// givenNumber is the other contact that the one who answered has just given; "" when none.
func givenNumber(p deskData) phone.Number {
	n, err := phone.Parse(p.Turn.Answers["other_contact"])
	if err != nil {
		return ""
	}
	return n
}

// nextNumber is the one the dial key calls: the first good contact, after a wrong or dead one the contact after it (5.2.7).
func nextNumber(p deskData) phone.Number {
	good := goodContacts(p)
	if len(good) == 0 {
		return ""
	}
	if n := givenNumber(p); n != "" {
		return n
	}
	if len(p.Turn.Attempts) == 0 || !wrongNumber(p) {
		return good[0].Phone
	}
	i := slices.IndexFunc(good, func(c ticket.Contact) bool { return c.Phone == p.lastAttempt().Number })
	return good[(i+1)%len(good)].Phone
}

func wrongNumber(p deskData) bool {
	return p.Turn.Answers["receiver"] == "wrong-number" || lineDot(p.lastAttempt().Line) == "saga"
}

func dialAgain(p deskData) string {
	if (wrongNumber(p) || givenNumber(p) != "") && nextNumber(p) != p.lastAttempt().Number {
		return "seat.dial-other"
	}
	return "seat.dial-again"
}

// dialWhy says why nobody may dial now; no disabled mystery (ux.md 7).
func dialWhy(p deskData) string {
	switch {
	case p.Turn.ReadAt.IsZero():
		return p.T("desk.read-first")
	case !p.Turn.HoursOpen:
		return hoursClosed(p)
	}
	return ""
}

func hoursClosed(p deskData) string {
	return p.T("seat.hours-closed", "hours", p.Turn.Campaign.Hours.String(), "zone", zoneLabel(p),
		"next", p.moment(p.Turn.Campaign.Hours.Next(p.Now, p.Turn.Zone)))
}

func contactName(p deskData) string {
	if p.Turn.Ticket.ContactName == "" {
		return p.T("seat.nameless")
	}
	return p.Turn.Ticket.ContactName
}

func doingDot(p deskData) string {
	switch p.doing() {
	case "talking", "free":
		return "daun"
	case "dialing":
		return "kunyit"
	}
	return "nila"
}

// rescheduleID is the option that means "call me another time": the campaign's own, else somebody else who answered (5.2.7).
func rescheduleID(p deskData) string {
	own := false
	for _, f := range p.Turn.Campaign.Procedure.Fields {
		own = own || slices.ContainsFunc(f.Options, func(o procedure.Option) bool { return o.ID == "reschedule" })
	}
	want := "reschedule"
	if !own {
		want = "other"
	}
	for _, f := range p.Turn.View.Fields {
		if f.Value != want && (own || f.Value == "") && slices.ContainsFunc(f.Offer, func(o procedure.Option) bool { return o.ID == want }) {
			return f.ID + "-" + want
		}
	}
	return ""
}

func coversText(p deskData, n int) string { return plural(p, "seat.covers", "seat.covers-one", n) }

func oneSave(p deskData) string {
	return plural(p, "seat.one-save", "seat.one-save-one", len(p.destinations()))
}

func siblingsText(p deskData) string {
	return plural(p, "seat.siblings", "seat.siblings-one", len(p.Turn.Siblings))
}

// plural says a sentence that counts; English has a form of its own for one.
func plural(p deskData, key, one string, n int) string {
	if n == 1 {
		return p.T(one)
	}
	return p.T(key, "count", n)
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

// saidByLine tells whether a choice stands because the line said so.
func saidByLine(f procedure.FieldView) bool { return f.Proposal != "" && f.Proposal == f.Value }

// digitsWhen keeps digits from answering a ticket that nobody has read yet.
func digitsWhen(p deskData) string {
	if p.Turn.ReadAt.IsZero() {
		return "off"
	}
	return "on"
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
	return more
}

// segTitle explains an option that has no room for its definition.
func segTitle(p deskData, f procedure.FieldView, c choice) string {
	if c.Why != "" {
		return heldWhy(p, f, c)
	}
	return optionMore(p, c)
}

// sampled tells whether a list is a sample that its owner is still to write.
func sampled(f procedure.FieldView) bool {
	return slices.ContainsFunc(f.Options, func(o procedure.Option) bool { return o.Sample })
}

// half tells whether a question is short enough to stand beside another.
func half(f procedure.FieldView) bool { return f.Type == "text" && f.Max > 0 && f.Max <= 200 }

func ticked(f procedure.FieldView, id string) bool {
	return slices.Contains(strings.Split(f.Value, ","), id)
}

func maxOf(f procedure.FieldView) int {
	if f.Max > 0 {
		return f.Max
	}
	return 4000
}

// remarksAttrs marks the remarks, and whether they are the house's draft: then the script leaves them to the house until
// the agent types.
func remarksAttrs(p deskData, f procedure.FieldView) templ.Attributes {
	if f.ID != p.Words {
		return nil
	}
	if p.In != "" { // the key goes to the call's own ticket
		return templ.Attributes{"data-drafted": p.Drafted}
	}
	return templ.Attributes{"data-key": "w", "data-drafted": p.Drafted}
}

// wrongAttrs tie a refused field to what is said about it.
func wrongAttrs(p deskData, f procedure.FieldView) templ.Attributes {
	if !p.refusedAt(f.ID) {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true", "aria-describedby": "e-" + p.nm(f.ID)}
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
