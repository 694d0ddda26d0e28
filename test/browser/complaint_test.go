package browser

import (
	"fmt"
)

// troubleAgent is nobody else's in these tests; whoever helps the longest queue takes it over for a moment and gives it back.
const troubleAgent = "42170"

const onComplaint = `document.documentElement.dataset.screen === 'complaint' && ` + settled

// outOfSpecWithSlots opens the trouble ticket's page and tells whether its line is out of spec and a technician can come;
// it goes back to the call when not.
func (p *tab) outOfSpecWithSlots() bool {
	p.t.Helper()
	p.press("t")
	p.wait("the trouble ticket's page", onComplaint)
	if !p.yes(`document.querySelector('.exists')`) {
		p.wait("the measurement that the call began", `document.querySelector('#verdict, #line-test .alert')`)
		if p.yes(`document.querySelector('#verdict')?.textContent === 'UNSPEC' && document.querySelector('#g-slot input')`) {
			return true
		}
	}
	p.press("Escape") // out of a field first
	if p.yes(onComplaint) {
		p.press("Escape")
	}
	p.wait("the desk", `document.documentElement.dataset.screen === 'desk' && `+settled)
	return false
}

// files decides what is to be decided, touches up the draft, takes the earliest slot, asks the customer and submits; it
// gives the number. which: the customer has several services and was asked about which of them it is.
func (p *tab) files() (no string, which bool) {
	p.t.Helper()
	for range 8 {
		q := read[question](p, questionNow)
		if q.ID == "slot" {
			break
		}
		which = which || q.ID == "service"
		if q.Kind != "choice" {
			p.t.Fatalf("asked for %+v: %s", q, p.text())
		}
		p.press(q.Digits[0])
		p.wait("the page to go on from "+q.ID, fmt.Sprintf(`(q => q.id !== %q)(%s) && %s`, q.ID, questionNow, settled))
	}
	p.browses()
	p.touchesUp("description")
	p.press("f")
	p.wait("the slot to be held", `document.querySelector('#slot-say') && document.querySelector('#subject-line').value.endsWith(' / BOK') && `+settled)
	p.press("y")
	p.wait("the customer's word", `document.querySelector('[name=agreed]:checked') && document.activeElement?.id === 'save-next'`)
	p.press("Ctrl+Enter")
	p.wait("the desk with what was filed", `document.documentElement.dataset.screen === 'desk' && document.querySelector('#report [role=status] .tag') && `+settled)
	return read[string](p, `document.querySelector('#report-no').textContent`), which
}

// browses goes about in the schedule by arrows: none of them takes a slot (SOP 5.2.10.s.schedule). Its keys are not counted:
// F is the way that is meant.
func (p *tab) browses() {
	p.t.Helper()
	keys, spent := p.keys, p.spent
	p.wait("the schedule to have the focus", `document.activeElement?.matches('#g-slot input')`)
	for _, key := range []string{"ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft"} {
		p.press(key)
	}
	if p.yes(`document.querySelector('#g-slot input:checked') || document.querySelector('#slot-say')`) {
		p.t.Error("an arrow took a slot")
	}
	p.keys, p.spent = keys, spent
}
