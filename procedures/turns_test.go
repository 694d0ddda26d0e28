package procedures

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"sapa/internal/fault"
	"sapa/internal/procedure"
)

// turn is one finished turn on paper: what the line did, what was answered, and what must come of it.
type turn struct {
	name    string
	facts   procedure.Facts
	answers string // field=value, blank between
	outcome string
	effects string // in order, blank between: do, or do:detail
}

func answers(s string) procedure.Answers {
	a := procedure.Answers{}
	for _, pair := range strings.Fields(s) {
		name, value, _ := strings.Cut(pair, "=")
		a[name] = value
	}
	return a
}

func told(effects []procedure.Effect) string {
	var parts []string
	for _, e := range effects {
		detail := e.Reason + e.At + e.Type + e.Mark + e.Trouble
		switch {
		case e.Queue:
			detail = "queue"
		case e.Do == "outside":
			detail = e.App
		}
		parts = append(parts, strings.TrimSuffix(e.Do+":"+detail, ":"))
	}
	return strings.Join(parts, " ")
}

func decide(t *testing.T, campaign string, turns []turn) {
	p := book(t).Procedure(campaign)
	for _, c := range turns {
		t.Run(c.name, func(t *testing.T) {
			d, err := p.Decide(c.facts, nil, answers(c.answers), nil)
			if err != nil {
				t.Fatal(err)
			}
			if d.Outcome.ID != c.outcome || told(d.Effects) != c.effects {
				t.Errorf("outcome %s: %s", d.Outcome.ID, told(d.Effects))
			}
		})
	}
}

// refusal is a finish that must be refused, at a field and for a clause.
type refusal struct {
	name          string
	facts         procedure.Facts
	answers       string
	field, clause string
}

func refuse(t *testing.T, campaign string, turns []refusal) {
	p := book(t).Procedure(campaign)
	for _, c := range turns {
		t.Run(c.name, func(t *testing.T) {
			_, err := p.Decide(c.facts, nil, answers(c.answers), nil)
			var e *fault.Error
			if !errors.As(err, &e) || e.Kind != fault.Invalid || e.Field != c.field || e.Clause != c.clause {
				t.Errorf("%v", err)
			}
		})
	}
}

func line(s string) procedure.Facts { return procedure.Facts{"last_line": s, "open_report": "no"} }

func with(f procedure.Facts, name, value string) procedure.Facts {
	f = maps.Clone(f)
	f[name] = value
	return f
}

const talked = "receiver=reporter data_check=yes guided=berhasil service_no=152999000001 remarks=x "

// SOP 5.2.6, 5.2.7, 5.2.8.who: who answered decides how it goes on.
// SOP 5.2.11, 5.2.11.b1, 5.2.11.b1.contacted, 5.2.11.b1.not-contacted, 5.2.11.b1.closed-by-tier1: each comes to its own end.
// SOP 5.2.11.b1.not-valid, 5.2.11.b1.rna, 5.2.11.b2: so do these, with a reason or a solution.
func TestCallbackEnds(t *testing.T) {
	decide(t, "callback", []turn{
		{"contacted with a reason", line("answered"), talked + "status=contacted reason_call=internet-mati", "contacted", "close:done outside:callback"},
		{"contacted with a solution alone", line("answered"), talked + "status=contacted solution=selesai-dipandu", "contacted", "close:done outside:callback"},
		{"another decision maker", line("answered"), "receiver=decider decider_name=x decider_relation=x data_check=nama guided=tidak-berhasil service_no=152999000001 remarks=x status=contacted solution=tiket-gangguan", "contacted", "close:done outside:callback"},
		{"somebody else answered", line("answered"), "receiver=other call_again_at=2030-01-07T15:00:00+07:00 remarks=x", "call-again", "call-again:call_again_at outside:callback"},
		{"wrong number", line("answered"), "receiver=wrong-number remarks=x", "wrong-number", "flag-contact close:junk outside:callback"},
		{"picked up and cut", line("answered"), "receiver=dropped status=contacted reason_call=terputus remarks=x", "dropped", "call-again:queue outside:callback"},
		{"rejected", line("rejected"), "status=not-contacted solution=dihubungi-lagi remarks=x", "retry", "call-again:queue outside:callback"},
		{"busy", line("busy"), "status=not-contacted reason_call=ditolak remarks=x", "retry", "call-again:queue outside:callback"},
		{"machine", line("machine"), "status=not-contacted reason_call=kotak-suara remarks=x", "retry", "call-again:queue outside:callback"},
		{"silence", line("silence"), "status=not-contacted reason_call=hening remarks=x", "retry", "call-again:queue outside:callback"},
		{"no answer", line("no-answer"), "status=rna reason_call=tidak-diangkat remarks=x", "retry", "call-again:queue outside:callback"},
		{"dead number", line("bad-number"), "status=not-valid reason_call=tulalit remarks=x", "not-valid", "flag-contact close:junk outside:callback"},
		{"unregistered number", line("unregistered"), "status=not-valid solution=cari-cp-lain remarks=x", "not-valid", "flag-contact close:junk outside:callback"},
		{"closed by Tier 1 without a call", line("none"), "status=closed-by-tier1 ticket_no=IN00000001 reason_call=laporan-open remarks=x", "closed-by-tier1", "close:done outside:callback"},
		{"a prospect without a number", line("answered"), "receiver=reporter data_check=nama guided=berhasil no_service=calon-pelanggan status=contacted reason_call=registrasi remarks=x", "contacted", "close:done outside:callback"},
	})
}

