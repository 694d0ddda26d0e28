package staff

import (
	"context"
	"crypto/subtle"
	"net/netip"
	"sync"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/who"
)

// firstLink holds the secret of the one-time link for the first administrator. It lives in memory only: a new start of
// the server prints a new one.
type firstLink struct {
	mu     sync.Mutex
	secret string
}

// FirstPath is where the page of the one-time link is; the secret follows.
const FirstPath = "/first/"

// FirstAdminLink gives the one-time link for the first administrator under the server's address (http://127.0.0.1:8080),
// or "" when the site has one. The same link until it is used.
func (s *Staff) FirstAdminLink(ctx context.Context, address string) (string, error) {
	needed, err := s.NeedsFirstAdmin(ctx)
	if err != nil || !needed {
		return "", err
	}
	s.first.mu.Lock()
	defer s.first.mu.Unlock()
	if s.first.secret == "" {
		s.first.secret = newToken()
	}
	return address + FirstPath + s.first.secret, nil
}

// NeedsFirstAdmin tells whether nobody administers the site yet. Until somebody does, serve answers on loopback only.
func (s *Staff) NeedsFirstAdmin(ctx context.Context) (bool, error) {
	var admins int
	err := s.store.Read(ctx, func(tx *db.Tx) error { return countAdmins(tx, &admins) })
	return admins == 0, err
}

func countAdmins(tx *db.Tx, n *int) error {
	return tx.Row(`SELECT count(*) FROM person WHERE role = 'admin'`).Scan(n)
}

// FirstAdmin makes the first administrator and signs them in. from has to be a loopback address and link the secret
// that serve printed; otherwise Missing "staff.no-link". It works once.
func (s *Staff) FirstAdmin(ctx context.Context, link, login, name, password, from string) (token string, a who.Actor, err error) {
	if !s.linkFits(link, from) {
		return "", a, fault.New(fault.Missing, "staff.no-link")
	}
	secret, err := s.HashPassword(ctx, password, login)
	if err != nil {
		return "", a, err
	}
	err = s.store.Write(ctx, func(tx *db.Tx) error {
		var admins int
		if err := countAdmins(tx, &admins); err != nil {
			return err
		}
		// Two windows may have the link open: there is room for one founder.
		fresh, err := tx.Exec(`INSERT INTO founder(only_one, at) VALUES (1, $1) ON CONFLICT (only_one) DO NOTHING`, db.Millis(tx.Now))
		if err != nil {
			return err
		}
		if admins > 0 || fresh == 0 {
			return fault.New(fault.Missing, "staff.no-link")
		}
		p, err := add(tx, Console, Person{Login: login, Name: name, Role: who.Admin, Secret: secret})
		if err != nil {
			return err
		}
		a = p.Actor(who.Page)
		token, err = openSession(tx, p.ID, placeOf(from))
		return err
	})
	if err != nil {
		return "", who.Actor{}, err
	}
	s.first.mu.Lock()
	s.first.secret = ""
	s.first.mu.Unlock()
	return token, a, nil
}

// LinkFits tells whether a link would be taken, so that a page can say so before anybody fills a form.
func (s *Staff) LinkFits(ctx context.Context, link, from string) (bool, error) {
	if !s.linkFits(link, from) {
		return false, nil
	}
	return s.NeedsFirstAdmin(ctx)
}

func (s *Staff) linkFits(link, from string) bool {
	addr, err := netip.ParseAddr(placeOf(from))
	if err != nil || !addr.IsLoopback() {
		return false
	}
	s.first.mu.Lock()
	defer s.first.mu.Unlock()
	return s.first.secret != "" && subtle.ConstantTimeCompare([]byte(link), []byte(s.first.secret)) == 1
}
