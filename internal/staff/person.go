package staff

import (
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// Person is somebody who works here, or a feed.
type Person struct {
	ID          db.ID
	Login       string // lower case, e.g. 42147
	Name        string
	Role        who.Role
	Skill       string // telephony skill (SOP 5.2.10.i.skill), e.g. T2O
	Team        db.ID  // 0: none
	Email       string // where letters for this person go; empty: none
	Secret      Secret // what a password is checked against; empty: no sign-in by password
	SuspendedAt time.Time
	MadeAt      time.Time
}

// Suspended tells whether the person may not act for now.
func (p Person) Suspended() bool { return !p.SuspendedAt.IsZero() }

// Actor is the person acting through a door.
func (p Person) Actor(via who.Via) who.Actor {
	return who.Actor{ID: int64(p.ID), Login: p.Login, Name: p.Name, Role: p.Role, Skill: p.Skill, Team: int64(p.Team), Via: via}
}

const personColumns = `id, login, name, role, skill, team, secret, suspended_at, made_at, email`

func scanPerson(s db.Scanner) (Person, error) {
	var p Person
	var role, secret string
	var suspended, made int64
	err := s.Scan(&p.ID, &p.Login, &p.Name, &role, &p.Skill, &p.Team, &secret, &suspended, &made, &p.Email)
	p.Role, p.Secret, p.SuspendedAt, p.MadeAt = who.Role(role), Secret{secret}, db.Time(suspended), db.Time(made)
	return p, err
}

var (
	loginShape = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,31}$`)
	skillShape = regexp.MustCompile(`^[A-Za-z0-9-]{0,16}$`)
	// One plain address: atoms with dots, then a domain of at least two labels. Nothing quoted, no name, no list.
	emailShape = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$")
)

// foldLogin is the form a login is kept and looked up in.
func foldLogin(login string) string { return strings.ToLower(strings.TrimSpace(login)) }

func cleanName(name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	n := utf8.RuneCountInString(name)
	if n == 0 || n > 100 || !utf8.ValidString(name) || strings.IndexFunc(name, unicode.IsControl) >= 0 {
		return "", fault.New(fault.Invalid, "staff.name").At("name", "")
	}
	return name, nil
}

// cleanEmail takes one address as it is written, or none.
func cleanEmail(email string) (string, error) {
	email = strings.TrimSpace(email)
	local, _, _ := strings.Cut(email, "@")
	if email != "" && (!emailShape.MatchString(email) || len(email) > 254 || len(local) > 64) {
		return "", fault.New(fault.Invalid, "staff.email").At("email", "")
	}
	return email, nil
}

// Add keeps a new person. Conflict "staff.login-taken" when the login is somebody's already.
func Add(tx *db.Tx, by who.Actor, p Person) (Person, error) {
	if err := May(by, ActStaff); err != nil {
		return Person{}, err
	}
	return add(tx, by, p)
}

// add is Add without the policy, for the first administrator: there is nobody yet who could allow it.
func add(tx *db.Tx, by who.Actor, p Person) (Person, error) {
	p.Login = foldLogin(p.Login)
	name, err := cleanName(p.Name)
	email, noEmail := cleanEmail(p.Email)
	switch {
	case !loginShape.MatchString(p.Login):
		return Person{}, fault.New(fault.Invalid, "staff.login").At("login", "")
	case err != nil:
		return Person{}, err
	case noEmail != nil:
		return Person{}, noEmail
	case !p.Role.Valid():
		return Person{}, fault.New(fault.Invalid, "staff.role", "role", string(p.Role), "roles", roleList()).At("role", "")
	case !skillShape.MatchString(p.Skill):
		return Person{}, fault.New(fault.Invalid, "staff.skill").At("skill", "5.2.10.i.skill")
	case p.Role == who.Feed && !p.Secret.Empty():
		return Person{}, fault.New(fault.Invalid, "staff.feed-password").At("password", "")
	}
	if p.Team != 0 {
		if _, err := TeamName(tx, p.Team); err != nil {
			return Person{}, err
		}
	}
	p.ID, p.Name, p.Email, p.MadeAt, p.SuspendedAt = tx.NewID(), name, email, tx.Now, time.Time{}
	added, err := tx.Exec(`
		INSERT INTO person(id, login, name, role, skill, team, secret, made_at, email)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (login) DO NOTHING`,
		p.ID, p.Login, p.Name, string(p.Role), p.Skill, p.Team, p.Secret.hash, db.Millis(p.MadeAt), p.Email)
	if err != nil {
		return Person{}, err
	}
	if added == 0 {
		return Person{}, fault.New(fault.Conflict, "staff.login-taken", "login", p.Login).At("login", "")
	}
	return p, note(tx, by, "staff.added", p.ID, "role", string(p.Role))
}

// Get reads one person. Missing "staff.nobody" when there is none.
func Get(tx *db.Tx, id db.ID) (Person, error) {
	return one(tx.Row(`SELECT `+personColumns+` FROM person WHERE id = $1`, id))
}

// ByLogin reads one person by login, in any case of letters.
func ByLogin(tx *db.Tx, login string) (Person, error) {
	return one(tx.Row(`SELECT `+personColumns+` FROM person WHERE login = $1`, foldLogin(login)))
}

func one(row db.Scanner) (Person, error) {
	p, err := scanPerson(row)
	if fault.Is(err, fault.Missing) {
		return p, fault.New(fault.Missing, "staff.nobody")
	}
	return p, err
}

// All lists everybody, by login.
func All(tx *db.Tx) ([]Person, error) {
	return list(tx, `SELECT `+personColumns+` FROM person ORDER BY login`)
}

// Team lists the people of a team, by login.
func Team(tx *db.Tx, team db.ID) ([]Person, error) {
	return list(tx, `SELECT `+personColumns+` FROM person WHERE team = $1 ORDER BY login`, team)
}

// Leaders lists the ids of all team leaders.
func Leaders(tx *db.Tx) ([]db.ID, error) {
	var all []db.ID
	err := tx.Each(`SELECT id FROM person WHERE role = $1 ORDER BY id`, []any{string(who.Leader)}, func(s db.Scanner) error {
		var id db.ID
		err := s.Scan(&id)
		all = append(all, id)
		return err
	})
	return all, err
}

func list(tx *db.Tx, query string, args ...any) ([]Person, error) {
	var all []Person
	err := tx.Each(query, args, func(s db.Scanner) error {
		p, err := scanPerson(s)
		all = append(all, p)
		return err
	})
	return all, err
}

// SetRole gives a person another role. It counts from their next request on, also for tokens and open sessions.
func SetRole(tx *db.Tx, by who.Actor, id db.ID, role who.Role) error {
	p, err := toChange(tx, by, id)
	if err != nil {
		return err
	}
	if !role.Valid() {
		return fault.New(fault.Invalid, "staff.role", "role", string(role), "roles", roleList()).At("role", "")
	}
	if p.Role == who.Admin && role != who.Admin {
		if err := notTheLastAdmin(tx, id); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(`UPDATE person SET role = $2 WHERE id = $1`, id, string(role)); err != nil {
		return err
	}
	return note(tx, by, "staff.role-set", id, "from", string(p.Role), "to", string(role))
}

// SetTeam moves a person to a team; 0 means none.
func SetTeam(tx *db.Tx, by who.Actor, id, team db.ID) error {
	if _, err := toChange(tx, by, id); err != nil {
		return err
	}
	if team != 0 {
		if _, err := TeamName(tx, team); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(`UPDATE person SET team = $2 WHERE id = $1`, id, team); err != nil {
		return err
	}
	return note(tx, by, "staff.team-set", id)
}

// SetEmail says where letters for a person go; empty takes the address away.
func SetEmail(tx *db.Tx, by who.Actor, id db.ID, email string) error {
	if _, err := toChange(tx, by, id); err != nil {
		return err
	}
	email, err := cleanEmail(email)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE person SET email = $2 WHERE id = $1`, id, email); err != nil {
		return err
	}
	return note(tx, by, "staff.email-set", id)
}

