package web

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"sapa/internal/call"
	"sapa/internal/campaign"
	"sapa/internal/desk"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/procedure"
	"sapa/internal/ticket"
)

// draftTryData is a draft worked as an agent would, on a ticket that exists in the request only.
type draftTryData struct {
	draftData
	Desk    *deskData // nil: the draft cannot run yet
	Code    string
	Facts   []tryFact
	Done    []string // what the outcome does, when it was asked for
	Outcome procedure.Text
	Clauses string // the outcome's
}

// tryFact is something the house would know by itself, chosen here.
type tryFact struct {
	ID     string
	Values []string
	Value  string
}

// scratch is the ticket that is tried on.
var scratch = ticket.Ticket{ID: 1, Ref: "UJI-1", ContactName: "Ibu Contoh", ServiceNo: "122999000001", Zone: "Asia/Makassar",
	Note: "Tiket uji. Pelanggan melapor internet mati sejak pagi."}

// draftTry shows the draft as an agent would meet it. Nothing is stored and no real ticket is touched: facts and answers are in the form.
func (s *Server) draftTry(w http.ResponseWriter, r *request) {
	if !s.readable(w, r) {
		return
	}
	p, err := s.draftView(r)
	if err == nil && p.B == nil {
		err = fault.New(fault.Missing, "document.no-draft", "document", s.Campaigns.Document())
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	t := draftTryData{draftData: p, Code: r.FormValue("code")}
	t.frame.Keys = nil
	t.frame = t.frame.on("draft-try")
	if t.Code == "" {
		t.Code = p.Campaign
	}
	if t.B.Book.Procedure(t.Code) == nil {
		for _, one := range t.B.Book.Procedures {
			if one.Clause == section(p.At) {
				t.Code = one.Code
			}
		}
	}
	one := t.B.Book.Procedure(t.Code)
	if one == nil && len(t.B.Book.Procedures) > 0 {
		one = t.B.Book.Procedures[0]
		t.Code = one.Code
	}
	if one == nil || !t.B.sound() {
		s.show(w, r, http.StatusOK, draftTryScreen(t))
		return
	}
	status := t.try(s, r, one)
	s.show(w, r, status, draftTryScreen(t))
}

// try lays facts and answers of the form over the draft's procedure and, when it was pressed, finishes.
func (t *draftTryData) try(s *Server, r *request, one *procedure.Procedure) int {
	facts := procedure.Facts{"read": "yes"}
	for _, id := range one.Facts {
		f := tryFact{ID: id, Values: procedure.FactValues[id], Value: r.FormValue("f." + id)}
		if !slices.Contains(f.Values, f.Value) {
			f.Value = ""
			if len(f.Values) > 0 {
				f.Value = f.Values[0]
			}
		}
		facts[id] = f.Value
		t.Facts = append(t.Facts, f)
	}
	for name := range r.Form { // a field of another campaign's try
		if id, ok := strings.CutPrefix(name, "a."); ok {
			if base, _, _ := strings.Cut(id, "."); one.Field(base) == nil {
				delete(r.PostForm, name)
			}
		}
	}
	zone := desk.Zone(scratch.Zone, s.Site)
	answers := procedure.Answers(given(r))
	for id, value := range answers {
		if f := one.Field(id); f != nil && f.Type == "time" {
			if at, err := time.ParseInLocation("2006-01-02T15:04", value, zone); err == nil {
				answers[id] = at.Format(time.RFC3339)
			}
		}
	}
	d, hours := scratchDesk(t.draftData, one, facts, answers, zone)
	t.Desk = &d
	if r.PostFormValue("finish") == "" {
		return http.StatusOK
	}
	decision, err := one.Decide(facts, procedure.Answers{}, d.Turn.View.Answers, desk.Checks(t.Now, zone, hours))
	if err != nil {
		f := fault.Of(err)
		status, why := s.explain(r, err)
		t.Said, t.Desk.Said = &said{"refused", why}, &said{"refused", why}
		if f != nil {
			t.Desk.Refused.Field = f.Field
		}
		return status
	}
	t.Outcome, t.Clauses = decision.Outcome.Title, strings.Join(decision.Outcome.Clauses, ", ")
	for _, e := range decision.Effects {
		t.Done = append(t.Done, t.does(one, e, decision.Answers))
	}
	return http.StatusOK
}

// scratchDesk is the workspace of the scratch ticket: the desk's own fields show it.
func scratchDesk(p draftData, one *procedure.Procedure, facts procedure.Facts, answers procedure.Answers, zone *time.Location) (deskData, campaign.Hours) {
	hours, err := campaign.ParseHours(one.Queue.Hours)
	if err != nil { // an act has none
		hours = campaign.Hours{From: 8 * 60, To: 20 * 60}
	}
	known := procedure.Answers{}
	for _, f := range one.Fields {
		if v := map[string]string{"service_no": scratch.ServiceNo, "contact_name": scratch.ContactName}[f.Known]; v != "" {
			known[f.ID] = v
		}
	}
	maps.Copy(known, answers)
	view := one.Lean(facts, known)
	turn := &desk.Turn{Ticket: scratch, View: view, Answers: view.Answers, ReadAt: p.Now, Zone: zone, Greeting: desk.Greeting(p.Now, zone), HoursOpen: true, Now: p.Now,
		Campaign: campaign.Campaign{Code: one.Code, Title: one.Title, Built: true, Hours: hours, Procedure: one,
			Revision: document.Revision{Document: one.Document, Revision: one.Revision, EffectiveAt: p.Now, Book: p.B.Book}}}
	if line := facts["last_line"]; line != "" && line != "none" {
		turn.Attempts = []call.Attempt{{Line: call.Line(line), DialledAt: p.Now.Add(-time.Minute)}}
	}
	d := deskData{frame: p.frame, Turn: turn, Titles: map[string]procedure.Text{}}
	d.Title = one.Title.In(string(p.Lang))
	for _, f := range view.Fields {
		if slices.Contains(one.Words(), f.ID) {
			d.Words = f.ID
		}
	}
	d.Clause = d.clause(view.Clause)
	return d, hours
}

// does says what an effect does, in the words of the page; without answers its text is shown as written, with its {places}.
func (p draftData) does(one *procedure.Procedure, e procedure.Effect, answers procedure.Answers) string {
	app := e.App
	for _, a := range p.B.Book.Document.Applications {
		if a.ID == e.App {
			app = a.Name
		}
	}
	key := "draft.does." + e.Do
	switch {
	case e.Do == "call-again" && e.Queue:
		key += "-queue"
	case e.Do == "call-again" && e.NextDay:
		key += "-next-day"
	case e.Do == "call-again" && e.At != "":
		key += "-at"
	}
	field, mark := e.At, e.Mark
	if f := one.Field(e.At); f != nil {
		field = f.Label.In(string(p.Lang))
	}
	text := e.Text.In(string(p.Lang))
	if answers != nil {
		text = procedure.FillText(text, answers)
	}
	said := p.T(key, "reason", p.word("draft.reason."+e.Reason, e.Reason), "field", field, "after", p.span(e.After), "app", app, "form", e.Form, "mark", p.word("draft.mark."+mark, mark),
		"type", e.Type, "act", p.word("draft.trouble."+e.Trouble, e.Trouble), "text", strings.TrimSpace(text))
	if e.Clause != "" {
		said += " § " + e.Clause
	}
	return said
}

// word is a sentence of the catalogue, else the bare word.
func (p draftData) word(key, otherwise string) string {
	if p.has(key) {
		return p.T(key)
	}
	return otherwise
}

// span prints minutes or hours.
func (p draftData) span(d time.Duration) string {
	if d >= time.Hour && d%time.Hour == 0 {
		return p.T("draft.hours", "n", int(d.Hours()))
	}
	return p.T("draft.minutes", "n", int(d.Minutes()))
}

// preview finds a state in which the chosen field is asked and shows it as the desk does.
func (p *draftData) preview() {
	if !p.B.sound() {
		return
	}
	one := p.procedureOf(p.B.Book, p.Campaign)
	if one == nil || one.Field(p.Field) == nil {
		return
	}
	facts, answers, found := p.B.reach(one, p.Field)
	if !found {
		return
	}
	d, _ := scratchDesk(*p, one, facts, answers, p.Now.Location())
	i := slices.IndexFunc(d.Turn.View.Fields, func(f procedure.FieldView) bool { return f.ID == p.Field })
	if i < 0 {
		return
	}
	d.Turn.View.Fields = d.Turn.View.Fields[i : i+1]
	p.Preview = &d
	p.When = p.supposes(one, facts, answers)
}

// supposes says in a few words which answers come before the field that is shown.
func (p draftData) supposes(one *procedure.Procedure, facts procedure.Facts, answers procedure.Answers) string {
	shown := one.Field(p.Field)
	var parts []string
	asked := shown.When.Asks()
	for _, o := range shown.Options {
		asked = append(asked, o.When.Asks()...)
	}
	slices.Sort(asked)
	for _, id := range slices.Compact(asked) {
		value := answers[id]
		if f := one.Field(id); f != nil && value != "" {
			for _, o := range f.Options {
				if o.ID == value {
					value = o.Label.In(string(p.Lang))
				}
			}
			parts = append(parts, fmt.Sprintf("%s = %s", f.Label.In(string(p.Lang)), value))
		}
	}
	if len(parts) == 0 && facts["last_line"] != "" && facts["last_line"] != "none" {
		parts = append(parts, p.T("call.line."+facts["last_line"]))
	}
	return strings.Join(parts, ", ")
}

// reached is a state in which a field is asked.
type reached struct {
	facts   procedure.Facts
	answers procedure.Answers
}

// reach finds a state of the procedure in which a field is asked, one with most on offer.
func (b *draftBook) reach(one *procedure.Procedure, field string) (procedure.Facts, procedure.Answers, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	key := one.Code + "/" + field
	if at, ok := b.reaches[key]; ok {
		return maps.Clone(at.facts), at.answers.Copy(), at.facts != nil
	}
	var at reached
	most := -1
	one.Walk(func(f procedure.Facts, a procedure.Answers, v procedure.View) {
		for _, fv := range v.Fields {
			if fv.ID == field && len(fv.Offer) > most {
				most, at = len(fv.Offer), reached{f, a.Copy()}
				delete(at.answers, field)
			}
		}
	})
	if at.facts != nil {
		at.facts["read"] = "yes"
	}
	if b.reaches == nil {
		b.reaches = map[string]reached{}
	}
	b.reaches[key] = at
	return maps.Clone(at.facts), at.answers.Copy(), at.facts != nil
}
