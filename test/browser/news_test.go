package browser

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// caret is what is typed in a field, and where.
type caret struct {
	Focus string `json:"focus"`
	Text  string `json:"text"`
	At    int    `json:"at"`
}

const caretNow = `(e => ({focus: e?.name ?? '', text: e?.value ?? '', at: e?.selectionStart ?? -1}))(document.activeElement)`

// listens counts the news that reach the page's own script.
func (p *tab) listens() {
	p.t.Helper()
	p.do("count news", chromedp.Evaluate[chromedp.Void](`window.newsHeard = {}; document.addEventListener('sapa:news', e => { newsHeard[e.detail.name] = (newsHeard[e.detail.name] ?? 0) + 1 })`))
}

// TestTypingSurvivesNews: while remarks are typed, the call is ended in another window, news come from the floor, and the
// queue moves. What is typed, the caret and the focus stay where they are.
func TestTypingSurvivesNews(t *testing.T) {
	mixed(t, typingAgent, "fresh-lapul")
	p := open(t).as(typingAgent)
	h := p.takes()
	p.answered(h)
	p.answers(h, "receiver", "reporter", "status", "contacted")
	p.listens()
	p.press("w")
	p.wait("the remarks to have the focus", `document.activeElement?.name === 'a.remarks'`)
	p.press("Ctrl+a")
	p.write("Pelanggan paham.")
	for range len("paham.") {
		p.press("ArrowLeft")
	}
	p.write("belum ")
	want := caret{"a.remarks", "Pelanggan belum paham.", len("Pelanggan belum ")}
	same := func(after string) {
		t.Helper()
		if got := read[caret](p, caretNow); got != want {
			t.Errorf("after %s: %+v, want %+v\npage: %s", after, got, want, p.text())
		}
	}
	same("typing")

	other := p.beside()
	other.goTo("/desk")
	if p.yes(callState + ` === 'connected'`) {
		other.act(h, "hang-up", nil)
	}
	p.wait("the end of the call to show", callState+` === 'ended'`)
	same("the call ended")

	looks := func() int {
		return read[int](p, `performance.getEntriesByType('resource').filter(r => r.name.includes('/desk?had=')).length`)
	}
	before := looks()
	tier1 := open(t).as(login(t, "tier1"))
	tier1.goTo("/intake")
	tier1.must(tier1.post("/intake/recommendation", map[string]string{"criterion": "f", "service_no": "152999100037", "call_min": "11", "call_sec": "5"}), "/intake")
	p.wait("the page to be drawn anew after news from the floor", fmt.Sprintf(`performance.getEntriesByType('resource').filter(r => r.name.includes('/desk?had=') && r.responseEnd > 0).length > %d`, before))
	same("news from the floor")

	crowd := open(t).as("42165")
	crowd.takes()
	crowd.must(crowd.act(crowd.hand(), "release", nil), "/desk")
	p.wait("news of the queue", `(newsHeard.queue ?? 0) > 0`)
	same("the queue moved")

	p.write("juga ")
	want.Text, want.At = "Pelanggan belum juga paham.", len("Pelanggan belum juga ")
	same("typing on")
	p.until("the remarks to be kept", "/desk", `document.querySelector('[name="a.remarks"]')?.textContent.includes('belum juga')`)
}

// TestOfflineKeepsAnswers: without the network the strip comes up, what is answered meanwhile is kept on this machine and
// sent when the house is back, also after the page was loaded anew.
func TestOfflineKeepsAnswers(t *testing.T) {
	mixed(t, offlineAgent, "fresh-lapul")
	p := open(t).as(offlineAgent)
	p.allow("net::ERR_") // what a browser says of a cable that is out
	c := newCable(t)
	p.house = c.url
	h := p.takes()
	p.answered(h)
	p.hangsUp(h)
	p.answers(h, "receiver", "reporter")
	c.pull()
	p.wait("the strip that says so", `!document.querySelector('#offline').hidden`)
	p.asks("reason_1")
	p.press("1")
	p.wait("the choice to show at once", `document.querySelector('#reason_1-sukses:checked')?.closest('label').classList.contains('on')`)
	p.wait("the page to say that it is kept here", `document.querySelector('#draftline').textContent !== ''`)
	sent := len(p.statuses(h.path("answers")))
	c.join()
	p.wait("the strip to go", `document.querySelector('#offline').hidden`)
	p.until("the answer to be there", "/desk", `document.querySelector('#reason_1-sukses[checked]')`)
	p.asks("reason_2") // and the page goes on from it
	if now := len(p.statuses(h.path("answers"))); now != sent+1 {
		t.Errorf("%d answers were sent for the one that was kept", now-sent)
	}
}

