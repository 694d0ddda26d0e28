package journal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"sapa/internal/db"
)

// sealAfter is how old a row is before it is sealed, in ms: by then every act that began before it has ended.
const sealAfter = 3000

const sealAtOnce = 500 // rows a turn, so that agents never wait for the sealer

// row is what a seal covers: the stored columns, as stored.
type row struct {
	id, at, by, ref, ticket, seq int64
	via, act, kind, data, seal   string
}

func (r row) sealed(before string, seq int64) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s|%d|%d|%d|%d|%q|%q|%q|%d|%d|%s", before, seq, r.id, r.at, r.by, r.via, r.act, r.kind, r.ref, r.ticket, r.data)
	return hex.EncodeToString(h.Sum(nil))
}

const sealColumns = `id, at, by_id, via, act, kind, ref, ticket, data, seq, seal`

func scanRow(s db.Scanner) (r row, err error) {
	err = s.Scan(&r.id, &r.at, &r.by, &r.via, &r.act, &r.kind, &r.ref, &r.ticket, &r.data, &r.seq, &r.seal)
	return r, err
}

// Seal chains the rows that are old enough. Two sealers at once do no harm: a place in the chain is unique, so one of them
// fails and comes again.
func Seal(ctx context.Context, store *db.DB) error {
	for {
		sealed := 0
		err := store.Write(ctx, func(tx *db.Tx) error {
			var err error
			sealed, err = sealSome(tx)
			return err
		})
		if err != nil || sealed < sealAtOnce {
			return err
		}
	}
}

func sealSome(tx *db.Tx) (int, error) {
	seq, before, err := last(tx)
	if err != nil {
		return 0, err
	}
	var rows []row
	err = tx.Each(`
		SELECT `+sealColumns+` FROM journal
		 WHERE seq = 0 AND at <= $1
		 ORDER BY id
		 LIMIT $2`, []any{db.Millis(tx.Now) - sealAfter, sealAtOnce}, func(s db.Scanner) error {
		r, err := scanRow(s)
		rows = append(rows, r)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, r := range rows {
		seq++
		before = r.sealed(before, seq)
		if _, err := tx.Exec(`UPDATE journal SET seq = $2, seal = $3 WHERE id = $1`, r.id, seq, before); err != nil {
			return 0, err
		}
	}
	return len(rows), nil
}

func last(tx *db.Tx) (seq int64, seal string, err error) {
	err = tx.Each(`SELECT seq, seal FROM journal WHERE seq > 0 ORDER BY seq DESC LIMIT 1`, nil, func(s db.Scanner) error {
		return s.Scan(&seq, &seal)
	})
	return seq, seal, err
}

// Broken says where the chain does not hold: a row was altered, removed or put in between.
type Broken struct {
	Seq int64 // place in the chain
	ID  db.ID // the row found there; 0 when none is
}

// Verify goes through the whole chain in short looks and gives the first place where it does not hold, or nil.
func Verify(ctx context.Context, store *db.DB) (*Broken, error) {
	seq, before := int64(0), ""
	for {
		var rows []row
		err := store.Read(ctx, func(tx *db.Tx) error {
			rows = rows[:0]
			return tx.Each(`SELECT `+sealColumns+` FROM journal WHERE seq > $1 ORDER BY seq LIMIT $2`, []any{seq, sealAtOnce}, func(s db.Scanner) error {
				r, err := scanRow(s)
				rows = append(rows, r)
				return err
			})
		})
		if err != nil || len(rows) == 0 {
			return nil, err
		}
		for _, r := range rows {
			seq++
			if r.seq != seq {
				return &Broken{Seq: seq}, nil
			}
			if r.sealed(before, seq) != r.seal {
				return &Broken{Seq: seq, ID: db.ID(r.id)}, nil
			}
			before = r.seal
		}
	}
}
