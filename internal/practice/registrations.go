package practice

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"sapa/internal/db"
	"sapa/internal/registration"
	"sapa/internal/who"
)

// offers are the packages of the practice floor, with prices nobody charges.
var offers = []registration.Package{
	{Code: "inet-30", Name: "Internet 30 Mbps", Price: 230_000, Offered: true},
	{Code: "inet-50", Name: "Internet 50 Mbps", Price: 290_000, Offered: true},
	{Code: "inet-100", Name: "Internet 100 Mbps", Price: 380_000, Offered: true},
	{Code: "inet-iptv-50", Name: "Internet 50 Mbps + IPTV", Price: 350_000, Offered: true},
	{Code: "inet-20", Name: "Internet 20 Mbps", Price: 190_000},
}

// registrations gives every box of the network its ports, and some people who want to be customers (SOP 2.c). It draws from
// numbers of its own: what the rest of the floor draws stays.
func (f *floor) registrations(tx *db.Tx) error {
	used := map[string]int64{}
	sto := map[string]string{}
	for _, c := range f.customers {
		used[c.odp]++
		sto[c.odp] = c.sto
	}
	rnd := rand.New(rand.NewPCG(uint64(len(used)), 0x0dd))
	var odps []registration.ODP
	for name, n := range used {
		odps = append(odps, registration.ODP{Name: name, STO: sto[name], Ports: 8 * ((n + 7) / 8), Used: n})
	}
	slices.SortFunc(odps, func(a, b registration.ODP) int { return strings.Compare(a.Name, b.Name) })
	for i := range odps {
		odps[i].Used = min(odps[i].Ports, odps[i].Used+rnd.Int64N(8))
		if odps[i].STO == noSlots { // one exchange is full
			odps[i].Used = odps[i].Ports
		}
	}
	if err := registration.PutODPs(tx, who.House, odps); err != nil {
		return err
	}
	if err := registration.PutPackages(tx, who.House, offers); err != nil {
		return err
	}
	for i := range 14 {
		t := towns[rnd.IntN(len(towns))]
		if i == 0 {
			t = towns[slices.IndexFunc(towns, func(t town) bool { return t.sto == noSlots })]
		}
		by := who.Actor{ID: int64(f.people[rnd.IntN(len(f.people))].ID), Role: who.Agent, Via: who.Page}
		r, err := registration.Open(tx, by, registration.New{Name: nameIn(900+i, t.last), Phone: fmt.Sprintf("+62899900%05d", 20_000+i),
			Address: fmt.Sprintf("%s No. %d", streets[rnd.IntN(len(streets))], 1+rnd.IntN(120)), City: t.name, STO: t.sto, Package: offers[rnd.IntN(4)].Code,
			Note: []string{"", "Rumah baru, siap akhir pekan.", "Minta dipasang sebelum akhir bulan."}[i%3]})
		if err != nil {
			return err
		}
		if r.State == registration.Ordered && i%4 == 3 {
			if _, err := registration.Apply(tx, who.House, r.No, registration.MoveInstall, "", 0); err != nil {
				return err
			}
		}
	}
	return nil
}
