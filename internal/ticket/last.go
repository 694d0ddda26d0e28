package ticket

import (
	"sapa/internal/db"
	"sapa/internal/fault"
)

// LastTurn gives the newest turn of a ticket, whatever became of it; false when nobody has had it yet.
func LastTurn(tx *db.Tx, ticket db.ID) (Turn, bool, error) {
	t, err := scanTurn(tx.Row(`SELECT `+turnColumns+` FROM turn t WHERE t.ticket = $1 ORDER BY t.id DESC LIMIT 1`, ticket))
	if fault.Is(err, fault.Missing) {
		return Turn{}, false, nil
	}
	return t, err == nil, err
}
