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
	"time"

	"sapa/internal/db"
	"sapa/internal/procedure"
)

// Revision is one revision of one document as it was kept.
type Revision struct {
	Document    string // e.g. IN.OCC.TELK.W-18
	Revision    int
	Hash        string // of the expanded files; a turn stores it with the code and the number (decisions.md 5)
	EffectiveAt time.Time
	Signatures  []Signature // prepared, reviewed, approved
	Book        *procedure.Book
}

// Seed keeps the revisions found under fsys (folders CODE/rev-NN) that the store does not have yet. What the store has
// already stays as it is: embedded files seed once, then the store is the truth (decisions.md, House). They stand as signed on
// paper (decisions.md 8), and with the first comes who holds the document's copies.
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
				INSERT INTO revision(document, revision, hash, effective_at, files, kept_at, origin)
				VALUES ($1, $2, $3, $4, $5, $6, 'paper')
				ON CONFLICT DO NOTHING`,
				book.Document.Code, book.Document.Revision, book.Hash, db.Millis(effective), files, db.Millis(tx.Now))
			if err != nil {
				return err
			}
			return seedCopies(tx, book)
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
