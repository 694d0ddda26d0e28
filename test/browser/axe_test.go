package browser

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// The vendored axe-core 4.14.1, for tests only (MPL-2.0, its licences beside it).
const (
	axeFile = "vendor/axe.min.js"
	axeSum  = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
)

func TestVendoredAxeIsUntouched(t *testing.T) {
	for file, want := range map[string]string{
		axeFile:                                 axeSum,
		"vendor/LICENSE.axe-core.txt":           "af175b9d96ee93c21a036152e1b905b0b95304d4ae8c2c921c7609100ba8df7e",
		"vendor/LICENSE.axe-core-3rd-party.txt": "4f8563870d0fca38bbc3e00b6f670cb7fa9f380ba9f26a7f7d1184a6b18b1653",
	} {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != want {
			t.Errorf("%s has changed: its SHA-256 is %x", file, sum)
		}
	}
}

// violation is a rule of WCAG that nodes of a page break.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		Target  []any  `json:"target"`
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

func (v violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", v.ID, v.Help)
	for i, n := range v.Nodes {
		if i == 6 {
			fmt.Fprintf(&b, "\n    and %d more", len(v.Nodes)-i)
			break
		}
		fmt.Fprintf(&b, "\n    %v %s\n      %s", n.Target, short(n.HTML), short(n.Summary))
	}
	return b.String()
}

// audit lets axe judge the page as it stands. The page's policy lets no foreign script in, so its text is evaluated
// through the browser's own protocol.
func (p *tab) audit() []violation {
	p.t.Helper()
	if !p.yes(`window.axe`) {
		source, err := os.ReadFile(axeFile)
		if err != nil {
			p.t.Fatal(err)
		}
		p.do("bring axe", chromedp.Evaluate[chromedp.Void](string(source)))
	}
	return read[[]violation](p, `axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'],
		rules: {'target-size': {enabled: true}}, resultTypes: ['violations']}).then(r => r.violations)`)
}
