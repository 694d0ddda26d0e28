package trouble

import (
	"slices"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// GroupsOf lists the owner groups a person belongs to: their tickets are My Group's Incidents (SOP 5.3.3).
func GroupsOf(tx *db.Tx, person db.ID) ([]string, error) {
	var all []string
	err := tx.Each(`SELECT owner_group FROM trouble_member WHERE person = $1 ORDER BY owner_group`, []any{person}, func(s db.Scanner) error {
		var g string
		err := s.Scan(&g)
		all = append(all, g)
		return err
	})
	return all, err
}

// Members lists who belongs to a group.
func Members(tx *db.Tx, group string) ([]db.ID, error) {
	var all []db.ID
	err := tx.Each(`SELECT person FROM trouble_member WHERE owner_group = $1 ORDER BY person`, []any{group}, func(s db.Scanner) error {
		var id db.ID
		err := s.Scan(&id)
		all = append(all, id)
		return err
	})
	return all, err
}

// Join puts a person into a group: one of the classification tree's, or one that a list has brought. Twice is once.
func Join(tx *db.Tx, by who.Actor, person db.ID, group string) error {
	group = groupID(group)
	if !slices.ContainsFunc(theTree.groups, func(g Group) bool { return g.ID == group }) {
		var n int
		if err := tx.Row(`SELECT count(*) FROM (SELECT 1 FROM trouble WHERE owner_group = $1 LIMIT 1) AS known`, group).Scan(&n); err != nil {
			return err
		}
		if n == 0 || group == "" {
			return fault.New(fault.Invalid, "trouble.group", "value", group).At("group", "5.3.3")
		}
	}
	n, err := tx.Exec(`INSERT INTO trouble_member(person, owner_group, by_id, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		person, group, by.ID, db.Millis(tx.Now))
	if err != nil || n == 0 {
		return err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "trouble.joined", Kind: "person", Ref: person})
	return err
}

// Leave takes a person out of a group.
func Leave(tx *db.Tx, by who.Actor, person db.ID, group string) error {
	n, err := tx.Exec(`DELETE FROM trouble_member WHERE person = $1 AND owner_group = $2`, person, groupID(group))
	if err != nil || n == 0 {
		return err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "trouble.left", Kind: "person", Ref: person})
	return err
}

// Own puts a ticket into somebody's hand (SOP 5.3.3): one at a time. Conflict "trouble.owned" while another has it; the one who
// has it may take it again. With person 0 it is given back.
func Own(tx *db.Tx, by who.Actor, id, person db.ID) (Ticket, error) {
	t, err := locked(tx, id)
	switch {
	case err != nil:
		return t, err
	case t.Owner == person:
		return t, nil
	case t.Owner != 0 && person != 0:
		return t, fault.New(fault.Conflict, "trouble.owned", "no", t.No)
	case !t.Open() && person != 0:
		return t, fault.New(fault.Conflict, "trouble.done", "no", t.No, "state", string(t.State))
	}
	t.Owner = person
	if err := save(tx, &t); err != nil {
		return t, err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "trouble.owned", Kind: "trouble", Ref: id, Ticket: t.SourceTicket})
	return t, err
}
