package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/line"
	"sapa/internal/outbox"
	"sapa/internal/phone"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
	"sapa/test/tmfsim/sim"
)

// checkFile runs the command on a text.
func checkFile(t *testing.T) func(text string) (code int, out, bad string) {
	return func(text string) (int, string, string) {
		file := filepath.Join(t.TempDir(), "outside.yaml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var out, bad bytes.Buffer
		code := run(context.Background(), []string{"connectors", "check", file}, nil, &out, &bad)
		return code, out.String(), strings.ReplaceAll(bad.String(), file, "FILE")
	}
}

func TestConnectorsCheck(t *testing.T) {
	t.Setenv("SAPA_LANG", "en")
	check := checkFile(t)
	if code, out, bad := check(`connectors: [{id: nossa, application: nossa, kind: tmf621, base: "https://nossa.example", allow: ["nossa.example:443"]}]`); code != done || out != "1 connectors, all written properly.\n" || bad != "" {
		t.Errorf("%d %s%s", code, out, bad)
	}
	code, out, bad := check("connectors:\n  - id: nossa\n    application: nosa\n    kind: tmf621\n    base: https://nossa.example\n    allow: []\n    colour: red\n  - 1\n")
	if want := "FILE, line 7: colour is not known."; code != refused || out != "" || !strings.Contains(bad, want) || !strings.Contains(bad, "FILE, line 8: This must be key: value.") {
		t.Errorf("%d %s%s", code, out, bad)
	}
	for args, want := range map[string]int{"connectors": misused, "connectors look x": misused, "connectors check": misused, "connectors check /no/such/file": refused,
		"serve --data " + t.TempDir() + " --connectors /no/such/file": misused, "demo --connectors /no/such/file": misused, "demo --at 2026-11-31T10:00": misused} {
		var bad bytes.Buffer
		if code := run(context.Background(), strings.Fields(args), nil, io.Discard, &bad); code != want || bad.Len() == 0 {
			t.Errorf("%s: %d %s", args, code, bad.String())
		}
	}
}

// SOP 5.1.8: a running house probes its connectors and its tile follows: ready, cut, ready again.
func TestARunningHouseProbesItsConnectors(t *testing.T) {
	well := make(chan bool, 1)
	state := true
	outside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case state = <-well:
		default:
		}
		if !state {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, "[]")
	}))
	defer outside.Close()
	file := filepath.Join(t.TempDir(), "outside.yaml")
	host := strings.TrimPrefix(outside.URL, "http://")
	text := fmt.Sprintf(`connectors: [{id: nossa, application: nossa, kind: tmf621, base: %q, allow: [%q], probe: {every: 20ms}, breaker: {failures: 2, open: 50ms}}]`, outside.URL, host)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
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
	sub := h.hub.Subscribe("board")
	defer sub.Close()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); h.connectors.Run(ctx) }()
	until := func(want string) {
		t.Helper()
		late, stopLate := after(20 * time.Second)
		defer stopLate()
		tick, stopTick := ticker(10 * time.Millisecond)
		defer stopTick()
		for h.seat.Outside()[0].State != want {
			select {
			case <-tick:
			case <-late:
				t.Fatalf("%+v", h.seat.Outside())
			}
		}
		h.hub.Flush()
		if e := <-sub.C; e.Name != "readiness" {
			t.Errorf("%+v", e)
		}
	}
	until("ready")
	well <- false
	until("down")
	well <- true
	until("ready")
	stop()
	<-ended
	if err := h.close(); err != nil {
		t.Error(err)
	}
}

// SOP 5.2.10.j, 5.5.9: what the file names is used: Ibooster's outside measures the line and the answer is kept here, and what
// Nossa's must be told leaves as a promise and arrives there.
func TestConnectorsAreSpokenTo(t *testing.T) {
	outside, err := sim.New()
	if err != nil {
		t.Fatal(err)
	}
	outside.Tickets(1)
	where := outside.Serve(t)
	file := filepath.Join(t.TempDir(), "outside.yaml")
	host := strings.TrimPrefix(where, "http://")
	text := fmt.Sprintf(`connectors:
  - {id: ukur, application: ibooster, kind: tmf653, base: %q, allow: [%q], options: {specification: fibre}}
  - {id: nossa, application: nossa, kind: tmf621, base: %q, allow: [%q]}
  - {id: acs, application: acs, kind: genieacs, base: %q, allow: [%q]}
`, where+outside.Mount("serviceTest"), host, where+outside.Mount("troubleTicket"), host, where, host)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
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
	if h.devices.ByHand() {
		t.Error("device actions are left to people although an ACS is named")
	}
	no, number := sim.Jastel(2), "IN60000001"
	var care ticket.Ticket
	var ani staff.Person
	err = h.store.Write(t.Context(), func(tx *db.Tx) (err error) {
		if err := line.PutLine(tx, line.Line{ServiceNo: no, STO: "MLG", Technology: line.Fibre}); err != nil {
			return err
		}
		if ani, err = staff.Add(tx, staff.Console, staff.Person{Login: "42147", Name: "Ani Rekaan", Role: who.Agent}); err != nil {
			return err
		}
		care, _, err = ticket.Open(tx, who.House, ticket.New{Campaign: "c4-carring", Ref: "C4-1", ServiceNo: no, ContactName: "Ibu Rekaan", Zone: "Asia/Jakarta",
			Contacts: []ticket.Contact{{Phone: phone.Number("+6281100000001")}}, Source: "feed", Fields: map[string]string{"ticket_no": number}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	m, err := h.meter.Measure(t.Context(), ani.Actor(who.Page), no)
	if err != nil || m.Source != "ukur" || m.OnuRxPwr == nil || m.Verdict != line.Spec {
		t.Errorf("measured %+v, %v", m, err)
	}
	err = h.store.Write(t.Context(), func(tx *db.Tx) error {
		_, err := outbox.Add(tx, ani.Actor(who.Page), []outbox.Promise{{Ticket: care.ID, App: "nossa", Kind: "note", Text: "Pelanggan sudah dihubungi.", Clause: "5.5.9"}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	wait := h.errands(ctx, slog.New(slog.DiscardHandler), "malang")
	arrived := func() bool {
		for _, one := range outside.All("troubleTicket") {
			if notes, _ := one["note"].([]any); one["id"] == number && len(notes) == 2 {
				return true
			}
		}
		return false
	}
	late, stopLate := after(20 * time.Second)
	defer stopLate()
	tick, stopTick := ticker(20 * time.Millisecond)
	defer stopTick()
	for !arrived() {
		select {
		case <-tick:
		case <-late:
			t.Fatal("the note did not arrive")
		}
	}
	stop()
	wait()
	if err := h.close(); err != nil {
		t.Error(err)
	}
}
