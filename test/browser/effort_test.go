package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// effort is what hands do in a path, as ux.md 4 counts it: a chord is two keys, a character of a field is no key, and a
// switch is another house's page or another window.
type effort struct{ keys, fields, chars, switches int }

func (e effort) less(o effort) effort {
	return effort{e.keys - o.keys, e.fields - o.fields, e.chars - o.chars, e.switches - o.switches}
}

// within tells whether no count is above another's.
func (e effort) within(o effort) bool {
	return e.keys <= o.keys && e.fields <= o.fields && e.chars <= o.chars && e.switches <= o.switches
}

func (e effort) String() string {
	return fmt.Sprintf("%d | %d (%d) | %d", e.keys, e.fields, e.chars, e.switches)
}

// typical is one of the study's typical paths: what is answered where the page asks, and the ending's name on the desk.
type typical struct {
	name, campaign string
	answers        map[string]string
	ends           string
	files          bool // a trouble ticket with a technician's slot, filed in the middle of it
	lists          bool // worked from a leader's list: only who was dealt it has any
	missed         bool // nobody answers
}

var typicals = []typical{
	{name: "Callback", campaign: "callback", files: true, ends: "Contacted",
		answers: map[string]string{"receiver": "reporter", "guided": "tidak-berhasil", "status": "contacted"}},
	{name: "Nossa", campaign: "nossa", ends: "Nossa · Solve", answers: map[string]string{"receiver": "reporter", "result": "solve"}},
	{name: "IVR Gamas", campaign: "ivr-gamas", ends: "Dijelaskan gamas dan estimasi pulih",
		answers: map[string]string{"receiver": "reporter", "status": "contacted", "reason_call": "terdampak-gamas", "solution": "info-gamas"}},
	{name: "C4 Carring", campaign: "c4-carring", ends: "Contacted › Close", answers: map[string]string{"receiver": "reporter", "status": "contacted", "reason_1": "close"}},
	{name: "Force Close", campaign: "force-close", ends: "Sudah normal", answers: map[string]string{"receiver": "reporter", "report": "normal"}},
	{name: "Fresh Lapul", campaign: "fresh-lapul", ends: "Paham yang kita sampaikan",
		answers: map[string]string{"receiver": "reporter", "status": "contacted", "reason_1": "sukses", "reason_2": "paham"}},
	{name: "Ideas", campaign: "ideas", lists: true, ends: "FCR",
		answers: map[string]string{"receiver": "reporter", "guided": "berhasil", "status": "contacted", "reason": "fcr"}},
	{name: "Fresh Lapul: RNA", campaign: "fresh-lapul", missed: true, ends: "Not Contacted"},
	{name: "Nossa: eskalasi", campaign: "nossa", ends: "Nossa · Eskalasi",
		answers: map[string]string{"receiver": "reporter", "result": "eskalasi"}},
	{name: "Force Close: reopen", campaign: "force-close", ends: "Belum normal",
		answers: map[string]string{"receiver": "reporter", "report": "belum-normal"}},
}

