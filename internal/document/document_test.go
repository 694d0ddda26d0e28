package document_test

import (
	"context"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/procedures"
)

const code = "IN.OCC.TELK.W-18"

var (
	ctx = context.Background()
	wib = time.FixedZone("WIB", 7*3600)
)

// files is a copy of the document built in, one text in it replaced by another; folder and number make it another revision.
func files(t *testing.T, folder, number, effective string, replace ...string) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	err := fs.WalkDir(procedures.FS, code+"/rev-02", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(procedures.FS, name)
		text := strings.NewReplacer(append([]string{"\nrevision: 2\n", "\nrevision: " + number + "\n", `revision: {text: "2"`, `revision: {text: "` + number + `"`,
			`text: "2019-12-03"`, `text: "` + effective + `"`}, replace...)...).Replace(string(b))
		out[strings.Replace(name, "rev-02", folder, 1)] = &fstest.MapFile{Data: []byte(text)}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func seed(t *testing.T, s *db.DB, fsys fs.FS) {
	t.Helper()
	if err := document.Seed(ctx, s, fsys, wib); err != nil {
		t.Fatal(err)
	}
}

func load(t *testing.T, s *db.DB) *document.Library {
	t.Helper()
	l := &document.Library{}
	if err := l.Load(ctx, s); err != nil {
		t.Fatal(err)
	}
	return l
}

func inForce(s *db.DB, l *document.Library, code string) (r document.Revision, err error) {
	err = s.Read(ctx, func(tx *db.Tx) error { r, err = l.InForce(tx, code); return err })
	return r, err
}

func kept(s *db.DB, l *document.Library, number int) (r document.Revision, err error) {
	err = s.Read(ctx, func(tx *db.Tx) error { r, err = l.Kept(tx, code, number); return err })
	return r, err
}

// SOP doc.effective, doc.revision, doc.code: the revision in force is the latest whose day has begun at the site.
func TestTheRevisionInForceIsTheLatestEffectiveOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		seed(t, s, procedures.FS)
		l := load(t, s)
		seed(t, s, files(t, "rev-03", "3", "2026-12-01")) // by another server, say: this one has not loaded it
		day := func(y int, m time.Month, d, h, min int) time.Time { return time.Date(y, m, d, h, min, 0, 0, wib) }
		clock := c
		clock.Set(day(2019, 12, 2, 23, 59))
		if _, err := inForce(s, l, code); !fault.Is(err, fault.Missing) || fault.Of(err).Key != "document.none-in-force" {
			t.Errorf("before the first: %v", err)
		}
		for _, c := range []struct {
			at   time.Time
			want int
		}{{day(2019, 12, 3, 0, 0), 2}, {day(2026, 11, 30, 23, 59), 2}, {day(2026, 12, 1, 0, 0), 3}, {day(2030, 1, 1, 0, 0), 3}} {
			clock.Set(c.at)
			if got, err := inForce(s, l, code); err != nil || got.Revision != c.want {
				t.Errorf("%s: revision %d, want %d: %v", c.at, got.Revision, c.want, err)
			}
		}
		if codes := l.Codes(); len(codes) != 1 || codes[0] != code {
			t.Errorf("codes %v", codes)
		}
		for _, number := range []int{2, 3} {
			if r, err := kept(s, l, number); err != nil || r.Revision != number || r.Book.Document.Revision != number || r.Hash != r.Book.Hash {
				t.Errorf("kept %d: %+v %v", number, r.Revision, err)
			}
		}
		if _, err := kept(s, l, 9); !fault.Is(err, fault.Missing) || fault.Of(err).Values["revision"] != "09" {
			t.Errorf("a revision that is not there: %v", err)
		}
		if _, err := inForce(s, l, "IN.OCC.TELK.P-01"); !fault.Is(err, fault.Missing) {
			t.Errorf("another document: %v", err)
		}
	})
}

// SOP fn.5, doc.revision: what was signed stays as it was; changed files of the same number change nothing in the store.
func TestARevisionIsKeptOnceAndNeverChanges(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		seed(t, s, procedures.FS)
		before, err := kept(s, load(t, s), 2)
		if err != nil {
			t.Fatal(err)
		}
		seed(t, s, files(t, "rev-02", "2", "2019-12-03", "Terhubung dan selesai", "Tuntas"))
		after, err := kept(s, load(t, s), 2)
		if err != nil || after.Hash != before.Hash {
			t.Errorf("hash %s became %s: %v", before.Hash, after.Hash, err)
		}
		for _, o := range after.Book.Procedure("callback").Outcomes {
			if o.Title.In("id") == "Tuntas" {
				t.Error("a kept revision changed its words")
			}
		}
	})
}

// Whoever changes a kept file in the store is found out when it is read: the hash is not the signed one.
func TestATamperedRevisionIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		seed(t, s, procedures.FS)
		for _, c := range []struct{ name, sql, want string }{
			{"words", `UPDATE revision SET files = replace(files, 'Terhubung dan selesai', 'Selesai saja')`, "signed was"},
			{"broken", `UPDATE revision SET files = replace(files, 'procedure: callback', 'procedur: callback')`, "rev"},
			{"no JSON", `UPDATE revision SET files = 'x'`, "revision " + code + " 02"},
		} {
			err := s.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(c.sql)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			l := &document.Library{}
			if err := l.Load(ctx, s); err == nil || !strings.Contains(err.Error(), c.want) || len(l.Codes()) > 0 {
				t.Errorf("%s: %v", c.name, err)
			}
		}
	})
}

func TestFilesThatDoNotPassAreNotKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		for name, fsys := range map[string]fs.FS{
			"unknown key":     files(t, "rev-03", "3", "2026-12-01", "procedure: callback", "prosedur: callback"),
			"no such day":     files(t, "rev-03", "3", "2026-02-31"),
			"folder and text": fstest.MapFS{code + "/rev-03/document.yaml": {Data: []byte("code: x\n")}},
		} {
			if err := document.Seed(ctx, s, fsys, wib); err == nil || !strings.Contains(err.Error(), "rev-03") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if codes := load(t, s).Codes(); len(codes) != 0 {
			t.Errorf("kept %v", codes)
		}
	})
}
