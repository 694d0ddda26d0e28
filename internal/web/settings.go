package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/staff"
	"sapa/internal/trouble"
)

// settingsData is what a site sets: the trouble ticket's priority ladder (domain 3.5), the window of repeat faults, what a
// description must tell, and the rules of lines, isolir and verification calls. Who may not change it reads it.
type settingsData struct {
	frame
	Edits    bool
	Line     ruleData
	Grace    graceData
	Verify   verifyData
	Ladder   trouble.Setting
	Settings trouble.Setting
	Rungs    []trouble.Rung
	GaulDays string
	Items    []itemRow
	By       map[db.ID]string
	Wrong    string // the form that was refused
	WrongRow int    // its row; 0: none
	Typed    string // what the second of two administrators typed, to be taken up again
}

// itemRow is one thing a description must tell, as the table has it.
type itemRow struct{ Service, ID, LabelID, LabelEN, Words string }

const mostRows = 200 // of the table of items

func (s *Server) settingsPage(w http.ResponseWriter, r *request) {
	p, err := s.settings(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	p.frame.Said = s.heard(w, r)
	s.show(w, r, http.StatusOK, settingsScreen(p))
}

// settings reads both as they stand.
func (s *Server) settings(r *request) (settingsData, error) {
	p := settingsData{frame: s.frame(r, r.T("page.settings.title")).on("settings"), Edits: staff.May(r.by, staff.ActSettings) == nil, By: map[db.ID]string{}}
	p.Verify.Edits = staff.May(r.by, staff.ActOutage) == nil
	err := s.Store.Read(r.Context(), func(tx *db.Tx) (err error) {
		p.Now = tx.Now.In(s.Site)
		if p.Line, err = s.lineRule(tx, p.Lang); err != nil {
			return err
		}
		if err = s.siteRules(tx, &p); err != nil {
			return err
		}
		if p.Ladder, err = trouble.ReadSetting(tx, trouble.LadderText); err != nil {
			return err
		}
		if p.Settings, err = trouble.ReadSetting(tx, trouble.SettingsText); err != nil {
			return err
		}
		for _, one := range []trouble.Setting{p.Ladder, p.Settings} {
			if err := p.named(tx, one.By); err != nil {
				return err
			}
		}
		return nil
	})
	p.Rungs = trouble.RungsOf(p.Ladder.Text)
	terms := trouble.TermsOf(p.Settings.Text)
	p.GaulDays = strconv.Itoa(terms.GaulDays)
	for _, service := range trouble.Services {
		for _, i := range terms.Mandatory[service] {
			p.Items = append(p.Items, itemRow{service, i.ID, i.Label.ID, i.Label.EN, strings.Join(i.Words, ", ")})
		}
	}
	return p, err
}

// rows are the ladder's rungs with an empty one to add, while there is a priority left.
func (p settingsData) rows() []trouble.Rung {
	if p.Edits && len(p.Rungs) < len(trouble.Priorities) {
		return append(slices.Clone(p.Rungs), trouble.Rung{})
	}
	return p.Rungs
}

func (p settingsData) items() []itemRow {
	if p.Edits {
		return append(slices.Clone(p.Items), itemRow{})
	}
	return p.Items
}

// wrong tells whether a row of a form is the one that was refused.
func (p settingsData) wrong(form string, row int) bool { return p.Wrong == form && p.WrongRow == row }

// since says who set it when, or that it is the house's own.
func (p settingsData) since(s trouble.Setting) string { return p.ruled(s.Version, p.By[s.By], s.At) }

// ladderSave changes the ladder as the table has it; a row without a priority is left out.
func (s *Server) ladderSave(w http.ResponseWriter, r *request) {
	if !s.readable(w, r) {
		return
	}
	var rungs []trouble.Rung
	when := r.PostForm["when"]
	for i, priority := range r.PostForm["priority"] {
		if priority != "" && i < len(when) && len(rungs) < 2*len(trouble.Priorities) {
			rungs = append(rungs, trouble.Rung{Priority: priority, When: strings.Join(strings.Fields(when[i]), " ")})
		}
	}
	text, err := trouble.LadderOf(rungs)
	var typed []string
	for _, one := range rungs {
		typed = append(typed, one.Priority+": "+one.When)
	}
	s.saveSetting(w, r, trouble.LadderText, text, strings.Join(typed, "\n"), err, func(p *settingsData, line int) {
		p.Rungs = rungs
		p.WrongRow = max(0, line-1) // the first rung stands on the second line
	})
}

// termsSave changes the window and the list of what a description must tell; a row without an id is left out.
func (s *Server) termsSave(w http.ResponseWriter, r *request) {
	if !s.readable(w, r) {
		return
	}
	terms := trouble.Terms{Mandatory: map[string][]trouble.Item{}}
	days := strings.TrimSpace(r.PostForm.Get("gaul_days"))
	terms.GaulDays, _ = strconv.Atoi(days) // what is no number is 0, and refused as that
	var items []itemRow
	columns := map[string][]string{}
	for _, name := range []string{"service", "label_id", "label_en", "words"} {
		columns[name] = r.PostForm[name]
	}
	var typed []string
	for i, id := range r.PostForm["item"] {
		cell := func(name string) string {
			if i < len(columns[name]) {
				return strings.TrimSpace(columns[name][i])
			}
			return ""
		}
		one := itemRow{cell("service"), strings.TrimSpace(id), cell("label_id"), cell("label_en"), cell("words")}
		if one.ID == "" || !slices.Contains(trouble.Services, one.Service) || len(items) == mostRows {
			continue
		}
		items = append(items, one)
		typed = append(typed, strings.Join([]string{one.Service, one.ID, one.LabelID, one.LabelEN, one.Words}, " | "))
	}
	slices.SortStableFunc(items, func(a, b itemRow) int {
		return slices.Index(trouble.Services, a.Service) - slices.Index(trouble.Services, b.Service)
	})
	for _, one := range items {
		words := strings.FieldsFunc(one.Words, func(c rune) bool { return c == ',' || c == ' ' || c == '\n' })
		terms.Mandatory[one.Service] = append(terms.Mandatory[one.Service], trouble.Item{ID: one.ID, Label: trouble.Text{ID: one.LabelID, EN: one.LabelEN}, Words: words})
	}
	s.saveSetting(w, r, trouble.SettingsText, trouble.SettingsOf(terms), days+"\n"+strings.Join(typed, "\n"), nil, func(p *settingsData, line int) {
		p.Items, p.GaulDays = items, days
		at := 2 // gaul_days, mandatory; then a line for each service and item
		for row, one := range items {
			if row == 0 || one.Service != items[row-1].Service {
				at++
			}
			if at++; at == line {
				p.WrongRow = row + 1
			}
		}
	})
}

// readable reads the form, or says that it cannot.
func (s *Server) readable(w http.ResponseWriter, r *request) bool {
	if err := r.ParseForm(); err != nil {
		s.sorry(w, r, http.StatusBadRequest, "web.form")
		return false
	}
	return true
}

// saveSetting changes a setting and goes back to the page; what is refused is shown with what was typed, the row marked. Who
// comes second sees what stands now, with what they typed beside it.
func (s *Server) saveSetting(w http.ResponseWriter, r *request, name, text, typed string, err error, retype func(p *settingsData, line int)) {
	if err == nil {
		var version int64
		if version, err = strconv.ParseInt(r.PostForm.Get("version"), 10, 64); err != nil {
			s.sorry(w, r, http.StatusBadRequest, "web.form")
			return
		}
		_, err = s.once(r, func(tx *db.Tx) (string, error) {
			_, err := trouble.Set(tx, r.by, name, text, version)
			return "/admin/settings", err
		})
	}
	if err == nil {
		s.say(w, "done", r.T("page.settings.saved"))
		http.Redirect(w, r.Request, "/admin/settings", http.StatusSeeOther)
		return
	}
	f := fault.Of(err)
	p, other := s.settings(r)
	if f == nil || other != nil {
		s.refuse(w, r, err)
		return
	}
	p.Wrong = name
	line, _ := f.Values["line"].(int)
	if row, ok := f.Values["row"].(int); ok {
		line = row + 1
	}
	if f.Kind == fault.Conflict {
		p.Typed = typed
	} else {
		retype(&p, line)
	}
	if f.Values["file"] != nil { // the page has rows where the text has lines
		told := *f
		told.Values = map[string]any{}
		for k, v := range f.Values {
			told.Values[k] = v
		}
		told.Values["file"], told.Values["line"] = r.T("page.settings."+name), fmt.Sprint(p.WrongRow)
		err = &told
	}
	status, sentence := s.explain(r, err)
	p.frame.Said = &said{"refused", sentence}
	s.show(w, r, status, settingsScreen(p))
}
