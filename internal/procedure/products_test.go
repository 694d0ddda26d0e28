package procedure

import (
	"slices"
	"strings"
	"testing"

	"sapa/internal/fault"
)

// trees are the cascades written by hand from the document and from decisions.md (Words of the line), apart from the files:
// field=value | what must be so before it | who answered, or else what the line did. Several rows of one value are
// alternatives. "answered" is a call that was picked up and nobody has said by whom yet; "talk" is answered, reporter and
// decider; "silent" all lines where nobody speaks; "any" everything but a failed call and one to somebody else.
var trees = map[string]string{
	"callback": `
guided=berhasil tidak-berhasil | | reporter decider
status=contacted | | talk dropped
status=not-contacted | | rejected busy machine silence
status=closed-by-tier1 | | any
status=not-valid | | bad-number unregistered
status=rna | | no-answer
reason_call=internet-mati internet-lambat iptv telepon paket tagihan registrasi | status=contacted | talk
reason_call=terputus | status=contacted | answered dropped
reason_call=ditolak | status=not-contacted | rejected busy
reason_call=kotak-suara | status=not-contacted | machine
reason_call=hening | status=not-contacted | silence
reason_call=laporan-open laporan-gamas | status=closed-by-tier1 | any
reason_call=tulalit | status=not-valid | bad-number
reason_call=tidak-terdaftar | status=not-valid | unregistered
reason_call=tidak-diangkat | status=rna | no-answer
solution=selesai-dipandu informasi-diberikan | status=contacted guided=berhasil | talk
solution=tiket-gangguan diteruskan | status=contacted guided=tidak-berhasil | talk
solution=dihubungi-lagi | status=not-contacted | any
solution=dihubungi-lagi | status=rna | any
solution=dihubungi-lagi | status=contacted | dropped
solution=pantau-tiket | status=closed-by-tier1 | any
solution=cari-cp-lain | status=not-valid | any
call_again_at=TIME | | other`,
	"nossa": `
result=solve eskalasi | | talk
result=not-reached | | answered dropped silent
classification=internet-mati internet-lambat internet-putus internet-los iptv-gambar iptv-remote voice-mati voice-kresek admin | result=eskalasi | talk
group=teknisi | classification=internet-mati internet-lambat internet-putus internet-los iptv-gambar iptv-remote voice-mati voice-kresek | talk
group=logic | classification=internet-mati internet-lambat internet-putus iptv-gambar voice-mati | talk
group=admin | classification=admin | talk
call_again_at=TIME | | other`,
	"ivr-gamas": `
guided=berhasil tidak-berhasil | | reporter decider
status=contacted | | talk dropped
status=not-contacted | | no-answer rejected busy machine silence
status=junk | | any
reason_call=terdampak-gamas sudah-normal gangguan-lain tanya-estimasi | status=contacted | reporter decider
reason_call=terputus | status=contacted | answered dropped
reason_call=tidak-diangkat | status=not-contacted | no-answer
reason_call=ditolak | status=not-contacted | rejected busy
reason_call=kotak-suara | status=not-contacted | machine
reason_call=hening | status=not-contacted | silence
reason_call=tulalit | status=junk | bad-number
reason_call=tidak-terdaftar | status=junk | unregistered
reason_call=tiket-tidak-sesuai | status=junk | any
solution=info-gamas | status=contacted | reporter decider
solution=selesai-dipandu normal-kembali | status=contacted guided=berhasil | talk
solution=tiket-gangguan | status=contacted guided=tidak-berhasil | talk
solution=dihubungi-lagi | status=not-contacted | any
solution=dihubungi-lagi | status=contacted | dropped
solution=data-diperbaiki | status=junk | any
call_again_at=TIME | | other`,
	"c4-carring": `
status=contacted | | talk dropped
status=not-contacted | | no-answer rejected busy machine silence
status=junk | | any
status=follow-up | same_today=yes | none
reason_1=open | status=contacted ticket_state=open | reporter decider
reason_1=close reschedule | status=contacted | reporter decider
call_again_at=TIME | | other
call_again_at=TIME | reason_1=reschedule | reporter decider`,
	"force-close": `
report=normal belum-normal | | talk
report=not-reached | | answered dropped silent
call_again_at=TIME | | other`,
	"fresh-lapul": `
status=contacted | | talk dropped
status=not-contacted | | no-answer rejected busy machine silence
status=junk | | any
reason_1=sukses reschedule | status=contacted | talk
reason_1=menolak | status=contacted | talk dropped
reason_1=rna | status=not-contacted | no-answer
reason_1=reject | status=not-contacted | rejected busy
reason_1=mailbox | status=not-contacted | machine
reason_1=hening | status=not-contacted | silence
reason_1=tiket-sudah-close fullfilment | status=junk | any
reason_1=belum-terdaftar | status=junk | unregistered
reason_1=tulalit | status=junk | bad-number
reason_2=paham slg percepatan | reason_1=sukses | talk
reason_2=terlalu-lama hc-buzzer sibuk masih-dijalan meeting tidak-merasa-lapor reschedule | reason_1=menolak | talk
reason_2=diterima-lalu-diputus | reason_1=menolak | talk dropped
call_again_at=TIME | | other
call_again_at=TIME | reason_1=reschedule | talk
call_again_at=TIME | reason_2=reschedule sibuk masih-dijalan meeting | talk
call_again_at=TIME | reason_2=diterima-lalu-diputus | talk dropped`,
	"ideas": `
guided=berhasil tidak-berhasil | | reporter decider
status=contacted | | talk
status=not-contacted | | answered dropped silent
reason=fcr | status=contacted guided=berhasil | talk
reason=eskalasi | status=contacted guided=tidak-berhasil | talk
reason=rna | status=not-contacted | answered dropped silent
call_again_at=TIME | | other`,
}

