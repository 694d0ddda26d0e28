package browser

import (
	"os"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestZZLook(t *testing.T) {
	save := func(p *tab, name string) { _ = os.WriteFile("/tmp/sp/"+name+".png", p.picture(), 0o644) }
	p := open(t).as(login(t, "quality"))
	p.prefer(look{"id", "light"})
	p.goTo("/procedure/clauses/5.7.8.b.not-contacted.rna")
	save(p, "z1")
	p.size(1920, 1080)
	p.prefer(look{"en", "dark"})
	p.goTo("/procedure/clauses/5.2.4.longest")
	save(p, "z2")
	q := open(t).as("42165")
	q.prefer(look{"id", "light"})
	h := q.takes()
	q.must(q.act(h, "read", nil), "/desk")
	q.goTo("/desk")
	save(q, "z3")
	q.press(".")
	q.wait("c", shownClause)
	save(q, "z4")
	q.press("Escape")
	q.must(q.act(h, "release", nil), "/desk")
	l := open(t).as(login(t, "leader"))
	l.prefer(look{"id", "dark"})
	l.goTo("/procedure/print?copy=CONTROLLED-MALANG")
	save(l, "z5")
	l.goTo("/lead")
	save(l, "z6")
	_ = chromedp.Evaluate[int]
}
