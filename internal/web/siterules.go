package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/lead"
	"sapa/internal/outage"
	"sapa/internal/phrase"
	"sapa/internal/staff"
)

// graceData is how long an unpaid bill may stand before it is a warning of isolir (SOP 5.1.2), as the settings' page edits it.
type graceData struct {
	Now   customer.Ruling
	Past  []customer.Ruling
	Days  string // as it stands in the field
	Wrong bool
}

// verifyData is whether who reported is called once an outage is over, as the settings' page edits it (field 5.4).
type verifyData struct {
	Now     outage.Ruling
	Past    []outage.Ruling
	Verify  bool
	Minutes string // as it stands in the field
	Wrong   bool
	Edits   bool
}

// siteRules reads both, with who set them.
func (s *Server) siteRules(tx *db.Tx, p *settingsData) (err error) {
	if p.Grace.Now, err = customer.ReadRule(tx); err != nil {
		return err
	}
	if p.Grace.Past, err = customer.PastRules(tx); err != nil {
		return err
	}
	if p.Verify.Now, err = outage.ReadRule(tx); err != nil {
		return err
	}
	if p.Verify.Past, err = outage.PastRules(tx); err != nil {
		return err
	}
	p.Grace.Days = strconv.Itoa(p.Grace.Now.GraceDays)
	p.Verify.Verify, p.Verify.Minutes = p.Verify.Now.Verify, strconv.Itoa(int(p.Verify.Now.After/time.Minute))
	for _, r := range p.Grace.Past {
		if err := p.named(tx, r.By); err != nil {
			return err
		}
	}
	for _, r := range p.Verify.Past {
		if err := p.named(tx, r.By); err != nil {
			return err
		}
	}
	return nil
}

// named remembers the name of who set something.
func (p *settingsData) named(tx *db.Tx, id db.ID) error {
	if _, known := p.By[id]; known || id == 0 {
		return nil
	}
	by, err := staff.Get(tx, id)
	if err != nil && !fault.Is(err, fault.Missing) {
		return err
	}
	p.By[id] = by.Name
	return nil
}

// ruled says who set a rule when, or that it is the house's own.
func (p settingsData) ruled(version int64, name string, at time.Time) string {
	if version == 0 {
		return p.T("page.settings.own")
	}
	return p.T("page.settings.changed", "name", name, "day", phrase.Day(p.Lang, at.In(p.Now.Location())), "clock", p.Clock(at), "version", version)
}

func (p settingsData) graceSince(r customer.Ruling) string {
	return p.ruled(r.Version, p.By[r.By], r.At)
}

func (p settingsData) verifySince(r outage.Ruling) string {
	return p.ruled(r.Version, p.By[r.By], r.At)
}

// verifies says a rule of the verification call in a line.
func (p settingsData) verifies(r outage.Ruling) string {
	switch minutes := int(r.After / time.Minute); {
	case !r.Verify:
		return p.T("page.settings.verify-no")
	case minutes == 0:
		return p.T("page.settings.verify-always")
	default:
		return p.T("page.settings.verify-from", "minutes", minutes)
	}
}

// whole reads a number as people write it; what is none is one that no rule has.
func whole(s string) int {
	v, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		return -1
	}
	return v
}

// graceSave changes how long an unpaid bill may stand.
func (s *Server) graceSave(w http.ResponseWriter, r *request) {
	if !s.readable(w, r) {
		return
	}
	days := r.PostForm.Get("grace_days")
	s.saveRule(w, r, days, func(tx *db.Tx, version int64) error {
		_, err := customer.PutRule(tx, r.by, whole(days), version)
		return err
	}, func(p *settingsData, _ string) { p.Grace.Days, p.Grace.Wrong = days, true })
}

// verifySave changes whether who reported is called once an outage is over.
func (s *Server) verifySave(w http.ResponseWriter, r *request) {
	if !s.readable(w, r) {
		return
	}
	verify, minutes := r.PostForm.Get("verify") == "yes", r.PostForm.Get("after_minutes")
	after := time.Duration(min(whole(minutes), 1<<20)) * time.Minute // what is far too much stays too much
	said := r.T("page.settings.verify-no")
	if verify {
		said = r.T("page.settings.verify-from", "minutes", minutes)
	}
	s.saveRule(w, r, said, func(tx *db.Tx, version int64) error {
		_, err := lead.SetOutageRule(tx, r.by, outage.Rule{Verify: verify, After: after}, version)
		return err
	}, func(p *settingsData, _ string) {
		p.Verify.Verify, p.Verify.Minutes, p.Verify.Wrong = verify, minutes, true
	})
}

// saveRule changes one of the site's rules and goes back to the page. What is refused is shown with what was typed; who comes
// second sees what stands now, with what they typed beside it.
func (s *Server) saveRule(w http.ResponseWriter, r *request, typed string, put func(tx *db.Tx, version int64) error, retype func(p *settingsData, field string)) {
	version, err := strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
	if err != nil {
		s.sorry(w, r, http.StatusBadRequest, "web.form")
		return
	}
	_, err = s.once(r, func(tx *db.Tx) (string, error) { return "/admin/settings", put(tx, version) })
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
	if f.Kind == fault.Conflict {
		p.Typed = typed
	} else {
		retype(&p, f.Field)
	}
	status, sentence := s.explain(r, err)
	p.frame.Said = &said{"refused", sentence}
	s.show(w, r, status, settingsScreen(p))
}
