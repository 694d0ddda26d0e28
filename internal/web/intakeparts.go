package web

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"sapa/internal/desk"
	"sapa/internal/phrase"
	"sapa/internal/ticket"
)

func upper(s string) string { return strings.ToUpper(s) }

// fields that have a place of their own on the form; a refusal of anything else stands above it.
var intakeFields = []string{"service_no", "contact.name", "contact.phone", "note", "criterion", "application", "reason", "call_s", "recommendation", "requested_at"}

func (p intakeData) atField() bool { return slices.Contains(intakeFields, p.Field) }

// wrongIs tells whether a field was refused; "reason:e" is the reason of criterion e.
func wrongIs(p intakeData, field string) bool {
	name, letter, of := strings.Cut(field, ":")
	return p.Wrong != nil && p.Field == name && (!of || p.Form.Criterion == letter)
}

func wrongReason(p intakeData, letter string) bool { return wrongIs(p, "reason:"+letter) }

func wrongID(field string) string {
	return "wrong-" + strings.NewReplacer(".", "-", ":", "-").Replace(field)
}

// refusedAttrs mark the refused field for a reader that speaks, and put the focus there.
func refusedAttrs(p intakeData, field string) templ.Attributes {
	if !wrongIs(p, field) {
		return nil
	}
	a := templ.Attributes{"aria-describedby": wrongID(field)}
	if field != "criterion" { // a group of radios: its first takes the focus
		a["aria-invalid"], a["autofocus"] = "true", true
	}
	return a
}

// evidenceZone lets the evidence of f follow the leader's word.
func evidenceZone(c criterion) templ.Attributes {
	if c.Letter != "f" {
		return nil
	}
	return templ.Attributes{"data-live-zone": "recommendation"}
}

func orDash(s string) string {
	if strings.TrimSpace(s) == "" {
		return "–"
	}
	return s
}

func requestedIs(p intakeData, choice string) bool {
	return p.Requested == choice || (p.Requested == "" && choice == "asap")
}

// The sentence that Tier 1 reads to the customer; it is Indonesian in both languages, as every script is.
func promiseBefore(p intakeData) string {
	name := ""
	if p.Form.ContactName != "" {
		name = " " + firstName(p.Form.ContactName)
	}
	return "“Baik Bapak/Ibu" + name + ", rekan kami di Tier 2 akan menelepon"
}

func promiseWhen(p intakeData) string {
	zone := desk.ZoneName(p.Zone)
	switch p.Requested {
	case "noon":
		return "sekitar pukul 13.00 " + zone
	case "afternoon":
		return "sekitar pukul 16.00 " + zone
	case "at":
		return "pada jam yang Bapak/Ibu minta"
	}
	if p.Waiting == 0 {
		return "segera"
	}
	return "sesuai urutan, setelah " + phrase.Number(phrase.ID, p.Waiting) + " antrean sebelum ini"
}

func promiseAfter() string { return "ke nomor ini.”" }

// classShort is the class without the prefix that every high-value class has.
func classShort(p intakeData) string { return strings.TrimPrefix(string(p.Customer.Class), "HVC_") }

// hours prints the calling hours as the language writes a time of day.
func (p intakeData) hours() string {
	if p.Lang == phrase.EN {
		return p.Hours
	}
	return strings.ReplaceAll(p.Hours, ":", ".")
}

// orRef names a ticket by its customer, or by its number when no name was given.
func orRef(t ticket.Ticket) string {
	if t.ContactName != "" {
		return t.ContactName
	}
	return t.Ref
}
