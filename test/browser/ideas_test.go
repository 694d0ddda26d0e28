package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// SOP 5.8.1.source, 5.8.1.distribute, 5.8.5, 5.8.6: an Ideas morning on the practice floor. The leader brings a list, gives it to one agent, who
// calls its customers and fills the form; it is sent, and the leader receives it.
func TestAnIdeasMorning(t *testing.T) {
	mixed(t, guideAgent, "ideas")
	defer mixed(t, guideAgent)
	p := open(t).as(guideAgent)
	p.goTo("/desk")
	name := read[string](p, `document.querySelector('details.me .b, details.me strong')?.textContent.trim() ?? ''`)
	if name == "" {
		t.Fatalf("the page says no name: %s", p.text())
	}

	l := open(t).as("41002")
	l.goTo("/lead/ideas")
	l.do("choose and send the list", chromedp.Evaluate[chromedp.Void](`(() => {
		const held = new DataTransfer()
		held.items.add(new File(['ref,phone,note\nPAGI-1,089990001991,Internet lambat\nPAGI-2,089990001992,Tagihan\nPAGI-3,0,Nomor kosong\n'], 'pagi.csv'))
		document.querySelector('#file').files = held.files
		document.querySelector('#name').value = 'Ideas pagi ini'
		document.querySelector('#upload').click()
	})()`))
	l.wait("the list and its one refused row", `document.querySelectorAll('#brought li').length === 1 && `+settled)
	list := read[string](l, `[...document.querySelectorAll('#ideas-lists li')].find(e => e.textContent.includes('Ideas pagi ini')).querySelector('a').getAttribute('href')`)
	l.goTo(list)
	l.do("give both to one agent", chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => {
		for (const row of document.querySelectorAll('#deal-form [data-agent]')) row.querySelector('input[name^="n-"]').value = row.textContent.includes(%q) ? 2 : 0
		document.querySelector('#deal-form').requestSubmit()
	})()`, name)))
	l.wait("the share", fmt.Sprintf(`[...document.querySelectorAll('#ideas-lists li')].some(e => e.textContent.includes('Ideas pagi ini') && e.textContent.includes(%q)) && %s`, name, settled))

	const sheet = `[...document.querySelectorAll('[id^=sheet-]')].find(e => e.textContent.includes('Ideas pagi ini'))`
	p.goTo("/forms")
	p.wait("the list in the agent's forms", sheet+`?.textContent.includes('PAGI-2')`)
	for range 2 {
		h := p.takes()
		ref := read[string](p, `document.querySelector('#ref').textContent`)
		p.answered(h)
		p.hangsUp(h)
		p.must(p.act(h, "finish", map[string]string{"a.receiver": "reporter", "a.data_check": "nama", "a.guided": "berhasil", "a.status": "contacted", "a.reason": "fcr",
			"a.remarks": "Normal setelah dipandu"}), "/desk")
		p.goTo("/forms")
		p.wait("the row of "+ref, fmt.Sprintf(`%s.querySelector('tbody').textContent.includes(%q)`, sheet, ref))
	}
	p.do("send the form", chromedp.Evaluate[chromedp.Void](sheet+`.querySelector('[id^=send-]').click()`))
	p.wait("the sent form", sheet+` && !`+sheet+`.querySelector('[id^=send-]') && `+settled)

	l.goTo("/lead/ideas")
	row := fmt.Sprintf(`[...document.querySelectorAll('#ideas-forms li')].find(e => e.textContent.includes(%q) && e.textContent.includes('Ideas pagi ini'))`, name)
	l.do("receive it", chromedp.Evaluate[chromedp.Void](row+`.querySelector('[id^=receive-]').click()`))
	l.wait("the received form", row+`?.querySelector('.tag.daun') && `+settled)
	p.goTo("/forms")
	p.wait("what became of it", sheet+`?.textContent.includes('diterima')`)
}
