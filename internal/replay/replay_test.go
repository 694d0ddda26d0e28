package replay_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/desk"
	"sapa/internal/document"
	"sapa/internal/document/documenttest"
	"sapa/internal/fault"
	"sapa/internal/live"
	"sapa/internal/phrase"
	"sapa/internal/practice"
	"sapa/internal/procedure"
	"sapa/internal/replay"
	"sapa/internal/staff"
	"sapa/procedures"
)

const instruction = "IN.OCC.TELK.W-18"

// edit changes one file of the revision: from stands in it once.
type edit struct{ file, from, to string }

// draft is the document built in with some edits, checked as sapa procedure check does.
func draft(t testing.TB, edits ...edit) *procedure.Book {
	t.Helper()
	book, problems := procedure.Load(edited(t, edits...), ".")
	for _, p := range problems {
		t.Error(p.Error())
	}
	if len(problems) > 0 {
		t.FailNow()
	}
	return book
}

func edited(t testing.TB, edits ...edit) fstest.MapFS {
	t.Helper()
	root, err := fs.Sub(procedures.FS, instruction+"/rev-02")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	err = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(root, name)
		files[name] = &fstest.MapFile{Data: text}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range edits {
		text := string(files[e.file].Data)
		if n := strings.Count(text, e.from); n != 1 {
			t.Fatalf("%s holds %q %d times", e.file, e.from, n)
		}
		files[e.file].Data = []byte(strings.Replace(text, e.from, e.to, 1))
	}
	return files
}

// floor is a store with a past week worked through the desk.
type floor struct {
	*testing.T
	store   *db.DB
	library *document.Library
}

func eachFloor(t *testing.T, f func(f *floor)) {
	t.Helper()
	past.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) { f(&floor{t, s, documenttest.Library(t)}) })
}

// past is of stores in which the practice floor has lived through its week, once a process.
var past = dbtest.NewMould(func(ctx context.Context, s *db.DB) error {
	site, library, clock := documenttest.Site, &document.Library{}, dbtest.NewClock()
	if err := document.Seed(ctx, s, procedures.FS, site); err != nil {
		return err
	}
	if err := library.Load(ctx, s); err != nil {
		return err
	}
	campaigns := campaign.New(library, instruction)
	seat := desk.New(desk.Parts{Store: s, Campaigns: campaigns, Dialer: desk.ManualDialler{}, Hub: live.NewHub(), Site: site, Clock: clock.Now})
	_, err := practice.Fill(ctx, practice.Parts{Store: s, Staff: staff.New(s, staff.Options{}), Seat: seat, Campaigns: campaigns, Site: site}, 18, "latihan-sandi-8")
	return err
})

func (f *floor) run(book *procedure.Book, change ...func(*replay.Job)) replay.Report {
	f.Helper()
	job := replay.Job{Store: f.store, Library: f.library, Draft: book, Site: documenttest.Site, Workers: 2}
	for _, one := range change {
		one(&job)
	}
	r, err := job.Run(context.Background())
	if err != nil {
		f.Fatal(err)
	}
	return r
}

// recorded is one finished turn as it lies in the store, read without the room under test.
type recorded struct {
	ref, code, outcome string
	finished           int64
	answers            map[string]string
}

func (f *floor) recorded(code string) (all []recorded) {
	f.Helper()
	err := f.store.Read(context.Background(), func(tx *db.Tx) error {
		return tx.Each(`SELECT t.ref, t.code, o.code, t.finished_at, t.answers FROM turn t JOIN outcome o ON o.turn = t.id AND o.undone_at = 0 WHERE t.finished_at > 0 ORDER BY t.id`, nil,
			func(s db.Scanner) error {
				var r recorded
				var answers string
				if err := s.Scan(&r.ref, &r.code, &r.outcome, &r.finished, &answers); err != nil {
					return err
				}
				err := json.Unmarshal([]byte(answers), &r.answers)
				if code == "" || r.code == code {
					all = append(all, r)
				}
				return err
			})
	})
	if err != nil {
		f.Fatal(err)
	}
	return all
}

