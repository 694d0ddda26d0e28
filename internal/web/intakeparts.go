package web

import (
	"fmt"
	"strings"

	"sapa/internal/desk"
	"sapa/internal/phrase"
)

func upper(s string) string { return strings.ToUpper(s) }

// onlyFor gives the reason back to the criterion it was written for.
func onlyFor(p intakeData, letter string) string {
	if p.Form.Criterion == letter {
		return p.Form.Reason
	}
	return ""
}

func minutesOf(p intakeData) string {
	if p.Form.CallS == 0 {
		return ""
	}
	return fmt.Sprint(p.Form.CallS / 60)
}

func secondsOf(p intakeData) string {
	if p.Form.CallS == 0 {
		return ""
	}
	return fmt.Sprintf("%02d", p.Form.CallS%60)
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
