package api_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"sapa/internal/api"
	"sapa/internal/campaign"
	"sapa/internal/control"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/desk"
	"sapa/internal/document/documenttest"
	"sapa/internal/live"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// floor is a whole house behind its API, with one person for each role. Every answer it gives is held against openapi.yaml.
type floor struct {
	t      *testing.T
	store  *db.DB
	seat   *desk.Seat
	clock  *dbtest.Clock
	http   http.Handler
	spec   *contract
	tokens map[who.Role]string
	ids    map[who.Role]db.ID
	calls  map[string]bool // operations exercised
}

// keys makes every Idempotency-Key of the tests a new one.
var keys atomic.Int64

func onFloor(t *testing.T, f func(f *floor)) {
	t.Helper()
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) { f(newFloor(t, s, c)) })
}

func newFloor(t *testing.T, s *db.DB, c *dbtest.Clock) *floor {
	t.Helper()
	site, library := documenttest.Site, documenttest.Library(t)
	seat := desk.New(desk.Parts{Store: s, Campaigns: campaign.New(library, "IN.OCC.TELK.W-18"), Dialer: desk.ManualDialler{},
		Hub: live.NewHub(), Site: site, Clock: c.Now})
	f := &floor{t: t, store: s, seat: seat, clock: c, tokens: map[who.Role]string{}, ids: map[who.Role]db.ID{}, calls: map[string]bool{}}
	f.http = api.New(api.Parts{Store: s, Staff: staff.New(s, staff.Options{}), Seat: seat,
		Control: &control.Seat{Campaigns: seat.Campaigns, Hub: seat.Hub, Site: site, Decided: documenttest.Decided(t)}})
	var err error
	if f.spec, err = specification(); err != nil {
		t.Fatal(err)
	}
	for _, role := range who.Roles {
		f.tokens[role], f.ids[role] = f.person(string(role)+"1", role)
	}
	return f
}

// person adds somebody and gives an API token of theirs.
func (f *floor) person(login string, role who.Role) (token string, id db.ID) {
	f.t.Helper()
	err := f.store.Write(context.Background(), func(tx *db.Tx) error {
		p, err := staff.Add(tx, staff.Console, staff.Person{Login: login, Name: "Orang " + login, Role: role, Skill: "T2O"})
		if err != nil {
			return err
		}
		id = p.ID
		token, err = staff.CreateToken(tx, staff.Console, login, 300*24*time.Hour)
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return token, id
}

// placed fills the places of a pattern with names of nothing.
func placed(pattern string) string {
	return strings.NewReplacer("{id}", "7", "{no}", "IN99999999", "{service_no}", "152999000199", "{group}", "logic", "{login}", "nobody", "{name}", "ladder", "{code}", "internet-los", "{revision}", "1").Replace(pattern)
}

// call is one request; zero fields take what a good client sends.
type call struct {
	method, path, token, key, body, lang, media string
	noKey                                       bool
}

// said is an answer.
type said struct {
	status int
	header http.Header
	body   []byte
	json   map[string]any
}

// do sends a request and holds the answer against openapi.yaml.
func (f *floor) do(c call) said {
	f.t.Helper()
	a, err := f.try(c)
	if err != nil {
		f.t.Fatalf("%s %s: %v\n%d %s", c.method, c.path, err, a.status, a.body)
	}
	return a
}

func (f *floor) try(c call) (said, error) {
	r := f.request(c)
	w := httptest.NewRecorder()
	f.http.ServeHTTP(w, r)
	a := said{status: w.Code, header: w.Header(), body: w.Body.Bytes()}
	if strings.Contains(a.header.Get("Content-Type"), "json") {
		if err := json.Unmarshal(a.body, &a.json); err != nil {
			return a, err
		}
	}
	return a, f.valid(r, a)
}

func (f *floor) request(c call) *http.Request {
	r := httptest.NewRequest(c.method, c.path, strings.NewReader(c.body))
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if c.method != http.MethodGet && !c.noKey {
		if c.key == "" {
			c.key = fmt.Sprintf("k%d", keys.Add(1))
		}
		r.Header.Set("Idempotency-Key", c.key)
	}
	if c.body != "" {
		r.Header.Set("Content-Type", cmp.Or(c.media, "application/json"))
	}
	if c.lang != "" {
		r.Header.Set("Accept-Language", c.lang)
	}
	return r
}

// valid holds an answer against openapi.yaml. Paths that are not in it answer with problems of their own.
func (f *floor) valid(r *http.Request, a said) error {
	if a.header.Get("Cache-Control") != "no-store" || a.header.Get("X-Content-Type-Options") != "nosniff" {
		return fmt.Errorf("headers %v", a.header)
	}
	if err := proper(a); err != nil {
		return err
	}
	route, params, err := f.spec.FindRoute(r)
	if err != nil {
		if a.status == http.StatusNotFound || a.status == http.StatusMethodNotAllowed {
			return nil
		}
		return fmt.Errorf("not in openapi.yaml: %w", err)
	}
	if len(a.body) == 0 && a.status != http.StatusNoContent {
		return fmt.Errorf("no body")
	}
	schema, err := f.spec.body(route, a)
	if err != nil {
		return err
	}
	in := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route},
		Status:                 a.status,
		Header:                 a.header,
		Body:                   io.NopCloser(bytes.NewReader(a.body)),
		Options:                &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true, ExcludeResponseBody: schema != nil},
	}
	if err := openapi3filter.ValidateResponse(r.Context(), in); err != nil || schema == nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(a.body))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// kinds is which status a kind of refusal may have.
