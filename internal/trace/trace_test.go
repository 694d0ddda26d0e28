package trace_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sapa/internal/call"
	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/desk"
	"sapa/internal/document"
	"sapa/internal/document/documenttest"
	"sapa/internal/fault"
	"sapa/internal/live"
	"sapa/internal/phone"
	"sapa/internal/procedure"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/trace"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

const code = "IN.OCC.TELK.W-18"

// floor is a desk with two agents, a leader and the three who sign, all invented.
type floor struct {
	*testing.T
	s         *db.DB
	c         *dbtest.Clock
	campaigns *campaign.Campaigns
	seat      *desk.Seat
	people    map[string]who.Actor
}

func each(t *testing.T, f func(f *floor)) {
	t.Helper()
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		one := &floor{T: t, s: s, c: c, campaigns: campaign.New(documenttest.Library(t), code), people: map[string]who.Actor{}}
		one.seat = desk.New(desk.Parts{Store: s, Campaigns: one.campaigns, Dialer: desk.ManualDialler{}, Hub: live.NewHub(), Site: documenttest.Site, Clock: c.Now})
		for login, role := range map[string]who.Role{"ani": who.Agent, "budi": who.Agent, "tuti": who.Leader, "dc": who.Controller, "vp": who.Checker, "qmr": who.Approver} {
			one.do(func(tx *db.Tx) error {
				p, err := staff.Add(tx, staff.Console, staff.Person{Login: login, Name: login + " rekaan", Role: role})
				one.people[login] = p.Actor(who.Page)
				return err
			})
		}
		f(one)
	})
}

func (f *floor) do(act func(tx *db.Tx) error) {
	f.Helper()
	if err := f.s.Write(context.Background(), act); err != nil {
		f.Fatal(err)
	}
}

// turn works one Fresh Lapul ticket with an answered call to its end.
func (f *floor) turn(agent, ref string, in map[string]string) {
	f.Helper()
	a := f.people[agent]
	f.do(func(tx *db.Tx) error {
		_, _, err := ticket.Open(tx, f.people["tuti"], ticket.New{Campaign: "fresh-lapul", Ref: ref, ServiceNo: "152999" + ref, Zone: "Asia/Jakarta", Source: "feed", Note: "Internet mati",
			Contacts: []ticket.Contact{{Phone: phone.Number("+628999000" + ref[2:])}}, Fields: map[string]string{"ticket_no": "IN48" + ref}})
		return err
	})
	f.do(func(tx *db.Tx) error {
		_, _, _, err := trouble.Take(tx, who.House, trouble.Incoming{No: "IN48" + ref, ServiceNo: "152999" + ref, Service: "internet", State: trouble.Backend, Group: "teknisi"})
		return err
	})
	var turn desk.Turn
	f.do(func(tx *db.Tx) (err error) { turn, err = f.seat.Next(tx, a, nil); return err })
	f.do(func(tx *db.Tx) error { return f.seat.Read(tx, a, turn.Ticket.ID, turn.Lease.Token) })
	f.do(func(tx *db.Tx) error { _, err := f.seat.Dial(tx, a, turn.Ticket.ID, turn.Lease.Token, ""); return err })
	f.do(func(tx *db.Tx) error {
		_, err := f.seat.Said(tx, a, turn.Ticket.ID, turn.Lease.Token, call.Answered)
		return err
	})
	f.do(func(tx *db.Tx) error { _, err := f.seat.Hangup(tx, a, turn.Ticket.ID, turn.Lease.Token); return err })
	f.do(func(tx *db.Tx) error {
		_, err := f.seat.Finish(tx, a, turn.Ticket.ID, turn.Lease.Token, in)
		return err
	})
	f.c.Advance(10 * time.Second)
}

var understood = map[string]string{"receiver": "reporter", "status": "contacted", "reason_1": "sukses", "reason_2": "paham", "remarks": "Sudah jelas."}

// refs lists the turns under a clause, as somebody sees them, with the revision of each.
func (f *floor) refs(scope who.Scope, clause string) string {
	f.Helper()
	var all []string
	f.do(func(tx *db.Tx) error {
		revisions, err := f.campaigns.Revisions(tx)
		if err != nil {
			return err
		}
		page, _, err := trace.Under(tx, scope, revisions, clause, 0, 50)
		for _, h := range page {
			all = append(all, h.Ref)
		}
		return err
	})
	return strings.Join(all, " ")
}

