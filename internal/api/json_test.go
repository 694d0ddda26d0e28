package api

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"sapa/internal/fault"
)

func nested(n int) string {
	return strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n)
}

func TestBodiesAreReadStrictly(t *testing.T) {
	for _, c := range []struct {
		name, body, key string
		line, column    int
		path            string
	}{
		{"broken", `{"a":1,}`, "api.json-broken", 1, 8, ""},
		{"cut", `{"a":"b`, "api.json-broken", 1, 7, "a"},
		{"no quotes", "{\n  a:1}", "api.json-broken", 2, 3, ""},
		{"single quotes", `{'a':1}`, "api.json-broken", 1, 2, ""},
		{"comment", `{"a":1 /* b */}`, "api.json-broken", 1, 8, ""},
		{"NaN", `{"a":NaN}`, "api.json-broken", 1, 6, "a"},
		{"leading zero", `{"a":012}`, "api.json-broken", 1, 7, ""},
		{"trailing", "{}\n{}", "api.json-trailing", 2, 1, ""},
		{"trailing word", `{} x`, "api.json-trailing", 1, 4, ""},
		{"twice", `{"a":1,"b":2,"a":3}`, "api.json-twice", 1, 14, "a"},
		{"twice inside", `{"a":{"b":1,"b":1}}`, "api.json-twice", 1, 13, "a.b"},
		{"twice by escape", `{"a":1,"\u0061":3}`, "api.json-twice", 1, 8, "a"},
		{"deep", nested(65), "api.json-deep", 1, 321, strings.Repeat("a.", 63) + "a"},
		{"deep list", strings.Repeat("[", 100000), "api.json-deep", 1, 65, strings.Repeat("[0]", 64)},
		{"NUL escaped", `{"a":"x\u0000y"}`, "api.json-nul", 1, 6, "a"},
		{"NUL raw", "{\"a\":\"x\x00y\"}", "api.json-broken", 1, 8, "a"},
		{"NUL in key", `{"\u0000":1}`, "api.json-nul", 1, 2, ""},
		{"Latin-1", "{\"a\":\"caf\xe9\"}", "api.json-utf8", 1, 10, ""},
		{"half a surrogate", `{"a":"\ud800"}`, "api.json-utf8", 1, 6, "a"},
		{"half a surrogate beside a replacement", `{"a":"\ufffd\ud800"}`, "api.json-utf8", 1, 6, "a"},
		{"UTF-16", "\xff\xfe{\x00", "api.json-utf8", 1, 1, ""},
		{"BOM", "\ufeff{}", "api.json-broken", 1, 1, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := parse([]byte(c.body))
			f := fault.Of(err)
			if f == nil || f.Kind != fault.Invalid || f.Key != c.key {
				t.Fatalf("want %s, got %v", c.key, err)
			}
			if f.Values["line"] != c.line || f.Values["column"] != c.column || f.Field != c.path {
				t.Errorf("want line %d column %d at %q, got line %v column %v at %q", c.line, c.column, c.path, f.Values["line"], f.Values["column"], f.Field)
			}
		})
	}
}

