package api_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"sapa/internal/who"
)

// planned puts slots of Malang, two hours each from nine o'clock tomorrow on, with these capacities; it gives their ids.
func (f *floor) planned(capacity ...int) []string {
	f.t.Helper()
	var rows []string
	for i, n := range capacity {
		rows = append(rows, fmt.Sprintf(`{"sto":"MLG","from":"2026-11-24T%02d:00:00+07:00","until":"2026-11-24T%02d:00:00+07:00","capacity":%d}`, 9+2*i, 11+2*i, n))
	}
	a := f.ok(200, who.Leader, "PUT", "/slots", `{"slots":[`+strings.Join(rows, ",")+`]}`)
	var ids []string
	for _, s := range a.json["slots"].([]any) {
		ids = append(ids, s.(map[string]any)["id"].(string))
	}
	return ids
}

// remaining is what the schedule shows as left, window by window.
func (f *floor) remaining() string {
	f.t.Helper()
	var all []string
	for _, s := range f.ok(200, who.Agent, "GET", "/slots?sto=MLG", "").json["slots"].([]any) {
		all = append(all, fmt.Sprint(s.(map[string]any)["remaining"]))
	}
	return strings.Join(all, " ")
}

// SOP 5.2.10.s.schedule: the schedule by STO, date and window; the same window again changes its capacity.
func TestSlotsArePlannedAndShown(t *testing.T) {
	onFloor(t, func(f *floor) {
		ids := f.planned(2, 1, 0)
		if got := f.remaining(); got != "2 1 0" {
			t.Errorf("remaining %s", got)
		}
		if again := f.planned(3, 1, 0); again[0] != ids[0] || f.remaining() != "3 1 0" {
			t.Errorf("put again: %v, remaining %s", again, f.remaining())
		}
		first := f.ok(200, who.Quality, "GET", "/slots?sto=MLG&from=2026-11-24&to=2026-11-24T10:00:00%2B07:00", "").json["slots"].([]any)
		if len(first) != 1 || first[0].(map[string]any)["from"] != "2026-11-24T09:00:00+07:00" || first[0].(map[string]any)["zone"] != "Asia/Jakarta" {
			t.Errorf("got %v", first)
		}
		if other := f.ok(200, who.Agent, "GET", "/slots?sto=BTU", "").json["slots"].([]any); len(other) != 0 {
			t.Errorf("another STO's: %v", other)
		}
		for _, q := range []string{"", "sto=malang", "sto=MLG&from=besok", "sto=MLG&from=2026-11-24&to=2026-11-23", "sto=MLG&day=1"} {
			f.refused(422, "invalid", "", who.Agent, "GET", "/slots?"+q, "")
		}
		for _, body := range []string{`{}`, `{"slots":{}}`, `{"slots":[1]}`, `{"slots":[{"sto":"MLG","capacity":1}]}`, `{"slots":[{"sto":"MLG","form":"x"}]}`,
			`{"slots":[{"sto":"MLG","from":"2026-11-24T09:00:00+07:00","until":"2026-11-24T11:00:00+07:00","zone":"Mars/Olympus","capacity":1}]}`,
			`{"slots":[{"sto":"MLG","from":"2026-11-24T09:00:00+07:00","until":"2026-11-24T11:00:00+07:00","capacity":1001}]}`} {
			f.refused(422, "invalid", "", who.Leader, "PUT", "/slots", body)
		}
	})
}

