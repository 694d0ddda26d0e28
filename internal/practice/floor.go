// Package practice is the invented floor: people, customers, tickets, a past week, and a line whose customers answer. It
// is for demonstration, training and tests; everything is opened through the seats that real work goes through, from a
// fixed seed, with numbers that are reserved for the purpose. Nobody in it exists.
package practice

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"sapa/internal/campaign"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/intake"
	"sapa/internal/phone"
	"sapa/internal/staff"
	"sapa/internal/who"
)

// Parts is what the floor is built on.
type Parts struct {
	Store     *db.DB
	Staff     *staff.Staff
	Seat      *desk.Seat
	Campaigns *campaign.Campaigns
	Site      *time.Location
}

// Login is one way to sign in.
type Login struct {
	Login, Password, Name string
	Role                  who.Role
}

// Size of the floor.
const (
	agents    = 25
	customers = 300
	pastDays  = 7
	dayTurns  = 56 // results a day before today
	todayDone = 22
	waiting   = 120
)

// floor is the floor while it is built.
type floor struct {
	Parts
	rnd       *rand.Rand
	now       time.Time
	people    []staff.Person // agents
	leaders   []staff.Person
	tier1     []staff.Person
	customers []invented
	tickets   int
}

type invented struct {
	customer.Customer
	internet string
}

// Fill builds the floor and gives one login per role.
func Fill(ctx context.Context, p Parts, seed uint64, password string) ([]Login, error) {
	f := &floor{Parts: p, rnd: rand.New(rand.NewPCG(seed, seed^0x5a9a))}
	secret, err := p.Staff.HashPassword(ctx, password, "")
	if err != nil {
		return nil, fmt.Errorf("practice floor: password: %w", err)
	}
	var logins []Login
	for _, part := range []func(tx *db.Tx) error{
		func(tx *db.Tx) (err error) { f.now = tx.Now; logins, err = f.staff(tx, secret, password); return err },
		f.settings, f.invent, f.past, f.queue, f.notices,
	} {
		if err := p.Store.Write(ctx, part); err != nil {
			return nil, fmt.Errorf("practice floor: %w", err)
		}
	}
	return logins, nil
}

// staff makes the people. Logins of agents begin at 42147.
func (f *floor) staff(tx *db.Tx, secret staff.Secret, password string) ([]Login, error) {
	var logins []Login
	add := func(login string, role who.Role, name, skill string, team db.ID) (staff.Person, error) {
		p, err := staff.Add(tx, who.House, staff.Person{Login: login, Name: name, Role: role, Skill: skill, Team: team, Secret: secret})
		if err == nil && (len(logins) == 0 || logins[len(logins)-1].Role != role) {
			logins = append(logins, Login{p.Login, password, p.Name, role})
		}
		return p, err
	}
	teams := make([]db.ID, 2)
	for i, name := range []string{"Tim Bromo", "Tim Semeru"} {
		var err error
		if teams[i], err = staff.TeamNamed(tx, who.House, name); err != nil {
			return nil, err
		}
	}
	for i := range agents {
		name := "Dinda Maharani"
		if i > 0 {
			name = f.name(i)
		}
		p, err := add(fmt.Sprint(42147+i), who.Agent, name, "T2O", teams[i%2])
		if err != nil {
			return nil, err
		}
		f.people = append(f.people, p)
	}
	for i := range 2 {
		p, err := add(fmt.Sprint(41001+i), who.Leader, f.name(100+i), "", teams[i])
		if err != nil {
			return nil, err
		}
		f.leaders = append(f.leaders, p)
	}
	for i, role := range []who.Role{who.Tier1, who.Quality, who.Controller, who.Checker, who.Approver, who.Admin} {
		p, err := add(fmt.Sprint(43001+100*i), role, f.name(200+i), "", 0)
		if err != nil {
			return nil, err
		}
		if role == who.Tier1 {
			f.tier1 = append(f.tier1, p)
		}
	}
	return logins, nil
}

// name puts an invented name together.
func (f *floor) name(i int) string {
	given := women
	if i%2 == 1 {
		given = men
	}
	return given[(i/2*7+3)%len(given)] + " " + last[(i*11+5)%len(last)]
}

// settings: a practice floor calls at any hour, so that one can practise at any hour; it says so on the screen.
func (f *floor) settings(tx *db.Tx) error {
	all, err := f.Campaigns.All(tx)
	for _, c := range all {
		if err := f.Campaigns.SetHours(tx, who.House, c.Code, "00:00-24:00"); err != nil {
			return err
		}
	}
	return err
}

