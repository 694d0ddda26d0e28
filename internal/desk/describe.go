package desk

import (
	"strconv"
	"strings"

	"sapa/internal/line"
)

// describe drafts the description of 5.2.10.r from what the call has brought: the problem in the customer's words, the
// guiding, the measurement, the reporter. Always in Indonesian: the technician reads it.
func describe(d desktop, b bench) string {
	var parts []string
	say := func(s string) {
		if s = strings.TrimSpace(s); s != "" {
			parts = append(parts, strings.TrimRight(s, ". ")+".")
		}
	}
	say(problem(b))
	switch b.stored["guided"] {
	case "berhasil":
		say("Sudah dipandu, layanan normal kembali")
	case "tidak-berhasil":
		say("Sudah dipandu, belum normal")
	}
	say(measuredText(d.measured, d.facts["line_verdict"]))
	name := b.ticket.ContactName
	if n := b.stored["decider_name"]; n != "" && b.stored["receiver"] == "decider" {
		name = n
	}
	if name != "" {
		where := ""
		if d.customer.City != "" {
			where = ", lokasi " + d.customer.City
		}
		say("Pelapor: " + name + where)
	}
	return strings.Join(parts, " ")
}

// problem is what is wrong in the customer's words, as the call or the note has it.
func problem(b bench) string {
	text := b.stored["problem"]
	if text == "" {
		text = b.ticket.Note
	}
	if r := []rune(text); len(r) > 600 {
		text = string(r[:600]) + "…"
	}
	return text
}

// measuredText says a measurement as a person would: iBooster: Rx -22,8 dBm (SPEC), ONT online.
func measuredText(m *line.Measurement, fact string) string {
	if m == nil || fact == "none" {
		return ""
	}
	if m.Verdict == line.Failed {
		return "Ibooster: pengukuran gagal"
	}
	text := "Ibooster:"
	if m.OnuRxPwr != nil {
		text += " redaman Rx " + strings.Replace(strconv.FormatFloat(*m.OnuRxPwr, 'f', 1, 64), ".", ",", 1) + " dBm"
	} else {
		text += " redaman tidak terbaca"
	}
	text += " (" + m.Verdict + ")"
	if m.OperStatus != "" {
		text += ", ONT " + m.OperStatus
	}
	return text
}
