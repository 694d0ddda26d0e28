package stories

import (
	"context"
	"io/fs"
	"strings"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/testscript"

	"sapa/internal/document"
	"sapa/procedures"
)

// revision publishes the next revision of the document with one text changed: revision 3 effective 2026-11-24 OLD NEW
func (f *floor) revision(ts *testscript.TestScript, args []string) (string, error) {
	const code = "IN.OCC.TELK.W-18"
	number, effective, before, after := args[0], args[2], args[3], args[4]
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
	if err != nil {
		return "", err
	}
	if replaced == 0 {
		ts.Fatalf("the document nowhere says %q", before)
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
