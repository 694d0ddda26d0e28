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

var library = sync.OnceValues(func() (*document.Library, error) {
	dir, err := os.MkdirTemp("", "sapa-library-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	s, err := db.Open(ctx, "sqlite:"+filepath.Join(dir, "library.db"), db.Options{Clock: dbtest.NewClock().Now})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if err := document.Seed(ctx, s, procedures.FS, Site); err != nil {
		return nil, err
	}
	l := &document.Library{}
	return l, l.Load(ctx, s)
})

// Library is the document built in, for tests that do not change it.
func Library(t testing.TB) *document.Library {
	t.Helper()
	l, err := library()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// Book is what the document built in says, as the library has read it, for tests that do not change it.
func Book(t testing.TB) *procedure.Book {
	t.Helper()
	r, err := Library(t).Kept("IN.OCC.TELK.W-18", 2)
	if err != nil {
		t.Fatal(err)
	}
	return r.Book
}
