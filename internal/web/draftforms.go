package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"sapa/internal/procedure"
	"sapa/internal/revise"
)

// draftEditData is one part of the draft with the forms that change it.
type draftEditData struct {
	draftData
	Kind  string // clause, campaign, field, option, outcome, new
	ID    string
	Head  string
	Back  string // where its page leads back to
	Forms []draftForm
	Lists []draftList
	Also  []string // other campaigns that a change of this part changes too
	Wrong string   // the form that was refused
	field string   // of a refusal
}

// editHref leads to the forms of a part.
func (p draftData) editHref(kind, campaign, id string) string {
	return draftPath + "/edit?" + url.Values{"kind": {kind}, "campaign": {campaign}, "id": {id}, "at": {p.At}, "view": {p.View}, "field": {p.Field}}.Encode()
}

// forms lays out the forms of a part; false when the draft has no such part.
func (p *draftEditData) forms() bool {
	switch p.Kind {
	case "clause":
		return p.clauseForms()
	case "new":
		p.Head = p.T("draft.new-campaign")
		p.Forms = []draftForm{p.newCampaign()}
		return true
	}
	one := p.B.Book.Procedure(p.Campaign)
	if one == nil {
		return false
	}
	switch p.Kind {
	case "campaign":
		p.campaignForms(one)
		return true
	case "field":
		return p.fieldForms(one)
	case "option":
		return p.optionForms(one)
	case "outcome":
		return p.outcomeForms(one)
	}
	return false
}

func (p *draftEditData) file(at string) string {
	file := revise.HeldIn(p.B.Draft.Files, "campaigns/"+p.Campaign+".yaml", at)
	p.Also = nil
	for _, code := range revise.UsedBy(p.B.Draft.Files, file) {
		if code != p.Campaign && !slices.Contains(p.Also, code) {
			p.Also = append(p.Also, code)
		}
	}
	return file
}

func both(key string, t procedure.Text) draftInput {
	in := draftInput{Key: key, Kind: "both", Value: t.ID, EN: t.EN}
	if in.EN == in.Value {
		in.EN = ""
	}
	return in
}

func (p *draftEditData) picks(list, on string, empty bool) (all []draftPick) {
	if empty {
		all = append(all, draftPick{"", p.T("draft.pick-none"), on == ""})
	}
	for _, w := range procedure.ClosedWords(list) {
		all = append(all, draftPick{w, p.word("draft."+list+"."+w, w), w == on})
	}
	return all
}

// clauseInput takes the clauses a part rests on; there are some to choose from.
func clauseInput(clauses []string) draftInput {
	return draftInput{Key: "clause", Kind: "clauses", Value: strings.Join(clauses, " ")}
}

// condInput asks a condition over what comes before a field: facts and choices by their values, others by being filled in.
func (p *draftEditData) condInput(key string, one *procedure.Procedure, before string, c procedure.Cond) draftInput {
	in := draftInput{Key: key, Kind: "cond"}
	if key == "required" {
		in.Value = "true"
		if c.Never {
			in.Value = "false"
			c = procedure.Cond{}
		}
	}
	on, closed := asRows(c)
	if !closed {
		in.Open, in.Value = true, condText(c)
		return in
	}
	add := func(id, label string, picks []draftPick) {
		for i := range picks {
			picks[i].On = slices.Contains(on[id], picks[i].Value)
		}
		delete(on, id)
		in.Rows = append(in.Rows, condRow{id, label, picks})
	}
	for _, f := range one.Facts {
		var picks []draftPick
		for _, v := range procedure.FactValues[f] {
			label := p.word("draft.value."+v, v)
			if f == "last_line" && v != "none" {
				label = p.word("call.line."+v, v)
			}
			picks = append(picks, draftPick{Value: v, Label: label})
		}
		add(f, p.word("draft.fact."+f, f), picks)
	}
	for _, f := range one.Fields {
		if f.ID == before {
			break
		}
		var picks []draftPick
		for _, o := range f.Options {
			picks = append(picks, draftPick{Value: o.ID, Label: o.Label.In(string(p.Lang))})
		}
		if f.Type != "choice" {
			picks = []draftPick{{Value: "given", Label: p.T("draft.is-given")}, {Value: "none", Label: p.T("draft.is-none")}}
		}
		add(f.ID, f.Label.In(string(p.Lang)), picks)
	}
	known := func() bool { // a word that no row offers: shown as it is written, so that nothing is lost
		for _, row := range in.Rows {
			for _, v := range append([]string{}, mustRows(c)[row.ID]...) {
				if !slices.ContainsFunc(row.Picks, func(d draftPick) bool { return d.Value == v }) {
					return false
				}
			}
		}
		return len(on) == 0
	}
	if !known() {
		return draftInput{Key: key, Kind: "cond", Open: true, Value: condText(c)}
	}
	return in
}

