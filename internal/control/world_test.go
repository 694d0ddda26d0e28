package control_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"sapa/internal/control"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/document"
	"sapa/internal/document/documenttest"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// People of the invented floor.
var (
	citra = who.Actor{ID: 901, Login: "citra", Role: who.Controller, Via: who.Page}
	adi   = who.Actor{ID: 902, Login: "adi", Role: who.Approver, Via: who.Page}
	qori  = who.Actor{ID: 903, Login: "qori", Role: who.Quality, Via: who.Page}
)

// archive is a store with a register and things of all ages in it.
type archive struct {
	*testing.T
	s *db.DB
	c *dbtest.Clock
	p *control.Purger
}

func everyArchive(t *testing.T, f func(f *archive)) {
	t.Helper()
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		c.Set(time.Date(2021, 3, 1, 2, 0, 0, 0, time.UTC)) // things begin to be old
		f(&archive{t, s, c, &control.Purger{Store: s}})
	})
}

func (f *archive) try(act func(tx *db.Tx) error) error { return f.s.Write(context.Background(), act) }

func (f *archive) do(act func(tx *db.Tx) error) {
	f.Helper()
	if err := f.try(act); err != nil {
		f.Fatal(err)
	}
}

// months are how long each kind is kept in these tests.
var months = map[string]int{document.KindResults: 24, document.KindTickets: 36, document.KindTroubles: 24, document.KindForms: 12, document.KindLetters: 12, document.KindContacts: 18}

// register fills the register; ended makes tickets and results stay until their service has ended.
func (f *archive) register(ended bool) {
	f.Helper()
	f.do(func(tx *db.Tx) error {
		for _, kind := range document.GovernedKinds {
			r := document.ProposeRecordRule(kind)
			r.Name, r.Position = "Rekaman "+kind, "Document Controller (rekaan)"
			if m := months[kind]; m > 0 {
				r.Amount, r.Unit = m, "months"
			}
			if ended && (kind == document.KindTickets || kind == document.KindResults) {
				r.Basis = document.FromEnd
			}
			if _, err := document.PutRecordRule(tx, citra, r); err != nil {
				return err
			}
		}
		return nil
	})
}

// turns lets the purger work until nothing is left.
func (f *archive) turns() (n int) {
	f.Helper()
	for {
		worked, err := f.p.Turn(context.Background())
		if err != nil {
			f.Fatal(err)
		}
		if !worked {
			return n
		}
		if n++; n > 10_000 {
			f.Fatal("the purger never comes to an end")
		}
	}
}

func (f *archive) list() (p document.Purge) {
	f.Helper()
	f.do(func(tx *db.Tx) (err error) {
		p, err = document.DrawPurge(tx, citra, documenttest.Site)
		return err
	})
	f.turns()
	return f.purge(p.ID)
}

func (f *archive) purge(id db.ID) (p document.Purge) {
	f.Helper()
	f.do(func(tx *db.Tx) (err error) {
		p, err = document.PurgeOf(tx, id)
		return err
	})
	return p
}

func (f *archive) approve(p document.Purge) {
	f.Helper()
	f.do(func(tx *db.Tx) error { _, err := document.AskPurge(tx, citra, p.ID, p.Digest); return err })
	f.do(func(tx *db.Tx) error { _, err := document.ConfirmPurge(tx, adi, p.ID, p.Digest); return err })
}

// thing is what a test knows of one row.
type thing struct {
	id      db.ID
	kind    string
	no      int
	service int // 0: none
	owner   int // its customer; 0: none
	at      time.Time
	closed  bool
	source  *thing   // of a letter, a row, a trouble ticket: the ticket
	rows    []*thing // of a form
	notes   []*thing // of a trouble ticket: tickets in whose turns it was written
	marked  []*thing // and in whose turns it was marked
	parent  *thing
	gamas   bool
	turns   []db.ID
	along   []*thing // tickets that went along in its calls
	asked   bool     // a request to register came from it
}

