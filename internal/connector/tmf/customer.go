package tmf

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"sapa/internal/customer"
)

// Medium is a way to reach somebody.
type Medium struct {
	MediumType     string `json:"mediumType"`
	Preferred      bool   `json:"preferred"`
	Characteristic struct {
		ContactType     string `json:"contactType"`
		PhoneNumber     string `json:"phoneNumber"`
		EmailAddress    string `json:"emailAddress"`
		Street1         string `json:"street1"`
		Street2         string `json:"street2"`
		City            string `json:"city"`
		StateOrProvince string `json:"stateOrProvince"`
		PostCode        string `json:"postCode"`
	} `json:"characteristic"`
	ValidFor Period `json:"validFor"`
}

// Customer is a customer of the outside's master (TMF629, I-Siska): its id is the NCLI.
type Customer struct {
	ID             string   `json:"id"`
	Href           string   `json:"href"`
	Name           string   `json:"name"`
	Status         string   `json:"status"`
	EngagedParty   Party    `json:"engagedParty"`
	ContactMedium  []Medium `json:"contactMedium"`
	Characteristic []Trait  `json:"characteristic"`
	Account        []Party  `json:"account"`
}

func (c Customer) key() string { return named(c.ID, c.Href) }

// NCLI is the customer's number.
func (c Customer) NCLI() string { return c.key() }

// Class is the customer's class, e.g. HVC_GOLD, under whatever name the field has it; empty when there is none that is known.
func (c Customer) Class() string {
	for _, t := range c.Characteristic {
		if said := strings.ToUpper(strings.TrimSpace(t.Text())); slices.Contains(customer.Classes, customer.Class(said)) {
			return said
		}
	}
	return ""
}

// Segment is the customer's segment, e.g. DCS; empty when there is none that is known.
func (c Customer) Segment() string {
	for _, t := range c.Characteristic {
		if said := strings.ToUpper(strings.TrimSpace(t.Text())); slices.Contains(customer.Segments, said) {
			return said
		}
	}
	return ""
}

// Individual is a person (TMF632).
type Individual struct {
	ID            string   `json:"id"`
	Href          string   `json:"href"`
	FullName      string   `json:"fullName"`
	FormattedName string   `json:"formattedName"`
	GivenName     string   `json:"givenName"`
	FamilyName    string   `json:"familyName"`
	Status        string   `json:"status"`
	ContactMedium []Medium `json:"contactMedium"`
}

func (i Individual) key() string { return named(i.ID, i.Href) }

// Name is how the person is called, from what there is.
func (i Individual) Name() string {
	for _, n := range []string{i.FullName, i.FormattedName, strings.TrimSpace(i.GivenName + " " + i.FamilyName)} {
		if n != "" {
			return n
		}
	}
	return ""
}

// Customers are the customers of an outside system (TMF629).
type Customers struct{ *API }

// Get reads a customer by its NCLI.
func (c Customers) Get(ctx context.Context, ncli string) (Customer, error) {
	return get[Customer](ctx, c.API, "customer", ncli)
}

// ByName gives up to most customers of exactly this name; upper and lower case do not matter to us, to the other side they may.
func (c Customers) ByName(ctx context.Context, name string, most int) ([]Customer, bool, error) {
	return list(ctx, c.API, "customer", url.Values{"name": {name}}, most, func(x Customer) bool { return name != "" && strings.EqualFold(x.Name, name) })
}

// ByPhone gives up to most customers that a number reaches, written with +62.
func (c Customers) ByPhone(ctx context.Context, number string, most int) ([]Customer, bool, error) {
	return list(ctx, c.API, "customer", url.Values{"contactMedium.characteristic.phoneNumber": {number}}, most,
		func(x Customer) bool { return reachedBy(x.ContactMedium, number) })
}

// Individuals are the people of an outside system (TMF632).
type Individuals struct{ *API }

// Get reads a person.
func (i Individuals) Get(ctx context.Context, id string) (Individual, error) {
	return get[Individual](ctx, i.API, "individual", id)
}

// ByPhone gives up to most people that a number reaches, written with +62.
func (i Individuals) ByPhone(ctx context.Context, number string, most int) ([]Individual, bool, error) {
	return list(ctx, i.API, "individual", url.Values{"contactMedium.characteristic.phoneNumber": {number}}, most,
		func(x Individual) bool { return reachedBy(x.ContactMedium, number) })
}

func reachedBy(media []Medium, number string) bool {
	for _, m := range media {
		if number != "" && digits(m.Characteristic.PhoneNumber) == digits(number) {
			return true
		}
	}
	return false
}

// digits is a telephone number as 62..., however it is written.
func digits(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	if rest, ok := strings.CutPrefix(s, "0"); ok {
		return "62" + rest
	}
	return s
}
