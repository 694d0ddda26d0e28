package web

import (
	"net/http"
	"slices"
	"strconv"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/document"
	"sapa/internal/procedure"
)

const keptPath = "/lead/drafts"

// keptData is what given-back tickets keep from before the revision in force, with what moving it would do.
type keptData struct {
	frame
	Kept   []desk.KeptDraft
	Why    map[db.ID]string // ticket -> why its draft cannot be moved
	More   bool
	By     map[db.ID]string
	Titles map[string]procedure.Text
}

func (s *Server) keptPage(w http.ResponseWriter, r *request) {
	p := keptData{frame: s.frame(r, r.T("page.kept.title")).on("kept"), Why: map[db.ID]string{}, Titles: map[string]procedure.Text{}}
	p.Said = s.heard(w, r)
	err := s.Store.Read(r.Context(), func(tx *db.Tx) (err error) {
		p.Now = tx.Now.In(s.Site)
		if p.Kept, p.More, err = s.Seat.KeptDrafts(tx, r.by); err != nil {
			return err
		}
		all, err := s.Campaigns.All(tx)
		if err != nil {
			return err
		}
		for _, c := range all {
			p.Titles[c.Code] = c.Title
		}
		p.By, err = namesOf(tx, func(add func(db.ID)) {
			for _, k := range p.Kept {
				add(k.Turn.Agent)
			}
		})
		return err
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	for _, k := range p.Kept {
		if k.Why != nil {
			_, p.Why[k.Ticket.ID] = s.explain(r, k.Why)
		}
	}
	s.show(w, r, http.StatusOK, keptScreen(p))
}

// keptMove moves one, as it was on screen.
func (s *Server) keptMove(w http.ResponseWriter, r *request) {
	if !s.readable(w, r) {
		return
	}
	draft, _ := strconv.ParseInt(r.PostForm.Get("draft"), 10, 64) // no number is no version a draft has
	revision, _ := strconv.Atoi(r.PostForm.Get("to"))
	var k desk.KeptDraft
	to, err := s.once(r, func(tx *db.Tx) (string, error) {
		id, err := pathID(r)
		if err == nil {
			k, err = s.Seat.MoveDraft(tx, r.by, id, draft, revision)
		}
		return keptPath, err
	})
	if err != nil {
		s.tell(w, r, keptPath, err)
		return
	}
	if k.Ticket.ID != 0 { // pressed twice it was said the first time
		s.say(w, "done", r.T("page.kept.moved", "ref", k.Ticket.Ref, "to", twoDigits(revision)))
	}
	http.Redirect(w, r.Request, to, http.StatusSeeOther)
}

// newerRevisions tells whether another revision was in force before the one that is: only then can a draft be of an earlier one.
func (s *Server) newerRevisions(tx *db.Tx) (bool, error) {
	now, err := s.Campaigns.Revision(tx, 0)
	if err != nil {
		return false, err
	}
	all, err := s.Campaigns.Revisions(tx)
	return slices.ContainsFunc(all, func(one document.Revision) bool { return one.Revision < now.Revision }), err
}

// changed are the answers that do not stay as they are, and how many do.
func changed(m desk.Moving) (some []procedure.Moved, same int) {
	for _, c := range m.Changes {
		if c.What == "kept" && c.Was == c.Is {
			same++
		} else {
			some = append(some, c)
		}
	}
	return some, same
}
