package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/knowledge"
	"sapa/internal/phrase"
	"sapa/internal/report"
	"sapa/internal/staff"
)

const shelfPath = "/knowledge"

// shelved is how many articles stand on one page of the shelf.
const shelved = 100

// fareDays is over how many days the shelf says how its guides fared.
const fareDays = 30

// shelfData is My Kiss as its keepers see it: every article, what is on its way, how the guides fared.
type shelfData struct {
	frame
	Entries []knowledge.Entry
	Fares   map[string]report.Guide
	By      map[db.ID]string
	Next    string
	Writes  bool
}

func (s *Server) shelfPage(w http.ResponseWriter, r *request) {
	p := shelfData{frame: s.frame(r, r.T("knowledge.shelf")).on("shelf"), Fares: map[string]report.Guide{}, By: map[db.ID]string{}, Writes: staff.May(r.by, staff.ActWriteKnowledge) == nil}
	p.Clause = "IN.OCC.TELK.W-18 · 5.2.9"
	p.Said = s.heard(w, r)
	err := s.Store.Read(r.Context(), func(tx *db.Tx) (err error) {
		p.Now = tx.Now.In(s.Site)
		if p.Entries, err = knowledge.Shelf(tx, r.URL.Query().Get("after"), shelved); err != nil {
			return err
		}
		for _, e := range p.Entries {
			if err := nameInto(tx, p.By, e.ComingFrom); err != nil {
				return err
			}
		}
		if staff.May(r.by, staff.ActReport) != nil {
			return nil
		}
		fares, err := report.Guides(tx, tx.Now.AddDate(0, 0, -fareDays))
		for _, f := range fares {
			p.Fares[f.Code] = f
		}
		return err
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if len(p.Entries) == shelved {
		p.Next = shelfPath + "?" + url.Values{"after": {p.Entries[shelved-1].Code}}.Encode()
	}
	s.show(w, r, http.StatusOK, shelfScreen(p))
}

// nameInto looks a person's name up once; the house has none.
func nameInto(tx *db.Tx, names map[db.ID]string, id db.ID) error {
	if _, known := names[id]; known || id == 0 {
		return nil
	}
	p, err := staff.Get(tx, id)
	if err != nil && !fault.Is(err, fault.Missing) {
		return err
	}
	names[id] = p.Name
	return nil
}

// fare says how often a guide was shown, and of the walks to an end how many the next day did not deny.
func (p shelfData) fare(code string) string {
	f := p.Fares[code]
	if f.Shown == 0 {
		return "–"
	}
	solved, ended := f.FCR()
	return p.T("knowledge.fare", "shown", phrase.Number(p.Lang, f.Shown), "solved", phrase.Number(p.Lang, solved), "ended", phrase.Number(p.Lang, ended))
}

// articlePageData is one article: what is in force, to be read; its revisions; the text to change.
type articlePageData struct {
	frame
	Code      string
	Title     string
	Article   *knowledge.Article // of the revision that is shown; nil: a new one
	Shown     knowledge.Revision
	Revisions []knowledge.Revision
	By        map[db.ID]string
	Text      string // what the form begins with, or what was typed
	Writes    bool
	Moves     []string // what this person may do with the shown revision
	Mistakes  []string
}

func (s *Server) newArticlePage(w http.ResponseWriter, r *request) {
	p := articlePageData{frame: s.frame(r, r.T("knowledge.new")).on("article"), Writes: true, Text: r.T("knowledge.template")}
	p.Title, p.Clause = r.T("knowledge.new"), "IN.OCC.TELK.W-18 · 5.2.9"
	s.show(w, r, http.StatusOK, articleScreen(p))
}

func (s *Server) articlePage(w http.ResponseWriter, r *request) {
	p, err := s.article(r, r.PathValue("code"))
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	p.frame.Said = s.heard(w, r)
	s.show(w, r, http.StatusOK, articleScreen(p))
}

// article reads one as it stands; ?revision= shows another one than the newest that is not past.
func (s *Server) article(r *request, code string) (articlePageData, error) {
	p := articlePageData{frame: s.frame(r, code).on("article"), Code: code, By: map[db.ID]string{}, Writes: staff.May(r.by, staff.ActWriteKnowledge) == nil}
	p.Clause = "IN.OCC.TELK.W-18 · 5.2.9"
	err := s.Store.Read(r.Context(), func(tx *db.Tx) (err error) {
		p.Now = tx.Now.In(s.Site)
		if p.Revisions, err = knowledge.Revisions(tx, code); err != nil {
			return err
		}
		p.Shown = p.Revisions[0]
		for _, one := range p.Revisions {
			if one.State == knowledge.Force && p.Shown.State == knowledge.Past {
				p.Shown = one
			}
			if strconv.Itoa(one.Revision) == r.URL.Query().Get("revision") {
				p.Shown = one
				break
			}
		}
		for _, one := range p.Revisions {
			if err := nameInto(tx, p.By, one.Author); err != nil {
				return err
			}
			if err := nameInto(tx, p.By, one.Reviewer); err != nil {
				return err
			}
		}
		a, err := p.Shown.Article()
		p.Article, p.Text, p.Title = &a, p.Shown.Text, a.Title.In(string(p.Lang))
		return err
	})
	p.frame.Title = p.Title
	own := p.Shown.Author == db.ID(r.by.ID)
	reviews := staff.May(r.by, staff.ActReviewKnowledge) == nil
	switch {
	case p.Shown.State == knowledge.Draft && own && p.Writes:
		p.Moves = []string{knowledge.Submit}
	case p.Shown.State == knowledge.Review && !own && reviews:
		p.Moves = []string{knowledge.Approve, knowledge.Return}
	case p.Shown.State == knowledge.Force && reviews:
		p.Moves = []string{knowledge.Retire}
	}
	return p, err
}

// articleWrite keeps a text as the article's draft. What is wrong with it is said line by line, and nothing that was typed is lost.
func (s *Server) articleWrite(w http.ResponseWriter, r *request) {
	if !s.readable(w, r) {
		return
	}
	code, text := r.PathValue("code"), strings.ReplaceAll(r.PostFormValue("text"), "\r\n", "\n")
	if code == "" { // a new one carries its code in its text
		a, _ := knowledge.Read("", []byte(text), desk.Symptoms())
		code = a.Code
	}
	_, err := knowledge.Read(code+".yaml", []byte(text), desk.Symptoms())
	mistakes := knowledge.Mistakes(err)
	var to string
	if len(mistakes) == 0 {
		to, err = s.once(r, func(tx *db.Tx) (string, error) {
			kept, err := knowledge.Write(tx, r.by, code, text, desk.Symptoms())
			return shelfPath + "/" + kept.Code + "?revision=" + strconv.Itoa(kept.Revision), err
		})
		if err == nil {
			http.Redirect(w, r.Request, to, http.StatusSeeOther)
			return
		}
	}
	p := articlePageData{frame: s.frame(r, r.T("knowledge.new")).on("article"), Writes: true}
	p.Title, p.Clause = r.T("knowledge.new"), "IN.OCC.TELK.W-18 · 5.2.9"
	if r.PathValue("code") != "" {
		var broken error
		if p, broken = s.article(r, code); broken != nil {
			s.refuse(w, r, broken)
			return
		}
	}
	p.Text = text
	status := http.StatusUnprocessableEntity
	for _, m := range mistakes {
		p.Mistakes = append(p.Mistakes, phrase.Fill(p.Lang, m.Key, m.Values))
	}
	if len(mistakes) == 0 {
		if f := fault.Of(err); f == nil || (f.Kind != fault.Invalid && f.Kind != fault.Conflict) {
			s.refuse(w, r, err)
			return
		}
		var why string
		status, why = s.explain(r, err)
		p.Mistakes = []string{why}
	}
	s.show(w, r, status, articleScreen(p))
}

// articleMove takes a revision one step of its life on.
func (s *Server) articleMove(w http.ResponseWriter, r *request) {
	code := r.PathValue("code")
	back := shelfPath + "/" + url.PathEscape(code)
	s.act(w, r, back, func(tx *db.Tx) (string, error) {
		move := r.PostFormValue("move")
		act := staff.ActReviewKnowledge
		if move == knowledge.Submit {
			act = staff.ActWriteKnowledge
		}
		if err := staff.May(r.by, act); err != nil {
			return "", err
		}
		n, _ := strconv.Atoi(r.PathValue("revision")) // what is no number is not there
		_, err := knowledge.Move(tx, r.by, code, n, move, r.PostFormValue("reason"))
		return back + "?revision=" + strconv.Itoa(n), err
	})
}

// where says what a step's answer leads to: a step's question or an end.
func where(a *knowledge.Article, id string, lang phrase.Lang) string {
	if s, is := a.Step(id); is {
		return s.Ask.In(string(lang))
	}
	e, _ := a.End(id)
	return e.Say.In(string(lang))
}
