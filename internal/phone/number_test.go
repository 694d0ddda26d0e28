package phone_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sapa/internal/fault"
	"sapa/internal/phone"
)

// SOP 5.2.10.n: mobile numbers in the forms people and files write them (domain 3.1).
func TestParse(t *testing.T) {
	for _, c := range []struct{ in, want, key string }{
		{"081242071134", "+6281242071134", ""},
		{"+62 812-4207-1134", "+6281242071134", ""},
		{"6281242071134", "+6281242071134", ""},
		{" (0812) 4207.1134 ", "+6281242071134", ""},
		{"0899 9000 1234", "+6289990001234", ""},
		{"0341-999-1234", "03419991234", ""},
		{"+62 341 9991234", "03419991234", ""},
		{"021 9991234", "0219991234", ""},
		{"", "", "phone.empty"},
		{"   ", "", "phone.empty"},
		{"8.12E+11", "", "phone.excel"},
		{"8,12E+11", "", "phone.excel"},
		{"8.1242071134e10", "", "phone.excel"},
		{"8E+11", "", "phone.excel"},
		{"81242071134", "", "phone.zero-lost"},
		{"0812420711345678", "", "phone.form"},
		{"08124207", "", "phone.form"},
		{"0111234567", "", "phone.form"},
		{"0999123456", "", "phone.area"},
		{"0445123456", "0445123456", ""}, // area code 044 (Marisa), three digits long
		{"0300123456", "", "phone.area"},
		{"not a number", "", "phone.form"},
		{"+1 202 555 0100", "", "phone.form"},
		{"０８１２４２０７１１３４", "", "phone.form"}, // full-width digits are not digits here
	} {
		got, err := phone.Parse(c.in)
		if got.Full() != c.want || (c.key == "") != (err == nil) {
			t.Errorf("Parse(%q) = %s, %v; want %s", c.in, got.Full(), err, c.want)
		}
		if f := fault.Of(err); err != nil && (f == nil || f.Kind != fault.Invalid || f.Key != c.key) {
			t.Errorf("Parse(%q): %v, want %s", c.in, err, c.key)
		}
	}
}

// SOP 5.2.10.d: service numbers (domain 3.1).
func TestParseService(t *testing.T) {
	for _, c := range []struct{ in, want, warning, key string }{
		{"152999123456", "152999123456", "", ""},
		{"152 999 123 456", "152999123456", "", ""},
		{"15299912345", "15299912345", "phone.service-short", ""},
		{"03419991234", "03419991234", "", ""},
		{"+62 341 999 1234", "03419991234", "", ""},
		{"1529991234", "", "", "phone.service-form"},
		{"1529991234567", "", "", "phone.service-form"},
		{"252999123456", "", "", "phone.service-form"},
		{"081242071134", "", "", "phone.service-form"}, // a mobile is a contact, not a service
		{"0999123456", "", "", "phone.area"},
		{"1.52999E+11", "", "", "phone.excel"},
		{"", "", "", "phone.service-form"},
	} {
		got, warning, err := phone.ParseService(c.in)
		if string(got) != c.want || warning != c.warning || (c.key == "") != (err == nil) {
			t.Errorf("ParseService(%q) = %s, %q, %v; want %s, %q", c.in, string(got), warning, err, c.want, c.warning)
		}
		if f := fault.Of(err); err != nil && (f == nil || f.Key != c.key) {
			t.Errorf("ParseService(%q): %v, want %s", c.in, err, c.key)
		}
	}
}

func TestPrint(t *testing.T) {
	for in, want := range map[string]struct{ print, masked string }{
		"081242071134":  {"0812-4207-1134", "0812-42••-••34"},
		"0812420711":    {"0812-4207-11", "0812-••••-11"},
		"0812420711345": {"0812-4207-11345", "0812-42••-•••45"},
		"03419991234":   {"0341-9991234", "0341-9••••34"},
		"021999123":     {"021-999123", "021-••••23"},
	} {
		n, err := phone.Parse(in)
		if err != nil {
			t.Errorf("Parse(%s): %v", in, err)
			continue
		}
		if n.Print() != want.print || n.Masked() != want.masked {
			t.Errorf("%s prints as %s, masked %s; want %s, %s", in, n.Print(), n.Masked(), want.print, want.masked)
		}
	}
	if got := phone.Number("").Masked(); got != "" {
		t.Errorf("no number is masked as %q", got)
	}
}