func mustRows(c procedure.Cond) map[string][]string {
	rows, _ := asRows(c)
	return rows
}

func (p *draftEditData) set(id, title, file, at string, inputs ...draftInput) draftForm {
	return draftForm{ID: id, Title: title, Edit: revise.Edit{Do: "set", File: file, At: at}, Inputs: inputs, Submit: p.T("draft.save")}
}

func (p *draftEditData) clauseForms() bool {
	c, ok := p.B.Book.Clause(p.ID)
	if !ok {
		return false
	}
	p.Head = "§ " + c.ID
	if strings.HasPrefix(c.ID, "A-") {
		for _, g := range p.B.Book.Gaps {
			if g.ID == c.ID {
				p.Forms = []draftForm{p.set("set", p.T("draft.decision"), "gaps.yaml", g.ID, both("problem", g.Problem), both("decision", g.Decision))}
			}
		}
		return true
	}
	p.Forms = []draftForm{
		p.set("set", p.T("draft.clause-text"), "clauses.yaml", c.ID, draftInput{Key: "text", Kind: "long", Value: c.Text}, draftInput{Key: "en", Kind: "long", Value: c.Gloss}),
		{ID: "add", Title: p.T("draft.clause-add"), Edit: revise.Edit{Do: "add", File: "clauses.yaml", Put: []revise.Put{{Key: "parent", Value: c.ID}}},
			Inputs: []draftInput{{Key: "id", Kind: "line", Value: c.ID + "."}, {Key: "text", Kind: "long"}, {Key: "en", Kind: "long"}}, Submit: p.T("draft.add")},
	}
	p.Lists = []draftList{{Title: p.T("draft.clause-gone"), Items: []draftItem{{Label: c.Text, Clause: c.ID, Gone: p.gone("clauses.yaml", c.ID)}}}}
	return true
}

// gone is the form that removes a part.
func (p *draftEditData) gone(file, at string) *draftForm {
	return &draftForm{ID: "gone-" + at, Edit: revise.Edit{Do: "remove", File: file, At: at}, Submit: p.T("draft.remove")}
}

// moves are the forms that move the i-th of a list up and down; ids are the names of all.
func (p *draftEditData) moves(file, list string, ids []string, i int) (up, down *draftForm) {
	move := func(what, before string) *draftForm {
		return &draftForm{ID: what + "-" + list + "/" + ids[i], Edit: revise.Edit{Do: "move", File: file, At: strings.TrimPrefix(list+"/"+ids[i], "/"), Before: before}, Submit: p.T("draft." + what)}
	}
	if i > 0 {
		up = move("up", ids[i-1])
	}
	switch {
	case i+1 == len(ids):
	case list == "steps": // shared steps stand between: the next one comes before this
		down = move("down", ids[i])
		down.Edit.At = list + "/" + ids[i+1]
	case i+2 < len(ids):
		down = move("down", ids[i+2])
	default:
		down = move("down", "")
	}
	return up, down
}

