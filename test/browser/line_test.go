package browser

import "testing"

// lineAgents hold nothing between tests.
var lineAgents = []string{guideAgent, troubleAgent, refusedAgent}

// SOP 5.2.10.j, 5.1.12: the line's last 90 days and the device's actions unfold by keys beside the trouble ticket, stay so when
// the page looks again, and in every look nothing overflows and axe finds nothing.
func TestTheLineAndTheDeviceByKeys(t *testing.T) {
	var p *tab
	for _, agent := range lineAgents { // some tickets have an open report, or a number without a device: each agent gets another
		mixed(t, agent, "callback")
		own := open(t).as(agent)
		p = own
		h := p.takes()
		t.Cleanup(func() { // each with the hand that took it; a ticket in a call is not given back
			own.goTo("/desk")
			own.hangsUp(h)
			own.must(own.act(h, "release", nil), "/desk")
			mixed(t, agent)
		})
		p.answered(h)
		p.goTo("/desk")
		p.press("t")
		p.wait("the trouble ticket's page", onComplaint)
		if p.yes(`document.querySelector('#line-history') && document.querySelector('#device-reboot')`) {
			break
		}
	}
	p.wait("the measurement that the call began", `document.querySelector('#verdict, #line-test .alert') && `+settled)
	for _, l := range looks {
		p.prefer(l)
		p.goTo(read[string](p, `location.pathname`))
		if p.yes(`document.querySelector('#line-history').open || document.querySelector('#device details[open]')`) {
			t.Error("unfolded before anybody asked")
		}
		for _, key := range []string{"h", "p", "z"} {
			p.yes(`document.activeElement.blur() || true`) // letters are keys outside of a field
			p.press(key)
		}
		p.wait("all of it unfolded", `['#line-history', '#device-wifi', '#device-factory-reset'].every(at => document.querySelector(at).open)`)
		if !p.yes(`document.querySelector('.linechart .band')`) {
			t.Errorf("%s: no picture", l)
		}
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
}
