package api_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"sapa/internal/api"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/line"
	"sapa/internal/phrase"
	"sapa/internal/staff"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// Numbers and people of these tests are invented.

// complaint is the body of a good complaint of the internet service; more goes in before its end.
func complaint(serviceNo, more string) string {
	return fmt.Sprintf(`{"service_no":%q,"service":"internet","symptom":"tbc","contact":{"name":"Ibu Contoh","email":"ibu@contoh.id","mobile":"0812-9999-0011"},
		"hard_complaint":"ramah","urgency":"normal","first_call_resolution":"no",
		"description":"Internet mati sejak pagi, lampu PON mati, sudah dipandu belum normal. Pelapor: Ibu Contoh."%s}`, serviceNo, more)
}

// lined puts a line into the recorded table, with the power that a measurement of it reads.
func (f *floor) lined(serviceNo, power string) {
	f.t.Helper()
	f.ok(200, who.Feed, "PUT", "/lines/"+serviceNo, fmt.Sprintf(`{"sto":"MLG","odc":"ODC-MLG-FX","reading":{"onu_rx_pwr":%s,"oper_status":"online"}}`, power))
}

// filed opens a trouble ticket and gives its number.
func (f *floor) filed(serviceNo, more string) string {
	f.t.Helper()
	return f.ok(201, who.Agent, "POST", "/trouble", complaint(serviceNo, more)).json["no"].(string)
}

// moves lists what a ticket offers its reader.
func moves(a said) string {
	var all []string
	for _, m := range a.json["moves"].([]any) {
		all = append(all, m.(map[string]any)["move"].(string))
	}
	return strings.Join(all, " ")
}

// SOP 5.2.10.t, 5.2.10.i, 5.2.10.i.bnok, 5.2.10.j, 5.2.10.check, A-10: one act opens complaint and incident, measures the
// line first and keeps that with it; a second report is refused with the number that is open, and the customer's words go there.
func TestTroubleIsFiledOnceAService(t *testing.T) {
	onFloor(t, func(f *floor) {
		const no = "152999000101"
		f.lined(no, "-20.5")
		a := f.ok(201, who.Agent, "POST", "/trouble", complaint(no, ""))
		if a.json["state"] != "ANALYSIS" || a.json["booking_status"] != "BNOK" || a.json["service_no"] != no || a.json["service"] != "internet" ||
			a.json["outcome"] != "not-bookable" || a.json["first_call_resolution"] != "no" {
			t.Errorf("got %s", a.body)
		}
		subject := a.json["subject"].(string)
		if want := "agent1 / T2O / Ibu Contoh / " + no + " / TBC / BNOK"; subject != want {
			t.Errorf("subject %q, want %q", subject, want)
		}
		m, _ := a.json["measurement"].(map[string]any)
		if m == nil || m["verdict"] != "SPEC" || m["onu_rx_pwr"] != -20.5 || m["class"] != "logic" || m["source"] != api.Recorded {
			t.Errorf("measurement %v", m)
		}
		contact := a.json["contact"].(map[string]any)
		if strings.Contains(contact["mobile"].(string), "9999") || contact["email"] != "i•••@contoh.id" || contact["name"] != "Ibu Contoh" {
			t.Errorf("contact %v", contact)
		}
		number := a.json["no"].(string)
		second := f.refused(409, "conflict", "service_no", who.Tier1, "POST", "/trouble", complaint(no, ""))
		if second.json["no"] != number || !strings.Contains(second.json["detail"].(string), number) {
			t.Errorf("want %s in %s", number, second.body)
		}
		words := f.ok(200, who.Tier1, "POST", "/trouble", fmt.Sprintf(`{"service_no":%q,"customer_note":"Sekarang telepon juga mati"}`, no))
		if words.json["no"] != number || words.json["lapul"] != 1.0 || words.json["outcome"] != "already-reported" {
			t.Errorf("got %s", words.body)
		}
		if found := f.ok(200, who.Agent, "GET", "/lines/"+no+"/measurements", "").json["measurements"].([]any); len(found) != 1 {
			t.Errorf("%d measurements: one an hour is enough, and an open report needs none", len(found))
		}
		if list := f.ok(200, who.Quality, "GET", "/trouble?service_no="+no, "").json["trouble"].([]any); len(list) != 1 {
			t.Errorf("%d tickets of the service", len(list))
		}
	})
}

