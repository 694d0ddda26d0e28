package web

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/form"
	"sapa/internal/intake"
	"sapa/internal/lead"
	"sapa/internal/report"
	"sapa/internal/staff"
)

// ideasData is the leader's board of the Ideas lists (screen 04): bring one in, deal it out, receive the forms.
type ideasData struct {
	frame
	lead.Ideas
	List     lead.List // the one looked at; ID 0: there is none
	Evenly   []int     // by agent
	ByLoad   []int
	Add      []int // what the page proposes now
	People   map[db.ID]staff.Person
	ByName   map[db.ID]string // lists
	Brought  *intake.Report   // what a file that was just uploaded came to
	Refusals []string
	More     int // refusals beyond those shown
	Today    string
}

// bars are as wide as the largest day among the agents.
func (p ideasData) widest() int {
	most := 1
	for i, l := range p.Loads {
		most = max(most, l.Total()+max(p.Evenly[i], p.ByLoad[i]))
	}
	return most
}

func (p ideasData) added() (n int) {
	for _, one := range p.Add {
		n += one
	}
	return n
}

func (s *Server) ideasPage(w http.ResponseWriter, r *request) {
	p, err := s.ideas(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	p.Said = s.heard(w, r)
	s.show(w, r, http.StatusOK, ideasScreen(p))
}

// ideas gathers the board: the list asked for, else the newest that is not all dealt, else the newest.
func (s *Server) ideas(r *request) (ideasData, error) {
	p := ideasData{frame: s.frame(r, r.T("ideas.nav")).on("ideas"), People: map[db.ID]staff.Person{}, ByName: map[db.ID]string{}}
	p.Clause = "IN.OCC.TELK.W-18 · 5.8"
	err := s.Store.Read(r.Context(), func(tx *db.Tx) (err error) {
		p.Now = tx.Now.In(s.Site)
		p.Today = p.Now.Format(time.DateOnly)
		if p.Ideas, err = lead.LookIdeas(tx, r.by, midnight(p.Now)); err != nil {
			return err
		}
		people, err := staff.All(tx)
		for _, one := range people {
			p.People[one.ID] = one
		}
		return err
	})
	wanted, _ := db.ParseID(r.URL.Query().Get("list")) // what is no id is the newest
	for i, l := range p.Lists {
		p.ByName[l.ID] = l.Name
		switch {
		case l.ID == wanted, wanted == 0 && p.List.Left == 0 && (i == 0 || l.Left > 0):
			p.List = l
		}
	}
	p.Evenly, p.ByLoad = lead.Propose(lead.Evenly, p.Loads, p.List.Left), lead.Propose(lead.ByLoad, p.Loads, p.List.Left)
	p.Add = p.ByLoad
	if r.URL.Query().Get("rule") == string(lead.Evenly) {
		p.Add = p.Evenly
	}
	return p, err
}

const mostRefusals = 100 // shown of one file

// ideasUpload brings a list in. It answers with the page itself: which rows were refused has to be read beside the file, and the
// same file again adds nothing.
func (s *Server) ideasUpload(w http.ResponseWriter, r *request) {
	job := intake.Job{By: r.by, Campaign: form.Ideas}
	file, head, done, ok := s.uploaded(w, r, "/lead/ideas")
	if !ok {
		return
	}
	defer done()
	job.File, job.Size, job.Name = file, head.Size, head.Filename
	job.List.Name = strings.TrimSpace(r.FormValue("name"))
	var refused []intake.Refusal
	job.Refused = func(one intake.Refusal) { refused = append(refused, one) }
	if err := s.listRules(r, &job); err != nil {
		s.tell(w, r, "/lead/ideas", err)
		return
	}
	brought, err := intake.Desk{Campaigns: s.Campaigns, Site: s.Site}.Import(r.Context(), s.Store, job)
	if err != nil {
		s.tell(w, r, "/lead/ideas", err)
		return
	}
	s.Hub.Soon("board", "queue")
	p, err := s.ideas(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	p.Brought = &brought
	p.Refusals, p.More = sentences(r, refused)
	s.show(w, r, http.StatusOK, ideasScreen(p))
}

// listRules reads what goes with a list: when the forms are wanted, and a map of its columns.
func (s *Server) listRules(r *request, job *intake.Job) error {
	if due := r.FormValue("due"); due != "" {
		at, err := time.ParseInLocation("2006-01-02T15:04", due, s.Site)
		if err != nil {
			return fault.New(fault.Invalid, "ideas.due").At("due_at", "5.8.6")
		}
		job.List.DueAt = at
	}
	columns, _, err := r.FormFile("map")
	if errors.Is(err, http.ErrMissingFile) {
		return nil
	}
	if err != nil {
		return err
	}
	defer columns.Close()
	text, err := io.ReadAll(io.LimitReader(columns, maxForm))
	if err != nil || len(text) == 0 { // an empty field of a form is a file of no bytes
		return err
	}
	job.Map, err = intake.ReadMap(text)
	return err
}

// uploaded reads the file that a form brings, or goes back to a page that says why there is none. done clears what it took.
func (s *Server) uploaded(w http.ResponseWriter, r *request, back string) (file multipart.File, head *multipart.FileHeader, done func(), ok bool) {
	err := r.ParseMultipartForm(maxForm)
	clear := func() {
		if r.MultipartForm != nil {
			_ = r.MultipartForm.RemoveAll() // what is left in a temporary folder is the system's to clear
		}
	}
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &big):
		s.tell(w, r, back, fault.New(fault.Invalid, "ideas.big").At("file", "5.8.1.source"))
		clear()
		return nil, nil, nil, false
	case err != nil:
		s.sorry(w, r, http.StatusBadRequest, "web.form")
		clear()
		return nil, nil, nil, false
	}
	if file, head, err = r.FormFile("file"); err != nil {
		s.tell(w, r, back, fault.New(fault.Invalid, "ideas.no-file").At("file", "5.8.1.source"))
		clear()
		return nil, nil, nil, false
	}
	return file, head, func() { _ = file.Close(); clear() }, true // of a file that was read nothing is lost
}