func (p *draftEditData) campaignForms(one *procedure.Procedure) {
	lang, file := string(p.Lang), "campaigns/"+one.Code+".yaml"
	p.Head = one.Title.In(lang)
	var sources []draftPick
	for _, a := range p.B.Book.Document.Applications {
		sources = append(sources, draftPick{a.ID, a.Name, a.ID == one.Source})
	}
	p.Forms = []draftForm{
		p.set("set", p.T("draft.campaign"), file, "", both("title", one.Title), draftInput{Key: "source", Kind: "pick", Value: one.Source, Picks: sources}),
		p.set("queue", p.T("draft.queue-rule"), file, "queue", draftInput{Key: "pause", Kind: "line", Value: minutes(one.Queue.Pause)}, draftInput{Key: "per_day", Kind: "line", Value: fmt.Sprint(one.Queue.PerDay)},
			draftInput{Key: "days", Kind: "line", Value: fmt.Sprint(one.Queue.Days)}, draftInput{Key: "hours", Kind: "line", Value: one.Queue.Hours}),
		p.set("button", p.T("draft.part.save"), file, "save", draftInput{Key: "label", Kind: "line", Value: one.Save.Label}),
		p.newField(one, file),
		p.newOutcome(one, file),
	}
	steps := draftList{Title: p.T("draft.steps")}
	var ids []string
	for _, s := range one.Steps {
		if revise.HeldIn(p.B.Draft.Files, file, "steps/"+s.ID) == file {
			ids = append(ids, s.ID)
		}
	}
	for _, s := range one.Steps {
		item := draftItem{Label: s.Title.In(lang), Clause: s.Clause(), More: p.word("draft.kind."+s.Kind, s.Kind)}
		if i := slices.Index(ids, s.ID); i >= 0 {
			item.Up, item.Down = p.moves(file, "steps", ids, i)
		} else {
			item.More += " · " + p.T("draft.shared")
		}
		steps.Items = append(steps.Items, item)
	}
	p.Lists = append(p.Lists, steps, p.fieldList(one, file), p.outcomeList(one, file))
	p.Lists = append(p.Lists, draftList{Title: p.T("draft.campaign-gone"), Items: []draftItem{{Label: one.Title.In(lang), Clause: one.Clause,
		Gone: &draftForm{ID: "gone", Edit: revise.Edit{Do: "remove-campaign", At: one.Code}, Submit: p.T("draft.remove")}}}})
}

// fieldList are the fields by step, in the order in which they are asked.
func (p *draftEditData) fieldList(one *procedure.Procedure, file string) draftList {
	list := draftList{Title: p.T("draft.form-fields")}
	for _, s := range one.Steps {
		for i, id := range s.Fields {
			f := one.Field(id)
			if f == nil {
				continue
			}
			item := draftItem{Label: f.Label.In(string(p.Lang)), More: s.Title.In(string(p.Lang)), Clause: f.Clause(), Href: p.editHref("field", one.Code, id)}
			if revise.HeldIn(p.B.Draft.Files, file, "fields/"+id) == file {
				item.Up, item.Down = p.moves(file, "fields", s.Fields, i)
				for _, form := range []*draftForm{item.Up, item.Down} {
					if form != nil {
						form.Edit.Step = s.ID
					}
				}
				item.Gone = p.gone(file, "fields/"+id)
			} else {
				item.More += " · " + p.T("draft.shared")
			}
			list.Items = append(list.Items, item)
		}
	}
	return list
}

func (p *draftEditData) outcomeList(one *procedure.Procedure, file string) draftList {
	list := draftList{Title: p.T("draft.outcomes")}
	var ids []string
	for _, o := range one.Outcomes {
		if revise.HeldIn(p.B.Draft.Files, file, "outcomes/"+o.ID) == file {
			ids = append(ids, o.ID)
		}
	}
	for _, o := range one.Outcomes {
		item := draftItem{Label: o.Title.In(string(p.Lang)), More: condText(o.When), Clause: o.Clause(), Href: p.editHref("outcome", one.Code, o.ID)}
		if i := slices.Index(ids, o.ID); i >= 0 {
			item.Up, item.Down = p.moves(file, "outcomes", ids, i)
			item.Gone = p.gone(file, "outcomes/"+o.ID)
		}
		list.Items = append(list.Items, item)
	}
	return list
}

func (p *draftEditData) newField(one *procedure.Procedure, file string) draftForm {
	form := draftForm{ID: "field", Title: p.T("draft.new-field"), Edit: revise.Edit{Do: "add", File: file, At: "fields"}, Named: "_", Submit: p.T("draft.add"),
		Inputs: []draftInput{both("label", procedure.Text{}), {Key: "type", Kind: "pick", Value: "text", Picks: p.picks("type", "text", false)}}}
	for _, s := range slices.Backward(one.Steps) { // the last step of its own asks it
		if s.Kind == "form" && revise.HeldIn(p.B.Draft.Files, file, "steps/"+s.ID) == file {
			form.Edit.Step, form.Clause = s.ID, s.Clause()
			break
		}
	}
	need := draftInput{Key: "required", Kind: "pick", Value: "false", Picks: []draftPick{{"false", p.T("draft.may-be-empty"), true}, {"true", p.T("draft.required"), false}}}
	form.Inputs = append(form.Inputs, need, draftInput{Key: "text", Kind: "long"}, draftInput{Key: "en", Kind: "long"}, draftInput{Key: "options", Kind: "line"})
	return form
}

