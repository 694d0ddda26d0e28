package revise

import (
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"

	"sapa/internal/fault"
	"sapa/internal/procedure"
	"sapa/procedures"
)

const revision = "IN.OCC.TELK.W-18/rev-02"

// shipped are the files of the document the house runs, by their names within the revision.
func shipped(t testing.TB) map[string]string {
	t.Helper()
	files, err := procedures.Files(os.DirFS("../../procedures/" + revision))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func load(files map[string]string) (*procedure.Book, []procedure.Problem) {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[path.Join(revision, name)] = &fstest.MapFile{Data: []byte(text)}
	}
	return procedure.Load(fsys, revision)
}

// lineDiff lists the lines that differ: "-" and "+", each with its file.
func lineDiff(was, is map[string]string) []string {
	var out []string
	names := map[string]bool{}
	for _, m := range []map[string]string{was, is} {
		for name := range m {
			names[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		a, b := strings.SplitAfter(was[name], "\n"), strings.SplitAfter(is[name], "\n")
		for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
			a, b = a[1:], b[1:]
		}
		for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
			a, b = a[:len(a)-1], b[:len(b)-1]
		}
		if was[name] == "" && is[name] != "" {
			out = append(out, "new "+name)
			continue
		}
		for _, l := range a {
			if !slices.Contains(b, l) {
				out = append(out, "-"+name+": "+strings.TrimSpace(l))
			}
		}
		for _, l := range b {
			if !slices.Contains(a, l) {
				out = append(out, "+"+name+": "+strings.TrimSpace(l))
			}
		}
	}
	return out
}

func apply(t testing.TB, files map[string]string, e Edit) map[string]string {
	t.Helper()
	out, err := Apply(files, e)
	if err != nil {
		t.Fatalf("%+v: %v", e, err)
	}
	return out
}

const lapul = "campaigns/fresh-lapul.yaml"