func (f *floor) want(got, want, what string) {
	f.Helper()
	if got != want {
		f.Errorf("%s: %q, want %q", what, got, want)
	}
}

// SOP 5.7.8.a, 5.7.8.b, 5.7.9: a turn stands under the clauses of what was answered, chosen and done in it, newest first, and
// nobody sees more of them than of the tickets themselves.
func TestTurnsStandUnderTheClausesThatWereAtWork(t *testing.T) {
	each(t, func(f *floor) {
		f.turn("ani", "000101", understood)
		f.turn("budi", "000102", map[string]string{"receiver": "reporter", "status": "contacted", "reason_1": "menolak", "reason_2": "terlalu-lama", "remarks": "Tidak mau menunggu."})
		all := who.Scope{All: true}
		for clause, want := range map[string]string{
			"5.7":                          "000102 000101",
			"5.7.8.a.contacted":            "000102 000101",
			"5.7.8.a.not-contacted":        "",
			"5.7.8.b.contacted.sukses":     "000101",
			"5.7.8.c.menolak.terlalu-lama": "000102",
			"5.7.9":                        "000102 000101",
			"5.7.7":                        "000102 000101",
			"5.5":                          "",
			"5.2.10.k":                     "",
			"nope":                         "",
		} {
			f.want(f.refs(all, clause), want, clause)
		}
		f.want(f.refs(staff.ScopeOf(f.people["ani"]), "5.7"), "000101", "an agent sees the own turns")
		f.want(f.refs(who.Scope{}, "5.7"), "", "a scope of nothing")
		f.want(f.refs(staff.ScopeOf(f.people["dc"]), "5.7"), "", "the controller worked on none")
	})
}

func TestTurnsComeByPages(t *testing.T) {
	each(t, func(f *floor) {
		for _, ref := range []string{"000201", "000202", "000203"} {
			f.turn("ani", ref, understood)
		}
		f.do(func(tx *db.Tx) error {
			revisions, err := f.campaigns.Revisions(tx)
			if err != nil {
				return err
			}
			var got []string
			for before := db.ID(0); ; {
				page, next, err := trace.Under(tx, who.Scope{All: true}, revisions, "5.7.8.a.contacted", before, 2)
				if err != nil {
					return err
				}
				for _, h := range page {
					got = append(got, h.Ref)
				}
				if before = next; next == 0 {
					break
				}
			}
			f.want(strings.Join(got, " "), "000203 000202 000201", "pages")
			return nil
		})
	})
}

// publish lets the three sign a draft with an edited file, in force at a moment.
func (f *floor) publish(effective time.Time, edit func(files map[string]string)) document.Revision {
	f.Helper()
	var content string
	f.do(func(tx *db.Tx) error {
		d, err := document.Begin(tx, f.people["dc"], code, 2)
		if err != nil {
			return err
		}
		edit(d.Files)
		if d, err = document.Schedule(tx, f.people["dc"], d, effective, procedure.Text{ID: "Contacted disebut Terhubung", EN: "Contacted is called Terhubung"}, documenttest.Site); err != nil {
			return err
		}
		s := d.Examine(documenttest.Decided(f), tx.Now, documenttest.Site)
		for _, lack := range s.Lacks {
			return lack
		}
		content = s.Content
		return nil
	})
	var made *document.Revision
	for _, one := range []struct {
		login string
		part  document.Part
	}{{"dc", document.Prepared}, {"vp", document.Reviewed}, {"qmr", document.Approved}} {
		f.do(func(tx *db.Tx) (err error) {
			_, made, err = document.Sign(tx, f.people[one.login], code, one.part, content, documenttest.Decided(f), documenttest.Site)
			return err
		})
	}
	return *made
}

