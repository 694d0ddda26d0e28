package web_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"sapa/internal/db"
	"sapa/internal/line"
	"sapa/internal/outage"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// SOP 5.4: a leader declares and ends a mass outage on their seat; a form that says too little is refused where it stands.
func TestALeaderDeclaresAndEndsAnOutageOnTheirSeat(t *testing.T) {
	f, leader := newFloor(t), "leader"
	err := f.store.Write(context.Background(), func(tx *db.Tx) error {
		return line.PutLine(tx, line.Line{ServiceNo: "152999000201", STO: "MLG", Technology: line.Fibre})
	})
	if err != nil {
		t.Fatal(err)
	}
	if page := f.page(leader, "/lead"); !strings.Contains(page, `id="declare-form"`) {
		t.Fatal("the panel is not there")
	}
	f.ask(leader, "POST", "/lead/outages", url.Values{"key": {"k1"}, "kind": {"sto"}, "names": {"Malang"}, "reason": {"Kabel putus"}})
	form := url.Values{"key": {"k2"}, "kind": {"sto"}, "names": {"MLG, BTU"}, "reason": {"Kabel putus (rekaan)"}, "estimate": {"2030-01-02T13:00"}}
	for range 2 { // pressed twice
		f.ask(leader, "POST", "/lead/outages", form)
	}
	active := func() (all []outage.Outage) {
		if err := f.store.Read(context.Background(), func(tx *db.Tx) (err error) { all, err = outage.Active(tx); return err }); err != nil {
			t.Fatal(err)
		}
		return all
	}
	all := active()
	if len(all) != 1 || all[0].Reason != "Kabel putus (rekaan)" || all[0].Services != 1 || all[0].Estimate.IsZero() {
		t.Fatalf("%+v", all)
	}
	id := all[0].ID.String()
	if page := f.page(leader, "/lead"); !strings.Contains(page, `id="recover-`+id+`"`) || !strings.Contains(page, "Kabel putus (rekaan)") {
		t.Error("the outage does not stand on the leader's seat")
	}
	err = f.store.Write(context.Background(), func(tx *db.Tx) error {
		_, _, err := ticket.Open(tx, who.House, ticket.New{Campaign: ticket.Gamas, Ref: "IG-1", ServiceNo: "152999000201", Zone: "Asia/Makassar", Source: "feed",
			Contacts: []ticket.Contact{{Phone: "+628999000201"}}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	f.ask("agent", "POST", "/desk/next", url.Values{"key": {"k9"}})
	desk := f.page("agent", "/desk")
	if banner := tag(desk, "outage"); !strings.Contains(banner, `role="status"`) || !strings.Contains(desk, "Kabel putus (rekaan)") || !strings.Contains(desk, "14.00 WITA") {
		t.Errorf("the desk shows %q", banner)
	}
	f.ask(leader, "POST", "/lead/outages/"+id+"/recover", url.Values{"key": {"k3"}})
	if len(active()) != 0 {
		t.Error("it is not over")
	}
	if strings.Contains(f.page("agent", "/desk"), `id="outage"`) {
		t.Error("the banner stays when it is over")
	}
	if page := f.page(leader, "/lead"); strings.Contains(page, `id="recover-`+id+`"`) {
		t.Error("what is over can be ended again")
	}
}
