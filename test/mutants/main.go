// Command mutants asks how good the linter's eyes are: it spoils a correct procedure at one place in one of the listed ways,
// some hundred times, and counts for each way how often `sapa procedure lint` or `check` sees it. Two thirds of the mutants
// are made of a correct text (correct.md, an exercise that nobody signed), one third of the shipped form. Other seeds draw
// other mutants; what was not seen is printed.
package main

import (
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"

	"sapa/internal/procedure"
)

//go:embed correct.md
var correct string

func main() {
	seed := flag.Uint64("seed", 1, "draws other mutants")
	n := flag.Int("n", 500, "how many mutants")
	show := flag.Bool("show", false, "print every mutant that was not seen")
	flag.Parse()
	if *n < 1 {
		fmt.Fprintln(os.Stderr, "mutants: -n is at least 1")
		os.Exit(2)
	}
	t, err := study(*seed, *n)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
	t.print(os.Stdout, *show)
	if t.seen*100 < t.made*98 || t.alarms > 2 {
		os.Exit(1)
	}
}

// tally is what came of a study.
type tally struct {
	seed       uint64
	made, seen int
	alarms     int // findings on what was not spoiled
	by         map[string]*[2]int
	missed     []string
}

func (t *tally) note(name, what string, seen bool) {
	if t.by[name] == nil {
		t.by[name] = &[2]int{}
	}
	t.made++
	t.by[name][0]++
	if seen {
		t.seen++
		t.by[name][1]++
		return
	}
	t.missed = append(t.missed, name+": "+what)
}

// study makes n different mutants and looks at each.
func study(seed uint64, n int) (*tally, error) {
	r := rand.New(rand.NewPCG(seed, 20191203))
	all, err := shipped()
	if err != nil {
		return nil, err
	}
	lines := strings.Split(correct, "\n")
	sound := procedure.LintText("correct.md", correct)
	known := keys(sound)
	t := &tally{seed: seed, alarms: len(sound), by: map[string]*[2]int{}}
	had := map[string]bool{correct: true}
	for tries := 0; t.made < n; tries++ {
		if tries > 100*n {
			return nil, errors.New("there are not that many different mutants")
		}
		if tries%3 < 2 {
			op := texts[(tries-tries/3)%len(texts)]
			spoiled := op.spoil(r, lines)
			text := strings.Join(spoiled, "\n")
			if spoiled == nil || had[text] {
				continue
			}
			had[text] = true
			t.note(op.name, difference(lines, spoiled), more(keys(procedure.LintText("correct.md", text)), known))
			continue
		}
		op, f := spoilers[(tries/3)%len(spoilers)], all[r.IntN(len(all))]
		var doc yaml.Node
		if err := yaml.Unmarshal(f.files["campaigns/"+f.code+".yaml"].Data, &doc); err != nil {
			return nil, err
		}
		if !op.spoil(r, doc.Content[0]) {
			continue
		}
		data, err := yaml.Marshal(&doc)
		if err != nil {
			return nil, err
		}
		if had[string(data)] {
			continue
		}
		had[string(data)] = true
		t.note(op.name, f.code+difference(strings.Split(string(f.plain()), "\n"), strings.Split(string(data), "\n")), f.seen(data))
	}
	return t, nil
}

// plain is the campaign's file as the encoder writes it, to compare a mutant with.
func (f form) plain() []byte {
	var doc yaml.Node
	if err := yaml.Unmarshal(f.files["campaigns/"+f.code+".yaml"].Data, &doc); err != nil {
		return nil
	}
	data, err := yaml.Marshal(&doc)
	if err != nil {
		return nil
	}
	return data
}

// keys are findings without their lines, which move when something is taken out.
func keys(findings []procedure.Finding) map[string]bool {
	all := map[string]bool{}
	for _, f := range findings {
		all[fmt.Sprint(f.Class, " ", f.Clause, " ", f.Values)] = true
	}
	return all
}

// more tells whether something was found that was not there before.
func more(found, known map[string]bool) bool {
	for k := range found {
		if !known[k] {
			return true
		}
	}
	return false
}

// difference shows the first line that is not the same.
func difference(before, after []string) string {
	i := 0
	for i < len(before) && i < len(after) && before[i] == after[i] {
		i++
	}
	line := func(lines []string) string {
		if i < len(lines) {
			return strings.TrimSpace(lines[i])
		}
		return ""
	}
	return fmt.Sprintf(" line %d: %q, now %q", i+1, line(before), line(after))
}

func (t *tally) print(out io.Writer, show bool) {
	names := make([]string, 0, len(t.by))
	for name := range t.by {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Fprintf(out, "%4d of %4d  %s\n", t.by[name][1], t.by[name][0], name)
	}
	fmt.Fprintf(out, "seed %d: %d of %d mutants seen (%.1f %%), %d findings on the correct text\n", t.seed, t.seen, t.made, 100*float64(t.seen)/float64(t.made), t.alarms)
	if show {
		for _, m := range slices.Sorted(slices.Values(t.missed)) {
			fmt.Fprintln(out, "not seen:", m)
		}
	}
}
