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
	"sapa/internal/phone"
	"sapa/internal/staff"
	"sapa/internal/trouble"
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
	topics    map[db.ID]string // what each ticket is about
	unused    []invented       // customers who wait for nothing yet, in the order they are drawn
	reports   map[db.ID]string // number of the trouble ticket that a customer has open
	issued    map[int64]bool   // numbers of trouble tickets that the other side has given
	byNo      map[string]invented
}

type invented struct {
	customer.Customer
	town
	internet string
	pack     string          // package, as people say it
	has      map[string]bool // kinds of service beside internet
	voice    string
	odp      string
	light    light // what its line shows now
}

// Fill builds the floor and gives one login per role.
func Fill(ctx context.Context, p Parts, seed uint64, password string) ([]Login, error) {
	f := &floor{Parts: p, rnd: rand.New(rand.NewPCG(seed, seed^0x5a9a)), topics: map[db.ID]string{},
		reports: map[db.ID]string{}, issued: map[int64]bool{}, byNo: map[string]invented{}}
	secret, err := p.Staff.HashPassword(ctx, password, "")
	if err != nil {
		return nil, fmt.Errorf("practice floor: password: %w", err)
	}
	var logins []Login
	for _, part := range []func(tx *db.Tx) error{
		func(tx *db.Tx) (err error) { f.now = tx.Now; logins, err = f.staff(tx, secret, password); return err },
		f.invent, f.schedule, f.registrations, f.past, f.queue, f.visits, f.asked, f.notices, f.records,
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
		if err := trouble.Join(tx, who.House, p.ID, desk.T2O); err != nil { // SOP 5.3.3: My Group's Incidents
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
func (f *floor) name(i int) string { return nameIn(i, last) }

func nameIn(i int, last []string) string {
	given := women
	if i%2 == 1 {
		given = men
	}
	return given[(i/2*7+3)%len(given)] + " " + last[(i*11+5)%len(last)]
}

// invent makes the customers with their services, in three zones, with numbers of the reserved ranges only (domain 3.1).
func (f *floor) invent(tx *db.Tx) error {
	classes := []customer.Class{customer.Regular, customer.Regular, customer.Regular, customer.Regular, customer.Silver, customer.Silver, customer.Gold, customer.Platinum, customer.VVIP}
	packages := []string{"20 Mbps", "30 Mbps", "50 Mbps", "75 Mbps", "100 Mbps"}
	for i := range customers {
		t := towns[f.rnd.IntN(len(towns))]
		one := invented{town: t, internet: fmt.Sprintf("152999%06d", 100000+i*37), pack: packages[f.rnd.IntN(len(packages))], has: map[string]bool{}}
		one.Customer = customer.Customer{Name: nameIn(300+i, t.last), Class: classes[f.rnd.IntN(len(classes))], Address: fmt.Sprintf("%s No. %d", streets[f.rnd.IntN(len(streets))], 1+f.rnd.IntN(120)),
			City: t.name, Zone: t.zone, Phone: phone.Number(fmt.Sprintf("+628999000%04d", 1000+i)), Invented: true, NCLI: fmt.Sprintf("5399%06d", i)}
		services := []customer.Service{{No: one.internet, Kind: "internet", Package: one.pack}}
		if i%3 != 0 {
			one.has["iptv"] = true
			services = append(services, customer.Service{No: one.internet, Kind: "iptv", Package: "IPTV"})
		}
		if t.voice && i%2 == 0 {
			one.has["voice"] = true
			one.voice = fmt.Sprintf("0341999%04d", i)
			services = append(services, customer.Service{No: one.voice, Kind: "voice", Package: "Telepon"})
		}
		var err error
		if one.Customer, err = customer.Put(tx, one.Customer, services); err != nil {
			return err
		}
		if err := account(tx, i, one.Customer, one.internet, one.pack); err != nil {
			return err
		}
		if err := f.wire(tx, &one); err != nil {
			return err
		}
		f.customers = append(f.customers, one)
		f.byNo[one.internet] = one
		if one.voice != "" {
			f.byNo[one.voice] = one
		}
	}
	return nil
}
