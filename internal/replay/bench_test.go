package replay_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/document/documenttest"
	"sapa/internal/procedure"
	"sapa/internal/replay"
)

// many copies the past week of the practice floor until there are so many turns: each copy has tickets, attempts and results
// of its own, at the same times.
func many(b *testing.B, s *db.DB, turns int) (n int) {
	b.Helper()
	ctx := context.Background()
	do := func(act func(tx *db.Tx) error) {
		if err := s.Write(ctx, act); err != nil {
			b.Fatal(err)
		}
	}
	const step = 1 << 34 // between the ids of one copy and the next: more than the past week's lie apart
	count := func(tx *db.Tx) error {
		return tx.Row(`SELECT count(*) FROM turn WHERE finished_at > 0`).Scan(&n)
	}
	do(count)
	var first db.ID // above every id of the past week itself
	do(func(tx *db.Tx) error { return tx.Row(`SELECT max(id) + 1 FROM outcome`).Scan(&first) })
	copies := (turns + n - 1) / n
	for i := 1; i < copies; i++ {
		do(func(tx *db.Tx) error {
			for _, query := range []string{
				`INSERT INTO turn(id, ticket, subject, ref, agent, code, revision, hash, claimed_at, read_at, finished_at, ended_at, answers, draft, carried)
				 SELECT id + $1, ticket + $1, subject, ref, agent, code, revision, hash, claimed_at, read_at, finished_at, ended_at, answers, draft, carried FROM turn WHERE id < $2 AND finished_at > 0`,
				`INSERT INTO attempt(id, turn, ticket, agent, number, dialler, line, dialled_at, answered_at, ended_at, ring_s, talk_s)
				 SELECT id + $1, turn + $1, ticket + $1, agent, number, dialler, line, dialled_at, answered_at, ended_at, ring_s, talk_s FROM attempt WHERE id < $2 AND ended_at > 0`,
				`INSERT INTO outcome(id, turn, ticket, agent, campaign, code, means, at, follow, closed_reason, again_at, before, version)
				 SELECT id + $1, turn + $1, ticket + $1, agent, campaign, code, means, at, follow, closed_reason, again_at, before, version FROM outcome WHERE id < $2 AND undone_at = 0`,
			} {
				if _, err := tx.Exec(query, int64(step)*int64(i), int64(first)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	do(count)
	return n
}

// BenchmarkDryRun replays 100,000 turns (SAPA_BENCH_TURNS) under an unchanged draft and under one with four changes, beside reading
// the same rows and nothing else.
func BenchmarkDryRun(b *testing.B) {
	turns := 100_000
	if n, err := strconv.Atoi(os.Getenv("SAPA_BENCH_TURNS")); err == nil {
		turns = n
	}
	s, _ := past.SQLite(b)
	ctx := context.Background()
	n := many(b, s, turns)
	raw := reading(b, s)
	b.Logf("%d turns; reading their rows alone: %.0f turns/s", n, float64(n)/raw.Seconds())
	var edits []edit
	for _, all := range [][]edit{noMeeting, summary, renamed, reordered} {
		edits = append(edits, all...)
	}
	for _, one := range []struct {
		name  string
		draft *procedure.Book
	}{{"unchanged", draft(b)}, {"four-changes", draft(b, edits...)}} {
		b.Run(one.name, func(b *testing.B) {
			for b.Loop() {
				begun := time.Now()
				r, err := replay.Job{Store: s, Library: documenttest.Library(b), Draft: one.draft, Site: documenttest.Site, Workers: 2}.Run(ctx)
				if err != nil || r.Turns.Read != n || r.Turns.NotReplayed > n/10 {
					b.Fatal(err, fmt.Sprintf("%+v", r.Turns))
				}
				took := time.Since(begun)
				b.ReportMetric(float64(n)/took.Seconds(), "turns/s")
				b.ReportMetric(took.Seconds()/raw.Seconds(), "x-reading")
				b.ReportMetric(float64(r.Turns.NotReplayed), "not-replayed")
			}
		})
	}
}

// reading takes the same rows out of the store and opens their JSON, as little as anything could do that looks at them.
func reading(b *testing.B, s *db.DB) time.Duration {
	b.Helper()
	begun, after := time.Now(), db.ID(0)
	for more := true; more; {
		from := after
		err := s.Read(context.Background(), func(tx *db.Tx) error {
			err := tx.Each(`SELECT t.id, t.answers, o.code, o.before FROM turn t JOIN outcome o ON o.turn = t.id AND o.undone_at = 0 WHERE t.id > $1 AND t.finished_at > 0 ORDER BY t.id LIMIT 500`, []any{from},
				func(r db.Scanner) error {
					var answers, code, before string
					var into map[string]any
					if err := r.Scan(&after, &answers, &code, &before); err != nil {
						return err
					}
					return json.Unmarshal([]byte(answers), &into)
				})
			if err != nil || after == from {
				return err
			}
			return tx.Each(`SELECT id, line, answered_at, ended_at FROM attempt WHERE turn > $1 AND turn <= $2`, []any{from, after}, func(r db.Scanner) error {
				var id, answered, ended int64
				var line string
				return r.Scan(&id, &line, &answered, &ended)
			})
		})
		if err != nil {
			b.Fatal(err)
		}
		more = after != from
	}
	return time.Since(begun)
}