// SOP 5.2.10.s.schedule, 5.2.10.s.ok, 5.2.10.i.bok: hold, confirm, move twice, let go; the trouble ticket says what became of it.
func TestAHoldBecomesABooking(t *testing.T) {
	onFloor(t, func(f *floor) {
		ids := f.planned(1, 1, 1, 1)
		no := f.filed("152999000121", "")
		held := f.ok(201, who.Agent, "POST", "/slots/"+ids[0]+"/holds", "")
		path := "/holds/" + held.json["id"].(string)
		if held.json["state"] != "held" || held.json["until"] != "2026-11-23T09:05:00+07:00" || f.remaining() != "0 1 1 1" {
			t.Errorf("got %s, remaining %s", held.body, f.remaining())
		}
		full := f.refused(409, "conflict", "slot", who.Tier1, "POST", "/slots/"+ids[0]+"/holds", "")
		if next := full.json["next"].([]any); len(next) != 3 || next[0].(map[string]any)["id"] != ids[1] {
			t.Errorf("got %s", full.body)
		}
		for _, act := range [][2]string{{"POST", "/confirm"}, {"POST", "/moves"}, {"DELETE", ""}} { // not theirs: not there
			body := map[string]string{"/confirm": fmt.Sprintf(`{"ref":%q}`, no), "/moves": fmt.Sprintf(`{"slot":%q}`, ids[1])}[act[1]]
			f.refused(404, "missing", "", who.Tier1, act[0], path+act[1], body)
		}
		f.refused(409, "conflict", "", who.Agent, "POST", path+"/moves", fmt.Sprintf(`{"slot":%q}`, ids[1]))
		f.refused(422, "invalid", "ref", who.Agent, "POST", path+"/confirm", `{}`)
		booked := f.ok(200, who.Agent, "POST", path+"/confirm", fmt.Sprintf(`{"ref":%q}`, strings.ToLower(no)))
		if booked.json["state"] != "confirmed" || booked.json["ref"] != no || booked.json["until"] != nil {
			t.Errorf("got %s", booked.body)
		}
		if seen := f.ok(200, who.Agent, "GET", "/trouble/"+no, ""); seen.json["booking_status"] != "BOK" || !strings.HasSuffix(seen.json["subject"].(string), "/ BOK") ||
			seen.json["booking"].(map[string]any)["id"] != booked.json["id"] {
			t.Errorf("got %s", seen.body)
		}
		for i := 1; i <= 2; i++ {
			moved := f.ok(200, who.Leader, "POST", path+"/moves", fmt.Sprintf(`{"slot":%q}`, ids[i]))
			if moved.json["moves"] != float64(i) || moved.json["slot"].(map[string]any)["id"] != ids[i] {
				t.Errorf("got %s", moved.body)
			}
		}
		f.refused(409, "conflict", "", who.Leader, "POST", path+"/moves", fmt.Sprintf(`{"slot":%q}`, ids[3]))
		f.refused(404, "missing", "", who.Leader, "POST", path+"/moves", `{"slot":"77"}`)
		f.refused(422, "invalid", "slot", who.Leader, "POST", path+"/moves", `{"slot":"x"}`)
		f.refused(422, "invalid", "reason", who.Agent, "DELETE", path, `{}`)
		f.ok(204, who.Agent, "DELETE", path, `{"reason":"pelanggan di luar kota"}`)
		f.ok(204, who.Agent, "DELETE", path, `{"reason":"pelanggan di luar kota"}`)
		if seen := f.ok(200, who.Agent, "GET", "/trouble/"+no, ""); seen.json["booking_status"] != "BPN" || seen.json["booking"] != nil || f.remaining() != "1 1 1 1" {
			t.Errorf("got %s, remaining %s", seen.body, f.remaining())
		}
		f.ok(200, who.Agent, "POST", "/trouble/"+no+"/moves", `{"move":"resolve","note":"Normal"}`)
		late := f.ok(201, who.Agent, "POST", "/slots/"+ids[0]+"/holds", "").json["id"].(string)
		f.refused(409, "conflict", "ref", who.Agent, "POST", "/holds/"+late+"/confirm", fmt.Sprintf(`{"ref":%q}`, no))
		f.ok(204, who.Agent, "DELETE", "/holds/"+late, "")
		for _, nobodys := range []string{"77", "x", "-1"} {
			f.refused(404, "missing", "", who.Agent, "POST", "/slots/"+nobodys+"/holds", "")
			f.refused(404, "missing", "", who.Agent, "DELETE", "/holds/"+nobodys, "")
		}
	})
}

