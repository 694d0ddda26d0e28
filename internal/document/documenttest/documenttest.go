// Package documenttest gives tests the document built in: a store that holds it, and it as read. Reading it checks every
// clause and takes a second under the race detector, so that it happens once a process. It is for tests only.
package documenttest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/document"
	"sapa/internal/procedure"
	"sapa/procedures"
)

// Mould is of stores that hold the document built in.
var Mould = dbtest.NewMould(func(ctx context.Context, s *db.DB) error {
	return document.Seed(ctx, s, procedures.FS, Site)
})

// Site is the zone of the tests' site: Malang, WIB.
var Site = func() *time.Location {
	zone, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		panic(err)
	}
	return zone
}()

const code = "IN.OCC.TELK.W-18"

var builtIn = sync.OnceValues(func() (r document.Revision, err error) {
	dir, err := os.MkdirTemp("", "sapa-library-")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	s, err := db.Open(ctx, "sqlite:"+filepath.Join(dir, "library.db"), db.Options{Clock: dbtest.NewClock().Now})
	if err != nil {
		return r, err
	}
	defer s.Close()
	if err := document.Seed(ctx, s, procedures.FS, Site); err != nil {
		return r, err
	}
	err = s.Read(ctx, func(tx *db.Tx) error {
		r, err = new(document.Library).Kept(tx, code, 2)
		return err
	})
	return r, err
})

// Library knows the document built in; what a test publishes it reads from that test's store.
func Library(t testing.TB) *document.Library {
	t.Helper()
	r, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	l := &document.Library{}
	l.Keep(r)
	return l
}

// Book is what the document built in says, as the library has read it, for tests that do not change it.
func Book(t testing.TB) *procedure.Book {
	t.Helper()
	r, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	return r.Book
}

// Decided are the decisions that answer what the linter finds in the document built in.
func Decided(t testing.TB) []procedure.Resolution {
	t.Helper()
	text, err := procedures.FS.ReadFile(code + "/rev-02/decided.txt")
	if err != nil {
		t.Fatal(err)
	}
	all, problems := procedure.Resolutions("decided.txt", string(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return all
}
