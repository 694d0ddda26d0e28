package stories

import (
	"context"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/testscript"

	"sapa/internal/document"
	"sapa/internal/document/documenttest"
	"sapa/internal/revise"
	"sapa/procedures"
)

// revision publishes the next revision of the document with one text changed: revision 3 effective 2026-11-24 OLD NEW;
// with a campaign more: revision 3 effective 2026-11-24 adds CODE CLAUSE TITLE
func (f *floor) revision(ts *testscript.TestScript, args []string) (string, error) {
	number, effective, before, after := args[0], args[2], args[3], args[4]
	both, err := changedText(number, effective, before, after)
	if before == "adds" {
		n, wrong := strconv.Atoi(number)
		ts.Check(wrong)
		both, err = documenttest.Revised(n, effective, revise.Edit{Do: "add-campaign", Put: []revise.Put{{Key: "id", Value: after},
			{Key: "clause", Value: args[5]}, {Key: "title", Value: args[6]}, {Key: "source", Value: "sephia"}}})
	}
	if err != nil {
		return "", err
	}
	ctx := context.Background()
	if err := document.Seed(ctx, f.store, both, site); err != nil {
		return "", err
	}
	library := &document.Library{}
	if err := library.Load(ctx, f.store); err != nil {
		return "", err
	}
	f.use(library)
	return "", nil
}

// changedText is the document built in and the next revision beside it, one text changed wherever it stands.
func changedText(number, effective, before, after string) (fstest.MapFS, error) {
	const code = "IN.OCC.TELK.W-18"
	both := fstest.MapFS{}
	replaced := 0
	err := fs.WalkDir(procedures.FS, code+"/rev-02", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(procedures.FS, name)
		if err != nil {
			return err
		}
		both[name] = &fstest.MapFile{Data: b}
		text := string(b)
		replaced += strings.Count(text, before)
		text = strings.ReplaceAll(text, before, after)
		text = strings.Replace(text, "\nrevision: 2\n", "\nrevision: "+number+"\n", 1)
		if strings.HasSuffix(name, "document.yaml") {
			text = strings.Replace(text, `revision: {text: "2"`, `revision: {text: "`+number+`"`, 1)
			text = strings.Replace(text, `effective: {text: "2019-12-03"`, `effective: {text: "`+effective+`"`, 1)
		}
		both[strings.Replace(name, "rev-02", "rev-0"+number, 1)] = &fstest.MapFile{Data: []byte(text)}
		return nil
	})
	if err == nil && replaced == 0 && before != "adds" {
		err = fmt.Errorf("the document nowhere says %q", before)
	}
	return both, err
}
