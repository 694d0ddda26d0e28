package intake_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"sapa/internal/db"
	reports "sapa/internal/form"
	"sapa/internal/intake"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

const ideasFile = "ref,phone,note,fields.list_no\nID-1,089990001111,Kuota cepat habis,7\nID-2,089990001112,Tagihan naik,8\nID-3,8.12E+11,Rusak,9\n"

// brings imports an Ideas list as somebody.
func (f *floor) brings(by who.Actor, list intake.List, file string) (intake.Report, []intake.Refusal, error) {
	f.Helper()
	var refused []intake.Refusal
	report, err := f.desk.Import(context.Background(), f.store, intake.Job{By: by, Campaign: "ideas", Name: "ideas_new 23-11.csv", List: list,
		File: strings.NewReader(file), Size: int64(len(file)), Refused: func(r intake.Refusal) { refused = append(refused, r) }})
	return report, refused, err
}

func (f *floor) dealtTo(batch, agent db.ID) (refs []string) {
	f.Helper()
	f.must(func(tx *db.Tx) error {
		deals, err := reports.DealtTo(tx, batch, agent)
		for _, d := range deals {
			refs = append(refs, d.No)
		}
		return err
	})
	return refs
}

// SOP 5.8.1.source: the leader brings the list in; each row has its verdict, the same file twice adds nothing, and until they are
// dealt the tickets are nobody's but the leader's.
func TestAnIdeasListIsABatchOfItsLeader(t *testing.T) {
	onFloor(t, func(f *floor) {
		tuti := f.actor("tuti", who.Leader)
		for run := range 2 {
			report, refused, err := f.brings(tuti, intake.List{}, ideasFile)
			if err != nil {
				f.Fatal(err)
			}
			if run == 0 && report.Opened != 2 || run == 1 && report.Already != 2 || report.Refused != 1 {
				f.Fatalf("run %d: %+v", run, report)
			}
			if len(refused) != 1 || refused[0].Line != 4 || refused[0].Column != "phone (B)" {
				f.Errorf("refused %+v", refused)
			}
			b := report.Batch
			if b.Name != "ideas_new 23-11" || b.Rows != 2 || b.Leader != db.ID(tuti.ID) || b.Digest != report.Digest {
				f.Errorf("batch %+v", b)
			}
			if got := strings.Join(f.dealtTo(b.ID, b.Leader), " "); got != "7 8" {
				f.Errorf("run %d: the leader has %s", run, got)
			}
		}
		f.must(func(tx *db.Tx) error {
			one, err := ticket.ByRef(tx, "ideas", "ID-1")
			if err == nil && (!one.Dealt() || one.Owner != db.ID(tuti.ID) || one.Fields["batch"] != "ideas_new 23-11" || one.Fields["list_no"] != "7") {
				f.Errorf("ticket %+v", one)
			}
			return err
		})
		// The corrected file brings what was missing, and only that is the new list.
		report, _, err := f.brings(tuti, intake.List{Name: "Perbaikan", DueAt: f.clock.Now().Add(time.Hour)}, strings.Replace(ideasFile, "8.12E+11", "089990001113", 1))
		if err != nil || report.Opened != 1 || report.Already != 2 || report.Batch.Rows != 1 || report.Batch.Name != "Perbaikan" || report.Batch.DueAt.IsZero() {
			f.Errorf("corrected: %+v %v", report, err)
		}
	})
}

// An import that was stopped between the tickets and their list goes on where it was.
func TestAnIdeasListGoesOnAfterAStop(t *testing.T) {
	onFloor(t, func(f *floor) {
		tuti := f.actor("tuti", who.Leader)
		f.must(func(tx *db.Tx) error { // as the acts before the stop left it
			_, _, err := ticket.Open(tx, tuti, ticket.New{Campaign: "ideas", Ref: "ID-1", Owner: db.ID(tuti.ID), Zone: "Asia/Jakarta", Source: "import",
				Contacts: []ticket.Contact{{Phone: "+6289990001111"}}, Fields: map[string]string{"list_no": "7"}})
			return err
		})
		report, _, err := f.brings(tuti, intake.List{}, ideasFile)
		if err != nil || report.Opened != 1 || report.Already != 1 || report.Batch.Rows != 2 {
			f.Fatalf("%+v %v", report, err)
		}
		if got := strings.Join(f.dealtTo(report.Batch.ID, db.ID(tuti.ID)), " "); got != "7 8" {
			f.Errorf("the leader has %s", got)
		}
	})
}

func TestAnIdeasListNeedsItsLeader(t *testing.T) {
	onFloor(t, func(f *floor) {
		ani := f.actor("ani", who.Agent)
		_, _, err := f.brings(staff.Console, intake.List{}, ideasFile)
		refusedAs(f, err, "intake.list-leader", "leader", "5.8.1.source")
		_, _, err = f.brings(staff.Console, intake.List{Leader: db.ID(ani.ID)}, ideasFile)
		refusedAs(f, err, "intake.list-no-leader", "leader", "5.8.1.source")
		_, _, err = f.brings(f.actor("tuti", who.Leader), intake.List{DueAt: f.clock.Now().Add(-time.Minute)}, ideasFile)
		refusedAs(f, err, "form.due-past", "due_at", "5.8.6")
		if n := f.count(); n != 0 {
			f.Errorf("%d tickets were opened", n)
		}
	})
}
