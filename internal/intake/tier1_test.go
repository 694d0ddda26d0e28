package intake_test

import (
	"context"
	"testing"
	"time"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/intake"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// form is a Tier-1 form that lacks nothing but a criterion's evidence.
func form(criterion string) intake.Form {
	return intake.Form{Campaign: "callback", ServiceNo: "152999000001", ContactName: "Sekar (data uji)", Phone: "089990001111",
		Note: "Minta dipandu atur ulang Wi-Fi, sudah coba nyalakan ulang modem", Criterion: criterion, Source: "tier1"}
}

func (f *floor) open(by who.Actor, form intake.Form) (t ticket.Ticket, fresh bool, err error) {
	err = f.store.Write(context.Background(), func(tx *db.Tx) error {
		t, fresh, err = f.desk.Open(tx, by, form)
		return err
	})
	return t, fresh, err
}

// Each criterion with and without its evidence; nothing is stored of a refused form.
func TestCriteria(t *testing.T) {
	onFloor(t, func(f *floor) {
		tier1 := f.actor("70001", who.Tier1)
		f.must(func(tx *db.Tx) error {
			_, err := customer.Put(tx, customer.Customer{Name: "Tirta (data uji)", Class: customer.VVIP, Zone: "Asia/Makassar", Phone: "+6289990002222", Invented: true},
				[]customer.Service{{No: "152999000002", Kind: "internet"}})
			return err
		})
		change := func(criterion string, do func(*intake.Form)) intake.Form { x := form(criterion); do(&x); return x }
		vvip := func(x *intake.Form) { x.ServiceNo = "152999000002" }
		for _, c := range []struct {
			name, key, field, clause string
			form                     intake.Form
		}{
			{"none", "intake.criterion", "criterion", "5.2.1", form("")},                                                             // SOP 5.2.1: exactly one criterion
			{"two", "intake.criterion", "criterion", "5.2.1", form("ab")},                                                            // SOP 5.2.1: exactly one criterion
			{"beyond", "intake.criterion", "criterion", "5.2.1", form("h")},                                                          // SOP 5.2.1: a to g
			{"no note", "intake.note", "note", "5.2.1", change("a", func(x *intake.Form) { x.Note = " \n" })},                        // SOP 5.2.1: note mandatory
			{"no CP", "phone.empty", "contact.phone", "5.2.1", change("a", func(x *intake.Form) { x.Phone = "" })},                   // SOP 5.2.1: CP mandatory
			{"bad CP", "phone.zero-lost", "contact.phone", "5.2.1", change("a", func(x *intake.Form) { x.Phone = "89990001111" })},   // SOP 5.2.1: CP that can be called
			{"bad other", "phone.form", "other_phone", "5.2.1", change("a", func(x *intake.Form) { x.OtherPhone = "kantor" })},       // SOP 5.2.1: CP that can be called
			{"bad jastel", "phone.service-form", "service_no", "5.2.10.d", change("a", func(x *intake.Form) { x.ServiceNo = "12" })}, // SOP 5.2.10.d: number's form
			{"a", "", "", "", form("a")}, // SOP 5.2.1.a: no evidence needed
			{"b", "", "", "", form("b")}, // SOP 5.2.1.b: no evidence needed
			{"c without", "intake.application", "application", "5.2.1.c", form("c")},         // SOP 5.2.1.c: which application
			{"c", "", "", "", change("c", func(x *intake.Form) { x.Application = "my-cx" })}, // SOP 5.2.1.c: which application
			{"d", "", "", "", form("d")},                                  // SOP 5.2.1.d: no evidence needed
			{"e not VVIP", "intake.vvip", "reason", "5.2.1.e", form("e")}, // SOP 5.2.1.e: agrees with the class
			{"e blank reason", "intake.vvip", "reason", "5.2.1.e", change("e", func(x *intake.Form) { x.Reason = "  " })}, // SOP 5.2.1.e: or a reason
			{"e reason", "", "", "", change("e", func(x *intake.Form) { x.Reason = "Titipan pimpinan witel" })},           // SOP 5.2.1.e: or a reason
			{"e VVIP", "", "", "", change("e", vvip)}, // SOP 5.2.1.e: agrees with the class
			{"f short", "intake.short-call", "call_s", "5.2.1.f", change("f", func(x *intake.Form) { x.CallS = 600 })},                                             // SOP 5.2.1.f: > 10 minutes, strictly
			{"f no word", "ticket.recommendation-missing", "recommendation", "5.2.1.f", change("f", func(x *intake.Form) { x.CallS = 601 })},                       // SOP 5.2.1.f: recommended by the leader
			{"f unknown", "ticket.recommendation-missing", "recommendation", "5.2.1.f", change("f", func(x *intake.Form) { x.CallS, x.Recommendation = 601, 99 })}, // SOP 5.2.1.f: recommended by the leader
			{"g without", "intake.request", "reason", "5.2.1.g", form("g")},                                                                                        // SOP 5.2.1.g: free text
			{"g", "", "", "", change("g", func(x *intake.Form) { x.Reason = "Minta ditelepon anaknya" })},                                                          // SOP 5.2.1.g: free text
		} {
			before := f.count()
			got, fresh, err := f.open(tier1, c.form)
			if c.key == "" {
				if err != nil || !fresh || got.Criterion != c.form.Criterion || !got.OpenedAt.Equal(f.clock.Now()) { // SOP 5.2.1: creation time starts the waiting clock
					t.Errorf("%s: %+v, %v, %v", c.name, got, fresh, err)
				}
				continue
			}
			refusedAs(t, err, c.key, c.field, c.clause)
			if f.count() != before {
				t.Errorf("%s left a ticket behind", c.name)
			}
		}
	})
}

// SOP 5.2.1.f: the leader's word is for the one who asked, and serves for one ticket.
func TestRecommendationServesOnce(t *testing.T) {
	onFloor(t, func(f *floor) {
		tier1, other, leader := f.actor("70001", who.Tier1), f.actor("70002", who.Tier1), f.actor("80001", who.Leader)
		ask := func(grant bool) (r ticket.Recommendation) {
			f.must(func(tx *db.Tx) (err error) {
				if r, err = ticket.AskRecommendation(tx, tier1, "152999000001", 700, "Berbelit, sudah tiga kali dijelaskan"); err != nil {
					return err
				}
				r, err = ticket.DecideRecommendation(tx, leader, r.ID, grant, "belum perlu")
				return err
			})
			return r
		}
		long := form("f")
		long.CallS = 601
		long.Recommendation = ask(false).ID
		_, _, err := f.open(tier1, long)
		refusedAs(t, err, "ticket.recommendation-missing", "recommendation", "5.2.1.f")
		long.Recommendation = ask(true).ID
		_, _, err = f.open(other, long)
		refusedAs(t, err, "ticket.recommendation-missing", "recommendation", "5.2.1.f")
		got, fresh, err := f.open(tier1, long)
		if err != nil || !fresh {
			t.Fatalf("recommended: %v", err)
		}
		_, _, err = f.open(tier1, long)
		refusedAs(t, err, "ticket.recommendation-missing", "recommendation", "5.2.1.f")
		f.must(func(tx *db.Tx) error {
			r, err := ticket.GetRecommendation(tx, long.Recommendation)
			if r.State != "used" || r.Ticket != got.ID || r.Leader != db.ID(leader.ID) {
				t.Errorf("%+v", r)
			}
			return err
		})
		if n := f.count(); n != 1 {
			t.Errorf("%d tickets", n)
		}
	})
}

// SOP 5.2.1: only Tier 1 and leaders - and the machines and administrators the contract names - open tickets.
func TestWhoMayOpen(t *testing.T) {
	onFloor(t, func(f *floor) {
		may := map[who.Role]bool{who.Tier1: true, who.Leader: true, who.Admin: true, who.Feed: true}
		mayBackdate := map[who.Role]bool{who.Admin: true, who.Feed: true}
		for i, role := range who.Roles {
			by := f.actor(string(rune('a'+i))+"-role", role)
			x := form("a")
			x.Source = "api"
			_, _, err := f.open(by, x)
			if may[role] != (err == nil) || err != nil && !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s opens: %v", role, err)
			}
			x.OpenedAt = f.clock.Now().Add(-time.Hour)
			got, _, err := f.open(by, x)
			if mayBackdate[role] != (err == nil) || err == nil && !got.OpenedAt.Equal(x.OpenedAt) {
				t.Errorf("%s opens in the past: %v, %v", role, got.OpenedAt, err)
			}
			if may[role] && !mayBackdate[role] {
				refusedAs(t, err, "staff.may-not", "opened_at", "5.2.1")
			}
			if x.OpenedAt = f.clock.Now().Add(-30 * time.Second); may[role] {
				if _, _, err := f.open(by, x); err != nil {
					t.Errorf("%s, a clock half a minute behind: %v", role, err)
				}
			}
		}
		_, _, err := f.open(who.Actor{}, form("a"))
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("nobody opens: %v", err)
		}
		x := form("a")
		x.OpenedAt = f.clock.Now().Add(2 * time.Minute)
		_, _, err = f.open(f.actor("90009", who.Admin), x)
		refusedAs(t, err, "ticket.opened-later", "opened_at", "")
	})
}

