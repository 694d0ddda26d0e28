package procedure

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Load reads one revision of a document from a folder - document.yaml, clauses.yaml, gaps.yaml, open.yaml, mapping.yaml where it has one,
// common/*.yaml, campaigns/*.yaml and acts/*.yaml - and checks all of it. A book with problems is not for use.
func Load(fsys fs.FS, dir string) (*Book, []Problem) {
	r := &reader{digests: map[string]string{}}
	b := r.build(r.openAll(fsys, dir), r.check)
	if len(r.problems) > 0 {
		problems := inOrder(r.problems)
		if last := problems[len(problems)-1]; r.untold > 0 {
			problems = append(problems, Problem{last.File, last.Line, "more", map[string]string{"n": strconv.Itoa(r.untold)}})
		}
		return b, problems
	}
	b.inOrder()
	b.Hash = join(dir, r.digests)
	return b, nil
}

// sources are the opened files of a revision.
type sources struct {
	own                     map[string]node // by name
	common, campaigns, acts []node          // in the order of their names
}

func (r *reader) openAll(fsys fs.FS, dir string) sources {
	s := sources{own: map[string]node{}}
	for _, name := range []string{"document.yaml", "clauses.yaml", "gaps.yaml", "open.yaml"} {
		if n, ok := r.open(fsys, path.Join(dir, name)); ok {
			s.own[name] = n
		}
	}
	r.openMapping(fsys, dir, s.own)
	for folder, list := range map[string]*[]node{"common": &s.common, "campaigns": &s.campaigns, "acts": &s.acts} {
		for _, name := range files(fsys, path.Join(dir, folder)) {
			if n, ok := r.open(fsys, name); ok {
				*list = append(*list, n)
			}
		}
	}
	return s
}

// build makes a book of what the files say, and has it checked.
func (r *reader) build(s sources, check func(*Book)) *Book {
	b := &Book{}
	for name, read := range map[string]func(node, *Book){
		"document.yaml": r.document, "clauses.yaml": r.clauses, "gaps.yaml": r.gaps, "open.yaml": r.waiting, "mapping.yaml": r.mapping,
	} {
		if n, ok := s.own[name]; ok {
			read(n, b)
		}
	}
	common := map[string]fragment{}
	for _, n := range s.common {
		common["common/"+strings.TrimSuffix(path.Base(n.file), ".yaml")] = r.fragment(n)
	}
	for _, n := range s.campaigns {
		b.Procedures = append(b.Procedures, r.procedure(n, common))
	}
	for _, n := range s.acts {
		p := r.procedure(n, common)
		p.Act = true
		b.Acts = append(b.Acts, p)
	}
	if len(r.problems) == 0 { // what cannot be read cannot be judged: one kind of mistake at a time
		check(b)
	}
	return b
}

func files(fsys fs.FS, dir string) []string {
	names, _ := fs.Glob(fsys, dir+"/*.yaml") // the pattern is ours and well formed; Glob sorts
	return names
}

// inOrder puts the procedures in the document's order of campaigns.
func (b *Book) inOrder() {
	slices.SortFunc(b.Procedures, func(p, q *Procedure) int {
		return slices.Index(b.Document.Campaigns, p.Code) - slices.Index(b.Document.Campaigns, q.Code)
	})
}

// digest is a hash of what a node says. It is taken from the values of the file and not from the structs they are read
// into, so that a newer sapa finds the hash an older one has kept; comments and layout do not count.
func digest(n *yaml.Node) string {
	h := sha256.New()
	say(h, n)
	return hex.EncodeToString(h.Sum(nil))
}

func say(w io.Writer, n *yaml.Node) {
	fmt.Fprintf(w, "%d %d %d:%s\n", n.Kind, len(n.Content), len(n.Value), n.Value)
	for _, c := range n.Content {
		say(w, c)
	}
}

// join makes one hash of the hashes of files, by their names under dir.
func join(dir string, digests map[string]string) string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(digests)) {
		fmt.Fprintf(h, "%s %s\n", strings.TrimPrefix(name, dir+"/"), digests[name])
	}
	return hex.EncodeToString(h.Sum(nil))
}
