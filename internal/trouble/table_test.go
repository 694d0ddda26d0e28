package trouble

import (
	"errors"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sapa/internal/fault"
	"sapa/internal/phrase"
	"sapa/internal/procedure"
	"sapa/procedures"
)

// broken spoils one place of a file and names what must be found.
type broken struct{ key, old, new string }

func spoil(t *testing.T, name string, cases []broken, read func([]byte) error) map[string]bool {
	t.Helper()
	whole := string(file(name))
	if err := read([]byte(whole)); err != nil {
		t.Fatalf("%s as it is: %v", name, err)
	}
	found := map[string]bool{}
	for _, c := range cases {
		text := c.new
		if c.old != "" {
			if text = strings.Replace(whole, c.old, c.new, 1); text == whole {
				t.Errorf("%s: %q is not in the file", c.key, c.old)
			}
		}
		err := read([]byte(text))
		keys := map[string]*fault.Error{}
		var joined interface{ Unwrap() []error }
		if errors.As(err, &joined) {
			for _, e := range joined.Unwrap() {
				keys[fault.Of(e).Key] = fault.Of(e)
			}
		}
		f := keys["trouble.file."+c.key]
		if f == nil {
			t.Errorf("%s %q: got %v", c.key, c.new, err)
			continue
		}
		found["trouble.file."+c.key] = true
		for _, l := range []phrase.Lang{phrase.ID, phrase.EN} {
			if said := phrase.Fill(l, f.Key, f.Values); said == f.Key || regexp.MustCompile(`\{\w+\}`).MatchString(said) {
				t.Errorf("%s is said as %q", f.Key, said)
			}
		}
	}
	return found
}

