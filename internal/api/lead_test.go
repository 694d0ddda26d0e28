package api_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	line "sapa/internal/call"
	"sapa/internal/db"
	"sapa/internal/lead"
	"sapa/internal/outbox"
	"sapa/internal/phone"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

func (f *floor) write(act func(tx *db.Tx) error) {
	f.t.Helper()
	if err := f.store.Write(context.Background(), act); err != nil {
		f.t.Fatal(err)
	}
}

func (f *floor) actor(role who.Role) who.Actor {
	return who.Actor{ID: int64(f.ids[role]), Role: role, Via: who.API}
}

// news takes what a screen heard since it last looked.
func (f *floor) news(topic string, act func()) []string {
	f.t.Helper()
	screen := f.seat.Hub.Subscribe(topic)
	defer screen.Close()
	act()
	var heard []string
	for {
		select {
		case e := <-screen.C:
			heard = append(heard, e.Name+" "+e.Data)
		default:
			return heard
		}
	}
}

// SOP 5.2.1.f: Tier 1 asks through the API, a leader decides once, both screens hear of it, and the word opens one ticket.
func TestTheLeadersWordIsAskedAndGivenThroughTheAPI(t *testing.T) {
	onFloor(t, func(f *floor) {
		ask := call{method: "POST", path: "/api/v1/recommendations", token: f.tokens[who.Tier1], key: "sekali",
			body: `{"service_no":" 152999000111 ","call_s":700,"reason":"pelanggan berbelit"}`}
		var asked said
		heard := f.news("board", func() { asked = f.do(ask) })
		id, _ := asked.json["id"].(string)
		if asked.status != 201 || asked.json["state"] != "asked" || asked.json["service_no"] != "152999000111" || strings.Join(heard, ",") != "recommendation "+id {
			t.Fatalf("%d %s, the board heard %v", asked.status, asked.body, heard)
		}
		if again := f.do(ask); string(again.body) != string(asked.body) {
			t.Errorf("the same key asked again: %s", again.body)
		}
		list := func(role who.Role, query string) []any {
			t.Helper()
			return f.ok(200, role, "GET", "/recommendations"+query, "").json["recommendations"].([]any)
		}
		other, _ := f.person("1148", who.Tier1)
		theirs := f.do(call{method: "GET", path: "/api/v1/recommendations", token: other})
		if len(list(who.Tier1, "")) != 1 || len(list(who.Leader, "")) != 1 || len(list(who.Leader, "?state=granted")) != 0 || len(theirs.json["recommendations"].([]any)) != 0 {
			t.Error("one's own and the leaders see a question, another Tier 1 does not")
		}
		decide := "/recommendations/" + id
		f.refused(422, "invalid", "decision", who.Leader, "POST", decide, `{}`)
		f.refused(422, "invalid", "decision", who.Leader, "POST", decide, `{"decision":"yes"}`)
		for _, why := range []string{"", `,"why":"no"`, `,"why":"` + strings.Repeat("é", 501) + `"`} {
			f.refused(422, "invalid", "why", who.Leader, "POST", decide, `{"decision":"refused"`+why+`}`)
		}
		f.refused(422, "invalid", "call_s", who.Tier1, "POST", "/recommendations", `{"call_s":86401}`)
		f.refused(422, "invalid", "reason", who.Tier1, "POST", "/recommendations", fmt.Sprintf(`{"reason":%q}`, strings.Repeat("é", 501)))
		f.refused(422, "invalid", "state", who.Leader, "GET", "/recommendations?state=yes", "")
		for _, nobodys := range []string{"404", "x", "-1"} {
			f.refused(404, "missing", "", who.Leader, "POST", "/recommendations/"+nobodys, `{"decision":"granted"}`)
		}
		var granted said
		heard = f.news("agent:"+f.ids[who.Tier1].String(), func() { granted = f.ok(200, who.Leader, "POST", decide, `{"decision":"granted"}`) })
		if granted.json["state"] != "granted" || granted.json["leader"] != f.ids[who.Leader].String() || strings.Join(heard, ",") != "recommendation "+id {
			t.Errorf("%s, who asked heard %v", granted.body, heard)
		}
		f.refused(409, "conflict", "", who.Leader, "POST", decide, `{"decision":"refused","why":"sudah terjawab"}`)
		no := f.ok(201, who.Tier1, "POST", "/recommendations", `{"call_s":900}`).json["id"].(string)
		f.ok(200, who.Leader, "POST", "/recommendations/"+no, `{"decision":"refused","why":" sudah terjawab "}`)
		if refused := list(who.Tier1, "?state=refused"); len(refused) != 1 || refused[0].(map[string]any)["why"] != "sudah terjawab" {
			t.Errorf("who asked reads %v", refused)
		}
		opened := f.ok(201, who.Tier1, "POST", "/tickets", opening("CB-1", fmt.Sprintf(`,"criterion":"f","fields":{"call_s":"700","recommendation":%q}`, id)))
		if used := list(who.Tier1, "?state=used"); len(used) != 1 || used[0].(map[string]any)["ticket"] != opened.json["id"] {
			t.Errorf("used %v", used)
		}
	})
}