// SOP fn.5: a campaign is data, and a person who does not program changes it: each change touches the lines it must.
func TestEditTouchesOnlyItsLines(t *testing.T) {
	files := shipped(t)
	for name, c := range map[string]struct {
		e    Edit
		want string
	}{
		"clause text": {Edit{Do: "set", File: "clauses.yaml", At: "5.7.8.b.contacted.sukses", Put: []Put{{Key: "text", Value: `Sukses: "baru"`}}},
			`-clauses.yaml: - {id: "5.7.8.b.contacted.sukses", text: "Sukses : jika pelanggan bersedia diedukasi untuk proses pelaporannya", en: "Sukses: the customer is willing to be told how the report runs", parent: "5.7.8.b"}
+clauses.yaml: - {id: "5.7.8.b.contacted.sukses", text: "Sukses: \"baru\"", en: "Sukses: the customer is willing to be told how the report runs", parent: "5.7.8.b"}`},
		"clause added under its parent": {Edit{Do: "add", File: "clauses.yaml", Put: []Put{{Key: "id", Value: "5.7.8.c.sukses.lain"}, {Key: "text", Value: "Lainnya"}, {Key: "en", Value: "Other"}, {Key: "parent", Value: "5.7.8.c.sukses"}}},
			`+clauses.yaml: - {id: "5.7.8.c.sukses.lain", text: "Lainnya", en: "Other", parent: "5.7.8.c.sukses"}`},
		"option's label in both languages": {Edit{Do: "set", File: lapul, At: "fields/reason_1/options/rna", Put: []Put{{Key: "label", Value: "Tidak diangkat", EN: "No answer"}}},
			"-campaigns/fresh-lapul.yaml: label: RNA\n+campaigns/fresh-lapul.yaml: label: {id: Tidak diangkat, en: No answer}"},
		"option written like its neighbour": {Edit{Do: "add", File: lapul, At: "fields/reason_2/options", Before: "slg", Put: []Put{{Key: "id", Value: "ragu"}, {Key: "label", Value: "Ragu, minta waktu"}, {Key: "clause", Value: "5.7.8.c.sukses.paham"}, {Key: "means", Value: "reached-decider"}, {Key: "when", Value: "reason_1: sukses"}}},
			`+campaigns/fresh-lapul.yaml: - {id: ragu, label: "Ragu, minta waktu", clause: ["5.7.8.c.sukses.paham"], means: [reached-decider], when: {reason_1: sukses}}`},
		"option over several lines": {Edit{Do: "add", File: lapul, At: "fields/status/options", Put: []Put{{Key: "id", Value: "titip"}, {Key: "label", Value: "Titip pesan"}, {Key: "clause", Value: "5.7.8.a.contacted"}, {Key: "means", Value: "reached-other"}}},
			"+campaigns/fresh-lapul.yaml: - id: titip\n+campaigns/fresh-lapul.yaml: label: Titip pesan\n+campaigns/fresh-lapul.yaml: clause: [\"5.7.8.a.contacted\"]\n+campaigns/fresh-lapul.yaml: means: [reached-other]"},
		"hint": {Edit{Do: "set", File: lapul, At: "fields/remarks", Put: []Put{{Key: "hint", Value: "Ringkas", EN: "Briefly"}}},
			"+campaigns/fresh-lapul.yaml: hint: {id: Ringkas, en: Briefly}"},
		"field asked later": {Edit{Do: "move", File: lapul, At: "fields/remarks", Before: "status"},
			"-campaigns/fresh-lapul.yaml: fields: [status, reason_1, reason_2, call_again_at, remarks]\n+campaigns/fresh-lapul.yaml: fields: [remarks, status, reason_1, reason_2, call_again_at]"},
		"field taken out of its step too": {Edit{Do: "remove", File: "campaigns/ideas.yaml", At: "fields/ticket_no"},
			"-campaigns/ideas.yaml: fields: [status, reason, ticket_no, remarks]\n-campaigns/ideas.yaml: - id: ticket_no\n-campaigns/ideas.yaml: type: text\n-campaigns/ideas.yaml: clause: [\"5.8.5.tiket\"]\n-campaigns/ideas.yaml: label: {id: No Tiket, en: Ticket number}\n-campaigns/ideas.yaml: when: {reason: eskalasi}\n-campaigns/ideas.yaml: check: ticket-no\n-campaigns/ideas.yaml: max: 20\n+campaigns/ideas.yaml: fields: [status, reason, remarks]"},
		"queue": {Edit{Do: "set", File: lapul, At: "queue", Put: []Put{{Key: "pause", Value: "90m"}, {Key: "days", Value: "2"}}},
			"-campaigns/fresh-lapul.yaml: queue: {pause: 60m, per_day: 3, days: 3, hours: \"08:00-20:00\", then: leader, clause: \"A-38\"}\n+campaigns/fresh-lapul.yaml: queue: {pause: 90m, per_day: 3, days: 2, hours: \"08:00-20:00\", then: leader, clause: \"A-38\"}"},
		"save label": {Edit{Do: "set", File: lapul, At: "save", Put: []Put{{Key: "label", Value: "Simpan"}}},
			"-campaigns/fresh-lapul.yaml: save: {label: Save Submit, clause: \"5.7.10\"}\n+campaigns/fresh-lapul.yaml: save: {label: Simpan, clause: \"5.7.10\"}"},
		"say line": {Edit{Do: "set", File: lapul, At: "steps/call/say/#1", Put: []Put{{Key: "text", Value: "“Halo.”"}}},
			"-campaigns/fresh-lapul.yaml: - {text: \"“Kami menghubungi terkait layanan Telkom IndiHome Bapak/Ibu.”\", clause: \"5.7.7\"}\n+campaigns/fresh-lapul.yaml: - {text: \"“Halo.”\", clause: \"5.7.7\"}"},
		"effect": {Edit{Do: "add", File: "campaigns/ideas.yaml", At: "outcomes/fcr/effects", Put: []Put{{Key: "do", Value: "alert-leader"}, {Key: "clause", Value: "5.8.5"}}},
			`+campaigns/ideas.yaml: - {do: alert-leader, clause: "5.8.5"}`},
		"outcome's condition": {Edit{Do: "set", File: "campaigns/ideas.yaml", At: "outcomes/fcr", Put: []Put{{Key: "when", Value: "{reason: fcr, guided: berhasil}"}}},
			"-campaigns/ideas.yaml: when: {reason: fcr}\n+campaigns/ideas.yaml: when: {reason: fcr, guided: berhasil}"},
		"effective date": {Edit{Do: "set", File: "document.yaml", At: "effective", Put: []Put{{Key: "text", Value: "2027-02-01"}}},
			"-document.yaml: effective: {text: \"2019-12-03\", clause: doc.effective}\n+document.yaml: effective: {text: \"2027-02-01\", clause: doc.effective}"},
		"history": {Edit{Do: "add", File: "document.yaml", At: "history", Put: []Put{{Key: "revision", Value: "03"}, {Key: "date", Value: "2027-02-01"}, {Key: "clause", Value: "7.02.campaigns"}, {Key: "text", Value: "Alasan baru", EN: "A new reason"}}},
			`+document.yaml: - {revision: "03", date: "2027-02-01", clause: 7.02.campaigns, text: {id: Alasan baru, en: A new reason}}`},
		"parameter": {Edit{Do: "set", File: "document.yaml", At: "parameters/closing", Put: []Put{{Key: "text", Value: "Salam penutup", EN: "A closing greeting"}}},
			"-document.yaml: - {id: closing, clause: \"4\", text: {id: \"Contoh: tawaran bantuan lain dan salam penutup\", en: \"Sample: an offer of further help and a closing greeting\"}}\n+document.yaml: - {id: closing, clause: \"4\", text: {id: Salam penutup, en: A closing greeting}}"},
		"decision": {Edit{Do: "set", File: "gaps.yaml", At: "A-22", Put: []Put{{Key: "decision", Value: "Hanya untuk Contacted.", EN: "For Contacted only."}}},
			"-gaps.yaml: id: \"Hanya ditanyakan untuk Contacted.\"\n-gaps.yaml: en: \"Asked only for Contacted.\"\n+gaps.yaml: id: \"Hanya untuk Contacted.\"\n+gaps.yaml: en: \"For Contacted only.\""},
		"option renamed where it is spoken of": {Edit{Do: "rename", File: "campaigns/ideas.yaml", At: "fields/reason/options/fcr", Put: []Put{{Key: "id", Value: "selesai"}}},
			"-campaigns/ideas.yaml: - id: fcr\n-campaigns/ideas.yaml: when: {reason: fcr}\n+campaigns/ideas.yaml: - id: selesai\n+campaigns/ideas.yaml: when: {reason: selesai}"},
	} {
		t.Run(name, func(t *testing.T) {
			got := strings.Join(lineDiff(files, apply(t, files, c.e)), "\n")
			if got != c.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, c.want)
			}
		})
	}
}