// Each thing that can be wrong with a file has its message, and each message is seen here.
func TestEachMistakeHasItsMessage(t *testing.T) {
	seen := map[string]bool{}
	add := func(found map[string]bool) {
		for k := range found {
			seen[k] = true
		}
	}
	add(spoil(t, "moves.yaml", []broken{
		{"size", "", strings.Repeat("#", textMax+1)},
		{"yaml", "", "states: ["},
		{"second-document", "moves:", "---\nmoves:"},
		{"alias", "state: NEW", "state: &x NEW"},
		{"double-key", "open: true, tmf: acknowledged}", "open: true, open: true, tmf: acknowledged}"},
		{"unknown-key", "fed: true", "feed: true"},
		{"kind", "open: true", "open: maybe"},
		{"kind", "", "states: 3"},
		{"kind", "", "[]"},
		{"part", "  - {move: resume, from: [PENDING, SLAHOLD], becomes: ANALYSIS,", "  - {move: resume, from: [PENDING, SLAHOLD],"},
		{"part", "", "states: []"},
		{"part", `  again: "5.2.10.check"`, ""},
		{"part", `, UPDATEINFO: "5.5.6"}`, "}"},
		{"unknown-key", "UPDATEINFO:", "UPDATE:"},
		{"kind", `row: "5.5.9"`, "row:"},
		{"double", "- {state: RESOLVED,", "- {state: PENDING,"},
		{"double", "from: [QUEUED, BACKEND, FINALCHECK]", "from: [QUEUED, BACKEND, BACKEND]"},
		{"state", "from: [QUEUED, BACKEND, FINALCHECK]", "from: [QUEUED, BACKEND, FINALCHEK]"},
		{"role", "who: [tier1, agent,", "who: [tier2, agent,"},
		{"guard", "what: reason", "what: reasons"},
		{"tmf", "tmf: held", "tmf: halted"},
		{"tmf-step", `    beyond: "A-28"`, ""},
		{"tmf-step", "becomes: SALAMSIM", "becomes: PENDING"},
		{"beyond", `needs: [{what: reason, clause: "5.6.2.b.reopen"}]`, `beyond: "A-28"`},
		{"many", "becomes: SALAMSIM", "becomes: [SALAMSIM, CLOSED]"},
		{"unreached", "becomes: FINALCHECK", "becomes: BACKEND"},
		{"no-way-out", `  - {state: CLOSED, tmf: closed}`, "  - {state: CLOSED, tmf: closed}\n  - {state: LIMBO, open: true, tmf: inProgress, fed: true}"},
	}, func(b []byte) error { _, err := readTable(b); return err }))
	add(spoil(t, "classification.yaml", []broken{
		{"language", "name: {id: Backend logic, en: Logic backend}", "name: {id: Backend logic}"},
		{"form", "id: logic,", "id: Logic,"},
		{"form", "A_IPTV_001_003_002", "A-IPTV-1"},
		{"form", "[BTU]", "[Batu]"},
		{"double", "id: internet-putus,", "id: internet-mati,"},
		{"double", "A_IPTV_001_001_003", "A_IPTV_001_001_002"},
		{"value", "service: internet, groups", "service: fax, groups"},
		{"value", "line: spec", "line: good"},
		{"value", "verdicts: [unspec,", "verdicts: [bad,"},
		{"unknown", "groups: [gamas]", "groups: [gamas, outage]"},
		{"unknown", "spec: iptv-stb,", "spec: iptv-stub,"},
		{"unused", "leaves:", "  - {id: spare, name: {id: Cadangan, en: Spare}}\n\nleaves:"},
		{"nowhere", "groups: [gamas]", "groups: [teknisi-mlg]"},
		{"other-service", "spec: iptv-stb,", "spec: internet-ont,"},
		{"part", `path: "IPTV | TECHNICAL | Tidak ada gambar",`, ""},
		{"part", "services: voice, ", ""},
		{"part", "", "groups: []"},
	}, func(b []byte) error { _, err := readTree(b); return err }))
	add(spoil(t, "ladder.yaml", []broken{
		{"value", "hard_complaint: marah", "hard_complaint: murka"},
		{"value", "priority: high", "priority: tall"},
		{"double", "priority: medium", "priority: high"},
		{"condition", "when: {hard_complaint: [agak-marah, marah]}", "when: {}"},
		{"condition", "any: [{lapul: {above: 5}}, {gaul: {at_least: 2}}]", "any: []"},
		{"part", "gaul: {at_least: 2}", "gaul: {}"},
		{"kind", "gaul: {at_least: 2}", "gaul: {at_least: -2}"},
		{"unknown-key", "gaul: {at_least: 2}", "package: {at_least: 50}"},
		{"deep", "when: {hard_complaint: [agak-marah, marah]}", "when: {not: {not: {not: {not: {not: {not: {not: {not: {urgency: hard}}}}}}}}}"},
		{"never", "- {priority: medium, when: {hard_complaint: [agak-marah, marah]}}", "- {priority: medium}"},
		{"last-rung", "  - {priority: low}", ""},
		{"last-rung", "", "ladder: []"},
		{"yaml", "", ""},
		{"kind", "{ttr_days: {above: 7}}", "{ttr_days: {above: 7 jam}}"},
		{"kind", "{ttr_days: {above: 7}}", "{ttr_days: 7}"},
		{"unreachable", "{hard_complaint: [agak-marah, marah]}", "{ttr_days: {above: 8}}"}, // very-high takes them
		{"unreachable", "{hard_complaint: [agak-marah, marah]}", "{class: [HVC_SILVER]}"},  // high takes them
		{"unreachable", "{hard_complaint: [agak-marah, marah]}", "{urgency: []}"},          // nothing is none of none
		{"unreachable", "{hard_complaint: [agak-marah, marah]}", "{not: {lapul: {at_least: 0}}}"},
		{"bounds", "{ttr_days: {above: 7}}", "{ttr_days: {above: 7}}\n        - {any: [{lapul: {above: 11}}, {lapul: {above: 12}}, {lapul: {above: 13}}, {lapul: {above: 14}}]}"},
	}, func(b []byte) error { _, err := readLadder(b); return err }))
	add(spoil(t, "settings.yaml", []broken{
		{"gaul", "gaul_days: 60", "gaul_days: 0"},
		{"gaul", "gaul_days: 60", "gaul_days: 367"},
		{"form", "id: lampu", "id: 1lampu"},
		{"double", "id: lampu", "id: gejala"},
		{"part", "words: [lampu, los, pon, lan, ont, modem]", "words: []"},
		{"unknown-key", "  voice:", "  fax:"},
	}, func(b []byte) error { _, err := readSettings(b); return err }))

	// every key the room's code names is one of those
	for _, name := range []string{"read.go", "table.go", "tree.go", "ladder.go", "settings.go"} {
		code, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range regexp.MustCompile(`trouble\.file\.[a-z-]+`).FindAllString(string(code), -1) {
			if !seen[key] {
				t.Errorf("%s can say %s, and no broken file here shows it", name, key)
			}
		}
	}
}

