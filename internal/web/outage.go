package web

import (
	"net/http"
	"strings"
	"time"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/lead"
	"sapa/internal/outage"
)

// shownOutages is how many stand on the leader's seat, the newest ones.
const shownOutages = 6

// declareOutage writes the scope down first, in turns where it is long, and then declares in one act. The key of the form is
// the outage's: pressed twice it is declared once.
func (s *Server) declareOutage(w http.ResponseWriter, r *request) {
	if err := r.ParseForm(); err != nil {
		s.sorry(w, r, http.StatusBadRequest, "web.form")
		return
	}
	n := outage.New{Reason: r.PostFormValue("reason"), Asked: db.ID(r.by.ID).String() + ":" + r.PostFormValue("key")}
	names := strings.FieldsFunc(r.PostFormValue("names"), func(c rune) bool { return c == ',' || c == ';' || c == '\n' || c == '\r' })
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	to := map[string]*[]string{outage.STO: &n.Scope.STO, outage.ODC: &n.Scope.ODC, outage.ODP: &n.Scope.ODP, outage.OLT: &n.Scope.OLT, outage.Service: &n.Scope.Services}[r.PostFormValue("kind")]
	if to == nil {
		s.tell(w, r, "/lead", fault.New(fault.Invalid, "outage.scope").At("scope", "5.4.pre"))
		return
	}
	*to = names
	if v := r.PostFormValue("estimate"); v != "" {
		at, err := time.ParseInLocation("2006-01-02T15:04", v, s.Site)
		if err != nil {
			s.tell(w, r, "/lead", fault.New(fault.Invalid, "outage.estimate").At("estimate", "5.4.6"))
			return
		}
		n.Estimate = at
	}
	o, err := lead.PlanOutage(r.Context(), s.Store, r.by, n)
	if err != nil {
		s.tell(w, r, "/lead", err)
		return
	}
	s.act(w, r, "/lead", func(tx *db.Tx) (string, error) {
		_, err := lead.DeclareOutage(tx, r.by, s.Hub, o.ID)
		return "/lead", err
	})
}

func (s *Server) recoverOutage(w http.ResponseWriter, r *request) {
	s.named(w, r, "/lead", func(tx *db.Tx, id db.ID) error {
		_, err := lead.RecoverOutage(tx, r.by, s.Hub, id)
		return err
	})
}

// outageScopeText names what an outage stands over: its places, or how many services.
func outageScopeText(p frame, o lead.OutageView) string {
	var all []string
	for _, names := range [][]string{o.Scope.STO, o.Scope.OLT, o.Scope.ODC, o.Scope.ODP} {
		all = append(all, names...)
	}
	if len(o.Scope.Services) > 0 || len(all) == 0 {
		all = append(all, p.T("outage.service-count", "n", o.Services))
	}
	return strings.Join(all, ", ")
}

func (p leadData) until(o lead.OutageView) string {
	return desk.Until(p.Lang, o.Estimate, p.Now.Location(), p.Now)
}