func (p *draftEditData) newOutcome(one *procedure.Procedure, file string) draftForm {
	return draftForm{ID: "outcome", Title: p.T("draft.new-outcome"), Edit: revise.Edit{Do: "add", File: file, At: "outcomes"}, Named: "-", Submit: p.T("draft.add"),
		Inputs: []draftInput{both("title", procedure.Text{}), clauseInput(nil), p.condInput("when", one, "", procedure.Cond{})}}
}

func (p *draftEditData) newCampaign() draftForm {
	var sources []draftPick
	for _, a := range p.B.Book.Document.Applications {
		sources = append(sources, draftPick{a.ID, a.Name, false})
	}
	next := 1
	for _, c := range p.B.Book.Clauses {
		var n int
		if _, err := fmt.Sscanf(c.ID, "5.%d", &n); err == nil && n >= next {
			next = n + 1
		}
	}
	return draftForm{ID: "new", Title: p.T("draft.new-campaign"), Edit: revise.Edit{Do: "add-campaign"}, Named: "-", Submit: p.T("draft.add"),
		Inputs: []draftInput{both("title", procedure.Text{}), {Key: "clause", Kind: "line", Value: fmt.Sprintf("5.%d", next)}, {Key: "source", Kind: "pick", Picks: sources}}}
}

func (p *draftEditData) fieldForms(one *procedure.Procedure) bool {
	f := one.Field(p.ID)
	if f == nil {
		return false
	}
	at := "fields/" + f.ID
	file := p.file(at)
	own := strings.HasPrefix(file, "campaigns/")
	p.Head = f.Label.In(string(p.Lang))
	inputs := []draftInput{both("label", f.Label), both("hint", f.Hint)}
	if own {
		inputs = append(inputs, clauseInput(f.Clauses))
	}
	inputs = append(inputs, p.condInput("when", one, f.ID, f.When), p.condInput("required", one, f.ID, f.Required))
	if f.Type == "text" {
		limit := ""
		if f.Max > 0 {
			limit = fmt.Sprint(f.Max)
		}
		inputs = append(inputs, draftInput{Key: "max", Kind: "line", Value: limit}, draftInput{Key: "check", Kind: "pick", Value: f.Check, Picks: p.picks("check", f.Check, true)})
	}
	p.Forms = []draftForm{p.set("set", p.T("draft.field"), file, at, inputs...)}
	if f.Type != "choice" && f.Type != "check" {
		return true
	}
	list := draftList{Title: p.T("draft.options")}
	var ids []string
	for _, o := range f.Options {
		ids = append(ids, o.ID)
	}
	for i, o := range f.Options {
		item := draftItem{Label: o.Label.In(string(p.Lang)), More: condText(o.When), Clause: o.Clause(), Href: p.editHref("option", one.Code, f.ID+"="+o.ID), Gone: p.gone(file, at+"/options/"+o.ID)}
		item.Up, item.Down = p.moves(file, at+"/options", ids, i)
		list.Items = append(list.Items, item)
	}
	p.Lists = []draftList{list}
	add := draftForm{ID: "option", Title: p.T("draft.new-option"), Edit: revise.Edit{Do: "add", File: file, At: at + "/options"}, Named: "-", Submit: p.T("draft.add"),
		Inputs: []draftInput{both("label", procedure.Text{}), p.meansInput(nil), p.condInput("when", one, f.ID, procedure.Cond{}), {Key: "text", Kind: "long"}, {Key: "en", Kind: "long"}}}
	if own {
		add.Clause = f.Clause()
	} else {
		add.Inputs = append(add.Inputs, clauseInput(f.Clauses))
	}
	p.Forms = append(p.Forms, add)
	return true
}

func (p *draftEditData) meansInput(on []string) draftInput {
	in := draftInput{Key: "means", Kind: "ticks", Picks: p.picks("means", "", false)}
	slices.SortStableFunc(in.Picks, func(a, b draftPick) int { return place(on, a.Value) - place(on, b.Value) }) // what is on keeps its order
	for i := range in.Picks {
		in.Picks[i].On = slices.Contains(on, in.Picks[i].Value)
	}
	return in
}