const silentWords = "no-answer rejected busy machine silence bad-number unregistered"

var whoWords = strings.NewReplacer("talk", "answered reporter decider", "any", "answered reporter decider dropped none "+silentWords, "silent", silentWords)

// row is one way in which a value may be given.
type row struct {
	before map[string][]string
	who    []string
}

// tree is a hand-written cascade: the rows of each value of each field, fields in order.
type tree struct {
	fields []string
	values map[string][]string
	rows   map[string][]row // by field=value
}

func grown(text string) tree {
	tr := tree{values: map[string][]string{}, rows: map[string][]row{}}
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		part := strings.Split(line, "|")
		field, values, _ := strings.Cut(strings.TrimSpace(part[0]), "=")
		if !slices.Contains(tr.fields, field) {
			tr.fields = append(tr.fields, field)
		}
		r := row{before: map[string][]string{}, who: strings.Fields(whoWords.Replace(part[2]))}
		parent := ""
		for _, word := range strings.Fields(part[1]) {
			if name, value, named := strings.Cut(word, "="); named {
				parent, word = name, value
			}
			r.before[parent] = append(r.before[parent], word)
		}
		for _, value := range strings.Fields(strings.ReplaceAll(values, "TIME", samples["time"])) {
			if !slices.Contains(tr.values[field], value) {
				tr.values[field] = append(tr.values[field], value)
			}
			tr.rows[field+"="+value] = append(tr.rows[field+"="+value], r)
		}
	}
	return tr
}

// products lists the sets of fields that are tried in every combination: all together, or where that would be many
// thousands for each call, every three of them.
func (tr tree) products() (all [][]string) {
	size := 1
	for _, f := range tr.fields {
		size *= len(tr.values[f]) + 1
	}
	if size <= 2000 {
		return [][]string{tr.fields}
	}
	for i, x := range tr.fields {
		for j, y := range tr.fields[:i] {
			for _, z := range tr.fields[:j] {
				all = append(all, []string{z, y, x})
			}
		}
	}
	return all
}

// may tells whether the tree lets a value stand among the others.
func (tr tree) may(field, value, who string, f Facts, a Answers) bool {
	return slices.ContainsFunc(tr.rows[field+"="+value], func(r row) bool {
		for id, values := range r.before {
			if !slices.Contains(values, a[id]+f[id]) {
				return false
			}
		}
		return slices.Contains(r.who, who)
	})
}

// calls are the ways a turn's call may stand: what the line did, and who answered.
func calls() (all []struct{ line, receiver string }) {
	for _, line := range FactValues["last_line"] {
		for _, receiver := range []string{"", "reporter", "decider", "other", "wrong-number", "dropped", "nobody"} {
			all = append(all, struct{ line, receiver string }{line, receiver})
		}
	}
	return all
}

// rightReceiver tells whether somebody, or nobody, can have been the one who answered.
func rightReceiver(line, receiver string) bool {
	switch receiver {
	case "":
		return true
	case "nobody":
		return strings.Contains(silentWords, line)
	}
	return line == "answered"
}

