package procedures

import (
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sapa/internal/procedure"
)

var update = flag.Bool("update", false, "write docs/clauses.md anew")

// inScope are the clauses of the work itself: the applications of 5.1, the seven campaigns, the trouble ticket of 5.2.10,
// and the footnote that says campaigns change.
var inScope = regexp.MustCompile(`^(5\.[1-8](\..+)?|fn\.5)$`)

func scoped(id string) bool { return inScope.MatchString(id) }

// index is which tests and stories speak of which clause, as committed.
func index(t *testing.T) map[string][]string {
	t.Helper()
	var tests map[string][]string
	if err := json.Unmarshal(Tests, &tests); err != nil {
		t.Fatal(err)
	}
	return tests
}

const clausesHead = `# Clauses and what shows that they hold

Every clause of 5.1 to 5.8, and the footnote that campaigns change: what it asks, what of the procedure's files carries it, and which
stories and tests speak of it, or which room it waits for. Stories are in test/stories. Made from the files and procedures/tests.json:

    go run ./cmd/sapa procedure index && go test ./procedures -run TestClausesPage -update

| Clause | What it asks | Carried by | Shown by |
|---|---|---|---|
`

func clausesPage(b *procedure.Book, tests map[string][]string) string {
	waits := map[string]string{}
	for _, o := range b.Open {
		waits[o.Clause] = fmt.Sprintf("waits for the room *%s* (issue %d): %s", o.Room, o.Issue, o.Reason.EN)
	}
	var page strings.Builder
	page.WriteString(clausesHead)
	for _, row := range procedure.Trace(b, tests) {
		if !scoped(row.ID) {
			continue
		}
		clause, _ := b.Clause(row.ID)
		carried := row.By
		if len(carried) > 2 {
			carried = append(carried[:2:2], fmt.Sprintf("and %d more", len(row.By)-2))
		}
		shown := shownBy(row.Tests)
		if w := waits[row.ID]; w != "" {
			shown = strings.TrimPrefix(shown+"; "+w, "; ")
		}
		fmt.Fprintf(&page, "| %s | %s | %s | %s |\n", row.ID, clause.Gloss, strings.Join(carried, ", "), shown)
	}
	return page.String()
}

// shownBy names a clause's stories in full and counts the Go tests beside them.
func shownBy(tests []string) string {
	var parts []string
	others := 0
	for _, name := range tests {
		if story, ok := strings.CutPrefix(name, "test/stories/"); ok {
			parts = append(parts, "["+strings.TrimSuffix(story, ".txtar")+"](../"+name+")")
		} else {
			others++
		}
	}
	switch {
	case others == 1:
		parts = append(parts, "1 test")
	case others > 1:
		parts = append(parts, fmt.Sprintf("%d tests", others))
	}
	return strings.Join(parts, ", ")
}

func TestClausesPageIsFresh(t *testing.T) {
	const file = "../docs/clauses.md"
	want := clausesPage(book(t), index(t))
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil || string(got) != want {
		t.Errorf("%s is stale (%v): go test ./procedures -run TestClausesPage -update", file, err)
	}
}

func TestTagIndexIsFresh(t *testing.T) {
	now, err := procedure.Tags(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	kept := index(t)
	for id := range now {
		if !slices.Equal(now[id], kept[id]) {
			t.Errorf("%s: %v, the index says %v", id, now[id], kept[id])
		}
	}
	for id := range kept {
		if now[id] == nil {
			t.Errorf("%s: nothing speaks of it any more", id)
		}
	}
	if t.Failed() {
		t.Log("go run ./cmd/sapa procedure index && go test ./procedures -run TestClausesPage -update")
	}
}

// Every clause whose desk is built is told by a story, or the files say which room it waits for.
func TestEveryClauseInScopeIsShownOrWaits(t *testing.T) {
	b, tests := book(t), index(t)
	waits := map[string]bool{}
	for _, o := range b.Open {
		waits[o.Clause] = o.Reason.EN != "" && o.Reason.ID != "" && o.Room != ""
	}
	seen := 0
	for _, c := range b.Clauses {
		if !scoped(c.ID) {
			continue
		}
		seen++
		told := slices.ContainsFunc(tests[c.ID], func(name string) bool { return strings.HasPrefix(name, "test/stories/") })
		if !told && !waits[c.ID] {
			t.Errorf("no story tells %s (%s), and no room is named that it waits for", c.ID, c.Gloss)
		}
	}
	if seen < 70 {
		t.Errorf("only %d clauses in scope: the pattern is wrong", seen)
	}
}

// known tells whether a clause, or a gap with its decision, has that id.
func known(t *testing.T) func(id string) bool {
	b := book(t)
	return func(id string) bool {
		_, clause := b.Clause(id)
		return clause || slices.ContainsFunc(b.Gaps, func(g procedure.Gap) bool { return g.ID == id })
	}
}

func TestTagsNameClausesThatExist(t *testing.T) {
	exists := known(t)
	for id, names := range index(t) {
		if !exists(id) {
			t.Errorf("%v speak of %s, which is no clause", names, id)
		}
	}
}

var placed = regexp.MustCompile(`\.At\([^()"]*"[^"]*", "([^"]+)"\)`)

// A refusal names a clause people can look up.
func TestRefusalsNameClausesThatExist(t *testing.T) {
	exists := known(t)
	found := 0
	err := filepath.WalkDir("../internal", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		source, err := os.ReadFile(name)
		for _, m := range placed.FindAllStringSubmatch(string(source), -1) {
			found++
			if !exists(m[1]) {
				t.Errorf("%s refuses by %s, which is no clause", name, m[1])
			}
		}
		return err
	})
	if err != nil || found < 20 {
		t.Errorf("%d refusals with a clause: %v", found, err)
	}
}
