// Package document keeps the controlled documents: their revisions with the hash of what was signed, which one is in
// force, and the notices people must have read. It does not run a procedure: it hands out the book that does.
package document

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"testing/fstest"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/procedure"
)

// Revision is one revision of one document as it was kept.
type Revision struct {
	Document    string // e.g. IN.OCC.TELK.W-18
	Revision    int
	Hash        string // of the expanded files; a turn stores it with the code and the number (decisions.md 5)
	EffectiveAt time.Time
	Book        *procedure.Book
}

// Library holds the revisions of a store, read and checked once.
type Library struct {
	mu  sync.RWMutex
	all []Revision // by document, newest effective first
}

// Seed keeps the revisions found under fsys (folders CODE/rev-NN) that the store does not have yet. What the store has
// already stays as it is: embedded files seed once, then the store is the truth (decisions.md, House).
func Seed(ctx context.Context, store *db.DB, fsys fs.FS, site *time.Location) error {
	dirs, err := fs.Glob(fsys, "*/rev-*")
	if err != nil {
		return fmt.Errorf("look for revisions: %w", err)
	}
	for _, dir := range dirs {
		book, problems := procedure.Load(fsys, dir)
		if len(problems) > 0 {
			return fmt.Errorf("seed %s: %v (and %d more)", dir, problems[0], len(problems)-1)
		}
		files, err := pack(fsys, dir)
		if err != nil {
			return fmt.Errorf("seed %s: %w", dir, err)
		}
		effective, err := time.ParseInLocation(time.DateOnly, book.Document.Effective, site)
		if err != nil {
			return fmt.Errorf("seed %s: effective date: %w", dir, err)
		}
		err = store.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(`
				INSERT INTO revision(document, revision, hash, effective_at, files, kept_at)
				VALUES ($1, $2, $3, $4, $5, $6)
				ON CONFLICT DO NOTHING`,
				book.Document.Code, book.Document.Revision, book.Hash, db.Millis(effective), files, db.Millis(tx.Now))
			return err
		})
		if err != nil {
			return fmt.Errorf("seed %s: %w", dir, err)
		}
	}
	return nil
}

func pack(fsys fs.FS, dir string) (string, error) {
	files := map[string]string{}
	err := fs.WalkDir(fsys, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".yaml" {
			return err
		}
		text, err := fs.ReadFile(fsys, name)
		files[name] = string(text)
		return err
	})
	if err != nil {
		return "", err
	}
	return packed(files)
}

// packed writes files as one text; map keys come out sorted, so that the same files give the same text.
func packed(files map[string]string) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(files)
	return b.String(), err
}

// Load reads every revision of the store and checks it again; a revision whose hash is not the kept one is refused.
func (l *Library) Load(ctx context.Context, store *db.DB) error {
	type row struct {
		Revision
		files string
	}
	var rows []row
	err := store.Read(ctx, func(tx *db.Tx) error {
		return tx.Each(`SELECT document, revision, hash, effective_at, files FROM revision`, nil, func(s db.Scanner) error {
			var r row
			var at int64
			err := s.Scan(&r.Document, &r.Revision.Revision, &r.Hash, &at, &r.files)
			r.EffectiveAt = db.Time(at)
			rows = append(rows, r)
			return err
		})
	})
	if err != nil {
		return fmt.Errorf("read revisions: %w", err)
	}
	all := make([]Revision, 0, len(rows))
	for _, r := range rows {
		book, err := unpack(r.files)
		if err != nil {
			return fmt.Errorf("revision %s %02d: %w", r.Document, r.Revision.Revision, err)
		}
		if book.Hash != r.Hash {
			return fmt.Errorf("revision %s %02d: hash is %s, signed was %s", r.Document, r.Revision.Revision, book.Hash, r.Hash)
		}
		r.Book = book
		all = append(all, r.Revision)
	}
	slices.SortFunc(all, func(a, b Revision) int {
		if c := strings.Compare(a.Document, b.Document); c != 0 {
			return c
		}
		if c := b.EffectiveAt.Compare(a.EffectiveAt); c != 0 {
			return c
		}
		return b.Revision - a.Revision
	})
	l.mu.Lock()
	l.all = all
	l.mu.Unlock()
	return nil
}

func unpack(packed string) (*procedure.Book, error) {
	var files map[string]string
	if err := json.Unmarshal([]byte(packed), &files); err != nil {
		return nil, err
	}
	fsys := fstest.MapFS{}
	dir := ""
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
		if path.Base(name) == "document.yaml" {
			dir = path.Dir(name)
		}
	}
	book, problems := procedure.Load(fsys, dir)
	if len(problems) > 0 {
		return nil, fmt.Errorf("%v (and %d more)", problems[0], len(problems)-1)
	}
	return book, nil
}

// InForce gives the revision of a document that is in force at a moment: the latest effective one (doc.effective).
func (l *Library) InForce(document string, at time.Time) (Revision, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, r := range l.all {
		if r.Document == document && !r.EffectiveAt.After(at) {
			return r, nil
		}
	}
	return Revision{}, fault.New(fault.Missing, "document.none-in-force", "document", document)
}

// Kept gives one revision, in force or not: a pinned turn is read with the one it began under (decisions.md 5).
func (l *Library) Kept(document string, revision int) (Revision, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, r := range l.all {
		if r.Document == document && r.Revision == revision {
			return r, nil
		}
	}
	return Revision{}, fault.New(fault.Missing, "document.no-revision", "document", document, "revision", fmt.Sprintf("%02d", revision))
}

// Codes lists the documents of the library.
func (l *Library) Codes() []string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	var codes []string
	for _, r := range l.all {
		if !slices.Contains(codes, r.Document) {
			codes = append(codes, r.Document)
		}
	}
	return codes
}