// SOP 5.2.10.s.button, 5.2.10.s.ok, 5.2.10.i.bok, 5.2.10.i.bpn: a physical fault takes its slot with the complaint, held before
// or not, but not against the customer's word; none named is none that fits, and the ticket says that the button was there. A full slot opens no ticket.
func TestTroubleTakesItsSlot(t *testing.T) {
	onFloor(t, func(f *floor) {
		ids := f.planned(1, 1)
		for i := range 3 {
			f.lined(fmt.Sprintf("15299900013%d", i), "-30.5")
		}
		f.ok(201, who.Agent, "POST", "/slots/"+ids[0]+"/holds", "")
		a := f.ok(201, who.Agent, "POST", "/trouble", complaint("152999000130", fmt.Sprintf(`,"slot":%q,"customer_agrees":true`, ids[0])))
		slot := a.json["booking"].(map[string]any)
		if a.json["booking_status"] != "BOK" || a.json["state"] != "BACKEND" || a.json["sto"] != "MLG" || slot["state"] != "confirmed" ||
			slot["slot"].(map[string]any)["id"] != ids[0] || slot["ref"] != a.json["no"] || f.remaining() != "0 1" {
			t.Errorf("got %s, remaining %s", a.body, f.remaining())
		}
		full := f.refused(409, "conflict", "slot", who.Agent, "POST", "/trouble", complaint("152999000131", fmt.Sprintf(`,"slot":%q,"customer_agrees":"yes"`, ids[0])))
		if len(f.ok(200, who.Agent, "GET", "/trouble?service_no=152999000131", "").json["trouble"].([]any)) != 0 {
			t.Errorf("a ticket without its slot: %s", full.body)
		}
		if a := f.refused(422, "invalid", "slot", who.Agent, "POST", "/trouble", complaint("152999000131", fmt.Sprintf(`,"slot":%q,"customer_agrees":false`, ids[1]))); a.json["clause"] != "5.2.10.s.ok" {
			t.Errorf("a slot that the customer does not want: %s", a.body)
		}
		for i, body := range []string{"", `,"unscheduled":"none-fits"`} { // a place is left, and fits nobody
			number := fmt.Sprintf("15299900013%d", 3+i)
			f.lined(number, "-30.5")
			if none := f.ok(201, who.Agent, "POST", "/trouble", complaint(number, body)); none.json["booking_status"] != "BPN" || f.remaining() != "0 1" {
				t.Errorf("got %s, remaining %s", none.body, f.remaining())
			}
		}
		f.ok(201, who.Agent, "POST", "/trouble", complaint("152999000131", fmt.Sprintf(`,"slot":%q`, ids[1]))) // never held before; named is agreed
		if none := f.ok(201, who.Agent, "POST", "/trouble", complaint("152999000132", "")); none.json["booking_status"] != "BPN" || f.remaining() != "0 0" {
			t.Errorf("got %s, remaining %s", none.body, f.remaining())
		}
	})
}