// SOP 5.2.10.t: twice pressed, two tabs, a cut line: one ticket, one measurement, and everybody reads the same.
func TestTroubleFiledInParallelIsOne(t *testing.T) {
	onFloor(t, func(f *floor) {
		const no = "152999000102"
		f.lined(no, "-20")
		same := call{method: "POST", path: "/api/v1/trouble", token: f.tokens[who.Agent], key: "sekali", body: complaint(no, "")}
		var mu sync.Mutex
		seen, tabs := map[string]int{}, map[int]int{}
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				c := same
				if i%2 == 1 {
					c.key = fmt.Sprint("tab", i)
				}
				a, err := f.try(c)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				if i%2 == 0 {
					seen[string(a.body)]++
				} else {
					tabs[a.status]++
				}
			})
		}
		all.Wait()
		list := f.ok(200, who.Agent, "GET", "/trouble?service_no="+no, "").json["trouble"].([]any)
		found := f.ok(200, who.Agent, "GET", "/lines/"+no+"/measurements", "").json["measurements"].([]any)
		if len(list) != 1 || len(found) != 1 || tabs[201] > 1 || tabs[409] < 9 {
			t.Fatalf("%d tickets, %d measurements, tabs %v", len(list), len(found), tabs)
		}
		if tabs[201] == 0 { // the key that was sent ten times came first
			f.clock.Advance(6 * 24 * time.Hour)
			if late := f.do(same); late.status != 201 || seen[string(late.body)] != 10 || len(seen) != 1 {
				t.Errorf("%d different answers; late: %d %s", len(seen), late.status, late.body)
			}
		}
	})
}

// SOP 5.2.10.d, 5.2.10.h, 5.2.10.k, 5.2.10.l, 5.2.10.m, 5.2.10.n, 5.2.10.o, 5.2.10.p, 5.2.10.q, 5.2.10.r: what is missing or
// wrong is named with its field and clause, and nothing is kept, the measurement neither.
func TestTroubleIsRefusedWithFieldAndClause(t *testing.T) {
	onFloor(t, func(f *floor) {
		const no = "152999000103"
		f.lined(no, "-30")
		good := complaint(no, "")
		change := func(old, new string) string {
			t.Helper()
			if !strings.Contains(good, old) {
				t.Fatalf("%s is not in the body", old)
			}
			return strings.Replace(good, old, new, 1)
		}
		for _, c := range []struct{ field, clause, body string }{
			{"service_no", "5.2.10.d", change(no, "99")},
			{"service_no", "5.2.10.d", `{}`},
			{"service", "5.2.10.h", change(`"internet"`, `"radio"`)},
			{"symptom", "5.2.10.k", change(`"tbc"`, `"xyz"`)},
			{"symptom", "5.2.10.k", change(`"tbc"`, `"lgn"`)}, // does not go with a line out of spec
			{"contact.name", "5.2.10.l", change(`"name":"Ibu Contoh"`, `"name":""`)},
			{"contact.email", "5.2.10.m", change("ibu@contoh.id", "ibu@contoh")},
			{"contact.mobile", "5.2.10.n", change("0812-9999-0011", "0341-555")},
			{"hard_complaint", "5.2.10.o", change(`"ramah"`, `"senang"`)},
			{"urgency", "5.2.10.p", change(`"urgency":"normal"`, `"urgency":"soon"`)},
			{"first_call_resolution", "5.2.10.q", change(`"first_call_resolution":"no"`, `"first_call_resolution":"maybe"`)},
			{"slot", "5.2.10.s.schedule", complaint(no, `,"slot":"77"`)},
			{"source_ticket", "", complaint(no, `,"source_ticket":"x"`)},
			{"contact.fax", "", change(`"name"`, `"fax":"1","name"`)},
		} {
			a := f.refused(422, "invalid", "", who.Agent, "POST", "/trouble", c.body)
			if a.json["field"] != c.field || c.clause != "" && a.json["clause"] != c.clause {
				t.Errorf("want %s by %s, got %s", c.field, c.clause, a.body)
			}
		}
		f.refused(409, "conflict", "", who.Agent, "POST", "/trouble", complaint(no, `,"source_ticket":"77"`))
		if list := f.ok(200, who.Agent, "GET", "/trouble", "").json["trouble"].([]any); len(list) != 0 {
			t.Errorf("kept %v", list)
		}
		if found := f.ok(200, who.Agent, "GET", "/lines/"+no+"/measurements", "").json["measurements"].([]any); len(found) != 0 {
			t.Errorf("kept %v", found)
		}
	})
}

