package ticket

import "sapa/internal/db"

// wakeAtOnce bounds what one claim wakes of each kind. Beyond it - a thousand retries that all sleep until the morning's
// first hour - the next claims wake the rest; promises never wait behind them.
const wakeAtOnce = 1000

// wake brings sleepers whose time has come into the queue, promises and retries. On PostgreSQL two claims at once wait for
// each other here: who did not would overlook what the other is waking and hand out a later one.
func wake(tx *db.Tx) error {
	now := db.Millis(tx.Now)
	if tx.Postgres() {
		_, err := tx.Exec(`
			WITH promises AS MATERIALIZED (
				SELECT id FROM ticket WHERE rank = 0 AND wake_at > 0 AND wake_at <= $1 ORDER BY wake_at, id LIMIT $2 FOR UPDATE),
			retries AS MATERIALIZED (
				SELECT id FROM ticket WHERE rank = 2 AND wake_at > 0 AND wake_at <= $1 ORDER BY wake_at, id LIMIT $2 FOR UPDATE)
			UPDATE ticket t SET wake_at = 0, awake = 1, changed_at = $1
			  FROM (SELECT id FROM promises UNION ALL SELECT id FROM retries) due
			 WHERE t.id = due.id`, now, wakeAtOnce)
		return err
	}
	_, err := tx.Exec(`
		UPDATE ticket SET wake_at = 0, awake = 1, changed_at = $1
		 WHERE id IN (
			SELECT id FROM (SELECT id FROM ticket WHERE rank = 0 AND wake_at > 0 AND wake_at <= $1 ORDER BY wake_at, id LIMIT $2)
			UNION ALL
			SELECT id FROM (SELECT id FROM ticket WHERE rank = 2 AND wake_at > 0 AND wake_at <= $1 ORDER BY wake_at, id LIMIT $2))`, now, wakeAtOnce)
	return err
}

// unraise puts what a leader raised back to its age once the while is over.
func unraise(tx *db.Tx) error {
	_, err := tx.Exec(`
		UPDATE ticket SET rank = 2, order_at = opened_at, raised_until = 0, version = version + 1, changed_at = $1
		 WHERE raised_until > 0 AND raised_until <= $1 AND state = 'waiting'`, db.Millis(tx.Now))
	return err
}
