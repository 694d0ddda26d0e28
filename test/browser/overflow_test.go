package browser

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// misfits lists, in the page, whatever does not fit: a page that scrolls sideways, a frame that is not whole on the
// screen, text cut off in a button or tag without an ellipsis, and keys of sentences that nobody wrote.
const misfits = `(() => {
	const all = []
	const name = e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + [...e.classList].map(c => '.' + c).join('') + ' "' + e.textContent.trim().replace(/\s+/g, ' ').slice(0, 50) + '"'
	const shown = e => e.checkVisibility({visibilityProperty: true}) && !e.closest('.vh, .skip, [hidden]')
	const root = document.scrollingElement
	if (root.scrollWidth > innerWidth + 1) all.push('the page scrolls sideways: ' + root.scrollWidth + ' px on ' + innerWidth)
	const inside = e => { const r = e.getBoundingClientRect(); return r.left >= -1 && r.top >= -1 && r.right <= innerWidth + 1 && r.bottom <= innerHeight + 1 }
	for (const e of document.querySelectorAll('.app > *, .top > *, .top .bar, .ws > *, .act, .foot, .foot > *, .callbar, .callbar > *, .login > *')) {
		if (shown(e) && !e.matches('dialog, .toast') && !inside(e)) { const r = e.getBoundingClientRect(); all.push('outside the window: ' + name(e) + ' ' + [r.left, r.top, r.right, r.bottom].map(Math.round)) }
	}
	for (const e of document.querySelectorAll('button, .btn, .cb, .sum > *, .tag, .tagbox, kbd, .opt .l, .seg .o, .st-h h2, .tk-h > *, .foot .k, .auto, .nm, .lab, summary, .callbar span, .act span')) {
		if (!shown(e)) continue
		const s = getComputedStyle(e)
		const dots = x => x && getComputedStyle(x).textOverflow === 'ellipsis'
		if (e.scrollWidth > e.clientWidth + 1 && s.display !== 'inline' && !dots(e) && !['auto', 'scroll'].includes(s.overflowX)) all.push('text does not fit: ' + name(e) + ' ' + e.scrollWidth + ' px in ' + e.clientWidth)
		const cut = e.closest('.top, .foot, .callbar, .tk-h, .act, .opt, .casc > div, .seg')
		if (cut && !dots(e)) { const a = e.getBoundingClientRect(), b = cut.getBoundingClientRect(); if (a.right > b.right + 1 || a.left < b.left - 1) all.push('sticks out of ' + name(cut).slice(0, 40) + ': ' + name(e)) }
	}
	for (const [a, b] of [['.tk-h > *', '.tk-h'], ['.top > *', '.top'], ['.foot > *', '.foot'], ['.callbar > *', '.callbar'], ['.topright > *', '.topright']]) {
		const row = [...document.querySelectorAll(a)].filter(e => shown(e) && e.getBoundingClientRect().width > 0)
		for (let i = 1; i < row.length; i++) {
			const one = row[i - 1].getBoundingClientRect(), two = row[i].getBoundingClientRect()
			if (one.right > two.left + 1 && one.bottom > two.top + 1 && two.bottom > one.top + 1) all.push('one over the other in ' + b + ': ' + name(row[i - 1]) + ' and ' + name(row[i]))
		}
	}
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
	for (let n = walk.nextNode(); n; n = walk.nextNode()) {
		if (/^[a-z]+(\.[a-z-]+)+$/.test(n.data.trim()) && !n.parentElement.closest('script, style')) all.push('a sentence nobody wrote: ' + n.data.trim())
	}
	for (const e of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]')) {
		for (const a of ['aria-label', 'title', 'placeholder', 'alt']) if (/^[a-z]+(\.[a-z-]+)+$/.test((e.getAttribute(a) ?? '').trim())) all.push('a sentence nobody wrote: ' + a + '=' + e.getAttribute(a))
	}
	return [...new Set(all)].slice(0, 20)
})()`

