package browser

import "testing"

// SOP 5.1.1, 5.1.2, 5.1.3: all about the customer is one key beside the call and Esc goes back to the ticket in hand; a masked number is
// shown with a reason and is dots again after 15 seconds. In every look nothing overflows and axe finds nothing.
func TestTheCustomerByKeys(t *testing.T) {
	mixed(t, guideAgent, "callback")
	p := open(t).as(guideAgent)
	h := p.takes()
	t.Cleanup(func() { p.givesBack(h); mixed(t, guideAgent) })
	p.must(p.act(h, "read", nil), "/desk")
	p.goTo("/desk")
	p.wait("the customer's key", `document.querySelector('#customer-all') && `+settled)
	p.press("p")
	p.wait("the customer's page", `document.documentElement.dataset.screen === 'customer' && `+settled)
	at := read[string](p, `location.pathname`)
	for _, l := range looks {
		p.prefer(l)
		p.goTo(at)
		for _, v := range p.audit() {
			t.Errorf("%s: axe: %s", l, v)
		}
		for i := len(sizes) - 1; i >= 0; i-- {
			p.size(sizes[i][0], sizes[i][1])
			for _, what := range read[[]string](p, misfits) {
				t.Errorf("%s %dx%d: %s", l, sizes[i][0], sizes[i][1], what)
			}
		}
	}
	p.prefer(looks[0])
	p.goTo(at)
	const place = `document.getElementById(document.querySelector('[data-key=v]').dataset.place)`
	p.yes(`(document.querySelector('#reason').value = 'verify') && true`)
	p.press("v")
	p.wait("the number", `'shown' in `+place+`.dataset && !`+place+`.textContent.includes('•')`)
	p.wait("the dots again", `!('shown' in `+place+`.dataset) && `+place+`.textContent.includes('•')`)
	p.press("Escape")
	p.wait("the ticket in hand", `document.documentElement.dataset.screen === 'desk' && document.querySelector('#customer-all')`)
}
