package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"sapa/internal/phrase"
	"sapa/internal/procedure"
	"sapa/internal/staff"
)

// second prints a moment to the second: 13.19.50.
func (p draftData) second(t time.Time) string {
	text := t.In(p.Now.Location()).Format("15:04:05")
	if p.Lang == phrase.EN {
		return text
	}
	return strings.ReplaceAll(text, ":", ".")
}

// toggleKey gives D to the view that is not shown.
func (p draftData) toggleKey(view string) templ.Attributes {
	if p.View == view {
		return nil
	}
	return templ.Attributes{"data-key": "d"}
}

func (p draftData) tryHref() string {
	return draftPath + "/try?" + url.Values{"at": {p.At}, "view": {p.View}, "code": {p.Campaign}}.Encode()
}

func (p draftData) fileHref(name string, line int) string {
	v := url.Values{"name": {name}, "at": {p.At}}
	if line > 0 {
		v.Set("line", fmt.Sprint(line))
	}
	return draftPath + "/file?" + v.Encode()
}

// fileOf is the file that the open clause's campaign is written in.
func (p draftData) fileOf() string {
	for _, one := range p.B.Book.Procedures {
		if one.Clause == section(p.At) {
			return "campaigns/" + one.Code + ".yaml"
		}
	}
	return "clauses.yaml"
}

// mistake says what is wrong and what would mend it.
func (p draftData) mistake(x draftProblem) string {
	var pairs []any
	for name, value := range x.Values {
		pairs = append(pairs, name, value)
	}
	return p.T("mistake."+x.Key, pairs...) + " " + p.T("mistake."+x.Key+".remedy", pairs...)
}

// finding says what the linter found.
func (p draftData) finding(n draftNote) string {
	var pairs []any
	for name, value := range n.Values {
		pairs = append(pairs, name, value)
	}
	return p.T("lint."+n.Class, pairs...)
}

// decided are the notes that somebody has answered or that the signed text has too.
func (p draftData) decided() []draftNote {
	return slices.DeleteFunc(slices.Clone(p.B.Notes), draftNote.open)
}

// headTitle names the campaign and the step that is open.
func (p draftData) headTitle() string {
	at := node(p.At)
	if at == section(at) {
		return p.nodeTitle(at)
	}
	return p.nodeTitle(section(at)) + " · " + p.nodeTitle(at)
}

// counts are how many things were added, taken away and changed.
func (b *draftBook) counts() (added, removed, changed int) {
	for _, c := range b.Changes {
		switch c.What {
		case "added":
			added++
		case "removed":
			removed++
		default:
			changed++
		}
	}
	return added, removed, changed
}

// what says in a line what the draft changes.
func (p draftData) what() string {
	if len(p.B.Changes) == 0 {
		return p.T("draft.no-changes", "revision", fmt.Sprintf("%02d", p.Force.Revision))
	}
	var all []string
	for _, c := range p.B.Changes {
		if !slices.Contains(all, c.Clause) && c.Clause != "" {
			all = append(all, c.Clause)
		}
	}
	if len(all) > 5 {
		all = append(all[:5], "…")
	}
	return strings.Join(all, ", ")
}

// history is the document's own, the newest first.
func (p draftData) history() []procedure.Revised {
	var all []procedure.Revised
	for _, h := range p.B.Book.Document.History {
		if at, err := time.Parse(time.DateOnly, h.Date); err == nil {
			h.Date = phrase.Date(p.Lang, at)
		}
		if last := len(all) - 1; last >= 0 && all[last].Revision == h.Revision {
			all[last].Text = procedure.Text{ID: all[last].Text.ID + " " + h.Text.ID, EN: all[last].Text.EN + " " + h.Text.EN}
			continue
		}
		all = append(all, h)
	}
	slices.Reverse(all)
	return all
}

// dryWhy says why nothing can be replayed yet.
func (p draftData) dryWhy() string {
	if p.B.sound() {
		return ""
	}
	return p.T("draft.unsound", "n", len(p.B.Problems))
}

// lineKey gives the line's signal the key of dialling.
func (p draftTryData) lineKey(fact string) templ.Attributes {
	if fact != "last_line" {
		return nil
	}
	return templ.Attributes{"data-key": "c"}
}