func renamed(t *testing.T) func(files map[string]string) {
	replace := func(files map[string]string, name, from, to string) {
		if !strings.Contains(files[name], from) {
			t.Fatalf("%s has no %q", name, from)
		}
		files[name] = strings.Replace(files[name], from, to, 1)
	}
	return func(files map[string]string) {
		replace(files, "clauses.yaml", `id: "5.7.8.a.contacted", text: "Contacted : Jika call terhubung ke pelanggan"`, `id: "5.7.8.a.contacted", text: "Terhubung : Jika call terhubung ke pelanggan"`)
		replace(files, "campaigns/fresh-lapul.yaml", "id: contacted\n        label: Contacted", "id: contacted\n        label: Terhubung")
	}
}

// SOP doc.revision, doc.effective, fn.5: after a label has changed, what was done before keeps its own words, its own revision and
// its own signatures, and what is done from then on has the new ones.
func TestOldRecordsKeepTheirOwnWords(t *testing.T) {
	each(t, func(f *floor) {
		f.turn("ani", "000301", understood)
		f.publish(f.c.Now().Add(time.Hour), renamed(f.T))
		f.c.Advance(2 * time.Hour)
		f.turn("ani", "000302", understood)
		f.do(func(tx *db.Tx) error {
			revisions, err := f.campaigns.Revisions(tx)
			if err != nil {
				return err
			}
			page, _, err := trace.Under(tx, who.Scope{All: true}, revisions, "5.7.8.a.contacted", 0, 10)
			if err != nil {
				return err
			}
			got := ""
			for _, h := range page {
				for _, p := range h.By {
					if p.Kind == trace.Option {
						got += h.Ref + " rev " + string(rune('0'+h.Revision)) + " " + p.Label.ID + "; "
					}
				}
			}
			f.want(got, "000302 rev 3 Terhubung; 000301 rev 2 Contacted; ", "labels")
			for n, want := range map[int]string{2: "Contacted : Jika call terhubung ke pelanggan superseded", 3: "Terhubung : Jika call terhubung ke pelanggan force"} {
				r, err := f.campaigns.Revision(tx, n)
				if err != nil {
					return err
				}
				c, err := trace.Of(tx, r, revisions, "5.7.8.a.contacted", nil)
				if err != nil {
					return err
				}
				f.want(c.Text+" "+c.Stands, want, "text")
				if len(c.Others) != 1 || c.Others[0].Same || c.Others[0].Words[0] != (trace.Word{Kind: "del", Text: "Contacted"}) || c.Others[0].Words[1] != (trace.Word{Kind: "ins", Text: "Terhubung"}) {
					f.Errorf("revision %d beside the other: %+v", n, c.Others)
				}
				three := ""
				for _, s := range c.Signature {
					three += s.Role + " " + s.Position + " " + s.Name + " " + map[bool]string{true: "paper", false: "sapa"}[s.Paper] + "; "
				}
				f.want(three, map[int]string{2: "made DC Pusat  paper; checked VP Telkom Operation  paper; approved QMR  paper; ",
					3: "made DC Pusat dc rekaan sapa; checked VP Telkom Operation vp rekaan sapa; approved QMR qmr rekaan sapa; "}[n], "signatures")
			}
			return nil
		})
	})
}

func worklog(tx *db.Tx, no string) ([]trouble.Note, error) {
	about, err := trouble.ByNo(tx, no)
	if err != nil {
		return nil, err
	}
	return trouble.Worklog(tx, about.ID)
}

// lines leads the worklog of a trouble ticket back: of each line its type, clause and revision, oldest first.
func (f *floor) lines(no string) string {
	f.Helper()
	var got []string
	f.do(func(tx *db.Tx) error {
		notes, err := worklog(tx, no)
		if err != nil {
			return err
		}
		var lines []trouble.Line
		for _, n := range notes {
			lines = append(lines, n.Line())
		}
		for i, ref := range f.led(tx, nil, lines...) {
			got = append(got, fmt.Sprintf("%s %s %02d", lines[i].Type, ref.Clause, ref.Revision))
		}
		return nil
	})
	return strings.Join(got, ", ")
}

// led leads lines back in the store's revisions, or in these.
func (f *floor) led(tx *db.Tx, revisions []document.Revision, lines ...trouble.Line) []trace.Ref {
	f.Helper()
	var err error
	if revisions == nil {
		if revisions, err = f.campaigns.Revisions(tx); err != nil {
			f.Fatal(err)
		}
	}
	refs, err := trace.Lines(tx, revisions, lines)
	if err != nil || len(refs) != len(lines) {
		f.Fatalf("%d of %d lines: %v", len(refs), len(lines), err)
	}
	return refs
}

