// Package fill makes a store as large as a busy site's, for benches and the load program: invented tickets, most of them
// worked off, with their turns, attempts, outcomes, promises and journal. It goes under the seats where that is faster,
// so it is for measuring only.
package fill

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"sapa/internal/booking"
	"sapa/internal/campaign"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/document"
	"sapa/internal/journal"
	"sapa/internal/line"
	"sapa/internal/phone"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
	"sapa/procedures"
)

// Size of a store.
type Size struct {
	Tickets int // all of them
	Waiting int // of those, still to be worked: half Callback, half Fresh Lapul
	Agents  int
}

// Site is the site of issue 2: 200,000 tickets of which 50,000 wait, 64 agents.
var Site = Size{Tickets: 200_000, Waiting: 50_000, Agents: 64}

const (
	atOnce  = 2000 // tickets a transaction
	worked  = 120  // days over which the worked off ones lie
	subject = 4    // tickets a customer
)

var zones = []string{phone.WIB, phone.WIB, phone.WIB, phone.WIB, phone.WITA, phone.WITA, phone.WIT}

// Campaigns opens the campaigns of the work instruction on a store, seeding it when it is new.
func Campaigns(ctx context.Context, store *db.DB) (*campaign.Campaigns, error) {
	site, err := time.LoadLocation(phone.WIB)
	if err != nil {
		return nil, err
	}
	if err := document.Seed(ctx, store, procedures.FS, site); err != nil {
		return nil, err
	}
	library := &document.Library{}
	return campaign.New(library, "IN.OCC.TELK.W-18"), library.Load(ctx, store)
}