// Suspend ends a person's authority at once: sessions and tokens end, and no new ones can be had until Resume.
func Suspend(tx *db.Tx, by who.Actor, id db.ID) error {
	p, err := toChange(tx, by, id)
	if err != nil || p.Suspended() {
		return err
	}
	if p.Role == who.Admin {
		if err := notTheLastAdmin(tx, id); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(`UPDATE person SET suspended_at = $2 WHERE id = $1`, id, db.Millis(tx.Now)); err != nil {
		return err
	}
	if err := endAll(tx, id); err != nil {
		return err
	}
	return note(tx, by, "staff.suspended", id)
}

// Resume lets a suspended person sign in again.
func Resume(tx *db.Tx, by who.Actor, id db.ID) error {
	if _, err := toChange(tx, by, id); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE person SET suspended_at = 0 WHERE id = $1`, id); err != nil {
		return err
	}
	return note(tx, by, "staff.resumed", id)
}

func toChange(tx *db.Tx, by who.Actor, id db.ID) (Person, error) {
	if err := May(by, ActStaff); err != nil {
		return Person{}, err
	}
	return Get(tx, id)
}

// notTheLastAdmin refuses to leave a site without anybody who could put it right. It holds the administrators' rows, so
// that two of them cannot suspend each other at the same moment.
func notTheLastAdmin(tx *db.Tx, id db.ID) error {
	others := 0
	err := tx.Each(`
		SELECT id FROM person
		 WHERE role = 'admin' AND suspended_at = 0
		 ORDER BY id /*pg: FOR UPDATE */`, nil, func(s db.Scanner) error {
		var admin db.ID
		err := s.Scan(&admin)
		if admin != id {
			others++
		}
		return err
	})
	if err == nil && others == 0 {
		err = fault.New(fault.Conflict, "staff.last-admin")
	}
	return err
}

func roleList() string {
	words := make([]string, len(who.Roles))
	for i, r := range who.Roles {
		words[i] = string(r)
	}
	return strings.Join(words, ", ")
}

// note writes a line about a person into the journal: ids and words of ours only, no names.
func note(tx *db.Tx, by who.Actor, act string, person db.ID, values ...string) error {
	data := map[string]string{}
	for i := 0; i+1 < len(values); i += 2 {
		data[values[i]] = values[i+1]
	}
	_, err := journal.Write(tx, journal.Entry{By: by, Act: act, Kind: "person", Ref: person, Data: data})
	return err
}
