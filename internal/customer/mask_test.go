package customer_test

import (
	"testing"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
)

func TestWordsOfANameAreMaskedInWhatWasTyped(t *testing.T) {
	names := []string{"Sekar Lestari", "Li Ma'ruf", "B. Éva 24"}
	for typed, want := range map[string]string{
		"Bu Sekar minta dihubungi":       "Bu S••• minta dihubungi",
		"SEKAR, lestari; (Lestari)":      "S•••, l•••; (L•••)",
		"Lestarikan sekarang, Sekarwati": "Lestarikan sekarang, Sekarwati", // whole words only
		"Pak li dan ma'ruf":              "Pak l••• dan m•••'r•••",
		"éva, ÉVA, b, B., 24 jam":        "é•••, É•••, b, B., 24 jam",
		"S••• L••• sekar":                "S••• L••• s•••",
		"":                               "",
	} {
		if got := customer.MaskNames(typed, names); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
		if got := customer.MaskNames(typed, nil); got != typed {
			t.Errorf("nobody's name: %q became %q", typed, got)
		}
	}
}

func TestNamesAreTheCustomersAndOfTheirContacts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		var c customer.Customer
		act(t, s, func(tx *db.Tx) (err error) {
			if c, err = customer.Put(tx, customer.Customer{Name: "Sekar Lestari", Class: customer.Regular, Zone: "Asia/Jakarta", Phone: "+6289990001111", Invented: true}, nil); err != nil {
				return err
			}
			return customer.PutContact(tx, c.ID, customer.Contact{Phone: "+6289990002222", Name: "Tirta Lestari", Relation: "suami"})
		})
		for id, want := range map[db.ID]int{c.ID: 2, 0: 0, 7: 0} {
			act(t, s, func(tx *db.Tx) error {
				got, err := customer.Names(tx, id)
				if len(got) != want {
					t.Errorf("%d: %q", id, got)
				}
				return err
			})
		}
	})
}