// SOP 5.2.10.s.schedule: twenty agents want three places at once: three get one, each other is told; what nobody confirms
// comes back by itself.
func TestManyWantFewPlaces(t *testing.T) {
	onFloor(t, func(f *floor) {
		ids := f.planned(3)
		tokens := make([]string, 20)
		for i := range tokens {
			tokens[i], _ = f.person(fmt.Sprint("43", 100+i), who.Agent)
		}
		var mu sync.Mutex
		count := map[int]int{}
		var all sync.WaitGroup
		for i, token := range tokens {
			all.Go(func() {
				a, err := f.try(call{method: "POST", path: "/api/v1/slots/" + ids[0] + "/holds", token: token, key: fmt.Sprint("h", i)})
				mu.Lock()
				defer mu.Unlock()
				count[a.status]++
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if count[201] != 3 || count[409] != 17 || f.remaining() != "0" {
			t.Fatalf("%v, remaining %s", count, f.remaining())
		}
		f.clock.Advance(6 * time.Minute)
		if got := f.remaining(); got != "3" {
			t.Errorf("remaining %s after the holds' time", got)
		}
	})
}

// SOP 5.2.10.j: a measurement is judged and kept once, the newest is first, and a failed one is one too.
func TestALineIsMeasured(t *testing.T) {
	onFloor(t, func(f *floor) {
		const no = "152999000141"
		path := "/lines/" + no + "/measurements"
		unknown := f.ok(201, who.Agent, "POST", path, "")
		if unknown.json["verdict"] != "FAILED" || unknown.json["failure"] != "unknown-line" || unknown.json["class"] != nil {
			t.Errorf("got %s", unknown.body)
		}
		f.lined(no, "-31.25")
		ask := call{method: "POST", path: "/api/v1" + path, token: f.tokens[who.Tier1], key: "sekali", body: `{}`}
		first := f.do(ask)
		if first.status != 201 || first.json["verdict"] != "UNSPEC" || first.json["class"] != "fisik" || first.json["onu_rx_pwr"] != -31.25 ||
			first.json["measured_at"] != "2026-11-23T09:00:00+07:00" || first.json["service_no"] != no {
			t.Errorf("got %s", first.body)
		}
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				if again, err := f.try(ask); err != nil || string(again.body) != string(first.body) {
					t.Errorf("%v %s", err, again.body)
				}
			})
		}
		all.Wait()
		list := f.ok(200, who.Quality, "GET", path, "").json["measurements"].([]any)
		if len(list) != 2 || list[0].(map[string]any)["verdict"] != "UNSPEC" || list[1].(map[string]any)["verdict"] != "FAILED" {
			t.Errorf("got %v", list)
		}
		page := f.ok(200, who.Agent, "GET", path+"?limit=1", "").json
		if one := page["measurements"].([]any); len(one) != 1 || page["next"] == nil {
			t.Errorf("got %v", page)
		}
		rest := f.ok(200, who.Agent, "GET", path+"?limit=1&after="+page["next"].(string), "").json
		if one := rest["measurements"].([]any); len(one) != 1 || one[0].(map[string]any)["verdict"] != "FAILED" || rest["next"] != nil {
			t.Errorf("got %v", rest)
		}
		f.refused(422, "invalid", "service_no", who.Agent, "POST", "/lines/99/measurements", "")
		f.refused(422, "invalid", "service_no", who.Agent, "GET", "/lines/99/measurements", "")
		f.refused(422, "invalid", "limit", who.Agent, "GET", path+"?limit=0", "")
		for field, body := range map[string]string{"sto": `{}`, "odp": `{"sto":"MLG","odp":"x"}`, "technology": `{"sto":"MLG","technology":"radio"}`,
			"reading.onu_rx_pwr": `{"sto":"MLG","reading":{"onu_rx_pwr":"-20"}}`, "reading.power": `{"sto":"MLG","reading":{"power":1}}`} {
			f.refused(422, "invalid", field, who.Admin, "PUT", "/lines/"+no, body)
		}
		f.refused(422, "invalid", "service_no", who.Admin, "PUT", "/lines/99", `{"sto":"MLG"}`)
	})
}

// SOP 5.2.10.j: what is in spec is the site's to say, for the measurements to come; who comes second is told.
func TestTheLineRuleIsChanged(t *testing.T) {
	onFloor(t, func(f *floor) {
		const no = "152999000142"
		f.lined(no, "-22.5")
		before := f.ok(201, who.Agent, "POST", "/lines/"+no+"/measurements", "")
		if was := f.ok(200, who.Agent, "GET", "/line-rule", "").json; was["rx_min"] != -24.0 || was["version"] != 0.0 || len(was["past"].([]any)) != 1 {
			t.Errorf("%v", was)
		}
		put := f.ok(200, who.Admin, "PUT", "/line-rule", `{"rx_min":-22,"rx_max":-13.5,"version":0}`).json
		if put["rx_min"] != -22.0 || put["version"] != 1.0 || put["changed_by"] == nil || len(put["past"].([]any)) != 2 {
			t.Errorf("%v", put)
		}
		f.refused(409, "conflict", "version", who.Admin, "PUT", "/line-rule", `{"rx_min":-21,"rx_max":-13.5,"version":0}`)
		for field, body := range map[string]string{"rx_min": `{"rx_min":-13,"rx_max":-24,"version":1}`, "rx_max": `{"rx_min":-24,"version":1}`,
			"version": `{"rx_min":-24,"rx_max":-13}`, "more": `{"rx_min":-24,"rx_max":-13,"version":1,"more":1}`} {
			f.refused(422, "invalid", field, who.Admin, "PUT", "/line-rule", body)
		}
		after := f.ok(201, who.Agent, "POST", "/lines/"+no+"/measurements", "")
		if before.json["verdict"] != "SPEC" || after.json["verdict"] != "UNSPEC" {
			t.Errorf("%s then %s", before.body, after.body)
		}
	})
}
