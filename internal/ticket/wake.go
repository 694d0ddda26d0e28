package ticket

import "sapa/internal/db"

// wakeAtOnce bounds what one claim wakes of each kind. Beyond it - a thousand retries that all sleep until the morning's
// first hour - the next claims wake the rest; promises never wait behind them.
const wakeAtOnce = 1000

// wake brings sleepers whose time has come into the queue, promises and retries.
func wake(tx *db.Tx) error {
	now := db.Millis(tx.Now)
	if tx.Postgres() {
		return wakePostgres(tx, now)
	}
	_, err := tx.Exec(`
		UPDATE ticket SET wake_at = 0, awake = 1, changed_at = $1
		 WHERE id IN (
			SELECT id FROM (SELECT id FROM ticket WHERE rank = 0 AND wake_at > 0 AND wake_at <= $1 ORDER BY wake_at, id LIMIT $2)
			UNION ALL
			SELECT id FROM (SELECT id FROM ticket WHERE rank = 2 AND wake_at > 0 AND wake_at <= $1 ORDER BY wake_at, id LIMIT $2))`, now, wakeAtOnce)
	return err
}

// wakePostgres lets one claim wake at a time; the others wait for it, or they would overlook what it is waking and hand
// out a later ticket. They wait at a row of its own: waiting at the tickets themselves ended in deadlocks with results,
// for a waiting lock stays on a row even when its ticket has been claimed meanwhile. Most claims find nothing due and take
// no lock at all.
func wakePostgres(tx *db.Tx, now int64) error {
	var due bool
	err := tx.Row(`
		SELECT EXISTS (SELECT 1 FROM ticket WHERE rank = 0 AND wake_at > 0 AND wake_at <= $1)
		    OR EXISTS (SELECT 1 FROM ticket WHERE rank = 2 AND wake_at > 0 AND wake_at <= $1)`, now).Scan(&due)
	if err != nil || !due {
		return err
	}
	if _, err := tx.Exec(`UPDATE waker SET at = $1`, now); err != nil {
		return err
	}
	_, err = tx.Exec(`
		WITH promises AS MATERIALIZED (
			SELECT id FROM ticket WHERE rank = 0 AND wake_at > 0 AND wake_at <= $1 ORDER BY wake_at, id LIMIT $2 FOR UPDATE SKIP LOCKED),
		retries AS MATERIALIZED (
			SELECT id FROM ticket WHERE rank = 2 AND wake_at > 0 AND wake_at <= $1 ORDER BY wake_at, id LIMIT $2 FOR UPDATE SKIP LOCKED)
		UPDATE ticket t SET wake_at = 0, awake = 1, changed_at = $1
		  FROM (SELECT id FROM promises UNION ALL SELECT id FROM retries) due
		 WHERE t.id = due.id`, now, wakeAtOnce)
	return err
}

// unraise puts what a leader raised back to its age once the while is over.
func unraise(tx *db.Tx) error {
	_, err := tx.Exec(`
		UPDATE ticket SET rank = 2, order_at = opened_at, raised_until = 0, version = version + 1, changed_at = $1
		 WHERE raised_until > 0 AND raised_until <= $1 AND (state = 'waiting' OR state = 'parked')`, db.Millis(tx.Now))
	return err
}