// Store fills a store and gives an API token for each agent. The calling hours are open all day, so that one can measure
// at any hour.
func Store(ctx context.Context, store *db.DB, size Size) (tokens []string, err error) {
	campaigns, err := Campaigns(ctx, store)
	if err != nil {
		return nil, err
	}
	b := &builder{rnd: rand.New(rand.NewPCG(18, 2)), size: size}
	var hash string
	err = store.Write(ctx, func(tx *db.Tx) error {
		b.now = tx.Now
		all, err := campaigns.All(tx)
		for _, c := range all {
			hash = c.Revision.Hash
			if err := campaigns.SetHours(tx, who.House, c.Code, "00:00-24:00"); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
		tokens, err = b.staff(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	b.hash = hash
	for done := 0; done < size.Tickets; done += atOnce {
		n := min(atOnce, size.Tickets-done)
		if err := store.Write(ctx, func(tx *db.Tx) error { return b.tickets(tx, done, n) }); err != nil {
			return nil, fmt.Errorf("tickets from %d: %w", done, err)
		}
	}
	for n := atOnce; n == atOnce; {
		if n, err = ticket.Fill(ctx, store, atOnce); err != nil {
			return nil, err
		}
	}
	if err := b.network(ctx, store); err != nil {
		return nil, err
	}
	if err := journal.Seal(ctx, store); err != nil {
		return nil, err
	}
	return tokens, store.Write(ctx, func(tx *db.Tx) error { // as a site that has run for a while
		_, err := tx.Exec(`ANALYZE`)
		return err
	})
}

type builder struct {
	rnd    *rand.Rand
	size   Size
	now    time.Time
	hash   string
	agents []db.ID
	last   customer.Customer
}

func (b *builder) staff(tx *db.Tx) ([]string, error) {
	team, err := staff.TeamNamed(tx, who.House, "Tim Ukur")
	if err != nil {
		return nil, err
	}
	var tokens []string
	for i := range b.size.Agents {
		login := fmt.Sprint(50001 + i)
		p, err := staff.Add(tx, who.House, staff.Person{Login: login, Name: "Agen " + login, Role: who.Agent, Skill: "T2O", Team: team})
		if err != nil {
			return nil, err
		}
		token, err := staff.CreateToken(tx, who.House, login, 30*24*time.Hour)
		if err != nil {
			return nil, err
		}
		b.agents, tokens = append(b.agents, p.ID), append(tokens, token)
	}
	return tokens, nil
}

const note = "Internet putus sambung sejak pagi, lampu LOS mati, PON hijau. Sudah dipandu restart dan cek kabel, belum normal. Pelanggan minta dihubungi kembali. (rekaan)"

// tickets opens some; those that are not to wait are worked off at once.
func (b *builder) tickets(tx *db.Tx, from, n int) error {
	for i := from; i < from+n; i++ {
		if i%subject == 0 {
			if err := b.customer(tx, i/subject); err != nil {
				return err
			}
		}
		code := []string{"callback", "fresh-lapul"}[i%2]
		waits := i >= b.size.Tickets-b.size.Waiting
		age := time.Duration(b.rnd.Int64N(int64(worked * 24 * time.Hour)))
		if waits {
			age = time.Duration(b.rnd.Int64N(int64(48 * time.Hour)))
		}
		tx.Now = b.now.Add(-age).Truncate(time.Millisecond)
		ref := fmt.Sprintf("IN%09d", i)
		t, _, err := ticket.Open(tx, who.House, ticket.New{Campaign: code, Ref: ref, ServiceNo: service(i / subject), Customer: b.last.ID, ContactName: b.last.Name,
			Contacts: []ticket.Contact{{Phone: b.last.Phone}}, Note: note, Zone: b.last.Zone, Source: "import", Fields: map[string]string{"ticket_no": ref}, Quiet: true})
		if err != nil {
			return err
		}
		if !waits {
			if err := b.work(tx, t); err != nil {
				return err
			}
		}
	}
	return nil
}

func service(n int) string { return fmt.Sprintf("152999%06d", n) }

func (b *builder) customer(tx *db.Tx, n int) (err error) {
	b.last, err = customer.Put(tx, customer.Customer{Name: fmt.Sprintf("Pelanggan Rekaan %d", n), Class: customer.Regular, Address: "Jl. Rekaan No. 1", City: "Malang",
		Zone: zones[n%len(zones)], Phone: phone.Number(fmt.Sprintf("+62800%07d", n)), Invented: true}, []customer.Service{{No: service(n), Kind: "internet", Package: "50 Mbps"}})
	return err
}

// work writes what one finished turn leaves behind, statement by statement as the seats do, but without asking.
func (b *builder) work(tx *db.Tx, t ticket.Ticket) error {
	agent, turn, at := b.agents[b.rnd.IntN(len(b.agents))], tx.NewID(), db.Millis(tx.Now)
	answers := map[string]string{"receiver": "reporter", "status": "contacted", "reason_1": "sukses", "reason_2": "paham", "service_no": t.ServiceNo, "remarks": "Sudah dijelaskan, pelanggan paham. (rekaan)"}
	kept, err := json.Marshal(answers)
	if err != nil {
		return err
	}
	before, err := json.Marshal(t)
	if err != nil {
		return err
	}
	for _, one := range []struct {
		query string
		args  []any
	}{
		{`INSERT INTO turn(id, ticket, subject, ref, agent, code, revision, hash, claimed_at, read_at, finished_at, answers) VALUES ($1, $2, $3, $4, $5, $6, 2, $7, $8, $8, $9, $10)`,
			[]any{turn, t.ID, t.Subject, t.Ref, agent, t.Campaign, b.hash, at, at + 200_000, string(kept)}},
		{`INSERT INTO attempt(id, turn, ticket, agent, number, dialler, line, dialled_at, answered_at, ended_at, ring_s, talk_s) VALUES ($1, $2, $3, $4, $5, 'manual', 'answered', $6, $7, $8, 9, 120)`,
			[]any{tx.NewID(), turn, t.ID, agent, t.Contact.Full(), at + 10_000, at + 19_000, at + 139_000}},
		{`INSERT INTO outcome(id, turn, ticket, agent, campaign, code, means, at, follow, closed_reason, before, version) VALUES ($1, $2, $3, $4, $5, 'understood', 'reached-decider', $6, 'closed', 'done', $7, 3)`,
			[]any{tx.NewID(), turn, t.ID, agent, t.Campaign, at + 200_000, string(before)}},
		{`UPDATE ticket SET state = 'closed', awake = 0, closed_reason = 'done', closed_at = $2, outcome = 'understood', attempts = 1, version = 3 WHERE id = $1`,
			[]any{t.ID, at + 200_000}},
		{`INSERT INTO promise(id, ticket, turn, seq, app, kind, text, clause, state, made_by, made_at, not_before, attempts, settled_by, settled_at) VALUES ($1, $2, $3, 1, 'sephia', 'outside', $4, '5.7.10', 'done', $5, $6, $6, 1, $5, $6)`,
			[]any{tx.NewID(), t.ID, turn, strings.Repeat("Status Call: Contacted. ", 6), agent, at + 200_000}},
	} {
		if _, err := tx.Exec(one.query, one.args...); err != nil {
			return err
		}
	}
	by := who.Actor{ID: int64(agent), Via: who.API}
	for _, act := range []string{"turn.begun", "attempt.reported", "turn.finished"} {
		if _, err := journal.Write(tx, journal.Entry{By: by, Act: act, Kind: "turn", Ref: turn, Ticket: t.ID, Data: map[string]string{"outcome": "understood"}}); err != nil {
			return err
		}
	}
	return nil
}

// STO is the exchange of all lines; its slots hold what a run can book.
const STO = "MLG"

// network gives every customer of a waiting ticket a line that is out of spec, and the exchange its technicians.
func (b *builder) network(ctx context.Context, store *db.DB) error {
	rx := -27.4
	for first := (b.size.Tickets - b.size.Waiting) / subject; first*subject < b.size.Tickets; first += atOnce {
		err := store.Write(ctx, func(tx *db.Tx) error {
			for n := first; n < first+atOnce && n*subject < b.size.Tickets; n++ {
				if err := line.PutLine(tx, line.Line{ServiceNo: service(n), STO: STO, Technology: line.Fibre}); err != nil {
					return err
				}
				if err := line.PutRecorded(tx, service(n), line.Reading{OperStatus: "online", OnuRxPwr: &rx}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("lines from %d: %w", first, err)
		}
	}
	var slots []booking.Slot
	for hour := range 96 {
		from := b.now.Truncate(time.Hour).Add(time.Duration(hour+1) * time.Hour)
		slots = append(slots, booking.Slot{STO: STO, From: from, Until: from.Add(time.Hour), Zone: phone.WIB, Capacity: 100})
	}
	return store.Write(ctx, func(tx *db.Tx) error { _, err := booking.PutSlots(tx, who.House, slots); return err })
}

// Seat is an agent's seat on a filled store, without a telephone.
func Seat(store *db.DB, campaigns *campaign.Campaigns, clock func() time.Time) (*desk.Seat, error) {
	site, err := time.LoadLocation(phone.WIB)
	return desk.New(desk.Parts{Store: store, Campaigns: campaigns, Dialer: desk.ManualDialler{}, Site: site, Clock: clock}), err
}
