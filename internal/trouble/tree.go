package trouble

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Leaf is one end of the classification tree (SOP 5.3.7.b.classification).
type Leaf struct {
	ID, Code, Path string
	Service        string // "" fits any
	Line           string // spec, underspec: the measurement it belongs to; "": either
	Admin          bool   // not technical
	Ours           bool   // written by us: the field's own was not found
	Groups         []string
}

// of tells whether the leaf fits a service.
func (l Leaf) of(service string) bool { return l.Service == "" || l.Service == service }

// Group is an owner group: the unit that has a ticket (SOP 5.3.3, 5.3.7.b.dispatch).
type Group struct {
	ID         string
	Name       Text
	Workzone   []string // exchanges (STO); none: everywhere
	Technician bool
}

// Symptom is what a complaint is told as (SOP 5.2.10.k); its label stands in the Subject.
type Symptom struct {
	ID, Label       string
	Text            Text
	Services        []string
	Verdicts        []string // spec, unspec, failed, none
	Spec, Underspec string   // leaves
	Ours            bool
}

// leaf is where a symptom leads after a measurement; what was not measured counts as in spec.
func (s Symptom) leaf(verdict string) string {
	if strings.EqualFold(verdict, "unspec") {
		return s.Underspec
	}
	return s.Spec
}

type tree struct {
	order    []Leaf
	leaves   map[string]Leaf
	groups   []Group
	symptoms []Symptom
}

// Leaves lists the whole tree.
func Leaves() []Leaf { return slices.Clone(theTree.order) }

// Groups lists the owner groups of the tree.
func Groups() []Group { return slices.Clone(theTree.groups) }

// LeafOf finds a leaf by its id or code; GroupOf a group by id or name.
func LeafOf(id string) (Leaf, bool) { l, ok := theTree.leaves[leafID(id)]; return l, ok }

// GroupOf finds a group by its id or one of its names.
func GroupOf(id string) (Group, bool) {
	i := slices.IndexFunc(theTree.groups, func(g Group) bool { return g.ID == groupID(id) })
	if i < 0 {
		return Group{}, false
	}
	return theTree.groups[i], true
}

// leafID, groupID and symptomID bring what a list or a person calls it into our id; what is not known stays as it is.
func leafID(s string) string {
	s = strings.TrimSpace(s)
	for _, l := range theTree.order {
		if strings.EqualFold(s, l.ID) || strings.EqualFold(s, l.Code) || strings.EqualFold(s, l.Path) {
			return l.ID
		}
	}
	return s
}

func groupID(s string) string {
	s = strings.TrimSpace(s)
	for _, g := range theTree.groups {
		if strings.EqualFold(s, g.ID) || strings.EqualFold(s, g.Name.ID) || strings.EqualFold(s, g.Name.EN) {
			return g.ID
		}
	}
	return s
}

func symptomID(s string) string {
	s = strings.TrimSpace(s)
	for _, one := range theTree.symptoms {
		if strings.EqualFold(s, one.ID) || strings.EqualFold(s, one.Label) {
			return one.ID
		}
	}
	return s
}

// Classify finds leaves whose code or path has all the words of a query, in the tree's order (SOP 5.3.7.b.search). An empty
// query finds all; service "" looks everywhere.
func Classify(service, query string) []Leaf {
	var found []Leaf
	for _, l := range theTree.order {
		if (service == "" || l.of(service)) && hasAll(l.ID+" "+l.Code+" "+l.Path, query) {
			found = append(found, l)
		}
	}
	return found
}

// SearchGroups finds the groups that may take a leaf in an exchange and whose name has all the words of a query.
func SearchGroups(classification, sto, query string) []Group {
	var found []Group
	for _, g := range GroupsFor(classification, sto) {
		if hasAll(g.ID+" "+g.Name.ID+" "+g.Name.EN, query) {
			found = append(found, g)
		}
	}
	return found
}

