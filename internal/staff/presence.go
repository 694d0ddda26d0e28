package staff

import (
	"slices"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/who"
)

// States of presence, in the order pages offer them: ready for work, or away with a reason.
var States = []string{"ready", "break", "prayer", "meal", "training", "meeting"}

// Presence is one person on the floor.
type Presence struct {
	Person
	State  string // one of States, or "out" when no session lives
	Since  time.Time
	SeenAt time.Time // last act; zero when out
}

// SetPresence keeps what a person says of themselves.
func SetPresence(tx *db.Tx, a who.Actor, state string) error {
	if err := May(a, ActSelf); err != nil {
		return err
	}
	if !slices.Contains(States, state) {
		return fault.New(fault.Invalid, "staff.presence").At("state", "")
	}
	_, err := tx.Exec(`
		INSERT INTO presence(person, state, since)
		VALUES ($1, $2, $3)
		ON CONFLICT (person) DO UPDATE
		SET state = excluded.state, since = excluded.since
		WHERE presence.state <> excluded.state`, a.ID, state, db.Millis(tx.Now))
	return err
}

// Present lists the people of a team (0: of the site) with what each is doing, by login. Suspended ones are left out.
// Somebody with a living session who never said anything is ready since the sign-in.
func Present(tx *db.Tx, team db.ID) ([]Presence, error) {
	var all []Presence
	err := tx.Each(`
		SELECT p.id, p.login, p.name, p.role, p.skill, p.team, p.secret, p.suspended_at, p.made_at,
		       coalesce(max(s.seen_at), 0), coalesce(min(s.made_at), 0), coalesce(max(q.state), ''), coalesce(max(q.since), 0)
		  FROM person p
		  LEFT JOIN session s ON s.person = p.id AND s.until > $1 AND s.seen_at > $2
		  LEFT JOIN presence q ON q.person = p.id
		 WHERE (CAST($3 AS BIGINT) = 0 OR p.team = CAST($3 AS BIGINT))
		   AND p.suspended_at = 0
		   AND p.role <> 'feed'
		 GROUP BY p.id, p.login, p.name, p.role, p.skill, p.team, p.secret, p.suspended_at, p.made_at
		 ORDER BY p.login`,
		[]any{db.Millis(tx.Now), db.Millis(tx.Now.Add(-Idle)), team}, func(s db.Scanner) error {
			var one Presence
			var role, secret string
			var suspended, made, seen, in, since int64
			err := s.Scan(&one.ID, &one.Login, &one.Name, &role, &one.Skill, &one.Team, &secret, &suspended, &made,
				&seen, &in, &one.State, &since)
			one.Role, one.MadeAt, one.SeenAt, one.Since = who.Role(role), db.Time(made), db.Time(seen), db.Time(since)
			switch {
			case seen == 0:
				one.State, one.Since = "out", time.Time{}
			case one.State == "":
				one.State, one.Since = "ready", db.Time(in)
			}
			all = append(all, one)
			return err
		})
	return all, err
}
