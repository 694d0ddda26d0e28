package sim

import (
	"encoding/json"
	"fmt"
	"time"
)

var (
	given    = []string{"Budi", "Siti", "Agus", "Dewi", "Made", "Rina", "Joko", "Wati", "Yusuf", "Maria"}
	packages = []struct {
		name  string
		price int
	}{{"IndiHome 50 Mbps", 315000}, {"IndiHome 100 Mbps", 405000}, {"IndiHome 30 Mbps", 275000}, {"IndiHome 200 Mbps", 515000}}
	towns = []struct{ city, sto, code string }{{"Malang", "MLG", "341"}, {"Makassar", "PNK", "411"}, {"Jayapura", "JAP", "967"}, {"Surabaya", "KBL", "31"}}
	class = []string{"REGULER", "HVC_SILVER", "HVC_GOLD", "HVC_VVIP"}
)

// NCLI is the customer number of customer n (from 1), Jastel the service number, Phone the telephone number: all invented, the telephone
// from a block that nobody has.
func NCLI(n int) string { return number(51000000+n, 8) }

// Jastel is the internet number of customer n.
func Jastel(n int) string { return "1" + towns[n%len(towns)].code[:2] + number(n, 9) }

// Phone is the mobile number of customer n.
func Phone(n int) string { return "+62811000" + number(n, 5) }

// Name is the name of customer n.
func Name(n int) string { return given[n%len(given)] + " Rekaan " + fmt.Sprint(n) }

// Fill puts customers 1 to n with their services, bills, payments and orders. The same n makes the same world.
func (s *Sim) Fill(n int) {
	for i := 1; i <= n; i++ {
		s.customer(i)
	}
}

func (s *Sim) href(resource, id string) string { return s.Mount(resource) + "/" + resource + "/" + id } // relative, as some are

