package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"sapa/internal/db"
	"sapa/internal/outbox"
	"sapa/internal/phone"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/web"
	"sapa/internal/who"
)

var hole = regexp.MustCompile(`\{[a-z.]+\}`)

// door is a path that a pattern takes.
func door(pattern string) string {
	path := strings.ReplaceAll(pattern, "/{$}", "/")
	if strings.HasSuffix(path, "/clauses/{id}") {
		return strings.TrimSuffix(path, "{id}") + "5.2.1"
	}
	if strings.HasPrefix(path, "/static/") {
		return "/static/sapa.css"
	}
	return hole.ReplaceAllString(path, "1")
}

// Every door lets in exactly whom the policy names; nobody else gets past it, signed in or not.
func TestEveryDoorAsksThePolicy(t *testing.T) {
	f := newFloor(t)
	routes := web.Routes()
	if len(routes) < 30 {
		t.Fatalf("%d doors", len(routes))
	}
	for _, r := range routes {
		path := door(r.Pattern)
		if r.Open {
			if w := f.ask("", r.Method, path, nil); w.Code == http.StatusForbidden || w.Header().Get("Location") == "/sign-in" && path != "/sign-in" {
				t.Errorf("%s %s is open and gives %d", r.Method, r.Pattern, w.Code)
			}
			continue
		}
		if w := f.ask("", r.Method, path, nil); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/sign-in") {
			t.Errorf("%s %s: nobody gets %d to %q", r.Method, r.Pattern, w.Code, w.Header().Get("Location"))
		}
		for _, role := range pagePeople {
			w := f.ask(string(role), r.Method, path, nil)
			may := staff.May(who.Actor{ID: int64(f.ids[string(role)]), Role: role}, r.Act) == nil
			switch {
			case may && (w.Code == http.StatusForbidden || w.Code == http.StatusInternalServerError || strings.HasPrefix(w.Header().Get("Location"), "/sign-in") && !strings.HasPrefix(path, "/sign-out")):
				t.Errorf("%s %s: %s may, and gets %d to %q", r.Method, r.Pattern, role, w.Code, w.Header().Get("Location"))
			case !may && w.Code != http.StatusForbidden:
				t.Errorf("%s %s: %s may not, and gets %d", r.Method, r.Pattern, role, w.Code)
			}
			if strings.HasPrefix(path, "/sign-out") { // that was the end of the session
				f.signIn(string(role))
			}
		}
	}
}

func TestASessionThatIsOverSaysWhy(t *testing.T) {
	f := newFloor(t)
	f.session("agent")
	f.clock.Advance(staff.Shift)
	w := f.ask("agent", "GET", "/desk", nil)
	to := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(to, "/sign-in?why=") {
		t.Fatalf("%d to %q", w.Code, to)
	}
	if page := f.page("", to); !strings.Contains(page, "Masuk lagi untuk melanjutkan") {
		t.Errorf("%s does not say why", to)
	}
}

