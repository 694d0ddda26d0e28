// Package phone reads, prints and masks telephone and service numbers (jastel). A number is brought into one form once,
// at the edge, and masks itself wherever it is logged. It never dials.
package phone

import (
	"fmt"
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
	zeroLost = regexp.MustCompile(`^8\d{8,11}$`)
	excel    = regexp.MustCompile(`^\d+(?:[.,]\d+)?E\+?\d+$`)
)

// strip drops what people put between digits.
var strip = strings.NewReplacer(" ", "", "-", "", ".", "", "(", "", ")", "", "/", "", "\u00a0", "", "\u2011", "")

// Parse reads a number a person or a file gives. The fault names what is wrong with it (SOP 5.2.10.n, domain 3.1). What a
// spreadsheet has eaten is never guessed back: digits behind an E are gone, and a missing 0 may be a missing area code.
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
		n := "0" + m[1]
		if _, _, known := area(n); !known {
			return "", fault.New(fault.Invalid, "phone.area", "number", raw, "code", n[:4])
		}
		return Number(n), nil
	}
	if zeroLost.MatchString(digits) {
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
func (n Number) Print() string { return n.group(n.local()) }

// Masked shows enough to recognise it and not enough to call: 0812-42••-••34 (ux.md 8). Four digits at least stay hidden.
func (n Number) Masked() string {
	digits := []rune(n.local())
	shown := max(min(6, len(digits)-6), 0)
	for i := shown; i < len(digits) && (i < len(digits)-2 || shown == 0); i++ {
		digits[i] = '•'
	}
	return n.group(string(digits))
}

func (n Number) local() string {
	if rest, ok := strings.CutPrefix(string(n), "+62"); ok {
		return "0" + rest
	}
	return string(n)
}

// group puts a dash after a land line's area code, and after every fourth digit of a mobile's; a rest of one joins the
// group before it.
func (n Number) group(s string) string {
	r := []rune(s)
	if !n.Mobile() {
		if code, _, ok := area(string(n)); ok {
			return string(r[:len(code)+1]) + "-" + string(r[len(code)+1:])
		}
		return s
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

// Format masks under every verb: %d, %x and %#v would otherwise show what String hides.
func (n Number) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, n.Masked()) }

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
