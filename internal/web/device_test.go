package web_test

import (
	"context"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/device"
	"sapa/internal/document/documenttest"
	"sapa/internal/who"
)

// SOP 5.1.12: the customer's device stands beside the line: when it was heard of, what was asked and how far that is. Every action
// is confirmed, a factory reset twice; what was asked is not called done; a password is never on the page.
func TestADeviceIsAskedBesideTheCall(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		h, path, _ := complaintSeat(t, s, c)
		page, _ := h.complaint(path)
		if strings.Contains(page, `id="device"`) {
			t.Error("a device that is not on record has a card")
		}
		const no = "122999000001"
		err := s.Write(context.Background(), func(tx *db.Tx) error {
			return device.Put(tx, who.House, device.Device{ServiceNo: no, Maker: "Rekaan", Model: "BM632w", SSID: "Rumah Ani", InformedAt: c.Now().Add(-90e9)})
		})
		if err != nil {
			t.Fatal(err)
		}
		page, hidden := h.complaint(path)
		if !strings.Contains(page, `id="device-inform">1 m lalu`) || !strings.Contains(page, "Rumah Ani") || !strings.Contains(page, `data-key="z"`) || !strings.Contains(page, "sapa") {
			t.Error("the card lacks the device")
		}
		at := strings.TrimSuffix(path, "/trouble") + "/device"
		ask := func(more ...string) string {
			form := url.Values{"lease": {hidden.Get("lease")}, "key": {strings.Join(more, "-")}}
			for i := 0; i < len(more); i += 2 {
				form.Set(more[i], more[i+1])
			}
			r := httptest.NewRequest("POST", at, strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Cookie", h.jar+"; sapa-lang="+h.lang)
			w := httptest.NewRecorder()
			h.http.ServeHTTP(w, r)
			if to := w.Header().Get("Location"); to != path {
				t.Errorf("%v led to %q", more, to)
			}
			jar := h.jar
			for _, c := range w.Result().Cookies() {
				h.jar += "; " + c.Name + "=" + c.Value // what was said goes along, once
			}
			page, _ := h.complaint(path)
			h.jar = jar
			return page
		}
		for want, more := range map[string][]string{
			"konfirmasi tindakannya":             {"kind", "reboot"},
			"empat angka terakhir nomor layanan": {"kind", "factory-reset", "confirm", "factory-reset", "again", "9999"},
			"Isi nama Wi-Fi baru":                {"kind", "wifi", "confirm", "wifi"},
			"ketik sandinya langsung di sana":    {"kind", "wifi", "confirm", "wifi", "password", "kata-sandi-rahasia"},
		} {
			page := ask(more...)
			if !strings.Contains(page, want) || strings.Contains(page, "kata-sandi-rahasia") || strings.Contains(page, `id="device-actions"`) {
				t.Errorf("%v: not refused with %q", more, want)
			}
		}
		page = ask("kind", "factory-reset", "confirm", "factory-reset", "again", "0001")
		if !strings.Contains(page, "diminta</span>") || strings.Contains(page, "selesai</span>") || strings.Contains(page, `id="device-reboot"`) || !strings.Contains(page, `id="device-done"`) {
			t.Error("what was asked is not shown as asked")
		}
		var id db.ID
		err = s.Read(context.Background(), func(tx *db.Tx) error {
			all, err := device.Actions(tx, no, 1)
			id = all[0].ID
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		h.do("POST", at+"/settle", url.Values{"lease": {hidden.Get("lease")}, "key": {"hasil"}, "action": {id.String()}, "result": {"failed"}, "why": {"perangkat mati"}})
		for lang, want := range map[string]string{"id": "gagal</span>", "en": "failed</span>"} {
			h.lang = lang
			page, _ := h.complaint(path)
			if !strings.Contains(page, want) || !strings.Contains(page, "perangkat mati") || !strings.Contains(page, `id="device-reboot"`) {
				t.Errorf("%s: the result is not shown", lang)
			}
			if found := inline.FindString(page); found != "" {
				t.Errorf("inline %s", found)
			}
			if found := bare.FindString(page); found != "" {
				t.Errorf("%s: no sentence for %s", lang, found)
			}
			seen := map[string]bool{}
			for _, m := range ids.FindAllStringSubmatch(page, -1) {
				if seen[m[1]] {
					t.Errorf("id %q twice", m[1])
				}
				seen[m[1]] = true
			}
		}
	})
}

// heardOf is an ACS that has heard of every device a moment ago.
type heardOf struct {
	device.ACS
	at time.Time
}

func (a heardOf) Inform(context.Context, device.Device) (device.Inform, error) {
	return device.Inform{At: a.at, SSID: "Rumah Ani"}, nil
}

// SOP 5.1.12, 5.2.10.j: when the line is measured the ACS is asked, too, when it last heard of the device.
func TestTheDeviceIsHeardOfBesideTheMeasurement(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		h, path, _ := complaintSeat(t, s, c)
		h.web.Devices = &device.Operator{Store: s, ACS: heardOf{at: c.Now().Add(-3 * time.Second)}}
		err := s.Write(context.Background(), func(tx *db.Tx) error {
			return device.Put(tx, who.House, device.Device{ServiceNo: "122999000001", ACS: "BM632w-1", Maker: "Rekaan", Model: "BM632w", SSID: "Rumah Ani", InformedAt: c.Now().Add(-2 * time.Hour)})
		})
		if err != nil {
			t.Fatal(err)
		}
		page, hidden := h.complaint(path)
		if !strings.Contains(page, `id="device-inform">2 j`) {
			t.Error("it was heard of too early")
		}
		h.do("POST", path+"/measure", hidden)
		h.web.Wait()
		if page, _ := h.complaint(path); !strings.Contains(page, `id="device-inform">3 dtk`) {
			t.Error("it was not asked")
		}
	})
}
