package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"sapa/internal/who"
)

// rung finishes a callback whose customer did not pick up (SOP 5.2.11.b1.rna).
const rung = `{"lease":%q,"answers":{"status":"rna","solution":"dihubungi-lagi","remarks":"tidak diangkat"}}`

func (f *floor) noAnswer(path, lease string) {
	f.t.Helper()
	f.ok(http.StatusCreated, who.Agent, "POST", path+"/attempts", fmt.Sprintf(`{"lease":%q,"line":"no-answer","ring_s":25}`, lease))
}

// SOP 5.2.4.longest, 5.2.4.note, 5.2.5.call, 5.2.11, 5.2.11.b1.rna: a turn from claim to finish, and back.
func TestTurn(t *testing.T) {
	onFloor(t, func(f *floor) {
		path, lease := f.claimed(who.Agent, "CB-1")
		holds := fmt.Sprintf(`{"lease":%q}`, lease)

		again := f.ok(http.StatusOK, who.Agent, "POST", "/work/next", `{}`)
		if again.json["lease"].(map[string]any)["token"] != lease {
			t.Fatalf("an agent who holds one got another: %s", again.body)
		}
		f.refused(http.StatusConflict, "conflict", "note", who.Agent, "POST", path+"/dial", holds)
		f.ok(http.StatusNoContent, who.Agent, "POST", path+"/read", holds)
		dialled := f.ok(http.StatusCreated, who.Agent, "POST", path+"/dial", holds)
		if n := dialled.json["number"].(string); !strings.HasPrefix(n, "+62899900") {
			t.Errorf("number %q", n)
		}
		f.noAnswer(path, lease)
		f.clock.Advance(time.Minute)
		renewed := f.ok(http.StatusOK, who.Agent, "POST", path+"/renew", holds)
		if until := renewed.json["lease"].(map[string]any)["until"]; until != "2026-11-23T09:11:00+07:00" {
			t.Errorf("until %v", until)
		}
		view := f.ok(http.StatusOK, who.Agent, "PUT", path+"/answers", fmt.Sprintf(`{"lease":%q,"answers":{"status":"rna"}}`, lease))
		if view.json["step"] != "result" || view.json["complete"] != false {
			t.Errorf("view %s", view.body)
		}
		f.refused(422, "invalid", "status", who.Agent, "PUT", path+"/answers", fmt.Sprintf(`{"lease":%q,"answers":{"status":"contacted"}}`, lease))
		f.refused(409, "conflict", "", who.Agent, "PUT", path+"/answers", fmt.Sprintf(`{"lease":%q,"answers":{"remarks":"x"},"draft":99}`, lease))
		missing := f.refused(422, "invalid", "solution", who.Agent, "POST", path+"/finish", fmt.Sprintf(`{"lease":%q,"answers":{}}`, lease))
		if missing.json["clause"] != "5.2.11.b2" {
			t.Errorf("got %s", missing.body)
		}
		done := f.ok(http.StatusOK, who.Agent, "POST", path+"/finish", fmt.Sprintf(rung, lease))
		if done.json["due"] != nil || done.json["ticket"].(map[string]any)["attempts"] != 1.0 {
			t.Errorf("got %s", done.body)
		}
		f.refused(409, "conflict", "", who.Agent, "POST", path+"/finish", fmt.Sprintf(rung, lease))

		undone := f.ok(http.StatusOK, who.Agent, "POST", path+"/undo", "")
		if undone.json["ticket"].(map[string]any)["state"] != "claimed" {
			t.Errorf("got %s", undone.body)
		}
		lease = undone.json["lease"].(map[string]any)["token"].(string)
		f.ok(http.StatusOK, who.Agent, "POST", path+"/finish", fmt.Sprintf(rung, lease))
		f.clock.Advance(9 * time.Second)
		f.refused(409, "conflict", "", who.Agent, "POST", path+"/undo", `{}`)
	})
}

