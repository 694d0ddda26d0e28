package browser

import (
	"fmt"
	"testing"
)

// untilMeasured works tickets of Callback by keys, saving each, until a customer is on the line whose fault nobody has reported
// yet, whose line can be charted and whose gateway is known: the page of 5.2.10 then shows all of it, and is open.
func untilMeasured(t *testing.T, agent string) *tab {
	t.Helper()
	mixed(t, agent, "callback")
	p := signsInByKeys(t, agent)
	t.Cleanup(func() { // a ticket in a call is not given back
		p.goTo("/desk")
		if h := p.hand(); h.Ticket != "" {
			p.givesBack(h)
		}
		mixed(t, agent)
	})
	p.press("n")
	for range 40 {
		p.wait("a ticket", `document.querySelector('#read') && `+settled)
		ref := read[string](p, `document.querySelector('#ref').textContent`)
		p.press("Enter")
		p.wait("the telephone", `document.querySelector('#dial:enabled') && `+settled)
		p.press("c")
		p.wait("the line to say something", `['connected', 'ended'].includes(`+callState+`) && `+settled)
		if q := read[question](p, questionNow); q.Kind == "text" && !p.yes(fmt.Sprintf(`document.activeElement?.name === 'a.%s'`, q.ID)) {
			p.press("Enter") // another hand gave it back with a draft, which goes on where it stopped: Enter leads there
		}
		if p.yes(callState+` === 'connected'`) && p.asksUntil("data_check", nil) && p.yes(`document.querySelector('#guide-q')`) {
			p.press("t")
			p.wait("the trouble ticket's page", onComplaint)
			if p.yes(`!document.querySelector('.exists') && document.querySelector('#line-history') && document.querySelector('#device-reboot')`) {
				p.wait("the measurement that the call began", `document.querySelector('#verdict, #line-test .alert') && `+settled)
				return p
			}
			p.goTo("/desk")
			p.wait("the desk", `document.querySelector('#ref') && `+settled)
		}
		p.asked(nil)
		if p.yes(callState + ` === 'connected'`) {
			p.press("x")
			p.press("x")
			p.wait("the call to end", callState+` === 'ended' && `+settled)
		}
		p.press("Ctrl+Enter")
		p.wait("the result to be saved", fmt.Sprintf(`document.querySelector('#read') && document.querySelector('#ref').textContent !== %q && %s`, ref, settled))
	}
	t.Fatalf("forty tickets, and none as wanted: %s", p.text())
	return nil
}

// SOP 5.2.10.j, 5.1.12: the line's last 90 days and the device's actions unfold by keys beside the trouble ticket, stay so when
// the page looks again, and in every look nothing overflows and axe finds nothing.
func TestTheLineAndTheDeviceByKeys(t *testing.T) {
	p := untilMeasured(t, guideAgent)
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
