package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/procedure"
	"sapa/internal/revise"
)

// draftEdit shows the forms of one part of the draft.
func (s *Server) draftEdit(w http.ResponseWriter, r *request) {
	p, err := s.draftEditView(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	p.Said = s.heard(w, r)
	s.show(w, r, http.StatusOK, draftEditScreen(p))
}

func (s *Server) draftEditView(r *request) (draftEditData, error) {
	d, err := s.draftView(r)
	p := draftEditData{draftData: d, Kind: r.FormValue("kind"), ID: cmp.Or(r.PostFormValue("of"), r.FormValue("id"))}
	if err != nil {
		return p, err
	}
	if p.B == nil {
		return p, fault.New(fault.Missing, "document.no-draft", "document", s.Campaigns.Document())
	}
	p.Campaign = r.FormValue("campaign")
	p.frame.Keys = nil
	p.frame = p.frame.on("draft-edit")
	p.Back = p.href()
	if !p.forms() {
		return p, fault.New(fault.Missing, "draft.no-part", "id", p.ID)
	}
	return p, nil
}

// draftEditSave makes the edit that a filled form means, and keeps the draft. What is refused comes back as it was typed.
func (s *Server) draftEditSave(w http.ResponseWriter, r *request) {
	if !s.readable(w, r) {
		return
	}
	p, err := s.draftEditView(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	form := p.find(r.PostFormValue("which"))
	if form == nil {
		s.refuse(w, r, fault.New(fault.Conflict, "document.draft-stale", "document", p.B.Draft.Document))
		return
	}
	to, err := s.once(r, func(tx *db.Tx) (string, error) {
		d, err := s.draftAt(tx, r)
		if err != nil {
			return "", err
		}
		files, next, err := p.apply(d.Files, *form, r.PostForm)
		if err != nil {
			return "", err
		}
		_, err = document.Change(tx, r.by, d, files)
		return next, err
	})
	if err == nil {
		http.Redirect(w, r.Request, to, http.StatusSeeOther)
		return
	}
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid && f.Kind != fault.Conflict && f.Kind != fault.Missing {
		s.refuse(w, r, err)
		return
	}
	status, why := s.explain(r, err)
	p.Said, p.Wrong, p.field = &said{"refused", why}, form.ID, f.Field
	form.typed(r.PostForm)
	s.show(w, r, status, draftEditScreen(p))
}

// find gives a form of the page by its id.
func (p *draftEditData) find(id string) *draftForm {
	for i := range p.Forms {
		if p.Forms[i].ID == id {
			return &p.Forms[i]
		}
	}
	for _, l := range p.Lists {
		for _, item := range l.Items {
			for _, f := range []*draftForm{item.Up, item.Down, item.Gone} {
				if f != nil && f.ID == id {
					return f
				}
			}
		}
	}
	return nil
}

// apply makes the files that a filled form means. What is new gets a name of its label and, where words for one were given, a clause.
func (p *draftEditData) apply(files map[string]string, form draftForm, typed url.Values) (map[string]string, string, error) {
	here := draftPath + "/edit?" + url.Values{"kind": {p.Kind}, "campaign": {p.Campaign}, "id": {p.ID}, "at": {p.At}, "view": {p.View}, "field": {p.Field}}.Encode()
	e, changed := form.edit(typed)
	if !changed {
		return files, here, nil
	}
	if form.Named != "" {
		id := slug(cmp.Or(valueOfPut(e.Put, "label"), valueOfPut(e.Put, "title")), form.Named)
		if id == "" {
			return nil, "", fault.New(fault.Invalid, "draft.nameless").At("label", "")
		}
		e.Put = append([]revise.Put{{Key: "id", Value: p.free(form, id)}}, e.Put...)
	}
	var err error
	switch form.ID {
	case "new":
		return p.applied(files, e, p.editHref("campaign", valueOfPut(e.Put, "id"), ""))
	case "field", "option":
		if files, err = p.withClause(files, form, &e); err != nil {
			return nil, "", err
		}
	}
	if form.ID == "field" {
		return p.addField(files, e, here)
	}
	if e.Do == "remove" {
		back := here
		if p.Kind == "clause" {
			back = draftPath + "?at=" + url.QueryEscape(node(p.ID))
		}
		if files, err = revise.Apply(files, e); err != nil {
			return nil, "", err
		}
		files, err = p.dropClause(files, e)
		return files, back, err
	}
	if e.Do == "remove-campaign" {
		return p.applied(files, e, draftPath)
	}
	return p.applied(files, e, here)
}

func (p *draftEditData) applied(files map[string]string, e revise.Edit, to string) (map[string]string, string, error) {
	files, err := revise.Apply(files, e)
	return files, to, err
}

// withClause writes the clause that a new field or option rests on, from the words that were given for it; without words it rests on the
// clause of what it stands in.
func (p *draftEditData) withClause(files map[string]string, form draftForm, e *revise.Edit) (map[string]string, error) {
	text, en := valueOfPut(e.Put, "text"), valueOfPut(e.Put, "en")
	e.Put = slices.DeleteFunc(e.Put, func(x revise.Put) bool { return x.Key == "text" || x.Key == "en" })
	if form.Clause == "" {
		return files, nil
	}
	if text == "" {
		e.Put = append(e.Put, revise.Put{Key: "clause", Value: form.Clause})
		return files, nil
	}
	id := form.Clause + "." + strings.ReplaceAll(valueOfPut(e.Put, "id"), "_", "-")
	files, err := revise.Apply(files, revise.Edit{Do: "add", File: "clauses.yaml",
		Put: []revise.Put{{Key: "id", Value: id}, {Key: "text", Value: text}, {Key: "en", Value: cmp.Or(en, text)}, {Key: "parent", Value: form.Clause}}})
	e.Put = append(e.Put, revise.Put{Key: "clause", Value: id})
	return files, err
}

// addField adds a field and, for a choice, its first options, named with commas between.
func (p *draftEditData) addField(files map[string]string, e revise.Edit, to string) (map[string]string, string, error) {
	names := strings.FieldsFunc(valueOfPut(e.Put, "options"), func(r rune) bool { return r == ',' || r == ';' })
	kind := valueOfPut(e.Put, "type")
	e.Put = slices.DeleteFunc(e.Put, func(x revise.Put) bool { return x.Key == "options" })
	if choice := kind == "choice" || kind == "check"; choice && len(names) < 2 {
		return nil, "", fault.New(fault.Invalid, "draft.no-options").At("options", "")
	} else if !choice {
		names = nil
	}
	files, err := revise.Apply(files, e)
	for _, name := range names {
		if err != nil {
			break
		}
		put := []revise.Put{{Key: "id", Value: slug(name, "-")}, {Key: "label", Value: strings.TrimSpace(name)}, {Key: "clause", Value: valueOfPut(e.Put, "clause")}}
		if kind == "choice" {
			put = append(put, revise.Put{Key: "means", Value: "reached-decider reached-other"})
		}
		files, err = revise.Apply(files, revise.Edit{Do: "add", File: e.File, At: "fields/" + valueOfPut(e.Put, "id") + "/options", Put: put})
	}
	return files, to, err
}

// dropClause takes the clause of a removed option or field out with it, when nothing else rests on it.
func (p *draftEditData) dropClause(files map[string]string, e revise.Edit) (map[string]string, error) {
	one := p.B.Book.Procedure(p.Campaign)
	if one == nil || !strings.HasPrefix(e.At, "fields/") {
		return files, nil
	}
	parts := strings.Split(e.At, "/")
	f := one.Field(parts[1])
	if f == nil {
		return files, nil
	}
	gone := []string{f.Clause()}
	for _, o := range f.Options {
		if len(parts) == 4 && o.ID == parts[3] {
			gone = []string{o.Clause()}
		} else if len(parts) == 2 {
			gone = append(gone, o.Clause())
		}
	}
	draft := p.B.Draft
	draft.Files = files
	left, _ := draft.Book()
	for _, row := range procedure.Trace(left, nil) {
		parent := slices.ContainsFunc(left.Clauses, func(c procedure.Clause) bool { return c.Parent == row.ID && !slices.Contains(gone, c.ID) })
		if row.Carried || row.Note != "" || parent || !slices.Contains(gone, row.ID) {
			continue
		}
		var err error
		if files, err = revise.Apply(files, revise.Edit{Do: "remove", File: "clauses.yaml", At: row.ID}); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// free is a name that nothing in the list has yet.
func (p *draftEditData) free(form draftForm, id string) string {
	taken := map[string]bool{}
	for _, one := range p.B.Book.Procedures {
		if form.ID == "new" {
			taken[one.Code] = true
		}
		if one.Code != p.Campaign {
			continue
		}
		for _, f := range one.Fields {
			if form.ID == "field" {
				taken[f.ID] = true
			}
			if form.ID == "option" && f.ID == p.ID {
				for _, o := range f.Options {
					taken[o.ID] = true
				}
			}
		}
		for _, o := range one.Outcomes {
			taken[o.ID] = taken[o.ID] || form.ID == "outcome"
		}
	}
	name := id
	for n := 2; taken[name] || name == "given" || name == "none"; n++ {
		name = fmt.Sprintf("%s%s%d", id, form.Named, n)
	}
	return name
}

func valueOfPut(puts []revise.Put, key string) string {
	for _, p := range puts {
		if p.Key == key {
			return p.Value
		}
	}
	return ""
}

// minutes writes a pause as the files do: 60m.
func minutes(d time.Duration) string { return fmt.Sprintf("%dm", int(d.Minutes())) }
