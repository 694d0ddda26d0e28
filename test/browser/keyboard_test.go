package browser

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Keys a path may need, sign-in not counted (ux.md, U2 and U7: a whole turn by keys). They are what the pages need today
// with nothing to spare; a page that asks for more has to say why here.
const (
	callbackKeys = 10
	missedKeys   = 5 // a call that nobody answers
)

// question is what the page asks now: its group and the options that can be chosen, with their digits.
type question struct {
	ID     string   `json:"id"`
	Kind   string   `json:"kind"` // choice, check, text, moment, none
	Offer  []string `json:"offer"`
	Digits []string `json:"digits"`
}

const questionNow = `(() => {
	const live = document.querySelector('#turn [data-live]')
	if (!live) return {id: '', kind: 'none', offer: [], digits: []}
	if (live.matches('input, textarea')) return {id: live.name.slice(2), kind: 'text', offer: [], digits: []}
	const id = live.dataset.group
	if (live.matches('.moment')) return {id, kind: 'moment', offer: [], digits: []}
	if ('checks' in live.dataset) return {id, kind: 'check', offer: [], digits: []}
	const on = [...live.querySelectorAll('input[type=radio]:enabled')]
	return {id, kind: 'choice', offer: on.map(o => o.value), digits: on.map(o => o.dataset.digit)}
})()`

// settled is a page that nothing is on its way to.
const settled = `!('busy' in document.documentElement.dataset) && document.readyState === 'complete'`

// SOP 5.2.4.longest, 5.2.4.note, 5.2.5.call, 5.2.8.who, 5.2.8.data, 5.2.9, 5.2.11.b1.contacted, 5.2.11.d: somebody who has
// never seen sapa signs in as 42147 and finishes a Callback by keys alone.
func TestKeyboardCallback(t *testing.T) {
	mixed(t, keyboardAgent, "callback")
	p := signsInByKeys(t, keyboardAgent)
	p.turns("Callback", callbackKeys, map[string]string{"receiver": "reporter", "guided": "berhasil", "status": "contacted", "reason_call": "internet-mati",
		"solution": "selesai-dipandu"}, "Contacted")
}

// signsInByKeys types a login and a password into the page that is there, starts the shift, and comes to an empty desk.
func signsInByKeys(t *testing.T, who string) *tab {
	t.Helper()
	p := open(t)
	p.goTo("/sign-in")
	p.wait("the login field to have the focus", `document.activeElement?.id === 'login'`)
	p.write(who)
	p.press("Tab")
	p.write(floor.password)
	p.press("Enter")
	p.wait("the shift page", `document.documentElement.dataset.screen === 'shift' && `+settled)
	p.press("Enter")
	p.wait("the desk", `document.querySelector('#desk') && `+settled)
	t.Logf("signed in and at the desk by %d keys", p.keys)
	if p.hand().Ticket != "" { // what another test left in this person's hand goes back
		p.press("l")
		p.wait("an empty desk", `!document.querySelector('#desk').dataset.ticket && `+settled)
	}
	return p
}

// turns takes tickets and saves each properly until one was answered and ended as wanted.
func (p *tab) turns(campaign string, budget int, wanted map[string]string, ends string) {
	p.t.Helper()
	for range 12 {
		before := p.keys
		if p.hand().Ticket == "" {
			p.press("n")
		}
		p.wait("a ticket whose note is to be read", `document.querySelector('#read') && `+settled)
		if got := read[string](p, `document.querySelector('#ticket-head h1').textContent`); got != campaign {
			p.t.Fatalf("was handed %q, wanted %q", got, campaign)
		}
		p.press("Enter")
		p.wait("the telephone", `document.querySelector('#dial:enabled') && `+settled)
		p.press("c")
		p.wait("the line to say something", `['connected', 'ended'].includes(`+callState+`) && `+settled)
		path := p.asked(wanted)
		if p.yes(callState + ` === 'connected'`) {
			p.press("x")
			p.press("x")
			p.wait("the call to end", callState+` === 'ended' && `+settled)
		}
		answered := p.yes(`document.querySelector('.atts li:last-child .dot.daun')`)
		ref := read[string](p, `document.querySelector('#ref').textContent`)
		p.press("Ctrl+Enter")
		p.wait("the result to be saved and the next ticket to come", fmt.Sprintf(`document.querySelector('#ref') && document.querySelector('#ref').textContent !== %q && document.querySelector('#read') && %s`, ref, settled))
		spent := p.keys - before
		p.t.Logf("%s %s, answered %v: %d keys; chose %s", campaign, ref, answered, spent, strings.Join(path, ", "))
		if limit := map[bool]int{true: budget, false: missedKeys}[answered]; spent > limit {
			p.t.Errorf("%d keys for a turn that may need %d", spent, limit)
		}
		if answered {
			if last := read[string](p, `document.querySelector('#queue').textContent`); !strings.Contains(last, ends) {
				p.t.Errorf("the last saved result should say %q: %s", ends, short(last))
			}
			p.press("l") // nobody else's ticket stays in this hand
			p.wait("an empty desk", `!document.querySelector('#desk').dataset.ticket && `+settled)
			return
		}
	}
	p.t.Fatal("nobody answered in twelve tickets")
}

// asked answers what the page asks until nothing is missing, and gives the path. What is not in wanted takes what is
// first on offer: the line has said it.
func (p *tab) asked(wanted map[string]string) (path []string) {
	p.t.Helper()
	for range 12 {
		q := read[question](p, questionNow)
		if q.Kind == "none" {
			return path
		}
		path = append(path, p.answer(q, wanted))
	}
	p.t.Fatalf("still asked after twelve answers: %s", p.text())
	return nil
}

