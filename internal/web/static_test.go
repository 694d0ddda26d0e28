package web

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sapa/internal/phrase"
)

func asText(t *testing.T, name string) string {
	t.Helper()
	b, err := assets.ReadFile("static/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// What is vendored is what its makers published: the digests are written down beside the licences.
func TestVendoredFilesAreWhatTheySay(t *testing.T) {
	licences, n := asText(t, "LICENSES.md"), 0
	err := fs.WalkDir(assets, "static/vendor", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := assets.ReadFile(name)
		sum := sha256.Sum256(b)
		if line := hex.EncodeToString(sum[:]) + "  vendor/" + path.Base(name); !strings.Contains(licences, line) {
			t.Errorf("LICENSES.md does not say %s", line)
		}
		n++
		return err
	})
	if err != nil || n < 2 {
		t.Fatal(n, err)
	}
	if !strings.Contains(asText(t, "vendor/htmx-LICENSE.txt"), "Zero-Clause BSD") {
		t.Error("htmx comes without its licence")
	}
}

// Pages come in place by morph only: another swap loses what is being typed (ux.md 10). And nothing that our scripts do
// needs eval, an inline style or an inline handler.
func TestScriptsMorphAndStayStrict(t *testing.T) {
	banned := regexp.MustCompile(`outerHTML'|"outerHTML|swap: *'(inner|outer)HTML|hx-swap|innerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\.style\.|setAttribute\('style|hx-on|\bjs:`)
	names, err := fs.Glob(assets, "static/*.js")
	if err != nil || len(names) < 7 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		text := asText(t, path.Base(name))
		if found := banned.FindString(text); found != "" {
			t.Errorf("%s: %s", name, found)
		}
		for _, m := range regexp.MustCompile(`swap: *'([a-zA-Z]+)'`).FindAllStringSubmatch(text, -1) {
			if m[1] != "outerMorph" {
				t.Errorf("%s swaps by %s", name, m[1])
			}
		}
		for _, m := range regexp.MustCompile(`(?m)from '([^']+)'|^import '([^']+)'`).FindAllStringSubmatch(text, -1) {
			to := path.Join("static", m[1]+m[2])
			if _, err := assets.ReadFile(to); err != nil || strings.HasSuffix(to, "/sapa.js") {
				t.Errorf("%s imports %s", name, to)
			}
		}
	}
	if !strings.Contains(asText(t, "page.js"), "swap: 'outerMorph'") {
		t.Error("nothing morphs")
	}
	if !strings.Contains(htmxConfig, `"includeIndicatorCSS":false`) {
		t.Error("the library would add styles of its own")
	}
}

// Who leaves the theme to the system gets the same dark tokens as who asks for dark.
func TestDarkOfTheSystemIsTheSameDark(t *testing.T) {
	tokens := func(text, selector string) []string {
		at := strings.Index(text, selector+"{")
		if at < 0 {
			t.Fatalf("no %s", selector)
		}
		block, _, _ := strings.Cut(text[at+len(selector)+1:], "}")
		all := regexp.MustCompile(`--[a-z0-9-]+:[^;]+`).FindAllString(block, -1)
		slices.Sort(all)
		return all
	}
	asked, system := tokens(asText(t, "sapa.css"), "[data-theme=dark]"), tokens(asText(t, "product.css"), `[data-theme=""]`)
	if len(asked) < 40 || !slices.Equal(asked, system) {
		t.Errorf("%d tokens and %d", len(asked), len(system))
	}
}

// One key does one thing on a screen; what is on every screen is free on all; a key that begins another is not a key itself.
func TestNoKeyClashes(t *testing.T) {
	screens := map[string]bool{}
	for _, k := range keyTable {
		screens[k.Screen] = true
	}
	for screen := range screens {
		taken := map[string]string{}
		for _, k := range keyTable {
			if k.Screen != screen && k.Screen != "*" {
				continue
			}
			if other, twice := taken[k.Key]; twice {
				t.Errorf("%s: %q is %s and %s", screen, k.Key, other, k.Say)
			}
			taken[k.Key] = k.Say
		}
		for key := range taken {
			first, _, two := strings.Cut(key, " ")
			if say, also := taken[first]; two && also && first != "g" { // on a screen where g is a key itself, pages are in the palette
				t.Errorf("%s: %q waits for a second key and is %s at once", screen, first, say)
			}
			if strings.HasPrefix(key, "Ctrl+") && slices.Contains([]string{"n", "t", "w", "j", "l"}, strings.TrimPrefix(key, "Ctrl+")) {
				t.Errorf("%s: %s belongs to the browser", screen, key)
			}
		}
	}
}

// Every key of the table is pressed by something: an element with data-key, a digit, or the script itself.
func TestEveryKeyIsCarried(t *testing.T) {
	var pages strings.Builder
	for name, text := range sources(t) {
		if name != "keys.go" {
			pages.WriteString(text)
		}
	}
	names, err := fs.Glob(assets, "static/*.js")
	if err != nil {
		t.Fatal(err)
	}
	var scripts strings.Builder
	for _, name := range names {
		scripts.WriteString(asText(t, path.Base(name)))
	}
	own := map[string]string{"Ctrl+k": "'k'", "?": "'?'", "Escape": "'Escape'", "[": "'['", "]": "']'", "j": "'j'", "k": "'k'", "Tab": "'Tab'"}
	for _, k := range keyTable {
		if k.Say == "web.key.criteria" || strings.Contains(k.Key, "-") { // letters and digits from data
			continue
		}
		carried := strings.Contains(pages.String(), `data-key="`+k.Key+`"`) || strings.Contains(pages.String(), `"`+k.Key+`"`) ||
			own[k.Key] != "" && strings.Contains(scripts.String(), own[k.Key])
		if !carried {
			t.Errorf("%s: nothing carries %q (%s)", k.Screen, k.Key, phrase.Say(phrase.EN, k.Say))
		}
	}
}
