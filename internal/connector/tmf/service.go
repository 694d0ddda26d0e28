package tmf

import (
	"context"
	"net/url"
	"strings"
)

// Service is a service of a customer (TMF638). Its name is the service number (jastel): internet and IPTV of one line share it.
type Service struct {
	ID                    string  `json:"id"`
	Href                  string  `json:"href"`
	Name                  string  `json:"name"`
	Category              string  `json:"category"`
	ServiceType           string  `json:"serviceType"`
	State                 string  `json:"state"`
	StartDate             Time    `json:"startDate"`
	RelatedParty          []Party `json:"relatedParty"`
	ServiceCharacteristic []Trait `json:"serviceCharacteristic"`
	Place                 []struct {
		Name string `json:"name"`
		Role string `json:"role"`
	} `json:"place"`
}

func (s Service) key() string { return named(s.ID, s.Href) }

// No is the service number: a characteristic that says so, else the name, else the id.
func (s Service) No() string {
	for _, no := range []string{trait(s.ServiceCharacteristic, "jastel", "serviceNumber"), s.Name} {
		if no != "" {
			return no
		}
	}
	return s.key()
}

// Kind is internet, iptv or voice; empty when it is something else.
func (s Service) Kind() string {
	for _, k := range []string{s.Category, s.ServiceType} {
		switch k = strings.ToLower(k); {
		case k == "tv", strings.Contains(k, "iptv"), strings.Contains(k, "usee"):
			return "iptv"
		case strings.Contains(k, "voice"), strings.Contains(k, "telephon"), strings.Contains(k, "pots"):
			return "voice"
		case strings.Contains(k, "internet"), strings.Contains(k, "broadband"):
			return "internet"
		}
	}
	return ""
}

// Package, STO and ODP are characteristics of the service.
func (s Service) Package() string { return trait(s.ServiceCharacteristic, "package", "paket") }

// STO is the exchange.
func (s Service) STO() string { return trait(s.ServiceCharacteristic, "sto") }

// ODP is the optical distribution point.
func (s Service) ODP() string { return trait(s.ServiceCharacteristic, "odp") }

// Services are the services of an outside inventory (TMF638).
type Services struct{ *API }

// OfCustomer gives up to most services of a customer.
func (s Services) OfCustomer(ctx context.Context, ncli string, most int) ([]Service, bool, error) {
	return list(ctx, s.API, "service", url.Values{"relatedParty.id": {ncli}}, most, func(x Service) bool { return anyPoints(x.RelatedParty, ncli) })
}

// ByNo gives the services of a service number: internet, IPTV and voice of one line.
func (s Services) ByNo(ctx context.Context, no string) ([]Service, error) {
	found, _, err := list(ctx, s.API, "service", url.Values{"name": {no}}, 20, func(x Service) bool { return no != "" && x.No() == no })
	return found, err
}

func anyPoints(all []Party, to string) bool {
	for _, p := range all {
		if p.points(to) {
			return true
		}
	}
	return false
}