// SOP 5.2.8.data, 5.2.9, 5.2.11.a.jastel, 5.2.11.a.tiket, 5.2.11.b2, 5.2.11.c: what has to be there is asked for by its clause.
func TestCallbackRefuses(t *testing.T) {
	refuse(t, "callback", []refusal{
		{"contacted before any call", line("none"), "status=contacted", "status", "5.2.11.b1.contacted"},
		{"RNA after a conversation", line("answered"), talked + "status=rna", "status", "5.2.11.b1.rna"},
		{"contacted on a dead number", line("bad-number"), "status=contacted", "status", "5.2.11.b1.contacted"},
		{"the receiver not identified", line("answered"), "remarks=x", "receiver", "5.2.6"},
		{"no time to call again", line("answered"), "receiver=other remarks=x", "call_again_at", "5.2.7"},
		{"a decision maker without a name", line("answered"), "receiver=decider", "decider_name", "5.2.8.who"},
		{"no details confirmed", line("answered"), "receiver=reporter guided=berhasil", "data_check", "5.2.8.data"},
		{"the result of guiding left out", line("answered"), "receiver=reporter data_check=yes", "guided", "5.2.9"},
		{"neither service number nor why", line("answered"), "receiver=reporter data_check=yes guided=berhasil", "no_service", "5.2.11.a.jastel"},
		{"Closed by Tier 1 without the report's number", line("none"), "status=closed-by-tier1 reason_call=laporan-open remarks=x", "ticket_no", "5.2.11.a.tiket"},
		{"an open report without its number", with(line("no-answer"), "open_report", "yes"), "status=rna reason_call=tidak-diangkat remarks=x", "ticket_no", "5.2.11.a.tiket"},
		{"neither reason nor solution", line("no-answer"), "status=rna remarks=x", "solution", "5.2.11.b2"},
		{"no remarks", line("no-answer"), "status=rna reason_call=tidak-diangkat", "remarks", "5.2.11.c"},
		{"a solution of another status", line("no-answer"), "status=rna solution=pantau-tiket remarks=x", "solution", "5.2.11.b2"},
	})
}

const met = "receiver=reporter status=contacted remarks=x "