func (s *Sim) customer(n int) {
	id, person, town, pack := NCLI(n), "P"+NCLI(n), towns[n%len(towns)], packages[n%len(packages)]
	media := []any{
		object{"mediumType": "mobile", "preferred": true, "characteristic": object{"phoneNumber": Phone(n)}},
		object{"mediumType": "email", "characteristic": object{"emailAddress": fmt.Sprintf("pelanggan%d@rekaan.example", n)}},
		object{"mediumType": "postalAddress", "characteristic": object{"street1": fmt.Sprintf("Jalan Rekaan %d", n), "city": town.city, "country": "ID"}},
	}
	party := object{"id": id, "href": s.href("customer", id), "name": Name(n), "role": "customer", "@referredType": "Customer"}
	s.Put("individual", object{"id": person, "href": s.href("individual", person), "fullName": Name(n), "givenName": given[n%len(given)],
		"familyName": "Rekaan", "status": "validated", "contactMedium": media, "@type": "Individual"})
	s.Put("customer", object{"id": id, "href": s.href("customer", id), "name": Name(n), "status": "active", "@type": "Customer",
		"engagedParty":   object{"id": person, "href": s.href("individual", person), "name": Name(n), "@referredType": "Individual"},
		"contactMedium":  media,
		"characteristic": []any{object{"name": "segment", "value": class[n%len(class)]}},
		"account":        []any{object{"id": "A" + id, "name": "Tagihan " + Name(n)}}})
	for i, kind := range []string{"internet", "iptv", "voice"}[:1+n%3] {
		service := Jastel(n) + "-" + kind
		s.Put("service", object{"id": service, "href": s.href("service", service), "name": Jastel(n), "category": kind, "serviceType": kind, "state": "active",
			"startDate": began.AddDate(-1, 0, -n%300).Format(time.RFC3339), "relatedParty": []any{party},
			"serviceCharacteristic": []any{object{"name": "package", "value": pack.name}, object{"name": "sto", "value": town.sto},
				object{"name": "odp", "value": fmt.Sprintf("ODP-%s-F%02d/%02d", town.sto, n%40+1, i+1)}, object{"name": "port", "value": n%8 + 1}},
			"place": []any{object{"id": "L" + id, "role": "installationAddress", "name": fmt.Sprintf("Jalan Rekaan %d, %s", n, town.city), "@referredType": "GeographicAddress"}}})
	}
	for month := range 3 {
		bill := fmt.Sprintf("T%s-%d", id, month+1)
		at := time.Date(2026, time.Month(9+month), 1, 0, 0, 0, 0, time.FixedZone("WIB", 7*60*60))
		state, left := "settled", 0
		if month == 2 && n%2 == 1 {
			state, left = "sent", pack.price
		}
		s.Put("customerBill", object{"id": bill, "href": s.href("customerBill", bill), "billNo": bill, "state": state, "@type": "CustomerBill",
			"billDate": at.Format(time.RFC3339), "paymentDueDate": at.AddDate(0, 0, 19).Format(time.RFC3339),
			"amountDue": rupiah(pack.price), "remainingAmount": rupiah(left), "taxIncludedAmount": rupiah(pack.price),
			"billingPeriod":  object{"startDateTime": at.AddDate(0, -1, 0).Format(time.RFC3339), "endDateTime": at.Format(time.RFC3339)},
			"billingAccount": object{"id": "A" + id}, "relatedParty": []any{party}})
		if left > 0 {
			continue
		}
		payment := fmt.Sprintf("B%s-%d", id, month+1)
		s.Put("payment", object{"id": payment, "href": s.href("payment", payment), "status": "done", "paymentDate": at.AddDate(0, 0, 9).Add(10 * time.Hour).Format(time.RFC3339),
			"amount": rupiah(pack.price), "totalAmount": rupiah(pack.price), "account": object{"id": "A" + id}, "payer": party, "@type": "Payment",
			"paymentMethod": object{"name": "Virtual account", "@type": "BankAccountTransfer"},
			"paymentItem":   []any{object{"id": "1", "amount": rupiah(pack.price), "item": object{"id": bill, "@referredType": "CustomerBill"}}}})
	}
	if n%4 == 0 {
		order := "SC" + number(400000000+n, 9)
		s.Put("productOrder", object{"id": order, "href": s.href("productOrder", order), "state": "inProgress", "category": "modify", "description": "Ganti paket",
			"orderDate": began.AddDate(0, 0, -n%20).Format(time.RFC3339), "relatedParty": []any{party}, "@type": "ProductOrder",
			"productOrderItem": []any{object{"id": "1", "action": "modify", "quantity": 1, "productOffering": object{"id": "OF-" + fmt.Sprint(n%4+1), "name": pack.name}}}})
	}
}

// rupiah is an amount as systems write it that keep money with decimals.
func rupiah(n int) object {
	return object{"unit": "IDR", "value": json.Number(fmt.Sprintf("%d.00", n))}
}

// Tickets puts n tickets that the other side opened, of the services of customers 1 to 10.
func (s *Sim) Tickets(n int) { s.TicketsOf(n, func(i int) string { return Jastel(i%10 + 1) }) }

// TicketsOf is Tickets with the service of each ticket, counted from 1.
func (s *Sim) TicketsOf(n int, service func(i int) string) {
	for i := 1; i <= n; i++ {
		id := "IN" + number(60000000+i, 8)
		at := began.Add(-time.Duration(n-i) * time.Minute).Format(time.RFC3339)
		s.Put("troubleTicket", object{"id": id, "href": s.href("troubleTicket", id), "name": "Tidak bisa internet (rekaan)", "description": "Lampu LOS merah (rekaan)",
			"ticketType": "internet", "severity": "Medium", "status": "inProgress", "creationDate": at, "lastUpdate": at, "@type": "TroubleTicket",
			"relatedEntity": []any{object{"id": service(i), "role": "affectedService", "@referredType": "Service"}},
			"note":          []any{object{"id": "1", "author": "noc", "date": at, "text": "Teknisi dijadwalkan (rekaan)"}}})
	}
}
