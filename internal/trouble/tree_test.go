package trouble_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/trouble"
)

// SOP 5.3.7.b.search: words find leaves and groups; nothing found is nothing offered.
// SOP 5.3.7.b.dispatch: units follow classification and workzone.
func TestSearchingTheTree(t *testing.T) {
	ids := func(all []trouble.Leaf) (s []string) {
		for _, l := range all {
			s = append(s, l.ID)
		}
		return s
	}
	groups := func(all []trouble.Group) (s []string) {
		for _, g := range all {
			s = append(s, g.ID)
		}
		return s
	}
	for _, c := range []struct{ got, want []string }{
		{ids(trouble.Classify("", "remote")), []string{"iptv-remote"}},
		{ids(trouble.Classify("internet", "REDAMAN putus")), []string{"internet-putus-fisik"}},
		{ids(trouble.Classify("voice", "A_VOICE_001_002")), []string{"voice-mati-fisik", "voice-kresek"}},
		{ids(trouble.Classify("voice", "remote")), nil},
		{groups(trouble.GroupsFor("internet-los", "MLG")), []string{"teknisi-mlg", "teknisi"}},
		{groups(trouble.GroupsFor("internet-los", "")), []string{"teknisi"}},
		{groups(trouble.GroupsFor("A_INTERNET_001_001_002", "btu")), []string{"logic", "teknisi", "teknisi-btu"}},
		{groups(trouble.GroupsFor("no-such", "MLG")), nil},
		{groups(trouble.SearchGroups("internet-mati", "MLG", "lapangan malang")), []string{"teknisi-mlg"}},
		{groups(trouble.SearchGroups("internet-mati", "MLG", "tagihan")), nil},
	} {
		if strings.Join(c.got, " ") != strings.Join(c.want, " ") {
			t.Errorf("%v, want %v", c.got, c.want)
		}
	}
	if n := len(trouble.Leaves()); n < 25 {
		t.Errorf("%d leaves", n)
	}
	if l, ok := trouble.LeafOf("a_iptv_001_003_002"); !ok || l.ID != "iptv-remote" || l.Ours {
		t.Errorf("%+v", l)
	}
	if g, ok := trouble.GroupOf("Teknisi lapangan"); !ok || g.ID != "teknisi" || len(trouble.Groups()) < 5 {
		t.Errorf("%+v", g)
	}
}

// SOP 5.3.7.b.classification: what the Nossa campaign's form offers is in the tree, and each unit it offers for it takes it.
func TestTheCampaignsChoicesAreInTheTree(t *testing.T) {
	text, err := os.ReadFile("../../procedures/IN.OCC.TELK.W-18/rev-02/campaigns/nossa.yaml")
	if err != nil {
		t.Fatal(err)
	}
	leaves := regexp.MustCompile(`\{id: ([a-z-]+), label: (?:INTERNET|IPTV|VOICE|ADMIN)`).FindAllStringSubmatch(string(text), -1)
	if len(leaves) < 9 {
		t.Fatalf("%d choices found", len(leaves))
	}
	takes := func(leaf, group string) bool {
		for _, g := range trouble.GroupsFor(leaf, "") {
			if g.ID == group {
				return true
			}
		}
		return false
	}
	for _, m := range leaves {
		if _, known := trouble.LeafOf(m[1]); !known {
			t.Errorf("%s is not in the tree", m[1])
		}
		if group := map[bool]string{true: "admin", false: "teknisi"}[m[1] == "admin"]; !takes(m[1], group) {
			t.Errorf("%s is not taken by %s", m[1], group)
		}
	}
	logic := regexp.MustCompile(`id: logic,.*classification: \[([a-z, -]+)\]`).FindStringSubmatch(string(text))
	for _, leaf := range strings.Split(logic[1], ", ") {
		if !takes(leaf, "logic") {
			t.Errorf("%s is not taken by logic", leaf)
		}
	}
}

// SOP 5.2.10.k: the symptom fits the service and the measurement. SOP 5.2.10.h.iptv, SOP 5.2.10.h.internet, SOP 5.2.10.h.voice
func TestSymptomsFollowTheMeasurement(t *testing.T) {
	labels := func(service, verdict string) string {
		var all []string
		for _, s := range trouble.Symptoms(service, verdict) {
			all = append(all, s.Label)
		}
		return strings.Join(all, " ")
	}
	for _, c := range [][3]string{
		{"internet", "SPEC", "TBC PTS LMB LGN WFI TGH PKT ISO"},
		{"internet", "UNSPEC", "TBC LOS PTS LMB TGH PKT ISO"},
		{"internet", "FAILED", "TBC LOS PTS LMB LGN WFI TGH PKT ISO"},
		{"internet", "", "TBC LOS PTS LMB LGN WFI TGH PKT ISO"},
		{"iptv", "unspec", "TGB FRZ STB RMT TGH PKT ISO"},
		{"voice", "spec", "MTI KRS SPH TTP TGH PKT ISO"},
		{"fax", "spec", ""},
		{"voice", "odd", ""},
	} {
		if got := labels(c[0], c[1]); got != c[2] {
			t.Errorf("%s %s: %s, want %s", c[0], c[1], got, c[2])
		}
	}
}

