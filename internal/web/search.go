package web

import (
	"net/http"
	"strings"

	"sapa/internal/db"
	"sapa/internal/procedure"
	"sapa/internal/staff"
	"sapa/internal/ticket"
)

// searchData is what was found for what was typed.
type searchData struct {
	frame
	Query  string
	Found  []ticket.Ticket
	Titles map[string]procedure.Text
	Raises bool // may put one before the others
}

func (s *Server) search(w http.ResponseWriter, r *request) {
	p := searchData{frame: s.frame(r, r.T("web.search")).on("search"), Query: strings.TrimSpace(r.PostFormValue("q")), Titles: map[string]procedure.Text{},
		Raises: staff.May(r.by, staff.ActRaise) == nil}
	err := s.Store.Read(r.Context(), func(tx *db.Tx) error {
		p.Now = tx.Now.In(s.Site)
		all, err := s.Campaigns.All(tx)
		if err != nil {
			return err
		}
		for _, one := range all {
			p.Titles[one.Code] = one.Title
		}
		p.Found, err = ticket.Search(tx, staff.ScopeOf(r.by), p.Query)
		return err
	})
	if err != nil {
		_, text := s.explain(r, err)
		p.Said = &said{"refused", text}
	}
	s.show(w, r, http.StatusOK, searchScreen(p))
}
