package staff

import (
	"context"
	"strings"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/who"
)

// How long an API token may live.
const (
	MinTTL = time.Minute
	MaxTTL = 366 * 24 * time.Hour
)

// tokenMark begins every API token, so that scanners recognise one that leaked.
const tokenMark = "sapa_"

// CreateToken makes an API token that acts as a person: with their rights of the moment it is used, never more. It is
// returned once and kept as a digest.
func CreateToken(tx *db.Tx, by who.Actor, login string, ttl time.Duration) (string, error) {
	if err := May(by, ActStaff); err != nil {
		return "", err
	}
	if ttl < MinTTL || ttl > MaxTTL {
		return "", fault.New(fault.Invalid, "staff.ttl", "min", MinTTL.String(), "max", MaxTTL.String()).At("ttl", "")
	}
	p, err := ByLogin(tx, login)
	if err != nil {
		return "", err
	}
	if p.Suspended() {
		return "", fault.New(fault.Conflict, "staff.suspended")
	}
	token := tokenMark + newToken()
	_, err = tx.Exec(`
		INSERT INTO token(id, hash, person, made_at, until)
		VALUES ($1, $2, $3, $4, $5)`, tx.NewID(), digest(token), p.ID, db.Millis(tx.Now), db.Millis(tx.Now.Add(ttl)))
	if err != nil {
		return "", err
	}
	return token, note(tx, by, "staff.token-made", p.ID, "until", tx.Now.Add(ttl).Format(time.RFC3339))
}

// ByToken says who an API token acts as, as they are now. SignedOut "staff.token" when it opens nothing (any more).
func (s *Staff) ByToken(ctx context.Context, bearer string) (who.Actor, error) {
	none := fault.New(fault.SignedOut, "staff.token")
	if !strings.HasPrefix(bearer, tokenMark) || len(bearer) > 100 {
		return who.Actor{}, none
	}
	var p Person
	err := s.store.Read(ctx, func(tx *db.Tx) error {
		var person db.ID
		err := tx.Row(`SELECT person FROM token WHERE hash = $1 AND until > $2`, digest(bearer), db.Millis(tx.Now)).Scan(&person)
		if err != nil {
			return err
		}
		p, err = Get(tx, person)
		return err
	})
	switch {
	case fault.Is(err, fault.Missing) || err == nil && p.Suspended():
		return who.Actor{}, none
	case err != nil:
		return who.Actor{}, err
	}
	return p.Actor(who.API), nil
}