func numbers() *rapid.Generator[phone.Number] {
	return rapid.Custom(func(t *rapid.T) phone.Number {
		s := rapid.OneOf(rapid.StringMatching(`08[1-9]\d{7,10}`), rapid.StringMatching(`(021|0341|0361|0967)[2-9]\d{5,6}`)).Draw(t, "number")
		n, err := phone.Parse(s)
		if err != nil {
			t.Fatalf("Parse(%s): %v", s, err)
		}
		return n
	})
}

// A number that slips into a message or a log is never whole: whatever the verb, the handler or the nesting.
func TestNumberMasksItself(t *testing.T) {
	type held struct {
		Phone phone.Number
		Many  []phone.Number
	}
	rapid.Check(t, func(t *rapid.T) {
		n := numbers().Draw(t, "n")
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info(n.String(), "n", n, "held", held{n, []phone.Number{n}})
		slog.New(slog.NewJSONHandler(&log, nil)).Info(n.String(), "n", n)
		said := log.String() + n.String() + fmt.Errorf("call %v: %w", n, errBusy).Error()
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%5.20s"} {
			said += fmt.Sprintf(verb, n) + fmt.Sprintf(verb, held{n, []phone.Number{n}}) + fmt.Sprintf(verb, []phone.Number{n})
		}
		local := phone.Digits(n.Print())
		for i := 0; i+7 <= len(local); i++ {
			if strings.Contains(phone.Digits(said), local[i:i+7]) && !strings.Contains(phone.Digits(strings.Repeat(n.Masked(), 3)), local[i:i+7]) {
				t.Fatalf("%s shows %s: %s", n.Full(), local[i:i+7], said)
			}
		}
		if hidden := strings.Count(n.Masked(), "•"); hidden < 4 {
			t.Fatalf("%s hides %d digits", n.Full(), hidden)
		}
	})
}

var errBusy = fmt.Errorf("busy")

// What is stored reads back as itself, and so does what is printed.
func TestNumberReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := numbers().Draw(t, "n")
		for _, s := range []string{n.Full(), n.Print()} {
			if again, err := phone.Parse(s); err != nil || again != n {
				t.Fatalf("%s reads back as %s, %v", s, again.Full(), err)
			}
		}
		text, err := json.Marshal(n) // the store keeps contacts as JSON
		var back phone.Number
		if err != nil || json.Unmarshal(text, &back) != nil || back != n {
			t.Fatalf("%s through JSON: %s, %v", n.Full(), text, err)
		}
	})
}

func TestReserved(t *testing.T) {
	for s, want := range map[string]bool{"089990001234": true, "080012345678": true, "03419991234": true, "081242071134": false, "03418881234": false} {
		n, err := phone.Parse(s)
		if err != nil || n.Reserved() != want {
			t.Errorf("%s: reserved %v, %v; want %v", s, n.Reserved(), err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"081242071134", "+62 812-4207-1134", "8.12E+11", "81242071134", "0341-999-1234", "", "62", "0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := phone.Parse(s)
		if err != nil {
			if n != "" || fault.Of(err) == nil {
				t.Fatalf("Parse(%q) = %s, %v", s, n.Full(), err)
			}
			return
		}
		if again, err := phone.Parse(n.Full()); err != nil || again != n {
			t.Fatalf("%q became %s, which reads as %s, %v", s, n.Full(), again.Full(), err)
		}
		if strings.Count(n.Masked(), "•") < 4 {
			t.Fatalf("%q is masked as %s", s, n.Masked())
		}
	})
}

func FuzzParseService(f *testing.F) {
	for _, s := range []string{"152999123456", "15299912345", "03419991234", "1.52999E+11", "", "0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, warning, err := phone.ParseService(s)
		if err != nil {
			if n != "" || warning != "" || fault.Of(err) == nil {
				t.Fatalf("ParseService(%q) = %s, %q, %v", s, string(n), warning, err)
			}
			return
		}
		if again, _, err := phone.ParseService(string(n)); err != nil || again != n {
			t.Fatalf("%q became %s, which reads as %s, %v", s, string(n), string(again), err)
		}
	})
}
