package procedure

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

// Finding is one thing that a careful reader of a document would ask about. Its sentence is lint.CLASS of the catalogue, with
// Values in its places; why it matters is lint.CLASS.why.
type Finding struct {
	Class      string
	Clause     string // the nearest numbered or lettered piece of the document
	File       string
	Line       int
	Values     map[string]string
	Basis      string // what it rests on: structure, words (words.txt) or means (what the form says an option means)
	ResolvedBy string // the decision that answers it, "" while none does
}

// Where is the place, as file:line.
func (f Finding) Where() string { return fmt.Sprintf("%s:%d", f.File, f.Line) }

// Classes are all that the linter can find, each with what it rests on.
var Classes = map[string]string{
	"unfinished":        "words",     // a sentence breaks off
	"double-letter":     "structure", // two items of a list have one letter or number
	"numbering":         "structure", // a list leaves a letter or number out
	"broken-reference":  "structure", // a clause is referred to that is not there
	"overlap":           "words",     // one call, two outcomes
	"word-levels":       "structure", // one word is a choice at several levels
	"two-parents":       "words",     // one fact stands under different outcomes
	"foreign-choice":    "words",     // a choice does not mean what it stands under
	"repeated-choice":   "structure", // a choice stands twice in one form
	"uncovered":         "structure", // a dependent list says nothing for some choices
	"unknown-choice":    "structure", // a list depends on a choice that is not there
	"undefined":         "structure", // a choice without the explanation its neighbours have
	"undefined-term":    "words",     // an abbreviation nobody spells out
	"no-values":         "structure", // something is to be chosen and there is no list
	"no-list":           "words",     // a list is pointed to that is nowhere
	"no-steps":          "structure", // steps are announced and none follow
	"no-branch":         "structure", // a question with two answers, one of which goes on
	"no-not-reached":    "words",     // calls, and does not say what to do when nobody is reached
	"no-limits":         "words",     // calls again, without end
	"opened-saved":      "structure", // worked in one application, saved in another
	"no-save":           "words",     // nothing is saved
	"one-ground":        "structure", // two fields are decided on one ground
	"empty-table":       "structure", // a table without rows
	"renamed-reference": "structure", // a title that the document itself says has changed
	"outside-document":  "words",     // what may change without a revision
	"several-names":     "structure", // one thing under several names
	"several-meanings":  "words",     // one name for several things
	"misspelled":        "structure", // a word that is almost one the text uses often
	"unlisted":          "structure", // an application that is not on the document's list
	"unused":            "structure", // an application on the list that no step uses
	"no-measure":        "structure", // an indicator without a number
	"label":             "structure", // a choice of the form is not spelled as in its clause
}

// Resolution says which decision answers findings of a class, at a clause and below it; at "*" anywhere.
type Resolution struct {
	Class, Clause, Decision string
}

// Resolutions reads lines "class clause decision"; what stands after # is a remark. A line that is not such a one, or names
// a class there is not, is refused with its place.
func Resolutions(name, text string) (all []Resolution, problems []Problem) {
	for i, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		switch words := strings.Fields(line); {
		case len(words) == 0:
		case len(words) != 3 || Classes[words[0]] == "":
			problems = append(problems, Problem{name, i + 1, "resolution", map[string]string{"line": strings.TrimSpace(line)}})
		default:
			all = append(all, Resolution{words[0], words[1], words[2]})
		}
	}
	return all, problems
}

// Resolve notes at each finding the decision of the book that answers it, and gives back the resolutions that answered none.
func (b *Book) Resolve(findings []Finding, resolutions []Resolution) (idle []Resolution) {
	for _, r := range resolutions {
		used := false
		for i := range findings {
			f := &findings[i]
			here := r.Clause == "*" || f.Clause == r.Clause || strings.HasPrefix(f.Clause, r.Clause+".")
			if f.Class == r.Class && here && slices.ContainsFunc(b.Gaps, func(g Gap) bool { return g.ID == r.Decision }) {
				used = true
				f.ResolvedBy = cmp.Or(f.ResolvedBy, r.Decision)
			}
		}
		if !used {
			idle = append(idle, r)
		}
	}
	return idle
}

// found makes a finding; values come in pairs: name, value.
func found(class, clause string, at place, values ...string) Finding {
	f := Finding{Class: class, Clause: clause, File: at.file, Line: at.line, Values: map[string]string{}, Basis: Classes[class]}
	for i := 0; i+1 < len(values); i += 2 {
		f.Values[values[i]] = values[i+1]
	}
	return f
}

// byPlace sorts findings by file and line.
func byPlace(findings []Finding) []Finding {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Class, b.Class))
	})
	return findings
}

//go:embed words.txt
var wordsPage string

// words are the lists of words.txt by name; of means, each line is "phrase = words".
var words = readWords(wordsPage)

func readWords(page string) map[string][]string {
	lists, name := map[string][]string{}, ""
	for _, line := range strings.Split(page, "\n") {
		switch line = strings.TrimSpace(line); {
		case strings.HasPrefix(line, "["):
			name = strings.Trim(line, "[]")
		case name != "" && line != "":
			lists[name] = append(lists[name], line)
		}
	}
	for _, list := range lists { // longer phrases first: "tidak terhubung" before "terhubung"
		slices.SortStableFunc(list, func(a, b string) int { return len(phraseOf(b)) - len(phraseOf(a)) })
	}
	return lists
}

func phraseOf(line string) string {
	phrase, _, _ := strings.Cut(line, " = ")
	return phrase
}

// says tells whether a text holds a phrase as whole words, whatever its capitals.
func says(text, phrase string) bool {
	return strings.Contains(" "+bare(text)+" ", " "+bare(phrase)+" ")
}

// saysOf gives the first phrase of a list that a text holds, "" when none.
func saysOf(text, list string) string {
	text = " " + bare(text) + " "
	for _, phrase := range words[list] {
		if strings.Contains(text, " "+phrase+" ") {
			return phrase
		}
	}
	return ""
}

// bare is a text in small letters, its words with one blank between them and no marks but those inside a word.
func bare(text string) string {
	var all []string
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' || r == '-')
	}) {
		if w = strings.Trim(w, ".-"); w != "" {
			all = append(all, w)
		}
	}
	return strings.Join(all, " ")
}

// meaningOf gives what a text says in the words of the list.
func meaningOf(text string) (means []string) {
	left := " " + bare(text) + " "
	for _, line := range words["means"] {
		phrase, said, _ := strings.Cut(line, " = ")
		if strings.Contains(left, " "+phrase+" ") {
			left = strings.ReplaceAll(left, " "+phrase+" ", " | ")
			means = append(means, strings.Fields(said)...)
		}
	}
	slices.Sort(means)
	return slices.Compact(means)
}
