package form

import "sapa/internal/db"

// Purge removes a form the leader has, with its rows (SOP 6). Any other stays: gone is false. The batch it came from stays: it names a
// file and nobody in it, and it is what makes the same file nothing new.
func Purge(tx *db.Tx, id db.ID) (gone bool, err error) {
	_, err = tx.Exec(`DELETE FROM form_row WHERE form = $1 AND form_state = 'received'`, id)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(`DELETE FROM form WHERE id = $1 AND state = 'received'`, id)
	return n > 0, err
}

// PurgeDeals removes that a ticket was dealt to somebody, with the ticket (SOP 6).
func PurgeDeals(tx *db.Tx, ticket db.ID) error {
	_, err := tx.Exec(`DELETE FROM form_deal WHERE ticket = $1`, ticket)
	return err
}
