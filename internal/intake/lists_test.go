package intake_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/intake"
	"sapa/internal/registration"
	"sapa/internal/staff"
	"sapa/internal/who"
)

// verdict is what a row of a list shall be refused for.
type verdict struct {
	line        int
	column, key string
}

func (f *floor) load(by who.Actor, kind, file string) (intake.Report, []intake.Refusal, error) {
	f.Helper()
	var refused []intake.Refusal
	report, err := f.desk.Load(context.Background(), f.store, kind, intake.Job{By: by, Name: "file", File: strings.NewReader(file), Size: int64(len(file)),
		Refused: func(r intake.Refusal) { refused = append(refused, r) }})
	return report, refused, err
}

// loads brings a list in and holds what became of it against what should.
func (f *floor) loads(kind, file, counts string, want []verdict) {
	f.Helper()
	report, refused, err := f.load(staff.Console, kind, file)
	if got := fmt.Sprint(report.Opened, report.Already, report.Refused); err != nil || got != counts || len(refused) != len(want) {
		f.Fatalf("%s, want %s, %v, %v", got, counts, err, refused)
	}
	for i, w := range want {
		if r := refused[i]; r.Line != w.line || r.Column != w.column || fault.Of(r.Err).Key != w.key {
			f.Errorf("%d: line %d, %q, %v, want %v", i, r.Line, r.Column, r.Err, w)
		}
	}
}

// SOP 5.1.13: what customers opened in the app comes in from a list with a verdict a row; a ticket that is known moves, and
// the same list again adds nothing.
func TestSelfCareTicketsComeInRowByRow(t *testing.T) {
	onFloor(t, func(f *floor) {
		f.loads(intake.ListCustomers, "ncli,name,service_no\n53000001,Sekar (data uji),152999000001\n53000002,Tirta (data uji),152999000002\n", "2 0 0", nil)
		const head = "no,service_no,kind,state,trouble_no,opened_at,closed_at\n"
		file := head +
			"MYINX-1764000000001,152999000001,logic,open,,01/11/2026 08:30,\n" +
			"MYINX-1764000000002,152-999-000-002,fisik,close,IN94000001,2026-11-01,2026-11-02\n" +
			"MYINX-1,152999000001,admin,open,,2026-11-01,\n" + // 4
			"MYINX-1764000000003,152999000001,logic,open,,2026-11-01,\n" + // 5: the first of its kind is open
			"MYINX-1764000000004,152999000009,logic,open,,2026-11-01,\n" + // 6: nobody's
			"MYINX-1764000000005,1.52999E+11,logic,open,,2026-11-01,\n" + // 7
			"MYINX-1764000000006,152999000001,admin,close,,2026-11-01,\n" + // 8: closed, never
			"MYINX-1764000000007,152999000001,admin,selesai,,2026-11-01,\n" + // 9
			"MYINX-1764000000008,152999000001,admin,open,,kemarin,\n" // 10
		want := []verdict{{4, "no (A)", "customer.self-care-no"}, {5, "service_no (B)", "customer.self-care-open"}, {6, "service_no (B)", "customer.self-care-whose"},
			{7, "service_no (B)", "phone.excel"}, {8, "closed_at (G)", "customer.self-care-dates"}, {9, "state (D)", "customer.self-care-state"}, {10, "opened_at (F)", "intake.time"}}
		f.loads(intake.ListSelfCare, file, "2 0 7", want)
		f.loads(intake.ListSelfCare, file, "0 2 7", want)
		f.loads(intake.ListSelfCare, head+"MYINX-1764000000001,152999000001,logic,close,,01/11/2026 08:30,02/11/2026 10:00\n", "1 0 0", nil)
		f.must(func(tx *db.Tx) error {
			c, err := customer.ByNCLI(tx, "53000001")
			if err != nil {
				return err
			}
			cares, err := customer.SelfCares(tx, c.ID, 10)
			if len(cares) != 1 || cares[0].State != "close" || cares[0].OpenedAt.In(f.desk.Site).Format("2006-01-02 15:04") != "2026-11-01 08:30" {
				t.Errorf("%+v", cares)
			}
			return err
		})
		if _, _, err := f.load(f.actor("ani", who.Agent), intake.ListSelfCare, file); !fault.Is(err, fault.Forbidden) {
			t.Errorf("an agent: %v", err)
		}
		if _, _, err := f.load(staff.Console, "bills", file); fault.Of(err) == nil || fault.Of(err).Key != "intake.list-kind" {
			t.Errorf("a strange kind: %v", err)
		}
	})
}

// SOP 2.c: the network's distribution points come in from a list with a verdict a row; what a row leaves empty stays, and no
// row takes a port that is kept for an order.
func TestDistributionPointsComeInRowByRow(t *testing.T) {
	onFloor(t, func(f *floor) {
		const head = "odp,sto,ports,used\n"
		file := head +
			"ODP-MLG-FA/01,,8,3\n" +
			"ODP-BTU-FX/08,btu,16,\n" +
			"ODP-MLG-FA,,8,3\n" + // 4
			"ODP-MLG-FA/02,,8,9\n" + // 5
			"ODP-MLG-FA/03,Malang,8,0\n" + // 6
			"ODP-MLG-FA/04,,8,banyak\n" + // 7
			"ODP-MLG-FA/05,,,\n" // 8
		want := []verdict{{4, "odp (A)", "registration.odp-form"}, {5, "ports (C)", "registration.ports-form"}, {6, "sto (B)", "registration.sto"},
			{7, "used (D)", "registration.ports-form"}, {8, "ports (C)", "registration.ports-form"}}
		f.loads(intake.ListCoverage, file, "2 0 5", want)
		f.loads(intake.ListCoverage, file, "0 2 5", want)
		f.must(func(tx *db.Tx) error {
			if err := registration.PutPackages(tx, staff.Console, []registration.Package{{Code: "P50", Name: "50 Mbps", Price: 300_000, Offered: true}}); err != nil {
				return err
			}
			_, err := registration.Open(tx, staff.Console, registration.New{Name: "Prospek (data uji)", Phone: "089990003333", Address: "Jalan Rekaan 1", Package: "P50", STO: "MLG"})
			return err
		})
		f.loads(intake.ListCoverage, head+"ODP-MLG-FA/01,,,8\nODP-MLG-FA/01,,9,8\n", "1 0 1", []verdict{{2, "ports (C)", "registration.ports"}})
		f.must(func(tx *db.Tx) error {
			all, err := registration.Exchanges(tx)
			if fmt.Sprint(all) != "[{BTU 1 16 0 0} {MLG 1 9 8 1}]" || all[1].Free() != 0 {
				t.Errorf("%v", all)
			}
			return err
		})
		if _, _, err := f.load(f.actor("ani", who.Agent), intake.ListCoverage, file); !fault.Is(err, fault.Forbidden) {
			t.Errorf("an agent: %v", err)
		}
	})
}
