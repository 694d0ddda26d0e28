package browser

import (
	"fmt"
	"os"
	"testing"
)

// SOP 5.2.9: a guide is found and walked by keys beside the call - slash and words, Alt and a digit, yes and no - and what it
// proposes is taken by a key of its own. In every look nothing overflows and axe finds nothing.
func TestAGuideByKeys(t *testing.T) {
	mixed(t, guideAgent, "callback")
	p := open(t).as(guideAgent)
	h := p.takes()
	t.Cleanup(func() { p.givesBack(h); mixed(t, guideAgent) })
	p.answered(h)
	for _, l := range looks { // a number, a criterion, an attempt and two buttons
		p.prefer(l)
		p.size(sizes[0][0], sizes[0][1])
		p.goTo("/desk")
		for _, what := range read[[]string](p, squeezed) {
			t.Errorf("%s: %s", l, what)
		}
	}
	p.prefer(looks[0])
	p.answers(h, "receiver", "reporter", "data_check", "nama")
	p.goTo("/desk")
	p.wait("the guides", `document.querySelector('#guide-q') && `+settled)
	before := p.keys
	p.press("/")
	p.wait("the search field to have the focus", `document.activeElement?.id === 'guide-q'`)
	p.write("lampu los merah")
	p.press("Enter")
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(read[string](p, `location.href + ' ' + document.querySelector('#guide-q')?.value + ' ' + document.activeElement?.id + ' ' + [...document.querySelectorAll('.kb-t')].map(e => e.value)`))
		}
	})
	p.wait("the LOS guide on top", `location.search.includes('q=') && document.querySelector('.kb .kb-t')?.value === 'internet-los' && `+settled)
	looked := func(state string) {
		t.Helper()
		at := read[string](p, `location.pathname + location.search`)
		for _, l := range looks {
			p.prefer(l)
			p.goTo(at)
			for _, v := range p.audit() {
				t.Errorf("%s, %s: axe: %s", state, l, v)
			}
			for i := len(sizes) - 1; i >= 0; i-- {
				p.size(sizes[i][0], sizes[i][1])
				for _, what := range read[[]string](p, misfits) {
					t.Errorf("%s, %s %dx%d: %s", state, l, sizes[i][0], sizes[i][1], what)
				}
			}
			if dir := os.Getenv("SAPA_PICTURES"); dir != "" { // to look at
				_ = os.WriteFile(fmt.Sprintf("%s/guide-%s-%s.png", dir, state, l), p.picture(), 0o600)
			}
		}
		p.prefer(looks[0])
		p.goTo(at)
	}
	p.press("Alt+1")
	step := func(id string) {
		t.Helper()
		p.wait("the step "+id, fmt.Sprintf(`document.querySelector('#guide-step [name=step]')?.value === %q && %s`, id, settled))
	}
	step("lampu")
	p.press("n") // no, and not the next ticket
	step("pon")
	p.press("n")
	step("listrik")
	looked("step")
	p.press("y")
	step("coba")
	p.press("y")
	p.wait("the end with its proposal", `document.querySelector('#guide-accept') && `+settled)
	if p.yes(`document.querySelector('[name="a.guided"]:checked')`) {
		t.Error("the guide has answered by itself")
	}
	p.press("y")
	p.wait("the answer", `document.querySelector('#guided-berhasil')?.checked && `+settled)
	p.press("t")
	p.wait("the guide and how it ended on the trouble ticket", `document.querySelectorAll('#walked li').length === 1 && document.querySelector('#walked .tag.daun') && `+settled)
	looked("trouble ticket")
	t.Logf("found, walked and answered by %d keys, looks included", p.keys-before)
}
