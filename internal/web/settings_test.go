package web_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// filled reads what a form of a page would send as it stands.
func filled(page, form string) url.Values {
	values := url.Values{}
	text := body(page, form, "form")
	for _, m := range regexp.MustCompile(`<input[^>]*>|<select[^>]*>|<option[^>]* selected[^>]*>|<textarea[^>]*>[^<]*`).FindAllString(text, -1) {
		attr := func(name string) string {
			if found := regexp.MustCompile(` ` + name + `="([^"]*)"`).FindStringSubmatch(m); found != nil {
				return html.UnescapeString(found[1])
			}
			return ""
		}
		switch {
		case strings.HasPrefix(m, "<select"):
			values.Add(attr("name"), "")
		case strings.HasPrefix(m, "<option"):
			last := values["priority"]
			if form == "terms" {
				last = values["service"]
			}
			last[len(last)-1] = attr("value")
		case strings.HasPrefix(m, "<textarea"):
			_, text, _ := strings.Cut(m, ">")
			values.Add(attr("name"), html.UnescapeString(text))
		default:
			values.Add(attr("name"), attr("value"))
		}
	}
	return values
}

// Domain 3.5: the administrator edits the ladder as a table; what is refused is shown where it stands with what was typed; of
// two who change at once the second is told and loses nothing typed; leaders and quality read.
func TestTheLadderIsATable(t *testing.T) {
	f := newFloor(t)
	const at = "/admin/settings"
	first := f.page("admin", at)
	form := filled(first, "ladder")
	if len(form["priority"]) != 5 || form["priority"][0] != "super-emergency" || form["when"][4] != "" || form.Get("version") != "0" {
		t.Fatalf("the form is %v", form)
	}
	for _, login := range []string{"leader", "quality"} {
		page := f.page(login, at)
		if tag(page, "save-ladder") != "" || tag(page, "when-1") != "" || !strings.Contains(page, "HVC_PLATINUM") {
			t.Errorf("%s does not only read", login)
		}
		if w := f.ask(login, "POST", at+"/ladder", form); w.Code != http.StatusForbidden {
			t.Errorf("%s changes it: %d", login, w.Code)
		}
	}
	if w := f.ask("agent", "GET", at, nil); w.Code != http.StatusForbidden {
		t.Errorf("an agent reads it: %d", w.Code)
	}

	bad := filled(first, "ladder")
	bad["when"][2] = "class: HVC_COPPER"
	for lang, say := range map[string]string{"id": "Tangga prioritas baris 3", "en": "Priority ladder line 3"} {
		w := f.ask("admin", "POST", at+"/ladder", bad, "sapa-lang="+lang)
		page := w.Body.String()
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(body(page, "said", "div"), say) || !strings.Contains(tag(page, "when-3"), "aria-invalid") ||
			!strings.Contains(body(page, "when-3", "textarea"), "HVC_COPPER") || strings.Contains(tag(page, "when-2"), "aria-invalid") {
			t.Errorf("%s: %d %s %s", lang, w.Code, body(page, "said", "div"), tag(page, "when-3"))
		}
	}
	bad["when"][2] = "class: ["
	if w := f.ask("admin", "POST", at+"/ladder", bad); w.Code != http.StatusUnprocessableEntity || !strings.Contains(tag(w.Body.String(), "when-3"), "aria-invalid") {
		t.Errorf("%d %s", w.Code, body(w.Body.String(), "said", "div"))
	}

	mine := filled(first, "ladder")
	mine["priority"][3] = "" // medium goes
	if w := f.ask("admin", "POST", at+"/ladder", mine); w.Code != http.StatusSeeOther || w.Header().Get("Location") != at {
		t.Fatalf("%d %s", w.Code, body(w.Body.String(), "said", "div"))
	}
	if got := filled(f.page("admin", at), "ladder"); got.Get("version") != "1" || strings.Join(got["priority"], " ") != "super-emergency very-high high low " {
		t.Errorf("now %v", got)
	}
	late := filled(first, "ladder") // the same page, open in another window
	late.Del("key")
	late["when"][1] = "ttr_days: {above: 4}"
	w := f.ask("admin", "POST", at+"/ladder", late)
	page := w.Body.String()
	if w.Code != http.StatusConflict || !strings.Contains(body(page, "typed", "textarea"), "ttr_days: {above: 4}") || filled(page, "ladder").Get("version") != "1" {
		t.Errorf("the second: %d %s", w.Code, body(page, "said", "div"))
	}
	if page := f.page("admin", at); !strings.Contains(page, "Orang admin") {
		t.Error("who changed it is not said")
	}
}