// TestNoAxeViolationsAndNothingOverflows: every page, as somebody who may see it, in both languages and themes, breaks no
// rule of WCAG 2.0 to 2.2 A and AA; at both sizes it fits its window, its frame is whole, no text is cut off, and no bare
// key of a sentence shows. One walk, because bringing the states about takes longest.
func TestNoAxeViolationsAndNothingOverflows(t *testing.T) {
	for _, one := range places() {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			p := open(t)
			p.allow("404", "422")
			p.arrive(one.login, one.once)
			for _, l := range looks {
				p.prefer(l)
				p.goTo(one.path)
				if one.then != nil {
					one.then(p)
				}
				for _, v := range p.audit() {
					t.Errorf("%s: axe: %s", l, v)
				}
				for i := len(sizes) - 1; i >= 0; i-- { // back to the small one, for the next look
					p.size(sizes[i][0], sizes[i][1])
					for _, what := range read[[]string](p, misfits) {
						t.Errorf("%s %dx%d: %s", l, sizes[i][0], sizes[i][1], what)
					}
				}
			}
		})
	}
}

// scrolls lists what of the workspace does not stand on the screen whole: a column that scrolls.
const scrolls = `['.steps', '#queue'].map(s => [s, document.querySelector(s)]).filter(([, e]) => e.scrollHeight > e.clientHeight).map(([s, e]) => s + ' is ' + e.scrollHeight + ' px high in ' + e.clientHeight)`

// squeezed lists what of the ticket's head does not stand on its one line.
const squeezed = `[...document.querySelectorAll('#ticket-head > *, #ticket-head .btn')].filter(e => e.offsetHeight > 32 || e.scrollWidth > e.clientWidth + 1).map(e => (e.id || e.className) + ' is squeezed in the head')`

// TestTheFullestDeskFits: a Callback's result with all its reasons, during the call and complete after it, and a left column
// with every campaign and three promises, stand on both screens without scrolling, in both languages and themes.
func TestTheFullestDeskFits(t *testing.T) {
	p := open(t).as(fullAgent)
	mixed(t, fullAgent, "fresh-lapul")
	for i := range 3 {
		p.promises(fmt.Sprintf("%sT1%d:00", p.clock().Add(48*time.Hour).Format(time.DateOnly), i))
	}
	mixed(t, fullAgent, "callback")
	h := p.takes()
	p.answered(h)
	mixed(t, fullAgent)
	p.answers(h, "receiver", "reporter", "data_check", "nama,no-layanan,alamat,cp", "guided", "berhasil", "status", "contacted")
	if n := read[int](p, `document.querySelectorAll('#g-reason_call .opt:not(.held)').length`); n != 7 {
		t.Fatalf("%d reasons for a call that was answered", n)
	}
	fits := func(state string) {
		t.Helper()
		for _, l := range looks {
			p.prefer(l)
			p.goTo("/desk")
			for i := len(sizes) - 1; i >= 0; i-- {
				p.size(sizes[i][0], sizes[i][1])
				for _, what := range slices.Concat(read[[]string](p, scrolls), read[[]string](p, squeezed), read[[]string](p, misfits)) {
					t.Errorf("%s, %s %dx%d: %s", state, l, sizes[i][0], sizes[i][1], what)
				}
				if n := read[int](p, `document.querySelectorAll('#queue .prom').length - document.querySelectorAll('#queue .more-p .prom').length`); n != 2 {
					t.Errorf("%s, %s: %d promises stand open", state, l, n)
				}
			}
		}
	}
	fits("during the call")
	p.hangsUp(h)
	p.answers(h, "reason_call", "internet-mati")
	fits("complete")
}

// promises agrees a time with a customer and saves it.
func (p *tab) promises(at string) {
	p.t.Helper()
	h := p.takes()
	p.answered(h)
	p.hangsUp(h)
	answers := []string{"receiver", "reporter", "status", "contacted", "reason_1", "reschedule", "call_again_at", at}
	p.answers(h, answers...)
	form := map[string]string{"a.remarks": "Minta ditelepon lusa."}
	for i := 0; i < len(answers); i += 2 {
		form["a."+answers[i]] = answers[i+1]
	}
	p.must(p.act(h, "finish", form), "/desk")
}