// brokenSource is a measuring network that is down.
type brokenSource struct{}

func (brokenSource) Measure(context.Context, line.Line) (line.Reading, error) {
	return line.Reading{}, errors.New("connection refused")
}

// SOP 5.2.10.j: a measurement that fails is recorded and does not block. SOP 5.2.10.q.yes, A-33: solved is resolved at once.
func TestAFailedMeasurementDoesNotBlock(t *testing.T) {
	onFloor(t, func(f *floor) {
		f.lined("152999000104", "-20")
		f.http = api.New(api.Parts{Store: f.store, Staff: staff.New(f.store, staff.Options{}), Seat: f.seat,
			Meter: line.NewMeter(f.store, brokenSource{}, "ibooster")})
		for no, failure := range map[string]string{"152999000104": "source", "152999000105": "unknown-line"} {
			a := f.ok(201, who.Agent, "POST", "/trouble", strings.Replace(complaint(no, ""), `"first_call_resolution":"no"`, `"first_call_resolution":true`, 1))
			m := a.json["measurement"].(map[string]any)
			if m["verdict"] != "FAILED" || m["failure"] != failure || m["onu_rx_pwr"] != nil || m["detail"] == nil {
				t.Errorf("got %v", m)
			}
			if a.json["state"] != "RESOLVED" || a.json["first_call_resolution"] != "yes" || a.json["booking_status"] != "BNOK" {
				t.Errorf("got %s", a.body)
			}
		}
	})
}

// SOP 5.2.10.j: what a source that is down cannot say comes from the recorded table, and the answer says why.
func TestAMeasurementSaysWhoWasAskedBefore(t *testing.T) {
	onFloor(t, func(f *floor) {
		f.lined("152999000107", "-20")
		f.http = api.New(api.Parts{Store: f.store, Staff: staff.New(f.store, staff.Options{}), Seat: f.seat,
			Meter: line.NewChain(f.store, line.Named{Source: line.Recorded{Store: f.store}, Name: "tabel"}, line.Named{Source: brokenSource{}, Name: "olt-malang"})})
		m := f.ok(201, who.Agent, "POST", "/lines/152999000107/measurements", "{}").json
		passed, _ := m["passed"].([]any)
		if len(passed) != 1 || m["verdict"] != "SPEC" || m["source"] != "tabel" {
			t.Fatalf("got %v", m)
		}
		if one := passed[0].(map[string]any); one["source"] != "olt-malang" || one["failure"] != "source" || one["detail"] != phrase.Say(phrase.ID, "line.failure.source") {
			t.Errorf("got %v", one)
		}
	})
}