// A task of somebody else is not there: neither seen nor settled.
func TestOthersTasksAreNotThere(t *testing.T) {
	f := newFloor(t)
	var task outbox.Promise
	err := f.store.Write(context.Background(), func(tx *db.Tx) error {
		number, err := phone.Parse("0899-9001-234")
		if err != nil {
			return err
		}
		one, _, err := ticket.Open(tx, who.House, ticket.New{Campaign: "fresh-lapul", Ref: "IN1", ContactName: "Ibu Contoh", Contacts: []ticket.Contact{{Phone: number}}, Zone: "Asia/Jakarta", Source: "practice"})
		if err != nil {
			return err
		}
		made, err := outbox.Add(tx, who.Actor{ID: int64(f.ids["agent"]), Role: who.Agent}, []outbox.Promise{{Ticket: one.ID, Turn: tx.NewID(), App: "sephia", Kind: "outside", Text: "Status Call: Contacted", Clause: "5.7.10"}})
		task = made[0]
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	id := "task-" + task.ID.String()
	if !strings.Contains(f.page("agent", "/outbox"), id) || strings.Contains(f.page("agent2", "/outbox"), id) || !strings.Contains(f.page("leader", "/outbox?app=sephia"), id) ||
		strings.Contains(f.page("leader", "/outbox?app=nossa"), id) {
		t.Error("the maker and the leader see a task, another agent does not, another application's list neither")
	}
	f.ask("agent2", "POST", "/outbox/"+task.ID.String()+"/done", url.Values{"reference": {"X"}})
	if got := f.promise(task.ID); got.State != outbox.Open {
		t.Fatalf("another agent made it %s", got.State)
	}
	button := `id="done-` + task.ID.String()
	if !strings.Contains(f.page("agent", "/outbox"), button) {
		t.Error("nobody can say that it was brought over")
	}
	f.seat.Carried = map[string]bool{"sephia": true} // sapa brings it itself
	f.ask("agent", "POST", "/outbox/"+task.ID.String()+"/done", url.Values{"reference": {"X"}})
	if page := f.page("agent", "/outbox"); f.promise(task.ID).State != outbox.Open || strings.Contains(page, button) || !strings.Contains(page, "dibawa sapa sendiri") {
		t.Error("what sapa brings itself is still somebody's task")
	}
	f.seat.Carried = nil
	w := f.ask("agent", "POST", "/outbox/"+task.ID.String()+"/done", url.Values{"reference": {"SEP-7"}, "back": {"//evil.example"}})
	if got := f.promise(task.ID); got.State != outbox.Done || got.Reference != "SEP-7" || w.Header().Get("Location") != "/outbox" {
		t.Errorf("%s %q to %q", got.State, got.Reference, w.Header().Get("Location"))
	}
	if page := f.page("agent", "/outbox?state=done"); !strings.Contains(page, id) || !strings.Contains(page, "SEP-7") {
		t.Error("what is done is not in the list of what is done")
	}
}

func (f *floor) promise(id db.ID) (p outbox.Promise) {
	f.t.Helper()
	if err := f.store.Read(context.Background(), func(tx *db.Tx) (err error) { p, err = outbox.Get(tx, id); return err }); err != nil {
		f.t.Fatal(err)
	}
	return p
}

// The news of a stream are one line each, name first; a session that has ended is told so and the stream closes.
func TestAStreamTellsNewsAndTheEnd(t *testing.T) {
	f := newFloor(t)
	f.session("tier1")
	f.session("leader")
	said := f.stream("tier1")
	told := func(want string) {
		t.Helper()
		if got := <-said; !strings.HasSuffix(got, "data: "+want+"\n\n") {
			t.Fatalf("the stream says %q, want %q", got, want)
		}
	}
	told("hello")
	f.beats <- f.clock.Now()
	told("beat")
	r := ticket.Recommendation{}
	err := f.store.Write(context.Background(), func(tx *db.Tx) (err error) {
		r, err = ticket.AskRecommendation(tx, who.Actor{ID: int64(f.ids["tier1"]), Role: who.Tier1}, "", 700, "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	f.ask("leader", "POST", "/lead/recommendations/"+r.ID.String(), url.Values{"grant": {"yes"}})
	told("recommendation " + r.ID.String()) // after the line with its number
	f.clock.Advance(staff.Shift)
	f.beats <- f.clock.Now()
	told("signed-out")
	if more, open := <-said; open {
		t.Errorf("after the end it says %q", more)
	}
}

// stream gives the news of somebody, each as it leaves, until the house ends them.
func (f *floor) stream(login string) <-chan string {
	r := httptest.NewRequest("GET", "/events", nil)
	r.Header.Set("Cookie", f.session(login))
	w := news{httptest.NewRecorder(), make(chan string)}
	go func() {
		defer close(w.said)
		f.http.ServeHTTP(w, r)
	}()
	return w.said
}

// news is an answer that is told piece by piece.
type news struct {
	*httptest.ResponseRecorder
	said chan string
}

func (n news) Flush() {
	n.said <- n.Body.String()
	n.Body.Reset()
}
