package web

import (
	"crypto/rand"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/a-h/templ"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/phrase"
	"sapa/internal/staff"
	"sapa/internal/who"
)

// request is a request by somebody, in their language.
type request struct {
	*http.Request
	by    who.Actor
	token string
	lang  phrase.Lang
	theme string // light, dark, or "" for the system's
	keys  bool   // single-key shortcuts are on (WCAG 2.1.4)
}

// T says a sentence of the catalogue in the reader's language.
func (r *request) T(key string, values ...any) string { return phrase.Say(r.lang, key, values...) }

const maxForm = 1 << 20 // bytes

// Cookies: the session, and what the reader prefers. __Host- ones need TLS.
func (s *Server) cookieName() string {
	if s.Secure {
		return "__Host-sapa"
	}
	return "sapa"
}

func (s *Server) setCookie(w http.ResponseWriter, name, value string, age int, readable bool) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: age, HttpOnly: !readable, Secure: s.Secure, SameSite: http.SameSiteLaxMode})
}

// enter finds out who is there and whether they may, before anything behind the door runs.
func (s *Server) enter(w http.ResponseWriter, raw *http.Request, p page) {
	r := &request{Request: raw, keys: true}
	r.lang, r.theme = phrase.Pick(raw.Header.Get("Accept-Language")), ""
	s.prefer(r)
	raw.Body = http.MaxBytesReader(w, raw.Body, maxForm)
	if c, err := raw.Cookie(s.cookieName()); err == nil {
		r.token = c.Value
	}
	if p.Open {
		if r.token != "" {
			r.by, _, _ = s.Staff.Peek(raw.Context(), r.token) // only for the frame; nobody is let in by it
		}
		p.serve(s, w, r)
		return
	}
	read := s.Staff.BySession
	if quiet(raw) {
		read = s.Staff.Peek
	}
	by, _, err := read(raw.Context(), r.token)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	by.Via = who.Page
	r.by = by
	if err := staff.May(by, p.Act); err != nil {
		s.refuse(w, r, err)
		return
	}
	p.serve(s, w, r)
}

// quiet tells what the browser does by itself: it keeps nobody signed in.
func quiet(r *http.Request) bool {
	return r.URL.Path == "/events" || strings.HasSuffix(r.URL.Path, "/renew") || r.Header.Get("Sapa-Quiet") != ""
}

// prefer reads the reader's preferences: Bahasa Indonesia unless they asked for English.
func (s *Server) prefer(r *request) {
	r.lang = phrase.ID
	if c, err := r.Cookie("sapa-lang"); err == nil && c.Value == "en" {
		r.lang = phrase.EN
	}
	if c, err := r.Cookie("sapa-theme"); err == nil && (c.Value == "dark" || c.Value == "light") {
		r.theme = c.Value
	}
	if c, err := r.Cookie("sapa-keys"); err == nil && c.Value == "off" {
		r.keys = false
	}
}

// from is the address the request came from; a proxy that the site names is believed about whom it speaks for.
func (s *Server) from(r *request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	for _, p := range s.Proxies {
		if p.Contains(addr.Unmap()) {
			hops := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
			if last := strings.TrimSpace(hops[len(hops)-1]); last != "" {
				return last
			}
		}
	}
	return host
}

// show renders a page.
func (s *Server) show(w http.ResponseWriter, r *request, status int, c templ.Component) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if err := c.Render(r.Context(), w); err != nil && r.Context().Err() == nil {
		s.Log.Error("render", "path", r.URL.Path, "err", err)
	}
}

// statuses by kind (decisions.md, Idempotency).
var statuses = map[fault.Kind]int{fault.Invalid: http.StatusUnprocessableEntity, fault.Missing: http.StatusNotFound, fault.Conflict: http.StatusConflict,
	fault.Forbidden: http.StatusForbidden, fault.Busy: http.StatusServiceUnavailable, fault.SignedOut: http.StatusUnauthorized}

// explain makes a status and a sentence of an error. What is a defect of ours is logged and not told.
func (s *Server) explain(r *request, err error) (int, string) {
	f := fault.Of(err)
	if f == nil && r.Context().Err() != nil { // the reader has gone: nobody's defect, nobody to tell
		return http.StatusServiceUnavailable, r.T("web.broken")
	}
	if f == nil {
		s.Log.Error("page", "method", r.Method, "path", r.URL.Path, "by", r.by.ID, "err", err)
		return http.StatusInternalServerError, r.T("web.broken")
	}
	if f.Kind == fault.Busy {
		s.Log.Warn("page", "path", r.URL.Path, "err", err)
	}
	text := phrase.Fill(r.lang, f.Key, f.Values)
	if f.Clause != "" && !strings.Contains(text, f.Clause) {
		text += " (§ " + f.Clause + ")"
	}
	return statuses[f.Kind], text
}

// refuse answers an error with a page of its own; who is signed out goes to the sign-in.
func (s *Server) refuse(w http.ResponseWriter, r *request, err error) {
	if fault.Is(err, fault.SignedOut) {
		s.setCookie(w, s.cookieName(), "", -1, false)
		to := "/sign-in"
		if f := fault.Of(err); r.token != "" && f != nil {
			to += "?why=" + strings.TrimPrefix(f.Key, "staff.")
		}
		http.Redirect(w, r.Request, to, http.StatusSeeOther)
		return
	}
	status, text := s.explain(r, err)
	s.show(w, r, status, sorryPage(s.frame(r, r.T("web.sorry")), text))
}

func (s *Server) sorry(w http.ResponseWriter, r *request, status int, key string) {
	s.show(w, r, status, sorryPage(s.frame(r, r.T("web.sorry")), r.T(key)))
}

// once runs an act with the form's key in one transaction, and then goes to a page. A form sent twice acts once.
func (s *Server) once(r *request, act func(tx *db.Tx) (string, error)) (to string, err error) {
	key := r.PostFormValue("key")
	if key == "" {
		key = freshKey()
	}
	ask := db.Ask{Actor: db.ID(r.by.ID), Key: "page:" + key, Route: r.Method + " " + r.URL.Path, Body: []byte(r.PostForm.Encode())}
	answer, err := s.Store.Once(r.Context(), ask, func(tx *db.Tx) (db.Answer, error) {
		to, err := act(tx)
		return db.Answer{Status: http.StatusSeeOther, Body: []byte(to)}, err
	})
	return string(answer.Body), err
}

// act is once with the usual answer: the page it leads to, or the page it came from with the refusal said.
func (s *Server) act(w http.ResponseWriter, r *request, back string, do func(tx *db.Tx) (string, error)) {
	if err := r.ParseForm(); err != nil {
		s.sorry(w, r, http.StatusBadRequest, "web.form")
		return
	}
	to, err := s.once(r, do)
	if err != nil {
		s.tell(w, r, back, err)
		return
	}
	http.Redirect(w, r.Request, to, http.StatusSeeOther)
}

// tell goes back to a page that says why an act was refused. The sentence travels in a cookie that is read once.
func (s *Server) tell(w http.ResponseWriter, r *request, back string, err error) {
	if fault.Is(err, fault.SignedOut) {
		s.refuse(w, r, err)
		return
	}
	_, text := s.explain(r, err)
	s.say(w, "refused", text)
	http.Redirect(w, r.Request, back, http.StatusSeeOther)
}

func freshKey() string { return rand.Text() }

// pathID reads the id of the path.
func pathID(r *request) (db.ID, error) { return db.ParseID(r.PathValue("id")) }
