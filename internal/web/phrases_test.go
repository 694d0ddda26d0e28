package web

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sapa/internal/outbox"
	"sapa/internal/phrase"
	"sapa/internal/staff"
	"sapa/internal/ticket"
)

var (
	asked  = regexp.MustCompile(`"((?:web|page|seat|complaint|ideas)\.[a-z0-9.-]*[a-z0-9.-])"`)
	listed = regexp.MustCompile(`(?m)^\s+"((?:web|page|seat|complaint|ideas)\.[^"]+)":`)
)

// sources are the files of this room that say something: templates and Go, not what is generated and no tests.
func sources(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, pattern := range []string{"*.templ", "*.go"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_templ.go") || strings.HasSuffix(name, "_test.go") {
				continue
			}
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			all[name] = string(b)
		}
	}
	return all
}

func catalogue(t *testing.T) map[string]bool {
	t.Helper()
	keys := map[string]bool{}
	for _, file := range []string{"web", "page", "seat", "complaint", "ideas", "recordspage"} {
		b, err := os.ReadFile("../phrase/" + file + ".go")
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range listed.FindAllStringSubmatch(string(b), -1) {
			keys[m[1]] = true
		}
	}
	if len(keys) < 150 {
		t.Fatalf("%d sentences", len(keys))
	}
	return keys
}

// Every sentence that a page asks for is in the catalogue, and none is there that no page can ask for. A key that ends
// with a dot is the beginning of several.
func TestPagesAndCatalogueAgree(t *testing.T) {
	keys, used := catalogue(t), map[string]bool{}
	for name, text := range sources(t) {
		for _, m := range asked.FindAllStringSubmatch(text, -1) {
			key := m[1]
			if !strings.HasSuffix(key, ".") {
				if !phrase.Known(key) {
					t.Errorf("%s: no sentence for %s", name, key)
				}
				used[key] = true
				continue
			}
			found := false
			for k := range keys {
				if strings.HasPrefix(k, key) {
					used[k], found = true, true
				}
			}
			if !found {
				t.Errorf("%s: no sentence begins with %s", name, key)
			}
		}
	}
	for k := range keys {
		if one, singular := strings.CutSuffix(k, "-one"); !used[k] && !(singular && used[one]) {
			t.Errorf("nobody says %s", k)
		}
	}
}

// What is put together from a value has a sentence for every value.
func TestEveryValueHasItsSentence(t *testing.T) {
	var keys []string
	for _, role := range staff.Roles(staff.ActSelf) {
		keys = append(keys, "web.role."+string(role))
	}
	for _, s := range []ticket.State{ticket.Waiting, ticket.Claimed, ticket.Parked, ticket.Closed, ticket.Void} {
		keys = append(keys, "web.state."+string(s))
	}
	for _, s := range []outbox.State{outbox.Open, outbox.Done, outbox.Failed, outbox.Waived, outbox.Withdrawn} {
		keys = append(keys, "page.outbox.state."+string(s))
	}
	for _, s := range []string{"note", "outside", "form-row", "mark", "trouble", "alert-leader", outbox.FormLetter, outbox.DealLetter} {
		keys = append(keys, "page.outbox.kind."+s)
	}
	for _, s := range []string{"pagi", "siang", "sore", "malam"} {
		keys = append(keys, "page.hello."+s)
	}
	for _, s := range []string{"ready", "down", "by-hand", "not-built"} {
		keys = append(keys, "page.app."+s)
	}
	for _, s := range []string{"manual", "practice"} {
		keys = append(keys, "page.dialler."+s, "page.dialler-why."+s)
	}
	for _, g := range keyGroups {
		keys = append(keys, "web.keys."+g)
	}
	for _, key := range keys {
		if !phrase.Known(key) {
			t.Errorf("no sentence for %s", key)
		}
	}
}

// Both languages fill the same places.
func TestBothLanguagesFillTheSamePlaces(t *testing.T) {
	hole := regexp.MustCompile(`\{[a-z_]+\}`)
	for key := range catalogue(t) {
		places := func(l phrase.Lang) map[string]bool {
			m := map[string]bool{}
			for _, p := range hole.FindAllString(phrase.Fill(l, key, nil), -1) {
				m[p] = true
			}
			return m
		}
		id, en := places(phrase.ID), places(phrase.EN)
		for p := range id {
			if !en[p] {
				t.Errorf("%s: %s only in Indonesian", key, p)
			}
		}
		for p := range en {
			if !id[p] {
				t.Errorf("%s: %s only in English", key, p)
			}
		}
	}
}
