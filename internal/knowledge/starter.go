package knowledge

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"sapa/internal/fault"
)

// Starter is the set of articles that comes with the house. It is written here, for a T2O agent's calls, and waits for the
// owner of My Kiss to bring his own: every site may revise it.
//
//go:embed articles/*.yaml
var Starter embed.FS

// text is an article with the text it was read from.
type text struct {
	Article
	text string
}

// readAll reads the articles of a file system; each stands in a file of its own name.
func readAll(fsys fs.FS, known []Symptom) ([]text, error) {
	names, err := fs.Glob(fsys, "articles/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("look for articles: %w", err)
	}
	var all []text
	for _, name := range names {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("article %s: %w", name, err)
		}
		a, err := Read(path.Base(name), b, known)
		if err != nil {
			return nil, err
		}
		if own := strings.TrimSuffix(path.Base(name), ".yaml"); own != a.Code {
			return nil, fault.New(fault.Invalid, "knowledge.file.name", "file", path.Base(name), "value", a.Code).At("text", "")
		}
		all = append(all, text{a, string(b)})
	}
	return all, nil
}