// SOP 5.3.7.a.route, 5.3.7.a.note, 5.3.7.a.resolve, 5.3.7.b.dispatch, 5.6.2.b.reopen, 5.7.9: worklog and workflow; a move that
// the state does not offer is refused and names those it does; the number stays through a reopen.
func TestTroubleMovesOnlyAsItsStateOffers(t *testing.T) {
	onFloor(t, func(f *floor) {
		const no = "152999000106"
		f.lined(no, "-20")
		path := "/trouble/" + f.filed(no, "")
		seen := f.ok(200, who.Leader, "GET", path, "")
		if got := moves(seen); got != "hold visit dispatch final-check resolve" {
			t.Errorf("a leader is offered %q", got)
		}
		for role, want := range map[who.Role]string{who.Tier1: "", who.Quality: "", who.Feed: ""} {
			if got := moves(f.ok(200, role, "GET", path, "")); got != want {
				t.Errorf("%s is offered %q", role, got)
			}
		}
		a := f.refused(409, "conflict", "move", who.Agent, "POST", path+"/moves", `{"move":"reopen","reason":"belum normal"}`)
		if legal := fmt.Sprint(a.json["legal"]); legal != "[hold visit dispatch final-check resolve]" || a.json["clause"] != "5.3.7.a.route" {
			t.Errorf("got %s", a.body)
		}
		forbidden := f.refused(403, "forbidden", "move", who.Tier1, "POST", path+"/moves", `{"move":"resolve"}`)
		if legal, told := forbidden.json["legal"].([]any); !told || len(legal) != 0 {
			t.Errorf("got %s", forbidden.body)
		}
		f.refused(422, "invalid", "note", who.Agent, "POST", path+"/moves", `{"move":"resolve"}`)
		for _, n := range []string{`{"type":"NOTE","detail":"x"}`, `{"type":"AGENTNOTE"}`, `{"type":"AGENTNOTE","summary":"` + strings.Repeat("é", 201) + `"}`} {
			f.refused(422, "invalid", "", who.Agent, "POST", path+"/worklog", n)
		}
		noted := f.ok(201, who.Agent, "POST", path+"/worklog", `{"type":"AGENTNOTE","summary":"Sudah dicek","detail":"Pelanggan minta dihubungi sore"}`)
		if log := noted.json["worklog"].([]any); len(log) != 1 || log[0].(map[string]any)["detail"] != "Pelanggan minta dihubungi sore" || noted.json["lapul"] != 0.0 {
			t.Errorf("got %s", noted.body)
		}
		f.refused(422, "invalid", "group", who.Agent, "POST", path+"/moves", `{"move":"dispatch","classification":"internet-mati","group":"admin"}`)
		sent := f.ok(200, who.Agent, "POST", path+"/moves", `{"move":"dispatch","classification":"A_INTERNET_001_001_002","group":"Logic backend","note":"Mohon dicek"}`)
		if sent.json["state"] != "BACKEND" || sent.json["group"] != "logic" || sent.json["classification"] != "internet-mati" {
			t.Errorf("got %s", sent.body)
		}
		f.clock.Advance(90 * time.Minute)
		f.refused(409, "conflict", "", who.Agent, "POST", path+"/moves", `{"move":"resolve","note":"selesai","version":1}`)
		solved := f.ok(200, who.Agent, "POST", path+"/moves", `{"move":"resolve","note":"Normal kembali"}`)
		if solved.json["state"] != "RESOLVED" || solved.json["ttr_s"] != 5400.0 || solved.json["resolved_at"] == nil || solved.json["tmf_state"] != "resolved" {
			t.Errorf("got %s", solved.body)
		}
		back := f.ok(200, who.Agent, "POST", path+"/moves", `{"move":"reopen","note":"Mati lagi kata pelanggan"}`)
		history := back.json["history"].([]any)
		last := history[len(history)-1].(map[string]any)
		if "/trouble/"+back.json["no"].(string) != path || back.json["reopens"] != 1.0 || last["reason"] != "Mati lagi kata pelanggan" || last["was"] != "RESOLVED" {
			t.Errorf("got %s", back.body)
		}
		f.refused(404, "missing", "", who.Agent, "POST", "/trouble/IN99999999/moves", `{"move":"resolve"}`)
		f.refused(404, "missing", "", who.Agent, "POST", "/trouble/x/worklog", `{"type":"AGENTNOTE","summary":"x"}`)
		if lower := f.ok(200, who.Agent, "GET", strings.ToLower(path), ""); lower.json["no"] != back.json["no"] {
			t.Errorf("got %s", lower.body)
		}
	})
}

