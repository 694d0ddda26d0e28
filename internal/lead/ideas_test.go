package lead_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/form"
	"sapa/internal/lead"
	"sapa/internal/outbox"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// list puts an Ideas list of n tickets with the leader.
func (f *floor) list(leader who.Actor, name string, n int) (b form.Batch) {
	f.t.Helper()
	f.do(func(tx *db.Tx) (err error) {
		if b, _, err = form.NewBatch(tx, leader, form.Batch{Kind: form.Ideas, Name: name, Digest: name, Rows: n}); err != nil {
			return err
		}
		for i := range n {
			ref := fmt.Sprintf("%s-%02d", name, i+1)
			t, _, err := ticket.Open(tx, leader, ticket.New{Campaign: "ideas", Ref: ref, Zone: "Asia/Jakarta", Source: "import", Owner: b.Leader,
				Contacts: []ticket.Contact{{Phone: "+6289990001111"}}, OpenedAt: tx.Now.Add(-time.Duration(i) * time.Minute)}) // the last of the list is the oldest
			if err != nil {
				return err
			}
			if err := form.Deal(tx, leader, b.ID, t.ID, b.Leader, ref); err != nil {
				return err
			}
		}
		return nil
	})
	return b
}

func (f *floor) deal(b form.Batch, shares ...lead.Share) (dealt []lead.Dealt, err error) {
	f.t.Helper()
	err = f.s.Write(f.t.Context(), func(tx *db.Tx) error {
		dealt, err = lead.Deal(tx, f.tuti, f.hub, b.ID, shares, tx.Now.Add(-time.Hour))
		return err
	})
	return dealt, err
}

func (f *floor) has(b form.Batch, agent who.Actor) string {
	f.t.Helper()
	var nos []string
	f.do(func(tx *db.Tx) error {
		deals, err := form.DealtTo(tx, b.ID, db.ID(agent.ID))
		for _, d := range deals {
			nos = append(nos, d.No)
		}
		return err
	})
	return strings.Join(nos, " ")
}

// SOP 5.8.1.distribute: the leader deals; the oldest go to whoever has least; who got what is kept, the agent's screen hears of it,
// and who has an address gets a letter.
func TestTheLeaderDealsAList(t *testing.T) {
	each(t, func(f *floor) {
		f.do(func(tx *db.Tx) error { return staff.SetEmail(tx, staff.Console, db.ID(f.ani.ID), "ani@rekaan.example") })
		b := f.list(f.tuti, "A", 4)
		screen := f.hub.Subscribe("agent:" + db.ID(f.budi.ID).String())
		dealt, err := f.deal(b, lead.Share{Agent: db.ID(f.ani.ID), N: 1}, lead.Share{Agent: db.ID(f.budi.ID), N: 2})
		if err != nil || len(dealt) != 2 || !dealt[0].Mailed || dealt[1].Mailed {
			t.Fatalf("%+v %v", dealt, err)
		}
		if ani, budi, left := f.has(b, f.ani), f.has(b, f.budi), f.has(b, f.tuti); ani != "A-04" || budi != "A-03 A-02" || left != "A-01" {
			t.Errorf("ani %q, budi %q, left %q", ani, budi, left)
		}
		if got := f.event(screen); got != "dealt "+b.ID.String() {
			t.Errorf("budi hears %q", got)
		}
		f.do(func(tx *db.Tx) error {
			letters, err := outbox.List(tx, outbox.Filter{App: outbox.Mail})
			if len(letters) != 1 || letters[0].Kind != outbox.DealLetter || letters[0].Payload != b.ID.String()+"/"+db.ID(f.ani.ID).String() {
				t.Errorf("letters %+v", letters)
			}
			one, err2 := ticket.ByRef(tx, "ideas", "A-04")
			if err2 == nil && one.Owner != db.ID(f.ani.ID) {
				t.Errorf("A-04 is %d's", one.Owner)
			}
			if err == nil {
				err = err2
			}
			return err
		})
		f.do(func(tx *db.Tx) error {
			board, err := lead.LookIdeas(tx, f.tuti, tx.Now.Add(-time.Hour))
			if err != nil {
				return err
			}
			if len(board.Lists) != 1 || board.Lists[0].Left != 1 || len(board.Lists[0].Shares) != 2 {
				t.Errorf("lists %+v", board.Lists)
			}
			for i, p := range board.Agents {
				if want := map[string]int{"ani": 1, "budi": 2}[p.Login]; board.Loads[i].Waiting != want || board.Loads[i].Total() != want {
					t.Errorf("%s has %+v", p.Login, board.Loads[i])
				}
			}
			return nil
		})
		// The next list weighs what they have already: budi has two, so the oldest of these go to ani first.
		c := f.list(f.tuti, "C", 3)
		if _, err := f.deal(c, lead.Share{Agent: db.ID(f.budi.ID), N: 1}, lead.Share{Agent: db.ID(f.ani.ID), N: 2}); err != nil {
			t.Fatal(err)
		}
		if ani, budi := f.has(c, f.ani), f.has(c, f.budi); ani != "C-03 C-01" || budi != "C-02" {
			t.Errorf("ani %q, budi %q", ani, budi)
		}
	})
}

