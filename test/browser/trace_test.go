package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

const traceAgent = "42165"

// shownClause is what the box over the page shows; empty while it is shut.
const shownClause = `(document.querySelector('#trace-box[open] #trace h1')?.textContent ?? '')`

// SOP 5.2.5.call, 5.7.8: one key, or one press, leads from the desk to the clause with its revision and three signatures, over the page:
// what is half filled stays, and Esc leads back to where the focus was.
func TestTheClauseIsOneKeyAway(t *testing.T) {
	p := open(t).as(traceAgent)
	h := p.takes()
	p.must(p.act(h, "read", nil), "/desk")
	p.goTo("/desk")
	id := read[string](p, `document.querySelector('#clause-no').textContent.replace('§ ', '')`)
	p.press(".")
	p.wait("the clause", shownClause+` === '§ `+id+`'`)
	for _, want := range []string{"IN.OCC.TELK.W-18", "Rev 02", "DC Pusat", "VP Telkom Operation", "QMR"} {
		if !p.yes(fmt.Sprintf(`document.querySelector('#trace').textContent.includes(%q)`, want)) {
			t.Errorf("the clause is shown without %q", want)
		}
	}
	if p.yes(`new URL(document.querySelector('#trace-whole').href).searchParams.get('revision') !== '2'`) {
		t.Error("the desk leads to another revision than the turn's")
	}
	p.press("Escape")
	p.wait("the box to shut", shownClause+` === ''`)
	if got := read[string](p, `location.pathname`); got != "/desk" {
		t.Errorf("the desk was left for %s", got)
	}
	// every § mark of the page is such a link, and leads to a clause that is there
	for _, at := range read[[]string](p, `[...new Set([...document.querySelectorAll('a[data-trace]')].map(a => a.getAttribute('href')))]`) {
		got := read[int](p, fmt.Sprintf(`fetch(%q).then(a => a.status)`, at))
		if got != 200 || !strings.HasPrefix(at, "/procedure/clauses/") {
			t.Errorf("%s answers %d", at, got)
		}
	}
	p.must(p.act(h, "release", nil), "/desk")
}

// SOP 5.2.1: what is typed on the intake form is still there after a look at a clause, the focus too; a clause in the box leads to
// another one in the box.
func TestALookAtAClauseLosesNothing(t *testing.T) {
	p := open(t).as(login(t, "tier1"))
	p.goTo("/intake")
	p.do("type", chromedp.Evaluate[chromedp.Void](`(() => { const f = document.querySelector('#note'); f.focus(); f.value = 'setengah jadi' })()`))
	p.do("press a § mark", chromedp.Evaluate[chromedp.Void](`document.querySelector('a.cl[data-trace]').click()`))
	p.wait("the clause", shownClause)
	first := read[string](p, shownClause)
	p.do("press another inside", chromedp.Evaluate[chromedp.Void](`document.querySelector('#trace .children a[data-trace]').click()`))
	p.wait("the other clause", shownClause+fmt.Sprintf(` !== '' && %s !== %q`, shownClause, first))
	p.press("Escape")
	p.wait("the focus to come back", shownClause+` === '' && document.activeElement?.id === 'note'`)
	if got := read[string](p, `document.querySelector('#note').value`); got != "setengah jadi" {
		t.Errorf("the note is %q", got)
	}
}