// invent makes the customers with their services, in three zones, with numbers of the reserved ranges only.
func (f *floor) invent(tx *db.Tx) error {
	classes := []customer.Class{customer.Regular, customer.Regular, customer.Regular, customer.Regular, customer.Silver, customer.Silver, customer.Gold, customer.Platinum, customer.VVIP}
	packages := []string{"30 Mbps", "50 Mbps", "75 Mbps", "100 Mbps"}
	for i := range customers {
		t := towns[f.rnd.IntN(len(towns))]
		n := phone.Number(fmt.Sprintf("+628999000%04d", 1000+i))
		one := invented{internet: fmt.Sprintf("152999%06d", 100000+i*37)}
		one.Customer = customer.Customer{Name: f.name(300 + i), Class: classes[f.rnd.IntN(len(classes))], Address: fmt.Sprintf("%s No. %d", streets[f.rnd.IntN(len(streets))], 1+f.rnd.IntN(120)),
			City: t.name, Zone: t.zone, Phone: n, Invented: true}
		services := []customer.Service{{No: one.internet, Kind: "internet", Package: packages[f.rnd.IntN(len(packages))]}}
		if i%3 != 0 {
			services = append(services, customer.Service{No: one.internet, Kind: "iptv", Package: "IPTV"})
		}
		if i%4 == 0 {
			services = append(services, customer.Service{No: fmt.Sprintf("0341999%04d", i), Kind: "voice", Package: "Telepon"})
		}
		var err error
		if one.Customer, err = customer.Put(tx, one.Customer, services); err != nil {
			return err
		}
		f.customers = append(f.customers, one)
	}
	return nil
}

// open puts one ticket in, as if at a moment.
func (f *floor) open(tx *db.Tx, code string, c invented, at, requested time.Time) error {
	f.tickets++
	form := intake.Form{Campaign: code, ServiceNo: c.internet, ContactName: c.Name, Phone: c.Phone.Full(), OpenedAt: at, RequestedAt: requested, Source: "practice", Quiet: true, Fields: map[string]string{}}
	notes := otherNotes
	switch code {
	case "callback":
		notes = callbackNotes
		form.Criterion = []string{"a", "a", "b", "d", "g"}[f.rnd.IntN(5)]
		if c.Class == customer.VVIP {
			form.Criterion = "e"
		}
	case "fresh-lapul":
		notes = lapulNotes
		form.Ref = fmt.Sprintf("IN%08d", 94_000_000+f.tickets*31)
		form.Fields["ticket_no"] = form.Ref
	}
	form.Note = notes[f.rnd.IntN(len(notes))]
	by := who.House
	if code == "callback" {
		by = f.tier1[0].Actor(who.System)
	}
	_, _, err := intake.Desk{Campaigns: f.Campaigns, Site: f.Site}.Open(tx, by, form)
	return err
}

// queue leaves tickets waiting in all seven campaigns, the oldest for hours, and some promises that are due or near.
func (f *floor) queue(tx *db.Tx) error {
	tx.Now = f.now
	shares := []struct {
		code string
		n    int
	}{{"callback", 34}, {"fresh-lapul", 40}, {"nossa", 10}, {"ivr-gamas", 14}, {"c4-carring", 10}, {"force-close", 7}, {"ideas", 5}}
	next := f.rnd.Perm(len(f.customers))
	taken := 0
	for _, s := range shares {
		for range s.n {
			age := time.Duration(f.rnd.ExpFloat64()*45) * time.Minute
			age = min(age, 170*time.Minute) + time.Duration(f.rnd.IntN(60))*time.Second
			if err := f.open(tx, s.code, f.customers[next[taken%len(next)]], f.now.Add(-age), time.Time{}); err != nil {
				return err
			}
			taken++
		}
	}
	for i := range 6 { // promises that customers asked for: some due, some to come
		at := f.now.Add(time.Duration(i*25+2) * time.Minute)
		if err := f.open(tx, "callback", f.customers[next[taken%len(next)]], f.now.Add(-2*time.Hour), at); err != nil {
			return err
		}
		taken++
	}
	return nil
}

func (f *floor) notices(tx *db.Tx) error {
	tx.Now = f.now
	by := f.leaders[0].Actor(who.System)
	for _, n := range []document.Notice{
		{Title: "Lantai latihan: pelanggan dan nomornya rekaan", Body: "Semua pelanggan, nomor, dan tiket di sini rekaan. Telepon dijawab oleh saluran latihan; jam telepon dibuka 24 jam supaya Anda bisa berlatih kapan saja."},
		{Title: "5.7.8.c: kapan memilih Menolak", Clause: "5.7.8.c", Body: "Sibuk, Masih dijalan, Meeting, dan Diterima lalu diputus bukan penolakan atas hasil. Pilih sesuai keadaan dan tawarkan waktu menghubungi kembali."},
	} {
		n.Until = f.now.AddDate(0, 0, 14)
		if _, err := document.Post(tx, by, n); err != nil {
			return err
		}
	}
	return nil
}

// missing tells whether an act found nothing to do.
func missing(err error) bool { return fault.Is(err, fault.Missing) }