// TestAnswersOfATicketThatHasGoneAreTold: what was answered without the network, on a ticket that a leader took over
// meanwhile, is not dropped without a word: the page says of which ticket, gives it to be copied, and forgets it once that
// is closed.
func TestAnswersOfATicketThatHasGoneAreTold(t *testing.T) {
	mixed(t, lostAgent, "fresh-lapul")
	p := open(t).as(lostAgent)
	p.allow("net::ERR_")
	c := newCable(t)
	p.house = c.url
	h := p.takes()
	p.answered(h)
	p.hangsUp(h)
	p.answers(h, "receiver", "reporter", "status", "contacted")
	ref := read[string](p, `document.querySelector('#ref').textContent`)
	c.pull()
	p.wait("the strip that says so", `!document.querySelector('#offline').hidden`)
	p.asks("reason_1")
	p.press("1")
	p.wait("the page to say that it is kept here", `document.querySelector('#draftline').textContent !== ''`)
	p.press("w")
	p.wait("the remarks to have the focus", `document.activeElement?.name === 'a.remarks'`)
	p.press("Ctrl+a")
	p.write("Pelanggan <b>paham</b>.")
	p.press("Tab")
	p.keeps(2)

	leader := open(t).as("41002")
	leader.goTo("/lead")
	if got := leader.post("/lead/tickets/"+h.Ticket+"/take-over", map[string]string{"key": t.Name() + " take"}); got.URL != "/lead" || strings.Contains(got.Text, "/lead/tickets/"+h.Ticket+"/take-over") {
		t.Fatalf("take over: %d %s: %s", got.Status, got.URL, short(got.Text))
	}
	c.join()
	told := `!document.querySelector('#lost').hidden && ` + settled
	p.wait("the agent to be told", told)
	for _, says := range []string{ref, "Reason 1: Sukses", "Pelanggan <b>paham</b>."} {
		if text := read[string](p, `document.querySelector('#lost-h').textContent + document.querySelector('#lost-text').value`); !strings.Contains(text, says) {
			t.Errorf("does not say %q: %s", says, text)
		}
	}
	for _, v := range p.audit() {
		t.Errorf("axe: %s", v)
	}
	for _, what := range read[[]string](p, misfits) {
		t.Error(what)
	}
	p.goTo("/desk")
	p.wait("it to be told until it is read", told)
	p.do("copy", chromedp.Click(chromedp.CSS("#lost-copy")))
	p.wait("it to be copied", `document.querySelector('#lost-copy span').textContent === 'Tersalin'`)
	p.do("close", chromedp.Click(chromedp.CSS("#lost-done")))
	p.wait("it to go", `document.querySelector('#lost').hidden`)
	p.keeps(0)
	if n := len(p.statuses(h.path("answers"))); n != 2 {
		t.Errorf("%d answers were sent; the two before the cable was pulled were", n)
	}
	p.takes() // its draft is no start for another test
}

// keeps waits until so many sets of answers are kept on this machine.
func (p *tab) keeps(n int) {
	p.t.Helper()
	ctx, done := context.WithTimeout(p.ctx, patience)
	defer done()
	watch := fmt.Sprintf(`new Promise(done => {
		const look = async () => {
			const {kept} = await import(document.querySelector('script[src*="/desk.js"]').src.replace(/desk\.js.*/, 'deskkeep.js'))
			if ((await kept()).length === %d) done(true); else setTimeout(look, 20)
		}
		look()
	})`, n)
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](watch, chromedp.EvalAwaitPromise)); err != nil {
		p.t.Fatalf("waited in vain for %d sets of answers to be kept: %v", n, err)
	}
}

// asks waits until the page asks for a field now.
func (p *tab) asks(field string) {
	p.t.Helper()
	p.wait("the page to ask for "+field, fmt.Sprintf(`(%s).id === %q && %s`, questionNow, field, settled))
}

