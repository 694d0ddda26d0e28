package web

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"sapa/internal/control"
	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/staff"
)

// purgeData is one dry list, what it says line by line, and what became of it.
type purgeData struct {
	frame
	document.Purge
	By       map[db.ID]string
	Kind     string // whose lines are shown
	Items    []control.Item
	Next     string
	Asks     bool // may ask for it now
	Confirms bool
	Waits    bool // asked by the one who looks: another confirms
	Stops    bool
}

func (s *Server) purgePage(w http.ResponseWriter, r *request) {
	p := purgeData{frame: s.frame(r, r.T("page.records.list")).on("purge")}
	p.Clause = recordsCited
	p.Said = s.heard(w, r)
	err := s.Store.Read(r.Context(), func(tx *db.Tx) error {
		p.Now = tx.Now.In(s.Site)
		id, err := pathID(r)
		if err != nil {
			return err
		}
		if p.Purge, err = document.PurgeOf(tx, id); err != nil {
			return err
		}
		p.By, err = namesOf(tx, func(add func(db.ID)) {
			for _, by := range []db.ID{p.MadeBy, p.AskedBy, p.ConfirmedBy, p.EndedBy} {
				add(by)
			}
		})
		if err != nil {
			return err
		}
		return p.lines(tx, r)
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	me := db.ID(r.by.ID)
	p.Asks = p.State == document.PurgeListed && staff.May(r.by, staff.ActRecords) == nil
	may := staff.May(r.by, staff.ActConfirmPurge) == nil
	p.Confirms = p.State == document.PurgeAsked && may && p.AskedBy != me
	p.Waits = p.State == document.PurgeAsked && p.AskedBy == me
	p.Stops = slices.Contains([]string{document.PurgeDrawing, document.PurgeListed, document.PurgeAsked, document.PurgeRunning}, p.State) && staff.May(r.by, staff.ActRecords) == nil
	for say, offered := range map[string]bool{"page.records.key.ask": p.Asks, "page.records.key.confirm": p.Confirms, "page.records.key.stop": p.Stops, "page.records.key.csv": p.Kind != "",
		"page.records.key.again": p.State == document.PurgeDrawing} {
		if !offered {
			p.frame = p.without(say)
		}
	}
	s.show(w, r, http.StatusOK, purgeScreen(p))
}

// lines reads a page of the list: of the kind that was chosen, else of the first that has any.
func (p *purgeData) lines(tx *db.Tx, r *request) error {
	if p.ListedAt.IsZero() {
		return nil
	}
	for _, step := range p.Steps {
		if step.Kind == r.URL.Query().Get("kind") || p.Kind == "" && r.URL.Query().Get("kind") == "" && step.Due+step.Kept > 0 {
			p.Kind = step.Kind
		}
	}
	if p.Kind == "" {
		return nil
	}
	after, _ := db.ParseID(r.URL.Query().Get("after")) // what is no id begins at the beginning
	more := true
	for more && len(p.Items) < 50 { // a page of a walk may hold nothing that is old enough
		items, next, left, err := control.DryList(tx, p.ID, p.Kind, after)
		if err != nil {
			return err
		}
		p.Items, after, more = append(p.Items, items...), next, left
	}
	if more {
		p.Next = p.path() + "?" + url.Values{"kind": {p.Kind}, "after": {after.String()}}.Encode()
	}
	return nil
}

func (p purgeData) path() string { return recordsPath + "/purges/" + p.ID.String() }

// purgeSheet is the dry list as a file.
func (s *Server) purgeSheet(w http.ResponseWriter, r *request) {
	id, err := pathID(r)
	var b bytes.Buffer
	if err == nil {
		err = control.DrySheet(r.Context(), s.Store, &b, id, r.URL.Query().Get("kind"), r.lang, s.Site)
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="sapa-%s.csv"`, id))
	if _, err := b.WriteTo(w); err != nil && r.Context().Err() == nil {
		s.Log.Error("dry list", "err", err)
	}
}

func (s *Server) purgeDraw(w http.ResponseWriter, r *request) {
	s.act(w, r, recordsPath, func(tx *db.Tx) (string, error) {
		p, err := document.DrawPurge(tx, r.by, s.Site)
		return recordsPath + "/purges/" + p.ID.String(), err
	})
}

// purgeMove frames a move of a dry list whose digest was on the page.
func (s *Server) purgeMove(w http.ResponseWriter, r *request, move func(tx *db.Tx, id db.ID, digest string) error) {
	at := recordsPath + "/purges/" + url.PathEscape(r.PathValue("id"))
	s.named(w, r, at, func(tx *db.Tx, id db.ID) error { return move(tx, id, r.PostFormValue("digest")) })
}

func (s *Server) purgeAsk(w http.ResponseWriter, r *request) {
	s.purgeMove(w, r, func(tx *db.Tx, id db.ID, digest string) error {
		_, err := document.AskPurge(tx, r.by, id, digest)
		return err
	})
}

func (s *Server) purgeConfirm(w http.ResponseWriter, r *request) {
	s.purgeMove(w, r, func(tx *db.Tx, id db.ID, digest string) error {
		_, err := document.ConfirmPurge(tx, r.by, id, digest)
		return err
	})
}

func (s *Server) purgeStop(w http.ResponseWriter, r *request) {
	s.purgeMove(w, r, func(tx *db.Tx, id db.ID, _ string) error {
		_, err := document.StopPurge(tx, r.by, id)
		return err
	})
}

// done prints when somebody did something, and who; what nobody has done yet is a dash.
func (p purgeData) done(at time.Time, by db.ID) string {
	if at.IsZero() {
		return "–"
	}
	return p.at(at) + " · " + p.By[by]
}
