package booking

import "sapa/internal/db"

// Forget erases whom a technician's visit was for, once its trouble ticket is removed (SOP 6). The place itself stays: the slot counts it.
func Forget(tx *db.Tx, ref string) error {
	_, err := tx.Exec(`UPDATE booking SET second_contact = '', reason = '' WHERE ref = $1 AND ref <> ''`, ref)
	return err
}
