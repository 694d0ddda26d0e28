package browser

import (
	"fmt"
	"os"
	"testing"
)

// SOP 5.2.11.d, 5.5.8: what else is open for the customer is listed beside the call; one key takes it along, its questions stand
// in the same form, Ctrl+Enter saves both. In every look nothing overflows and axe finds nothing.
func TestOneCallByKeys(t *testing.T) {
	mixed(t, alongAgent, "c4-carring")
	p := open(t).as(alongAgent)
	h := p.takes()
	t.Cleanup(func() { mixed(t, alongAgent) })
	service := read[string](p, `document.querySelector('.c360 .svc:not(.cp) .mono')?.textContent ?? ''`)
	tier1 := open(t).as(login(t, "tier1"))
	tier1.goTo("/intake")
	tier1.must(tier1.post("/intake", map[string]string{"criterion": "a", "service_no": service, "name": "Pelanggan Rekaan", "phone": "089990004711",
		"note": "Internet lambat sejak tadi malam.", "reason.a": "Pelanggan menutup telepon.", "requested": "now"}), "/intake")
	p.answered(h)
	p.answers(h, "receiver", "reporter")
	p.goTo("/desk")
	if !p.yes(`document.querySelector('#beside [data-key=a]')`) {
		t.Fatalf("nothing to take along for %s: %s", service, p.text())
	}
	looked := func(state string) {
		t.Helper()
		for _, l := range looks {
			p.prefer(l)
			p.goTo("/desk")
			for _, v := range p.audit() {
				t.Errorf("%s, %s: axe: %s", state, l, v)
			}
			for i := len(sizes) - 1; i >= 0; i-- {
				p.size(sizes[i][0], sizes[i][1])
				for _, what := range read[[]string](p, misfits) {
					t.Errorf("%s, %s %dx%d: %s", state, l, sizes[i][0], sizes[i][1], what)
				}
			}
			if dir := os.Getenv("SAPA_PICTURES"); dir != "" { // to look at
				_ = os.WriteFile(fmt.Sprintf("%s/along-%s-%s.png", dir, state, l), p.picture(), 0o600)
			}
		}
		p.prefer(looks[0])
		p.goTo("/desk")
	}
	looked("open")
	p.press("a")
	p.wait("the other ticket in the form", `document.querySelector('.step.along') && `+settled)
	other := read[string](p, `document.querySelector('.step.along').id.slice(5)`)
	p.hangsUp(h)
	p.answers(h, "status", "contacted", "reason_1", "close", "remarks", "Sudah normal.", other+".data_check", "nama", other+".guided", "berhasil")
	looked("along")
	p.answers(h, other+".status", "contacted", other+".reason_call", "internet-lambat", other+".solution", "selesai-dipandu", other+".remarks", "Normal setelah dipandu.")
	p.press("Ctrl+Enter")
	p.wait("one save for both", `document.querySelector('#undo')?.textContent.match(/1 (tiket lain|more)/) && `+settled)
	if next := p.hand(); next.Ticket != "" {
		p.givesBack(next)
	}
}