// A trouble ticket is found by its number in every form and by its service, with its state and the ticket of the queue that
// belongs to it - to who may see that one - and its telephone masked.
func TestSearchFindsTroubleTickets(t *testing.T) {
	onFloor(t, func(f *floor) {
		id := f.ok(http.StatusCreated, who.Tier1, "POST", "/tickets", opening("CB-1", `,"service_no":"152999000140"`)).json["id"]
		f.lined("152999000140", "-20")
		f.ok(200, who.Agent, "POST", "/work/next", `{}`)
		no := f.filed("152999000140", fmt.Sprintf(`,"source_ticket":%q`, id))
		f.filed("152999000141", "")
		f.fill()
		find := func(role who.Role, q, kinds string) []any {
			t.Helper()
			return f.ok(200, role, "POST", "/search", fmt.Sprintf(`{"q":%q,"kinds":[%s]}`, q, kinds)).json["hits"].([]any)
		}
		for _, q := range []string{no, strings.ToLower(no), "IN " + no[2:], "152999000140", "152-999-000-140"} {
			hits := find(who.Leader, q, `"trouble"`)
			if len(hits) != 1 {
				t.Fatalf("%q finds %d", q, len(hits))
			}
			hit := hits[0].(map[string]any)
			found, queue := hit["trouble"].(map[string]any), hit["queue"].([]any)
			if hit["kind"] != "trouble" || found["no"] != no || found["state"] != "ANALYSIS" || len(queue) != 1 || queue[0].(map[string]any)["id"] != id || queue[0].(map[string]any)["ref"] != "CB-1" {
				t.Errorf("%q: %v", q, hit)
			}
			if strings.Contains(fmt.Sprint(hit), "99990011") {
				t.Errorf("%q shows the number whole: %v", q, hit)
			}
		}
		if both := find(who.Leader, "152999000140", ""); len(both) != 2 || both[0].(map[string]any)["kind"] != "trouble" || both[1].(map[string]any)["kind"] != "ticket" {
			t.Errorf("of both kinds: %v", both)
		}
		if hits := find(who.Leader, "152999000140", `"ticket"`); len(hits) != 1 || hits[0].(map[string]any)["trouble"] != nil {
			t.Errorf("of tickets: %v", hits)
		}
		other, _ := f.person("1151", who.Tier1)
		a := f.do(call{method: "POST", path: "/api/v1/search", token: other, body: fmt.Sprintf(`{"q":%q}`, no)})
		if hits := a.json["hits"].([]any); len(hits) != 1 || hits[0].(map[string]any)["queue"] != nil {
			t.Errorf("who may not see the ticket of the queue: %s", a.body)
		}
		for _, role := range []who.Role{who.Controller, who.Feed} {
			f.refused(403, "forbidden", "", role, "POST", "/search", fmt.Sprintf(`{"q":%q}`, no))
		}
	})
}

// SOP 5.7.9: the same note sent again with its key is one note; another key is another.
func TestANoteIsWrittenOnce(t *testing.T) {
	onFloor(t, func(f *floor) {
		const no = "152999000107"
		path := "/api/v1/trouble/" + f.filed(no, "") + "/worklog"
		note := call{method: "POST", path: path, token: f.tokens[who.Tier1], key: "sekali", body: `{"type":"CLIENTNOTE","detail":"Masih mati"}`}
		first, again := f.do(note), f.do(note)
		if string(first.body) != string(again.body) || first.status != 201 || first.json["lapul"] != 1.0 {
			t.Errorf("%d %s\n%s", first.status, first.body, again.body)
		}
		note.key = "lagi"
		if a := f.do(note); a.json["lapul"] != 2.0 {
			t.Errorf("got %s", a.body)
		}
	})
}

// The table of lines is the network's and the administrator's; who changed it is kept, the numbers are not.
func TestALinePutIsJournaled(t *testing.T) {
	onFloor(t, func(f *floor) {
		for _, role := range []who.Role{who.Leader, who.Agent, who.Quality} {
			f.refused(403, "forbidden", "", role, "PUT", "/lines/152999000130", `{"sto":"MLG"}`)
		}
		f.lined("152999000130", "-20")
		f.ok(200, who.Feed, "PUT", "/lines/152999000131", `{"sto":"MLG"}`)
		if n, last := f.wrote(who.Feed, "line.put"); n != 2 || fmt.Sprint(last) != "map[answers:0 lines:1]" {
			t.Errorf("%d entries, the last %v", n, last)
		}
	})
}

