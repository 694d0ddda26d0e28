package phone

import (
	"regexp"
	"strings"

	"sapa/internal/fault"
)

// Service is a service number (jastel): an internet number of 12 digits that begins with 1, or a PSTN number.
type Service string

var (
	internet      = regexp.MustCompile(`^1\d{11}$`)
	shortInternet = regexp.MustCompile(`^1\d{10}$`)
	servicePSTN   = regexp.MustCompile(`^0[2-9]\d{7,10}$`)
)

// ParseService reads a service number. warning is a phrase key, or empty: an internet number of 11 digits was seen once
// and is accepted with one (domain 3.1). No area code may be read from an internet number.
func ParseService(s string) (n Service, warning string, err error) {
	raw := strings.TrimSpace(s)
	if excel.MatchString(strings.ToUpper(raw)) {
		return "", "", fault.New(fault.Invalid, "phone.excel", "number", raw)
	}
	digits := strip.Replace(raw)
	switch {
	case internet.MatchString(digits), servicePSTN.MatchString(digits):
		return Service(digits), "", nil
	case shortInternet.MatchString(digits):
		return Service(digits), "phone.service-short", nil
	}
	return "", "", fault.New(fault.Invalid, "phone.service-form", "number", raw)
}

// Internet tells whether it is an internet number.
func (s Service) Internet() bool { return strings.HasPrefix(string(s), "1") }
