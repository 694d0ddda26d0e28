package main

import (
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"sync"
	"testing/fstest"

	"go.yaml.in/yaml/v3"

	"sapa/internal/procedure"
	"sapa/procedures"
)

const revision = "IN.OCC.TELK.W-18/rev-02"

// form is one campaign of the shipped document as a document of its own: the clauses that the other campaigns carry are
// listed as open, so that it is correct, and quick to load again and again.
type form struct {
	code  string
	files fstest.MapFS
	known map[string]bool // what lint finds in it as it is
}

// shipped are the campaigns of the shipped document, cut apart once.
var shipped = sync.OnceValues(forms)

func forms() (all []form, err error) {
	files := fstest.MapFS{}
	err = fs.WalkDir(procedures.FS, revision, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".yaml" {
			return err
		}
		data, err := fs.ReadFile(procedures.FS, name)
		files[strings.TrimPrefix(name, revision+"/")] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		return nil, err
	}
	book, problems := procedure.Load(files, ".")
	if len(problems) > 0 {
		return nil, problems[0]
	}
	for _, p := range book.Procedures {
		f := form{code: p.Code, files: fstest.MapFS{}}
		for name, file := range files {
			if !strings.HasPrefix(name, "campaigns/") && !strings.HasPrefix(name, "acts/") || name == "campaigns/"+p.Code+".yaml" {
				f.files[name] = file
			}
		}
		var document map[string]any
		if err := yaml.Unmarshal(files["document.yaml"].Data, &document); err != nil {
			return nil, err
		}
		document["campaigns"] = []string{p.Code}
		for _, a := range document["applications"].([]any) {
			delete(a.(map[string]any), "required_for")
		}
		data, err := yaml.Marshal(document)
		if err != nil {
			return nil, err
		}
		f.files["document.yaml"] = &fstest.MapFile{Data: data}
		f.files["open.yaml"] = &fstest.MapFile{Data: []byte("[]\n")}
		alone, _ := procedure.Load(f.files, ".") // its problems are the clauses that nothing carries now
		var open strings.Builder
		for _, row := range procedure.Trace(alone, nil) {
			if !row.Carried {
				fmt.Fprintf(&open, "- {clause: %q, room: none, issue: 5, reason: {id: dibawa campaign lain, en: another campaign carries it}}\n", row.ID)
			}
		}
		f.files["open.yaml"] = &fstest.MapFile{Data: []byte(open.String())}
		own, problems := procedure.Load(f.files, ".")
		if len(problems) > 0 {
			return nil, problems[0]
		}
		f.known = keys(own.Lint())
		all = append(all, f)
	}
	return all, nil
}

// seen tells whether check or lint sees that the campaign's file is not what it was.
func (f form) seen(file []byte) bool {
	files := maps.Clone(f.files)
	files["campaigns/"+f.code+".yaml"] = &fstest.MapFile{Data: file}
	book, problems := procedure.Load(files, ".")
	return len(problems) > 0 || more(keys(book.Lint()), f.known)
}

// spoiler spoils a campaign's file at one place; false where this draw finds nothing to spoil.
type spoiler struct {
	name  string
	spoil func(r *rand.Rand, root *yaml.Node) bool
}

func get(n *yaml.Node, key string) *yaml.Node {
	for i := 0; n != nil && n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

func drop(n *yaml.Node, key string) bool {
	for i := 0; i < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			n.Content = slices.Delete(n.Content, i, i+2)
			return true
		}
	}
	return false
}

// every collects the items of a list, and of that list in each item of another: fields' options, outcomes' effects.
func every(root *yaml.Node, list, inner string) (all []*yaml.Node) {
	if outer := get(root, list); outer != nil {
		for _, one := range outer.Content {
			if inner == "" {
				all = append(all, one)
			} else if in := get(one, inner); in != nil {
				all = append(all, in.Content...)
			}
		}
	}
	return all
}

func pick(r *rand.Rand, all []*yaml.Node) *yaml.Node {
	if len(all) == 0 {
		return nil
	}
	return all[r.IntN(len(all))]
}

// takeOut takes one item out of a list.
func takeOut(r *rand.Rand, list *yaml.Node) bool {
	if list == nil || list.Kind != yaml.SequenceNode || len(list.Content) == 0 {
		return false
	}
	i := r.IntN(len(list.Content))
	list.Content = slices.Delete(list.Content, i, i+1)
	return true
}

// conditions collects the when: of fields, options and outcomes.
func conditions(root *yaml.Node) (all []*yaml.Node) {
	for _, n := range slices.Concat(every(root, "fields", ""), every(root, "fields", "options"), every(root, "outcomes", "")) {
		if w := get(n, "when"); w != nil && w.Kind == yaml.MappingNode && len(w.Content) > 0 && w.Content[0].Value != "not" && w.Content[0].Value != "any" {
			all = append(all, w)
		}
	}
	return all
}

func owned(o *yaml.Node) bool {
	return get(o, "ours") == nil && get(o, "sample") == nil && get(o, "label").Kind == yaml.ScalarNode
}

func choose(all []*yaml.Node, fits func(*yaml.Node) bool) (some []*yaml.Node) {
	for _, n := range all {
		if fits(n) {
			some = append(some, n)
		}
	}
	return some
}

