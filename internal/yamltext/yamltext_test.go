package yamltext_test

import (
	"fmt"
	"strings"
	"testing"

	"sapa/internal/yamltext"
)

func TestOpen(t *testing.T) {
	for text, want := range map[string]string{
		"a: 1\nb: [2, 3]\n":                "",
		"a: 1\na: 2\nb:\n  c: 1\n  c: 2\n": "2 double-key key=a; 5 double-key key=c; ",
		"a: &x 1\nb: *x\n":                 "1 alias =<nil>; 2 alias =<nil>; ",
		"a: 1\n---\nb: 2\n":                "1 second-document =<nil>; ",
		"a: 1\n---\n- {\n":                 "1 second-document =<nil>; ",
		strings.Repeat("- 1\n", 20):        "1 nodes max=20; ",
		strings.Repeat("#", 201):           "1 size max=200; ",
		"":                                 "1 yaml cause=EOF; ",
		"a: &x [*x]\n":                     "1 alias =<nil>; ",
	} {
		n, mistakes := yamltext.Open([]byte(text), 200, 20)
		got := ""
		for _, m := range mistakes {
			got += fmt.Sprintf("%d %s %s=%v; ", m.Line, m.Key, m.Name, m.Value)
		}
		if got != want || (n != nil) != (want == "") {
			t.Errorf("%q: %s", text, got)
		}
	}
	if n, _ := yamltext.Open([]byte(strings.Repeat("- 1\n", 40)), 200, 0); n == nil {
		t.Error("no bound was asked for")
	}
	if _, mistakes := yamltext.Open([]byte("a: [\n"), 200, 20); len(mistakes) != 1 || mistakes[0].Key != "yaml" {
		t.Error(mistakes)
	}
}