func TestReleaseGivesTheTicketBack(t *testing.T) {
	onFloor(t, func(f *floor) {
		path, lease := f.claimed(who.Agent, "CB-1")
		f.refused(409, "conflict", "", who.Agent, "POST", path+"/undo", `{}`)
		back := f.ok(http.StatusOK, who.Agent, "POST", path+"/release", fmt.Sprintf(`{"lease":%q,"reason":"istirahat"}`, lease))
		if back.json["ticket"].(map[string]any)["state"] != "waiting" {
			t.Errorf("got %s", back.body)
		}
		for _, act := range []string{"renew", "release", "read", "dial", "finish"} {
			f.refused(409, "conflict", "", who.Agent, "POST", path+"/"+act, fmt.Sprintf(`{"lease":%q}`, lease))
		}
	})
}

func TestNothingWaitingIsAnAnswerToo(t *testing.T) {
	onFloor(t, func(f *floor) {
		ask := call{method: "POST", path: "/api/v1/work/next", token: f.tokens[who.Agent], key: "pagi", body: `{}`}
		if a := f.do(ask); a.status != http.StatusNoContent || len(a.body) != 0 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		f.ticket("CB-1", "")
		if a := f.do(ask); a.status != http.StatusNoContent {
			t.Errorf("the same key said something else: %d %s", a.status, a.body)
		}
		f.ok(http.StatusOK, who.Agent, "POST", "/work/next", `{}`)
	})
}

func TestWhatIsNotYoursIsNotThere(t *testing.T) {
	onFloor(t, func(f *floor) {
		path, lease := f.claimed(who.Agent, "CB-1")
		other, _ := f.person("42148", who.Agent)
		for _, c := range []struct{ method, path, body string }{
			{"GET", path, ""},
			{"POST", path + "/renew", `{"lease":"x"}`},
			{"POST", path + "/release", fmt.Sprintf(`{"lease":%q}`, lease)},
			{"POST", path + "/read", `{"lease":"x"}`},
			{"POST", path + "/dial", `{"lease":"x"}`},
			{"POST", path + "/attempts", fmt.Sprintf(`{"lease":%q,"line":"answered"}`, lease)},
			{"PUT", path + "/answers", fmt.Sprintf(`{"lease":%q,"answers":{}}`, lease)},
			{"POST", path + "/finish", fmt.Sprintf(rung, lease)},
			{"POST", path + "/undo", `{}`},
			{"GET", "/tickets/0", ""},
			{"GET", "/tickets/-1", ""},
			{"GET", "/tickets/01", ""},
			{"GET", "/tickets/abc", ""},
			{"GET", "/tickets/99999999999999999999", ""},
			{"GET", "/tickets/1%20OR%201=1", ""},
		} {
			a := f.do(call{method: c.method, path: "/api/v1" + c.path, token: other, body: c.body})
			if a.status != http.StatusNotFound || a.json["kind"] != "missing" {
				t.Errorf("%s %s: %d %s", c.method, c.path, a.status, a.body)
			}
		}
		f.fill()
		for _, q := range []string{"CB-1", "Ibu Contoh", "0899900"} {
			a := f.do(call{method: "POST", path: "/api/v1/search", token: other, body: fmt.Sprintf(`{"q":%q}`, q)})
			if a.status != 200 || len(a.json["hits"].([]any)) != 0 {
				t.Errorf("search %s: %d %s", q, a.status, a.body)
			}
			if hits := f.ok(200, who.Leader, "POST", "/search", fmt.Sprintf(`{"q":%q}`, q)).json["hits"].([]any); len(hits) != 1 {
				t.Errorf("the leader finds %d by %s", len(hits), q)
			}
		}
		// The one who opened it may read it; a feed that guesses its ref learns nothing.
		f.ok(200, who.Tier1, "GET", path, "")
		f.refused(409, "conflict", "ref", who.Feed, "POST", "/tickets", opening("CB-1", ""))
	})
}