// A field's new name is written everywhere it is spoken of, in common files and the campaigns that use them; and back again.
func TestRenamedFieldIsSpokenOfByItsNewName(t *testing.T) {
	files := shipped(t)
	there := Edit{Do: "rename", File: "common/receiver.yaml", At: "fields/other_contact", Put: []Put{{Key: "id", Value: "contact_other"}}}
	is := apply(t, files, there)
	if _, problems := load(is); len(problems) > 0 {
		t.Fatal(problems)
	}
	for name, text := range is {
		if strings.Contains(text, "other_contact") {
			t.Error(name, "still says other_contact")
		}
	}
	back := there
	back.At, back.Put = "fields/contact_other", []Put{{Key: "id", Value: "other_contact"}}
	if again := apply(t, is, back); !maps.Equal(files, again) {
		t.Error(lineDiff(files, again))
	}
	if by := UsedBy(files, "common/receiver.yaml"); len(by) != 7 {
		t.Error("an edit of the receiver touches", by)
	}
	if held := HeldIn(files, "campaigns/nossa.yaml", "fields/other_contact"); held != "common/receiver.yaml" {
		t.Error("held in", held)
	}
}

// piece is one part of a file that can be edited.
type piece struct {
	file, at string
	spot     spot
}

// parts lists every part and list of every file.
func parts(t testing.TB, files map[string]string) (each, lists []piece) {
	t.Helper()
	for _, file := range slices.Sorted(maps.Keys(files)) {
		s, err := openSheet(files, file)
		if err != nil {
			t.Fatal(err)
		}
		var walk func(at string)
		walk = func(at string) {
			found, err := s.find(at)
			if err != nil {
				return
			}
			under := func(segment string) {
				if at == "" {
					walk(segment)
				} else {
					walk(at + "/" + segment)
				}
			}
			if found.list != nil {
				lists = append(lists, piece{file, at, found})
				for i, n := range found.node.Content {
					segment := fmt.Sprintf("#%d", i)
					if name := valueOf(n, found.list.name); name != nil && !strings.Contains(name.Value, "/") {
						segment = name.Value
					}
					under(segment)
				}
				return
			}
			each = append(each, piece{file, at, found})
			for _, h := range found.shape.keys {
				if h.sub != nil {
					under(h.key)
				}
			}
		}
		walk("")
	}
	return each, lists
}

