package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long a condition may take to come true before the test says that it does not.
const patience = 40 * time.Second

// tab is one page of one person, with what its console said.
type tab struct {
	t     *testing.T
	ctx   context.Context
	house string // where it finds the house: floor.url, or the end of a cable
	keys  int    // pressed so far
	spent effort // the same as the effort model counts it
	mu    sync.Mutex
	noise []string
	heard map[string][]int64 // statuses of what was answered, by path
	other map[string]bool    // houses besides ours that were asked
	fine  []string           // parts of noise that the test brings about itself
	trail []string           // the last keys and requests, for messages
}

// open opens an empty tab in a browser context of its own: no cookie of another test is in it.
func open(t *testing.T) *tab {
	t.Helper()
	return (&tab{t: t, ctx: chrome}).tab(chromedp.WithNewBrowserContext())
}

// beside opens another tab of the same person.
func (p *tab) beside() *tab {
	p.t.Helper()
	return p.tab()
}

func (p *tab) tab(options ...chromedp.ContextOption) *tab {
	p.t.Helper()
	one := &tab{t: p.t, house: floor.url, heard: map[string][]int64{}, other: map[string]bool{}}
	ctx, cancel := chromedp.NewContext(p.ctx, append(options, chromedp.WithListener(one.listen))...)
	one.ctx = ctx
	p.t.Cleanup(func() {
		cancel()
		one.mu.Lock()
		defer one.mu.Unlock()
		for _, n := range one.noise {
			if !slices.ContainsFunc(one.fine, func(f string) bool { return strings.Contains(n, f) }) {
				p.t.Errorf("the console said: %s", n)
			}
		}
	})
	one.do("open a tab", chromedp.EmulateViewport(1366, 768))
	return one
}

// listen keeps errors of scripts, of the console and of the browser (a resource that is missing, a policy that refused).
func (p *tab) listen(ev any) {
	text := ""
	switch ev := ev.(type) {
	case *runtime.EventExceptionThrown:
		text = ev.ExceptionDetails.Text
		if e := ev.ExceptionDetails.Exception; e != nil {
			text += " " + e.Description
		}
	case *runtime.EventConsoleAPICalled:
		if ev.Type == runtime.ConsoleAPICalledTypeError {
			for _, a := range ev.Args {
				text += a.Description + string(a.Value) + " "
			}
		}
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(ev.Request.URL); err == nil && !strings.HasPrefix(u.Path, "/static/") {
			p.leaves(ev.Request.Method + " " + u.Path)
		}
	case *network.EventResponseReceived:
		if u, err := url.Parse(ev.Response.URL); err == nil {
			p.mu.Lock()
			p.heard[u.Path] = append(p.heard[u.Path], ev.Response.Status)
			if u.Host != "" && u.Scheme+"://"+u.Host != p.house {
				p.other[u.Host] = true
			}
			p.mu.Unlock()
		}
	case *log.EventEntryAdded:
		if ev.Entry.Level == log.EntryLevelError {
			text = ev.Entry.Text + " " + ev.Entry.URL
		}
	}
	if text != "" {
		p.mu.Lock()
		p.noise = append(p.noise, text)
		p.mu.Unlock()
	}
}

// leaves notes what was pressed or asked, the last forty of it.
func (p *tab) leaves(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.trail = append(p.trail, what)
	p.trail = p.trail[max(0, len(p.trail)-40):]
}

func (p *tab) lately() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.trail, " · ")
}

// statuses are those that a path answered with so far.
func (p *tab) statuses(path string) []int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.heard[path])
}

// allow names noise that the test means to make.
func (p *tab) allow(parts ...string) { p.fine = append(p.fine, parts...) }

func (p *tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

func (p *tab) size(width, height int64) {
	p.t.Helper()
	p.do("resize", chromedp.EmulateViewport(width, height))
}

// goTo opens a page and waits until its script runs.
func (p *tab) goTo(path string) {
	p.t.Helper()
	p.do("open "+path, chromedp.Navigate(p.house+path))
	p.ready()
}

// ready waits for a page that is loaded, with its script and its letters.
func (p *tab) ready() {
	p.t.Helper()
	p.wait("a loaded page", `document.readyState === 'complete' && document.fonts.status === 'loaded' && !('busy' in document.documentElement.dataset)`)
}

// clock is the floor's, as the page was told: opens is its first moment.
func (p *tab) clock() time.Time {
	p.t.Helper()
	return time.UnixMilli(read[int64](p, `Number(document.documentElement.dataset.now)`))
}

// cookie sets one of this browser context.
func (p *tab) cookie(name, value string) {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: floor.url}); err != nil {
		p.t.Fatalf("cookie %s: %v", name, err)
	}
}

// look is how a page looks: its language and theme.
type look struct{ lang, theme string }

// looks are the four that every page must stand.
var looks = []look{{"id", "light"}, {"id", "dark"}, {"en", "light"}, {"en", "dark"}}

func (l look) String() string { return l.lang + "-" + l.theme }

func (p *tab) prefer(l look) {
	p.t.Helper()
	p.cookie("sapa-lang", l.lang)
	p.cookie("sapa-theme", l.theme)
}

// read evaluates an expression in the page.
func read[T any](p *tab, expression string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("read %s: %v", short(expression), err)
	}
	return v
}