var kinds = map[string][]int{"invalid": {400, 405, 413, 415, 422}, "missing": {404}, "conflict": {409}, "forbidden": {403}, "busy": {503}, "signed-out": {401}}

// proper asks of every refusal that it is a problem which says what is wrong, in a whole sentence.
func proper(a said) error {
	if a.status < 400 {
		return nil
	}
	kind, _ := a.json["kind"].(string)
	detail, _ := a.json["detail"].(string)
	title, _ := a.json["title"].(string)
	switch {
	case a.header.Get("Content-Type") != "application/problem+json":
		return fmt.Errorf("a refusal as %q", a.header.Get("Content-Type"))
	case !slices.Contains(kinds[kind], a.status) || a.json["status"] != float64(a.status):
		return fmt.Errorf("kind %q with status %d", kind, a.status)
	case len(detail) < 10 || title == "" || strings.ContainsAny(detail, "{}") || strings.Contains(detail, "<nil>") || strings.Contains(detail, "%!"):
		return fmt.Errorf("a refusal that says %q, %q", title, detail)
	}
	return nil
}

// as sends an act or a look of a role, with {id} and such already in the path.
func (f *floor) as(role who.Role, method, path, body string) said {
	f.t.Helper()
	return f.do(call{method: method, path: "/api/v1" + path, token: f.tokens[role], body: body})
}

// ok is as, and must be the status.
func (f *floor) ok(status int, role who.Role, method, path, body string) said {
	f.t.Helper()
	a := f.as(role, method, path, body)
	if a.status != status {
		f.t.Fatalf("%s %s %s: want %d, got %d %s", role, method, path, status, a.status, a.body)
	}
	return a
}

// fill makes findable what was opened, as the server does now and again.
func (f *floor) fill() {
	f.t.Helper()
	if _, err := ticket.Fill(context.Background(), f.store, 1000); err != nil {
		f.t.Fatal(err)
	}
}

// refused is as, and must be the problem.
func (f *floor) refused(status int, kind, field string, role who.Role, method, path, body string) said {
	f.t.Helper()
	a := f.ok(status, role, method, path, body)
	if a.json["kind"] != kind || (field != "" && a.json["field"] != field) {
		f.t.Fatalf("%s %s: want %s at %q, got %s", method, path, kind, field, a.body)
	}
	return a
}

// ticket opens a callback and gives its id.
func (f *floor) ticket(ref string, more string) string {
	f.t.Helper()
	a := f.ok(http.StatusCreated, who.Tier1, "POST", "/tickets", opening(ref, more))
	return a.json["id"].(string)
}

// opening is the body of a good callback, with more fields if wanted; each ref has a customer of its own.
func opening(ref, more string) string {
	sum := 0
	for _, c := range ref {
		sum = (sum*31 + int(c)) % 10000
	}
	return fmt.Sprintf(`{"campaign":"callback","ref":%q,"contact":{"name":"Ibu Contoh","phone":"0899900%04d"},"note":"internet mati sejak pagi"%s}`, ref, sum, more)
}

// claimed opens a ticket and takes it as an agent; it gives the ticket's path and the lease.
func (f *floor) claimed(role who.Role, ref string) (path, lease string) {
	f.t.Helper()
	id := f.ticket(ref, "")
	a := f.ok(http.StatusOK, role, "POST", "/work/next", `{"campaigns":["callback"]}`)
	if got := a.json["ticket"].(map[string]any)["id"]; got != id {
		f.t.Fatalf("claimed %v, want %s", got, id)
	}
	return "/tickets/" + id, a.json["lease"].(map[string]any)["token"].(string)
}
