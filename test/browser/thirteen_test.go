package browser

import (
	"fmt"
	"testing"
)

// SOP 5.1.1, 5.1.2, 5.1.3, 5.1.4, 5.1.5, 5.1.6, 5.1.7, 5.1.8, 5.1.9, 5.1.10, 5.1.11, 5.1.12, 5.1.13: thirteen applications, a question an
// agent asks each of them during a call, and its answer by keys without leaving the ticket in hand.
func TestThirteenQuestionsWithoutLeavingTheTicket(t *testing.T) {
	const (
		onDesk     = `document.documentElement.dataset.screen === 'desk' && document.querySelector('#ref')`
		onCustomer = `document.documentElement.dataset.screen === 'customer'`
		onRegister = `document.documentElement.dataset.screen === 'register'`
	)
	questions := []struct {
		application, question string
		keys                  []string
		screen                string
		words                 string // typed into the field that has the focus, with Enter
		answer                string // what must be true where the answer stands
	}{
		{"I-Siska", "which services does the customer have, and at which exchange do they end?", []string{"p"}, onCustomer, "",
			`[...document.querySelectorAll('#services tbody tr')].some(r => /^\d{9,}$/.test(r.cells[0].innerText) && /^[A-Z]{3}$/.test(r.cells[3].innerText))`},
		{"E-payment", "what was billed last, and is it paid?", []string{"p"}, onCustomer, "", `/Rp\s?[\d.]+/.test(document.querySelector('#bills tbody tr')?.innerText)`},
		{"Starclick", "can this customer register for a product here: is a port free?", []string{"o"}, onRegister, "",
			`/^[A-Z]{3}$/.test(document.querySelector('#sto').value) && document.querySelector('#coverage').innerText.includes(document.querySelector('#sto').value) && document.querySelector('#package').options.length > 1`},
		{"Ibooster", "is the line in spec?", []string{"t"}, onComplaint, "", `document.querySelector('#verdict, #line-test .alert')`},
		{"Callback", "who waits longest, and how many wait?", nil, onDesk, "", `document.querySelector('#queue [data-age]') && /\d/.test(document.querySelector('#queue .auto').innerText)`},
		{"My CX", "how does the complaint's Subject read?", []string{"t"}, onComplaint, "", `(s => /\d{5}/.test(s) && s.includes("T2O"))(document.querySelector("#subject")?.innerText ?? "")`},
		{"My Kiss", "how do I guide this customer?", []string{"/"}, onDesk, "lampu los merah", `document.querySelector('.kb .kb-t')?.value === 'internet-los'`},
		{"Nossa", "is a trouble ticket open, and how does it stand?", nil, onDesk, "", `document.querySelector('#report-no, #troubles .mut')?.innerText.length > 3`},
		{"Webcare", "what has the customer reported or ordered by themselves?", []string{"p"}, onCustomer, "", `document.querySelector('#orders li, #orders p.mut')?.innerText.length > 10`},
		{"Minitools", "how was the line in the last 90 days?", []string{"t", "h"}, onComplaint, "", `document.querySelector('#line-history').open && document.querySelector('.linechart .band')`},
		{"Sephia2.0", "what was done for this customer before?", []string{"p"}, onCustomer, "", `document.querySelector('#timeline li, #timeline p.mut')?.innerText.length > 10`},
		{"ACS", "when did the gateway last call in?", []string{"t"}, onComplaint, "", `/\d/.test(document.querySelector('#device-inform')?.innerText)`},
		{"Dashboard My Indihome", "can the customer be called at another number?", []string{"p"}, onCustomer, "", `document.querySelectorAll('#who th').length > 2`},
	}
	if len(questions) != 13 {
		t.Fatalf("%d questions", len(questions))
	}
	p := untilMeasured(t, guideAgent)
	p.goTo("/desk")
	ref := read[string](p, `document.querySelector('#ref').innerText`)
	for _, q := range questions {
		p.goTo("/desk")
		p.wait("the desk", onDesk+` && `+settled)
		before := p.keys
		for i, key := range q.keys {
			p.yes(`document.activeElement.blur() || true`) // letters are keys outside of a field
			p.press(key)
			if i == 0 {
				p.wait(q.application+": where the answer stands", q.screen+` && `+settled)
			}
		}
		if q.words != "" {
			p.wait("a field to type into", `document.activeElement?.tagName === 'INPUT'`)
			p.write(q.words)
			p.press("Enter")
		}
		p.wait(fmt.Sprintf("%s: %s", q.application, q.question), q.answer)
		t.Logf("%-22s %-70s %d keys", q.application, q.question, p.keys-before)
		p.goTo("/desk")
		if now := read[string](p, `document.querySelector('#ref')?.innerText ?? ''`); now != ref {
			t.Fatalf("%s: the ticket in hand is %q, was %q", q.application, now, ref)
		}
	}
}