// Every triple of every cascade - under all facts, lines and receivers, each level and a time or none - goes through the
// engine, in the shorter cascades every combination of all levels. What
// the document's tree has not, is refused when it is put into a draft, and every way to be wrong also when a draft kept
// offline finishes a turn in one piece: the first wrong field is named, with a clause. What the tree has, is taken.
// SOP 5.2.11.b1, 5.2.11.b2, 5.3.7, 5.4.8.b, 5.4.8.c, 5.4.8.d, 5.5.8.a, 5.5.8.b, 5.6.2, 5.7.8.a, 5.7.8.b, 5.7.8.c, 5.7.8.d, 5.8.5.status, 5.8.5.reason: and no other.
func TestEveryTripleOutsideTheTreeIsRefused(t *testing.T) {
	b := real(t)
	total, outside := 0, 0
	for _, p := range b.Procedures {
		t.Run(p.Code, func(t *testing.T) {
			tr := grown(trees[p.Code])
			for _, field := range tr.fields { // the tree speaks of every option, and of no other
				if f := p.Field(field); f.Type == "choice" && len(f.Options) != len(tr.values[field]) {
					t.Fatalf("%s has %d options, the tree %d", field, len(f.Options), len(tr.values[field]))
				}
			}
			c := combination{t: t, b: b, p: p, tr: tr, late: map[string]bool{}}
			for _, today := range factsOf(p) {
				for _, call := range calls() {
					f := Facts{"last_line": call.line}
					for id, value := range today {
						f[id] = value
					}
					a := Answers{}
					if call.receiver != "" {
						a["receiver"] = call.receiver
					}
					c.who, c.bad = call.receiver, !rightReceiver(call.line, call.receiver)
					if call.receiver == "" || call.receiver == "nobody" {
						c.who = call.line
					}
					if c.bad { // refused there: one combination stands for all below it
						c.check(f, a)
						continue
					}
					for _, fields := range tr.products() {
						c.over(fields, f, a)
					}
				}
			}
			t.Logf("%d combinations, %d refused", c.total, c.outside)
			total, outside = total+c.total, outside+c.outside
		})
	}
	t.Logf("all campaigns: %d combinations, %d refused", total, outside)
}

// factsOf lists the other facts that a cascade asks for, in all their values.
func factsOf(p *Procedure) []Facts {
	if p.Code != "c4-carring" {
		return []Facts{{"open_report": "yes"}}
	}
	return []Facts{{"same_today": "no", "ticket_state": "open"}, {"same_today": "yes", "ticket_state": "open"}, {"same_today": "no", "ticket_state": "closed"},
		{"same_today": "yes", "ticket_state": "closed"}}
}

type combination struct {
	t              *testing.T
	b              *Book
	p              *Procedure
	tr             tree
	who            string
	bad            bool
	late           map[string]bool // ways to be wrong that were also sent as a finish
	total, outside int
}

func (c *combination) over(left []string, f Facts, a Answers) {
	if len(left) == 0 {
		c.check(f, a)
		return
	}
	delete(a, left[0])
	c.over(left[1:], f, a)
	for _, value := range c.tr.values[left[0]] {
		a[left[0]] = value
		c.over(left[1:], f, a)
	}
	delete(a, left[0])
}

func (c *combination) check(f Facts, a Answers) {
	c.total++
	_, _, put := c.p.Put(f, nil, a, nil)
	wrong := c.wrong(f, a)
	if wrong == "" {
		if put != nil {
			c.t.Errorf("%v %v is in the tree, but refused: %v", f, a, put)
		}
		return
	}
	c.outside++
	e := fault.Of(put)
	if e == nil || e.Kind != fault.Invalid || e.Field != wrong {
		c.t.Errorf("%v %v should be refused at %s, not as %v", f, a, wrong, put)
		return
	}
	if _, ok := c.b.Clause(e.Clause); !ok {
		c.t.Errorf("%v %v: clause %q is none", f, a, e.Clause)
	}
	way := strings.Join([]string{c.who, wrong, a[wrong], e.Key, e.Clause}, " ")
	if c.late[way] {
		return // Decide begins with Put: once for each way to be wrong is enough
	}
	c.late[way] = true
	_, late := c.p.Decide(f, Answers{"receiver": a["receiver"]}, a, nil)
	if l := fault.Of(late); l == nil || l.Field != e.Field || l.Key != e.Key || l.Clause != e.Clause {
		c.t.Errorf("%v %v: a draft says %v, a finish %v", f, a, put, late)
	}
}

// wrong names the first field whose value the tree has not.
func (c *combination) wrong(f Facts, a Answers) string {
	if c.bad {
		return "receiver"
	}
	for _, field := range c.p.Fields {
		if value := a[field.ID]; value != "" && field.ID != "receiver" && !c.tr.may(field.ID, value, c.who, f, a) {
			return field.ID
		}
	}
	return ""
}
