package customer_test

import (
	"context"
	"fmt"
	"testing"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/fault"
	"sapa/internal/phone"
)

func put(t *testing.T, tx *db.Tx, name string, number phone.Number, services ...string) customer.Customer {
	t.Helper()
	var all []customer.Service
	for _, no := range services {
		all = append(all, customer.Service{No: no, Kind: "internet", Package: "50 Mbps"})
	}
	c, err := customer.Put(tx, customer.Customer{Name: name, Class: customer.Gold, Zone: "Asia/Jakarta", Phone: number, Invented: true}, all)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Whose number it is, asked for one or for many: the same answer. A number of several people is nobody's.
func TestKnownAgreesWithOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		err := s.Write(context.Background(), func(tx *db.Tx) error {
			put(t, tx, "Sekar (data uji)", "+6289990001111", "152999000001", "152999000002")
			put(t, tx, "Tirta (data uji)", "+6289990002222", "152999000003")
			for i := range 3 { // a switchboard: one number, three customers
				put(t, tx, fmt.Sprintf("Wulan %d (data uji)", i), "+6289990003333")
			}
			put(t, tx, "Yoga (data uji)", "")
			services := []string{"152999000001", "152999000002", "152999000003", "152999000099", ""}
			phones := []phone.Number{"+6289990001111", "+6289990002222", "+6289990003333", "+6289990009999", ""}
			ofService, ofPhone, err := customer.Known(tx, services, phones)
			if err != nil {
				return err
			}
			for _, no := range services {
				one, err := customer.ByService(tx, no)
				if many, ok := ofService[no]; ok != (err == nil) || ok && many != one {
					t.Errorf("%s: %+v and %+v, %v", no, many, one, err)
				}
			}
			for _, n := range phones {
				one, err := customer.ByPhone(tx, n)
				if many, ok := ofPhone[n]; ok != (err == nil) || ok && many != one {
					t.Errorf("%s: %+v and %+v, %v", n, many, one, err)
				}
				if err != nil && !fault.Is(err, fault.Missing) {
					t.Errorf("%s: %v", n, err)
				}
			}
			if len(ofService) != 3 || len(ofPhone) != 2 {
				t.Errorf("known: %d services, %d numbers", len(ofService), len(ofPhone))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestServicesOfTicket(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		err := s.Write(context.Background(), func(tx *db.Tx) error {
			c := put(t, tx, "Sekar (data uji)", "+6289990001111", "152999000002", "152999000001")
			for _, ask := range []struct {
				id db.ID
				no string
			}{{c.ID, ""}, {0, "152999000001"}} {
				got, services, err := customer.OfTicket(tx, ask.id, ask.no)
				if err != nil || got != c || len(services) != 2 || services[0].No != "152999000001" {
					t.Errorf("%v: %+v, %+v, %v", ask, got, services, err)
				}
			}
			if _, _, err := customer.OfTicket(tx, 0, ""); !fault.Is(err, fault.Missing) {
				t.Errorf("nobody: %v", err)
			}
			c.Name = "Sekar Lestari (data uji)"
			if _, err := customer.Put(tx, c, nil); err != nil {
				return err
			}
			got, err := customer.Get(tx, c.ID)
			if got != c {
				t.Errorf("changed: %+v", got)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
