package procedure

import (
	"bufio"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

var tag = regexp.MustCompile(`^\s*(?://|#)\s*SOP ([0-9a-z].*?):`)

// Tags collects which files speak of which clause: lines "// SOP 5.2.4: ..." of Go tests and "# SOP 5.2.4: ..." of
// stories. Several clauses may stand in one tag, comma between.
func Tags(fsys fs.FS) (map[string][]string, error) {
	found := map[string][]string{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(path.Base(name), ".") && name != "." {
			return fs.SkipDir
		}
		if !strings.HasSuffix(name, "_test.go") && path.Ext(name) != ".txtar" {
			return nil
		}
		file, err := fsys.Open(name)
		if err != nil {
			return err
		}
		defer file.Close()
		lines := bufio.NewScanner(file)
		for lines.Scan() {
			m := tag.FindStringSubmatch(lines.Text())
			if m == nil {
				continue
			}
			for _, id := range strings.Split(m[1], ",") {
				if id = strings.TrimSpace(id); !slices.Contains(found[id], name) {
					found[id] = append(found[id], name)
				}
			}
		}
		return lines.Err()
	})
	return found, err
}
