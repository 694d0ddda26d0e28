package procedure

import (
	"fmt"
	"strings"
	"testing"
)

// edited is the sound document with one file changed, as testdata/broken writes it.
func edited(t *testing.T, file, edit string) *Book {
	t.Helper()
	files := base(t)
	patch(t, files, file, edit)
	b, problems := Load(files, ".")
	for _, p := range problems {
		t.Error(p)
	}
	return b
}

func changes(a, b *Book) string {
	var lines []string
	for _, c := range Diff(a, b) {
		lines = append(lines, fmt.Sprint(c.What, " ", c.Kind, " ", c.ID, " ", c.Clause))
	}
	return strings.Join(lines, "\n")
}

func TestDiffOfTheSameIsEmpty(t *testing.T) {
	if got := Diff(sound(t), sound(t)); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	commented := edited(t, "campaigns/ronda.yaml", "+ # a comment is no change")
	if got := Diff(sound(t), commented); len(got) != 0 || commented.Hash != sound(t).Hash {
		t.Errorf("a comment changed %+v", got)
	}
}

// One change of each kind: what a reader of the new revision has to be told, no more and no less.
func TestDiffNamesWhatChanged(t *testing.T) {
	for _, c := range []struct{ name, file, edit, want string }{
		{"title block", "document.yaml", `- effective: {text: "2026-01-05", clause: doc.effective}
+ effective: {text: "2026-02-05", clause: doc.effective}`, "changed document W-1 doc.code"},
		{"application", "document.yaml", `-   - {id: mail, name: Mail, clause: "5.9", additional: true, room: courier, label: {id: Surat, en: Mail}}
+   - {id: post, name: Mail, clause: "5.9", additional: true, room: courier, label: {id: Surat, en: Mail}}`, "removed application mail 5.9\nadded application post 5.9"},
		{"clause text", "clauses.yaml", `- - {id: "5.6", text: Simpan, en: Save, parent: "5"}
+ - {id: "5.6", text: Simpan dan tutup, en: Save, parent: "5"}`, "changed clause 5.6 5.6"},
		{"gap", "gaps.yaml", `-   decision: {id: Tiga kali sehari, en: Three a day}
+   decision: {id: Dua kali sehari, en: Two a day}`, "changed gap A-01 A-01"},
		{"open clause", "open.yaml", `-   reason: {id: Menunggu ruang courier, en: Waits for the courier room}
+   reason: {id: Menunggu surat, en: Waits for the mail}`, "changed open 5.9 5.9"},
		{"queue", "campaigns/ronda.yaml", `- queue: {pause: 60m, per_day: 3, days: 3, hours: "08:00-20:00", then: leader, clause: A-01}
+ queue: {pause: 90m, per_day: 3, days: 3, hours: "08:00-20:00", then: leader, clause: A-01}`, "changed campaign ronda 5"},
		{"step", "campaigns/ronda.yaml", `-   - {id: read, clause: "5.2", kind: read, title: {id: Baca, en: Read}}
+   - {id: read, clause: "5.2", kind: read, title: {id: Baca dulu, en: Read first}}`, "changed step ronda/read 5.2"},
		{"field", "campaigns/ronda.yaml", `-     label: Reason
+     label: Why`, "changed field ronda/reason 5.5"},
		{"option", "campaigns/ronda.yaml", `-       - {id: nama, label: {id: Nama, en: Name}, clause: "5.5"}
+       - {id: name, label: {id: Nama, en: Name}, clause: "5.5"}`, "added option ronda/checked=name 5.5\nremoved option ronda/checked=nama 5.5"},
		{"outcome title", "campaigns/ronda.yaml", `-     title: {id: Besok, en: Tomorrow}
+     title: {id: Besok pagi, en: Tomorrow morning}`, "changed outcome ronda/other-day 5.5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			was, is := sound(t), edited(t, c.file, c.edit)
			if got := changes(was, is); sorted(got) != sorted(c.want) {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			if was.Hash == is.Hash {
				t.Error("the hash is the same")
			}
		})
	}
}

func sorted(lines string) string {
	all := strings.Split(lines, "\n")
	if len(all) == 2 && all[0] > all[1] {
		all[0], all[1] = all[1], all[0]
	}
	return strings.Join(all, "\n")
}

// A changed effect shows as the outcome that has it and as every ending that comes to it.
func TestDiffShowsChangedEndings(t *testing.T) {
	was := sound(t)
	is := edited(t, "campaigns/ronda.yaml", `-     effects: [{do: call-again, after: next-day, clause: "5.5"}]
+     effects: [{do: close, reason: junk, clause: "5.5"}]`)
	var lost, won int
	for _, c := range Diff(was, is) {
		switch {
		case c.Kind == "ending" && c.What == "removed" && strings.Contains(c.Before, "other-day: call-again next-day"):
			lost++
		case c.Kind == "ending" && c.What == "added" && strings.Contains(c.After, "other-day: close junk"):
			won++
		case c.Kind == "outcome" && c.What == "changed" && c.ID == "ronda/other-day" && c.Before != c.After:
		default:
			t.Errorf("unexpected %+v", c)
		}
	}
	if lost == 0 || lost != won {
		t.Errorf("%d endings lost, %d won", lost, won)
	}
}