// SOP 5.2.1: a machine's callback has its note too, and a criterion of a to g or none.
func TestMachinesKeepTheSameRules(t *testing.T) {
	onFloor(t, func(f *floor) {
		feed := f.actor("feed", who.Feed)
		x := form("")
		x.Source = "feed"
		if _, _, err := f.open(feed, x); err != nil {
			t.Errorf("no criterion: %v", err)
		}
		x.Criterion = "z"
		_, _, err := f.open(feed, x)
		refusedAs(t, err, "intake.criterion", "criterion", "5.2.1")
		x.Criterion, x.Note = "f", ""
		_, _, err = f.open(feed, x)
		refusedAs(t, err, "intake.note", "note", "5.2.1")
	})
}

// SOP 5.2.4.longest: a time the customer asked for is a promise: asleep until then, first when it is due (decisions.md).
func TestRequestedTimeIsAPromise(t *testing.T) {
	onFloor(t, func(f *floor) {
		tier1 := f.actor("70001", who.Tier1)
		x := form("a")
		x.RequestedAt = f.clock.Now().Add(3 * time.Hour)
		got, _, err := f.open(tier1, x)
		if err != nil || got.Rank != ticket.RankPromise || got.Awake || !got.DueAt.Equal(x.RequestedAt) {
			t.Errorf("%+v, %v", got, err)
		}
		x.RequestedAt = f.clock.Now()
		_, _, err = f.open(tier1, x)
		refusedAs(t, err, "ticket.requested-past", "requested_at", "5.2.1")
	})
}

