package web_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sapa/internal/campaign"
	"sapa/internal/control"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/desk"
	"sapa/internal/document/documenttest"
	"sapa/internal/live"
	"sapa/internal/staff"
	"sapa/internal/web"
	"sapa/internal/who"
)

// floor is a whole house behind its pages, with one person of each role who signs in with a password, and a second agent.
type floor struct {
	t      *testing.T
	store  *db.DB
	clock  *dbtest.Clock
	people *staff.Staff
	hub    *live.Hub
	http   http.Handler
	seat   *desk.Seat
	tokens map[string]string // login -> session
	ids    map[string]db.ID
	beats  chan time.Time // the heartbeat of streams
	log    strings.Builder
}

const floorPassword = "sandi-lantai-uji"

var pagePeople = []who.Role{who.Tier1, who.Agent, who.Leader, who.Quality, who.Controller, who.Checker, who.Approver, who.Admin}

func newFloor(t *testing.T) *floor {
	t.Helper()
	ctx := context.Background()
	s, c := documenttest.Mould.SQLite(t)
	site, library := documenttest.Site, documenttest.Library(t)
	f := &floor{t: t, store: s, clock: c, people: staff.New(s, staff.Options{}), hub: live.NewHub(), tokens: map[string]string{}, ids: map[string]db.ID{}, beats: make(chan time.Time)}
	campaigns := campaign.New(library, "IN.OCC.TELK.W-18")
	seat := desk.New(desk.Parts{Store: s, Campaigns: campaigns, Dialer: desk.ManualDialler{}, Hub: f.hub, Site: site, Clock: c.Now})
	f.seat = seat
	f.http = web.New(web.Parts{Store: s, Staff: f.people, Seat: seat, Campaigns: campaigns, Hub: f.hub, Site: site, SiteName: "Malang", Clock: c.Now,
		Control: &control.Seat{Campaigns: campaigns, Hub: f.hub, Site: site, Decided: documenttest.Decided(t)},
		Ticker:  func(time.Duration) (<-chan time.Time, func()) { return f.beats, func() {} }, Log: slog.New(slog.NewTextHandler(&f.log, nil))})
	secret, err := f.people.HashPassword(ctx, floorPassword, "siapa pun")
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range append(pagePeople, "agent2") {
		login := string(role)
		if role == "agent2" {
			role = who.Agent
		}
		err := s.Write(ctx, func(tx *db.Tx) error {
			p, err := staff.Add(tx, staff.Console, staff.Person{Login: login, Name: "Orang " + login, Role: role, Skill: "T2O", Secret: secret})
			f.ids[login] = p.ID
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// session is somebody's, signed in when first needed.
func (f *floor) session(login string) string {
	f.t.Helper()
	if f.tokens[login] == "" {
		f.signIn(login)
	}
	return "sapa=" + f.tokens[login]
}

func (f *floor) signIn(login string) {
	f.t.Helper()
	token, _, err := f.people.SignIn(context.Background(), login, floorPassword, "127.0.0.1")
	if err != nil {
		f.t.Fatal(err)
	}
	f.tokens[login] = token
}

// ask is one request by somebody ("" is nobody), with more cookies if wanted.
func (f *floor) ask(login, method, path string, form url.Values, cookies ...string) *httptest.ResponseRecorder {
	f.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r := httptest.NewRequestWithContext(ctx, method, path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if login != "" {
		cookies = append(cookies, f.session(login))
	}
	r.Header.Set("Cookie", strings.Join(cookies, "; "))
	w := httptest.NewRecorder()
	if path == "/events" { // a reader who goes with the first word
		f.http.ServeHTTP(leaves{w, cancel}, r)
		return w
	}
	f.http.ServeHTTP(w, r)
	return w
}

type leaves struct {
	*httptest.ResponseRecorder
	cancel func()
}

func (l leaves) Write(b []byte) (int, error) {
	defer l.cancel()
	return l.ResponseRecorder.Write(b)
}

// page is what somebody sees at an address; it has to be there.
func (f *floor) page(login, path string, cookies ...string) string {
	f.t.Helper()
	w := f.ask(login, "GET", path, nil, cookies...)
	if w.Code != http.StatusOK {
		f.t.Fatalf("%s %s: %d to %q", login, path, w.Code, w.Header().Get("Location"))
	}
	return w.Body.String()
}

// tag gives the tag with an id, as it is written.
func tag(page, id string) string {
	return regexp.MustCompile(`<[a-z]+[^>]* id="` + regexp.QuoteMeta(id) + `"[^>]*>`).FindString(page)
}

// body gives what stands in the element with an id up to its end tag.
func body(page, id, element string) string {
	_, after, _ := strings.Cut(page, tag(page, id))
	text, _, _ := strings.Cut(after, "</"+element+">")
	return text
}

// quiet is what the page fetches by itself.
func (f *floor) quiet(login, path string, cookies ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Cookie", strings.Join(append(cookies, f.session(login)), "; "))
	r.Header.Set("Sapa-Quiet", "1")
	w := httptest.NewRecorder()
	f.http.ServeHTTP(w, r)
	return w
}
