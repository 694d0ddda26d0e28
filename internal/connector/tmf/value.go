package tmf

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"
)

// loose is a text that some systems write as a number or a truth.
type loose string

func (l *loose) UnmarshalJSON(text []byte) error {
	var s string
	switch {
	case json.Unmarshal(text, &s) == nil: // also null
		*l = loose(s)
	case len(text) > 0 && (text[0] == '{' || text[0] == '['):
		*l = ""
	default:
		*l = loose(text)
	}
	return nil
}

// Time is a moment with its zone. A moment without a zone is refused: it would be seven to nine hours wrong somewhere.
type Time struct{ time.Time }

var moments = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04Z07:00"}

// UnmarshalJSON reads ISO 8601; null and "" are no moment.
func (t *Time) UnmarshalJSON(text []byte) error {
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return fmt.Errorf("%w: a moment that is no text", errShape)
	}
	if s = strings.TrimSpace(s); s == "" {
		return nil
	}
	for _, m := range moments {
		if at, err := time.Parse(m, s); err == nil && at.Year() > 0 {
			t.Time = at
			return nil
		}
	}
	return fmt.Errorf("%w: a moment without a zone, or none at all", errShape)
}

// MarshalJSON writes RFC 3339.
func (t Time) MarshalJSON() ([]byte, error) {
	return []byte(strconv.Quote(t.Format(time.RFC3339Nano))), nil
}

// At makes a Time.
func At(t time.Time) Time { return Time{t} }

// Money is an amount, exact: in hundredths of its unit. The specs say float, the text of the number is what is read.
type Money struct {
	Unit       string
	Hundredths int64
}

// Rupiah makes an amount of whole rupiah.
func Rupiah(n int64) Money { return Money{"IDR", n * 100} }

// Rupiah gives whole rupiah; ok is whether it is rupiah, and whole ones.
func (m Money) Rupiah() (n int64, ok bool) {
	unit := strings.ToUpper(strings.TrimSpace(m.Unit))
	return m.Hundredths / 100, m.Hundredths%100 == 0 && (unit == "IDR" || unit == "RP" || unit == "")
}

// UnmarshalJSON reads {unit, value}; the value may be a number or its text.
func (m *Money) UnmarshalJSON(text []byte) error {
	var said *struct {
		Unit  loose
		Value json.RawMessage
	}
	if err := json.Unmarshal(text, &said); err != nil {
		return fmt.Errorf("%w: an amount of money", errShape)
	}
	*m = Money{}
	if said == nil {
		return nil
	}
	m.Unit = string(said.Unit)
	n, err := hundredths(string(bytes.Trim(said.Value, `"`)))
	m.Hundredths = n
	return err
}

// MarshalJSON writes the amount with as many digits as it needs.
func (m Money) MarshalJSON() ([]byte, error) {
	sign, n := "", new(big.Int).SetInt64(m.Hundredths)
	if n.Sign() < 0 {
		sign = "-"
		n.Neg(n)
	}
	whole, rest := new(big.Int).QuoRem(n, big.NewInt(100), new(big.Int))
	value := sign + whole.String()
	if rest.Sign() != 0 {
		value += "." + fmt.Sprintf("%02d", rest.Int64())
	}
	unit, err := json.Marshal(m.Unit)
	return []byte(`{"unit":` + string(unit) + `,"value":` + value + `}`), err
}

func hundredths(s string) (int64, error) {
	wrong := fmt.Errorf("%w: an amount of money", errShape)
	if s == "" || s == "null" {
		return 0, nil
	}
	digits, exponent, has := strings.Cut(strings.ToLower(s), "e")
	if e, err := strconv.Atoi(exponent); len(s) > 40 || strings.Trim(digits, "+-.0123456789") != "" || has && (err != nil || e < -20 || e > 20) {
		return 0, wrong
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return 0, wrong
	}
	if r.Mul(r, big.NewRat(100, 1)); !r.IsInt() || !r.Num().IsInt64() {
		return 0, wrong
	}
	return r.Num().Int64(), nil
}

// Party points to a person, an organisation or a customer.
type Party struct {
	ID           string `json:"id"`
	Href         string `json:"href,omitempty"`
	Name         string `json:"name,omitempty"`
	Role         string `json:"role,omitempty"`
	ReferredType string `json:"@referredType"`
}

// Entity points to anything else.
type Entity struct {
	ID           string `json:"id"`
	Href         string `json:"href,omitempty"`
	Name         string `json:"name,omitempty"`
	Role         string `json:"role"`
	ReferredType string `json:"@referredType"`
}

// Period is a time with a beginning and an end.
type Period struct {
	Start Time `json:"startDateTime,omitzero"`
	End   Time `json:"endDateTime,omitzero"`
}

// Trait is a characteristic: a name with any value.
type Trait struct {
	Name  string          `json:"name"`
	Value json.RawMessage `json:"value"`
}

// Say makes a trait of a text.
func Say(name, value string) Trait {
	text, _ := json.Marshal(value) // a string always has a JSON
	return Trait{name, text}
}

// Text is the value of a trait, when it is a text, a number or a truth.
func (t Trait) Text() string {
	var l loose
	if len(t.Value) == 0 || json.Unmarshal(t.Value, &l) != nil {
		return ""
	}
	return string(l)
}

// trait finds the first one of several names, whatever their case.
func trait(all []Trait, names ...string) string {
	for _, n := range names {
		for _, t := range all {
			if strings.EqualFold(strings.TrimSpace(t.Name), n) {
				return strings.TrimSpace(t.Text())
			}
		}
	}
	return ""
}

// Note is one entry of a worklog.
type Note struct {
	ID     string `json:"id,omitempty"`
	Author string `json:"author,omitempty"`
	Date   Time   `json:"date,omitzero"`
	Text   string `json:"text"`
}

// named is the id of a resource; some systems leave it to the last part of the href, absolute or relative.
func named(id, href string) string {
	if id != "" {
		return id
	}
	href, _, _ = strings.Cut(href, "?")
	href = strings.TrimRight(href, "/")
	return href[strings.LastIndex(href, "/")+1:]
}

// points tells whether a reference points to a resource.
func (p Party) points(to string) bool { return to != "" && named(p.ID, p.Href) == to }
