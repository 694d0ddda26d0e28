package intake

import (
	"context"
	"maps"
	"path"
	"strings"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/form"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// List is what a leader says of a file that is an Ideas list (SOP 5.8.1.source): whose it is, what it is called, and when the
// forms are wanted.
type List struct {
	Leader db.ID  // 0: the leader who brings it
	Name   string // "": the file's
	DueAt  time.Time
}

// isList tells whether a campaign's file is a list that a leader deals out.
func isList(campaign string) bool { return campaign == form.Ideas }

// listed settles what the job says of its list, before anything of it is opened.
func (j *Job) listed(tx *db.Tx) error {
	if j.List.Leader == 0 && j.By.Role == who.Leader {
		j.List.Leader = db.ID(j.By.ID)
	}
	if j.List.Leader == 0 {
		return fault.New(fault.Invalid, "intake.list-leader").At("leader", "5.8.1.source")
	}
	leader, err := staff.Get(tx, j.List.Leader)
	switch {
	case err != nil:
		return at(err, "leader", "5.8.1.source")
	case leader.Role != who.Leader || leader.Suspended():
		return fault.New(fault.Invalid, "intake.list-no-leader", "name", leader.Name).At("leader", "5.8.1.source")
	case !j.List.DueAt.IsZero() && !j.List.DueAt.After(tx.Now):
		return fault.New(fault.Invalid, "form.due-past").At("due_at", "5.8.6")
	}
	if j.List.Name == "" {
		base := path.Base(strings.ReplaceAll(j.Name, `\`, "/"))
		j.List.Name = strings.TrimSuffix(base, path.Ext(base))
	}
	return nil
}

// belongs marks a ticket of a list: it waits with the leader, so that nobody is handed it before it is dealt.
func (j Job) belongs(n *ticket.New) {
	n.Owner = j.List.Leader
	n.Fields = maps.Clone(n.Fields) // an act may run again
	n.Fields["batch"] = j.List.Name
	if n.Fields["list_no"] == "" {
		n.Fields["list_no"] = n.Ref
	}
}

// batch makes one list of what the file brought: every ticket of it that no list has yet. Run again after a stop it goes on
// where it was; the same file again adds nothing.
func (r *run) batch(ctx context.Context) error {
	j := r.job
	var rest []ticket.Ticket
	err := r.store.Read(ctx, func(tx *db.Tx) error {
		rest = nil
		for _, ref := range r.refs {
			t, err := ticket.ByRef(tx, j.Campaign, ref)
			if err != nil {
				return err
			}
			switch deal, err := form.DealOf(tx, t.ID); {
			case err == nil && r.report.Batch.ID == 0:
				if r.report.Batch, err = form.GetBatch(tx, deal.Batch); err != nil {
					return err
				}
			case err != nil && !fault.Is(err, fault.Missing):
				return err
			case err != nil && t.State == ticket.Waiting:
				rest = append(rest, t)
			}
		}
		return nil
	})
	if err != nil || len(rest) == 0 {
		return err
	}
	var b form.Batch
	for len(rest) > 0 {
		some := rest[:min(len(rest), 100)]
		err := r.store.Write(ctx, func(tx *db.Tx) (err error) {
			if b.ID == 0 {
				b, _, err = form.NewBatch(tx, j.By, form.Batch{Kind: form.Ideas, Name: j.List.Name, Digest: r.report.Digest, Leader: j.List.Leader,
					DueAt: j.List.DueAt, Rows: len(rest)})
				if err != nil {
					return err
				}
			}
			for _, t := range some {
				if _, err := ticket.Deal(tx, j.By, t.ID, b.Leader); err != nil {
					return err
				}
				if err := form.Deal(tx, j.By, b.ID, t.ID, b.Leader, t.Fields["list_no"]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		rest = rest[len(some):]
	}
	r.report.Batch = b
	return nil
}
