// Package device keeps customers' devices (ACS, TR-069) and what was asked of them: restart, Wi-Fi name and password, factory
// reset. It reaches no device itself: an ACS does, or a person (docs/decisions/0009-devices-by-hand.md). It never says that a
// thing is done before one of them has said so, and it keeps no password.
package device

import (
	"strings"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/phone"
	"sapa/internal/who"
)

// clause is the one that names the ACS; the work instruction has no step that uses it.
const clause = "5.1.12"

// Device is a device on record.
type Device struct {
	ServiceNo            string
	ACS                  string // the ACS's own name of it; "": no ACS has it
	Maker, Model, Serial string
	SSID                 string
	InformedAt           time.Time // zero: never heard of
	ChangedAt            time.Time
}

// Put keeps a device and says so in the journal, which counts and names no number.
func Put(tx *db.Tx, by who.Actor, d Device) error {
	if err := PutDevice(tx, d); err != nil {
		return err
	}
	_, err := journal.Write(tx, journal.Entry{By: by, Act: "device.put", Kind: "device", Data: map[string]string{"devices": "1"}})
	return err
}

// PutDevice keeps a device; the same service number again replaces it.
func PutDevice(tx *db.Tx, d Device) error {
	d.ServiceNo = number(d.ServiceNo)
	if _, _, err := phone.ParseService(d.ServiceNo); err != nil {
		return err
	}
	for field, v := range map[string]string{"acs_id": d.ACS, "maker": d.Maker, "model": d.Model, "serial": d.Serial} {
		if len(v) > 128 || !printable(v) {
			return fault.New(fault.Invalid, "device.text").At(field, clause)
		}
	}
	if d.SSID != "" && !goodSSID(d.SSID) {
		return fault.New(fault.Invalid, "device.ssid").At("ssid", clause)
	}
	if d.InformedAt.After(tx.Now) {
		return fault.New(fault.Invalid, "device.future").At("last_inform", clause)
	}
	_, err := tx.Exec(`
		INSERT INTO device(service_no, acs_id, maker, model, serial, ssid, informed_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (service_no) DO UPDATE SET acs_id = excluded.acs_id, maker = excluded.maker, model = excluded.model, serial = excluded.serial,
			ssid = excluded.ssid, informed_at = excluded.informed_at, changed_at = excluded.changed_at`,
		d.ServiceNo, d.ACS, d.Maker, d.Model, d.Serial, d.SSID, millis(d.InformedAt), db.Millis(tx.Now))
	return err
}

// Get reads a device; Missing when there is none on record.
func Get(tx *db.Tx, serviceNo string) (d Device, err error) {
	var informed, changed int64
	err = tx.Row(`SELECT service_no, acs_id, maker, model, serial, ssid, informed_at, changed_at FROM device WHERE service_no = $1`, number(serviceNo)).
		Scan(&d.ServiceNo, &d.ACS, &d.Maker, &d.Model, &d.Serial, &d.SSID, &informed, &changed)
	if fault.Is(err, fault.Missing) {
		return d, fault.New(fault.Missing, "device.none").At("service_no", clause)
	}
	d.InformedAt, d.ChangedAt = moment(informed), moment(changed)
	return d, err
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return db.Millis(t)
}

func moment(at int64) time.Time {
	if at == 0 {
		return time.Time{}
	}
	return db.Time(at)
}

func number(s string) string {
	if n, _, err := phone.ParseService(s); err == nil {
		return string(n)
	}
	return strings.TrimSpace(s)
}

func printable(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool { return c < ' ' || c == 0x7f || c == '\uFFFD' })
}

// goodSSID: 1 to 32 bytes (IEEE 802.11), readable, no blank at its ends that nobody would see.
func goodSSID(s string) bool {
	return len(s) >= 1 && len(s) <= 32 && printable(s) && strings.TrimSpace(s) == s
}

// goodPassword: a WPA2 passphrase, 8 to 63 printable ASCII characters.
func goodPassword(s string) bool {
	return len(s) >= 8 && len(s) <= 63 && !strings.ContainsFunc(s, func(c rune) bool { return c < ' ' || c > '~' })
}