func TestADealThatDoesNotFitDealsNothing(t *testing.T) {
	each(t, func(f *floor) {
		b := f.list(f.tuti, "A", 2)
		ani, budi := db.ID(f.ani.ID), db.ID(f.budi.ID)
		f.do(func(tx *db.Tx) error { return staff.SetCampaigns(tx, staff.Console, budi, []string{"callback"}) })
		for name, one := range map[string]struct {
			shares []lead.Share
			kind   fault.Kind
			key    string
		}{
			"none":                 {nil, fault.Invalid, "lead.deal-none"},
			"nothing for anybody":  {[]lead.Share{{Agent: ani}}, fault.Invalid, "lead.deal-none"},
			"more than there are":  {[]lead.Share{{Agent: ani, N: 3}}, fault.Conflict, "lead.deal-many"},
			"less than none":       {[]lead.Share{{Agent: ani, N: -1}}, fault.Invalid, "lead.deal-number"},
			"an agent twice":       {[]lead.Share{{Agent: ani, N: 1}, {Agent: ani, N: 1}}, fault.Invalid, "lead.deal-number"},
			"no agent":             {[]lead.Share{{Agent: db.ID(f.rina.ID), N: 1}}, fault.Invalid, "lead.deal-agent"},
			"without the campaign": {[]lead.Share{{Agent: budi, N: 1}}, fault.Invalid, "lead.deal-agent"},
		} {
			_, err := f.deal(b, one.shares...)
			if e := fault.Of(err); e == nil || e.Kind != one.kind || e.Key != one.key {
				t.Errorf("%s: %v, want %s", name, err, one.key)
			}
		}
		f.refused(fault.Forbidden, "staff.may-not", func(tx *db.Tx) error {
			_, err := lead.Deal(tx, f.ani, f.hub, b.ID, []lead.Share{{Agent: ani, N: 1}}, tx.Now)
			return err
		})
		if left := f.has(b, f.tuti); left != "A-01 A-02" {
			t.Errorf("left %q", left)
		}
	})
}

// A list of another team's leader is not there, nor are the forms of it.
func TestAnotherTeamsListIsNotThere(t *testing.T) {
	each(t, func(f *floor) {
		var other who.Actor
		f.do(func(tx *db.Tx) error {
			team, err := staff.TeamNamed(tx, staff.Console, "Regu Lain")
			if err != nil {
				return err
			}
			p, err := staff.Add(tx, staff.Console, staff.Person{Login: "lia", Name: "Lia Rekaan", Role: who.Leader, Team: team})
			other = p.Actor(who.Page)
			return err
		})
		b := f.list(f.tuti, "A", 1)
		f.refused(fault.Missing, "form.no-batch", func(tx *db.Tx) error {
			_, err := lead.Deal(tx, other, f.hub, b.ID, []lead.Share{{Agent: db.ID(f.ani.ID), N: 1}}, tx.Now)
			return err
		})
		f.do(func(tx *db.Tx) error {
			board, err := lead.LookIdeas(tx, other, tx.Now)
			if len(board.Lists)+len(board.Agents) != 0 {
				t.Errorf("%+v", board)
			}
			return err
		})
	})
}

// SOP 5.8.6: the leader receives what was sent; what is still being filled is not there.
func TestTheLeaderReceivesAForm(t *testing.T) {
	each(t, func(f *floor) {
		b := f.list(f.tuti, "A", 1)
		if _, err := f.deal(b, lead.Share{Agent: db.ID(f.ani.ID), N: 1}); err != nil {
			t.Fatal(err)
		}
		var id db.ID
		f.do(func(tx *db.Tx) error {
			r, err := form.File(tx, f.ani, form.Ideas, b.ID, form.Row{Ticket: 1, Turn: 1, Status: form.Contacted, Reason: form.FCR, Remarks: "normal"})
			id = r.Form
			return err
		})
		receive := func(tx *db.Tx) error { _, err := lead.ReceiveForm(tx, f.tuti, f.hub, id); return err }
		f.refused(fault.Missing, "form.none", receive)
		f.do(func(tx *db.Tx) error { _, err := form.Send(tx, f.ani, id); return err })
		f.do(func(tx *db.Tx) error {
			if n, err := lead.FormsWaiting(tx, f.tuti); n != 1 || err != nil {
				t.Errorf("%d wait, %v", n, err)
			}
			return nil
		})
		screen := f.hub.Subscribe("agent:" + db.ID(f.ani.ID).String())
		f.do(receive)
		f.do(receive)
		if got := f.event(screen); got != "form "+id.String() {
			t.Errorf("ani hears %q", got)
		}
		f.do(func(tx *db.Tx) error {
			got, _, rows, err := lead.OpenForm(tx, f.tuti, id)
			if got.State != form.Received || got.ReceivedBy != db.ID(f.tuti.ID) || len(rows) != 1 {
				t.Errorf("%+v %d rows", got, len(rows))
			}
			return err
		})
	})
}
