package trouble

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"sapa/internal/fault"
)

// Subject is the complaint's title in its six parts; it is edited only through them (SOP 5.2.10.i).
type Subject struct{ Login, Skill, Name, ServiceNo, Complaint, Booking string }

const (
	separator = " / "
	longPart  = 100 // characters
)

// String is the six parts with " / " between them, always six segments.
func (s Subject) String() string {
	parts := s.parts()
	for i, p := range parts {
		parts[i] = part(p)
	}
	return strings.Join(parts, separator)
}

func (s Subject) parts() []string {
	return []string{s.Login, s.Skill, s.Name, s.ServiceNo, s.Complaint, s.Booking}
}

// clean gives the subject as it reads back.
func (s Subject) clean() Subject {
	return Subject{part(s.Login), part(s.Skill), part(s.Name), part(s.ServiceNo), part(s.Complaint), part(s.Booking)}
}

// part makes a text fit between two separators: a slash becomes a dash, what is not seen becomes a space, runs of space
// become one, and nothing becomes a dash.
func part(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '/' || r == '\u2044' || r == '\u2215' || r == '\uff0f': // slashes that look the same
			return '-'
		case r == utf8.RuneError:
			return -1
		case unicode.IsControl(r), unicode.IsSpace(r), unicode.In(r, unicode.Zl, unicode.Zp, unicode.Cf, unicode.Co):
			return ' '
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > longPart {
		s = strings.TrimSpace(string(r[:longPart]))
	}
	if s == "" {
		return "-"
	}
	return s
}

// ParseSubject reads a subject back and refuses what String would not have written: it is the check at Submit
// (SOP 5.2.10.i: exactly six segments).
func ParseSubject(text string) (Subject, error) {
	p := strings.Split(text, separator)
	if len(p) != 6 {
		return Subject{}, fault.New(fault.Invalid, "trouble.subject", "count", len(p)).At("subject", "5.2.10.i")
	}
	s := Subject{p[0], p[1], p[2], p[3], p[4], p[5]}
	for _, one := range p {
		if one != part(one) {
			return Subject{}, fault.New(fault.Invalid, "trouble.subject-part", "part", one).At("subject", "5.2.10.i")
		}
	}
	if s.Booking != BOK && s.Booking != BNOK && s.Booking != BPN {
		return Subject{}, fault.New(fault.Invalid, "trouble.subject-booking", "part", s.Booking).At("subject", "5.2.10.i.status")
	}
	return s, nil
}
