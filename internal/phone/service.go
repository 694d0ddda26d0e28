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
	case internet.MatchString(digits):
		return Service(digits), "", nil
	case shortInternet.MatchString(digits):
		return Service(digits), "phone.service-short", nil
	}
	if m := pstn.FindStringSubmatch(digits); m != nil {
		line := "0" + m[1]
		if _, _, known := area(line); !known {
			return "", "", fault.New(fault.Invalid, "phone.area", "number", raw, "code", line[:4])
		}
		return Service(line), "", nil
	}
	return "", "", fault.New(fault.Invalid, "phone.service-form", "number", raw)
}

// Internet tells whether it is an internet number.
func (s Service) Internet() bool { return strings.HasPrefix(string(s), "1") }
