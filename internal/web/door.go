package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/phrase"
	"sapa/internal/staff"
	"sapa/internal/who"
)

// signInData is the sign-in page (screen 07).
type signInData struct {
	frame
	Login  string
	Wrong  string
	Logins []Login
	First  string // the path of the first administrator's form; "" for the sign-in
	Name   string
}

func (s *Server) signInPage(w http.ResponseWriter, r *request) {
	if r.by.ID != 0 {
		http.Redirect(w, r.Request, "/", http.StatusSeeOther)
		return
	}
	p := signInData{frame: s.frame(r, r.T("web.sign-in")).on("sign-in"), Logins: s.Logins}
	if why := r.URL.Query().Get("why"); phrase.Known("staff."+why) && (why == "idle" || why == "signed-out") {
		p.Wrong = r.T("staff." + why)
	}
	s.show(w, r, http.StatusOK, signInScreen(p))
}

func (s *Server) signIn(w http.ResponseWriter, r *request) {
	login := strings.TrimSpace(r.PostFormValue("login"))
	token, _, err := s.Staff.SignIn(r.Context(), login, r.PostFormValue("password"), s.from(r))
	if err != nil {
		r.by = who.Actor{}
		status, text := s.explain(r, err)
		s.show(w, r, status, signInScreen(signInData{frame: s.frame(r, r.T("web.sign-in")).on("sign-in"), Login: login, Wrong: text, Logins: s.Logins}))
		return
	}
	s.setCookie(w, s.cookieName(), token, int(staff.Shift.Seconds()), false)
	http.Redirect(w, r.Request, "/", http.StatusSeeOther)
}

// fillOf is what one press fills in on the practice floor.
func fillOf(l Login) string {
	b, _ := json.Marshal(map[string]string{"login": l.Login, "password": l.Password}) // strings always encode
	return string(b)
}

// home is where each role begins its day.
func (s *Server) home(w http.ResponseWriter, r *request) {
	to := "/shift"
	switch r.by.Role {
	case who.Tier1:
		to = "/intake"
	case who.Leader:
		to = "/lead"
	}
	http.Redirect(w, r.Request, to, http.StatusSeeOther)
}

func (s *Server) signOut(w http.ResponseWriter, r *request) {
	if err := s.Staff.SignOut(r.Context(), r.token); err != nil && !fault.Is(err, fault.SignedOut) {
		s.refuse(w, r, err)
		return
	}
	s.goodbye(w, r)
}

func (s *Server) signOutEverywhere(w http.ResponseWriter, r *request) {
	err := s.Store.Write(r.Context(), func(tx *db.Tx) error { return staff.SignOutEverywhere(tx, r.by, db.ID(r.by.ID)) })
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	s.goodbye(w, r)
}

// goodbye wipes what the browser keeps of the session.
func (s *Server) goodbye(w http.ResponseWriter, r *request) {
	s.setCookie(w, s.cookieName(), "", -1, false)
	w.Header().Set("Clear-Site-Data", `"storage"`)
	http.Redirect(w, r.Request, "/sign-in", http.StatusSeeOther)
}

// firstPage is the one-time link that serve prints while nobody administers the site.
func (s *Server) firstPage(w http.ResponseWriter, r *request) {
	fits, err := s.Staff.LinkFits(r.Context(), r.PathValue("link"), s.from(r))
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if !fits {
		s.sorry(w, r, http.StatusNotFound, "staff.no-link")
		return
	}
	s.show(w, r, http.StatusOK, signInScreen(signInData{frame: s.frame(r, r.T("web.first")).on("sign-in"), First: r.URL.Path}))
}

func (s *Server) first(w http.ResponseWriter, r *request) {
	login, name := r.PostFormValue("login"), r.PostFormValue("name")
	token, _, err := s.Staff.FirstAdmin(r.Context(), r.PathValue("link"), login, name, r.PostFormValue("password"), s.from(r))
	if err != nil {
		status, text := s.explain(r, err)
		s.show(w, r, status, signInScreen(signInData{frame: s.frame(r, r.T("web.first")).on("sign-in"), First: r.URL.Path, Login: login, Name: name, Wrong: text}))
		return
	}
	s.setCookie(w, s.cookieName(), token, int(staff.Shift.Seconds()), false)
	http.Redirect(w, r.Request, "/", http.StatusSeeOther)
}

const year = 365 * 24 * 3600 // seconds: preferences are kept long

// preferences keeps language, theme and single keys in cookies of this browser.
func (s *Server) preferences(w http.ResponseWriter, r *request) {
	if v := r.PostFormValue("lang"); v == "id" || v == "en" {
		s.setCookie(w, "sapa-lang", v, year, true)
	}
	switch v := r.PostFormValue("theme"); v {
	case "light", "dark":
		s.setCookie(w, "sapa-theme", v, year, true)
	case "system":
		s.setCookie(w, "sapa-theme", "", -1, true)
	}
	if v := r.PostFormValue("keys"); v == "on" || v == "off" {
		s.setCookie(w, "sapa-keys", v, year, true)
	}
	back := r.PostFormValue("back")
	if u, err := url.Parse(back); err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(back, "/") || strings.HasPrefix(back, "//") || strings.Contains(back, `\`) {
		back = "/"
	}
	http.Redirect(w, r.Request, back, http.StatusSeeOther)
}
