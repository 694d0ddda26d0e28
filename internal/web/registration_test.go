package web_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/document/documenttest"
	"sapa/internal/line"
	"sapa/internal/registration"
	"sapa/internal/web"
	"sapa/internal/who"
)

var (
	typedValue = regexp.MustCompile(`name="([a-z]+)"[^>]* value="([^"]*)"`)
	atOrder    = regexp.MustCompile(`^/registrations/SC\d{9}$`)
)

// SOP 2.c, A-05: during a call the form takes what the ticket says; the network is asked before anything is kept; what was
// refused comes back as it was typed; the form sent twice is one order, and its page has the words to say.
func TestRegisterDuringACall(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		h, _, _ := complaintSeat(t, s, c)
		write := func(act func(tx *db.Tx) error) {
			t.Helper()
			if err := s.Write(context.Background(), act); err != nil {
				t.Fatal(err)
			}
		}
		write(func(tx *db.Tx) error {
			if err := registration.PutODPs(tx, who.House, []registration.ODP{{Name: "ODP-MLG-FA/01", Ports: 8, Used: 7}}); err != nil {
				return err
			}
			return registration.PutPackages(tx, who.House, []registration.Package{{Code: "inet-50", Name: "Internet 50 Mbps", Price: 290_000, Offered: true}})
		})
		if desk := h.do("GET", "/desk", nil); !strings.Contains(desk.body, `data-key="o"`) {
			t.Error("the desk has no way to the form")
		}
		page := h.do("GET", "/registrations/new", nil)
		form := url.Values{}
		for _, m := range typedValue.FindAllStringSubmatch(page.body, -1) {
			form.Set(m[1], m[2])
		}
		if form.Get("sto") != "MLG" || form.Get("phone") == "" || form.Get("ticket") == "" || !strings.Contains(page.body, "CB-1") || !strings.Contains(page.body, "1 port kosong di STO MLG") {
			t.Errorf("filled in with %v", form)
		}
		form.Set("name", "Calon Baru")
		form.Set("address", "Jl. Kawi 7")
		form.Set("package", "inet-50")
		form.Set("sto", "BTU")
		if got := h.do("POST", "/registrations/check", form); got.status != http.StatusOK || !strings.Contains(got.body, "tidak ada di data jaringan") || !strings.Contains(got.body, `value="Jl. Kawi 7"`) {
			t.Errorf("checked: %d", got.status)
		}
		form.Set("sto", "MLG")
		form.Set("email", "bukan e-mail")
		if got := h.do("POST", "/registrations", form); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, `value="Jl. Kawi 7"`) || !strings.Contains(got.body, `aria-invalid`) {
			t.Errorf("refused: %d", got.status)
		}
		form.Set("email", "")
		first, again := h.do("POST", "/registrations", form), h.do("POST", "/registrations", form)
		if !atOrder.MatchString(first.to) || again.to != first.to {
			t.Fatalf("kept: %d %q, again %q", first.status, first.to, again.to)
		}
		order := h.do("GET", first.to, nil)
		no := strings.TrimPrefix(first.to, "/registrations/")
		for _, want := range []string{no, "dengan nomor order " + no, "ODP-MLG-FA/01", "Rp 290.000/bulan", "CB-1", `value="cancel"`, `href="/desk"`} {
			if !strings.Contains(order.body, want) {
				t.Errorf("the order's page lacks %q", want)
			}
		}
		if strings.Contains(order.body, `value="install"`) || strings.Contains(order.body, form.Get("phone")) {
			t.Error("it offers what an agent may not do, or shows the whole number")
		}
		if strings.Contains(order.body, `id="outside-no"`) {
			t.Error("it has a number outside before it was ordered there")
		}
		write(func(tx *db.Tx) error { return registration.OrderedOutside(tx, no, "SC500000001") })
		write(func(tx *db.Tx) error { return registration.OrderedOutside(tx, no, "SC500000002") }) // the first one stays
		if order = h.do("GET", first.to, nil); !strings.Contains(order.body, `id="outside-no">SC500000001<`) {
			t.Error("the order's page lacks the number outside")
		}
		form.Set("key", "lagi")
		if got := h.do("POST", "/registrations", form); got.status != http.StatusConflict || !strings.Contains(got.body, no) {
			t.Errorf("the same request again: %d", got.status)
		}
		if got := h.do("POST", first.to+"/moves", url.Values{"key": {"b"}, "version": {"1"}, "move": {"cancel"}}); got.to != first.to {
			t.Errorf("cancelled without a reason: %d %q", got.status, got.to)
		}
		if list := h.do("GET", "/registrations?state=ordered", nil); !strings.Contains(list.body, no) {
			t.Error("it was cancelled without a reason")
		}
		h.do("POST", first.to+"/moves", url.Values{"key": {"c"}, "version": {"1"}, "move": {"cancel"}, "note": {"pindah rumah"}})
		if list := h.do("GET", "/registrations?state=cancelled", nil); !strings.Contains(list.body, no) {
			t.Error("it is not cancelled")
		}
		if list := h.do("GET", "/registrations?state=ordered", nil); strings.Contains(list.body, no) {
			t.Error("it is still on order")
		}
	})
}

// A prospect has no service number and no ticket: the form stands alone, and a ticket that is no longer in hand is told.
func TestRegisterWithoutACall(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		h := newSeat(t, s, c, func(p *web.Parts) { p.Meter = line.NewMeter(s, line.Recorded{Store: s}, "uji") })
		page := h.do("GET", "/registrations/new", nil)
		if strings.Contains(page.body, `name="ticket"`) || !strings.Contains(page.body, "belum mengisi daftar paket") {
			t.Error("without a ticket in hand it names one, or says nothing of the packages")
		}
		form := url.Values{"key": {"a"}, "name": {"Calon"}, "phone": {"0812 0000 0001"}, "address": {"Jl. Kawi 7"}, "package": {"x"}, "sto": {"MLG"}, "ticket": {"1"}}
		if got := h.do("POST", "/registrations", form); got.status != http.StatusConflict {
			t.Errorf("a ticket that nobody holds: %d", got.status)
		}
		if got := h.do("GET", "/registrations/SC000000001", nil); got.status != http.StatusNotFound {
			t.Errorf("no such order: %d", got.status)
		}
	})
}

// trust.md, access: who judges work reads no name in a request, nor in what was typed about it; numbers are whole for nobody.
func TestARequestIsMaskedWithItsHistory(t *testing.T) {
	f := newFloor(t)
	var no string
	err := f.store.Write(context.Background(), func(tx *db.Tx) error {
		if err := registration.PutPackages(tx, who.House, []registration.Package{{Code: "inet-50", Name: "Internet 50 Mbps", Price: 315_000, Offered: true}}); err != nil {
			return err
		}
		made, err := registration.Open(tx, who.House, registration.New{Name: "Sekar Rekaan", Phone: "089990001111", Address: "Jl. Uji 7", Package: "inet-50", STO: "MLG", Note: "Bu Sekar"})
		if err != nil {
			return err
		}
		no = made.No
		_, err = registration.Apply(tx, who.House, no, registration.MoveCancel, "Bu Sekar batal, telepon 0899-9000-1111", 0)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for login, reads := range map[string]bool{"leader": true, "quality": false} {
		page := f.page(login, "/registrations/"+no)
		if strings.Contains(page, "Sekar") != reads || !strings.Contains(page, "batal, telepon") || strings.Contains(page, "9000-1111") {
			t.Errorf("%s reads %s", login, page)
		}
	}
}