// asPut says a value as a person's form would.
func asPut(key string, n *yaml.Node) Put {
	p := Put{Key: key, Value: n.Value}
	switch {
	case both(n):
		p.Value, p.EN = valueOf(n, "id").Value, valueOf(n, "en").Value
	case n.Kind == yaml.SequenceNode:
		var list []string
		for _, c := range n.Content {
			list = append(list, c.Value)
		}
		p.Value = strings.Join(list, ", ")
	case n.Kind == yaml.MappingNode:
		p.Value = flow(n)
	}
	return p
}

// other is another value of a kind: a plain word, or one that needs quotes.
func other(p Put, kind, word string) Put {
	q := Put{Key: p.Key, Value: word}
	switch strings.TrimSuffix(kind, "!") {
	case aText:
		if p.EN != "" {
			q.EN = "Other"
		}
	case aList, aNames:
		q.Value = p.Value + ", lain"
	case aCond, aNeed:
		q.Value = "not: {any: [{a: b, c: [d, e]}, {f: \"yes\"}]}"
	case aMap:
		q.Value = `"5.2.6": ["5.8.2"]`
	case aNumber:
		q.Value = p.Value + "1"
	case aYes:
		q.Value = map[string]string{"true": "false", "false": "true"}[p.Value]
	}
	return q
}

// Every value of every file: set to what it is changes no byte, set to something else changes one line and can be read,
// and set back gives the same bytes.
func TestEveryValueCanBeSetAndSetBack(t *testing.T) {
	files := shipped(t)
	each, _ := parts(t, files)
	n, often := 0, map[string]int{} // of one kind of value in one file two will do: the first of each way to write it
	for _, p := range each {
		only := map[string]string{p.file: files[p.file]}
		for _, h := range p.spot.shape.keys {
			old := valueOf(p.spot.node, h.key)
			if old == nil || h.sub != nil || slices.Contains(p.spot.shape.fixed, h.key) {
				continue
			}
			alike := fmt.Sprint(p.file, p.spot.shape.keys, h.key, old.Kind, old.Style, p.spot.node.Style)
			if often[alike]++; often[alike] > 2 {
				continue
			}
			block := old.Kind != yaml.ScalarNode && old.Style&yaml.FlowStyle == 0 // a condition over several lines becomes one line
			kind := p.spot.shape.of(h.key, valueOf(p.spot.node, "use") != nil).kind
			is := asPut(h.key, old)
			set := func(files map[string]string, put Put) map[string]string {
				return apply(t, files, Edit{Do: "set", File: p.file, At: p.at, Put: []Put{put}})
			}
			if same := set(only, is); !maps.Equal(only, same) {
				t.Errorf("%s %s %s set to itself: %v", p.file, p.at, h.key, lineDiff(only, same))
			}
			for _, word := range []string{"Lain beda", "Lain, “beda”: #1"} {
				otherwise := set(only, other(is, kind, word))
				if d := lineDiff(only, otherwise); len(d) != 2 && !block {
					t.Errorf("%s %s %s: %d lines differ: %v", p.file, p.at, h.key, len(d), d)
				}
				if back := set(otherwise, is); !maps.Equal(only, back) && !block && word == "Lain beda" {
					t.Errorf("%s %s %s set back: %v", p.file, p.at, h.key, lineDiff(only, back))
				}
			}
			n++
		}
	}
	if n < 300 {
		t.Errorf("only %d values", n)
	}
}

