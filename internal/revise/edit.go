// Package revise changes the files of a revision as a person means it - an option, a field, a step, a campaign - and touches only the lines
// that must change. What it leaves wrong is for procedure to say.
package revise

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"sapa/internal/fault"
)

// Edit is one change of a revision's files, of a closed list. A person's form fills it; the files keep every byte that it
// does not mean.
type Edit struct {
	Do     string `json:"do"`               // one of EditActs
	File   string `json:"file,omitempty"`   // clauses.yaml, document.yaml, campaigns/nossa.yaml, common/receiver.yaml
	At     string `json:"at,omitempty"`     // set, remove, move, rename: the part, as fields/reason_1/options/rna; add: the list; "#0" is the first of those without a name
	Before string `json:"before,omitempty"` // add, move: the neighbour it goes before, named as in At; "": the end
	Step   string `json:"step,omitempty"`   // add, move of a field: the step that asks it
	Put    []Put  `json:"put,omitempty"`
}

// Put is one value of a part. Conditions are written as in the files: status: contacted. Lists are words with spaces between.
type Put struct {
	Key   string `json:"key"`
	Value string `json:"value"`        // "" takes the key away
	EN    string `json:"en,omitempty"` // the English of a text; "": the text is the same in both languages
}

// EditActs are what an edit can do: set values of a part; add, remove, move one of a list; rename a step, field, option or
// outcome with all that speaks of it; add a campaign that works, with its clauses, and remove one.
var EditActs = []string{"set", "add", "remove", "move", "rename", "add-campaign", "remove-campaign"}

// Apply gives the files after an edit. Only the lines that must change do. The given map is not touched. What the edit
// leaves wrong (a clause nothing carries, an option never offered) is for Load to say; what is no edit at all is refused.
func Apply(files map[string]string, e Edit) (map[string]string, error) {
	d := desk{files: maps.Clone(files)}
	acts := map[string]func(Edit) error{"set": d.set, "add": d.add, "remove": d.remove, "move": d.move, "rename": d.rename,
		"add-campaign": d.addCampaign, "remove-campaign": d.removeCampaign}
	if _, there := files["mapping.yaml"]; e.File == "mapping.yaml" && !there && (e.Do == "set" || e.Do == "add") {
		d.files["mapping.yaml"] = fmt.Sprintf("# What becomes of answers that were given under an older revision, when open work is moved to this one.\nfrom: %d\nmoves: []\n", d.revision()-1)
	}
	act := acts[e.Do]
	if act == nil {
		return nil, fault.New(fault.Invalid, "procedure.edit-act", "do", e.Do, "known", strings.Join(EditActs, ", ")).At("do", "")
	}
	if err := act(e); err != nil {
		return nil, err
	}
	return d.files, nil
}

// UsedBy lists the campaigns (by code) whose files an edit of a file changes: itself, or all that splice it in.
func UsedBy(files map[string]string, file string) []string {
	var codes []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		code, is := codeOf(name)
		if is && (name == file || slices.Contains(usesOf(files, name), file)) {
			codes = append(codes, code)
		}
	}
	return codes
}

// HeldIn gives the file that holds a part which a campaign shows: its own, or the common file it was spliced in from.
func HeldIn(files map[string]string, file, at string) string {
	for _, name := range append([]string{file}, usesOf(files, file)...) {
		if s, err := openSheet(files, name); err == nil {
			if _, err := s.find(at); err == nil {
				return name
			}
		}
	}
	return file
}

func codeOf(file string) (string, bool) {
	for _, folder := range []string{"campaigns/", "acts/"} {
		if code, ok := strings.CutPrefix(file, folder); ok {
			return strings.TrimSuffix(code, ".yaml"), true
		}
	}
	return "", false
}

