package api

import (
	"net/http"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/staff"
	"sapa/internal/trouble"
)

type memberJSON struct {
	Login string `json:"login"`
	Name  string `json:"name"`
}

// groupJSON is an owner group and who works for it: its tickets are their My Group's Incidents (SOP 5.3.3).
type groupJSON struct {
	Group      string       `json:"group"`
	Name       string       `json:"name"`
	Technician bool         `json:"technician"`
	Workzone   []string     `json:"workzone"` // STOs; empty: everywhere
	Members    []memberJSON `json:"members"`
}

func (a *API) group(tx *db.Tx, r seen, id string) (groupJSON, error) {
	j := groupJSON{Group: id, Name: id, Workzone: []string{}, Members: []memberJSON{}}
	if g, known := trouble.GroupOf(id); known {
		j.Group, j.Name, j.Technician, j.Workzone = g.ID, g.Name.In(string(r.lang())), g.Technician, append(j.Workzone, g.Workzone...)
	}
	members, err := trouble.Members(tx, j.Group)
	if err != nil {
		return j, err
	}
	for _, id := range members {
		p, err := staff.Get(tx, id)
		if err != nil {
			return j, err
		}
		j.Members = append(j.Members, memberJSON{p.Login, p.Name})
	}
	return j, nil
}

type groupsJSON struct {
	Groups []groupJSON `json:"groups"`
}

func (a *API) groups(tx *db.Tx, r seen) (any, error) {
	if _, err := query(r); err != nil {
		return nil, err
	}
	j := groupsJSON{Groups: []groupJSON{}}
	for _, g := range trouble.Groups() {
		one, err := a.group(tx, r, g.ID)
		if err != nil {
			return nil, err
		}
		j.Groups = append(j.Groups, one)
	}
	return j, nil
}

// member is the frame of putting a person of the caller's floor into a group or out of it.
func (a *API) member(r seen, do func(tx *db.Tx, person db.ID, group string) error) func(tx *db.Tx) (done, error) {
	return func(tx *db.Tx) (done, error) {
		p, err := staff.ByLogin(tx, r.PathValue("login"))
		if err != nil {
			return done{}, instead(err, "api.no-agent")
		}
		if scope := staff.ScopeOf(r.by); !scope.All && int64(p.Team) != scope.Team {
			return done{}, fault.New(fault.Missing, "api.no-agent")
		}
		group := groupID(r.PathValue("group"))
		if err := do(tx, p.ID, group); err != nil {
			return done{}, err
		}
		j, err := a.group(tx, r, group)
		return done{http.StatusOK, j}, err
	}
}

func (a *API) join(r seen, _ *form) func(tx *db.Tx) (done, error) {
	return a.member(r, func(tx *db.Tx, person db.ID, group string) error { return trouble.Join(tx, r.by, person, group) })
}

func (a *API) leave(r seen, _ *form) func(tx *db.Tx) (done, error) {
	return a.member(r, func(tx *db.Tx, person db.ID, group string) error { return trouble.Leave(tx, r.by, person, group) })
}