// factValue is a fact's value in words.
func (p draftTryData) factValue(fact, value string) string {
	if fact == "last_line" && value != "none" {
		return p.word("call.line."+value, value)
	}
	return p.word("draft.value."+fact+"."+value, p.word("draft.value."+value, value))
}

// held lists the options that cannot be chosen now, with the reason and the clause.
func (p draftTryData) held() (all []string) {
	if p.Desk == nil {
		return nil
	}
	for _, f := range p.Desk.Turn.View.Fields {
		for _, c := range choices(f) {
			if c.Why != "" {
				all = append(all, c.Label.In(string(p.Lang))+": "+p.T("seat.held."+c.Why)+" § "+c.Clause())
			}
		}
	}
	return all
}

// between puts the text that is kept beside the one that was typed, line by line, only where they differ.
func (p draftFileData) between() (all []procedure.Piece) {
	a, b := strings.Split(p.Theirs, "\n"), strings.Split(p.Text, "\n")
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	if head > 0 {
		all = append(all, procedure.Piece{Text: a[head-1]})
	}
	for _, l := range a[head : len(a)-tail] {
		all = append(all, procedure.Piece{Mark: "del", Text: l})
	}
	for _, l := range b[head : len(b)-tail] {
		all = append(all, procedure.Piece{Mark: "ins", Text: l})
	}
	return all
}

// any tells whether a row asks for something.
func (r condRow) any() bool {
	return slices.ContainsFunc(r.Picks, func(p draftPick) bool { return p.On })
}

// said lists what a row asks for.
func (r condRow) said() string {
	var all []string
	for _, p := range r.Picks {
		if p.On {
			all = append(all, p.Label)
		}
	}
	return strings.Join(all, ", ")
}

func saveKey(first bool) templ.Attributes {
	if !first {
		return nil
	}
	return templ.Attributes{"data-key": "Ctrl+Enter"}
}

// label names an input; in a new part text and en are the words of its clause.
func (p draftEditData) label(f draftForm, in draftInput) string {
	if key := "draft.put-new." + in.Key; f.Named != "" && p.has(key) {
		return p.T(key)
	}
	return p.T("draft.put." + in.Key)
}

func (p draftEditData) wrongAt(f draftForm, in draftInput) bool {
	return p.Wrong == f.ID && p.field == in.Key
}

func langOf(key string) string {
	if key == "en" {
		return "en"
	}
	return "id"
}

// partHref leads to what a part says: its campaign's forms, or its outcome's.
func (p draftData) partHref(part draftPart) string {
	switch {
	case !p.Edits || p.B.Book.Procedure(part.Campaign) == nil:
		return p.fileHref("campaigns/"+part.Campaign+".yaml", 0)
	case part.Kind == "outcome":
		return p.editHref("outcome", part.Campaign, part.ID)
	}
	return p.editHref("campaign", part.Campaign, "")
}

// changeKey gives E to the field that is chosen.
func (p draftData) changeKey(c fieldCard) templ.Attributes {
	if c.Campaign != p.Campaign || c.Field.ID != p.Field {
		return nil
	}
	return templ.Attributes{"data-key": "e"}
}

// editable are the clauses of a pair that have words of their own to change: the first, and those without a card.
func (one draftPair) editable() (ids []string) {
	for _, l := range one.Lines {
		if !l.Gone && (l.Deep == 0 || len(one.Cards) == 0) && len(ids) < 3 {
			ids = append(ids, l.ID)
		}
	}
	if len(ids) == 0 && strings.HasPrefix(one.ID, "A-") {
		ids = []string{one.ID}
	}
	return ids
}

// settled are the notes of a pair that somebody has answered.
func (one draftPair) settled() []draftNote {
	return slices.DeleteFunc(slices.Clone(one.Notes), draftNote.open)
}

// one is the key of a sentence that counts; English has a form of its own for one.
func (p draftData) one(key string, n int) string {
	if n == 1 {
		return key + "-one"
	}
	return key
}

// readsDrafts tells whether the reader may see what is in the making.
func readsDrafts(f frame) bool { return staff.May(f.By, staff.ActReadDraft) == nil }
