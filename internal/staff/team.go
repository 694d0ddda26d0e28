package staff

import (
	"strings"
	"unicode/utf8"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/who"
)

// TeamNamed finds a team by name and makes it when there is none, so that `staff add --team NAME` needs no second command.
func TeamNamed(tx *db.Tx, by who.Actor, name string) (db.ID, error) {
	if err := May(by, ActStaff); err != nil {
		return 0, err
	}
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || utf8.RuneCountInString(name) > 60 {
		return 0, fault.New(fault.Invalid, "staff.team-name").At("team", "")
	}
	id := tx.NewID()
	added, err := tx.Exec(`
		INSERT INTO team(id, name, made_at)
		VALUES ($1, $2, $3)
		ON CONFLICT (name) DO NOTHING`, id, name, db.Millis(tx.Now))
	if err != nil || added == 1 {
		return id, err
	}
	err = tx.Row(`SELECT id FROM team WHERE name = $1`, name).Scan(&id)
	return id, err
}

// TeamName reads a team's name. Missing "staff.no-team" when there is none.
func TeamName(tx *db.Tx, id db.ID) (string, error) {
	var name string
	err := tx.Row(`SELECT name FROM team WHERE id = $1`, id).Scan(&name)
	if fault.Is(err, fault.Missing) {
		return "", fault.New(fault.Missing, "staff.no-team")
	}
	return name, err
}

// SetCampaigns gives an agent the campaigns to work, until it is set again (decisions.md 12). None means every campaign
// whose desk is open. A leader of another team gets Missing: not theirs. Whether a code exists is campaign's to say.
func SetCampaigns(tx *db.Tx, by who.Actor, agent db.ID, codes []string) error {
	if err := May(by, ActMix); err != nil {
		return err
	}
	p, err := Get(tx, agent)
	if err != nil {
		return err
	}
	if scope := ScopeOf(by); !scope.All && int64(p.Team) != scope.Team {
		return fault.New(fault.Missing, "staff.nobody")
	}
	if p.Role != who.Agent {
		return fault.New(fault.Invalid, "staff.mix-agent").At("agent", "")
	}
	if _, err := tx.Exec(`DELETE FROM mix WHERE agent = $1`, agent); err != nil {
		return err
	}
	for _, code := range codes {
		_, err := tx.Exec(`
			INSERT INTO mix(agent, campaign)
			VALUES ($1, $2)
			ON CONFLICT (agent, campaign) DO NOTHING`, agent, code)
		if err != nil {
			return err
		}
	}
	return note(tx, by, "staff.mixed", agent, "campaigns", strings.Join(codes, " "))
}

// CampaignsOf lists the campaigns an agent was given, by code; empty means every one whose desk is open.
func CampaignsOf(tx *db.Tx, agent db.ID) ([]string, error) {
	var codes []string
	err := tx.Each(`SELECT campaign FROM mix WHERE agent = $1 ORDER BY campaign`, []any{agent}, func(s db.Scanner) error {
		var code string
		err := s.Scan(&code)
		codes = append(codes, code)
		return err
	})
	return codes, err
}