// SOP 5.2.10.r, A-13: what a description must tell, and the window of repeat faults, as a table.
func TestWhatADescriptionMustTellIsATable(t *testing.T) {
	f := newFloor(t)
	const at = "/admin/settings"
	first := f.page("admin", at)
	form := filled(first, "terms")
	n := len(form["item"])
	if n < 10 || form["item"][n-1] != "" || form.Get("gaul_days") != "60" {
		t.Fatalf("the form is %v", form)
	}
	form.Set("gaul_days", "30")
	form["item"][0] = ""
	form["service"][n-1], form["item"][n-1], form["label_id"][n-1], form["label_en"][n-1], form["words"][n-1] = "voice", "nada", "Nada", "Tone", "nada, hening"
	if w := f.ask("admin", "POST", at+"/terms", form); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, body(w.Body.String(), "said", "div"))
	}
	now := filled(f.page("admin", at), "terms")
	if now.Get("gaul_days") != "30" || len(now["item"]) != n || now["item"][n-2] != "nada" || now["words"][n-2] != "nada, hening" || now["item"][0] == form["item"][1] && now.Get("version") != "1" {
		t.Errorf("now %v", now)
	}
	for value, row := range map[string]string{"": "", "1lampu": "item-2"} {
		bad := filled(f.page("admin", at), "terms")
		if value == "" {
			bad.Set("gaul_days", "0")
		} else {
			bad["item"][1] = value
		}
		w := f.ask("admin", "POST", at+"/terms", bad)
		page := w.Body.String()
		if w.Code != http.StatusUnprocessableEntity || row != "" && !strings.Contains(tag(page, row), "aria-invalid") {
			t.Errorf("%q: %d %s", value, w.Code, body(page, "said", "div"))
		}
	}
}

// SOP 5.2.10.j: when a line is in spec is edited on the settings' page, as people write powers; leaders read it; of two
// administrators the second is told.
func TestTheLineRuleIsAForm(t *testing.T) {
	f := newFloor(t)
	const at = "/admin/settings"
	first := filled(f.page("admin", at), "line-rule")
	if first.Get("rx_min") != "−24,0" || first.Get("rx_max") != "−13,0" || first.Get("version") != "0" {
		t.Fatalf("the form is %v", first)
	}
	if page := f.page("leader", at); tag(page, "save-line-rule") != "" || !strings.Contains(tag(page, "rx_min"), "readonly") {
		t.Error("a leader does not only read")
	}
	if w := f.ask("leader", "POST", at+"/line", first); w.Code != http.StatusForbidden {
		t.Errorf("a leader changes it: %d", w.Code)
	}
	bad := filled(f.page("admin", at), "line-rule")
	for _, wrong := range []string{"terang", "-10", "-24,55", ""} {
		bad.Set("rx_min", wrong)
		bad.Del("key")
		w := f.ask("admin", "POST", at+"/line", bad)
		page := w.Body.String()
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(tag(page, "rx_min"), "aria-invalid") || filled(page, "line-rule").Get("rx_min") != wrong {
			t.Errorf("%q: %d %s", wrong, w.Code, tag(page, "rx_min"))
		}
	}
	mine := filled(f.page("admin", at), "line-rule")
	mine.Set("rx_min", "-25,5")
	if w := f.ask("admin", "POST", at+"/line", mine); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, body(w.Body.String(), "said", "div"))
	}
	page := f.page("admin", at)
	if now := filled(page, "line-rule"); now.Get("rx_min") != "−25,5" || now.Get("version") != "1" || !strings.Contains(body(page, "line-rule-past", "ul"), "−24,0 … −13,0 dBm") {
		t.Errorf("now %v", now)
	}
	first.Del("key")
	first.Set("rx_max", "-12")
	w := f.ask("admin", "POST", at+"/line", first)
	if page := w.Body.String(); w.Code != http.StatusConflict || !strings.Contains(body(page, "typed", "textarea"), "-12") || filled(page, "line-rule").Get("rx_min") != "−25,5" {
		t.Errorf("the second: %d", w.Code)
	}
}

