package procedure_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"sapa/internal/procedure"
	"sapa/internal/revise"
	"sapa/procedures"
)

// shipped are the files of the document the house runs, by their names within the revision.
func shipped(t *testing.T) map[string]string {
	t.Helper()
	files, err := procedures.Files(os.DirFS("../../procedures/IN.OCC.TELK.W-18/rev-02"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func loaded(files map[string]string) (*procedure.Book, []procedure.Problem) {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys["d/rev-02/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return procedure.Load(fsys, "d/rev-02")
}

func applied(t *testing.T, files map[string]string, e revise.Edit) map[string]string {
	t.Helper()
	out, err := revise.Apply(files, e)
	if err != nil {
		t.Fatalf("%+v: %v", e, err)
	}
	return out
}

// next is rev 02 with edits, as the revision after it.
func next(t *testing.T, edits ...revise.Edit) (files map[string]string, b *procedure.Book) {
	t.Helper()
	files = shipped(t)
	for name := range files {
		files[name] = strings.Replace(files[name], "\nrevision: 2\n", "\nrevision: 3\n", 1)
	}
	files["document.yaml"] = strings.Replace(files["document.yaml"], `revision: {text: "2"`, `revision: {text: "3"`, 1)
	for _, e := range edits {
		files = applied(t, files, e)
	}
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys["d/rev-03/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	b, problems := procedure.Load(fsys, "d/rev-03")
	for _, p := range problems {
		t.Error(p)
	}
	if len(problems) > 0 {
		t.FailNow()
	}
	return files, b
}

func rowOf(puts ...string) revise.Edit {
	e := revise.Edit{Do: "add", File: "mapping.yaml", At: "moves"}
	for i := 0; i < len(puts); i += 2 {
		e.Put = append(e.Put, revise.Put{Key: puts[i], Value: puts[i+1]})
	}
	return e
}

var (
	renameOption = revise.Edit{Do: "rename", File: "campaigns/ideas.yaml", At: "fields/reason/options/fcr", Put: []revise.Put{{Key: "id", Value: "selesai"}}}
	renameField  = revise.Edit{Do: "rename", File: "campaigns/ideas.yaml", At: "fields/remarks", Put: []revise.Put{{Key: "id", Value: "catatan"}}}
)

// Issue 5, item 4: what has gone from a revision is named by its mapping, or it is not carried over; the mapping names only what was.
func TestAMappingNamesAllThatHasGone(t *testing.T) {
	was, _ := loaded(shipped(t))
	_, silent := next(t, renameOption, renameField, revise.Edit{Do: "set", File: "mapping.yaml", Put: []revise.Put{{Key: "from", Value: "2"}}})
	var keys []string
	for _, p := range procedure.CheckMapping(was, silent) {
		keys = append(keys, p.Key+" "+p.Values["what"])
	}
	want := []string{"mapping-gone ideas option fcr of reason", "mapping-gone ideas field remarks"}
	slices.Sort(keys)
	slices.Sort(want)
	if !slices.Equal(keys, want) {
		t.Errorf("got %v", keys)
	}
	for name, b := range map[string]*procedure.Book{"none": func() *procedure.Book { _, b := next(t, renameOption, renameField); return b }(),
		"another's": func() *procedure.Book {
			_, b := next(t, renameOption, renameField, revise.Edit{Do: "set", File: "mapping.yaml", Put: []revise.Put{{Key: "from", Value: "1"}}})
			return b
		}()} {
		open := procedure.Unmapped(was, b)
		if len(open) != 2 || open[0].Option != "fcr" || open[1].Field != "remarks" || open[0].Clause == "" || open[1].Clause == "" {
			t.Errorf("left open by %s mapping: %+v", name, open)
		}
	}
	_, wrong := next(t, renameOption, renameField, rowOf("campaign", "ideas", "field", "reason", "option", "fcr", "to", "selesai"),
		rowOf("campaign", "ideas", "field", "remarks", "to", "catatan"), rowOf("campaign", "ideas", "field", "warna", "gone", "true"))
	problems := procedure.CheckMapping(was, wrong)
	if len(problems) != 1 || problems[0].Key != "mapping-was" || !strings.Contains(problems[0].Error(), "mapping.yaml:6: ideas field warna was not in revision 2") {
		t.Errorf("got %v", problems)
	}
}

// A mapping is part of what is signed.
func TestAMappingIsPartOfTheHash(t *testing.T) {
	_, without := next(t)
	_, with := next(t, revise.Edit{Do: "set", File: "mapping.yaml", Put: []revise.Put{{Key: "from", Value: "1"}}})
	if without.Hash == with.Hash || without.Mapping != nil || with.Mapping == nil || with.Mapping.From != 1 {
		t.Errorf("%s %s", without.Hash, with.Hash)
	}
}

// Answers move by the mapping: kept, renamed or dropped, each with its clause.
func TestAnswersMoveByTheMapping(t *testing.T) {
	was, _ := loaded(shipped(t))
	_, is := next(t, renameOption, renameField,
		revise.Edit{Do: "set", File: "campaigns/ideas.yaml", At: "fields/status/options/contacted", Put: []revise.Put{{Key: "label", Value: "Terhubung", EN: "Connected"}}},
		rowOf("campaign", "ideas", "field", "reason", "option", "fcr", "to", "selesai"), rowOf("campaign", "ideas", "field", "remarks", "to", "catatan"),
		rowOf("campaign", "ideas", "field", "problem", "gone", "true", "ask", "data_check", "clause", "5.2.8.data"), rowOf("campaign", "ideas", "field", "data_check", "option", "nama", "to", "alamat"))
	if p := procedure.CheckMapping(was, is); len(p) > 0 {
		t.Fatal(p)
	}
	got, moved := is.Mapping.Move(was.Procedure("ideas"), is.Procedure("ideas"), procedure.Answers{"receiver": "reporter", "status": "contacted", "reason": "fcr", "remarks": "Beres", "problem": "Lambat", "data_check": "nama,cp"})
	want := procedure.Answers{"receiver": "reporter", "status": "contacted", "reason": "selesai", "catatan": "Beres", "data_check": "alamat,cp"}
	if !maps.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	said := map[string]procedure.Moved{}
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

// Only the revision a mapping says it maps from is held against it, and a campaign that has gone altogether keeps its open work where it is.
func TestAMappingIsHeldAgainstItsOwnRevision(t *testing.T) {
	was, _ := loaded(shipped(t))
	_, other := next(t, renameOption, revise.Edit{Do: "set", File: "mapping.yaml", Put: []revise.Put{{Key: "from", Value: "1"}}})
	if p := procedure.CheckMapping(was, other); p != nil {
		t.Errorf("a mapping from revision 1 was held against revision 2: %v", p)
	}
	_, is := next(t, revise.Edit{Do: "set", File: "mapping.yaml", Put: []revise.Put{{Key: "from", Value: "2"}}})
	is.Procedures = is.Procedures[:len(is.Procedures)-1]
	if p := procedure.CheckMapping(was, is); len(p) > 0 {
		t.Errorf("a campaign that has gone is asked for field by field: %v", p)
	}
}