// world is what was put in, with the oracle's own idea of the rules.
type world struct {
	f       *archive
	r       *rand.Rand
	things  []*thing
	owners  map[int]db.ID // customers
	of      map[int]int   // service -> customer
	ended   map[int]time.Time
	dead    map[int][]time.Time // customer -> when numbers died
	holds   map[string]bool     // kind:no
	now     time.Time
	byEnd   bool
	nextDay int
}

func serviceNo(i int) string {
	if i == 0 {
		return ""
	}
	return fmt.Sprintf("15290000%04d", i)
}

func (w *world) exec(tx *db.Tx, query string, args ...any) {
	w.f.Helper()
	if _, err := tx.Exec(query, args...); err != nil {
		w.f.Fatalf("%s: %v", query, err)
	}
}

func (w *world) chance(percent int) bool { return w.r.IntN(100) < percent }

// make fills a floor month by month, so that ids are as old as what they name.
func (f *archive) make(seed uint64, tickets int) *world {
	f.Helper()
	w := &world{f: f, r: rand.New(rand.NewPCG(seed, 7)), owners: map[int]db.ID{}, of: map[int]int{}, ended: map[int]time.Time{}, dead: map[int][]time.Time{}, holds: map[string]bool{}}
	f.do(func(tx *db.Tx) error {
		for i := 1; i <= 9; i++ {
			id := tx.NewID()
			w.owners[i] = id
			w.exec(tx, `INSERT INTO customer(id, name, class, zone, phone) VALUES ($1, $2, 'REGULER', 'Asia/Jakarta', '+6281200000001')`, id, fmt.Sprintf("Pelanggan Rekaan %d", i))
		}
		for i := 1; i <= 20; i++ {
			w.of[i] = 1 + w.r.IntN(9)
			end := int64(0)
			if w.chance(60) {
				w.ended[i] = tx.Now.AddDate(0, 1+w.r.IntN(60), 0)
				end = db.Millis(w.ended[i])
			}
			w.exec(tx, `INSERT INTO service(no, kind, customer, ended_at) VALUES ($1, 'internet', $2, $3)`, serviceNo(i), w.owners[w.of[i]], end)
		}
		return nil
	})
	const atOnce = 5 // tickets of one moment
	for from := 0; from < tickets; from += atOnce {
		f.c.Advance(atOnce * 66 * 30 * 24 * time.Hour / time.Duration(tickets))
		f.do(func(tx *db.Tx) error {
			for n := from; n < from+atOnce; n++ {
				w.ticket(tx, n)
			}
			return nil
		})
	}
	f.c.Set(time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC))
	f.do(func(tx *db.Tx) error {
		for i := 1; i <= 9; i++ {
			for j := range w.r.IntN(4) {
				at := tx.Now.AddDate(0, -w.r.IntN(36), -1)
				w.dead[i] = append(w.dead[i], at)
				w.exec(tx, `INSERT INTO customer_contact(phone, customer, id, place, dead_at, dead_how) VALUES ($1, $2, $3, $4, $5, 'told')`,
					fmt.Sprintf("+62811%04d%03d", i, j), w.owners[i], tx.NewID(), j, db.Millis(at))
			}
			w.exec(tx, `INSERT INTO customer_contact(phone, customer, id, place) VALUES ('+6281200000001', $1, $2, 9)`, w.owners[i], tx.NewID())
		}
		return nil
	})
	w.now = f.c.Now()
	if _, err := ticket.Fill(context.Background(), f.s, 100_000); err != nil {
		f.Fatal(err)
	}
	return w
}