// SOP 5.2.1.f: every question is reached, however many were asked before it.
func TestQuestionsAreReachedPageByPageThroughTheAPI(t *testing.T) {
	onFloor(t, func(f *floor) {
		const asked = lead.AskedAtOnce + 1
		f.write(func(tx *db.Tx) error {
			for range asked {
				if _, err := ticket.AskRecommendation(tx, f.actor(who.Tier1), "152999000111", 700, ""); err != nil {
					return err
				}
			}
			return nil
		})
		for _, role := range []who.Role{who.Leader, who.Tier1} {
			seen, sizes := map[string]bool{}, []int{}
			for after := ""; ; {
				page := f.ok(200, role, "GET", "/recommendations?limit=20"+after, "").json
				for _, one := range page["recommendations"].([]any) {
					seen[one.(map[string]any)["id"].(string)] = true
				}
				sizes = append(sizes, len(page["recommendations"].([]any)))
				if page["next"] == nil || len(sizes) > 9 {
					break
				}
				after = "&after=" + page["next"].(string)
			}
			if len(seen) != asked || !slices.Equal(sizes, []int{20, 20, asked - 40}) {
				t.Errorf("%s reaches %d of %d by pages of %v", role, len(seen), asked, sizes)
			}
		}
		a := f.ok(200, who.Leader, "GET", "/attention", "").json
		rest := f.ok(200, who.Leader, "GET", "/recommendations?after="+a["asked_next"].(string), "").json["recommendations"].([]any)
		if len(a["asked"].([]any)) != lead.AskedAtOnce || len(rest) != 1 {
			t.Errorf("%d in the attention and %d after it, of %d", len(a["asked"].([]any)), len(rest), asked)
		}
		for _, q := range []string{"limit=0", "limit=201", "after=x", "before=1"} {
			f.refused(422, "invalid", strings.Split(q, "=")[0], who.Leader, "GET", "/recommendations?"+q, "")
		}
	})
}

// decisions.md 12: whose own queue is empty takes one ticket of the longest queue elsewhere; the leader sees it.
func TestHelpingThroughTheAPI(t *testing.T) {
	onFloor(t, func(f *floor) {
		f.ok(201, who.Tier1, "POST", "/tickets", opening("CB-1", ""))
		agent := f.ids[who.Agent].String()
		f.ok(200, who.Leader, "PUT", "/agents/"+agent+"/campaigns", `{"campaigns":["fresh-lapul"]}`)
		f.ok(204, who.Agent, "POST", "/work/next", `{}`)
		if a := f.ok(200, who.Agent, "POST", "/work/help", `{}`); a.json["ticket"].(map[string]any)["ref"] != "CB-1" {
			t.Errorf("helped with %s", a.body)
		}
		held := f.ok(200, who.Leader, "GET", "/attention", "").json["holdings"].([]any)
		if len(held) != 1 || held[0].(map[string]any)["helping"] != true {
			t.Errorf("the leader sees %v", held)
		}
		other, _ := f.person("42199", who.Agent)
		f.ok(200, who.Leader, "PUT", "/agents/"+agent+"/campaigns", `{"campaigns":[]}`)
		if none := f.do(call{method: "POST", path: "/api/v1/work/help", token: other, body: `{}`}); none.status != 204 {
			t.Errorf("nothing waits: %d %s", none.status, none.body)
		}
		held = f.ok(200, who.Leader, "GET", "/attention", "").json["holdings"].([]any)
		if held[0].(map[string]any)["helping"] != false {
			t.Error("who works all campaigns is said to help")
		}
	})
}

// usedUp takes a ticket and leaves it to the leader.
func (f *floor) usedUp(ref string) string {
	f.t.Helper()
	path, lease := f.claimed(who.Agent, ref)
	f.leave(path, lease)
	return path
}