// What a move, its note or a line of the worklog rests on is a clause of the document, so that each leads there.
func TestMovesAndLinesRestOnClausesOfTheDocument(t *testing.T) {
	book, problems := procedure.Load(procedures.FS, "IN.OCC.TELK.W-18/rev-02")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	w := theTable.worklog
	cited := append(slices.Collect(maps.Values(w.told)), w.row, w.again, w.gamas)
	for _, r := range theTable.rows {
		cited = append(cited, r.clause, r.noted())
		for _, g := range r.guards {
			cited = append(cited, g.clause)
		}
	}
	for _, id := range cited {
		if !slices.ContainsFunc(book.Clauses, func(c procedure.Clause) bool { return c.ID == id }) {
			t.Errorf("moves.yaml rests on %q, which is no clause of the document", id)
		}
	}
}

// The states map onto TMF621 as its official life cycle has them; force close stays resolved there until the customer's word.
func TestStatesAsTheStandardNamesThem(t *testing.T) {
	for state, want := range map[State]string{Fresh: "acknowledged", Draft: "acknowledged", Queued: "inProgress", Analysis: "inProgress", Backend: "inProgress",
		FinalCheck: "inProgress", Pending: "pending", SLAHold: "held", Resolved: "resolved", MediaCare: "resolved", SalamSim: "resolved", Closed: "closed"} {
		if got := (Ticket{State: state}).TMF(); got != want {
			t.Errorf("%s is %s, want %s", state, got, want)
		}
	}
	if got := (Ticket{State: Closed, ClosingReason: "Close by DITCONS request"}).TMF(); got != "resolved" {
		t.Errorf("closed by ditcons is %s", got)
	}
	if tmfLegal("closed", "inProgress") || tmfLegal("resolved", "pending") || tmfLegal("inProgress", "closed") || !tmfLegal("pending", "resolved") {
		t.Error("the life cycle")
	}
}

func FuzzParseSubject(f *testing.F) {
	for _, s := range []string{"42147 / T2O / Suwarni / 152999000101 / TBC / BOK", " / / / / / ", "a / b / c / d / e / BPN", "a/b / c / d / e / f / BNOK",
		"a / b / c / d / e\n / BOK", "\u202e / b / c / d / e / BOK", "a / b / c / d / \xff / BOK"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := ParseSubject(text); err == nil {
			if s.String() != text {
				t.Fatalf("%q reads as %q", text, s.String())
			}
		} else if fl := fault.Of(err); fl == nil || !phrase.Known(fl.Key) {
			t.Fatalf("refused with %v", err)
		}
		// SOP 5.2.10.i: whatever stands in the parts, six segments come out and read back
		made := Subject{text, text, text, "152999000101", text, BNOK}
		read, err := ParseSubject(made.String())
		if err != nil || read != made.clean() || strings.Count(made.String(), " / ") != 5 {
			t.Fatalf("%q: %v", made.String(), err)
		}
	})
}