// Every part of every list: moved to the end and back gives the same bytes; removed, only its lines are gone.
func TestEveryPartCanBeMovedAndRemoved(t *testing.T) {
	files := shipped(t)
	_, lists := parts(t, files)
	for _, l := range lists {
		in := func(segment string) string { return strings.TrimPrefix(l.at+"/"+segment, "/") }
		n := len(l.spot.node.Content)
		for i := range n {
			here, last := fmt.Sprintf("#%d", i), fmt.Sprintf("#%d", n-1)
			before := fmt.Sprintf("#%d", i)
			if i > 1 && i < n-2 {
				continue
			}
			if fields := l.at == "fields"; !fields && i < n-1 {
				moved := apply(t, files, Edit{Do: "move", File: l.file, At: in(here)})
				if back := apply(t, moved, Edit{Do: "move", File: l.file, At: in(last), Before: before}); !maps.Equal(files, back) {
					t.Errorf("%s %s moved and back: %v", l.file, in(here), lineDiff(files, back))
				}
			}
			gone := apply(t, files, Edit{Do: "remove", File: l.file, At: in(here)})
			for _, line := range lineDiff(files, gone) {
				if line[0] == '+' && !strings.HasSuffix(line, "[]") {
					t.Errorf("%s %s removed writes %s", l.file, in(here), line)
				}
			}
		}
	}
}

// A part put into any list and taken out again leaves the bytes as they were.
func TestEveryListTakesAPartAndGivesItBack(t *testing.T) {
	files := shipped(t)
	_, lists := parts(t, files)
	for _, l := range lists {
		for _, before := range []string{"", "#0"} {
			if before != "" && len(l.spot.node.Content) == 0 {
				continue
			}
			e := Edit{Do: "add", File: l.file, At: l.at, Before: before, Put: fullPut(l.spot.list)}
			with := apply(t, files, e)
			for _, line := range lineDiff(files, with) {
				if line[0] == '-' && !strings.HasSuffix(line, "[]") {
					t.Errorf("%s %s: %s", l.file, l.at, line)
				}
			}
			segment := "#0"
			if before == "" {
				segment = fmt.Sprintf("#%d", len(l.spot.node.Content))
			}
			if back := apply(t, with, Edit{Do: "remove", File: l.file, At: strings.TrimPrefix(l.at+"/"+segment, "/")}); !maps.Equal(files, back) {
				t.Errorf("%s %s added %q and removed: %v", l.file, l.at, before, lineDiff(files, back))
			}
		}
	}
}

// fullPut gives every key of a shape a value.
func fullPut(of *shape) []Put {
	var puts []Put
	for _, h := range of.keys {
		p := Put{Key: h.key, Value: "kata baru", EN: ""}
		switch strings.TrimSuffix(h.kind, "!") {
		case aPart, ofParts:
			continue
		case aText:
			p.EN = "new word"
		case aCond, aNeed:
			p.Value = "status: [a, b]"
		case aNumber:
			p.Value = "7"
		case aYes:
			p.Value = "true"
		}
		if h.key == "use" {
			continue
		}
		puts = append(puts, p)
	}
	return puts
}

// SOP fn.5: an eighth campaign from the template is sound as it is; taken out again, no byte remembers it.
func TestAddedCampaignIsSoundAndLeavesNoTrace(t *testing.T) {
	files := shipped(t)
	is := apply(t, files, Edit{Do: "add-campaign", Put: []Put{{Key: "id", Value: "survei"}, {Key: "clause", Value: "5.9"}, {Key: "title", Value: "Survei Puas", EN: "Satisfaction survey"}, {Key: "source", Value: "sephia"}}})
	b, problems := load(is)
	for _, p := range problems {
		t.Error(p)
	}
	if len(problems) > 0 {
		t.FailNow()
	}
	if p := b.Procedures[len(b.Procedures)-1]; p.Code != "survei" || p.Title.EN != "Satisfaction survey" || len(procedure.Endings(p)) < 8 {
		t.Errorf("%+v", p)
	}
	was, _ := load(files)
	fresh := b.Lint()
	for _, f := range was.Lint() {
		fresh = slices.DeleteFunc(fresh, func(g procedure.Finding) bool { return g.Class == f.Class && g.Clause == f.Clause })
	}
	for _, f := range fresh {
		t.Errorf("lint: %+v", f)
	}
	if back := apply(t, is, Edit{Do: "remove-campaign", At: "survei"}); !maps.Equal(files, back) {
		t.Error(lineDiff(files, back))
	}
}

