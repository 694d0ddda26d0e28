package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/phone"
	"sapa/internal/registration"
	"sapa/internal/staff"
	"sapa/internal/who"
	"sapa/test/tmfsim/sim"
)

// SOP 5.1.1, 5.1.2, 5.1.3, 2.c: a house whose file names I-Siska, E-payment, Starclick and Nossa reads a customer there when the page is opened
// and tells the open screen; what it was told is on the page then. A request to register is ordered at Starclick and keeps the number.
func TestAConnectedHouseReadsAndOrders(t *testing.T) {
	outside, err := sim.New()
	if err != nil {
		t.Fatal(err)
	}
	outside.Fill(3)
	where := outside.Serve(t)
	var text strings.Builder
	text.WriteString("connectors:\n")
	for _, c := range [][3]string{{"tmf629", "i-siska", "customer"}, {"tmf632", "i-siska", "individual"}, {"tmf638", "i-siska", "service"}, {"tmf678", "e-payment", "customerBill"},
		{"tmf676", "e-payment", "payment"}, {"tmf622", "starclick", "productOrder"}, {"tmf621", "nossa", "troubleTicket"}} {
		fmt.Fprintf(&text, "  - {id: %s, application: %s, kind: %s, base: %q, allow: [%q], options: {fresh: 10m}}\n", c[0], c[1], c[0], where+outside.Mount(c[2]), strings.TrimPrefix(where, "http://"))
	}
	file := filepath.Join(t.TempDir(), "outside.yaml")
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	configs, err := readConnectors(file)
	if err != nil {
		t.Fatal(err)
	}
	h, err := (place{data: t.TempDir(), zone: "Asia/Jakarta"}).open(t.Context(), true, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.connect(configs); err != nil {
		t.Fatal(err)
	}
	var tuti staff.Person
	var own customer.Customer
	var asked registration.Request
	err = h.store.Write(t.Context(), func(tx *db.Tx) (err error) {
		if tuti, err = staff.Add(tx, staff.Console, staff.Person{Login: "52001", Name: "Tuti Rekaan", Role: who.Leader}); err != nil {
			return err
		}
		own, err = customer.Put(tx, customer.Customer{Name: "Nama Lama", Class: customer.Regular, Zone: "Asia/Jakarta", Phone: phone.Number("+6281299990001")},
			[]customer.Service{{No: sim.Jastel(3), Kind: customer.Internet}})
		if err != nil {
			return err
		}
		if err := registration.PutODPs(tx, who.House, []registration.ODP{{Name: "ODP-MLG-FA/01", Ports: 8}}); err != nil {
			return err
		}
		if err := registration.PutPackages(tx, who.House, []registration.Package{{Code: "inet-50", Name: "Internet 50 Mbps", Price: 290_000, Offered: true}}); err != nil {
			return err
		}
		asked, err = h.seat.Register(tx, tuti.Actor(who.Page), registration.New{Name: "Calon Rekaan", Phone: "0811 0000 0001", Address: "Jalan Rekaan 9", Package: "inet-50", STO: "MLG"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	readings, errands := h.readings(ctx, slog.New(slog.DiscardHandler)), h.errands(ctx, slog.New(slog.DiscardHandler), "malang")
	sub := h.hub.Subscribe("agent:" + tuti.ID.String())
	late, stopLate := after(20 * time.Second)
	defer stopLate()
	about := func() (w desk.Whole) {
		t.Helper()
		err := h.store.Read(t.Context(), func(tx *db.Tx) (err error) {
			w, err = h.seat.About(tx, tuti.Actor(who.Page), own.ID, "", 25)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	if w := about(); w.Customer.Name != "Nama Lama" || len(w.Readings) != 0 {
		t.Errorf("the page waited: %+v", w.Customer)
	}
	select {
	case e := <-sub.C:
		if w := about(); e.Name != "customer" || w.Customer.Name != sim.Name(3) || len(w.Bills) != 3 || len(w.Readings) != len(configs) {
			t.Errorf("%+v: %+v, %d bills, %d readings", e, w.Customer, len(w.Bills), len(w.Readings))
		}
	case <-late:
		t.Fatal("no news of the customer")
	}
	tick, stopTick := ticker(20 * time.Millisecond)
	defer stopTick()
	for asked.Outside == "" {
		select {
		case <-tick:
		case <-late:
			t.Fatal("the order did not arrive")
		}
		if err := h.store.Read(t.Context(), func(tx *db.Tx) (err error) { asked, err = registration.ByNo(tx, asked.No); return err }); err != nil {
			t.Fatal(err)
		}
	}
	if all := outside.All("productOrder"); len(all) != 1 || all[0]["id"] != asked.Outside {
		t.Errorf("%v", all)
	}
	stop()
	readings()
	errands()
	if err := h.close(); err != nil {
		t.Error(err)
	}
}
