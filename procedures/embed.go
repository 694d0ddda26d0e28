// Package procedures carries the controlled documents that seed a new store: data, not code (SOP fn.5).
package procedures

import (
	"embed"
	"io/fs"
	"path"
)

// FS holds one folder a document and revision: CODE/rev-NN.
//
//go:embed IN.OCC.TELK.W-18
var FS embed.FS

// Tests says which tests speak of which clause, collected by `sapa procedure index`.
//
//go:embed tests.json
var Tests []byte

// Files are the YAML files below a folder by their names within it: of a revision, what is edited, signed and kept.
func Files(root fs.FS) (map[string]string, error) {
	files := map[string]string{}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".yaml" {
			return err
		}
		text, err := fs.ReadFile(root, name)
		files[name] = string(text)
		return err
	})
	return files, err
}