// SOP 5.7.8.a.contacted, 5.7.8.b.contacted.sukses, 5.7.8.b.contacted.menolak, 5.7.8.b.contacted.reschedule: every leaf ends.
// SOP 5.7.8.c.sukses.paham, 5.7.8.c.sukses.slg, 5.7.8.c.sukses.percepatan: understood, with what was asked for.
// SOP 5.7.8.c.menolak.terlalu-lama, 5.7.8.c.menolak.hc-buzzer, 5.7.8.c.menolak.tidak-merasa-lapor: true refusals.
// SOP 5.7.8.c.menolak.sibuk, 5.7.8.c.menolak.masih-dijalan, 5.7.8.c.menolak.meeting: a bad moment.
// SOP 5.7.8.c.menolak.diterima-lalu-diputus, 5.7.8.c.menolak.reschedule, 5.7.8.d: called again at the agreed time.
// SOP 5.7.9, 5.7.10: each with its worklog row and Sephia's form.
func TestFreshLapulContactedEnds(t *testing.T) {
	const filed = "note:AGENTNOTE outside:sephia"
	decide(t, "fresh-lapul", []turn{
		{"understands", line("answered"), met + "reason_1=sukses reason_2=paham", "understood", "close:done " + filed},
		{"asks for SLG", line("answered"), met + "reason_1=sukses reason_2=slg", "slg", "mark:slg close:done " + filed},
		{"asks to speed up", line("answered"), met + "reason_1=sukses reason_2=percepatan", "expedite", "mark:expedite note:UPDATEINFO close:done " + filed},
		{"takes too long", line("answered"), met + "reason_1=menolak reason_2=terlalu-lama", "refused", "close:done " + filed},
		{"hard complaint", line("answered"), met + "reason_1=menolak reason_2=hc-buzzer", "hard-complaint", "mark:hard-complaint alert-leader close:done " + filed},
		{"busy, with a time", line("answered"), met + "reason_1=menolak reason_2=sibuk call_again_at=2030-01-07T15:00:00+07:00", "later", "call-again:call_again_at " + filed},
		{"busy, without", line("answered"), met + "reason_1=menolak reason_2=sibuk", "not-now", "close:done " + filed},
		{"on the road", line("answered"), met + "reason_1=menolak reason_2=masih-dijalan", "not-now", "close:done " + filed},
		{"in a meeting", line("answered"), met + "reason_1=menolak reason_2=meeting call_again_at=2030-01-07T15:00:00+07:00", "later", "call-again:call_again_at " + filed},
		{"made no report", line("answered"), met + "reason_1=menolak reason_2=tidak-merasa-lapor", "disputed", "mark:disputed close:done " + filed},
		{"cut during the talk", line("answered"), met + "reason_1=menolak reason_2=diterima-lalu-diputus", "not-now", "close:done " + filed},
		{"cut at once", line("answered"), "receiver=dropped status=contacted remarks=x reason_1=menolak reason_2=diterima-lalu-diputus call_again_at=2030-01-07T15:00:00+07:00", "later", "call-again:call_again_at " + filed},
		{"reschedule under Menolak", line("answered"), met + "reason_1=menolak reason_2=reschedule call_again_at=2030-01-07T15:00:00+07:00", "reschedule", "call-again:call_again_at " + filed},
		{"reschedule", line("answered"), met + "reason_1=reschedule call_again_at=2030-01-07T15:00:00+07:00", "reschedule", "call-again:call_again_at " + filed},
		{"somebody else answered", line("answered"), "receiver=other call_again_at=2030-01-07T15:00:00+07:00 remarks=x", "call-again", "call-again:call_again_at " + filed},
		{"wrong number", line("answered"), "receiver=wrong-number remarks=x", "wrong-number", "flag-contact close:junk " + filed},
	})
}

// SOP 5.7.8.a.not-contacted, 5.7.8.b.not-contacted.rna, 5.7.8.b.not-contacted.reject: tried again by the queue's rule.
// SOP 5.7.8.b.not-contacted.mailbox, 5.7.8.b.not-contacted.hening: so are these, though the line was picked up.
// SOP 5.7.8.a.junk, 5.7.8.b.junk.tiket-sudah-close, 5.7.8.b.junk.fullfilment: closed as junk, without a call too.
// SOP 5.7.8.b.junk.belum-terdaftar, 5.7.8.b.junk.tulalit: closed as junk and the number flagged.
func TestFreshLapulNotReachedEnds(t *testing.T) {
	const filed = "note:AGENTNOTE outside:sephia"
	decide(t, "fresh-lapul", []turn{
		{"RNA", line("no-answer"), "status=not-contacted reason_1=rna remarks=x", "retry", "call-again:queue " + filed},
		{"Reject", line("rejected"), "status=not-contacted reason_1=reject remarks=x", "retry", "call-again:queue " + filed},
		{"Reject, busy tone", line("busy"), "status=not-contacted reason_1=reject remarks=x", "retry", "call-again:queue " + filed},
		{"Mailbox", line("machine"), "status=not-contacted reason_1=mailbox remarks=x", "retry", "call-again:queue " + filed},
		{"Hening", line("silence"), "status=not-contacted reason_1=hening remarks=x", "retry", "call-again:queue " + filed},
		{"Tulalit", line("bad-number"), "status=junk reason_1=tulalit remarks=x", "dead-number", "flag-contact close:junk " + filed},
		{"Belum terdaftar", line("unregistered"), "status=junk reason_1=belum-terdaftar remarks=x", "dead-number", "flag-contact close:junk " + filed},
		{"Tiket sudah close, without a call", line("none"), "status=junk reason_1=tiket-sudah-close remarks=x", "already-closed", "close:junk " + filed},
		{"Fullfilment", line("answered"), "receiver=reporter status=junk reason_1=fullfilment remarks=x", "not-assurance", "close:junk " + filed},
	})
}

