package documenttest

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/revise"
	"sapa/procedures"
)

// Revised gives the document built in and, beside it, a next revision: rev 02 with edits, in effect from a day (2006-01-02).
func Revised(revision int, effective string, edits ...revise.Edit) (fstest.MapFS, error) {
	rev02, err := fs.Sub(procedures.FS, code+"/rev-02")
	if err != nil {
		return nil, err
	}
	files, err := procedures.Files(rev02)
	if err != nil {
		return nil, err
	}
	both := fstest.MapFS{}
	for name, text := range files {
		both[code+"/rev-02/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	files["document.yaml"] = strings.Replace(files["document.yaml"], `revision: {text: "2"`, fmt.Sprintf(`revision: {text: "%d"`, revision), 1)
	edits = append(edits, revise.Edit{Do: "set", File: "document.yaml", At: "effective", Put: []revise.Put{{Key: "text", Value: effective}}})
	for _, e := range edits {
		if files, err = revise.Apply(files, e); err != nil {
			return nil, fmt.Errorf("%+v: %w", e, err)
		}
	}
	for name, text := range files {
		text = strings.Replace(text, "\nrevision: 2\n", fmt.Sprintf("\nrevision: %d\n", revision), 1)
		both[fmt.Sprintf("%s/rev-%02d/%s", code, revision, name)] = &fstest.MapFile{Data: []byte(text)}
	}
	return both, nil
}

// Revise keeps the document built in and a next revision of it in a store, and gives what the house then reads.
func Revise(t testing.TB, s *db.DB, site *time.Location, revision int, effective string, edits ...revise.Edit) *document.Library {
	t.Helper()
	both, err := Revised(revision, effective, edits...)
	if err == nil {
		err = document.Seed(context.Background(), s, both, site)
	}
	l := &document.Library{}
	if err == nil {
		err = l.Load(context.Background(), s)
	}
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// Eighth is a campaign that no code knows: Survei Puas, 5.9, made from the template.
var Eighth = revise.Edit{Do: "add-campaign", Put: []revise.Put{{Key: "id", Value: "survei"}, {Key: "clause", Value: "5.9"},
	{Key: "title", Value: "Survei Puas", EN: "Satisfaction survey"}, {Key: "source", Value: "sephia"}}}