var spoilers = []spoiler{
	{"take out a step of the form", func(r *rand.Rand, root *yaml.Node) bool { return takeOut(r, get(root, "steps")) }},
	{"take out a question of the form", func(r *rand.Rand, root *yaml.Node) bool { return takeOut(r, get(root, "fields")) }},
	{"take out the choices of a question", func(r *rand.Rand, root *yaml.Node) bool {
		f := pick(r, choose(every(root, "fields", ""), func(n *yaml.Node) bool { return get(n, "options") != nil }))
		return f != nil && drop(f, "options")
	}},
	{"take out a choice of the document", func(r *rand.Rand, root *yaml.Node) bool {
		f := pick(r, choose(every(root, "fields", ""), func(n *yaml.Node) bool {
			return get(n, "options") != nil && owned(get(n, "options").Content[0])
		}))
		return f != nil && takeOut(r, get(f, "options"))
	}},
	{"take out an outcome", func(r *rand.Rand, root *yaml.Node) bool { return takeOut(r, get(root, "outcomes")) }},
	{"leave an outcome without what becomes of the ticket", func(r *rand.Rand, root *yaml.Node) bool {
		list := get(pick(r, every(root, "outcomes", "")), "effects")
		i := slices.IndexFunc(list.Content, func(n *yaml.Node) bool { return get(n, "do").Value == "close" || get(n, "do").Value == "call-again" })
		list.Content = slices.Delete(list.Content, i, i+1)
		return true
	}},
	{"take out the clause of something", func(r *rand.Rand, root *yaml.Node) bool {
		n := pick(r, slices.Concat(every(root, "fields", ""), every(root, "fields", "options"), every(root, "outcomes", ""), every(root, "outcomes", "effects")))
		return drop(n, "clause")
	}},
	{"take out a limit of the queue", func(r *rand.Rand, root *yaml.Node) bool {
		return drop(get(root, "queue"), []string{"pause", "per_day", "days", "hours", "then"}[r.IntN(5)])
	}},
	{"put an outcome into the list twice", func(r *rand.Rand, root *yaml.Node) bool {
		list := get(root, "outcomes")
		i := r.IntN(len(list.Content))
		twin := *list.Content[i]
		twin.Content = slices.Clone(twin.Content)
		for k := 0; k < len(twin.Content); k += 2 {
			if twin.Content[k].Value == "id" {
				twin.Content[k+1] = &yaml.Node{Kind: yaml.ScalarNode, Value: "twin"}
			}
		}
		list.Content = slices.Insert(list.Content, i+1, &twin)
		return true
	}},
	{"spell a choice of the form otherwise", func(r *rand.Rand, root *yaml.Node) bool {
		o := pick(r, choose(every(root, "fields", "options"), owned))
		if o == nil {
			return false
		}
		label := get(o, "label")
		label.Value = label.Value + []string{"s", " baru", "x", " (lain)"}[r.IntN(4)]
		return true
	}},
	{"give two choices of the form one meaning", func(r *rand.Rand, root *yaml.Node) bool {
		f := pick(r, choose(every(root, "fields", ""), func(n *yaml.Node) bool { return get(n, "options") != nil }))
		options := choose(get(f, "options").Content, func(o *yaml.Node) bool { return get(o, "means") != nil })
		for _, i := range r.Perm(len(options)) {
			for _, m := range get(options[i], "means").Content {
				if slices.Contains([]string{"no-answer", "rejected", "machine", "silent", "unreachable", "unregistered"}, m.Value) && len(options) > 1 {
					other := options[(i+1)%len(options)]
					if drop(other, "when"); get(options[i], "when") != nil {
						other.Content = append(other.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: "when"}, get(options[i], "when"))
					}
					get(other, "means").Content = append(get(other, "means").Content, m)
					return true
				}
			}
		}
		return false
	}},
	{"take a way of not reaching out of the choices", func(r *rand.Rand, root *yaml.Node) bool {
		m := []string{"no-answer", "rejected", "machine", "silent", "unreachable", "unregistered"}[r.IntN(6)]
		hit := false
		for _, o := range every(root, "fields", "options") {
			if list := get(o, "means"); list != nil {
				n := len(list.Content)
				list.Content = slices.DeleteFunc(list.Content, func(n *yaml.Node) bool { return n.Value == m })
				hit = hit || len(list.Content) < n
			}
		}
		return hit
	}},
	{"let a condition ask what is not there", func(r *rand.Rand, root *yaml.Node) bool {
		c := pick(r, conditions(root))
		if c == nil {
			return false
		}
		c.Content[0] = &yaml.Node{Kind: yaml.ScalarNode, Value: []string{"state", "kind", "answer"}[r.IntN(3)]}
		return true
	}},
	{"let a condition wait for what never comes", func(r *rand.Rand, root *yaml.Node) bool {
		c := pick(r, conditions(root))
		if c == nil {
			return false
		}
		c.Content[1] = &yaml.Node{Kind: yaml.ScalarNode, Value: []string{"maybe", "later", "tersambung"}[r.IntN(3)]}
		return true
	}},
	{"take out a meaning", func(r *rand.Rand, root *yaml.Node) bool {
		o := pick(r, choose(every(root, "fields", "options"), func(o *yaml.Node) bool { return get(o, "means") != nil && get(o, "sample") == nil }))
		return o != nil && drop(o, "means")
	}},
	{"leave a choice of the form without its explanation", func(r *rand.Rand, root *yaml.Node) bool {
		o := pick(r, choose(every(root, "fields", "options"), func(o *yaml.Node) bool { return get(o, "text") != nil }))
		return o != nil && drop(o, "text")
	}},
	{"file the result in another application", func(r *rand.Rand, root *yaml.Node) bool {
		e := pick(r, choose(every(root, "outcomes", "effects"), func(e *yaml.Node) bool { return get(e, "do").Value == "outside" }))
		if e == nil {
			return false
		}
		get(e, "app").Value = []string{"my-cx", "ideas", "acs"}[r.IntN(3)]
		return true
	}},
}