// SOP 5.7.8.a, 5.7.8.b, 5.7.8.c, 5.7.8.d, 5.7.8.e: a pair outside the tree, or against the line, is refused with its clause.
func TestFreshLapulRefuses(t *testing.T) {
	refuse(t, "fresh-lapul", []refusal{
		{"contacted before any call", line("none"), "status=contacted", "status", "5.7.8.a.contacted"},
		{"not contacted after a conversation", line("answered"), "receiver=reporter status=not-contacted", "status", "5.7.8.a.not-contacted"},
		{"RNA though the call was rejected", line("rejected"), "status=not-contacted reason_1=rna", "reason_1", "5.7.8.b.not-contacted.rna"},
		{"Sukses under Not Contacted", line("no-answer"), "status=not-contacted reason_1=sukses", "reason_1", "5.7.8.b.contacted.sukses"},
		{"Tulalit though the number rang", line("no-answer"), "status=junk reason_1=tulalit", "reason_1", "5.7.8.b.junk.tulalit"},
		{"a reason of Menolak under Sukses", line("answered"), met + "reason_1=sukses reason_2=sibuk", "reason_2", "5.7.8.c.menolak.sibuk"},
		{"Reason 2 where there is none", line("no-answer"), "status=not-contacted reason_1=rna reason_2=paham remarks=x", "reason_2", "5.7.8.c"},
		{"no Reason 2 for Sukses", line("answered"), met + "reason_1=sukses", "reason_2", "5.7.8.c"},
		{"Reschedule without a time", line("answered"), met + "reason_1=reschedule", "call_again_at", "5.7.8.d"},
		{"Reschedule under Menolak without a time", line("answered"), met + "reason_1=menolak reason_2=reschedule", "call_again_at", "5.7.8.d"},
		{"a time without Reschedule", line("answered"), met + "reason_1=sukses reason_2=paham call_again_at=2030-01-07T15:00:00+07:00", "call_again_at", "5.7.8.d"},
		{"no remarks", line("no-answer"), "status=not-contacted reason_1=rna", "remarks", "5.7.8.e"},
		{"after a failed call", line("failed"), "status=not-contacted reason_1=rna", "status", "5.7.8.a.not-contacted"},
	})
}

// SOP 5.7.8.a: what the line did proposes the status, and the reason under it, in the campaign's own words.
func TestFreshLapulProposals(t *testing.T) {
	p := book(t).Procedure("fresh-lapul")
	for lineWord, want := range map[string][2]string{
		"no-answer": {"not-contacted", "rna"}, "rejected": {"not-contacted", "reject"}, "busy": {"not-contacted", "reject"},
		"machine": {"not-contacted", "mailbox"}, "silence": {"not-contacted", "hening"},
		"bad-number": {"junk", "tulalit"}, "unregistered": {"junk", "belum-terdaftar"},
	} {
		if got := proposal(p.View(line(lineWord), nil), "status"); got != want[0] {
			t.Errorf("%s proposes status %q", lineWord, got)
		}
		if got := proposal(p.View(line(lineWord), procedure.Answers{"status": want[0]}), "reason_1"); got != want[1] {
			t.Errorf("%s proposes reason %q", lineWord, got)
		}
	}
}

func proposal(v procedure.View, field string) string {
	for _, f := range v.Fields {
		if f.ID == field {
			return f.Proposal
		}
	}
	return ""
}
