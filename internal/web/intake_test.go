package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"sapa/internal/db"
	"sapa/internal/lead"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

func typed(more ...string) url.Values {
	v := url.Values{"criterion": {"a"}, "service_no": {""}, "name": {"Ibu Contoh"}, "phone": {"0899-9001-234"}, "requested": {"asap"}, "note": {"Minta dipandu, sudah restart ONT."}}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

// SOP 5.2.1: a form that breaks a rule comes back as it was typed, with the field named and in focus.
func TestRefusedIntakeKeepsWhatWasTyped(t *testing.T) {
	f := newFloor(t)
	for _, c := range []struct {
		field, wrong, clause string
		form                 url.Values
	}{
		{"phone", "contact-phone", "5.2.1", typed("phone", "12-34")},
		{"phone", "contact-phone", "5.2.1", typed("phone", "")},
		{"service_no", "service_no", "5.2.10.d", typed("service_no", "99")},
		{"note", "note", "5.2.1", typed("note", " ")},
		{"criterion-a", "criterion", "5.2.1", typed("criterion", "")},
		{"application", "application", "5.2.1.c", typed("criterion", "c")},                                                                // SOP 5.2.1.c
		{"reason-e", "reason-e", "5.2.1.e", typed("criterion", "e")},                                                                      // SOP 5.2.1.e
		{"reason-g", "reason-g", "5.2.1.g", typed("criterion", "g")},                                                                      // SOP 5.2.1.g
		{"call-min", "call_s", "5.2.1.f", typed("criterion", "f", "call_min", "10", "call_sec", "00")},                                    // SOP 5.2.1.f: more than 10 minutes
		{"", "recommendation", "5.2.1.f", typed("criterion", "f", "call_min", "10", "call_sec", "01")},                                    // SOP 5.2.1.f: and the leader's word
		{"at", "requested_at", "5.2.1", typed("requested", "at", "at", "besok")},                                                          //
		{"at", "requested_at", "5.2.1", typed("requested", "at", "at", "2026-11-23T08:00")},                                               // it is 09.00
		{"phone", "contact-phone", "5.2.1", typed("phone", "12", "reason.g", "untuk g", "reason.e", "untuk e", "at", "2026-11-24T10:00")}, // what belongs to another choice is kept too
	} {
		w := f.ask("tier1", "POST", "/intake", c.form)
		page := w.Body.String()
		if w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d", c.form, w.Code)
			continue
		}
		if !strings.Contains(body(page, "wrong-"+c.wrong, "p"), c.clause) {
			t.Errorf("%v: nothing at the field with § %s: %s", c.form, c.clause, body(page, "wrong-"+c.wrong, "p"))
		}
		if c.field != "" && !strings.Contains(tag(page, c.field), " autofocus") {
			t.Errorf("%v: the focus is not at %s: %s", c.form, c.field, tag(page, c.field))
		}
		if strings.Count(page, " autofocus") > 1 {
			t.Errorf("%v: more than one focus", c.form)
		}
		for name, id := range map[string]string{"name": "name", "phone": "phone", "service_no": "service_no", "reason.e": "reason-e", "reason.g": "reason-g", "call_min": "call-min", "at": "at"} {
			if v := c.form.Get(name); v != "" && !strings.Contains(tag(page, id), ` value="`+v+`"`) {
				t.Errorf("%v: %s lost: %s", c.form, name, tag(page, id))
			}
		}
		if note := c.form.Get("note"); body(page, "note", "textarea") != note {
			t.Errorf("%v: note lost", c.form)
		}
		for _, chosen := range []string{"criterion-" + c.form.Get("criterion"), "requested-" + c.form.Get("requested")} {
			if !strings.HasSuffix(chosen, "-") && !strings.Contains(tag(page, chosen), " checked") {
				t.Errorf("%v: %s lost", c.form, chosen)
			}
		}
	}
	if n := f.opened(); n != 0 {
		t.Errorf("%d tickets of refused forms", n)
	}
}

