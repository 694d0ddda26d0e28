package browser

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"sapa/internal/procedure"
	"sapa/procedures"
)

// pair is an answer that must be refused, as the forms a page would send.
type pair struct {
	Clause string            `json:"clause"`
	Form   map[string]string `json:"form"`
}

// pairsAfter lists the illegal pairs of a campaign that a conversation leaves.
func pairsAfter(t *testing.T, campaign, line string) []pair {
	t.Helper()
	var all []pair
	for _, one := range workInstruction(t).Procedure(campaign).IllegalPairs() {
		if one.Facts["last_line"] != line || one.Facts["open_report"] == "yes" { // no room tells of a report yet
			continue
		}
		form := map[string]string{"a." + one.Field: one.Value}
		for id, v := range one.With {
			form["a."+id] = v
		}
		all = append(all, pair{one.Clause, form})
	}
	if len(all) < 20 {
		t.Fatalf("only %d pairs after %s: the test has lost some", len(all), line)
	}
	return all
}

// talked brings a person of their own into a turn whose call was answered and has ended, and whose draft holds nothing.
func talked(t *testing.T, agent, campaign string) (*tab, hand) {
	t.Helper()
	mixed(t, agent, campaign)
	p := open(t).as(agent)
	p.allow("422")
	p.goTo("/desk")
	if left := p.hand(); left.Ticket != "" { // another test's: its call was going on when it was to be given back
		p.hangsUp(left)
		p.must(p.act(left, "release", nil), "/desk")
	}
	h := p.takes()
	p.answered(h)
	p.hangsUp(h)
	nothing := map[string]string{} // a ticket that another hand gave back comes with its draft, which makes other answers legal
	for _, f := range workInstruction(t).Procedure(campaign).Fields {
		nothing["a."+f.ID] = ""
	}
	p.must(p.act(h, "answers", nothing), "/desk")
	p.goTo("/desk")
	return p, h
}

// workInstruction is the work instruction built in, which the floor runs.
func workInstruction(t *testing.T) *procedure.Book {
	t.Helper()
	book, problems := procedure.Load(procedures.FS, "IN.OCC.TELK.W-18/rev-02")
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	return book
}

// draftNow is the version of the draft and what it holds: a refused answer changes neither.
const draftNow = `document.querySelector('#turn [name=draft]').value + ' ' + [...document.querySelectorAll('#turn input[type=radio][checked]')].map(o => o.id)`

// soon replaces the far moment of the pairs by one that a promise may name.
const soon = `new Date(Number(document.documentElement.dataset.now) + 864e5).toISOString().slice(0, 19) + 'Z'`

// SOP 5.2.11, 5.2.11.b1, 5.2.11.b2, 5.7.8, 5.7.8.a, 5.7.8.b, 5.7.8.c, 5.7.8.d: after a conversation every pair that the
// cascades rule out is refused through the page's own requests, as a draft and as a result, with its clause; nothing of it
// is kept.
func TestIllegalPairsOverPage(t *testing.T) {
	for agent, campaign := range map[string]string{illegalAgent: "callback", "42166": "fresh-lapul"} {
		t.Run(campaign, func(t *testing.T) {
			p, h := talked(t, agent, campaign)
			before := read[string](p, draftNow)
			b, err := json.Marshal(pairsAfter(t, campaign, "answered"))
			if err != nil {
				t.Fatal(err)
			}
			wrong := read[[]string](p, fmt.Sprintf(`(async () => {
				const wrong = []
				for (const {clause, form} of %s) for (const act of ['answers', 'finish']) {
					const body = new URLSearchParams({lease: %q})
					for (const [name, value] of Object.entries(form)) body.set(name, value.startsWith('2035-') ? %s : value)
					const answer = await fetch('/desk/%s/' + act, {method: 'POST', body}), text = await answer.text()
					if (answer.status !== 422 || !text.includes(clause) || !text.includes('role="alert"')) wrong.push(act + ' ' + answer.status + ' ' + clause + ' ' + body)
				}
				return wrong
			})()`, b, h.Lease, soon, h.Ticket))
			for _, w := range wrong {
				t.Errorf("not refused with its clause: %s", w)
			}
			p.goTo("/desk")
			if after := read[string](p, draftNow); after != before {
				t.Errorf("something of a refused answer was kept: %s, before %s", after, before)
			}
		})
	}
}

// TestIllegalPairsReplayed: answers that were kept while the network was away are judged when they come: each illegal
// pair that waits on this machine is refused, said, and leaves the draft as it is.
func TestIllegalPairsReplayed(t *testing.T) {
	p, h := talked(t, replayAgent, "fresh-lapul")
	before, sent := read[string](p, draftNow), len(p.statuses(h.path("answers")))
	clause := ""
	n := 0
	for i, one := range pairsAfter(t, "fresh-lapul", "answered") {
		if i%4 != 0 { // TestIllegalPairsOverPage sends them all; these go the long way
			continue
		}
		body := []string{}
		for name, value := range one.Form {
			body = append(body, name+"="+value)
		}
		p.do("keep a draft", chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`import(document.querySelector('script[src*="/desk.js"]').src.replace(/desk\.js.*/, 'deskkeep.js')).then(m => m.keep({by: document.querySelector('#lost').dataset.by, path: %q, ref: '', body: %q}))`,
			h.path("answers"), strings.ReplaceAll(strings.Join(body, "&"), "+", "%2B")), chromedp.EvalAwaitPromise))
		clause, n = one.Clause, n+1
	}
	p.goTo("/desk")
	p.wait("every kept answer to be refused", fmt.Sprintf(`performance.getEntriesByType('resource').filter(r => r.name.endsWith('/answers') && r.responseStatus === 422).length >= %d`, n))
	p.wait("the last refusal with its clause", fmt.Sprintf(`[...document.querySelectorAll('#desk [role=alert]')].some(a => a.textContent.includes(%q))`, clause))
	p.goTo("/desk")
	if after := read[string](p, draftNow); after != before {
		t.Errorf("something of a refused answer was kept: %s, before %s", after, before)
	}
	if got := p.statuses(h.path("answers"))[sent:]; len(got) != n {
		t.Errorf("%d answers were sent for %d kept ones: nothing may be sent twice", len(got), n)
	}
}
