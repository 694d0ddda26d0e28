package browser

import (
	"fmt"
	"strings"
	"testing"
)

// ownFloor gives a test a practice floor that no other test meets: what is signed on it would be in force for all.
func ownFloor(t *testing.T) {
	t.Helper()
	shared, known := floor, sessions.of
	sessions.of = map[string]string{}
	stop, err := startFloor(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		floor, sessions.of = shared, known
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}

// signs puts a person's signature under the draft, by their password.
func (p *tab) signs(what string) {
	p.t.Helper()
	p.goTo("/procedure")
	p.wait("the password for "+what, `document.getElementById('sign-password')`)
	p.submit("#sign-form", map[string]string{"password": floor.password})
	p.ready()
}

// reasons are the choices of Reason 1 that the desk names.
const reasons = `document.getElementById('turn')?.textContent ?? ''`

// SOP fn.5, doc.revision, doc.effective, doc.sign.made, doc.sign.checked, doc.sign.approved, 5.7.8.b: a controller changes Fresh Lapul's
// list, sees what a careful reader would ask and what the draft would have changed; three people sign; agents read it when they begin their
// shift; the next ticket runs the new revision while the open one ends under the old - without a restart.
func TestAChangedListIsSignedReadAndRun(t *testing.T) {
	ownFloor(t)
	const first, second = "42153", "42161"
	mixed(t, first, "fresh-lapul")
	begun := open(t).as(first)
	old := begun.takes()
	begun.answered(old)
	begun.hangsUp(old)
	begun.answers(old, "receiver", "reporter", "status", "junk")
	if text := read[string](begun, reasons); !strings.Contains(text, "Fullfilment") {
		t.Fatalf("the list on paper does not say Fullfilment: %s", short(text))
	}

	dc := open(t).as(login(t, "controller"))
	dc.goTo("/procedure")
	dc.press("b")
	dc.wait("the draft of revision 03", `document.getElementById('schedule-form') && document.getElementById('signoff').textContent.includes('03')`)
	option := "/procedure/draft/edit?kind=option&campaign=fresh-lapul&id=reason_1%3Dfullfilment&at=5.7.8"
	for form, values := range map[string]map[string]string{"#form-set": {"put.label": "Fulfillment"}, "#form-words": {"put.text": "Fulfillment : jika masih pasang baru"}} {
		dc.goTo(option)
		dc.submit(form, values)
		dc.ready()
	}
	dc.goTo("/procedure/draft?at=5.7.8")
	dc.wait("the changed option", `[...document.querySelectorAll('.chips .tag.daun')].some(e => e.textContent.includes('Fulfillment'))`)
	dc.wait("what a careful reader asks", `document.querySelector('#notes .note-row')`)
	dc.submit("#dry-form", map[string]string{})
	dc.until("the turns of the past decided again", "/procedure/draft?at=5.7.8", `/\d/.test(document.getElementById('dry-sum')?.textContent ?? '')`)

	dc.goTo("/procedure")
	dc.submit("#schedule-form", map[string]string{"effective": "", "summary": "Fullfilment menjadi Fulfillment (5.7.8.b)"})
	dc.ready()
	dc.signs("the controller")
	open(t).as(login(t, "checker")).signs("the checker")
	if read[bool](begun, `fetch('/procedure').then(r => r.text()).then(t => t.includes('id="revision-3"'))`) {
		t.Fatal("revision 03 is there with two signatures")
	}
	qmr := open(t).as(login(t, "approver"))
	qmr.signs("the approver")
	qmr.goTo("/procedure")
	qmr.wait("revision 03 in force", `document.getElementById('revision-3')?.querySelector('.three').textContent.includes(document.querySelector('#revision-2 .three dd').textContent)`)

	mixed(t, second, "fresh-lapul")
	reader := open(t).as(second)
	reader.goTo("/shift")
	reader.wait("the change among what must be read", `[...document.querySelectorAll('#notices-read summary')].some(s => s.textContent.includes('03'))`)
	for range 9 {
		if !reader.yes(`document.querySelector('[id^="read-"]')`) {
			break
		}
		left := read[int](reader, `document.querySelectorAll('[id^="read-"]').length`)
		reader.press("b")
		reader.wait("it to be read", fmt.Sprintf(`document.querySelectorAll('[id^="read-"]').length < %d`, left))
	}
	next := reader.takes()
	reader.answered(next)
	reader.hangsUp(next)
	reader.answers(next, "receiver", "reporter", "status", "junk")
	if text := read[string](reader, reasons); !strings.Contains(text, "Fulfillment") || strings.Contains(text, "Fullfilment") {
		t.Errorf("the next ticket does not run the new list: %s", short(text))
	}
	reader.wait("the new revision at the clause", `document.getElementById('desk').textContent.includes('Rev 03')`)

	begun.goTo("/desk")
	if text := read[string](begun, reasons); !strings.Contains(text, "Fullfilment") || strings.Contains(text, "Fulfillment") {
		t.Errorf("the open ticket does not go on with the list it began with: %s", short(text))
	}
	begun.must(begun.act(old, "answers", map[string]string{"a.reason_1": "fullfilment", "a.remarks": "Masih pasang baru."}), "/desk")
	begun.must(begun.act(old, "finish", nil), "/desk")
	begun.goTo("/desk")
	if h := begun.hand(); h.Ticket == old.Ticket {
		t.Errorf("the open ticket could not end under its revision: %s", begun.text())
	}
	after := begun.takes()
	begun.wait("the next one under the new revision", `document.getElementById('desk').textContent.includes('Rev 03')`)
	begun.must(begun.act(after, "release", nil), "/desk")
}
