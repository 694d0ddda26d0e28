package browser

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// Agents are 42147 and the 24 after it. Each test has its own, so that none takes another's ticket from the hand.
const (
	keyboardAgent = "42147" // the one the issue names
	shiftAgent    = "42148"
	emptyAgent    = "42149"
	unreadAgent   = "42150"
	readAgent     = "42151"
	callbackAgent = "42152"
	lapulAgent    = "42153"
	outboxAgent   = "42154"
	typingAgent   = "42155"
	offlineAgent  = "42156"
	illegalAgent  = "42157"
	replayAgent   = "42158"
	windowsAgent  = "42159"
	paintAgent    = "42160"
	sheetAgent    = "42161"
	landmarkAgent = "42162"
	refusedAgent  = "42163"
	connectAgent  = "42164"
	lostAgent     = "42168"
	helpAgent     = "42169"
	fullAgent     = "42171"
	guideAgent    = "42166" // holds nothing between tests
	alongAgent    = "42167"
)

func login(t *testing.T, role string) string {
	t.Helper()
	l, ok := floor.logins[role]
	if !ok {
		t.Fatalf("the practice floor printed no login for %s", role)
	}
	return l
}

// mixed lets the agent's leader choose what the agent works (decisions.md 12), through the leader's page; nothing is all.
func mixed(t *testing.T, agent string, campaigns ...string) {
	t.Helper()
	n, err := strconv.Atoi(agent)
	if err != nil {
		t.Fatal(err)
	}
	leader := "4100" + strconv.Itoa(1+(n-42147)%2) // two teams, dealt in turn
	p := open(t).as(leader)
	p.goTo("/lead")
	action := read[string](p, fmt.Sprintf(`[...document.querySelectorAll('form[action$="/campaigns"]')].find(f => f.textContent.includes(%q))?.getAttribute('action') ?? ''`, agent))
	if action == "" {
		t.Fatalf("leader %s does not see agent %s", leader, agent)
	}
	form := map[string]string{"key": strings.Join(append([]string{t.Name(), agent}, campaigns...), " ")}
	if len(campaigns) > 0 {
		form["campaign"] = strings.Join(campaigns, "|")
	}
	if got := p.post(action, form); got.URL != "/lead" {
		t.Fatalf("mix: %d %s", got.Status, got.URL)
	}
}

// hand is the ticket in the agent's hand, as the page carries it.
type hand struct {
	Ticket string `json:"ticket"`
	Lease  string `json:"lease"`
}

func (h hand) path(act string) string { return "/desk/" + h.Ticket + "/" + act }

func (p *tab) hand() hand {
	p.t.Helper()
	return read[hand](p, `(e => e ? {ticket: e.dataset.ticket, lease: e.dataset.lease} : {ticket: '', lease: ''})(document.querySelector('[data-ticket]'))`)
}

// takes claims the next ticket through the page's form and shows it.
func (p *tab) takes() hand {
	p.t.Helper()
	p.goTo("/desk")
	if h := p.hand(); h.Ticket != "" {
		return h
	}
	p.must(p.post("/desk/next", nil), "/desk")
	p.goTo("/desk")
	h := p.hand()
	if h.Ticket == "" || h.Lease == "" {
		p.t.Fatalf("no ticket in hand after taking one: %s", p.text())
	}
	return h
}

func (p *tab) must(got posted, where string) {
	p.t.Helper()
	if got.Status != 200 || !strings.HasPrefix(got.URL, where) {
		p.t.Fatalf("led to %d %s: %s", got.Status, got.URL, short(got.Text))
	}
}

// act does something with the ticket in the hand, as its form would.
func (p *tab) act(h hand, act string, form map[string]string) posted {
	p.t.Helper()
	all := map[string]string{"lease": h.Lease}
	for k, v := range form {
		all[k] = v
	}
	return p.post(h.path(act), all)
}

// callState is what the call bar shows: none, idle, ringing, connected, ended.
const callState = `([...document.querySelector('#callbar').classList].find(c => c.startsWith('is-')) ?? '').slice(3)`

// answered reads, dials, and dials again until somebody picks up, and hangs up then unless the call is to go on.
func (p *tab) answered(h hand) {
	p.t.Helper()
	p.must(p.act(h, "read", nil), "/desk")
	for range 12 {
		p.must(p.act(h, "dial", nil), "/desk")
		p.until("the line to say something", "/desk", `['connected', 'ended'].includes(`+callState+`)`)
		p.goTo("/desk")
		if p.yes(callState+` === 'connected'`) || p.yes(`document.querySelector('.atts li:last-child .dot.daun')`) {
			return
		}
	}
	p.t.Fatalf("nobody answered in twelve tries: %s", p.text())
}

// hangsUp ends the call and waits until it has ended.
func (p *tab) hangsUp(h hand) {
	p.t.Helper()
	if p.yes(callState + ` === 'connected'`) {
		p.act(h, "hang-up", nil)
	}
	p.until("the call to end", "/desk", callState+` === 'ended'`)
	p.goTo("/desk")
}

// givesBack ends a call that still lasts, in which nothing is given back, and leaves nothing in the hand for the next test.
func (p *tab) givesBack(h hand) {
	p.t.Helper()
	p.goTo("/desk")
	if p.yes(callState + ` === 'connected'`) {
		p.hangsUp(h)
	}
	p.must(p.act(h, "release", nil), "/desk")
}

// answers chooses and writes, as the page's draft does, one after the other.
func (p *tab) answers(h hand, pairs ...string) {
	p.t.Helper()
	form := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		form["a."+pairs[i]] = pairs[i+1]
		p.must(p.act(h, "answers", form), "/desk")
	}
	p.goTo("/desk")
}

// listAgents are those who have tickets of the leader's list of today (SOP 5.8.1.distribute).
var listAgents = []string{"42167", keyboardAgent, "42165"}
