package fill

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sapa/internal/db"
	"sapa/internal/line"
	"sapa/internal/phone"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// Exchanges of the outage's services: the tickets of the first stand among everybody else's by age, those of the second before
// all others, which is the worst a queue can be.
const (
	Among  = "GMA"
	InLead = "GMF"
)

// Outage adds so many services at an exchange, each with a Callback that waits, and gives an API token of a leader.
func Outage(ctx context.Context, store *db.DB, sto string, services int) (token string, err error) {
	digit := map[string]int{Among: 1, InLead: 2}[sto]
	for from := 0; from < services; from += atOnce {
		err := store.Write(ctx, func(tx *db.Tx) error {
			var all []ticket.New
			for i := from; i < min(from+atOnce, services); i++ {
				no := fmt.Sprintf("15298%d%06d", digit, i)
				if err := line.PutLine(tx, line.Line{ServiceNo: no, STO: sto, Technology: line.Fibre}); err != nil {
					return err
				}
				age := 48 * time.Hour / time.Duration(services) * time.Duration(services-i) // as they come in over 48 hours
				if sto == InLead {
					age = 49*time.Hour + time.Duration(services-i)*time.Second
				}
				all = append(all, ticket.New{Campaign: "callback", Ref: fmt.Sprintf("%s%07d", sto, i), ServiceNo: no, ContactName: "Pelanggan Rekaan",
					Contacts: []ticket.Contact{{Phone: phone.Number(fmt.Sprintf("+6281%d%07d", digit, i))}}, Note: note, Zone: zones[i%len(zones)], Source: "import",
					OpenedAt: tx.Now.Add(-age)})
			}
			verdicts, err := ticket.OpenMany(tx, who.House, all)
			for _, v := range verdicts {
				err = errors.Join(err, v.Err)
			}
			return err
		})
		if err != nil {
			return "", err
		}
	}
	for n := atOnce; n == atOnce; {
		if n, err = ticket.Fill(ctx, store, atOnce); err != nil {
			return "", err
		}
	}
	err = store.Write(ctx, func(tx *db.Tx) error {
		login := fmt.Sprintf("tl-%s-%d", sto, tx.Now.UnixMilli()%1_000_000)
		if _, err := staff.Add(tx, who.House, staff.Person{Login: login, Name: "Pemimpin Rekaan", Role: who.Leader}); err != nil {
			return err
		}
		if token, err = staff.CreateToken(tx, who.House, login, 24*time.Hour); err != nil {
			return err
		}
		_, err := tx.Exec(`ANALYZE`)
		return err
	})
	return token, err
}