// yes tells whether an expression is truthy on the page as it is now.
func (p *tab) yes(expression string) bool {
	p.t.Helper()
	return read[bool](p, "Boolean("+expression+")")
}

// wait waits for an expression to become truthy, also over page loads.
func (p *tab) wait(what, expression string) {
	p.t.Helper()
	if err := p.await(expression); err != nil {
		p.t.Fatalf("waited in vain for %s: %v\nkeys so far: %d, lately %s\npage: %s", what, err, p.keys, p.lately(), p.text())
	}
}

func (p *tab) await(expression string) error {
	ctx, done := context.WithTimeout(p.ctx, patience)
	defer done()
	watch := fmt.Sprintf(`new Promise(done => {
		const look = () => { let v = false; try { v = (%s) } catch {} ; if (v) done(true); else setTimeout(look, 8) }
		look()
	})`, expression)
	for {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](watch, chromedp.EvalAwaitPromise))
		if err == nil || ctx.Err() != nil {
			return err
		}
		if text := err.Error(); !strings.Contains(text, "context") && !strings.Contains(text, "navigated") && !strings.Contains(text, "collected") {
			return err // not a page that left while we looked
		}
	}
}

// text is what a person reads on the page, short, for messages.
func (p *tab) text() string {
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](`location.pathname + ' | ' + document.body.innerText.replace(/\s+/g, ' ').slice(0, 1500)`))
	if err != nil {
		return err.Error()
	}
	return v
}

// write types a text, key by key.
func (p *tab) write(text string) {
	p.t.Helper()
	keys := p.spent.keys
	for _, r := range text {
		p.press(string(r))
	}
	p.spent.keys = keys
	p.spent.chars += len([]rune(text))
}

// post sends a form as the page's own script would, and gives the status and where it led.
func (p *tab) post(path string, form map[string]string) posted {
	p.t.Helper()
	pairs := [][2]string{}
	for name, values := range form {
		for value := range strings.SplitSeq(values, "|") { // several boxes of one name
			pairs = append(pairs, [2]string{name, value})
		}
	}
	b, err := json.Marshal(pairs)
	if err != nil {
		p.t.Fatal(err)
	}
	return read[posted](p, fmt.Sprintf(`fetch(%q, {method: 'POST', body: new URLSearchParams(%s), credentials: 'same-origin'})
		.then(async r => ({status: r.status, url: new URL(r.url).pathname + new URL(r.url).search, text: await r.text()}))`, path, b))
}

// submit fills a form of the page and sends it, also where the browser would hold it back.
func (p *tab) submit(form string, values map[string]string) {
	p.t.Helper()
	b, err := json.Marshal(values)
	if err != nil {
		p.t.Fatal(err)
	}
	p.do("send "+form, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`{
		const form = document.querySelector(%q)
		for (const [name, value] of Object.entries(%s)) form.elements.namedItem(name).value = value
		form.noValidate = true
		form.requestSubmit()
	}`, form, b)))
}

// until asks for a page again and again until it shows something.
func (p *tab) until(what, path, expression string) {
	p.t.Helper()
	watch := fmt.Sprintf(`new Promise(done => {
		const look = async () => {
			const document = new DOMParser().parseFromString(await (await fetch(%q, {headers: {'Sapa-Quiet': '1'}})).text(), 'text/html')
			if (%s) done(true); else setTimeout(look, 100)
		}
		look()
	})`, path, expression)
	ctx, done := context.WithTimeout(p.ctx, patience)
	defer done()
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](watch, chromedp.EvalAwaitPromise)); err != nil {
		p.t.Fatalf("waited in vain for %s on %s: %v", what, path, err)
	}
}

type posted struct {
	Status int    `json:"status"`
	URL    string `json:"url"`
	Text   string `json:"text"`
}

// picture is the page as pixels, PNG.
func (p *tab) picture() []byte {
	p.t.Helper()
	b, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatalf("picture: %v", err)
	}
	return b
}

func short(s string) string {
	if s = strings.Join(strings.Fields(s), " "); len(s) > 120 {
		s = s[:120] + "…"
	}
	return s
}

// sessions keeps one session per login: hashing a password is slow on purpose.
var sessions = struct {
	sync.Mutex
	of map[string]string
}{of: map[string]string{}}

// as signs somebody in, through the page the first time.
func (p *tab) as(login string) *tab {
	p.t.Helper()
	sessions.Lock()
	defer sessions.Unlock()
	if token := sessions.of[login]; token != "" {
		p.cookie("sapa", token)
		return p
	}
	p.goTo("/sign-in")
	if got := p.post("/sign-in", map[string]string{"login": login, "password": floor.password}); got.Status != 200 || strings.HasPrefix(got.URL, "/sign-in") {
		p.t.Fatalf("%s cannot sign in: %d %s %s", login, got.Status, got.URL, short(got.Text))
	}
	cookies, err := chromedp.Call(p.ctx, network.GetCookies, network.GetCookiesParams{URLs: []string{floor.url}})
	if err != nil {
		p.t.Fatal(err)
	}
	for _, c := range cookies.Cookies {
		if c.Name == "sapa" {
			sessions.of[login] = c.Value
		}
	}
	return p
}
