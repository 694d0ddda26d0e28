// Package phone reads, prints and masks telephone and service numbers (jastel). A number is brought into one form once,
// at the edge, and masks itself wherever it is logged. It never dials.
package phone

import (
	"log/slog"
	"regexp"
	"strings"

	"sapa/internal/fault"
)

// Number is a telephone number in stored form: +628... for mobiles, 0341... for PSTN. The zero value is no number.
type Number string

var (
	mobile = regexp.MustCompile(`^(?:\+?62|0)(8\d{8,11})$`)
	pstn   = regexp.MustCompile(`^(?:\+?62|0)([2-79]\d{7,10})$`)
	// numbers reserved for invented people (domain 3.1): 0800..., 08999000xxxx, 0341999xxxx
	reserved = regexp.MustCompile(`^(?:\+62800\d{5,9}|\+628999000\d{4}|0341999\d{4})$`)
	excel    = regexp.MustCompile(`^\d[.,]\d+E\+\d+$`)
)

// strip drops what people put between digits.
var strip = strings.NewReplacer(" ", "", "-", "", ".", "", "(", "", ")", "", "/", "", "\u00a0", "", "\u2011", "")

// Parse reads a number a person or a file gives. The fault names what is wrong with it (SOP 5.2.10.n, domain 3.1).
func Parse(s string) (Number, error) {
	raw := strings.TrimSpace(s)
	switch {
	case raw == "":
		return "", fault.New(fault.Invalid, "phone.empty")
	case excel.MatchString(strings.ToUpper(raw)):
		return "", fault.New(fault.Invalid, "phone.excel", "number", raw)
	}
	digits := strip.Replace(raw)
	if m := mobile.FindStringSubmatch(digits); m != nil {
		return Number("+62" + m[1]), nil
	}
	if m := pstn.FindStringSubmatch(digits); m != nil {
		return Number("0" + m[1]), nil
	}
	if regexp.MustCompile(`^8\d{8,11}$`).MatchString(digits) {
		return "", fault.New(fault.Invalid, "phone.zero-lost", "number", raw)
	}
	return "", fault.New(fault.Invalid, "phone.form", "number", raw)
}

// Full is the number in stored form: for the store and the dialler, nobody else.
func (n Number) Full() string { return string(n) }

// Mobile tells whether it is a mobile number.
func (n Number) Mobile() bool { return strings.HasPrefix(string(n), "+628") }

// Reserved tells whether the number is one of those kept for invented people.
func (n Number) Reserved() bool { return reserved.MatchString(string(n)) }

// Print is how people read it: 0812-4207-1134, 0341-999-1234.
func (n Number) Print() string { return group(n.local(), n.Mobile()) }

// Masked shows enough to recognise it and not enough to call: 0812-42••-••34 (ux.md 8).
func (n Number) Masked() string {
	digits := []rune(n.local())
	if len(digits) < 8 {
		return strings.Repeat("•", len(digits))
	}
	for i := 6; i < len(digits)-2; i++ {
		digits[i] = '•'
	}
	return group(string(digits), n.Mobile())
}

func (n Number) local() string {
	if rest, ok := strings.CutPrefix(string(n), "+62"); ok {
		return "0" + rest
	}
	return string(n)
}

// group puts a dash after every fourth digit; a rest of one joins the group before it.
func group(s string, isMobile bool) string {
	r := []rune(s)
	if !isMobile && len(r) > 4 {
		return string(r[:4]) + "-" + string(r[4:])
	}
	var parts []string
	for len(r) > 5 {
		parts = append(parts, string(r[:4]))
		r = r[4:]
	}
	return strings.Join(append(parts, string(r)), "-")
}

// String masks: a number that slips into a message or a log must not be whole.
func (n Number) String() string { return n.Masked() }

// LogValue masks in structured logs.
func (n Number) LogValue() slog.Value { return slog.StringValue(n.Masked()) }

// Digits keeps only the digits of what somebody typed, for search.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
