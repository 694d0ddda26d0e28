package web

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/phrase"
	"sapa/internal/procedure"
	"sapa/internal/staff"
)

const draftPath = "/procedure/draft"

// draftData is the editor of the work instruction (screen 05).
type draftData struct {
	frame
	B        *draftBook        // nil: there is no draft
	Force    document.Revision // that runs now
	At       string            // the clause that is open
	View     string            // diff or clean
	Campaign string            // of the field that is chosen
	Field    string
	Comments []document.Comment
	Names    map[db.ID]string
	Edits    bool
	CanUndo  bool
	Impact   draftImpact
	Sign     signOffData
	Run      dryRun
	Typed    map[string]string // what a refused form held
	Refused  string            // the form it is about
	Preview  *deskData
	When     string // what the preview supposes
}

// draftPage is the editor, or the place to begin a draft.
func (s *Server) draftPage(w http.ResponseWriter, r *request) {
	p, err := s.draftView(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if p.B != nil {
		err := s.Store.Read(r.Context(), func(tx *db.Tx) error {
			look, err := s.Control.Look(tx, r.by)
			p.Sign = signOffData{frame: p.frame, Document: look.Document, Draft: look.Draft, Drafts: p.Edits, Copies: look.Copies}
			return err
		})
		if err != nil {
			s.refuse(w, r, err)
			return
		}
	}
	p.Said = s.heard(w, r)
	s.show(w, r, http.StatusOK, draftScreen(p))
}

// draftView reads what the editor shows. Where it is, is in the address: at, view, campaign and field; a form brings the same.
func (s *Server) draftView(r *request) (draftData, error) {
	p := draftData{frame: s.frame(r, r.T("draft.title")).on("draft"), Names: map[db.ID]string{}, Edits: staff.May(r.by, staff.ActDraft) == nil,
		At: r.FormValue("at"), View: "diff", Campaign: r.FormValue("campaign"), Field: r.FormValue("field")}
	if r.FormValue("view") == "clean" {
		p.View = "clean"
	}
	err := s.Store.Read(r.Context(), func(tx *db.Tx) (err error) {
		p.Now = tx.Now.In(s.Site)
		if p.Force, err = s.inForce(tx); err != nil {
			return err
		}
		p.B, err = s.draftOf(tx)
		if fault.Is(err, fault.Missing) {
			p.B = nil
			return nil
		}
		if err != nil {
			return err
		}
		if p.Comments, err = document.Comments(tx, p.B.Draft); err != nil {
			return err
		}
		ids := []db.ID{p.B.Draft.BegunBy, p.B.Draft.ChangedBy}
		for _, c := range p.Comments {
			ids = append(ids, c.By, c.SettledBy)
		}
		for _, id := range ids {
			if err := nameInto(tx, p.Names, id); err != nil {
				return err
			}
		}
		if p.CanUndo, err = document.CanUndo(tx, p.B.Draft); err != nil {
			return err
		}
		p.Impact, err = s.impact(tx, p.B)
		return err
	})
	if err != nil || p.B == nil {
		return p, err
	}
	if !slices.ContainsFunc(p.clauses(), func(id string) bool { return belongs(id, p.At) }) && section(p.At) != "A" {
		p.At = p.firstChange()
	}
	p.Clause = p.Force.Document + " · " + p.At
	p.Run = s.runs.of(p.B)
	p.choose()
	return p, nil
}

// firstChange is where the editor opens: what was changed last in the document's order, else the first campaign.
func (p draftData) firstChange() string {
	for _, id := range p.clauses() {
		if strings.HasPrefix(id, "5.") && slices.ContainsFunc(p.B.Changes, func(c procedure.Change) bool { return c.Clause == id }) {
			return node(id)
		}
	}
	return "5.2.11"
}

// choose picks the field whose preview is shown: the one that was asked for, else the first changed one, else the first.
func (p *draftData) choose() {
	var first, changed *fieldCard
	for _, pair := range p.pairs() {
		for i := range pair.Cards {
			c := &pair.Cards[i]
			if c.Mark == "del" {
				continue
			}
			if c.Shown {
				first, changed = c, c
				break
			}
			if first == nil {
				first = c
			}
			if changed == nil && c.Mark != "" {
				changed = c
			}
		}
		if first != nil && first.Shown {
			break
		}
	}
	if changed != nil {
		first = changed
	}
	if first == nil {
		p.Campaign, p.Field = "", ""
		return
	}
	p.Campaign, p.Field = first.Campaign, first.Field.ID
	p.preview()
}

// href leads to another place of the editor; pairs change what is said about this one, "" takes it out.
func (p draftData) href(pairs ...string) string {
	v := url.Values{}
	for name, value := range map[string]string{"at": p.At, "view": p.View, "campaign": p.Campaign, "field": p.Field} {
		v.Set(name, value)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	for name := range v {
		if v.Get(name) == "" || name == "view" && v.Get(name) == "diff" {
			v.Del(name)
		}
	}
	return draftPath + "?" + v.Encode()
}

// draftBack is the place of the editor that a form was sent from.
func draftBack(r *request) string {
	p := draftData{At: r.PostFormValue("at"), View: r.PostFormValue("view"), Campaign: r.PostFormValue("campaign"), Field: r.PostFormValue("field")}
	return p.href()
}

func (p draftData) has(key string) bool { return phrase.Known(key) }

// draftUndo takes the last change back.
func (s *Server) draftUndo(w http.ResponseWriter, r *request) {
	s.changeDraft(w, r, func(tx *db.Tx, d document.Draft) (string, error) {
		_, err := document.Undo(tx, r.by, d)
		return draftBack(r), err
	})
}

// changeDraft runs an act on the draft at the version that the page showed.
func (s *Server) changeDraft(w http.ResponseWriter, r *request, do func(*db.Tx, document.Draft) (string, error)) {
	s.act(w, r, draftBack(r), func(tx *db.Tx) (string, error) {
		d, err := s.draftAt(tx, r)
		if err != nil {
			return "", err
		}
		return do(tx, d)
	})
}

// draftAt gives the draft with the version that the page showed, so that a save over somebody else's is refused.
func (s *Server) draftAt(tx *db.Tx, r *request) (document.Draft, error) {
	d, err := document.DraftOf(tx, s.Campaigns.Document())
	if err != nil {
		return d, err
	}
	if d.Version, err = strconv.ParseInt(r.PostFormValue("version"), 10, 64); err != nil {
		return d, fault.New(fault.Invalid, "web.form").At("version", "")
	}
	return d, nil
}

// draftRemark keeps a comment at a clause.
func (s *Server) draftRemark(w http.ResponseWriter, r *request) {
	s.act(w, r, draftBack(r), func(tx *db.Tx) (string, error) {
		d, err := document.DraftOf(tx, s.Campaigns.Document())
		if err == nil {
			_, err = document.Remark(tx, r.by, d, r.PostFormValue("clause"), r.PostFormValue("text"))
		}
		return draftBack(r), err
	})
}

// draftSettle closes a comment.
func (s *Server) draftSettle(w http.ResponseWriter, r *request) {
	s.act(w, r, draftBack(r), func(tx *db.Tx) (string, error) {
		id, err := pathID(r)
		if err != nil {
			return "", err
		}
		d, err := document.DraftOf(tx, s.Campaigns.Document())
		if err == nil {
			err = document.Settle(tx, r.by, d, id)
		}
		return draftBack(r), err
	})
}

// draftFileData is one file of the draft as YAML.
type draftFileData struct {
	draftData
	Name     string
	Names    []string
	Text     string // as it is kept, or as it was typed
	Theirs   string // after a save that came too late: what is kept now
	Proposed bool   // there is no such file yet: what it could begin with
	Mistakes []draftProblem
	Line     int
}

func (s *Server) draftFile(w http.ResponseWriter, r *request) {
	p, err := s.draftFileView(r, r.FormValue("name"))
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	p.Said = s.heard(w, r)
	s.show(w, r, http.StatusOK, draftFileScreen(p))
}

func (s *Server) draftFileView(r *request, name string) (draftFileData, error) {
	d, err := s.draftView(r)
	p := draftFileData{draftData: d, Name: name}
	if err != nil {
		return p, err
	}
	if p.B == nil {
		return p, fault.New(fault.Missing, "document.no-draft", "document", s.Campaigns.Document())
	}
	p.frame.Keys = nil
	p.frame = p.frame.on("draft-file")
	p.Names = slices.Sorted(maps.Keys(p.B.Draft.Files))
	if name == "" {
		p.Name = "document.yaml"
	}
	text, there := p.B.Draft.Files[p.Name]
	switch {
	case there:
		p.Text = text
	case p.Name == mappingFile && p.Edits:
		p.Proposed = true
		if p.Text, err = p.B.proposedMapping(); err != nil {
			return p, err
		}
		p.Names = append(p.Names, mappingFile)
		slices.Sort(p.Names)
	default:
		return p, fault.New(fault.Missing, "draft.no-file", "name", p.Name)
	}
	p.Line, _ = strconv.Atoi(r.FormValue("line"))
	for _, x := range p.B.Problems {
		if x.File == p.Name {
			p.Mistakes = append(p.Mistakes, x)
		}
	}
	return p, nil
}

// draftFileSave keeps one file. A text with mistakes is kept too, a draft is work; a save that comes too late keeps nothing and shows
// both texts.
func (s *Server) draftFileSave(w http.ResponseWriter, r *request) {
	if !s.readable(w, r) {
		return
	}
	name, text := r.PostFormValue("name"), strings.ReplaceAll(r.PostFormValue("text"), "\r\n", "\n")
	to, err := s.once(r, func(tx *db.Tx) (string, error) {
		d, err := s.draftAt(tx, r)
		if err != nil {
			return "", err
		}
		if _, there := d.Files[name]; !there && name != mappingFile {
			return "", fault.New(fault.Missing, "draft.no-file", "name", name)
		}
		files := maps.Clone(d.Files)
		files[name] = text
		to := draftPath + "/file?" + url.Values{"name": {name}, "at": {r.PostFormValue("at")}}.Encode()
		if name == mappingFile && strings.TrimSpace(text) == "" { // the one file that a revision may do without
			delete(files, name)
			to = draftBack(r)
		}
		_, err = document.Change(tx, r.by, d, files)
		return to, err
	})
	if err == nil {
		http.Redirect(w, r.Request, to, http.StatusSeeOther)
		return
	}
	if f := fault.Of(err); f == nil || f.Kind != fault.Invalid && f.Kind != fault.Conflict {
		s.refuse(w, r, err)
		return
	}
	p, broken := s.draftFileView(r, name)
	if broken != nil {
		s.refuse(w, r, broken)
		return
	}
	status, why := s.explain(r, err)
	p.Said = &said{"refused", why}
	if fault.Is(err, fault.Conflict) && p.Text != text {
		p.Theirs = p.Text
	}
	p.Text, p.Mistakes = text, nil
	s.show(w, r, status, draftFileScreen(p))
}
