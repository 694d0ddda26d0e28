package api_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sapa/internal/api"
	"sapa/internal/db"
	"sapa/internal/registration"
	"sapa/internal/staff"
	"sapa/internal/who"
)

// named fills the floor with one customer whose name, and her husband's, stand everywhere a name may stand, and gives what the
// places of the routes are.
func (f *floor) named() *strings.Replacer {
	f.t.Helper()
	const service, words = "152999000001", "Bu Sekar (suami: TIRTA, keluarga Lestari) minta dihubungi"
	c := f.sekar()
	f.lined(service, "-20.5")
	f.ok(200, who.Feed, "PUT", "/devices/"+service, `{"acs_id":"202BC1-BM632w-1","ssid":"Rumah Sekar"}`)
	f.ok(200, who.Leader, "PUT", "/packages", `{"packages":[{"code":"inet-50","name":"Internet 50 Mbps","price":315000}]}`)
	outage := f.ok(201, who.Leader, "POST", "/outages", `{"scope":{"sto":"BTU"},"reason":"Kabel laut putus (rekaan)"}`).json["id"].(string)
	id := f.ok(201, who.Tier1, "POST", "/tickets", fmt.Sprintf(`{"campaign":"callback","ref":"CB-1","service_no":%q,"contact":{"name":"Sekar Lestari","phone":"089990001111"},
		"note":%q,"fields":{"catatan":%q}}`, service, words, words)).json["id"].(string)
	lease := f.ok(200, who.Agent, "POST", "/work/next", `{"campaigns":["callback"]}`).json["lease"].(map[string]any)["token"].(string)
	f.ok(204, who.Agent, "POST", "/tickets/"+id+"/read", fmt.Sprintf(`{"lease":%q}`, lease))
	f.ok(201, who.Agent, "POST", "/tickets/"+id+"/dial", fmt.Sprintf(`{"lease":%q}`, lease))
	f.noAnswer("/tickets/"+id, lease)
	f.ok(200, who.Agent, "POST", "/tickets/"+id+"/finish", strings.Replace(fmt.Sprintf(rung, lease), "tidak", "Bu Sekar tidak", 1))
	f.ok(201, who.Feed, "POST", "/tickets", `{"campaign":"callback","ref":"CB-2","contact":{"name":"Tirta Lestari","phone":"089990003333"},"note":"Pak Tirta menunggu"}`)
	body := strings.NewReplacer("Ibu Contoh", "Tirta Lestari", "Internet mati", "Internet Bu Sekar mati").Replace(complaint(service, ""))
	no := f.ok(201, who.Leader, "POST", "/trouble", body).json["no"].(string)
	f.ok(201, who.Leader, "POST", "/trouble/"+no+"/worklog", fmt.Sprintf(`{"type":"CLIENTNOTE","summary":%q,"detail":%q}`, words, "Lagi: "+words))
	f.ok(200, who.Leader, "POST", "/trouble/"+no+"/moves", fmt.Sprintf(`{"move":"resolve","note":%q}`, words))
	var request string
	err := f.store.Write(context.Background(), func(tx *db.Tx) error {
		made, err := registration.Open(tx, who.House, registration.New{Customer: c.ID, Name: c.Name, Phone: string(cpTwo), Address: c.Address, Package: "inet-50", STO: "MLG", Note: words})
		request = made.No
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	f.ok(200, who.Leader, "POST", "/registrations/"+request+"/moves", fmt.Sprintf(`{"move":"cancel","note":%q}`, words+" di "+cpTwo.Print()))
	f.fill()
	return strings.NewReplacer("/tickets/{id}", "/tickets/"+id, "/customers/{id}", "/customers/"+c.ID.String(), "/trouble/{no}", "/trouble/"+no,
		"/registrations/{no}", "/registrations/"+request, "/outages/{id}", "/outages/"+outage, "{service_no}", service, "{name}", "ladder", "/clauses/{id}", "/clauses/5.2.4.longest",
		"/coverage", "/coverage?sto=MLG", "/slots", "/slots?sto=MLG", "{code}", "internet-los", "{revision}", "1", "/items", "/items?kind=ticket")
}

// herName is any word of the two names.
var herName = regexp.MustCompile(`(?i)sekar|tirta|lestari`)

// trust.md, access: who need not read names reads none through the API either - not in a ticket, not in what somebody typed into it;
// who works with people reads them all.
func TestNamesAreReadByThoseWhoMay(t *testing.T) {
	nobody := []string{"/knowledge/{code}", "/purges/{id}", "/procedure/draft"} // what is about nobody, of which this floor has none
	people := []string{"/tickets", "/tickets/{id}", "/customers/{id}", "/trouble", "/trouble/{no}", "/registrations", "/registrations/{no}", "/devices/{service_no}"}
	onFloor(t, func(f *floor) {
		filled := f.named()
		for _, r := range api.Routes() {
			path := filled.Replace(r.Pattern)
			for _, role := range r.Roles() {
				if r.Open || r.Method != http.MethodGet || staff.Plain(who.Actor{ID: 1, Role: role}, staff.FieldName) {
					continue
				}
				a := f.do(call{method: r.Method, path: path, token: f.tokens[role]})
				if a.status != 200 && !slices.ContainsFunc(nobody, func(part string) bool { return strings.Contains(r.Pattern, part) }) && role == who.Quality {
					t.Errorf("%s %s: %d %s", role, path, a.status, a.body)
				}
				if name := herName.FindString(string(a.body)); name != "" && (role != who.Feed || !strings.HasPrefix(r.Pattern, "/api/v1/tickets")) { // a feed has brought CB-2
					t.Errorf("%s reads %s at %s: %s", role, name, r.Pattern, a.body)
				}
			}
		}
		for _, pattern := range people {
			if a := f.ok(200, who.Leader, "GET", filled.Replace(pattern), ""); !strings.Contains(string(a.body), "Sekar") {
				t.Errorf("a leader reads no name at %s: %s", pattern, a.body)
			}
		}
		if a := f.ok(200, who.Leader, "GET", filled.Replace("/registrations/{no}"), ""); strings.Contains(string(a.body), cpTwo.Print()) {
			t.Errorf("the whole telephone stands in a history: %s", a.body)
		}
		one := f.ok(200, who.Quality, "GET", filled.Replace("/trouble/{no}"), "").json
		if contact := one["contact"].(map[string]any); contact["name"] != "T••• L•••" || one["customer_name"] != "S••• L•••" || !strings.Contains(one["subject"].(string), " / S••• L••• / 152999000001 / ") ||
			!strings.Contains(one["description"].(string), "Internet Bu S••• mati sejak pagi, lampu PON mati") {
			t.Errorf("quality reads %v", one)
		}
	})
}

// What an act answers is masked like what is read, and nothing is found by a name that its seeker need not read.
func TestNamesAreMaskedInAnswersAndNotFound(t *testing.T) {
	onFloor(t, func(f *floor) {
		filled := f.named()
		if a := f.ok(201, who.Feed, "POST", filled.Replace("/trouble/{no}/worklog"), `{"type":"AGENTNOTE","summary":"Bu Sekar ditelepon"}`); herName.Match(a.body) {
			t.Errorf("a worklog answers a feed %s", a.body)
		}
		brought := `{"campaign":"callback","ref":"CB-3","contact":{"name":"Tirta Lestari","phone":"089990004444"},"note":"Pak Tirta menunggu"}`
		if a := f.ok(201, who.Feed, "POST", "/tickets", brought).json; a["contact"].(map[string]any)["name"] != "Tirta Lestari" || a["note"] != "Pak Tirta menunggu" {
			t.Errorf("a feed reads of what it brought: %v", a)
		}
		if a := f.ok(200, who.Quality, "POST", "/search", `{"q":"CB-3"}`); herName.Match(a.body) || len(hits(a, "ticket")) != 1 {
			t.Errorf("quality finds what the feed brought as %s", a.body)
		}
		find := func(role who.Role, q string) said {
			return f.ok(200, role, "POST", "/search", fmt.Sprintf(`{"q":%q}`, q))
		}
		byNumber := find(who.Quality, "152999000001")
		for _, kind := range []string{"customer", "ticket", "trouble"} {
			if len(hits(byNumber, kind)) == 0 {
				t.Errorf("quality finds no %s by its number: %s", kind, byNumber.body)
			}
		}
		if herName.Match(byNumber.body) {
			t.Errorf("quality finds %s", byNumber.body)
		}
		for _, q := range []string{"sekar lestari", "tirta"} {
			if a := find(who.Quality, q); len(a.json["hits"].([]any)) != 0 {
				t.Errorf("quality finds %q: %s", q, a.body)
			}
			if a := find(who.Leader, q); len(hits(a, "ticket")) == 0 || !herName.Match(a.body) {
				t.Errorf("a leader finds nothing by %q: %s", q, a.body)
			}
		}
		f.refused(422, "invalid", "q", who.Quality, "POST", "/search", `{"q":"se"}`)
	})
}