func TestBodiesThatAreRight(t *testing.T) {
	for _, body := range []string{`{}`, ` {"a": [1, -2.5e3, true, null, "\ud83d\ude00", "\ufffd", "�"], "A": {}} `, nested(64), `[]`, `"x"`, `0`} {
		if _, err := parse([]byte(body)); err != nil {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestFieldsAreTakenStrictly(t *testing.T) {
	take := func(body string) (map[string]string, error) {
		f, err := newForm([]byte(body))
		if err != nil {
			return nil, err
		}
		f.needed("lease", 10)
		f.text("reason", 5)
		f.whole("ring_s", 0, 60)
		f.moment("started_at")
		f.words("codes", 2, 4)
		answers := f.texts("answers", 2, 10)
		in := f.inner("contact")
		in.text("phone", 20)
		in.unknown()
		return answers, f.done()
	}
	for _, c := range []struct{ body, key, path string }{
		{`{}`, "api.needed", "lease"},
		{`{"lease":""}`, "api.needed", "lease"},
		{`{"lease":null}`, "api.needed", "lease"},
		{`{"lease":1}`, "api.type", "lease"},
		{`{"lease":"x","Lease":"y"}`, "api.unknown-field", "Lease"},
		{`{"lease":"x","other":1}`, "api.unknown-field", "other"},
		{`{"lease":"x","reason":"sepuluh"}`, "api.too-long", "reason"},
		{`{"lease":"x","ring_s":"3"}`, "api.type", "ring_s"},
		{`{"lease":"x","ring_s":3.5}`, "api.number", "ring_s"},
		{`{"lease":"x","ring_s":1e1}`, "api.number", "ring_s"},
		{`{"lease":"x","ring_s":-1}`, "api.number", "ring_s"},
		{`{"lease":"x","ring_s":61}`, "api.number", "ring_s"},
		{`{"lease":"x","ring_s":99999999999999999999}`, "api.number", "ring_s"},
		{`{"lease":"x","started_at":"2026-11-24 15:00"}`, "api.time", "started_at"},
		{`{"lease":"x","started_at":"2026-11-24T15:00:00"}`, "api.time", "started_at"},
		{`{"lease":"x","started_at":"2026-02-30T15:00:00Z"}`, "api.time", "started_at"},
		{`{"lease":"x","started_at":"0001-01-01T00:00:00Z"}`, "api.time", "started_at"},
		{`{"lease":"x","codes":"callback"}`, "api.type", "codes"},
		{`{"lease":"x","codes":["a",1]}`, "api.type", "codes[1]"},
		{`{"lease":"x","codes":["a","b","c"]}`, "api.too-many", "codes"},
		{`{"lease":"x","codes":["panjang"]}`, "api.too-long", "codes[0]"},
		{`{"lease":"x","answers":{"a":1}}`, "api.type", "answers.a"},
		{`{"lease":"x","answers":{"a":null}}`, "api.type", "answers.a"},
		{`{"lease":"x","answers":{"a":["b"]}}`, "api.type", "answers.a"},
		{`{"lease":"x","answers":[]}`, "api.type", "answers"},
		{`{"lease":"x","answers":{"a":"","b":"","c":""}}`, "api.too-many", "answers"},
		{`{"lease":"x","contact":{"phone":81234}}`, "api.type", "contact.phone"},
		{`{"lease":"x","contact":{"telepon":"0"}}`, "api.unknown-field", "contact.telepon"},
		{`[]`, "api.type", ""},
		{`"lease"`, "api.type", ""},
		{`null`, "api.type", ""},
	} {
		_, err := take(c.body)
		f := fault.Of(err)
		if f == nil || f.Key != c.key || f.Field != c.path || f.Kind != fault.Invalid {
			t.Errorf("%s: want %s at %q, got %v", c.body, c.key, c.path, err)
		}
	}
	answers, err := take(`{"lease":"x","answers":{"status":"contacted","reason_1":""},"started_at":"2026-11-24T15:00:00+07:00"}`)
	if err != nil || answers["status"] != "contacted" || len(answers) != 2 {
		t.Errorf("got %v, %v", answers, err)
	}
}

// FuzzParse holds the reader against the usual one: it never takes what that refuses, and what both take means the same.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a":[1,2.5,"x",null,true]}`, `{"a":"\ud83d\ude00"}`, `{"a":{"b":[{}]}}`, nested(64), "\x00", `{"a":1}x`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		n, err := parse(body)
		if err != nil {
			if e := fault.Of(err); e == nil || e.Kind != fault.Invalid {
				t.Fatalf("no fault: %v", err)
			}
			return
		}
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber()
		var usual any
		if err := d.Decode(&usual); err != nil {
			t.Fatalf("taken, though the usual reader says %v", err)
		}
		if !same(n, usual) {
			t.Fatalf("read differently")
		}
	})
}

func same(n *node, v any) bool {
	switch v := v.(type) {
	case map[string]any:
		if n.kind != "object" || len(v) != len(n.members) {
			return false
		}
		for key, inner := range v {
			if m := n.members[key]; m == nil || !same(m, inner) {
				return false
			}
		}
		return true
	case []any:
		if n.kind != "list" || len(v) != len(n.items) {
			return false
		}
		for i, inner := range v {
			if !same(n.items[i], inner) {
				return false
			}
		}
		return true
	case string:
		return n.kind == "text" && n.text == v
	case json.Number:
		return n.kind == "number" && n.text == v.String()
	case bool:
		return n.kind == "truth" && n.truth == v
	}
	return v == nil && n.kind == "null"
}