func (f *floor) opened() int {
	f.t.Helper()
	n := 0
	err := f.store.Read(context.Background(), func(tx *db.Tx) error {
		mine, err := ticket.OpenedBy(tx, f.ids["tier1"], f.clock.Now().AddDate(0, 0, -1), 50)
		n = len(mine)
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return n
}

// SOP 5.2.1: one press, or two, opens one ticket.
func TestAFormSentTwiceActsOnce(t *testing.T) {
	f := newFloor(t)
	form := typed("key", "satu-formulir")
	first, second := f.ask("tier1", "POST", "/intake", form), f.ask("tier1", "POST", "/intake", form)
	to := first.Header().Get("Location")
	if first.Code != http.StatusSeeOther || second.Code != http.StatusSeeOther || to != second.Header().Get("Location") || f.opened() != 1 {
		t.Fatalf("%d %d, %q %q, %d tickets", first.Code, second.Code, to, second.Header().Get("Location"), f.opened())
	}
	if page := f.page("tier1", to); !strings.Contains(page, `id="opened"`) || !strings.Contains(body(page, "note", "textarea"), "") || body(page, "note", "textarea") != "" {
		t.Error("the page does not say that it was sent, or still holds the note")
	}
	if again := f.ask("tier1", "POST", "/intake", typed("key", "satu-formulir", "note", "lain")); again.Code != http.StatusUnprocessableEntity {
		t.Errorf("the same key with another form: %d", again.Code)
	}
}

// SOP 5.2.1.f: a leader's no needs its reason, which the one who asked reads on the form; they may ask again.
func TestLeadersNoSaysWhy(t *testing.T) {
	f := newFloor(t)
	f.ask("tier1", "POST", "/intake/recommendation", typed("criterion", "f", "call_min", "12"))
	page := f.page("leader", "/lead")
	at := strings.Index(page, `/lead/recommendations/`)
	to, _, _ := strings.Cut(page[at:], `"`)
	no := f.ask("leader", "POST", to, url.Values{"grant": {"no"}, "why": {"  "}})
	if page = f.page("leader", "/lead", no.Result().Cookies()[0].String()); !strings.Contains(page, "Tulis mengapa tidak direkomendasikan") || !strings.Contains(page, to) {
		t.Error("a no without a reason was taken, or its leader was not told")
	}
	f.ask("leader", "POST", to, url.Values{"grant": {"no"}, "why": {"Sudah terjawab <b>tadi</b>"}})
	page = f.quiet("tier1", "/intake").Body.String()
	if !strings.Contains(page, `: Sudah terjawab &lt;b&gt;tadi&lt;/b&gt;`) || !strings.Contains(page, `id="ask"`) {
		t.Error("who asked does not read why, or cannot ask again")
	}
}

// SOP 5.2.1.f: a leader comes to every question, however many were asked before it.
func TestALeaderTurnsThePageOfQuestions(t *testing.T) {
	f := newFloor(t)
	err := f.store.Write(context.Background(), func(tx *db.Tx) error {
		for i := range lead.AskedAtOnce + 2 {
			if _, err := ticket.AskRecommendation(tx, who.Actor{ID: int64(f.ids["tier1"]), Role: who.Tier1}, fmt.Sprintf("1529990%05d", i), 700, ""); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	first, count := f.page("leader", "/lead"), func(page string) int { return strings.Count(page, `action="/lead/recommendations/`) }
	more := regexp.MustCompile(`id="asked-more" href="([^"]+)"`).FindStringSubmatch(first)
	if count(first) != lead.AskedAtOnce || more == nil || tag(first, "asked-first") != "" {
		t.Fatalf("%d questions on the first page, then %v", count(first), more)
	}
	last := f.page("leader", more[1])
	if count(last) != 2 || !strings.Contains(last, fmt.Sprintf("1529990%05d", lead.AskedAtOnce+1)) || tag(last, "asked-more") != "" || tag(last, "asked-first") == "" {
		t.Errorf("%d questions on the last page", count(last))
	}
}

// SOP 5.2.1.f: asked on the form, granted by the leader, used once; the form is not lost on the way.
func TestLeadersWordOpensALongCall(t *testing.T) {
	f := newFloor(t)
	form := typed("criterion", "f", "call_min", "12", "call_sec", "41", "service_no", "122999000001")
	asked := f.ask("tier1", "POST", "/intake/recommendation", form)
	if page := asked.Body.String(); asked.Code != http.StatusOK || body(page, "note", "textarea") != form.Get("note") || !strings.Contains(tag(page, "call-min"), `value="12"`) {
		t.Fatalf("asking lost the form: %d", asked.Code)
	}
	page := f.page("leader", "/lead")
	if !strings.Contains(page, "Orang tier1") || !strings.Contains(page, "12:41") {
		t.Error("the leader does not see who asks, and how long the call is")
	}
	at := strings.Index(page, `/lead/recommendations/`) + len(`/lead/recommendations/`)
	id, _, _ := strings.Cut(page[at:], `"`)
	if w := f.ask("leader", "POST", "/lead/recommendations/"+id, url.Values{"grant": {"yes"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("granting: %d", w.Code)
	}
	page = f.quiet("tier1", "/intake").Body.String()
	if !strings.Contains(page, `name="recommendation" value="`+id+`"`) {
		t.Fatal("the form does not get the leader's word")
	}
	form.Set("recommendation", id)
	if w := f.ask("tier1", "POST", "/intake", form); w.Code != http.StatusSeeOther {
		t.Fatalf("sending: %d %s", w.Code, body(w.Body.String(), "wrong-recommendation", "p"))
	}
	if w := f.ask("tier1", "POST", "/intake", form); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a word used twice: %d", w.Code)
	}
}
