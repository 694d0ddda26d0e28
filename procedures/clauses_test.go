package procedures

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"sapa/internal/procedure"
)

var update = flag.Bool("update", false, "write docs/clauses.md anew")

// inScope are the clauses whose desk is built: Callback without its trouble ticket, and Fresh Lapul.
var inScope = regexp.MustCompile(`^5\.(2|2\.[1-9]|2\.11|7)(\.[a-z0-9].*)?$`)

var trouble = regexp.MustCompile(`^5\.2\.10\.`)

const clausesHead = `# Clauses and what shows that they hold

Every clause of 5.2 (without the trouble ticket of 5.2.10) and 5.7: what it asks, what of the procedure's files carries it, and which
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
		if !inScope.MatchString(row.ID) || trouble.MatchString(row.ID) {
			continue
		}
		clause, _ := b.Clause(row.ID)
		carried := row.By
		if len(carried) > 2 {
			carried = append(carried[:2:2], fmt.Sprintf("and %d more", len(row.By)-2))
		}
		shown := strings.Join(row.Tests, ", ")
		if w := waits[row.ID]; w != "" {
			shown = strings.TrimPrefix(shown+"; "+w, "; ")
		}
		fmt.Fprintf(&page, "| %s | %s | %s | %s |\n", row.ID, clause.Gloss, strings.Join(carried, ", "), shown)
	}
	return page.String()
}

func TestClausesPageIsFresh(t *testing.T) {
	const file = "../docs/clauses.md"
	var tests map[string][]string
	if err := json.Unmarshal(Tests, &tests); err != nil {
		t.Fatal(err)
	}
	want := clausesPage(book(t), tests)
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
