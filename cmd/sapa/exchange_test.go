package main

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sapa/procedures"
)

// yamls reads the YAML files below a folder.
func yamls(t *testing.T, root fs.FS) map[string]string {
	t.Helper()
	files, err := procedures.Files(root)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// Issue 5, item 2: the same YAML as procedures/ holds comes out of a store, byte for byte, goes in again and comes out the same.
func TestExportAndImportAreByteStable(t *testing.T) {
	data := t.TempDir()
	h, err := place{data: data, zone: "Asia/Jakarta"}.open(context.Background(), false, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
	do := func(want int, args ...string) string {
		t.Helper()
		code, out, says := command(t, data, "", append([]string{"procedure"}, args...)...)
		if code != want {
			t.Fatalf("%v: %d %s%s", args, code, out, says)
		}
		return out + says
	}
	root, err := fs.Sub(procedures.FS, "IN.OCC.TELK.W-18/rev-02")
	if err != nil {
		t.Fatal(err)
	}
	shipped := yamls(t, root)
	first, second, third := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b"), filepath.Join(t.TempDir(), "c")
	do(done, "export", first)
	if got := yamls(t, os.DirFS(first)); !maps.Equal(got, shipped) {
		t.Error("the files of the store are not those of procedures/")
	}
	if says := do(refused, "export", first); !strings.Contains(says, "sudah berisi") {
		t.Error(says)
	}
	if says := do(refused, "export", "--draft", second); !strings.Contains(says, "Tidak ada draf") {
		t.Error(says)
	}
	if says := do(done, "import", first); !strings.Contains(says, "rev 03: 15 files in the draft, version 2, 0 problems") {
		t.Error(says)
	}
	do(done, "export", "--draft", second)
	one, two := yamls(t, os.DirFS(first)), yamls(t, os.DirFS(second))
	for _, name := range slices.Sorted(maps.Keys(one)) {
		a, b := strings.Split(one[name], "\n"), strings.Split(two[name], "\n")
		for i := range a {
			if len(a) != len(b) || a[i] != b[i] && !strings.HasPrefix(a[i], "revision: ") {
				t.Fatalf("%s: %q came back as %q", name, a[i], b[min(i, len(b)-1)])
			}
		}
	}
	two["campaigns/ideas.yaml"] = strings.Replace(two["campaigns/ideas.yaml"], "max: 2000", "max: 200 # panjang", 1)
	if err := os.WriteFile(filepath.Join(second, "campaigns/ideas.yaml"), []byte(two["campaigns/ideas.yaml"]), 0o644); err != nil {
		t.Fatal(err)
	}
	do(done, "import", second)
	do(done, "export", "--draft", third)
	if got := yamls(t, os.DirFS(third)); !maps.Equal(got, two) {
		t.Error("exported, imported and exported again, the files differ")
	}
	if err := os.WriteFile(filepath.Join(second, "campaigns/ideas.yaml"), []byte("procedure: ["), 0o644); err != nil {
		t.Fatal(err)
	}
	if says := do(done, "import", second); !strings.Contains(says, "campaigns/ideas.yaml:1: is not YAML") || strings.Contains(says, " 0 problems") {
		t.Error(says)
	}
	if says := do(refused, "import", t.TempDir()); !strings.Contains(says, "document.yaml") {
		t.Error(says)
	}
	if says := do(refused, "export", "--revision", "9", filepath.Join(t.TempDir(), "d")); !strings.Contains(says, "09") {
		t.Error(says)
	}
	do(misused, "export", "--revision", "2", "--draft", filepath.Join(t.TempDir(), "e"))
}
