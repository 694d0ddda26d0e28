package procedure

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func loading(t testing.TB, file, text string) []Problem {
	t.Helper()
	files := base(t)
	files[file] = &fstest.MapFile{Data: []byte(text)}
	_, problems := Load(files, ".")
	return problems
}

func has(problems []Problem, key string) bool {
	return slices.ContainsFunc(problems, func(p Problem) bool { return p.Key == key })
}

func TestOnlySoManyMistakesAreTold(t *testing.T) {
	problems := loading(t, "open.yaml", strings.Repeat("- {strange: x}\n", 3*problemsMax))
	last := problems[len(problems)-1]
	if len(problems) != problemsMax+1 || last.Key != "more" || last.Values["n"] != fmt.Sprint(2*problemsMax) {
		t.Errorf("%d problems, the last %v", len(problems), last)
	}
}

// Files that would cost without end are refused by name: what they hold is never built.
func TestBombsAreRefused(t *testing.T) {
	const campaign = "campaigns/ronda.yaml"
	ronda := string(base(t)[campaign].Data)
	laughs := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c <= 'i'; c++ {
		laughs += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat("*"+string(c-1)+",", 9), ","))
	}
	grown := func(after, more string) string { return strings.Replace(ronda, after, after+more, 1) }
	var fields, asked, conds strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&fields, "  - {id: x%d, type: text, clause: \"5.5\", label: X, required: false}\n", i)
		fmt.Fprintf(&asked, "x%d, ", i)
	}
	for range 900 {
		fmt.Fprint(&conds, "{any: [{status: given}, {status: none}]}, ")
	}
	deep := strings.Repeat("{not: ", 4001) + "{receiver: wrong-number}" + strings.Repeat("}", 4001) // says the same as one
	wide := strings.Replace(grown("fields:\n", fields.String()), "fields: [status", "fields: ["+asked.String()+"status", 1)
	for _, c := range []struct{ name, file, text, key string }{
		{"a billion laughs", campaign, laughs, "alias"},
		{"an alias to itself", campaign, "procedure: &a [*a]\n", "alias"},
		{"a merge of oneself", campaign, "a: &a {<<: *a}\n", "alias"},
		{"deep lists", campaign, strings.Repeat("[", 200_000), "yaml"},
		{"deep and closed", campaign, strings.Repeat("[", 9000) + strings.Repeat("]", 9000), "kind"},
		{"deep objects", "clauses.yaml", strings.Repeat("{a: ", 200_000), "yaml"},
		{"deep conditions", campaign, strings.Replace(ronda, "when: {not: {receiver: wrong-number}}", "when: "+deep, 1), ""},
		{"a huge file", campaign, "procedure: " + strings.Repeat("x", FileMax), "size"},
		{"a huge value", campaign, strings.Replace(ronda, "procedure: ronda", "procedure: "+strings.Repeat("x", FileMax/2), 1), "not-listed"},
		{"many values", campaign, "facts: [" + strings.Repeat("a, ", NodesMax) + "]", "nodes"},
		{"many questions", campaign, wide, "too-many"},
		{"many comparisons", campaign, grown("outcomes:\n", "  - {id: odd, clause: \"5.5\", title: Odd, when: {all: ["+conds.String()+"{status: junk}]}, effects: [{do: close, reason: junk, clause: \"5.5\"}]}\n"), "never-outcome"},
		{"NUL", campaign, "procedure: \x00", "yaml"},
		{"no UTF-8", campaign, "procedure: \xff\xfe", "yaml"},
		{"UTF-16", campaign, "\xfe\xff\x00p\x00:\x00 \x00x", "unknown-key"},
		{"nothing", campaign, "", "yaml"},
		{"a comment alone", campaign, "# nothing\n", "yaml"},
		{"null", campaign, "~", "kind"},
		{"a tag", campaign, "!!binary aGFsbG8=", "kind"},
		{"a key that is a list", campaign, "? [a, b]\n: c\n", "unknown-key"},
		{"a tagged key", campaign, "!!str procedure: ronda\nprocedure: ronda\n", "double-key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			problems := loading(t, c.file, c.text)
			if c.key == "" && len(problems) > 0 || c.key != "" && !has(problems, c.key) {
				t.Errorf("not refused as %s, but as %.300v", c.key, problems)
			}
		})
	}
}
