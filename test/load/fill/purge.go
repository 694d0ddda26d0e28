package fill

import (
	"context"
	"fmt"
	"time"

	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/staff"
	"sapa/internal/who"
)

// Register fills the records register so that everything older than thirty days goes, and gives API tokens of two people: one who may
// ask for a purge, one who may confirm it.
func Register(ctx context.Context, store *db.DB) (asks, confirms string, err error) {
	err = store.Write(ctx, func(tx *db.Tx) error {
		there, err := document.RecordsRegister(tx)
		if err != nil {
			return err
		}
		for _, kind := range document.GovernedKinds {
			r := document.ProposeRecordRule(kind)
			r.Name, r.Position, r.Invented = kind+" (rekaan)", "Document Controller (rekaan)", true
			if r.Basis != document.Permanently {
				r.Amount, r.Unit = 30, "days"
			}
			for _, one := range there {
				if one.Kind == kind {
					r.Version = one.Version
				}
			}
			if _, err := document.PutRecordRule(tx, who.House, r); err != nil {
				return err
			}
		}
		for role, token := range map[who.Role]*string{who.Controller: &asks, who.Approver: &confirms} {
			login := fmt.Sprintf("%s-%d", role[:2], tx.Now.UnixMilli()%1_000_000)
			if _, err := staff.Add(tx, who.House, staff.Person{Login: login, Name: "Rekaan", Role: role}); err != nil {
				return err
			}
			if *token, err = staff.CreateToken(tx, who.House, login, 24*time.Hour); err != nil {
				return err
			}
		}
		return nil
	})
	return asks, confirms, err
}