func (f *floor) leave(path, lease string) {
	f.t.Helper()
	id, err := db.ParseID(strings.TrimPrefix(path, "/tickets/"))
	if err != nil {
		f.t.Fatal(err)
	}
	f.write(func(tx *db.Tx) error {
		_, err := ticket.Settle(tx, f.actor(who.Agent), id, lease, ticket.Settlement{Outcome: "retry", LeaderOwns: true})
		return err
	})
}

// what is used up stands in the leader's attention; it is requeued or ended there, and nothing else is.
func TestALeaderDecidesWhatIsUsedUpThroughTheAPI(t *testing.T) {
	onFloor(t, func(f *floor) {
		path := f.usedUp("CB-1")
		used := f.ok(200, who.Leader, "GET", "/attention", "").json["used_up"].([]any)
		if len(used) != 1 || used[0].(map[string]any)["ref"] != "CB-1" {
			t.Fatalf("used up %v", used)
		}
		f.refused(409, "conflict", "", who.Leader, "POST", path+"/raise", `{}`)
		if a := f.ok(200, who.Leader, "POST", path+"/requeue", `{}`); a.json["state"] != "waiting" {
			t.Errorf("requeued %s", a.body)
		}
		f.refused(409, "conflict", "", who.Leader, "POST", path+"/requeue", `{}`)
		f.refused(409, "conflict", "", who.Leader, "POST", path+"/end", `{}`)
		again := f.ok(200, who.Agent, "POST", "/work/next", `{}`)
		f.leave(path, again.json["lease"].(map[string]any)["token"].(string))
		if a := f.ok(200, who.Leader, "POST", path+"/end", `{}`); a.json["state"] != "closed" || a.json["closed_reason"] != "done" {
			t.Errorf("ended %s", a.body)
		}
		for _, act := range []string{"raise", "requeue", "end", "take-over"} {
			f.refused(404, "missing", "", who.Leader, "POST", "/tickets/404/"+act, `{}`)
			f.refused(404, "missing", "", who.Leader, "POST", "/tickets/x/"+act, `{}`)
		}
		f.refused(422, "invalid", "", who.Leader, "GET", "/attention?state=x", "")
	})
}

// decisions.md 1: the ticket a leader raises is handed out before those that have waited longer.
func TestARaisedTicketGoesFirstThroughTheAPI(t *testing.T) {
	onFloor(t, func(f *floor) {
		f.ticket("CB-1", "")
		later := f.ticket("CB-2", "")
		f.ok(200, who.Leader, "POST", "/tickets/"+later+"/raise", `{}`)
		a := f.ok(200, who.Agent, "POST", "/work/next", `{"campaigns":["callback"]}`)
		if got := a.json["ticket"].(map[string]any)["id"]; got != later {
			t.Errorf("handed out %v", got)
		}
		f.refused(409, "conflict", "", who.Leader, "POST", "/tickets/"+later+"/raise", `{}`)
	})
}

// A ticket is taken out of a hand, but not out of a talk; its late holder's lease is lost and their screen told.
func TestATicketIsTakenOverThroughTheAPI(t *testing.T) {
	onFloor(t, func(f *floor) {
		path, lease := f.claimed(who.Agent, "CB-1")
		id := strings.TrimPrefix(path, "/tickets/")
		held := f.ok(200, who.Leader, "GET", "/attention", "")
		holdings := held.json["holdings"].([]any)
		agent := f.ids[who.Agent].String()
		if len(holdings) != 1 || holdings[0].(map[string]any)["ticket"] != id || holdings[0].(map[string]any)["agent"] != agent ||
			held.json["people"].(map[string]any)[agent] != "Orang agent1" {
			t.Fatalf("got %s", held.body)
		}
		ticketID, err := db.ParseID(id)
		if err != nil {
			t.Fatal(err)
		}
		number, err := phone.Parse("08999001234")
		if err != nil {
			t.Fatal(err)
		}
		var talk line.Attempt
		f.write(func(tx *db.Tx) error {
			turn, _, err := ticket.LastTurn(tx, ticketID)
			if err == nil {
				talk, err = line.Begin(tx, line.Attempt{Turn: turn.ID, Ticket: ticketID, Agent: f.ids[who.Agent], Number: number, Dialler: "pbx"})
			}
			return err
		})
		f.refused(409, "conflict", "", who.Leader, "POST", path+"/take-over", `{}`)
		f.write(func(tx *db.Tx) error {
			_, err := line.Hear(tx, line.Signal{Attempt: talk.ID, Kind: line.Ended, Line: line.NoAnswer})
			return err
		})
		var a said
		heard := f.news("agent:"+agent, func() { a = f.ok(200, who.Leader, "POST", path+"/take-over", `{}`) })
		if a.json["state"] != "waiting" || strings.Join(heard, ",") != "lapsed "+id {
			t.Errorf("%s, the agent heard %v", a.body, heard)
		}
		f.refused(409, "conflict", "", who.Leader, "POST", path+"/take-over", `{}`)
		f.refused(409, "conflict", "", who.Agent, "POST", path+"/renew", fmt.Sprintf(`{"lease":%q}`, lease))
	})
}