// What is no edit is refused with its place, and the files stay as they are.
func TestRefusedEdits(t *testing.T) {
	files := shipped(t)
	files["campaigns/broken.yaml"] = "a: [b\n"
	files["campaigns/odd.yaml"] = "queue: {pause: !!str 60m, days: 1}\n"
	for _, c := range []struct {
		e   Edit
		key string
	}{
		{Edit{Do: "burn"}, "procedure.edit-act"},
		{Edit{Do: "set", File: "text.md"}, "procedure.edit-file"},
		{Edit{Do: "set", File: "campaigns/broken.yaml", Put: []Put{{Key: "source", Value: "x"}}}, "procedure.edit-yaml"},
		{Edit{Do: "set", File: lapul, At: "fields/nope", Put: []Put{{Key: "label", Value: "x"}}}, "procedure.edit-place"},
		{Edit{Do: "set", File: lapul, At: "fields/status", Put: []Put{{Key: "colour", Value: "x"}}}, "procedure.edit-key"},
		{Edit{Do: "set", File: lapul, At: "fields/status", Put: []Put{{Key: "id", Value: "x"}}}, "procedure.edit-fixed"},
		{Edit{Do: "set", File: "document.yaml", At: "code", Put: []Put{{Key: "text", Value: "x"}}}, "procedure.edit-fixed"},
		{Edit{Do: "set", File: "document.yaml", At: "revision", Put: []Put{{Key: "text", Value: "9"}}}, "procedure.edit-fixed"},
		{Edit{Do: "set", File: lapul, At: "fields/remarks", Put: []Put{{Key: "max", Value: "-1"}}}, "procedure.edit-value.number"},
		{Edit{Do: "set", File: lapul, At: "fields/status", Put: []Put{{Key: "auto", Value: "ja"}}}, "procedure.edit-value.yes"},
		{Edit{Do: "set", File: lapul, At: "fields/status", Put: []Put{{Key: "when", Value: "{a: ["}}}, "procedure.edit-value.condition"},
		{Edit{Do: "set", File: lapul, At: "fields/status", Put: []Put{{Key: "label", Value: "a\x00b"}}}, "procedure.edit-value.text"},
		{Edit{Do: "rename", File: lapul, At: "fields/status", Put: []Put{{Key: "id", Value: "Status Call"}}}, "procedure.edit-value.name"},
		{Edit{Do: "rename", File: lapul, At: "fields/status", Put: []Put{{Key: "id", Value: "reason_1"}}}, "procedure.edit-there"},
		{Edit{Do: "add", File: lapul, At: "fields", Put: []Put{{Key: "id", Value: "status"}}}, "procedure.edit-there"},
		{Edit{Do: "add", File: lapul, At: "fields", Put: []Put{{Key: "label", Value: "x"}}}, "procedure.edit-nameless"},
		{Edit{Do: "remove", File: lapul, At: "queue"}, "procedure.edit-whole"},
		{Edit{Do: "add-campaign", Put: []Put{{Key: "id", Value: "nossa"}}}, "procedure.edit-there"},
		{Edit{Do: "add-campaign", Put: []Put{{Key: "id", Value: "x"}, {Key: "clause", Value: "lima"}}}, "procedure.edit-value.clause"},
		{Edit{Do: "add-campaign", Put: []Put{{Key: "id", Value: "x"}, {Key: "clause", Value: "5.9"}, {Key: "title", Value: "X"}, {Key: "source", Value: "pos"}}}, "procedure.edit-value.source"},
		{Edit{Do: "set", File: "campaigns/odd.yaml", At: "queue", Put: []Put{{Key: "pause", Value: "1m"}}}, ""},
	} {
		before := maps.Clone(files)
		_, err := Apply(files, c.e)
		switch f := fault.Of(err); {
		case c.key == "" && err == nil:
		case c.key == "" && f == nil, c.key != "" && (f == nil || f.Key != c.key):
			t.Errorf("%+v: %v, want %s", c.e, err, c.key)
		}
		if !maps.Equal(before, files) {
			t.Errorf("%+v changed the files it was given", c.e)
		}
	}
}