// domain 3.5: the ladder is data; a site changes it, checked whole, and it counts from the next change of a ticket on.
func TestTheLadderIsData(t *testing.T) {
	onStore(t, func(w *world) {
		for i, c := range []struct {
			change func(*trouble.New)
			want   string
		}{
			{func(n *trouble.New) {}, "low"},
			{func(n *trouble.New) { n.HardComplaint = "agak-marah" }, "medium"},
			{func(n *trouble.New) { n.CustomerClass = "HVC_SILVER" }, "high"},
			{func(n *trouble.New) { n.CustomerClass = "HVC_GOLD" }, "very-high"},
			{func(n *trouble.New) { n.CustomerClass = "HVC_VVIP" }, "super-emergency"},
			{func(n *trouble.New) { n.Symptom = "tgh" }, "super-emergency"}, // not technical
		} {
			w.want(w.open(c.change, of("15299900070"+string(rune('0'+i)))).Priority, c.want, "priority")
		}
		angry := w.open(func(n *trouble.New) { n.HardComplaint = "marah" }, of("152999000709"))
		for i, want := range []string{"medium", "medium", "medium", "very-high"} {
			angry, _ = w.note(angry.ID, trouble.ClientNote, "Kapan?")
			w.want(angry.Priority, want, "lapul "+string(rune('1'+i)))
		}
		w.later(8 * 24 * time.Hour)
		slow := w.open(of("152999000710"))
		w.later(8 * 24 * time.Hour)
		slow, _ = w.note(slow.ID, trouble.AgentNote, "Masih menunggu")
		w.want(slow.Priority, "very-high", "a repair of more than a week")

		set := func(text string) error {
			return w.set(trouble.LadderText, text)
		}
		f := w.refused(set("ladder:\n  - {priority: high, when: {urgency: now}}\n  - {priority: low}\n"), fault.Invalid, "trouble.file.value")
		w.want([]any{f.Values["line"], f.Field}, []any{2, "ladder"}, "its place")
		w.want(set("ladder:\n  - {priority: high, when: {not: {urgency: normal}, all: [{service: internet}]}}\n  - {priority: medium}\n"), nil, "set")
		slow, _ = w.note(slow.ID, trouble.AgentNote, "Masih menunggu")
		w.want(slow.Priority, "medium", "by the new ladder")
		w.do(func(tx *db.Tx) error {
			s, err := trouble.ReadSetting(tx, trouble.LadderText)
			w.want([]any{s.By, s.At, strings.Contains(s.Text, "service: internet")}, []any{db.ID(13), w.clock.Now(), true}, "who and when")
			_, none := trouble.ReadSetting(tx, "no-such")
			w.refused(none, fault.Missing, "trouble.setting")
			return err
		})
	})
}

// SOP 5.2.10.r: what a description must tell, per service; a site changes the list.
func TestWhatADescriptionMustTell(t *testing.T) {
	onStore(t, func(w *world) {
		missing := func(service, text string, facts map[string]string) string {
			var ids []string
			w.do(func(tx *db.Tx) error {
				all, err := trouble.MissingItems(tx, service, text, facts)
				for _, i := range all {
					ids = append(ids, i.ID)
				}
				return err
			})
			return strings.Join(ids, " ")
		}
		whole := "Internet tidak bisa connect sejak 23 Nov 07.10 WIB. Lampu PON menyala. Dipandu restart ONT, belum normal. iBooster: Rx −22,8 dBm. Pelapor: Suwarni, di lokasi."
		w.want(missing("internet", whole, nil), "", "whole")
		w.want(missing("internet", "", nil), "gejala sejak lampu panduan ukur lokasi", "empty")
		w.want(missing("internet", "Internet tidak bisa sejak pagi", nil), "lampu panduan ukur lokasi", "part")
		w.want(missing("iptv", "Gambar macet sejak pagi, -22.8 di port", map[string]string{"ukur": "-22.8"}), "panduan lokasi", "a fact that stands in the text")
		w.want(missing("iptv", "Gambar macet sejak pagi", map[string]string{"ukur": "-22.8"}), "panduan ukur lokasi", "a fact that does not")
		w.want(missing("voice", "lossy", nil), "gejala sejak panduan lokasi", "words, not parts of words")

		set := func(text string) error {
			return w.set(trouble.SettingsText, text)
		}
		w.refused(set("gaul_days: 0\n"), fault.Invalid, "trouble.file.gaul")
		w.want(set("gaul_days: 1\nmandatory:\n  voice:\n    - {id: nada, label: {id: Nada, en: Tone}, words: [NADA]}\n"), nil, "set")
		w.want(missing("voice", "tanpa nada", nil), "", "by the new list")
		w.open(solved)
		w.later(25 * time.Hour)
		w.want(w.open().Gaul, 0, "by the new window")
	})
}