// ticket makes one with all that hangs on it.
func (w *world) ticket(tx *db.Tx, n int) {
	t := &thing{id: tx.NewID(), kind: document.KindTickets, no: n, at: tx.Now.Add(time.Hour), closed: w.chance(85)}
	if w.chance(90) {
		t.service = 1 + w.r.IntN(20)
	}
	if t.owner = w.of[t.service]; t.owner == 0 && w.chance(50) {
		t.owner = 1 + w.r.IntN(9)
	}
	state, reason, awake := "waiting", "", 1
	if t.closed {
		state, reason, awake = "closed", "done", 0
		if w.chance(10) {
			state, reason = "void", ""
		}
	}
	w.exec(tx, `INSERT INTO ticket(id, campaign, ref, state, subject, customer, service_no, contact_name, contact, contacts, zone, source, fields, opened_at, opened_by, pool, rank, order_at, awake, closed_reason, changed_at)
		VALUES ($1, 'callback', $2, $3, $4, $5, $6, 'Nama Rekaan', '+6281311110000', '[{"phone":"+6281311110000"}]', 'Asia/Jakarta', 'test', '{}', $7, 0, 'callback@Asia/Jakarta', 2, $7, $8, $9, $10)`,
		t.id, fmt.Sprintf("CB-%05d", n), state, fmt.Sprintf("service:%s-%d", serviceNo(t.service), n), w.owners[t.owner], serviceNo(t.service), db.Millis(tx.Now), awake, reason, db.Millis(t.at))
	w.exec(tx, `INSERT INTO ticket_unsearched(id, ticket) VALUES ($1, $1)`, t.id)
	w.things = append(w.things, t)
	for range w.r.IntN(3) {
		turn := tx.NewID()
		t.turns = append(t.turns, turn)
		w.exec(tx, `INSERT INTO turn(id, ticket, subject, ref, agent, code, revision, hash, claimed_at, read_at, finished_at, answers) VALUES ($1, $2, 's', 'r', 5, 'IN.OCC.TELK.W-18', 2, 'h', $3, $3, $4, '{}')`,
			turn, t.id, db.Millis(tx.Now), db.Millis(tx.Now.Add(time.Minute)))
		w.exec(tx, `INSERT INTO outcome(id, turn, ticket, agent, campaign, code, means, at, follow, closed_reason, before, version) VALUES ($1, $2, $3, 5, 'callback', 'c', 'm', $4, 'closed', 'done', '{}', 2)`,
			tx.NewID(), turn, t.id, db.Millis(tx.Now))
		w.exec(tx, `INSERT INTO attempt(id, turn, ticket, agent, number, dialler, line, dialled_at, answered_at, ended_at, talk_s) VALUES ($1, $2, $3, 5, '+6281311110000', 'manual', 'answered', $4, $4, $5, 9)`,
			tx.NewID(), turn, t.id, db.Millis(tx.Now), db.Millis(tx.Now.Add(time.Minute)))
		w.exec(tx, `INSERT INTO act_draft(turn, act, answers, version) VALUES ($1, 'trouble', '{}', 1)`, turn)
	}
	for range w.r.IntN(3) {
		l := &thing{id: tx.NewID(), kind: document.KindLetters, source: t, closed: w.chance(92), at: tx.Now.AddDate(0, w.r.IntN(9), 0)}
		state, settled := "open", int64(0)
		if l.closed {
			state, settled = []string{"done", "withdrawn"}[w.r.IntN(2)], db.Millis(l.at)
		}
		w.exec(tx, `INSERT INTO promise(id, ticket, turn, seq, app, kind, text, clause, state, made_by, made_at, not_before, settled_at) VALUES ($1, $2, $1, 1, 'sephia', 'note', 'x', '5.7', $3, 5, $4, $4, $5)`,
			l.id, t.id, state, db.Millis(tx.Now), settled)
		w.things = append(w.things, l)
	}
	if w.chance(40) {
		w.trouble(tx, t)
	}
	if len(t.turns) > 0 && w.chance(35) {
		w.row(tx, t)
	}
	if before := w.past(document.KindTickets, t); before != nil && len(before.turns) > 0 && len(t.turns) > 0 && len(before.along) == 0 && w.chance(20) {
		lead, other := before, t // the older one's call, the newer went along
		w.exec(tx, `INSERT INTO along(turn, lead, ticket) VALUES ($1, $2, $3)`, other.turns[0], lead.turns[0], other.id)
		lead.along = append(lead.along, other)
	}
	if w.chance(5) {
		t.asked = true
		w.exec(tx, `INSERT INTO package(code, name, price, offered, changed_at) VALUES ('P', 'Paket', 1, 1, 1) ON CONFLICT DO NOTHING`)
		w.exec(tx, `INSERT INTO registration(id, no, state, ticket, name, phone, address, package, price, sto, made_at, made_by, changed_at) VALUES ($1, $2, 'waiting', $3, 'N', $2, 'A', 'P', 1, 'MLG', 1, 5, 1)`,
			tx.NewID(), fmt.Sprintf("SC%09d", w.next()), t.id)
	}
}