func TestTroubleListsByStateAndGroup(t *testing.T) {
	onFloor(t, func(f *floor) {
		for i := range 3 {
			f.filed(fmt.Sprintf("15299900011%d", i), "")
		}
		list := func(query string) []any {
			t.Helper()
			return f.ok(200, who.Agent, "GET", "/trouble"+query, "").json["trouble"].([]any)
		}
		group := list("")[0].(map[string]any)["group"].(string)
		if len(list("?state=ANALYSIS")) != 3 || len(list("?state=CLOSED")) != 0 || len(list("?group="+group)) != 3 || len(list("?group=admin")) != 0 || len(list("?group=mine")) != 0 {
			t.Error("state and group do not narrow")
		}
		f.write(func(tx *db.Tx) error { return trouble.Join(tx, staff.Console, f.ids[who.Agent], group) })
		if n := len(list("?group=mine&state=ANALYSIS")); n != 3 {
			t.Errorf("%d of my group's incidents", n)
		}
		page := f.ok(200, who.Agent, "GET", "/trouble?limit=2", "")
		if next := page.json["next"]; next == nil || len(list("?limit=2&after="+next.(string))) != 1 {
			t.Errorf("got %s", page.body)
		}
		for _, q := range []string{"state=open", "service_no=12", "limit=0", "after=x", "phone=1"} {
			f.refused(422, "invalid", "", who.Agent, "GET", "/trouble?"+q, "")
		}
	})
}

// A number in a URL or a body never reaches the log, whatever goes wrong.
func TestNoLogLineHoldsANumber(t *testing.T) {
	onFloor(t, func(f *floor) {
		var log bytes.Buffer
		f.http = api.New(api.Parts{Store: f.store, Staff: staff.New(f.store, staff.Options{}), Seat: f.seat, Log: slog.New(slog.NewTextHandler(&log, nil))})
		f.refused(422, "invalid", "", who.Agent, "GET", "/trouble?service_no=081299990011", "")
		f.refused(422, "invalid", "", who.Agent, "POST", "/trouble", strings.Replace(complaint("152999000108", ""), "0812-9999-0011", "0341 99990011", 1))
		f.refused(422, "invalid", "", who.Agent, "POST", "/lines/081299990011/measurements", `{}`)
		if err := f.store.Close(); err != nil {
			t.Fatal(err)
		}
		f.as(who.Agent, "GET", "/lines/152999000108/measurements", "")
		f.as(who.Agent, "GET", "/trouble?service_no=152999000108", "")
		if strings.Contains(log.String(), "9999001") || strings.Contains(log.String(), "152999000108") {
			t.Errorf("the log: %s", log.String())
		}
	})
}

// SOP 5.2.10.a, 5.2.3.escalation: the act during a call takes the number of the ticket in hand, and only of that one.
func TestTroubleDuringACall(t *testing.T) {
	onFloor(t, func(f *floor) {
		f.ok(http.StatusCreated, who.Tier1, "POST", "/tickets", opening("CB-1", `,"service_no":"152999000109"`))
		f.lined("152999000109", "-20")
		taken := f.ok(200, who.Agent, "POST", "/work/next", `{}`)
		id := taken.json["ticket"].(map[string]any)["id"].(string)
		body := strings.Replace(complaint("", fmt.Sprintf(`,"source_ticket":%q`, id)), `"service_no":"",`, "", 1)
		f.refused(409, "conflict", "", who.Tier1, "POST", "/trouble", body)
		a := f.ok(201, who.Agent, "POST", "/trouble", body)
		if a.json["source_ticket"] != id || a.json["service_no"] != "152999000109" || a.json["measurement"] == nil {
			t.Errorf("got %s", a.body)
		}
	})
}

// SOP 5.2.10.branch, A-10: a report that only an outside system keeps refuses a second one through the API too; with the customer's words
// the answer is that they are on their way there.
func TestTheirReportIsNotOpenedAgain(t *testing.T) {
	onFloor(t, func(f *floor) {
		f.seat.Need = func(db.ID, string, db.ID) {}
		err := f.store.Write(context.Background(), func(tx *db.Tx) error {
			_, err := customer.Learn(tx, customer.Word{Reports: []customer.Report{{Source: "pusat", Application: "nossa", No: "IN60000001", ServiceNo: "152999000001", State: "held", Open: true}}}, customer.Learning{})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		f.refused(409, "conflict", "service_no", who.Tier1, "POST", "/trouble", `{"service_no":"152999000001","symptom":"tbc"}`)
		a := f.ok(202, who.Tier1, "POST", "/trouble", `{"service_no":"152999000001","customer_note":"Masih mati"}`)
		if a.json["no"] != "IN60000001" || a.json["application"] != "nossa" || a.json["outcome"] != "already-reported" {
			t.Errorf("%s", a.body)
		}
	})
}