// Any row of edits leaves files that can be read as YAML.
func TestAnyEditsLeaveReadableFiles(t *testing.T) {
	start := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		files := maps.Clone(start)
		file := rapid.SampledFrom([]string{"campaigns/ideas.yaml", "common/receiver.yaml", "common/again.yaml", "document.yaml", "open.yaml"}).Draw(t, "file")
		for range rapid.IntRange(1, 6).Draw(t, "edits") {
			var each, lists []piece
			each, lists = partsOf(files, file)
			if len(each) == 0 {
				break
			}
			var e Edit
			switch rapid.IntRange(0, 4).Draw(t, "do") {
			case 0, 1:
				p := rapid.SampledFrom(each).Draw(t, "part")
				h := rapid.SampledFrom(append([]holds{{key: "none"}}, p.spot.shape.keys...)).Draw(t, "key")
				e = Edit{Do: "set", File: file, At: p.at, Put: []Put{{Key: h.key, Value: anyValue(t), EN: anyValue(t)}}}
			case 2:
				l := rapid.SampledFrom(lists).Draw(t, "list")
				puts := fullPut(l.spot.list)
				for i := range puts {
					if rapid.Bool().Draw(t, "odd") {
						puts[i].Value, puts[i].EN = anyValue(t), anyValue(t)
					}
				}
				e = Edit{Do: "add", File: file, At: l.at, Put: puts}
			case 3:
				p := rapid.SampledFrom(each).Draw(t, "part")
				e = Edit{Do: "remove", File: file, At: p.at}
			case 4:
				p := rapid.SampledFrom(each).Draw(t, "part")
				e = Edit{Do: "move", File: file, At: p.at, Before: rapid.SampledFrom([]string{"", "#0", "#1"}).Draw(t, "before")}
			}
			next, err := Apply(files, e)
			if err != nil {
				if fault.Of(err) == nil {
					t.Fatalf("%+v: %v", e, err)
				}
				continue
			}
			if _, err := openSheet(next, file); err != nil {
				t.Fatalf("%+v: %v", e, err)
			}
			files = next
		}
	})
}

func partsOf(files map[string]string, file string) (each, lists []piece) {
	return parts(quiet{}, map[string]string{file: files[file]})
}

// quiet is a test that has nothing to say: what fails in it fails by panic.
type quiet struct{ testing.TB }

func (quiet) Helper()           {}
func (quiet) Fatal(args ...any) { panic(fmt.Sprint(args...)) }

func anyValue(t *rapid.T) string {
	return rapid.OneOf(rapid.SampledFrom([]string{"", "a", "true", "12", "status: a", "{a: [b]}", "“Halo {customer}”\nbaris", "a: b # c", "- x", "\"", "'", "{", "]", ", ", "5.2.7", "null", "~"}), rapid.String()).Draw(t, "value")
}

// FuzzEdit sets any text anywhere in a file that anybody wrote: refused, or readable with the value in it.
func FuzzEdit(f *testing.F) {
	for _, text := range []string{"queue: {pause: 60m}\n", "queue:\n  pause: 60m # c\n  days: 3", "queue:\n  pause: |\n    60m\n  days: >-\n    3\n", "queue: {pause: 'it''s', days: 3}", "\"queue\": {\"pause\": 1}", "queue: # c\n\n    pause:\n    days: 1\n", "queue:\r\n  pause: 60m\r\n", "queue: {pause: a\n  b, days: [}]"} {
		f.Add(text, "pause", "10m")
		f.Add(text, "hours", "a: \"b\"\n#")
	}
	f.Fuzz(func(t *testing.T, text, key, value string) {
		files := map[string]string{lapul: text}
		next, err := Apply(files, Edit{Do: "set", File: lapul, At: "queue", Put: []Put{{Key: key, Value: value}}})
		if err != nil {
			if fault.Of(err) == nil {
				t.Fatal(err)
			}
			return
		}
		s, err := openSheet(next, lapul)
		if err != nil {
			t.Fatalf("%q: %v", next[lapul], err)
		}
		got := valueOf(valueOf(s.root, "queue"), key)
		switch want := strings.TrimSpace(value); {
		case want == "" && got != nil:
			t.Fatalf("%q still holds %s", next[lapul], key)
		case want != "" && (got == nil || got.Value != want):
			t.Fatalf("%q does not say %s: %q", next[lapul], key, want)
		}
	})
}
