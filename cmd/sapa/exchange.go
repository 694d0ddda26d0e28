package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/staff"
)

// exchange is what export and import are told beside the folder.
type exchange struct {
	at       place
	revision int
	draft    bool
}

// export writes the files of a revision, or of the draft, into a folder that holds none yet: the same bytes as were signed or saved.
func (p printer) export(ctx context.Context, names []string, e exchange) int {
	if len(names) != 1 || e.draft && e.revision != 0 {
		fmt.Fprint(p.stderr, procedureUsage)
		return misused
	}
	var files map[string]string
	err := e.open(ctx, func(store *db.DB) error {
		if err := e.inForce(ctx, store); err != nil {
			return err
		}
		return store.Read(ctx, func(tx *db.Tx) (err error) {
			if e.draft {
				d, err := document.DraftOf(tx, workInstruction)
				files = d.Files
				return err
			}
			files, err = document.FilesOf(tx, workInstruction, e.revision)
			return err
		})
	})
	if err == nil {
		err = writeFiles(names[0], files)
	}
	if err != nil {
		return sorry(p.stderr, "procedure export", err)
	}
	if p.asJSON {
		return p.json(map[string]any{"files": slices.Sorted(maps.Keys(files))})
	}
	fmt.Fprintf(p.stdout, "%d files in %s\n", len(files), names[0])
	return done
}

// writeFiles makes a folder of files. One that holds something already is refused: old files would stay beside the new.
func writeFiles(dir string, files map[string]string) error {
	if there, err := os.ReadDir(dir); err == nil && len(there) > 0 {
		return fault.New(fault.Conflict, "document.export-there", "folder", dir)
	}
	for name, text := range files {
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(to, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// receive puts the YAML files of a folder into the document's draft. What they leave wrong is listed and does not stop them:
// a draft is work.
func (p printer) receive(ctx context.Context, names []string, e exchange) int {
	if len(names) != 1 {
		fmt.Fprint(p.stderr, procedureUsage)
		return misused
	}
	files, err := readFiles(names[0])
	if err == nil && files["document.yaml"] == "" {
		err = fault.New(fault.Invalid, "document.import-empty", "folder", names[0])
	}
	var d document.Draft
	if err == nil {
		err = e.open(ctx, func(store *db.DB) error {
			return store.Write(ctx, func(tx *db.Tx) (err error) {
				d, err = document.Receive(tx, staff.Console, workInstruction, files)
				return err
			})
		})
	}
	if err != nil {
		return sorry(p.stderr, "procedure import", err)
	}
	_, problems := d.Book()
	for _, problem := range problems {
		fmt.Fprintln(p.stderr, problem.Error())
	}
	if p.asJSON {
		return p.json(map[string]any{"document": d.Document, "revision": d.Revision, "version": d.Version, "files": slices.Sorted(maps.Keys(d.Files)), "problems": len(problems)})
	}
	fmt.Fprintf(p.stdout, "%s rev %02d: %d files in the draft, version %d, %d problems\n", d.Document, d.Revision, len(d.Files), d.Version, len(problems))
	return done
}

// readFiles reads what a revision is made of: the YAML files of a folder and of its folders of campaigns, acts and common steps.
func readFiles(dir string) (map[string]string, error) {
	files, size := map[string]string{}, int64(0)
	root := os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name != "." && !slices.Contains([]string{"acts", "campaigns", "common"}, name) {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(name) != ".yaml" {
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if size += info.Size(); size > document.FilesMax {
			return fault.New(fault.Invalid, "document.draft-large", "max", document.FilesMax>>20).At("files", "")
		}
		text, err := fs.ReadFile(root, name)
		files[name] = string(text)
		return err
	})
	return files, err
}

// open opens the store that is there; it makes none, and works beside a running server.
func (e *exchange) open(ctx context.Context, work func(*db.DB) error) error {
	if e.at.data != "" && e.at.db == "" { // where would make the folder
		if _, err := os.Stat(filepath.Join(e.at.data, "sapa.db")); errors.Is(err, fs.ErrNotExist) {
			return fault.New(fault.Missing, "document.no-store", "folder", e.at.data)
		}
	}
	where, err := e.at.where()
	if err != nil {
		return err
	}
	options := db.Options{}
	if e.at.db == "" {
		options.Clock = time.Now
	}
	store, err := db.Open(ctx, where, options)
	if err != nil {
		return err
	}
	return errors.Join(work(store), store.Close())
}

// inForce sees to the revision that is meant when none is named.
func (e *exchange) inForce(ctx context.Context, store *db.DB) error {
	if e.revision != 0 || e.draft {
		return nil
	}
	library := &document.Library{}
	if err := library.Load(ctx, store); err != nil {
		return err
	}
	return store.Read(ctx, func(tx *db.Tx) error {
		r, err := library.InForce(tx, workInstruction)
		e.revision = r.Revision
		return err
	})
}