// decisions.md 12: an agent works what the leader says; another team's agent is not there.
func TestCampaignsAreMixedThroughTheAPI(t *testing.T) {
	onFloor(t, func(f *floor) {
		agent := f.ids[who.Agent].String()
		path := "/agents/" + agent + "/campaigns"
		f.ticket("CB-1", "")
		if a := f.ok(200, who.Leader, "PUT", path, `{"campaigns":["fresh-lapul"]}`); fmt.Sprint(a.json["campaigns"]) != "[fresh-lapul]" || a.json["agent"] != agent {
			t.Errorf("got %s", a.body)
		}
		f.ok(204, who.Agent, "POST", "/work/next", `{}`)
		agents := f.ok(200, who.Leader, "GET", "/attention", "").json["agents"].([]any)
		if len(agents) != 1 || fmt.Sprint(agents[0].(map[string]any)["campaigns"]) != "[fresh-lapul]" {
			t.Errorf("agents %v", agents)
		}
		f.refused(422, "invalid", "campaigns", who.Leader, "PUT", path, `{}`)
		f.refused(422, "invalid", "campaigns", who.Leader, "PUT", path, `{"campaigns":null}`)
		f.refused(422, "invalid", "campaign", who.Leader, "PUT", path, `{"campaigns":["tidak-ada"]}`)
		f.refused(422, "invalid", "agent", who.Leader, "PUT", "/agents/"+f.ids[who.Tier1].String()+"/campaigns", `{"campaigns":[]}`)
		for _, nobody := range []string{"404", "x"} {
			f.refused(404, "missing", "", who.Leader, "PUT", "/agents/"+nobody+"/campaigns", `{"campaigns":[]}`)
		}
		f.ok(200, who.Leader, "PUT", path, `{"campaigns":[]}`)
		f.ok(200, who.Agent, "POST", "/work/next", `{}`)
		f.team("Surabaya", who.Leader)
		f.refused(404, "missing", "", who.Leader, "PUT", path, `{"campaigns":[]}`)
		if agents := f.ok(200, who.Leader, "GET", "/attention", "").json["agents"].([]any); len(agents) != 0 {
			t.Errorf("another team's agents %v", agents)
		}
	})
}

// SOP 5.7.8.c.menolak.hc-buzzer: the alert reaches a leader's machine too, and is settled like any promise.
func TestAlertsStandInTheLeadersAttention(t *testing.T) {
	onFloor(t, func(f *floor) {
		id, err := db.ParseID(f.ticket("CB-1", ""))
		if err != nil {
			t.Fatal(err)
		}
		f.write(func(tx *db.Tx) error {
			_, err := outbox.Add(tx, f.actor(who.Agent), []outbox.Promise{
				{Ticket: id, Turn: 1, App: "sephia", Kind: "outside", Text: "Status Call", Clause: "5.7.10"},
				{Ticket: id, Turn: 1, App: "leader", Kind: "alert-leader", Text: "HC - Buzzer", Clause: "5.7.8.c"}})
			return err
		})
		alerts := func() []any {
			t.Helper()
			return f.ok(200, who.Leader, "GET", "/attention", "").json["alerts"].([]any)
		}
		seen := alerts()
		if len(seen) != 1 || seen[0].(map[string]any)["text"] != "HC - Buzzer" {
			t.Fatalf("alerts %v", seen)
		}
		f.ok(200, who.Leader, "POST", "/outbox/"+seen[0].(map[string]any)["id"].(string)+"/done", `{}`)
		if left := alerts(); len(left) != 0 {
			t.Errorf("left %v", left)
		}
	})
}
