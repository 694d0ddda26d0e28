package procedure

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"sapa/internal/fault"
	"sapa/internal/yamltext"
)

// FuzzLoad puts any bytes in the place of any file of the sound document. Whatever they are: a book that holds together, or
// problems with their place; never a panic, never without end. Bombs by size are in TestBombsAreRefused.
func FuzzLoad(f *testing.F) {
	sound := base(f)
	names := slices.Sorted(maps.Keys(sound))
	for i, name := range names {
		f.Add(i, sound[name].Data)
	}
	for _, text := range []string{"", "#", "~", "a: &a [*a]", "a: 1\na: 2", "--- 1\n--- 2", "? [a]\n: b", "!!binary x", "[[[[", "{a: {b: {c: [", "%YAML 1.2\n---\na: b", "\xff\xfea\x00"} {
		f.Add(0, []byte(text))
	}
	f.Fuzz(func(t *testing.T, which int, data []byte) {
		files := maps.Clone(sound)
		name := names[(which%len(names)+len(names))%len(names)]
		files[name] = &fstest.MapFile{Data: data}
		b, problems := Load(files, ".")
		for _, p := range problems {
			if p.File == "" || mistakes[p.Key].text == "" || p.Text() == "" || p.Remedy() == "" {
				t.Fatalf("%+v does not say what is wrong and where", p)
			}
		}
		if len(problems) > 0 {
			return
		}
		if again, _ := Load(files, "."); again.Hash != b.Hash || len(Diff(b, again)) != 0 {
			t.Fatal("read twice, it is not the same")
		}
		for _, p := range b.Procedures {
			if len(Endings(p)) == 0 {
				t.Fatalf("%s has no ending", p.Code)
			}
			p.IllegalPairs()
		}
		if len(Trace(b, nil)) != len(b.Clauses) {
			t.Fatal("a clause is not traced")
		}
	})
}

// FuzzConditions reads any text as a condition and holds it against any value: total, the same twice, the opposite of its
// not, and asking nothing that it does not name.
func FuzzConditions(f *testing.F) {
	for _, text := range []string{"{status: reached}", "{a: [b, c], d: given}", "{any: [{a: b}, {not: {c: none}}]}", "{all: [{a: b}]}", "{not: {not: {a: b}}}", "{a: []}", "{any: []}", "a", "[]", "{}", "{not: 1}", "{any: {a: b}}"} {
		f.Add(text, "b")
	}
	f.Fuzz(func(t *testing.T, text, value string) {
		opened, mistakes := yamltext.Open([]byte(text), FileMax, NodesMax)
		if len(mistakes) > 0 {
			return
		}
		n, r := node{opened, "fuzz"}, &reader{}
		var c Cond
		if r.cond(&c)(n); len(r.problems) > 0 {
			return
		}
		named := map[string]bool{}
		c.each(func(id string, values []string) {
			if named[id] = true; len(values) == 0 {
				t.Fatalf("%s is compared with nothing", id)
			}
		})
		get := func(id string) string {
			if !named[id] {
				t.Fatalf("asks %q, which it does not name", id)
			}
			return value
		}
		if c.holds(get) == (Cond{Not: &c}).holds(get) || c.holds(get) != (Cond{All: []Cond{c}}).holds(get) || c.holds(get) != (Cond{Any: []Cond{c}}).holds(get) {
			t.Fatalf("%+v contradicts itself", c)
		}
	})
}

// FuzzAnswers gives any two values to any field after any call: taken means asked and on offer, refused means field and clause.
func FuzzAnswers(f *testing.F) {
	of := all(f)
	for i := range of {
		f.Add(i, "answered", "receiver", "reporter", "status", "contacted")
		f.Add(i, "no-answer", "status", "not-contacted", "reason_1", "rna")
		f.Add(i, "none", "remarks", "\x00", "call_again_at", "2035-01-08T10:00:00+07:00")
	}
	f.Fuzz(func(t *testing.T, which int, line, field, value, field2, value2 string) {
		p := of[(which%len(of)+len(of))%len(of)]
		facts, in := Facts{"last_line": line}, Answers{field: value, field2: value2}
		settled, v, err := p.Put(facts, nil, in, nil)
		if err != nil {
			if e := fault.Of(err); e == nil || e.Kind != fault.Invalid || e.Clause == "" || in[e.Field] == "" && p.Field(e.Field) != nil {
				t.Fatalf("refused as %+v", err)
			}
			if _, again := p.Decide(facts, nil, in, nil); again == nil {
				t.Fatalf("a draft refuses %v, a finish takes it", in)
			}
			return
		}
		for id := range in {
			i := slices.IndexFunc(v.Fields, func(fv FieldView) bool { return fv.ID == id })
			if strings.TrimSpace(in[id]) == "" {
				continue
			}
			if i < 0 || v.Fields[i].Type == "choice" && !slices.ContainsFunc(v.Fields[i].Offer, func(o Option) bool { return o.ID == settled[id] }) {
				t.Fatalf("%s=%q is kept as %q: not on offer", id, in[id], settled[id])
			}
		}
	})
}
