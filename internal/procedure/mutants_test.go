package procedure

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"
)

// links visits every link to a clause in a tree, one after the other taken out: a clause: or covers: as a whole, and each
// id of one that has several. Between two visits the tree is as it was.
func links(n *yaml.Node, visit func(line int)) {
	for i := 0; i < len(n.Content); i++ {
		if n.Kind == yaml.MappingNode && i%2 == 0 && (n.Content[i].Value == "clause" || n.Content[i].Value == "covers") {
			without(n, i, i+2, visit)
			each(n.Content[i+1], visit)
			i++
			continue
		}
		links(n.Content[i], visit)
	}
}

// without takes children out for one visit.
func without(n *yaml.Node, from, to int, visit func(line int)) {
	whole, line := n.Content, n.Content[from].Line
	n.Content = slices.Delete(slices.Clone(whole), from, to)
	visit(line)
	n.Content = whole
}

// each takes the ids of a list, or the rows of a map of ids, out one by one.
func each(n *yaml.Node, visit func(line int)) {
	width := 1
	if n.Kind == yaml.MappingNode {
		width = 2
	}
	for i := 0; i < len(n.Content); i += width {
		without(n, i, i+width, visit)
		if width == 2 {
			each(n.Content[i+1], visit)
		}
	}
}

var work = regexp.MustCompile(`^(5\.[1-8](\..+)?|fn\.5)$`)

// linked collects the clauses that a tree's links name.
func linked(n *yaml.Node, named map[string]bool) {
	var all func(n *yaml.Node)
	all = func(n *yaml.Node) {
		named[n.Value] = true
		for _, c := range n.Content {
			all(c)
		}
	}
	for i := 0; i < len(n.Content); i++ {
		if n.Kind == yaml.MappingNode && i%2 == 0 && (n.Content[i].Value == "clause" || n.Content[i].Value == "covers") {
			all(n.Content[i+1])
		}
		linked(n.Content[i], named)
	}
}

// Field study, M1: whichever link from the files to a clause is lost, the document no longer loads, or its trace is no
// longer the golden one. Not one can go unseen.
func TestNoLinkToAClauseCanBeLost(t *testing.T) {
	opened := &reader{digests: map[string]string{}}
	files := opened.openAll(os.DirFS("../../procedures"), revision)
	golden := traced(opened.build(files, opened.check))
	byChecker, byTrace := 0, 0
	named := map[string]bool{}
	for _, file := range append(slices.Concat(files.campaigns, files.acts, files.common), files.own["document.yaml"]) {
		linked(file.Node, named)
		links(file.Node, func(line int) {
			r := &reader{digests: opened.digests}
			switch b := r.build(files, r.checkWords); { // as Load does, on trees that are open already
			case len(r.problems) > 0:
				byChecker++
			case traced(b) != golden:
				byTrace++
			default:
				t.Errorf("%s:%d: a link to a clause can be taken out unseen", file.file, line)
			}
		})
	}
	for _, c := range opened.build(files, opened.check).Clauses { // 5.1 to 5.8 and fn.5: each is one of those links
		if work.MatchString(c.ID) && !named[c.ID] {
			t.Errorf("no link to %s was taken out", c.ID)
		}
	}
	t.Logf("%d links taken out: %d refused by the checker, %d shown by the trace", byChecker+byTrace, byChecker, byTrace)
	if byChecker+byTrace < 900 {
		t.Errorf("only %d links: the test has lost some", byChecker+byTrace)
	}
}
