package knowledge_test

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sapa/internal/knowledge"
	"sapa/internal/phrase"
	"sapa/internal/trouble"
)

// known are the symptoms of 5.2.10.k, as the seat brings them.
func known() []knowledge.Symptom {
	var all []knowledge.Symptom
	for _, service := range trouble.Services {
		for _, s := range trouble.Symptoms(service, "") {
			if !slices.ContainsFunc(all, func(k knowledge.Symptom) bool { return k.ID == s.ID }) {
				all = append(all, knowledge.Symptom{ID: s.ID, Services: s.Services})
			}
		}
	}
	return all
}

func file(t testing.TB, name string) string {
	t.Helper()
	text, err := fs.ReadFile(knowledge.Starter, "articles/"+name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func starter(t testing.TB) map[string]knowledge.Article {
	t.Helper()
	names, err := fs.Glob(knowledge.Starter, "articles/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]knowledge.Article{}
	for _, name := range names {
		base := strings.TrimPrefix(name, "articles/")
		a, err := knowledge.Read(base, []byte(file(t, base)), known())
		for _, f := range knowledge.Mistakes(err) {
			t.Errorf("%s", phrase.Fill(phrase.EN, f.Key, f.Values))
		}
		if a.Code+".yaml" != base {
			t.Errorf("%s holds the article %s", base, a.Code)
		}
		all[a.Code] = a
	}
	return all
}

// SOP 5.2.9: what My Kiss shows is read, in both languages, and every way through it ends.
func TestStarterSetIsRight(t *testing.T) {
	all := starter(t)
	said := map[string]bool{}
	for _, a := range all {
		for _, s := range a.Symptoms {
			said[s] = true
		}
		ends := map[string]bool{}
		walkAll(t, a, nil, ends)
		if len(ends) != len(a.Ends) {
			t.Errorf("%s: %d of %d ends are reached", a.Code, len(ends), len(a.Ends))
		}
	}
	for _, s := range known() {
		if !said[s.ID] {
			t.Errorf("no article is for the symptom %s of 5.2.10.k", s.ID)
		}
	}
	if len(all) < 25 {
		t.Errorf("only %d articles", len(all))
	}
}

// walkAll goes every way through an article.
func walkAll(t *testing.T, a knowledge.Article, path []knowledge.Done, ends map[string]bool) {
	t.Helper()
	if len(path) > knowledge.MaxSteps {
		t.Fatalf("%s: a way of more than %d steps: %v", a.Code, knowledge.MaxSteps, path)
	}
	at, err := a.Walk(path)
	if err != nil {
		t.Fatal(err)
	}
	if at.End != nil {
		ends[at.End.ID] = true
		if _, err := a.Walk(append(slices.Clone(path), knowledge.Done{Step: at.End.ID})); err == nil {
			t.Errorf("%s: a walk goes on behind its end %s", a.Code, at.End.ID)
		}
		return
	}
	for _, yes := range []bool{true, false} {
		walkAll(t, a, append(slices.Clone(path), knowledge.Done{Step: at.Step.ID, Yes: yes}), ends)
	}
}

// Each thing that can be wrong with an article is told with file, line and remedy, and each message is seen here.
func TestEachMistakeOfAnArticleHasItsMessage(t *testing.T) {
	whole := file(t, "internet-los.yaml")
	seen := map[string]bool{}
	for _, c := range []struct{ key, old, new string }{
		{"size", "", strings.Repeat("#", knowledge.TextMax+1)},
		{"yaml", "", "steps: ["},
		{"second-document", "", "code: a\n---\ncode: b\n"},
		{"alias", "code: internet-los", "code: &x internet-los"},
		{"double-key", "service: internet", "service: internet\nservice: internet"},
		{"unknown-key", "about:", "abuot:"},
		{"kind", "", "[]"},
		{"kind", "", "steps: 3"},
		{"kind", "code: internet-los", "code: []"},
		{"language", `en: "LOS lamp is red or blinking"`, `en: ""`},
		{"part", "    yes: listrik\n    no: pon\n", "    yes: listrik\n"},
		{"part", "    guided: berhasil\n", ""},
		{"part", "code: internet-los\n", ""},
		{"double", "  - id: kabel", "  - id: listrik"},
		{"double", "symptoms: [los, tbc]", "symptoms: [los, los]"},
		{"value", "service: internet", "service: internets"},
		{"value", "verdicts: [unspec", "verdicts: [unspek"},
		{"value", "symptoms: [los", "symptoms: [lost"},
		{"value", "guided: berhasil", "guided: yes"},
		{"form", "code: internet-los", "code: Internet_LOS"},
		{"form", "  - id: lampu", "  - id: Lampu"},
		{"other-service", "service: internet", "service: voice"},
		{"long", "Lampu LOS merah atau berkedip", strings.Repeat("panjang ", 80)},
		{"one-sided", "guided: berhasil", "guided: tidak-berhasil"},
		{"nowhere", "yes: luruskan", "yes: lurus"},
		{"circle", "yes: luruskan", "yes: lampu"},
		{"unreached", "yes: luruskan", "yes: coba"},
		{"same-way", "    yes: luruskan\n    no: fisik", "    yes: luruskan\n    no: luruskan"},
	} {
		text := c.new
		if c.old != "" {
			if text = strings.Replace(whole, c.old, c.new, 1); text == whole {
				t.Errorf("%s: %q is not in the file", c.key, c.old)
			}
		}
		_, err := knowledge.Read("x.yaml", []byte(text), known())
		found := false
		for _, f := range knowledge.Mistakes(err) {
			if found = found || f.Key == "knowledge.file."+c.key; f.Key != "knowledge.file."+c.key {
				continue
			}
			seen[f.Key] = true
			for _, l := range []phrase.Lang{phrase.ID, phrase.EN} {
				if said := phrase.Fill(l, f.Key, f.Values); said == f.Key || regexp.MustCompile(`\{\w+\}`).MatchString(said) || !strings.Contains(said, "x.yaml") {
					t.Errorf("%s is said as %q", f.Key, said)
				}
			}
		}
		if !found {
			t.Errorf("%s %q: got %v", c.key, c.new, err)
		}
	}
	var b strings.Builder
	b.WriteString("code: lots\ntitle: {id: a, en: a}\nabout: {id: a, en: a}\nsteps:\n")
	for i := range knowledge.MaxSteps + 1 {
		b.WriteString("  - {id: s" + string(rune('a'+i)) + ", ask: {id: a, en: a}, \"yes\": s" + string(rune('b'+i)) + ", \"no\": bad}\n")
	}
	b.WriteString("ends:\n  - {id: s" + string(rune('a'+knowledge.MaxSteps+1)) + ", guided: berhasil, say: {id: a, en: a}}\n  - {id: bad, guided: tidak-berhasil, say: {id: a, en: a}}\n")
	_, err := knowledge.Read("x.yaml", []byte(b.String()), known())
	if all := knowledge.Mistakes(err); len(all) != 1 || all[0].Key != "knowledge.file.many-steps" {
		t.Errorf("many steps: %v", err)
	}
	seen["knowledge.file.many-steps"], seen["knowledge.file.name"] = true, true // name: TestSeedRefusesAFileOfAnotherName
	for _, key := range keysOf(t, "knowledge.file.") {
		if !seen[key] {
			t.Errorf("no broken article shows %s", key)
		}
	}
}

// A step that does not come next was not done: what is recorded is a way that the article has.
func TestWalkTakesOnlyWhatComesNext(t *testing.T) {
	a := starter(t)["internet-los"]
	for _, path := range [][]knowledge.Done{
		{{Step: "kabel", Yes: true}},
		{{Step: "lampu", Yes: true}, {Step: "pon", Yes: true}},
		{{Step: "nowhere"}},
	} {
		if _, err := a.Walk(path); err == nil {
			t.Errorf("%v is taken", path)
		}
	}
}

func FuzzReadNeverFails(f *testing.F) {
	f.Add(file(f, "internet-los.yaml"))
	f.Add(file(f, "tagihan-isolir.yaml"))
	f.Add("steps: [{id: a, \"yes\": a}]")
	all := known()
	f.Fuzz(func(t *testing.T, text string) {
		a, err := knowledge.Read("x.yaml", []byte(text), all)
		if err == nil { // what is taken can be walked to an end whatever the customer says
			for _, yes := range []bool{true, false} {
				var path []knowledge.Done
				for at, err := a.Walk(nil); at.End == nil; at, err = a.Walk(path) {
					if err != nil || len(path) > knowledge.MaxSteps {
						t.Fatalf("%v: %v", path, err)
					}
					path = append(path, knowledge.Done{Step: at.Step.ID, Yes: yes})
				}
			}
		}
	})
}