// SOP 5.1.2, 5.4: the isolir rule is the administrator's, the rule of verification calls a leader's too; both are edited
// where the other rules are, keep what was in force, and tell the second of two who change them.
func TestTheSitesRulesAreForms(t *testing.T) {
	f := newFloor(t)
	const at = "/admin/settings"
	for _, rule := range []struct {
		form, field, path string
		own, mine, late   string
		wrong             []string
		by                string
		was               string
	}{
		{"isolir-rule", "grace_days", at + "/isolir", "3", "5", "7", []string{"", "tiga", "366", "-1"}, "admin", "3 hari"},
		{"outage-rule", "after_minutes", at + "/outage", "0", "45", "60", []string{"", "sejam", "10081", "99999999999999999999"}, "leader", "ditelepon setelah setiap gangguan"},
	} {
		first := filled(f.page(rule.by, at), rule.form)
		if first.Get(rule.field) != rule.own || first.Get("version") != "0" {
			t.Fatalf("the form is %v", first)
		}
		if page := f.page("quality", at); tag(page, "save-"+rule.form) != "" || !strings.Contains(tag(page, rule.field), "readonly") {
			t.Errorf("%s: quality does not only read", rule.form)
		}
		if w := f.ask("quality", "POST", rule.path, first); w.Code != http.StatusForbidden {
			t.Errorf("quality changes it: %d", w.Code)
		}
		bad := filled(f.page(rule.by, at), rule.form)
		for _, wrong := range rule.wrong {
			bad.Set(rule.field, wrong)
			bad.Del("key")
			w := f.ask(rule.by, "POST", rule.path, bad)
			page := w.Body.String()
			if w.Code != http.StatusUnprocessableEntity || !strings.Contains(tag(page, rule.field), "aria-invalid") || filled(page, rule.form).Get(rule.field) != wrong {
				t.Errorf("%q: %d %s", wrong, w.Code, tag(page, rule.field))
			}
		}
		mine := filled(f.page(rule.by, at), rule.form)
		mine.Set(rule.field, rule.mine)
		if w := f.ask(rule.by, "POST", rule.path, mine); w.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", w.Code, body(w.Body.String(), "said", "div"))
		}
		page := f.page(rule.by, at)
		if now := filled(page, rule.form); now.Get(rule.field) != rule.mine || now.Get("version") != "1" || !strings.Contains(body(page, rule.form+"-past", "ul"), rule.was) {
			t.Errorf("now %v %s", now, body(page, rule.form+"-past", "ul"))
		}
		first.Del("key")
		first.Set(rule.field, rule.late)
		w := f.ask(rule.by, "POST", rule.path, first)
		if page := w.Body.String(); w.Code != http.StatusConflict || !strings.Contains(body(page, "typed", "textarea"), rule.late) || filled(page, rule.form).Get(rule.field) != rule.mine {
			t.Errorf("the second: %d", w.Code)
		}
	}
	if w := f.ask("leader", "POST", at+"/isolir", filled(f.page("admin", at), "isolir-rule")); w.Code != http.StatusForbidden {
		t.Errorf("a leader changes the isolir rule: %d", w.Code)
	}
	none := filled(f.page("admin", at), "outage-rule")
	none.Del("verify") // an empty box sends nothing
	if w := f.ask("admin", "POST", at+"/outage", none); w.Code != http.StatusSeeOther {
		t.Errorf("%d", w.Code)
	}
	if page := f.page("leader", at); strings.Contains(tag(page, "verify"), "checked") {
		t.Error("who reported is still called")
	}
}