func (w *world) next() int { w.nextDay++; return w.nextDay }

// past picks a thing of a kind that is there already, not itself; nil when there is none.
func (w *world) past(kind string, not *thing) *thing {
	var all []*thing
	for _, t := range w.things {
		if t.kind == kind && t != not {
			all = append(all, t)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all[w.r.IntN(len(all))]
}

func (w *world) trouble(tx *db.Tx, source *thing) {
	x := &thing{id: tx.NewID(), kind: document.KindTroubles, no: w.next(), service: source.service, owner: source.owner, source: source, closed: w.chance(85), at: tx.Now.AddDate(0, w.r.IntN(4), 0), gamas: w.chance(4)}
	if w.chance(15) {
		x.parent = w.past(document.KindTroubles, x)
		for p := x.parent; p != nil; p = p.parent {
			if p.parent != nil { // one level, as the house has it
				x.parent = nil
			}
		}
		if x.parent != nil && slices.ContainsFunc(w.things, func(t *thing) bool { return t.parent == x }) {
			x.parent = nil
		}
	}
	state, open, from, since, closed := "CLOSED", 0, "my-cx", int64(0), db.Millis(x.at)
	if !x.closed {
		state, open, since, closed = "ANALYSIS", 1, 1, 0
	}
	if x.gamas {
		from = "gamas"
	}
	parent := db.ID(0)
	if x.parent != nil {
		parent = x.parent.id
	}
	w.exec(tx, `INSERT INTO trouble_move(trouble, seq, prev, was, move, became, old_group, new_group, classification, reason, by_id, turn, at, before) VALUES ($1, 1, NULL, '', 'arrive', $2, '', '', '', '', 5, 0, 1, '{}')`, x.id, state)
	w.exec(tx, `INSERT INTO trouble(id, no, service_no, service, customer, customer_name, customer_class, state, open, beside, steps, subject, symptom, classification, owner_group, owner, contact_name, contact_email, contact_mobile,
			hard_complaint, urgency, fcr, description, booking_status, booking, measurement, source_ticket, source, parent, parent_no, sto, witel, closing_reason, lapul, gaul, reopens, priority, marks, opened_at, opened_by,
			resolved_at, resolved_by, closed_at, state_at, noted_at, noted, ttr_s, ttr_since, fed_state, fed_group, fed_at)
		VALUES ($1, $2, $3, '', $4, 'N', '', $5, $6, 1, 1, '5 / T2O / N / 1 / tbc / BPN', '', '', '', 0, '', '', '', '', '', 0, '', '', 0, 0, $7, $8, $9, '', '', '', '', 0, 0, 0, '', '[]', $10, 5, $11, 0, $11, $10, 0, 0, 0, $12, '', '', 0)`,
		x.id, fmt.Sprintf("IN%08d", x.no), serviceNo(x.service), w.owners[x.owner], state, open, source.id, from, parent, db.Millis(tx.Now), closed, since)
	if by := source; len(by.turns) > 0 && w.chance(95) {
		if other := w.past(document.KindTickets, source); other != nil && len(other.turns) > 0 && w.chance(75) {
			by = other
		}
		if w.chance(50) {
			x.marked = append(x.marked, by)
			w.exec(tx, `INSERT INTO trouble_mark(trouble, mark, turn, by_id, at) VALUES ($1, 'slg', $2, 5, 1)`, x.id, by.turns[0])
			w.things = append(w.things, x)
			return
		}
		x.notes = append(x.notes, by)
		w.exec(tx, `INSERT INTO trouble_note(id, trouble, type, summary, detail, owner_group, ref, turn, by_id, at) VALUES ($1, $2, 'AGENTNOTE', 's', '', '', '', $3, 5, 1)`, tx.NewID(), x.id, by.turns[0])
	}
	w.things = append(w.things, x)
}

// row files a ticket in a form of its month.
func (w *world) row(tx *db.Tx, t *thing) {
	at := tx.Now.AddDate(0, w.r.IntN(3), 0)
	x := &thing{id: tx.NewID(), kind: document.KindForms, no: w.next(), rows: []*thing{t}, closed: w.chance(85), at: at}
	if other := w.past(document.KindTickets, t); other != nil && len(other.turns) > 0 && w.chance(50) {
		x.rows = append(x.rows, other)
	}
	state, received := "sent", int64(0)
	if x.closed {
		state, received = "received", db.Millis(at)
	}
	w.exec(tx, `INSERT INTO form(id, kind, batch, agent, version, state, sent_at, received_at, digest) VALUES ($1, 'force-close', 0, 5, $2, $3, $4, $5, 'd')`, x.id, x.no, state, db.Millis(tx.Now), received)
	for i, row := range x.rows {
		w.exec(tx, `INSERT INTO form_row(id, form, kind, form_state, seq, ticket, turn, ref, service_no, ticket_no, status, reason, remarks, called_at, at, by_id) VALUES ($1, $2, 'force-close', $3, $4, $5, $6, 'r', '', 'IN1', 'close', '', '', 0, 1, 5)`,
			tx.NewID(), x.id, state, i+1, row.id, row.turns[0])
	}
	w.things = append(w.things, x)
}

// hold puts a hold on one of the kinds, at random.
func (w *world) hold() {
	w.f.Helper()
	h := document.LegalHold{Reason: "Sengketa tagihan (rekaan)"}
	switch w.r.IntN(4) {
	case 0:
		i := 1 + w.r.IntN(9)
		h.Kind, h.Ref, w.holds[fmt.Sprint("customer:", i)] = document.HoldCustomer, w.owners[i], true
	case 1:
		i := 1 + w.r.IntN(20)
		h.Kind, h.ServiceNo, w.holds[fmt.Sprint("service:", i)] = document.HoldService, serviceNo(i), true
	case 2:
		t := w.past(document.KindTickets, nil)
		h.Kind, h.Ref, w.holds[fmt.Sprint("ticket:", t.id)] = document.HoldTicket, t.id, true
	case 3:
		t := w.past(document.KindTroubles, nil)
		if t == nil {
			return
		}
		h.Kind, h.Ref, w.holds[fmt.Sprint("trouble:", t.id)] = document.HoldTrouble, t.id, true
	}
	w.f.do(func(tx *db.Tx) error { _, err := document.PlaceHold(tx, qori, h); return err })
}

// counts counts the rows of every table that a purge could touch, and of some it may not.
func (f *archive) counts() map[string]int {
	f.Helper()
	all := map[string]int{}
	f.do(func(tx *db.Tx) error {
		for _, table := range []string{"ticket", "ticket_search", "turn", "outcome", "attempt", "act_draft", "along", "promise", "form", "form_row", "trouble", "trouble_move", "trouble_note", "trouble_mark",
			"customer", "customer_contact", "service", "registration", "revision", "legal_hold", "record_rule"} {
			var n int
			if err := tx.Row(`SELECT count(*) FROM ` + table).Scan(&n); err != nil {
				return err
			}
			all[table] = n
		}
		return nil
	})
	return all
}

// readable goes through what pages read.
func (w *world) readable() {
	w.f.Helper()
	w.f.do(func(tx *db.Tx) error {
		for _, id := range slices.Sorted(maps.Values(w.owners)) {
			if _, err := customer.Contacts(tx, id); err != nil {
				return err
			}
		}
		if _, err := ticket.Search(tx, who.Scope{All: true}, "nama rekaan"); err != nil {
			return err
		}
		_, err := ticket.Search(tx, who.Scope{All: true}, "0813111100")
		return err
	})
}
