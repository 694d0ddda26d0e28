package ticket

import (
	"sapa/internal/db"
	"sapa/internal/fault"
)

// LockOver locks a ticket that has left the work, closed or void, so that nobody works it until the act is over; is is false when it
// has not.
func LockOver(tx *db.Tx, id db.ID) (is bool, err error) {
	var there db.ID
	err = tx.Row(`SELECT id FROM ticket WHERE id = $1 AND state IN ('closed', 'void') /*pg: FOR UPDATE*/`, id).Scan(&there)
	if fault.Is(err, fault.Missing) {
		return false, nil
	}
	return err == nil, err
}

// PurgeResults removes what was done with a ticket: its turns with their outcomes and drafts, and who went along in whose call (SOP 6).
// The ticket itself says on how it ended.
func PurgeResults(tx *db.Tx, id db.ID) error {
	for _, statement := range []string{
		`DELETE FROM along WHERE ticket = $1`,
		`DELETE FROM along WHERE lead IN (SELECT id FROM turn WHERE ticket = $1)`,
		`DELETE FROM act_draft WHERE turn IN (SELECT id FROM turn WHERE ticket = $1)`,
		`DELETE FROM outcome WHERE ticket = $1`,
		`DELETE FROM turn WHERE ticket = $1`,
	} {
		if _, err := tx.Exec(statement, id); err != nil {
			return err
		}
	}
	return nil
}

// Purge removes a ticket that has left the work and has no turns any more, where searches look for it too (SOP 6). Any other stays:
// gone is false.
func Purge(tx *db.Tx, id db.ID) (gone bool, err error) {
	var service, contact, name string
	err = tx.Row(`
		SELECT t.service_no, t.contact, t.contact_name FROM ticket t
		 WHERE t.id = $1 AND t.state IN ('closed', 'void') AND NOT EXISTS (SELECT 1 FROM turn u WHERE u.ticket = t.id)`, id).Scan(&service, &contact, &name)
	if fault.Is(err, fault.Missing) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for kind, key := range map[int]string{byService: service, byContact: contact, byEnd: reversed(contact), byName: words(name)} {
		if _, err := tx.Exec(forget, kind, key, id); err != nil {
			return false, err
		}
	}
	for _, statement := range []string{
		`DELETE FROM ticket_unsearched WHERE id = $1`,
		`DELETE FROM recommendation WHERE ticket = $1 AND ticket > 0`,
		`DELETE FROM ticket WHERE id = $1`,
	} {
		if _, err := tx.Exec(statement, id); err != nil {
			return false, err
		}
	}
	return true, nil
}
