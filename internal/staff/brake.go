package staff

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
)

// A brake slows guessing down without ever locking an account, since a lock is a weapon in the hand of whoever wants a
// colleague kept out. Tries are counted before the password is looked at, so that a hundred guesses at once cannot all
// slip through; a right password gives the count back.
type brake struct {
	free  int64         // tries before the first wait
	limit time.Duration // longest wait
}

// The three brakes: on one login from one place; on one login from all places nobody has signed in from before; on one
// place over all logins (a whole floor may share one address, so it is wide). A place the person has signed in from
// is held by the first only, with short waits, and there a right password is let in even while others have to wait.
var (
	pairBrake  = brake{free: 5, limit: 15 * time.Minute}
	knownBrake = brake{free: 5, limit: 30 * time.Second}
	loginBrake = brake{free: 50, limit: time.Minute}
	placeBrake = brake{free: 100, limit: 30 * time.Second}
)

const (
	brakeMemory = 24 * time.Hour      // a count this old is forgotten
	knownMemory = 30 * 24 * time.Hour // a place stays known this long after the last sign-in
	knownTries  = 100                 // wrong tries in a row at a known place that are still looked at while waiting
	anywhere    = "*"
)

// wait is how long after the n-th try in a row the next one has to come.
func (b brake) wait(n int64) time.Duration {
	if n < b.free {
		return 0
	}
	if n-b.free >= 10 {
		return b.limit
	}
	return min(b.limit, time.Second<<(n-b.free))
}

// digest is the form logins, session and API tokens are kept in.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// press counts a try and says how long the caller still had to wait when it came. Tries that come too early count, but
// they do not make the wait longer: otherwise knocking without pause would keep a door shut for ever.
func (b brake) press(tx *db.Tx, login, place string) (n int64, left time.Duration, err error) {
	// First a row of one's own to hold, so that tries at the same moment count one after the other.
	_, err = tx.Exec(`
		INSERT INTO brake(login, source, fails, at, until)
		VALUES ($1, $2, 0, $3, 0)
		ON CONFLICT (login, source) DO UPDATE
		SET fails = brake.fails`, login, place, db.Millis(tx.Now))
	if err != nil {
		return 0, 0, err
	}
	var at, until int64
	err = tx.Row(`SELECT fails, at, until FROM brake WHERE login = $1 AND source = $2`, login, place).Scan(&n, &at, &until)
	if err != nil {
		return 0, 0, err
	}
	if tx.Now.Sub(db.Time(at)) > brakeMemory {
		n, until = 0, 0
	}
	n++
	if left = db.Time(until).Sub(tx.Now); until == 0 || left <= 0 {
		left = 0
		until = db.Millis(tx.Now.Add(b.wait(n)))
	}
	_, err = tx.Exec(`UPDATE brake SET fails = $3, at = $4, until = $5 WHERE login = $1 AND source = $2`,
		login, place, n, db.Millis(tx.Now), until)
	return n, left, err
}

// release gives a try back that turned out to be the right password.
func release(tx *db.Tx, login, place string) error {
	_, err := tx.Exec(`UPDATE brake SET fails = fails - 1 WHERE login = $1 AND source = $2 AND fails > 0`, login, place)
	return err
}

// knows tells whether a person signed in from a place before.
func knows(tx *db.Tx, person db.ID, place string) (bool, error) {
	var at int64
	err := tx.Row(`SELECT at FROM known_source WHERE person = $1 AND source = $2`, person, place).Scan(&at)
	if fault.Is(err, fault.Missing) {
		return false, nil
	}
	return err == nil && tx.Now.Sub(db.Time(at)) <= knownMemory, err
}