// The zone is the customer's: given, else of the service address, else of the area code, else the site's (contract).
func TestZone(t *testing.T) {
	onFloor(t, func(f *floor) {
		tier1 := f.actor("70001", who.Tier1)
		f.must(func(tx *db.Tx) error {
			_, err := customer.Put(tx, customer.Customer{Name: "Tirta (data uji)", Class: customer.Gold, Zone: "Asia/Jayapura", Phone: "+6289990002222", Invented: true},
				[]customer.Service{{No: "152999000002", Kind: "internet"}})
			return err
		})
		for _, c := range []struct{ given, service, phone, want string }{
			{"Asia/Makassar", "152999000002", "089990001111", "Asia/Makassar"},
			{"", "152999000002", "089990001111", "Asia/Jayapura"},
			{"", "152999000009", "089990002222", "Asia/Jayapura"},
			{"", "", "0361999123", "Asia/Makassar"},
			{"", "0967999123", "089990001111", "Asia/Jayapura"},
			{"", "152999000009", "089990001111", "Asia/Jakarta"},
		} {
			x := form("a")
			x.Zone, x.ServiceNo, x.Phone = c.given, c.service, c.phone
			got, _, err := f.open(tier1, x)
			if err != nil || got.Zone != c.want {
				t.Errorf("%+v: %s, %v", c, got.Zone, err)
			}
		}
		x := form("a")
		x.Zone = "Mars/Base"
		_, _, err := f.open(tier1, x)
		refusedAs(t, err, "ticket.zone", "zone", "")
	})
}