func place(in []string, word string) int {
	if i := slices.Index(in, word); i >= 0 {
		return i
	}
	return len(in)
}

func (p *draftEditData) optionForms(one *procedure.Procedure) bool {
	field, id, _ := strings.Cut(p.ID, "=")
	f := one.Field(field)
	if f == nil {
		return false
	}
	i := slices.IndexFunc(f.Options, func(o procedure.Option) bool { return o.ID == id })
	if i < 0 {
		return false
	}
	o, at := f.Options[i], "fields/"+f.ID+"/options/"+id
	file := p.file(at)
	p.Head = f.Label.In(string(p.Lang)) + " · " + o.Label.In(string(p.Lang))
	inputs := []draftInput{both("label", o.Label), both("text", o.Text), {Key: "gloss", Kind: "line", Value: o.Gloss}}
	if strings.HasPrefix(file, "campaigns/") {
		inputs = append(inputs, clauseInput(o.Clauses))
	}
	inputs = append(inputs, p.meansInput(o.Means), p.condInput("when", one, f.ID, o.When))
	p.Forms = []draftForm{p.set("set", p.T("draft.option"), file, at, inputs...)}
	if c, ok := p.B.Book.Clause(o.Clause()); ok && !strings.HasPrefix(c.ID, "A-") {
		p.Forms = append(p.Forms, p.set("words", p.T("draft.clause-text")+" § "+c.ID, "clauses.yaml", c.ID, draftInput{Key: "text", Kind: "long", Value: c.Text}, draftInput{Key: "en", Kind: "long", Value: c.Gloss}))
	}
	p.Back = p.editHref("field", one.Code, f.ID)
	return true
}

func (p *draftEditData) outcomeForms(one *procedure.Procedure) bool {
	i := slices.IndexFunc(one.Outcomes, func(o procedure.Outcome) bool { return o.ID == p.ID })
	if i < 0 {
		return false
	}
	o, at := one.Outcomes[i], "outcomes/"+p.ID
	file := p.file(at)
	p.Head = o.Title.In(string(p.Lang))
	inputs := []draftInput{both("title", o.Title)}
	if strings.HasPrefix(file, "campaigns/") {
		inputs = append(inputs, clauseInput(o.Clauses))
	}
	p.Forms = []draftForm{p.set("set", p.T("draft.part.outcome"), file, at, append(inputs, p.condInput("when", one, "", o.When), p.meansInput(o.Means))...),
		{ID: "effect", Title: p.T("draft.new-effect"), Edit: revise.Edit{Do: "add", File: file, At: at + "/effects"}, Submit: p.T("draft.add"), Inputs: []draftInput{
			{Key: "do", Kind: "pick", Picks: p.picks("do", "", false)}, {Key: "reason", Kind: "pick", Picks: p.picks("reason", "", true)}, {Key: "after", Kind: "line"},
			{Key: "at", Kind: "pick", Picks: p.timeFields(one)}, {Key: "mark", Kind: "pick", Picks: p.picks("mark", "", true)}, {Key: "type", Kind: "pick", Picks: p.picks("note", "", true)},
			{Key: "app", Kind: "pick", Picks: p.applications()}, both("text", procedure.Text{}), clauseInput(o.Clauses[:min(1, len(o.Clauses))])}}}
	list := draftList{Title: p.T("draft.effects")}
	for i, e := range o.Effects {
		list.Items = append(list.Items, draftItem{Label: p.does(one, e, nil), Clause: "", Gone: p.gone(file, fmt.Sprintf("%s/effects/#%d", at, i))})
	}
	p.Lists = []draftList{list}
	p.Back = p.editHref("campaign", one.Code, "")
	return true
}

func (p *draftEditData) timeFields(one *procedure.Procedure) []draftPick {
	all := []draftPick{{"", p.T("draft.pick-none"), true}}
	for _, f := range one.Fields {
		if f.Type == "time" {
			all = append(all, draftPick{f.ID, f.Label.In(string(p.Lang)), false})
		}
	}
	return all
}

func (p *draftEditData) applications() []draftPick {
	all := []draftPick{{"", p.T("draft.pick-none"), true}}
	for _, a := range p.B.Book.Document.Applications {
		all = append(all, draftPick{a.ID, a.Name, false})
	}
	return all
}
