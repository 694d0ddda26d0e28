package staff

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"sapa/internal/fault"
)

// What one password check costs: two passes over 19 MiB. More memory would let a shift's worth of sign-ins at 08:00 push
// the server out of its own; less would help whoever steals the database.
const (
	argonTime    = 2
	argonKiB     = 19 * 1024
	argonLanes   = 1
	argonKeyLen  = 32
	argonSaltLen = 16
)

// A password's length in characters and bytes. No rule about kinds of characters: length is what counts.
const (
	minPassword      = 8
	maxPasswordBytes = 256
)

// Secret is what is kept of a password. It cannot be printed.
type Secret struct{ hash string }

// Empty tells whether there is no password.
func (s Secret) Empty() bool { return s.hash == "" }

// String hides the hash wherever a Secret is printed.
func (s Secret) String() string { return "***" }

// GoString hides it in %#v, too.
func (s Secret) GoString() string { return "***" }

// common holds what a guesser tries first, of those long enough to pass otherwise. Kept folded.
var common = func() map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(`
		password password1 password12 password123 passw0rd p@ssw0rd p@ssword qwertyui qwertyuiop qwerty123 qwerty1234 1q2w3e4r
		1q2w3e4r5t 1qaz2wsx asdfghjk asdfghjkl zxcvbnm1 abcdefgh abcd1234 abc12345 abcd12345 12345678 123456789 1234567890
		01234567 0123456789 87654321 987654321 0987654321 11223344 12341234 123123123 12121212 iloveyou ilovegod sunshine
		princess football baseball superman starwars whatever trustno1 letmein1 welcome1 welcome123 changeme changeme1
		administrator admin123 admin1234 administrator1 rahasia1 rahasia12 rahasia123 indonesia indonesia1 indonesia45
		bismillah bismillah1 sayangku sayang123 katasandi katasandi1 katasandi123 jakarta1 jakarta123 malang123 telkom123
		telkom147 indihome indihome1 indihome123 merdeka45 garuda123 persija1 arema1987 anjing123 doraemon sapasapa sapa1234`) {
		set[w] = true
	}
	return set
}()

// fitPassword refuses what is too short, too long, or guessed first.
func fitPassword(password, login string) error {
	folded := strings.ToLower(strings.TrimSpace(password))
	switch {
	case !utf8.ValidString(password) || strings.ContainsRune(password, 0):
		return fault.New(fault.Invalid, "staff.password-text").At("password", "")
	case utf8.RuneCountInString(password) < minPassword:
		return fault.New(fault.Invalid, "staff.password-short", "min", minPassword).At("password", "")
	case len(password) > maxPasswordBytes:
		return fault.New(fault.Invalid, "staff.password-long", "max", maxPasswordBytes).At("password", "")
	case common[folded], folded == foldLogin(login), strings.Count(folded, folded[:1]) == len(folded):
		return fault.New(fault.Invalid, "staff.password-common").At("password", "")
	}
	return nil
}

// HashPassword turns a new password into what is kept of it. It takes tens of milliseconds: call it outside transactions.
func (s *Staff) HashPassword(ctx context.Context, password, login string) (Secret, error) {
	if err := fitPassword(password, login); err != nil {
		return Secret{}, err
	}
	if err := s.gate.enter(ctx); err != nil {
		return Secret{}, err
	}
	defer s.gate.leave()
	salt := make([]byte, argonSaltLen)
	rand.Read(salt) // never fails: it ends the program instead
	return Secret{encode(salt, stretch(password, salt))}, nil
}

func stretch(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(password), salt, argonTime, argonKiB, argonLanes, argonKeyLen)
}

// encode keeps the costs beside the hash, so that they can be raised later without locking anybody out.
func encode(salt, key []byte) string {
	b := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonKiB, argonTime, argonLanes,
		b.EncodeToString(salt), b.EncodeToString(key))
}

// nobodys is checked when there is no such person, so that the answer takes as long as for one there is.
var nobodys = Secret{encode(make([]byte, argonSaltLen), make([]byte, argonKeyLen))}

// matches checks a password against what was kept. The caller stands inside the gate.
func (s Secret) matches(password string) bool {
	var version, memory, time, lanes int
	parts := strings.Split(s.hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &time, &lanes); err != nil || version != argon2.Version {
		return false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	key, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(key) == 0 || memory < 8 || memory > 1<<20 || time < 1 || time > 100 || lanes < 1 || lanes > 64 {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, uint32(time), uint32(memory), uint8(lanes), uint32(len(key)))
	return subtle.ConstantTimeCompare(got, key) == 1
}

// gate lets only so many password checks run at once: each takes 19 MiB and a core.
type gate struct {
	slots   chan struct{} // size: checks at once
	waiting *atomic.Int64
}

// maxWaiting is how many may queue before the rest is told to come again: at some 25 checks a second and core that is
// about ten seconds, longer than anybody waits.
const maxWaiting = 500

func newGate(slots int) gate {
	return gate{slots: make(chan struct{}, slots), waiting: new(atomic.Int64)}
}

func (g gate) enter(ctx context.Context) error {
	defer g.waiting.Add(-1)
	if g.waiting.Add(1) > maxWaiting {
		return fault.New(fault.Busy, "staff.crowd")
	}
	select {
	case g.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g gate) leave() { <-g.slots }
