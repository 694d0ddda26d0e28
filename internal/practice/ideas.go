package practice

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"sapa/internal/db"
	"sapa/internal/form"
	"sapa/internal/lead"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// batch is a list of a leader: dealt, worked, sent (SOP 5.8).
type batch struct {
	name   string
	id     db.ID
	agents []int // to whom it is dealt, of the leader's own team
	rows   int   // dealt
	left   int   // that the leader still has
}

// deal brings a leader's list in and deals it evenly, but for what the leader keeps for later (SOP 5.8.1.source,
// 5.8.1.distribute).
func (f *floor) deal(tx *db.Tx, b *batch, at time.Time, draw func() invented) error {
	tx.Now = at.UTC().Truncate(time.Millisecond)
	leader := f.leaders[0]
	by := leader.Actor(who.System)
	sum := sha256.Sum256([]byte(b.name))
	kept, _, err := form.NewBatch(tx, by, form.Batch{Kind: form.Ideas, Name: b.name, Digest: hex.EncodeToString(sum[:]), DueAt: tx.Now.Add(7 * time.Hour), Rows: b.rows + b.left})
	if err != nil {
		return err
	}
	b.id = kept.ID
	for i := range b.rows + b.left {
		c := draw()
		n := fitting(ideasNotes, c, f.rnd.IntN)
		no := fmt.Sprintf("IDE-%s-%02d", tx.Now.In(f.Site).Format("0201-1504"), i+1)
		t, _, err := ticket.Open(tx, by, ticket.New{Campaign: "ideas", Ref: no, ServiceNo: c.internet, Customer: c.ID, ContactName: c.Name, Contacts: []ticket.Contact{{Phone: c.Phone}},
			Note: n.fill(c, tx.Now, tx.Now), Zone: c.Zone, Source: "practice", Owner: leader.ID, Fields: map[string]string{"batch": b.name, "list_no": no}, Quiet: true})
		if err != nil {
			return err
		}
		f.topics[t.ID] = n.topic
		if err := form.Deal(tx, by, b.id, t.ID, leader.ID, no); err != nil {
			return err
		}
	}
	var shares []lead.Share
	for _, i := range b.agents {
		shares = append(shares, lead.Share{Agent: f.people[i].ID, N: b.rows / len(b.agents)})
	}
	_, err = lead.Deal(tx, by, f.Seat.Hub, b.id, shares, tx.Now.Add(-24*time.Hour))
	return err
}

// fitting picks a note that can be this customer's.
func fitting(all []note, c invented, intN func(int) int) note {
	var fit []note
	for _, n := range all {
		if n.fits(c) {
			fit = append(fit, n)
		}
	}
	return fit[intN(len(fit))]
}

// send freezes the form of one agent, when there is a row on it (SOP 5.8.6).
func (f *floor) send(tx *db.Tx, b *batch, agent int) error {
	p := f.people[agent]
	open, err := form.OpenOf(tx, form.Ideas, b.id, p.ID)
	if none(err) {
		return nil
	}
	if err == nil {
		_, err = f.Seat.SendForm(tx, p.Actor(who.System), open.ID)
	}
	return err
}

// receive lets the leader take what has been sent of a batch.
func (f *floor) receive(tx *db.Tx, b *batch) error {
	sent, err := form.List(tx, form.Filter{Kind: form.Ideas, State: form.Sent, Batch: b.id})
	for _, s := range sent {
		if _, err := lead.ReceiveForm(tx, f.leaders[0].Actor(who.System), f.Seat.Hub, s.ID); err != nil {
			return err
		}
	}
	return err
}

// planIdeas plans yesterday's list, which is done, and today's: dealt to three agents, one of whom has sent their form
// already, one has begun, and one - the floor's first - has it before them. Some of it the leader has not dealt yet.
func (w *week) planIdeas() {
	morning := w.midnight.AddDate(0, 0, -1).Add(8*time.Hour + 10*time.Minute)
	yesterday := &batch{name: "Ideas " + morning.In(w.Site).Format("02-01-2006") + " (rekaan)", agents: []int{0, 4, 10}, rows: 9}
	w.do(morning, func(tx *db.Tx) error { return w.deal(tx, yesterday, morning, w.somebody) })
	for i := range 2 * yesterday.rows { // once each, and again for whom nobody answered
		w.plan(moment{at: morning.Add(time.Duration(25+i*11) * time.Minute), agent: yesterday.agents[i%3], meant: freely, codes: []string{"ideas"}})
	}
	for i, agent := range yesterday.agents {
		w.do(morning.Add(5*time.Hour+time.Duration(i)*9*time.Minute), func(tx *db.Tx) error { return w.send(tx, yesterday, agent) })
	}
	w.do(morning.Add(6*time.Hour), func(tx *db.Tx) error { return w.receive(tx, yesterday) })

	dealt := w.now.Add(-108 * time.Minute)
	today := &batch{name: "Ideas " + w.now.In(w.Site).Format("02-01-2006") + " siang (rekaan)", agents: []int{0, 18, 20}, rows: 12, left: 6}
	w.do(dealt, func(tx *db.Tx) error { return w.deal(tx, today, dealt, w.somebody) })
	for i := range 4 {
		w.plan(moment{at: dealt.Add(time.Duration(14+i*13) * time.Minute), agent: 18, meant: freely, codes: []string{"ideas"}})
	}
	w.plan(moment{at: dealt.Add(37 * time.Minute), agent: 20, meant: freely, codes: []string{"ideas"}})
	w.do(dealt.Add(92*time.Minute), func(tx *db.Tx) error { return w.send(tx, today, 18) })
}