// ideasDeal shares the list out as the page's numbers say (SOP 5.8.1.distribute).
func (s *Server) ideasDeal(w http.ResponseWriter, r *request) {
	back := "/lead/ideas?list=" + r.PathValue("id")
	if err := r.ParseForm(); err != nil {
		s.sorry(w, r, http.StatusBadRequest, "web.form")
		return
	}
	said := ""
	to, err := s.once(r, func(tx *db.Tx) (string, error) {
		id, err := pathID(r)
		if err != nil {
			return "", err
		}
		shares, err := sharesOf(r)
		if err != nil {
			return "", err
		}
		dealt, err := lead.Deal(tx, r.by, s.Hub, id, shares, midnight(tx.Now.In(s.Site)))
		if err != nil {
			return "", err
		}
		n, letters := 0, 0
		for _, d := range dealt {
			n += d.N
			if d.Mailed {
				letters++
			}
		}
		said = r.T("ideas.dealt", "n", n, "agents", len(dealt), "letters", letters)
		return "/lead/ideas?list=" + id.String(), nil
	})
	if err != nil {
		s.tell(w, r, back, err)
		return
	}
	if said != "" { // pressed twice, it was said the first time
		s.say(w, "done", said)
	}
	http.Redirect(w, r.Request, to, http.StatusSeeOther)
}

func sharesOf(r *request) ([]lead.Share, error) {
	var shares []lead.Share
	for name, values := range r.PostForm {
		agent, ours := strings.CutPrefix(name, "n-")
		if !ours || values[0] == "" {
			continue
		}
		id, err := db.ParseID(agent)
		n, wrong := strconv.Atoi(values[0])
		if err != nil || wrong != nil {
			return nil, fault.New(fault.Invalid, "lead.deal-number").At("n", "5.8.1.distribute")
		}
		shares = append(shares, lead.Share{Agent: id, N: n})
	}
	slices.SortFunc(shares, func(a, b lead.Share) int { return cmp.Compare(a.Agent, b.Agent) }) // the form's fields come in no order; ties are decided by it
	return shares, nil
}

