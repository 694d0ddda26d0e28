package api_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/document/documenttest"
	"sapa/internal/phone"
	"sapa/internal/procedure"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// SOP 5.2, 5.3, 5.4, 5.5, 5.6, 5.7, 5.8: every ending of every campaign, as the engine's walk lists them, is driven through
// the API: opened, claimed, called, finished - and comes to the outcome that the document says.
func TestEveryEndingOfEveryCampaignThroughTheAPI(t *testing.T) {
	b := documenttest.Book(t)
	onFloor(t, func(f *floor) {
		driven := 0
		for _, p := range b.Procedures {
			outcomes := map[string]bool{}
			p.Walk(func(facts procedure.Facts, answers procedure.Answers, v procedure.View) {
				if !v.Complete || f.t.Failed() || f.store.Postgres() && outcomes[v.Outcome.ID] { // there each outcome once
					return
				}
				driven++
				f.ending(p, driven, facts, answers, v.Outcome.ID)
				outcomes[v.Outcome.ID] = true
			})
			for _, o := range p.Outcomes {
				if !outcomes[o.ID] {
					t.Errorf("%s: no turn ended as %s", p.Code, o.ID)
				}
			}
		}
		if driven < 500 && !f.store.Postgres() {
			t.Errorf("only %d endings were driven", driven)
		}
	})
}

// ending makes the facts true, works one ticket to its end and looks at the outcome.
func (f *floor) ending(p *procedure.Procedure, n int, facts procedure.Facts, answers procedure.Answers, outcome string) {
	f.t.Helper()
	f.withinHours()
	service, phone, no := fmt.Sprintf("152999%06d", n), fmt.Sprintf("08999%07d", n), fmt.Sprintf("IN48%06d", n)
	state := trouble.Backend
	switch {
	case facts["ticket_state"] == "closed":
		state = trouble.Closed
	case p.Code == "force-close":
		state = trouble.Closed
	}
	reported := facts["open_report"] == "yes" || facts["ticket_state"] != "" || p.Code == "force-close" || p.Code == "nossa"
	if reported {
		f.incident(no, service, state)
	} else if answers["reason"] == "eskalasi" { // a ticket that was opened elsewhere in the call
		f.incident(no, fmt.Sprintf("152998%06d", n), state)
	}
	fields := "{}"
	if reported && p.Code != "callback" {
		fields = fmt.Sprintf(`{"ticket_no":%q}`, no)
	}
	opened := func() string {
		return f.ok(http.StatusCreated, who.Feed, "POST", "/tickets", fmt.Sprintf(`{"campaign":%q,"ref":"E-%d","service_no":%q,"contact":{"name":"Rekaan %d","phone":%q},"note":"rekaan","criterion":%q,"fields":%s}`,
			p.Code, n, service, n, phone, map[string]string{"callback": "a"}[p.Code], fields)).json["id"].(string)
	}
	if p.Code == "ideas" { // comes with a leader's list, dealt to the agent
		opened = func() string { return f.onList(n, service, phone, no, reported) }
	}
	id := opened()
	path, lease := f.taken(p.Code, id)
	if facts["same_today"] == "yes" {
		f.line(path, lease, "no-answer")
		f.ok(http.StatusOK, who.Agent, "POST", path+"/finish", sent(lease, map[string]string{"status": "not-contacted", "remarks": "rekaan"}))
		f.clock.Advance(61 * time.Minute)
		path, lease = f.taken(p.Code, id)
	}
	f.line(path, lease, facts["last_line"])
	in := f.filled(p, answers, service, no)
	got := f.ok(http.StatusOK, who.Agent, "POST", path+"/finish", sent(lease, in))
	if got.json["outcome"] != outcome {
		f.t.Errorf("%s with %v and %v ended as %v, not %s", p.Code, facts, in, got.json["outcome"], outcome)
	}
	f.clock.Advance(9 * time.Second)
}

// filled are the answers of a walk with a ticket's own numbers and times.
func (f *floor) filled(p *procedure.Procedure, answers procedure.Answers, service, no string) map[string]string {
	in := map[string]string{}
	for _, field := range p.Fields {
		value := answers[field.ID]
		switch {
		case value == "" && field.Known != "": // the agent empties what was filled in
		case value == "":
			continue
		case field.Type == "time":
			value = f.clock.Now().In(site()).AddDate(0, 0, 1).Format("2006-01-02") + "T10:00:00+07:00"
		case field.Check == "ticket-no":
			value = no
		case field.ID == "service_no":
			value = service
		}
		in[field.ID] = value
	}
	return in
}

func site() *time.Location { return time.FixedZone("WIB", 7*60*60) }

// withinHours leaves an hour and more of the day's calling hours.
func (f *floor) withinHours() {
	now := f.clock.Now().In(site())
	if morning := time.Date(now.Year(), now.Month(), now.Day(), 9, 0, 0, 0, site()); now.Hour() >= 17 {
		f.clock.Advance(morning.AddDate(0, 0, 1).Sub(now))
	}
}

func (f *floor) incident(no, service string, state trouble.State) {
	f.t.Helper()
	err := f.store.Write(context.Background(), func(tx *db.Tx) error {
		_, _, _, err := trouble.Take(tx, who.House, trouble.Incoming{No: no, ServiceNo: service, Service: "internet", State: state, Group: "teknisi"})
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
}

// taken claims until the ticket comes: earlier ones of the walk that are called again may be due first.
func (f *floor) taken(campaign, id string) (path, lease string) {
	f.t.Helper()
	for {
		a := f.ok(http.StatusOK, who.Agent, "POST", "/work/next", fmt.Sprintf(`{"campaigns":[%q]}`, campaign))
		got, lease := a.json["ticket"].(map[string]any)["id"].(string), a.json["lease"].(map[string]any)["token"].(string)
		if got == id {
			return "/tickets/" + id, lease
		}
		f.endOther(got)
	}
}

// endOther takes a ticket of an earlier ending out of the way, as a leader would.
func (f *floor) endOther(id string) {
	f.t.Helper()
	err := f.store.Write(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(`DELETE FROM hold WHERE ticket = $1`, id)
		if err == nil {
			_, err = tx.Exec(`UPDATE turn SET ended_at = 1 WHERE ticket = $1 AND finished_at = 0`, id)
		}
		if err == nil {
			_, err = tx.Exec(`UPDATE ticket SET state = 'void', awake = 0, wake_at = 0, owner = 0 WHERE id = $1`, id)
		}
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
}

// onList opens an Ideas ticket that was dealt to the agent.
func (f *floor) onList(n int, service, number, no string, reported bool) string {
	f.t.Helper()
	id := ""
	f.write(func(tx *db.Tx) error {
		parsed, err := phone.Parse(number)
		if err != nil {
			return err
		}
		in := ticket.New{Campaign: "ideas", Ref: fmt.Sprint("E-", n), ServiceNo: service, ContactName: fmt.Sprint("Rekaan ", n), Contacts: []ticket.Contact{{Phone: parsed}},
			Note: "rekaan", Zone: "Asia/Jakarta", Source: "import", Owner: f.ids[who.Agent]}
		if reported {
			in.Fields = map[string]string{"ticket_no": no}
		}
		one, _, err := ticket.Open(tx, staff.Console, in)
		id = one.ID.String()
		return err
	})
	return id
}
