package intake_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/intake"
	"sapa/internal/staff"
	"sapa/internal/who"
)

func (f *floor) customers(by who.Actor, file string) (intake.Report, []intake.Refusal, error) {
	f.Helper()
	var refused []intake.Refusal
	report, err := f.desk.Customers(context.Background(), f.store, intake.Job{By: by, Name: "file", File: strings.NewReader(file), Size: int64(len(file)),
		Refused: func(r intake.Refusal) { refused = append(refused, r) }})
	return report, refused, err
}

const customerHeading = "ncli,name,class,phone,other_phone,relation,service_no,kind,package,period,amount,due_at,paid,paid_at,payment_ref,isolir,isolir_at,order_no,order_kind,order_state,ordered_at,ended_at\n"

// SOP 5.1.1, 5.1.2, 5.1.3: customers with their services, contacts, bills and orders come in from a list, row by row with a verdict; the
// same list again adds nothing, and a refused row leaves nothing of itself.
func TestCustomersComeInRowByRow(t *testing.T) {
	onFloor(t, func(f *floor) {
		file := customerHeading +
			"53000001,Sekar (data uji),HVC_GOLD,089990001111,089990002222,suami,152999000001,,50 Mbps,2026-10,385000,20/10/2026,385000,18/10/2026,P1,,,SC12345678,psb,done,01/09/2026,05/09/2026\n" +
			"53000001,,,,,,152999000001,iptv,IPTV,2026-11,385000,20/11/2026,100000,21/11/2026,,,,,,,,\n" +
			",Prospek (data uji),,089990003333,,,,,,,,,,,,,,,,,,\n" + // 4: a prospect
			"53000002,Tirta (data uji),EMAS,089990004444,,,,,,,,,,,,,,,,,,\n" + // 5
			"53000003,Wulan (data uji),,8.12E+11,,,,,,,,,,,,,,,,,,\n" + // 6
			"53000004,Yoga (data uji),,,,,152999000004,,,2026-11,385.000,20/11/2026,,,,,,,,,,\n" + // 7: half of it was right
			"53000005,Yoga (data uji),,,,,152999000001,,,,,,,,,,,,,,,\n" + // 8: Sekar's
			",Nobody,,,,,,,,,,,,,,,,,,,,\n" + // 9
			"53000006,Bima (data uji),,,,,152999000006,,,2026-11,5000,20/11/2026,6000,21/11/2026,P1,,,,,,,\n" + // 10
			"53000001,,,,,,,,,,,,,,,ya,22/11/2026,,,,,\n" // 11
		want := []struct {
			line        int
			column, key string
		}{
			{5, "class (C)", "customer.class"}, {6, "phone (D)", "phone.excel"}, {7, "amount (K)", "customer.rupiah"}, {8, "ncli (A)", "customer.other"},
			{9, "ncli (A)", "customer.who"}, {10, "paid (M)", "customer.overpaid"},
		}
		for run, counts := range []string{"4 0 6", "0 4 6"} {
			report, refused, err := f.customers(staff.Console, file)
			if got := fmt.Sprint(report.Opened, report.Already, report.Refused); err != nil || got != counts {
				t.Fatalf("run %d: %s, %v, %v", run, got, err, refused)
			}
			for i, w := range want {
				r := refused[i]
				if r.Line != w.line || r.Column != w.column || fault.Of(r.Err).Key != w.key {
					t.Errorf("%d: line %d, %q, %v", i, r.Line, r.Column, r.Err)
				}
			}
		}
		f.must(func(tx *db.Tx) error {
			c, err := customer.ByNCLI(tx, "53000001")
			if err != nil {
				return err
			}
			services, err := customer.Services(tx, c.ID)
			if err != nil {
				return err
			}
			contacts, err := customer.Contacts(tx, c.ID)
			if err != nil {
				return err
			}
			bills, err := customer.Bills(tx, c.ID, 10)
			if err != nil {
				return err
			}
			i, err := customer.IsolirOf(tx, c)
			if c.Class != customer.Gold || len(services) != 2 || len(contacts) != 2 || contacts[1].Relation != "suami" || len(bills) != 2 || bills[0].Left() != 285_000 || bills[1].PaidAt.IsZero() || i.State != customer.Blocked {
				t.Errorf("%+v %+v %+v %+v %+v", c, services, contacts, bills, i)
			}
			for _, ncli := range []string{"53000004", "53000006"} {
				if _, err := customer.ByNCLI(tx, ncli); !fault.Is(err, fault.Missing) {
					t.Errorf("half of %s is in: %v", ncli, err)
				}
			}
			return err
		})
		if _, _, err := f.customers(f.actor("ani", who.Agent), file); !fault.Is(err, fault.Forbidden) {
			t.Errorf("an agent: %v", err)
		}
		if _, _, err := f.customers(staff.Console, "ncli,nama\n1,2\n"); fault.Of(err) == nil || fault.Of(err).Key != "intake.list-heading" {
			t.Errorf("a strange heading: %v", err)
		}

		w := excelize.NewFile() // a workbook has dates as numbers
		for i, h := range []string{"name", "service_no", "period", "amount", "due_at"} {
			set(t, w, "Sheet1", fmt.Sprintf("%c1", 'A'+i), h)
		}
		setRow(t, w, 2, "Gita (data uji)", "152999000009", "2026-11", 250000, 46346) // 20 November 2026
		var out bytes.Buffer
		if err := w.Write(&out); err != nil {
			t.Fatal(err)
		}
		report, refused, err := f.customers(staff.Console, out.String())
		if err != nil || report.Opened != 1 {
			t.Fatalf("%+v, %v, %v", report, refused, err)
		}
		f.must(func(tx *db.Tx) error {
			c, err := customer.ByService(tx, "152999000009")
			if err != nil {
				return err
			}
			bills, err := customer.Bills(tx, c.ID, 1)
			if len(bills) != 1 || bills[0].Amount != 250_000 || bills[0].DueAt.In(f.desk.Site).Format("2006-01-02") != "2026-11-20" {
				t.Errorf("%+v", bills)
			}
			return err
		})
	})
}