// SOP 5.2.9.tidak-berhasil, 5.2.10.branch, 5.2.10.h, 5.2.10.i.bok, 5.2.10.j, 5.2.10.k, 5.2.10.o, 5.2.10.p, 5.2.10.s.schedule,
// 5.2.10.s.ok, 5.2.10.t, 5.2.11.a.tiket, 5.7.6, 5.7.7, 5.7.8.a.contacted, 5.7.8.b.contacted.sukses, 5.7.8.c.sukses.paham,
// 5.7.10: the typical paths of all seven campaigns are walked by keys alone, and none needs more of hands than the study's
// figure nor than docs/effort.md says it needed before.
func TestEffortOfTheTypicalPaths(t *testing.T) {
	table := readEffort(t)
	counted := map[string]effort{}
	for _, one := range typicals {
		t.Run(one.name, func(t *testing.T) {
			who := []string{troubleAgent}
			switch {
			case one.lists:
				who = listAgents
			case one.campaign == "fresh-lapul":
				who = []string{keyboardAgent} // whom the first issue names
			}
			for _, agent := range who {
				if one.walkedBy(t, agent, counted) {
					return
				}
			}
			t.Fatalf("nobody came to the end of %s", one.name)
		})
	}
	if t.Failed() {
		return
	}
	for _, row := range table {
		got, walked := counted[row.name]
		switch {
		case !walked:
			t.Errorf("%s was not walked", row.name)
		case !got.within(row.study):
			t.Errorf("%s needs %v, the study %v", row.name, got, row.study)
		case *update:
		case !got.within(row.before):
			t.Errorf("%s has grown: %v, before %v; a path that needs more has to say why and run this test with -update", row.name, got, row.before)
		case got != row.before:
			t.Logf("%s has shrunk: %v, before %v; run this test with -update", row.name, got, row.before)
		}
	}
	text := writeEffort(table, counted)
	t.Logf("keys | fields (characters) | switches\n%s", text)
	if *update {
		page := read1(t)
		head, _, _ := strings.Cut(page, effortHead)
		if err := os.WriteFile(effortPage, []byte(head+effortHead+text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// walkedBy has an agent work the campaign until one turn went as wanted, and counts it; every turn begins with the ticket
// that the save before it has brought. false when the queue ran out.
func (one typical) walkedBy(t *testing.T, agent string, counted map[string]effort) bool {
	mixed(t, agent, one.campaign)
	defer mixed(t, agent)
	p := signsInByKeys(t, agent)
	if !p.yes(`document.querySelector('#take')`) {
		return false
	}
	p.press("n")
	for range 40 {
		if err := p.await(`(document.querySelector('#read') || !document.querySelector('#desk').dataset.ticket) && ` + settled); err != nil {
			t.Fatalf("no ticket, and none that there is none: %s", p.text())
		}
		if p.hand().Ticket == "" {
			return false
		}
		before := p.spent
		p.press("Enter")
		p.wait("the telephone", `document.querySelector('#dial:enabled') && `+settled)
		p.press("c")
		p.wait("the line to say something", `['connected', 'ended'].includes(`+callState+`) && `+settled)
		filed, which := "", false
		if one.files && p.asksUntil("guided", one.answers) && p.outOfSpecWithSlots() {
			filed, which = p.files()
		}
		chosen := p.asked(one.answers)
		if filed != "" {
			if got := read[string](p, `document.querySelector('#i-ticket_no')?.value ?? ''`); got != filed {
				t.Errorf("the result names %q, filed was %q", got, filed)
			}
		}
		answered := p.yes(callState + ` === 'connected' || document.querySelector('.atts li:last-child .dot.daun')`)
		wanted := answered != one.missed && one.hits(chosen) && one.files == (filed != "")
		if wanted && answered {
			p.touchesUp(one.words())
		}
		if p.yes(callState + ` === 'connected'`) {
			p.press("x")
			p.press("x")
			p.wait("the call to end", callState+` === 'ended' && `+settled)
		}
		ref := read[string](p, `document.querySelector('#ref').textContent`)
		p.press("Ctrl+Enter")
		p.wait("the result to be saved", fmt.Sprintf(`(document.querySelector('#read') ? document.querySelector('#ref').textContent !== %q : document.querySelector('#desk') && !document.querySelector('#desk').dataset.ticket) && %s`, ref, settled))
		spent := p.spent.less(before)
		spent.switches = p.strangers() + p.windows()
		t.Logf("%s %s, answered %v: %v; chose %s", one.name, ref, answered, spent, strings.Join(chosen, ", "))
		if !wanted {
			continue
		}
		if last := read[string](p, `document.querySelector('#queue').textContent`); !strings.Contains(last, one.ends) {
			if one.missed && strings.Contains(last, "Junk") { // the number is none: another row of the list (SOP 5.7.8.a.junk), for another ticket
				continue
			}
			t.Errorf("the last saved result should say %q: %s", one.ends, short(last))
		}
		if which { // one key says which service it is; the page's row is that of a customer who has one
			spent.keys--
			t.Log("one key more: which of several services")
		}
		counted[one.name] = spent
		if p.hand().Ticket != "" {
			p.press("l") // nobody else's ticket stays in this hand
			p.wait("an empty desk", `!document.querySelector('#desk').dataset.ticket && `+settled)
		}
		return true
	}
	return false
}

// hits tells whether what was chosen is the way that was wanted; what the line has answered by itself was not asked.
func (one typical) hits(chosen []string) bool {
	for _, c := range chosen {
		group, option, _ := strings.Cut(c, "=")
		if want := one.answers[group]; want != "" && option != want {
			return false
		}
	}
	return true
}

// words is the field of the agent's own words: SOP 5.3.7.a.note and 5.3.7.b.note call it a note.
func (one typical) words() string {
	if one.campaign == "nossa" {
		return "note"
	}
	return "remarks"
}

// asksUntil answers as asked does, up to and with one question; false when it is never asked.
func (p *tab) asksUntil(last string, wanted map[string]string) bool {
	p.t.Helper()
	for range 8 {
		q := read[question](p, questionNow)
		if q.Kind == "none" || q.ID == "status" {
			return false
		}
		p.answer(q, wanted)
		if q.ID == last {
			return true
		}
	}
	return false
}

// touchesUp adds twenty characters to a drafted text: the edit that the effort model charges.
func (p *tab) touchesUp(field string) {
	p.t.Helper()
	p.press("w")
	p.wait("the draft to have the focus", fmt.Sprintf(`document.activeElement?.name === 'a.%s'`, field))
	before := read[string](p, `document.activeElement.value`)
	p.write(" Suara jelas sekali.")
	p.spent.fields++
	if got := read[string](p, `document.activeElement.value`); got != before+" Suara jelas sekali." {
		p.t.Errorf("the draft was %q and is %q", before, got)
	}
	p.press("Escape")
	p.wait("the field to be left", fmt.Sprintf(`document.activeElement?.name !== 'a.%s' && %s`, field, settled))
}

// strangers counts the houses besides ours that the page has asked anything of.
func (p *tab) strangers() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.other)
}

// windows counts those that the page has opened.
func (p *tab) windows() int { return read[int](p, `window.opener || window.length ? 1 : 0`) }

// effortPage keeps the table; what stands above its head is prose.
var effortPage = filepath.Join(root, "docs", "effort.md")

const effortHead = "| Path | Today: clicks and keys | fields (characters) | switches | Study: keys | fields (characters) | switches | sapa: keys | fields (characters) | switches |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"

type effortRow struct {
	name, today   string
	study, before effort
}

func read1(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(effortPage)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func readEffort(t *testing.T) (rows []effortRow) {
	t.Helper()
	_, table, found := strings.Cut(read1(t), effortHead)
	if !found {
		t.Fatalf("%s has no table", effortPage)
	}
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "| "), " | ")
		if len(cells) != 10 {
			t.Fatalf("%s: %d cells in %q", effortPage, len(cells), line)
		}
		one := effortRow{name: cells[0], today: strings.Join(cells[1:4], " | ")}
		for i, e := range []*effort{&one.study, &one.before} {
			c := cells[4+3*i:]
			fields, chars, _ := strings.Cut(strings.TrimSuffix(c[1], ")"), " (")
			*e = effort{number(t, c[0]), number(t, fields), number(t, chars), number(t, c[2])}
		}
		rows = append(rows, one)
	}
	return rows
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", effortPage, err)
	}
	return n
}

func writeEffort(rows []effortRow, counted map[string]effort) string {
	var b strings.Builder
	for _, row := range rows {
		fmt.Fprintf(&b, "| %s | %s | %v | %v |\n", row.name, row.today, row.study, counted[row.name])
	}
	return b.String()
}