// SOP 5.7.9, 5.5.9, 5.5.6: each line of a worklog leads to its clause: a result's in the revision of its turn, also when it was written
// before lines kept their clause; another's in the revision in force at its moment, whatever comes later. A promise leads to the
// revision of its turn.
func TestWorklogLinesLeadBackToTheirClause(t *testing.T) {
	each(t, func(f *floor) {
		const no = "IN48000401"
		f.turn("ani", "000401", understood)
		note := func() {
			f.do(func(tx *db.Tx) error {
				about, err := trouble.ByNo(tx, no)
				if err == nil {
					_, _, err = trouble.AddNote(tx, f.people["tuti"], about.ID, trouble.Note{Type: "UPDATEINFO", Detail: "Teknisi berangkat"})
				}
				return err
			})
			f.c.Advance(time.Second)
		}
		note()
		f.want(f.lines(no), "AGENTNOTE 5.7.9 02, UPDATEINFO 5.5.9 02", "under revision 02")
		f.publish(f.c.Now().Add(time.Hour), renamed(f.T))
		f.c.Advance(2 * time.Hour)
		note()
		f.do(func(tx *db.Tx) error { // older than any revision
			_, _, _, err := trouble.Take(tx, who.House, trouble.Incoming{No: no, Notes: []trouble.Note{{Type: "UPDATEINFO", Ref: "w1", Detail: "Tiang baru", At: time.Date(2018, 5, 1, 0, 0, 0, 0, time.UTC)}}})
			return err
		})
		const all = "UPDATEINFO 5.5.6 02, AGENTNOTE 5.7.9 02, UPDATEINFO 5.5.9 02, UPDATEINFO 5.5.9 03"
		f.want(f.lines(no), all, "with revision 03")
		f.do(func(tx *db.Tx) error {
			old, err := tx.Exec(`UPDATE trouble_note SET clause = '', revision = 0 WHERE turn > 0`)
			if old != 1 {
				f.Errorf("%d lines are made old", old)
			}
			return err
		})
		f.want(f.lines(no), all, "of before lines kept their clause")
		f.do(func(tx *db.Tx) error {
			notes, err := worklog(tx, no)
			if err != nil {
				return err
			}
			turn := notes[1].Turn
			ran, err := trace.Revisions(tx, []db.ID{turn, 0})
			if turn == 0 || len(ran) != 1 || ran[turn] != 2 {
				f.Errorf("turn %d ran under %v", turn, ran)
			}
			f.want(fmt.Sprint(f.led(tx, nil, trouble.Line{Clause: "5.6.2.b.reopen", Turn: turn, At: f.c.Now()}, trouble.Line{Clause: "5.5.9", Revision: 3, Turn: turn}, trouble.Line{Turn: turn, Type: "CLIENTNOTE"}, trouble.Line{At: f.c.Now()})),
				"[{5.6.2.b.reopen 2} {5.5.9 3} { 0} { 0}]", "a turn's move, a line with a revision of its own, one the result does not write, one of nothing")
			return err
		})
	})
}