func hasAll(text, query string) bool {
	text = strings.ToLower(text)
	for _, w := range strings.Fields(strings.ToLower(query)) {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// GroupsFor lists the groups a fault can be dispatched to, by classification and workzone (SOP 5.3.7.b.dispatch, A-17), in the
// order the leaf names them. Of an exchange that is not known only those that work everywhere are listed.
func GroupsFor(classification, sto string) []Group {
	var all []Group
	for _, id := range theTree.leaves[leafID(classification)].Groups {
		g, _ := GroupOf(id)
		if len(g.Workzone) == 0 || slices.Contains(g.Workzone, strings.ToUpper(sto)) {
			all = append(all, g)
		}
	}
	return all
}

func takes(classification, sto, group string) bool {
	return slices.ContainsFunc(GroupsFor(classification, sto), func(g Group) bool { return g.ID == group })
}

// firstGroup is where the house sends a fault: the leaf's first group, or its first technicians when a visit is due.
func firstGroup(classification, sto string, visit bool) string {
	groups := GroupsFor(classification, sto)
	if i := slices.IndexFunc(groups, func(g Group) bool { return g.Technician && visit }); i >= 0 {
		return groups[i].ID
	}
	if len(groups) == 0 {
		return ""
	}
	return groups[0].ID
}

// Symptoms lists what is on offer for a service after a measurement: SPEC, UNSPEC, FAILED, or "" for none (SOP 5.2.10.k).
func Symptoms(service, verdict string) []Symptom {
	if verdict = strings.ToLower(verdict); verdict == "" {
		verdict = "none"
	}
	var all []Symptom
	for _, s := range theTree.symptoms {
		if slices.Contains(s.Services, service) && slices.Contains(s.Verdicts, verdict) {
			all = append(all, s)
		}
	}
	return all
}

var (
	verdicts  = []string{"spec", "unspec", "failed", "none"}
	codeForm  = regexp.MustCompile(`^[AC]_[A-Z]+(_\d{3}){2,3}$`)
	idForm    = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	labelForm = regexp.MustCompile(`^[A-Z0-9]{2,6}$`)
	zoneForm  = regexp.MustCompile(`^[A-Z]{3}$`)
)

func readTree(text []byte) (*tree, error) {
	r := reading("classification.yaml")
	t := &tree{leaves: map[string]Leaf{}}
	at := map[string]*yaml.Node{}
	seen := func(n *yaml.Node, kind, id string, form *regexp.Regexp) {
		if !form.MatchString(id) {
			r.wrong(n, "trouble.file.form", "what", kind, "value", id)
		}
		if at[kind+id] != nil {
			r.wrong(n, "trouble.file.double", "what", kind+" "+id)
		}
		at[kind+id] = n
	}
	r.Keys(r.open(text), map[string]func(*yaml.Node){
		"groups": r.Each(func(n *yaml.Node) {
			var g Group
			r.Keys(n, map[string]func(*yaml.Node){"id": r.Str(&g.ID), "name": r.text(&g.Name), "workzone": r.Strs(&g.Workzone), "technician": r.yes(&g.Technician)})
			seen(n, "group", g.ID, idForm)
			for _, z := range g.Workzone {
				if !zoneForm.MatchString(z) {
					r.wrong(n, "trouble.file.form", "what", "workzone", "value", z)
				}
			}
			t.groups = append(t.groups, g)
		}),
		"leaves": r.Each(func(n *yaml.Node) {
			var l Leaf
			r.Keys(n, map[string]func(*yaml.Node){"id": r.Str(&l.ID), "code": r.Str(&l.Code), "path": r.Str(&l.Path), "service": r.Str(&l.Service),
				"line": r.Str(&l.Line), "admin": r.yes(&l.Admin), "ours": r.yes(&l.Ours), "groups": r.Strs(&l.Groups)})
			seen(n, "leaf", l.ID, idForm)
			seen(n, "code", l.Code, codeForm)
			if l.Path == "" {
				r.wrong(n, "trouble.file.part", "what", l.ID, "parts", "path")
			}
			r.oneOf(n, "service", l.Service, append([]string{""}, Services...))
			r.oneOf(n, "line", l.Line, []string{"", "spec", "underspec"})
			t.order = append(t.order, l)
			t.leaves[l.ID] = l
		}),
		"symptoms": r.Each(func(n *yaml.Node) {
			s := Symptom{}
			r.Keys(n, map[string]func(*yaml.Node){"id": r.Str(&s.ID), "label": r.Str(&s.Label), "text": r.text(&s.Text), "services": r.Strs(&s.Services),
				"verdicts": r.Strs(&s.Verdicts), "spec": r.Str(&s.Spec), "underspec": r.Str(&s.Underspec), "ours": r.yes(&s.Ours)})
			seen(n, "symptom", s.ID, idForm)
			seen(n, "label", s.Label, labelForm)
			if s.Verdicts == nil {
				s.Verdicts = verdicts
			}
			for _, v := range s.Verdicts {
				r.oneOf(n, "verdict", v, verdicts)
			}
			for _, v := range s.Services {
				r.oneOf(n, "service", v, Services)
			}
			t.symptoms = append(t.symptoms, s)
		}),
	})
	t.check(r, at)
	return t, r.err()
}

func (r *reader) oneOf(n *yaml.Node, what, value string, known []string) {
	if !slices.Contains(known, value) {
		r.wrong(n, "trouble.file.value", "what", what, "value", value, "known", strings.Trim(strings.Join(known, ", "), ", "))
	}
}

// check joins the three parts: what one names, another has; a leaf can be sent somewhere from every exchange; a symptom leads
// to leaves of its own services.
func (t *tree) check(r *reader, at map[string]*yaml.Node) {
	used := map[string]bool{}
	for _, l := range t.order {
		everywhere := false
		for _, id := range l.Groups {
			used[id] = true
			i := slices.IndexFunc(t.groups, func(g Group) bool { return g.ID == id })
			if i < 0 {
				r.wrong(at["leaf"+l.ID], "trouble.file.unknown", "what", l.ID, "value", id)
				continue
			}
			everywhere = everywhere || len(t.groups[i].Workzone) == 0
		}
		if !everywhere {
			r.wrong(at["leaf"+l.ID], "trouble.file.nowhere", "what", l.ID)
		}
	}
	for _, g := range t.groups {
		if !used[g.ID] {
			r.wrong(at["group"+g.ID], "trouble.file.unused", "what", g.ID)
		}
	}
	for _, s := range t.symptoms {
		for _, id := range []string{s.Spec, s.Underspec} {
			l, known := t.leaves[id]
			if !known {
				r.wrong(at["symptom"+s.ID], "trouble.file.unknown", "what", s.ID, "value", id)
			}
			if known && slices.ContainsFunc(s.Services, func(v string) bool { return !l.of(v) }) {
				r.wrong(at["symptom"+s.ID], "trouble.file.other-service", "what", s.ID, "value", id)
			}
		}
		if len(s.Services) == 0 {
			r.wrong(at["symptom"+s.ID], "trouble.file.part", "what", s.ID, "parts", "services")
		}
	}
	if len(t.order) == 0 || len(t.symptoms) == 0 {
		r.wrong(nil, "trouble.file.part", "what", r.file, "parts", "groups, leaves, symptoms")
	}
}