// leadFormData is a form that came back, with its rows (SOP 5.8.5, 5.8.6).
type leadFormData struct {
	frame
	Form  form.Form
	List  form.Batch
	Rows  []form.Row
	Agent staff.Person
}

func (s *Server) leadForm(w http.ResponseWriter, r *request) {
	p := leadFormData{frame: s.frame(r, r.T("ideas.form")).on("ideas-form")}
	p.Said = s.heard(w, r)
	err := s.Store.Read(r.Context(), func(tx *db.Tx) error {
		p.Now = tx.Now.In(s.Site)
		id, err := pathID(r)
		if err == nil {
			p.Form, p.List, p.Rows, err = lead.OpenForm(tx, r.by, id)
		}
		if err == nil {
			p.Agent, err = staff.Get(tx, p.Form.Agent)
		}
		return err
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, leadFormScreen(p))
}

func (s *Server) leadReceive(w http.ResponseWriter, r *request) {
	back := "/lead/ideas"
	if r.PostFormValue("back") == "form" {
		back = "/lead/forms/" + r.PathValue("id")
	}
	s.named(w, r, back, func(tx *db.Tx, id db.ID) error { _, err := lead.ReceiveForm(tx, r.by, s.Hub, id); return err })
}

// leadFormFile is a form as a sheet.
func (s *Server) leadFormFile(w http.ResponseWriter, r *request) {
	var f form.Form
	var rows []form.Row
	var agent staff.Person
	err := s.Store.Read(r.Context(), func(tx *db.Tx) error {
		id, err := pathID(r)
		if err == nil {
			f, _, rows, err = lead.OpenForm(tx, r.by, id)
		}
		if err == nil {
			agent, err = staff.Get(tx, f.Agent)
		}
		return err
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	name := fmt.Sprintf("ideas-%s-v%d", agent.Login, f.Version)
	s.sheet(w, r, name, func(out io.Writer, book bool) error {
		if book {
			return report.FormXLSX(out, rows, s.Site, r.lang)
		}
		return report.FormCSV(out, rows, s.Site, r.lang)
	})
}

// forceCloseFile is the Force Close form of everybody over some days (SOP 5.6.2, A-26).
func (s *Server) forceCloseFile(w http.ResponseWriter, r *request) {
	from, bad := time.ParseInLocation(time.DateOnly, r.URL.Query().Get("from"), s.Site)
	until, worse := time.ParseInLocation(time.DateOnly, r.URL.Query().Get("until"), s.Site)
	if bad != nil || worse != nil || until.Before(from) || until.After(from.AddDate(1, 0, 0)) {
		s.tell(w, r, "/lead/ideas", fault.New(fault.Invalid, "ideas.days").At("from", "5.6.2"))
		return
	}
	names := map[db.ID]string{}
	err := s.Store.Read(r.Context(), func(tx *db.Tx) error {
		people, err := staff.All(tx)
		for _, p := range people {
			names[p.ID] = p.Name
		}
		return err
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	rows := report.ForceCloseRows(r.Context(), s.Store, from, until.AddDate(0, 0, 1))
	name := "force-close-" + from.Format(time.DateOnly) + "-" + until.Format(time.DateOnly)
	s.sheet(w, r, name, func(out io.Writer, book bool) error {
		if book {
			return report.ForceCloseXLSX(out, rows, func(id db.ID) string { return names[id] }, s.Site, r.lang)
		}
		return report.ForceCloseCSV(out, rows, func(id db.ID) string { return names[id] }, s.Site, r.lang)
	})
}

// sheet sends a file that is whole or not at all: it is made before its first byte leaves.
func (s *Server) sheet(w http.ResponseWriter, r *request, name string, write func(out io.Writer, book bool) error) {
	kind, known := map[string]string{"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}[r.PathValue("type")]
	if !known {
		s.sorry(w, r, http.StatusNotFound, "web.no-page")
		return
	}
	var body bytes.Buffer
	if err := write(&body, r.PathValue("type") == "xlsx"); err != nil {
		s.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.`+r.PathValue("type")+`"`)
	_, _ = w.Write(body.Bytes()) // the reader may be gone; there is nobody to tell
}