// SOP doc.effective, doc.revision: what was written while a revision was in force leads there though it was recalled since; a clause
// that its revision does not have is read in the newest older one that has it, else in the oldest.
func TestALineIsReadInARevisionThatHasItsClause(t *testing.T) {
	each(t, func(f *floor) {
		before := f.c.Now()
		f.publish(before.Add(time.Hour), renamed(f.T))
		f.c.Advance(2 * time.Hour)
		under := f.c.Now()
		f.c.Advance(time.Hour)
		f.do(func(tx *db.Tx) error {
			_, err := document.Recall(tx, f.people["vp"], code, 3, "Salah istilah")
			return err
		})
		after := f.c.Now().Add(time.Hour)
		f.do(func(tx *db.Tx) error {
			row := func(at time.Time, own int) trouble.Line { return trouble.Line{Clause: "5.5.9", Revision: own, At: at} }
			f.want(fmt.Sprint(f.led(tx, nil, row(before, 0), row(under, 0), row(after, 0), row(before, 3), row(after, 3))),
				"[{5.5.9 2} {5.5.9 3} {5.5.9 2} {5.5.9 3} {5.5.9 3}]", "before, under and after revision 03")
			revisions, err := f.campaigns.Revisions(tx)
			if err != nil {
				return err
			}
			without := func(revision int, clause string) []document.Revision {
				some := slices.Clone(revisions)
				for i, r := range some {
					if r.Revision == revision {
						book := *r.Book
						book.Clauses = slices.DeleteFunc(slices.Clone(book.Clauses), func(c procedure.Clause) bool { return c.ID == clause })
						some[i].Book = &book
					}
				}
				return some
			}
			f.want(fmt.Sprint(f.led(tx, without(3, "5.5.9"), row(under, 0), row(after, 3))), "[{5.5.9 2} {5.5.9 2}]", "gone in 03")
			f.want(fmt.Sprint(f.led(tx, without(2, "5.5.9"), row(before, 0), row(under, 0))), "[{5.5.9 3} {5.5.9 3}]", "new in 03")
			f.want(fmt.Sprint(f.led(tx, []document.Revision{}, row(under, 0))), "[{ 0}]", "no document")
			return nil
		})
	})
}

// SOP 5.2.1.f, 5.7.8.a: a clause has its place, its neighbours, what carries it and the decisions on it; one that is not there is refused.
func TestAClauseHasItsPlace(t *testing.T) {
	each(t, func(f *floor) {
		f.do(func(tx *db.Tx) error {
			revisions, err := f.campaigns.Revisions(tx)
			if err != nil {
				return err
			}
			r := revisions[0]
			c, err := trace.Of(tx, r, revisions, "5.7.8.a", map[string][]string{"5.7.8.a": {"some_test.go"}})
			if err != nil {
				return err
			}
			place := c.Before.ID + " < " + c.ID + " < " + c.After.ID + ", in"
			for _, up := range c.Parents {
				place += " " + up.ID
			}
			for _, down := range c.Children {
				place += " / " + down.ID
			}
			f.want(place, "5.7.8 < 5.7.8.a < 5.7.8.a.contacted, in 5.7 5.7.8 / 5.7.8.a.contacted / 5.7.8.a.not-contacted / 5.7.8.a.junk", "place")
			if len(c.Parts) == 0 || c.Parts[0].Campaign != "fresh-lapul" || len(c.Tests) != 1 {
				f.Errorf("%+v", c)
			}
			longest, err := trace.Of(tx, r, revisions, "5.2.4.longest", nil)
			if err != nil || len(longest.Gaps) != 2 || longest.Gaps[1].ID != "A-07" {
				f.Errorf("decisions on 5.2.4: %+v, %v", longest.Gaps, err)
			}
			gap, err := trace.Of(tx, r, revisions, "A-38", nil)
			if err != nil || gap.Gap == nil || len(gap.Parts) == 0 {
				f.Errorf("a decision: %+v, %v", gap.Gap, err)
			}
			said, err := trace.Of(tx, r, revisions, "2.b", nil)
			if err != nil || len(said.Stated) != 1 || said.Stated[0] != "statement purpose-fault" {
				f.Errorf("what the document says itself: %v, %v", said.Stated, err)
			}
			if _, err := trace.Of(tx, r, revisions, "9.9", nil); !fault.Is(err, fault.Missing) {
				f.Errorf("a clause that is not there: %v", err)
			}
			return nil
		})
	})
}

func TestWordsSayWhatBecameOfAText(t *testing.T) {
	for _, c := range []struct{ was, is, want string }{
		{"a b c", "a b c", "same a b c"},
		{"a b c", "a x c", "same a|del b|ins x|same c"},
		{"", "a b", "ins a b"},
		{"a b", "", "del a b"},
		{"", "", ""},
		{"jika call tidak diangkat", "jika panggilan tidak pernah diangkat", "same jika|del call|ins panggilan|same tidak|ins pernah|same diangkat"},
	} {
		var got []string
		for _, w := range trace.Words(c.was, c.is) {
			got = append(got, w.Kind+" "+w.Text)
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%q to %q: %v", c.was, c.is, got)
		}
	}
}