// TestTwoWindows: the same turn in two windows. The one whose draft is older is told, and nothing that was given in
// either is lost.
func TestTwoWindows(t *testing.T) {
	mixed(t, windowsAgent, "fresh-lapul")
	a := open(t).as(windowsAgent)
	h := a.takes()
	a.answered(h)
	a.hangsUp(h)
	a.answers(h, "receiver", "reporter", "status", "contacted")
	b := a.beside()
	b.allow("409")
	b.goTo("/desk")
	a.asks("reason_1")
	a.press("1")
	a.asks("reason_2")

	b.press("w")
	b.wait("the remarks to have the focus", `document.activeElement?.name === 'a.remarks'`)
	b.press("Ctrl+a")
	b.write("Dari jendela kedua.")
	b.press("Tab") // leaving the field keeps it
	b.wait("the older window to be told", `document.querySelector('#desk [role=alert], #notices .toast')`)
	if got := read[string](b, `document.querySelector('[name="a.remarks"]').value`); got != "Dari jendela kedua." {
		t.Errorf("the older window lost what was typed: %q", got)
	}
	if !b.yes(`document.querySelector('#reason_1-sukses:checked')`) {
		t.Error("the older window does not show what the newer one answered")
	}
	b.asks("reason_2")
	b.press("1")
	b.wait("nothing to be missing", `(`+questionNow+`).kind === 'none' && `+settled)
	b.press("Ctrl+Enter")
	b.wait("the turn to be saved", fmt.Sprintf(`document.querySelector('#desk') && document.querySelector('#desk').dataset.ticket !== %q && %s`, h.Ticket, settled))
	b.until("both windows' words in the task", "/outbox", `[...document.querySelectorAll('textarea')].some(t => t.textContent.includes('Dari jendela kedua.') && t.textContent.includes('Sukses'))`)
	a.wait("the first window to follow", fmt.Sprintf(`document.querySelector('#desk').dataset.ticket !== %q`, h.Ticket))
}

// TestKeyToPaint measures how long a digit takes to be seen as chosen, on the page as it is. It only prints.
func TestKeyToPaint(t *testing.T) {
	mixed(t, paintAgent, "fresh-lapul")
	p := open(t).as(paintAgent)
	h := p.takes()
	p.answered(h)
	p.hangsUp(h)
	p.answers(h, "receiver", "reporter", "status", "contacted")
	p.do("measure", chromedp.Evaluate[chromedp.Void](`window.painted = []; addEventListener('keydown', e => {
		if (!/^[0-9]$/.test(e.key) || !e.isTrusted) return
		requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = () => painted.push(performance.now() - e.timeStamp); c.port2.postMessage(0) })
	}, true)`))
	for i := range 40 {
		p.do("into the first level", chromedp.Focus(chromedp.CSS("#reason_1-sukses")))
		p.press([]string{"1", "2"}[i%2])
		p.wait("the choice to be kept", fmt.Sprintf(`document.querySelector('#reason_1-%s[checked]') && (%s).id === 'reason_2' && %s`, []string{"sukses", "menolak"}[i%2], questionNow, settled))
	}
	t.Logf("key to paint: %s", read[string](p, `(a => a.length + ' keys, p50 ' + a[Math.floor(a.length / 2)].toFixed(1) + ' ms, p95 ' + a[Math.floor(a.length * .95)].toFixed(1) + ' ms')(painted.toSorted((x, y) => x - y))`))
}

// SOP 5.2.5.call: the customer hangs up in the very moment in which the agent does, with an answer still on its way. The page that comes with
// it has the telephone where the other button was: nobody is dialled again.
func TestHangingUpACallThatIsOverDialsNobody(t *testing.T) {
	mixed(t, troubleAgent, "callback")
	defer mixed(t, troubleAgent)
	p := open(t).as(troubleAgent)
	h := p.takes()
	for p.answered(h); !p.yes(callState + ` === 'connected'`); p.answered(h) { // one that talks on
	}
	const choice = `document.querySelector('#g-receiver input[value=reporter]')`
	p.wait("the question who answers", choice)
	read[bool](p, `(() => {
		const real = window.fetch, wait = new Promise(go => { window.letGo = go })
		window.fetch = (to, how) => how?.method === 'POST' && String(to).endsWith('/answers') ? wait.then(() => real(to, how)) : real(to, how)
		return true
	})()`)
	dialled := len(p.statuses(h.path("dial")))
	read[bool](p, `(`+choice+`.click(), true)`)
	p.press("x")
	p.press("x")
	other := p.beside()
	other.goTo("/desk")
	other.act(h, "hang-up", nil)
	other.until("the end of the call", "/desk", callState+` === 'ended'`)
	read[bool](p, `(letGo(), true)`)
	p.wait("the page after the call with its answer", callState+` === 'ended' && `+choice+`?.defaultChecked && `+settled)
	p.goTo("/desk")
	if again := len(p.statuses(h.path("dial"))) - dialled; again > 0 {
		t.Errorf("%d calls were begun by hanging up", again)
	}
	if p.yes(callState + ` !== 'ended'`) {
		t.Errorf("the telephone says %s", read[string](p, callState))
	}
	p.must(p.act(h, "release", nil), "/desk")
}