// One key, fifty at once, and once more after the lease is long gone: one outcome and the same bytes.
func TestReplayedFinishIsOneFinish(t *testing.T) {
	onFloor(t, func(f *floor) {
		path, lease := f.claimed(who.Agent, "CB-1")
		f.noAnswer(path, lease)
		finish := call{method: "POST", path: "/api/v1" + path + "/finish", token: f.tokens[who.Agent], key: "sekali", body: fmt.Sprintf(rung, lease)}
		bodies := make([]string, 50)
		var all sync.WaitGroup
		for i := range bodies {
			all.Go(func() {
				a, err := f.try(finish)
				bodies[i] = fmt.Sprint(a.status, string(a.body), err)
			})
		}
		all.Wait()
		f.clock.Advance(6 * 24 * time.Hour)
		late, err := f.try(finish)
		for i, b := range append(bodies, fmt.Sprint(late.status, string(late.body), err)) {
			if b != bodies[0] || !strings.HasPrefix(b, "200") {
				t.Fatalf("answer %d:\n%s\nanswer 0:\n%s", i, b, bodies[0])
			}
		}
		if a := f.ok(200, who.Agent, "GET", path, ""); a.json["state"] != "waiting" || a.json["attempts"] != 1.0 {
			t.Errorf("got %s", a.body)
		}
		finish.body = strings.Replace(finish.body, "tidak", "sungguh tidak", 1)
		if a := f.do(finish); a.status != 422 || a.json["kind"] != "invalid" {
			t.Errorf("the same key with another body: %d %s", a.status, a.body)
		}
		finish.path = "/api/v1" + path + "/release"
		if a := f.do(finish); a.status != 422 {
			t.Errorf("the same key at another door: %d %s", a.status, a.body)
		}
		// A key is its owner's: another person's act under the same key is another act.
		if a := f.do(call{method: "POST", path: "/api/v1/tickets", token: f.tokens[who.Tier1], key: "sekali", body: opening("CB-2", "")}); a.status != 201 {
			t.Errorf("%d %s", a.status, a.body)
		}
	})
}

func TestOpeningTheSameTicketInParallel(t *testing.T) {
	onFloor(t, func(f *floor) {
		var mu sync.Mutex
		count := map[int]int{}
		ids := map[any]bool{}
		var all sync.WaitGroup
		for i := range 30 {
			all.Go(func() { // each with a key of its own: a feed that starts over
				a, err := f.try(call{method: "POST", path: "/api/v1/tickets", token: f.tokens[who.Feed], key: fmt.Sprint("p", i), body: opening("CB-1", "")})
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				count[a.status]++
				ids[a.json["id"]] = true
			})
		}
		all.Wait()
		if count[201] != 1 || count[200] != 29 || len(ids) != 1 {
			t.Fatalf("%v, %d ids", count, len(ids))
		}
	})
}

func TestEffectsBecomePromises(t *testing.T) {
	onFloor(t, func(f *floor) {
		path, lease := f.claimed(who.Agent, "CB-1")
		f.noAnswer(path, lease)
		f.ok(200, who.Agent, "POST", path+"/finish", fmt.Sprintf(rung, lease))
		if held := f.ok(200, who.Agent, "GET", "/outbox?state=open", "").json["promises"].([]any); len(held) != 0 {
			t.Errorf("shown while it can be undone: %v", held)
		}
		f.clock.Advance(9 * time.Second)
		open := f.ok(200, who.Agent, "GET", "/outbox?state=open&limit=50&ticket="+strings.TrimPrefix(path, "/tickets/"), "").json["promises"].([]any)
		if len(open) == 0 {
			t.Fatal("the result owes nothing to the Callback application")
		}
		first := open[0].(map[string]any)
		id := first["id"].(string)
		other, _ := f.person("42148", who.Agent)
		for _, act := range []string{"done", "retry", "waive"} {
			a := f.do(call{method: "POST", path: "/api/v1/outbox/" + id + "/" + act, token: other, body: `{}`})
			if a.status != 404 && a.status != 403 && a.status != 422 {
				t.Errorf("another agent, %s: %d %s", act, a.status, a.body)
			}
		}
		if a := f.do(call{method: "POST", path: "/api/v1/outbox/" + id + "/done", token: other, body: `{"reference":"CB123"}`}); a.status != 404 {
			t.Errorf("another agent's promise: %d %s", a.status, a.body)
		}
		f.refused(409, "conflict", "", who.Leader, "POST", "/outbox/"+id+"/retry", `{}`)
		f.refused(422, "invalid", "reason", who.Leader, "POST", "/outbox/"+id+"/waive", `{}`)
		kept := f.ok(200, who.Agent, "POST", "/outbox/"+id+"/done", `{"reference":"CB123"}`)
		if kept.json["state"] != "done" || kept.json["reference"] != "CB123" {
			t.Errorf("got %s", kept.body)
		}
		f.refused(404, "missing", "", who.Agent, "POST", "/outbox/77/done", `{}`)
	})
}