// counted gives how many recorded turns fit, and the references of the first five tickets.
func counted(all []recorded, fits func(recorded) bool) (n int, refs []string) {
	for _, r := range all {
		if !fits(r) {
			continue
		}
		if n++; len(refs) < 5 && !slices.Contains(refs, r.ref) {
			refs = append(refs, r.ref)
		}
	}
	return n, refs
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// expect holds the differences of a report against what the test has counted by itself.
func (f *floor) expect(r replay.Report, want ...replay.Difference) {
	f.Helper()
	if got, wanted := asJSON(f, r.Differences), asJSON(f, want); got != wanted {
		f.Errorf("differences are\n%s\nwant\n%s", got, wanted)
	}
}

// differs names one difference that is expected, with what the test has counted by itself.
func differs(d replay.Difference, all []recorded, fits func(recorded) bool) replay.Difference {
	d.Turns, d.Examples = counted(all, fits)
	return d
}

const lapul = "campaigns/fresh-lapul.yaml"

// The drafts of these tests: one change each, as an author would make it.
var (
	noMeeting = []edit{
		{lapul, "      - {id: meeting, label: Meeting, gloss: In a meeting, clause: [\"5.7.8.c.menolak.meeting\"], means: [reached-decider, reached-other], when: {reason_1: menolak}}\n", ""},
		{lapul, `clause: ["5.7.8.c.menolak.sibuk"]`, `clause: ["5.7.8.c.menolak.sibuk", "5.7.8.c.menolak.meeting"]`},
		{lapul, "[reschedule, sibuk, masih-dijalan, meeting, diterima-lalu-diputus]", "[reschedule, sibuk, masih-dijalan, diterima-lalu-diputus]"},
		{lapul, "[sibuk, masih-dijalan, meeting, diterima-lalu-diputus], call", "[sibuk, masih-dijalan, diterima-lalu-diputus], call"},
		{lapul, "[sibuk, masih-dijalan, meeting, diterima-lalu-diputus]}", "[sibuk, masih-dijalan, diterima-lalu-diputus]}"},
	}
	summary = []edit{
		{lapul, "fields: [status, reason_1, reason_2, call_again_at, remarks]", "fields: [status, reason_1, reason_2, call_again_at, summary, remarks]"},
		{lapul, "  - id: remarks\n", "  - id: summary\n    type: text\n    clause: [\"5.7.8.e\"]\n    label: {id: Ringkasan, en: Summary}\n    when: {status: contacted}\n    max: 200\n  - id: remarks\n"},
	}
	renamed   = []edit{{lapul, "  - id: understood\n", "  - id: paham\n"}}
	reordered = []edit{
		{lapul, "  - id: analyse\n    clause: [\"5.7.6\"]\n    covers: [\"5.7.1\", \"5.7.2\", \"5.7.3\", \"5.7.4\", \"5.7.5\"]\n    kind: read\n    title: {id: Analisis tiket dan update teknisi, en: Analyse the ticket and the technician's update}\n", ""},
		{lapul, "  - {use: common/receiver,", "  - id: analyse\n    clause: [\"5.7.6\"]\n    covers: [\"5.7.1\", \"5.7.2\", \"5.7.3\", \"5.7.4\", \"5.7.5\"]\n    kind: read\n    title: {id: Analisis tiket dan update teknisi, en: Analyse the ticket and the technician's update}\n  - {use: common/receiver,"},
	}
)

// A draft that changes nothing changes nothing, and every turn of the past week comes out again.
func TestUnchangedDraftChangesNothing(t *testing.T) {
	eachFloor(t, func(f *floor) {
		r := f.run(draft(f))
		all := f.recorded("")
		want := replay.Turns{Read: len(all), Replayed: len(all), Same: len(all)}
		if r.Turns != want || len(all) < 150 || len(r.Differences) != 0 || len(r.NotReplayed) != 0 {
			f.Errorf("%d turns are recorded: %s", len(all), asJSON(f, r))
		}
		if len(r.Campaigns) != 7 || r.Hand.BeforeMS != r.Hand.AfterMS || r.Hand.BeforeMS == 0 || r.Questions.Before != r.Questions.After {
			f.Error(asJSON(f, r))
		}
		for _, l := range []phrase.Lang{phrase.ID, phrase.EN} {
			if text := r.Text(l); !strings.Contains(text, phrase.Say(l, "replay.none")) || strings.Contains(text, "replay.") || strings.Contains(text, "{") {
				f.Error(text)
			}
		}
	})
}

// SOP 5.7.8.c.menolak.meeting, 5.7.8.e, 5.7.8.c.sukses.paham, 5.7.6: an option taken away, a field added as required, an outcome renamed
// and a step moved are each named with their clause and with as many turns as the store has of them.
func TestEveryChangeIsNamedWithItsClauseAndCount(t *testing.T) {
	eachFloor(t, func(f *floor) {
		all := f.recorded("fresh-lapul")
		any := func(recorded) bool { return true }
		met := func(r recorded) bool { return r.answers["reason_2"] == "meeting" }
		talked := func(r recorded) bool { return r.answers["status"] == "contacted" }
		understood := func(r recorded) bool { return r.outcome == "understood" }
		meeting := differs(replay.Difference{Campaign: "fresh-lapul", Kind: replay.Illegal, Field: "reason_2", Value: "meeting", Clause: "5.7.8.c", Why: "procedure.no-such-option"}, all, met)
		missing := differs(replay.Difference{Campaign: "fresh-lapul", Kind: replay.Missing, Field: "summary", Clause: "5.7.8.e"}, all, talked)
		asked := differs(replay.Difference{Campaign: "fresh-lapul", Kind: replay.Asked, Field: "summary", Clause: "5.7.8.e"}, all, talked)
		paham := differs(replay.Difference{Campaign: "fresh-lapul", Kind: replay.Outcome, From: "understood", To: "paham", Clause: "5.7.8.c.sukses.paham"}, all, understood)
		moved := differs(replay.Difference{Campaign: "fresh-lapul", Kind: replay.Moved, Value: "analyse", Clause: "5.7.6"}, all, any)
		if meeting.Turns < 2 || missing.Turns < 50 || paham.Turns < 20 || moved.Turns < 100 {
			f.Fatalf("the past week holds too little: %d, %d, %d, %d", meeting.Turns, missing.Turns, paham.Turns, moved.Turns)
		}

		r := f.run(draft(f, noMeeting...))
		f.expect(r, meeting)
		if r.Turns.Refused != meeting.Turns || r.Turns.Changed != meeting.Turns || r.Turns.OtherOutcome != 0 {
			f.Error(asJSON(f, r.Turns))
		}

		r = f.run(draft(f, summary...))
		f.expect(r, missing, asked)
		// M, two keys around it and twenty characters: what a text costs that nobody has written yet
		if more := r.Hand.AfterMS - r.Hand.BeforeMS; r.Turns.Refused != missing.Turns || more != int64(missing.Turns)*(1350+22*280) ||
			r.Questions.After-r.Questions.Before != asked.Turns || r.Questions.NeededAfter-r.Questions.NeededBefore != asked.Turns {
			f.Errorf("%d ms more: %s %s", more, asJSON(f, r.Turns), asJSON(f, r.Questions))
		}

		r = f.run(draft(f, renamed...))
		f.expect(r, paham)
		if r.Turns.OtherOutcome != paham.Turns || r.Turns.Refused != 0 || r.Hand.AfterMS != r.Hand.BeforeMS {
			f.Error(asJSON(f, r.Turns))
		}

		r = f.run(draft(f, reordered...))
		f.expect(r, moved)

		// All at once: a turn that cannot be saved has no outcome, and after a refused answer no question is compared.
		r = f.run(draft(f, slices.Concat(noMeeting, summary, renamed, reordered)...))
		asked = differs(replay.Difference{Campaign: "fresh-lapul", Kind: replay.Asked, Field: "summary", Clause: "5.7.8.e"}, all, func(r recorded) bool { return talked(r) && !met(r) })
		f.expect(r, meeting, missing, asked, moved)
		if r.Turns.Refused != missing.Turns || r.Turns.OtherOutcome != 0 || r.Turns.Changed != moved.Turns {
			f.Error(asJSON(f, r.Turns))
		}
		text := r.Text(phrase.EN)
		for _, line := range []string{
			fmt.Sprintf("fresh-lapul 5.7.8.c reason_2=meeting is refused, there is no such choice. Turns: %d (%s)\n", meeting.Turns, strings.Join(meeting.Examples, ", ")),
			fmt.Sprintf("fresh-lapul 5.7.8.e summary is required and has no answer. Turns: %d (", missing.Turns),
			fmt.Sprintf("fresh-lapul 5.7.6 Step analyse stands at another place. Turns: %d (", moved.Turns),
		} {
			if !strings.Contains(text, line) {
				f.Errorf("%q is not in\n%s", line, text)
			}
		}
	})
}

// An outcome that keeps its name and does something else, a question taken away, an option that another branch has, other calling hours.
func TestWhatElseADraftCanChange(t *testing.T) {
	eachFloor(t, func(f *floor) {
		all := f.recorded("fresh-lapul")
		r := f.run(draft(f, edit{lapul, `Mohon backend memprioritaskan. {remarks}"}`, `Segera. {remarks}"}`}))
		f.expect(r, differs(replay.Difference{Campaign: "fresh-lapul", Kind: replay.Effects, From: "expedite", To: "expedite", Clause: "5.7.8.c.sukses.percepatan"}, all,
			func(r recorded) bool { return r.outcome == "expedite" }))
		if r.Turns.OtherEffects != r.Differences[0].Turns || r.Turns.OtherOutcome+r.Turns.Refused != 0 {
			f.Error(asJSON(f, r.Turns))
		}

		// 5.7.8.d only where it is a must: whom the talk only met at a bad moment is asked no more, and whose time was agreed there ends
		r = f.run(draft(f,
			edit{lapul, "when: {any: [{receiver: other}, {reason_1: reschedule}, {reason_2: [reschedule, sibuk, masih-dijalan, meeting, diterima-lalu-diputus]}]}", "when: {any: [{receiver: other}, {reason_1: reschedule}, {reason_2: reschedule}]}"},
			edit{lapul, `clause: ["5.7.8.d", "A-32"]`, `clause: ["5.7.8.d"]`},
			edit{lapul, "when: {reason_2: [sibuk, masih-dijalan, meeting, diterima-lalu-diputus], call_again_at: given}", "when: {all: [{reason_2: reschedule}, {reason_1: menolak}]}"},
			edit{lapul, "when: {any: [{reason_1: reschedule}, {reason_2: reschedule}]}\n    means", "when: {reason_1: reschedule}\n    means"}))
		bad := func(r recorded) bool {
			return slices.Contains([]string{"sibuk", "masih-dijalan", "meeting", "diterima-lalu-diputus"}, r.answers["reason_2"])
		}
		f.expect(r,
			differs(replay.Difference{Campaign: "fresh-lapul", Kind: replay.Outcome, From: "later", To: "not-now", Clause: "5.7.8.b.contacted.menolak"}, all,
				func(r recorded) bool { return r.outcome == "later" }),
			differs(replay.Difference{Campaign: "fresh-lapul", Kind: replay.Unasked, Field: "call_again_at", Clause: "5.7.8.d"}, all, bad))

		// times are judged as of the moment the turn was finished, so that a promise that was kept long ago is no mistake; under
		// shorter hours those that lie outside them are
		r = f.run(draft(f, edit{lapul, `hours: "08:00-20:00"`, `hours: "08:00-12:00"`}))
		outside := func(r recorded) bool {
			at, err := time.Parse(time.RFC3339, r.answers["call_again_at"])
			return err == nil && at.Hour() >= 12 && r.finished < f.allDay()
		}
		want := differs(replay.Difference{Campaign: "fresh-lapul", Kind: replay.Illegal, Field: "call_again_at", Clause: "5.7.8.d", Why: "desk.time-outside-hours"}, all, outside)
		if want.Turns == 0 {
			f.Fatal("nobody agreed a time in the afternoon")
		}
		f.expect(r, want)
	})
}

// allDay is when the site set its calling hours, ms: from then on the document's do not hold.
func (f *floor) allDay() (at int64) {
	f.Helper()
	err := f.store.Read(context.Background(), func(tx *db.Tx) error {
		return tx.Row(`SELECT min(at) FROM journal WHERE act = 'campaign.hours'`).Scan(&at)
	})
	if err != nil {
		f.Fatal(err)
	}
	return at
}

// The same store gives the same bytes, twice, and with one worker, two and five; since a day only what was finished from then on.
func TestSameStoreSameBytes(t *testing.T) {
	eachFloor(t, func(f *floor) {
		book := draft(f, slices.Concat(noMeeting, summary, renamed, reordered)...)
		workers := func(n int) func(*replay.Job) { return func(j *replay.Job) { j.Workers = n } }
		first := f.run(book)
		for _, n := range []int{2, 1, 5, 0} {
			again := f.run(book, workers(n))
			if asJSON(f, again) != asJSON(f, first) || again.Text(phrase.ID) != first.Text(phrase.ID) {
				f.Errorf("%d workers say\n%s\nand before it was\n%s", n, asJSON(f, again), asJSON(f, first))
			}
		}
		day := time.Date(2026, 11, 21, 0, 0, 0, 0, documenttest.Site)
		late, _ := counted(f.recorded(""), func(r recorded) bool { return r.finished >= day.UnixMilli() })
		r := f.run(book, func(j *replay.Job) { j.Since = day })
		if r.Turns.Read != late || late == 0 || late == first.Turns.Read || r.Since != "2026-11-21" {
			f.Errorf("since %s: %d turns, want %d", r.Since, r.Turns.Read, late)
		}
		for _, private := range []string{"152999", "628999", "rekaan"} {
			if strings.Contains(asJSON(f, first)+first.Text(phrase.EN), private) {
				f.Errorf("the report holds %q", private)
			}
		}
	})
}

// What does not come out again under its own revision is counted with its reason, and so is a campaign that the draft has not.
func TestTurnsThatCannotBeReplayedAreCounted(t *testing.T) {
	eachFloor(t, func(f *floor) {
		var ids []db.ID
		var refs []string
		f.do(func(tx *db.Tx) error {
			err := tx.Each(`SELECT t.id, t.ref FROM turn t JOIN outcome o ON o.turn = t.id WHERE t.code = 'fresh-lapul' AND o.code = 'understood' ORDER BY t.id LIMIT 6`, nil, func(s db.Scanner) error {
				var id db.ID
				var ref string
				err := s.Scan(&id, &ref)
				ids, refs = append(ids, id), append(refs, ref)
				return err
			})
			for i, query := range []string{
				`UPDATE turn SET revision = 9 WHERE id = $1`, `UPDATE turn SET hash = 'another' WHERE id = $1`,
				`UPDATE attempt SET line = 'no-answer', talk_s = 0 WHERE turn = $1`, `UPDATE outcome SET code = 'slg' WHERE turn = $1`,
				`UPDATE outcome SET means = 'reached-other' WHERE turn = $1`, `UPDATE turn SET code = 'carring-lama' WHERE id = $1`,
			} {
				if err == nil {
					_, err = tx.Exec(query, ids[i])
				}
			}
			return err
		})
		r := f.run(draft(f))
		one := func(i int, e replay.Excuse) replay.Excuse {
			e.Campaign, e.Turns, e.Examples = "fresh-lapul", 1, refs[i:i+1]
			e.Revision = max(e.Revision, 2)
			return e
		}
		want := []replay.Excuse{
			one(1, replay.Excuse{Reason: replay.OtherHash}),
			one(4, replay.Excuse{Reason: replay.OwnMeaning, From: "reached-other", To: "reached-decider", Clause: "5.7.8.c.sukses.paham"}),
			one(3, replay.Excuse{Reason: replay.OwnOutcome, From: "slg", To: "understood", Clause: "5.7.8.c.sukses.paham"}),
			one(2, replay.Excuse{Reason: replay.OwnRefused, Field: "receiver", Clause: "5.2.8.who", Why: "procedure.not-on-offer"}),
			one(0, replay.Excuse{Reason: replay.NoRevision, Revision: 9}),
		}
		if got, wanted := asJSON(f, r.NotReplayed), asJSON(f, want); got != wanted {
			f.Errorf("not replayed are\n%s\nwant\n%s", got, wanted)
		}
		n := len(f.recorded(""))
		if wanted := (replay.Turns{Read: n, Replayed: n - 6, NotReplayed: 5, LeftOut: 1, Same: n - 6}); r.Turns != wanted || len(r.LeftOut) != 1 || r.LeftOut[0].Code != "carring-lama" {
			f.Errorf("%s, want %s; left out %s", asJSON(f, r.Turns), asJSON(f, wanted), asJSON(f, r.LeftOut))
		}
		text := r.Text(phrase.EN)
		for _, says := range []string{"count in nothing above: 5\n", "fresh-lapul rev 09", "Recorded was slg", "The draft does not have carring-lama. Turns: 1.", "Turns: 1 (" + refs[3] + ")"} {
			if !strings.Contains(text, says) {
				f.Errorf("%q is not in\n%s", says, text)
			}
		}
	})
}

func (f *floor) do(act func(tx *db.Tx) error) {
	f.Helper()
	if err := f.store.Write(context.Background(), act); err != nil {
		f.Fatal(err)
	}
}

// A draft of a document that the store does not run is refused.
func TestAnotherDocumentIsRefused(t *testing.T) {
	s, _ := dbtest.SQLite(t)
	_, err := replay.Job{Store: s, Library: &document.Library{}, Draft: draft(t), Site: documenttest.Site}.Run(context.Background())
	if f := fault.Of(err); f == nil || f.Key != "replay.other-document" || f.Kind != fault.Conflict {
		t.Error(err)
	}
}
