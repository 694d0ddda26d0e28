package procedure

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// next is rev 02 with edits, as the revision after it.
func next(t *testing.T, edits ...Edit) (files map[string]string, b *Book) {
	t.Helper()
	files = shipped(t)
	for name := range files {
		files[name] = strings.Replace(files[name], "\nrevision: 2\n", "\nrevision: 3\n", 1)
	}
	files["document.yaml"] = strings.Replace(files["document.yaml"], `revision: {text: "2"`, `revision: {text: "3"`, 1)
	for _, e := range edits {
		files = apply(t, files, e)
	}
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys["d/rev-03/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	b, problems := Load(fsys, "d/rev-03")
	for _, p := range problems {
		t.Error(p)
	}
	if len(problems) > 0 {
		t.FailNow()
	}
	return files, b
}

func rowOf(puts ...string) Edit {
	e := Edit{Do: "add", File: "mapping.yaml", At: "moves"}
	for i := 0; i < len(puts); i += 2 {
		e.Put = append(e.Put, Put{Key: puts[i], Value: puts[i+1]})
	}
	return e
}

var (
	renameOption = Edit{Do: "rename", File: "campaigns/ideas.yaml", At: "fields/reason/options/fcr", Put: []Put{{Key: "id", Value: "selesai"}}}
	renameField  = Edit{Do: "rename", File: "campaigns/ideas.yaml", At: "fields/remarks", Put: []Put{{Key: "id", Value: "catatan"}}}
)

// Issue 5, item 4: what has gone from a revision is named by its mapping, or it is not carried over; the mapping names only what was.
func TestAMappingNamesAllThatHasGone(t *testing.T) {
	was, _ := load(shipped(t))
	_, silent := next(t, renameOption, renameField, Edit{Do: "set", File: "mapping.yaml", Put: []Put{{Key: "from", Value: "2"}}})
	var keys []string
	for _, p := range CheckMapping(was, silent) {
		keys = append(keys, p.Key+" "+p.Values["what"])
	}
	want := []string{"mapping-gone ideas option fcr of reason", "mapping-gone ideas field remarks"}
	slices.Sort(keys)
	slices.Sort(want)
	if !slices.Equal(keys, want) {
		t.Errorf("got %v", keys)
	}
	_, wrong := next(t, renameOption, renameField, rowOf("campaign", "ideas", "field", "reason", "option", "fcr", "to", "selesai"),
		rowOf("campaign", "ideas", "field", "remarks", "to", "catatan"), rowOf("campaign", "ideas", "field", "warna", "gone", "true"))
	problems := CheckMapping(was, wrong)
	if len(problems) != 1 || problems[0].Key != "mapping-was" || !strings.Contains(problems[0].Error(), "mapping.yaml:6: ideas field warna was not in revision 2") {
		t.Errorf("got %v", problems)
	}
}

// A mapping is part of what is signed.
func TestAMappingIsPartOfTheHash(t *testing.T) {
	_, without := next(t)
	_, with := next(t, Edit{Do: "set", File: "mapping.yaml", Put: []Put{{Key: "from", Value: "1"}}})
	if without.Hash == with.Hash || without.Mapping != nil || with.Mapping == nil || with.Mapping.From != 1 {
		t.Errorf("%s %s", without.Hash, with.Hash)
	}
}

// Answers move by the mapping: kept, renamed or dropped, each with its clause.
func TestAnswersMoveByTheMapping(t *testing.T) {
	was, _ := load(shipped(t))
	_, is := next(t, renameOption, renameField,
		Edit{Do: "set", File: "campaigns/ideas.yaml", At: "fields/status/options/contacted", Put: []Put{{Key: "label", Value: "Terhubung", EN: "Connected"}}},
		rowOf("campaign", "ideas", "field", "reason", "option", "fcr", "to", "selesai"), rowOf("campaign", "ideas", "field", "remarks", "to", "catatan"),
		rowOf("campaign", "ideas", "field", "problem", "gone", "true", "ask", "data_check", "clause", "5.2.8.data"), rowOf("campaign", "ideas", "field", "data_check", "option", "nama", "to", "alamat"))
	if p := CheckMapping(was, is); len(p) > 0 {
		t.Fatal(p)
	}
	got, moved := is.Mapping.Move(was.Procedure("ideas"), is.Procedure("ideas"), Answers{"receiver": "reporter", "status": "contacted", "reason": "fcr", "remarks": "Beres", "problem": "Lambat", "data_check": "nama,cp"})
	want := Answers{"receiver": "reporter", "status": "contacted", "reason": "selesai", "catatan": "Beres", "data_check": "alamat,cp"}
	if !maps.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	said := map[string]Moved{}
	for _, m := range moved {
		said[m.Field] = m
	}
	for field, what := range map[string]string{"receiver": "kept", "status": "kept", "reason": "renamed", "remarks": "renamed", "problem": "dropped", "data_check": "renamed"} {
		if m := said[field]; m.What != what || m.Clause == "" {
			t.Errorf("%s: %+v", field, m)
		}
	}
	if m := said["problem"]; m.Ask != "data_check" || m.Clause != "5.2.8.data" || m.To != "" {
		t.Errorf("%+v", m)
	}
	if m := said["status"]; m.Was.ID != "Contacted" || m.Is.ID != "Terhubung" {
		t.Errorf("%+v", m)
	}
}