// usesOf lists the common files that a campaign's steps use.
func usesOf(files map[string]string, file string) []string {
	s, err := openSheet(files, file)
	if err != nil {
		return nil
	}
	var names []string
	if steps := valueOf(s.root, "steps"); steps != nil {
		for _, step := range steps.Content {
			if use := valueOf(step, "use"); use != nil {
				names = append(names, use.Value+".yaml")
			}
		}
	}
	return names
}

// desk is where files lie while they are edited.
type desk struct{ files map[string]string }

// revision is the number that the document says it has; 0 when it cannot be read.
func (d desk) revision() int {
	s, err := openSheet(d.files, "document.yaml")
	if err != nil {
		return 0
	}
	n := valueOf(valueOf(s.root, "revision"), "text")
	if n == nil {
		return 0
	}
	number, _ := strconv.Atoi(n.Value)
	return number
}

// on opens a file, lets it be changed, and puts it back.
func (d desk) on(file string, change func(*sheet) error) error {
	s, err := openSheet(d.files, file)
	if err != nil {
		return err
	}
	if err := change(s); err != nil {
		return err
	}
	d.files[file] = s.text
	return nil
}

func (d desk) set(e Edit) error {
	return d.on(e.File, func(s *sheet) error {
		for _, p := range e.Put {
			at, err := s.find(e.At) // again each time: the places move
			if err != nil {
				return err
			}
			if slices.Contains(at.shape.fixed, p.Key) {
				return fault.New(fault.Invalid, "procedure.edit-fixed", "key", p.Key, "at", e.At).At(p.Key, at.clause())
			}
			if err := s.put(at, p); err != nil {
				return err
			}
		}
		return nil
	})
}

func (d desk) add(e Edit) error {
	err := d.on(e.File, func(s *sheet) error { return s.add(e) })
	if err != nil || e.Step == "" {
		return err
	}
	return d.on(e.File, func(s *sheet) error { return s.ask(e.Step, putOf(e.Put, "id"), "") })
}

func (d desk) remove(e Edit) error {
	if err := d.on(e.File, func(s *sheet) error { return s.remove(e.At) }); err != nil {
		return err
	}
	list, id, is := strings.Cut(e.At, "/")
	if !is || list != "fields" || strings.Contains(id, "/") {
		return nil
	}
	for _, file := range d.speaking(e.File) {
		if err := d.on(file, func(s *sheet) error { return s.unask(id) }); err != nil {
			return err
		}
	}
	return nil
}

func (d desk) move(e Edit) error {
	list, id, _ := strings.Cut(e.At, "/")
	if list != "fields" || strings.Contains(id, "/") {
		return d.on(e.File, func(s *sheet) error { return s.move(e.At, e.Before) })
	}
	return d.on(e.File, func(s *sheet) error { // a field is asked in the order of its step's list
		if _, err := s.find(e.At); err != nil {
			return err
		}
		if e.Step != "" {
			if _, err := s.find("steps/" + e.Step); err != nil {
				return err
			}
		} else if e.Step = s.asks(id); e.Step == "" {
			return nowhere("steps", s.name)
		}
		if e.Before == id || e.Before == "" && s.asks(id) == e.Step && s.last(e.Step, id) {
			return nil
		}
		if err := s.unask(id); err != nil {
			return err
		}
		return s.ask(e.Step, id, e.Before)
	})
}

// speaking lists the files that may name a part of a file: itself, and every campaign that splices it in.
func (d desk) speaking(file string) []string {
	names := []string{file}
	for _, name := range slices.Sorted(maps.Keys(d.files)) {
		_, is := codeOf(name)
		if is && name != file && slices.Contains(usesOf(d.files, name), file) {
			names = append(names, name)
		}
	}
	return names
}

func putOf(puts []Put, key string) string {
	for _, p := range puts {
		if p.Key == key {
			return p.Value
		}
	}
	return ""
}

func nowhere(at, file string) error {
	return fault.New(fault.Missing, "procedure.edit-place", "at", at, "file", file).At("at", "")
}
