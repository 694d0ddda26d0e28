package intake_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/document/documenttest"
	"sapa/internal/intake"
	"sapa/internal/staff"
)

// BenchmarkImport measures rows a second of a whole import - read, judged, stored, counted - beside the raw limit of the
// same run: the driver inserting the same rows into the same table in transactions of the same size. CPU is given beside
// the clock, because the machine may be shared.
//
//	go test ./internal/intake -run xxx -bench Import -benchtime 3x
func BenchmarkImport(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchImport(b, documenttest.Mould.SQLite) })
	b.Run("sqlite, served", func(b *testing.B) { benchImport(b, served) })
	if os.Getenv("SAPA_TEST_POSTGRES") != "" {
		b.Run("postgres", func(b *testing.B) { benchImport(b, documenttest.Mould.Postgres) })
	}
}

// served is a store with a server beside it: turns stay short.
func served(t testing.TB) (*db.DB, *dbtest.Clock) {
	t.Helper()
	where, clock := "sqlite:"+filepath.Join(t.TempDir(), "sapa.db"), dbtest.NewClock()
	var last *db.DB
	for _, alone := range []bool{true, false} {
		s, err := db.Open(context.Background(), where, db.Options{Clock: clock.Now, Exclusive: alone})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		last = s
	}
	return last, clock
}

const (
	benchRows = 20_000
	benchTurn = 500
)

func benchImport(b *testing.B, open func(testing.TB) (*db.DB, *dbtest.Clock)) {
	s, clock := open(b)
	f := newFloor(b, s, clock)
	rawStore, _ := open(b)
	m, err := intake.ReadMap([]byte(simple))
	if err != nil {
		b.Fatal(err)
	}
	var ours, raw, oursCPU, rawCPU time.Duration
	for i := range b.N {
		file := benchFile(i)
		ours += measure(&oursCPU, func() {
			report, err := f.desk.Import(context.Background(), f.store, intake.Job{By: staff.Console, Campaign: "callback", Map: m, File: strings.NewReader(file), Size: int64(len(file))})
			if err != nil || report.Opened != benchRows {
				b.Fatalf("%+v, %v", report, err)
			}
		})
		raw += measure(&rawCPU, func() { rawInsert(b, rawStore, i) })
	}
	n := float64(b.N * benchRows)
	b.ReportMetric(n/ours.Seconds(), "rows/s")
	b.ReportMetric(n/raw.Seconds(), "raw-rows/s")
	b.ReportMetric(raw.Seconds()/ours.Seconds(), "ratio")
	b.ReportMetric(n/oursCPU.Seconds(), "rows/cpu-s")
	b.ReportMetric(n/rawCPU.Seconds(), "raw-rows/cpu-s")
	b.ReportMetric(0, "ns/op")
}

func measure(cpu *time.Duration, do func()) time.Duration {
	began, used := time.Now(), usedCPU()
	do()
	*cpu += usedCPU() - used
	return time.Since(began)
}

func usedCPU() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func benchFile(run int) string {
	var file strings.Builder
	file.WriteString(heading)
	for i := range benchRows {
		k := run*benchRows + i
		fmt.Fprintf(&file, "B-%08d,Sekar %d (data uji),0800%08d,\"Internet putus-putus sejak pagi, sudah coba nyalakan ulang modem\",%s\n", k, k, k*7919%100_000_000, benchOpened(k).Format("02/01/2006 15:04"))
	}
	return file.String()
}

// benchOpened scatters opening times over a month, as a desk's backlog has them.
func benchOpened(k int) time.Time {
	return time.Date(2026, 10, 1+k%28, k%24, k%60, 0, 0, time.UTC)
}

// rawInsert is the least a ticket's row can cost: one prepared insert, nothing read, nothing checked.
func rawInsert(b *testing.B, s *db.DB, run int) {
	text := db.Rewrite(`INSERT INTO ticket(id, campaign, ref, state, subject, contact_name, contact, contacts, note, zone, source, fields, opened_at, opened_by, pool, rank, order_at, awake, changed_at)
		VALUES ($1, 'callback', $2, 'waiting', $3, $4, $5, '[]', 'Internet putus-putus sejak pagi, sudah coba nyalakan ulang modem', 'Asia/Jakarta', 'import', '{}', $6, 0, 'callback@Asia/Jakarta', 2, $6, 1, $6)
		ON CONFLICT (campaign, ref) DO NOTHING`, s.Postgres())
	for from := 0; from < benchRows; from += benchTurn {
		tx, err := s.Raw().Begin()
		if err != nil {
			b.Fatal(err)
		}
		insert, err := tx.Prepare(text)
		if err != nil {
			b.Fatal(err)
		}
		for k := run*benchRows + from; k < run*benchRows+from+benchTurn; k++ {
			phone := fmt.Sprintf("+62800%08d", k*7919%100_000_000)
			if _, err := insert.Exec(int64(k)+1, fmt.Sprintf("B-%08d", k), "phone:"+phone, fmt.Sprintf("sekar %d (data uji)", k), phone, benchOpened(k).UnixMilli()); err != nil {
				b.Fatal(err)
			}
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	}
}
