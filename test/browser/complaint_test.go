package browser

import (
	"fmt"
	"slices"
	"testing"
)

// troubleAgent is nobody else's in these tests; whoever helps the longest queue takes it over for a moment and gives it back.
const troubleAgent = "42170"

// complaintKeys is what a Callback may need whose guiding failed: the whole turn, the trouble ticket with a technician's
// slot in the middle of it (ux.md 4 allows 28).
const complaintKeys = 28

// complaintTickets is how many tickets are tried until somebody answers whose line is out of spec, with a slot to offer.
const complaintTickets = 40

const onComplaint = `document.documentElement.dataset.screen === 'complaint' && ` + settled

// SOP 5.2.9.tidak-berhasil, 5.2.10.branch, 5.2.10.h, 5.2.10.i.bok, 5.2.10.j, 5.2.10.k, 5.2.10.o, 5.2.10.p, 5.2.10.s.schedule,
// 5.2.10.s.ok, 5.2.10.t, 5.2.11.a.tiket: by the keyboard alone, a Callback whose guiding failed gets its trouble ticket with
// BOK, and its number stands in the result.
func TestKeyboardComplaint(t *testing.T) {
	mixed(t, troubleAgent, "callback")
	p := signsInByKeys(t, troubleAgent)
	for range complaintTickets {
		before := p.keys
		if !p.talksUntilGuided() || !p.outOfSpecWithSlots() {
			p.savesAndTakes()
			continue
		}
		no := p.files()
		if got := read[string](p, `document.querySelector('#i-ticket_no')?.value ?? ''`); got != no {
			t.Errorf("the result names %q, filed was %q", got, no)
		}
		p.savesAndTakes()
		spent := p.keys - before
		t.Logf("trouble ticket %s: %d keys", no, spent)
		if spent > complaintKeys {
			t.Errorf("%d keys for a turn that may need %d", spent, complaintKeys)
		}
		p.press("l") // nobody else's ticket stays in this hand
		p.wait("an empty desk", `!document.querySelector('#desk').dataset.ticket && `+settled)
		mixed(t, troubleAgent)
		return
	}
	t.Fatalf("nobody with a line out of spec answered in %d tickets", complaintTickets)
}

// talksUntilGuided takes a ticket, reads, dials and answers up to the guiding, which fails; false when nobody answered.
func (p *tab) talksUntilGuided() bool {
	p.t.Helper()
	if p.hand().Ticket == "" {
		p.press("n")
	}
	p.wait("a ticket whose note is to be read", `document.querySelector('#read') && `+settled)
	p.press("Enter")
	p.wait("the telephone", `document.querySelector('#dial:enabled') && `+settled)
	p.press("c")
	p.wait("the line to say something", `['connected', 'ended'].includes(`+callState+`) && `+settled)
	for range 6 {
		q := read[question](p, questionNow)
		switch {
		case q.Kind == "check":
			p.press("Enter")
		case q.ID == "guided":
			p.press(q.Digits[slices.Index(q.Offer, "tidak-berhasil")])
		case q.ID == "receiver" && slices.Contains(q.Offer, "reporter"):
			p.press(q.Digits[slices.Index(q.Offer, "reporter")])
		default:
			return false
		}
		p.wait("the page to go on from "+q.ID, fmt.Sprintf(`(q => q.id !== %q)(%s) && %s`, q.ID, questionNow, settled))
		if q.ID == "guided" {
			return true
		}
	}
	return false
}

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

// files decides what is to be decided, takes the earliest slot, asks the customer and submits; it gives the number.
func (p *tab) files() string {
	p.t.Helper()
	for range 8 {
		q := read[question](p, questionNow)
		if q.ID == "slot" {
			break
		}
		if q.Kind != "choice" {
			p.t.Fatalf("asked for %+v: %s", q, p.text())
		}
		p.press(q.Digits[0])
		p.wait("the page to go on from "+q.ID, fmt.Sprintf(`(q => q.id !== %q)(%s) && %s`, q.ID, questionNow, settled))
	}
	p.browses()
	p.press("f")
	p.wait("the slot to be held", `document.querySelector('#slot-say') && document.querySelector('#subject-line').value.endsWith(' / BOK') && `+settled)
	p.press("y")
	p.wait("the customer's word", `document.querySelector('[name=agreed]:checked') && document.activeElement?.id === 'save-next'`)
	p.press("Ctrl+Enter")
	p.wait("the desk with what was filed", `document.documentElement.dataset.screen === 'desk' && document.querySelector('#report [role=status] .tag') && `+settled)
	return read[string](p, `document.querySelector('#report-no').textContent`)
}

// browses goes about in the schedule by arrows: none of them takes a slot (SOP 5.2.10.s.schedule). Its keys are not counted:
// F is the way that is meant.
func (p *tab) browses() {
	p.t.Helper()
	keys := p.keys
	p.wait("the schedule to have the focus", `document.activeElement?.matches('#g-slot input')`)
	for _, key := range []string{"ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft"} {
		p.press(key)
	}
	if p.yes(`document.querySelector('#g-slot input:checked') || document.querySelector('#slot-say')`) {
		p.t.Error("an arrow took a slot")
	}
	p.keys = keys
}

// savesAndTakes answers the rest of the result with what is first on offer, hangs up, saves, and has the next ticket.
func (p *tab) savesAndTakes() {
	p.t.Helper()
	p.asked(map[string]string{"receiver": "reporter", "guided": "tidak-berhasil", "status": "contacted"})
	if p.yes(callState + ` === 'connected'`) {
		p.press("x")
		p.press("x")
		p.wait("the call to end", callState+` === 'ended' && `+settled)
	}
	ref := read[string](p, `document.querySelector('#ref').textContent`)
	p.press("Ctrl+Enter")
	p.wait("the result to be saved and the next ticket to come", fmt.Sprintf(`document.querySelector('#ref') && document.querySelector('#ref').textContent !== %q && document.querySelector('#read') && %s`, ref, settled))
}