// answer gives one answer, as a person would by keys, and says which.
func (p *tab) answer(q question, wanted map[string]string) (given string) {
	p.t.Helper()
	switch q.Kind {
	case "choice":
		i := max(slices.Index(q.Offer, wanted[q.ID]), 0)
		given = q.ID + "=" + q.Offer[i]
		p.press(q.Digits[i])
	case "check":
		given = q.ID + "=all"
		p.press("Enter")
	case "moment":
		given = q.ID + "=1"
		p.press("1")
	case "text":
		p.wait("the field to have the focus", fmt.Sprintf(`document.activeElement?.name === 'a.%s'`, q.ID))
		given = q.ID
		p.write("Ya")
		p.spent.fields++
		p.press("Enter")
	}
	p.wait("the page to go on from "+q.ID, fmt.Sprintf(`(q => q.id !== %q)(%s) && %s`, q.ID, questionNow, settled))
	return given
}

// SOP 5.2.4.longest: an agent whose own queue is empty helps the longest one by a key, for one ticket; what comes after it
// is their own queue again.
func TestHelpingByAKey(t *testing.T) {
	const short = "ideas" // the shortest queue of the floor
	mixed(t, helpAgent, short)
	p := open(t).as(helpAgent)
	p.goTo("/desk")
	for _, agent := range []string{"42170", "42171", shiftAgent, emptyAgent, "42167"} { // whoever has nothing in hand empties it
		if p.yes(`document.querySelector('#help')`) {
			break
		}
		mixed(t, agent, short)
		other := open(t).as(agent)
		h := other.takes()
		t.Cleanup(func() {
			other.must(other.act(h, "release", nil), "/desk")
			mixed(t, agent)
		})
		p.goTo("/desk")
	}
	p.wait("an empty desk that offers to help", `document.querySelector('#help') && !document.querySelector('#take') && `+settled)
	for _, l := range looks {
		p.prefer(l)
		p.goTo("/desk")
		for _, v := range p.audit() {
			t.Errorf("%s: axe: %s", l, v)
		}
		for _, what := range read[[]string](p, misfits) {
			t.Errorf("%s: %s", l, what)
		}
	}
	p.prefer(looks[0])
	p.goTo("/desk")
	p.press("b")
	p.wait("a ticket of another queue", `document.querySelector('#read') && [...document.querySelectorAll('#ticket-head .tag')].some(e => e.textContent === 'membantu') && `+settled)
	p.press("l")
	p.wait("one's own empty queue again", `document.querySelector('#help') && `+settled)
}

// Who changes their mind faster than the house answers is heard: the answer to the first choice does not undo the second.
func TestAChoiceMadeWhileAnotherIsOnItsWayCounts(t *testing.T) {
	mixed(t, troubleAgent, "callback")
	defer mixed(t, troubleAgent)
	p := open(t).as(troubleAgent)
	h := p.takes()
	p.answered(h)
	const choice = `document.querySelector('#g-receiver input[value=%s]')`
	p.wait("the question who answers", fmt.Sprintf(choice, "reporter"))
	read[bool](p, fmt.Sprintf(`(`+choice+`.click(), `+choice+`.click(), true)`, "reporter", "decider"))
	p.wait("the second choice to be kept", `document.querySelector('#g-receiver input[value=decider]')?.defaultChecked && document.querySelector('#i-decider_name, #turn [data-live]') && `+settled)
	p.goTo("/desk")
	if !p.yes(fmt.Sprintf(choice+`?.checked`, "decider")) {
		t.Errorf("the second choice is lost: %s", p.text())
	}
	p.hangsUp(h)
	p.must(p.act(h, "release", nil), "/desk")
}

// SOP 5.2.8.data: Enter ticks everything at once while other words are still on their way; the page that answers those does not take it back.
func TestAllThatFitsCountsWhileWordsAreOnTheirWay(t *testing.T) {
	mixed(t, troubleAgent, "callback")
	defer mixed(t, troubleAgent)
	p := open(t).as(troubleAgent)
	h := p.takes()
	p.answered(h)
	p.hangsUp(h)
	p.answers(h, "receiver", "reporter", "data_check", "") // emptied: another hand may have given it back with a draft
	p.wait("the details to be confirmed", `document.querySelector('#turn [data-live] [data-all]') && `+settled)
	read[bool](p, `(() => {
		const real = window.fetch, wait = new Promise(go => { window.letGo = go })
		let sent = 0
		window.fetch = async (to, how) => {
			const answer = await real(to, how)
			if (how?.method === 'POST' && String(to).endsWith('/answers') && ++sent === 1) {
				window.wordsLeft = true
				await wait
			}
			return answer
		}
		const field = document.querySelector('[name="a.problem"]')
		field.value = 'Mati sejak pagi'
		field.dispatchEvent(new Event('change', {bubbles: true}))
		return true
	})()`)
	p.wait("the words to have left", `window.wordsLeft`)
	read[bool](p, `(document.querySelector('#turn [data-live] [data-all]').click(), letGo(), true)`)
	p.wait("what was ticked to be kept", `document.querySelector('#turn [name="a.data_check"]:checked')?.defaultChecked && `+settled)
	p.must(p.act(h, "release", nil), "/desk")
}
