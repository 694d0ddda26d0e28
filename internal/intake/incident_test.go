package intake_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/intake"
	"sapa/internal/live"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
)

func (f *floor) followed() {
	f.desk.Seat = desk.New(desk.Parts{Store: f.store, Campaigns: f.desk.Campaigns, Dialer: desk.ManualDialler{}, Hub: live.NewHub(), Site: time.UTC, Clock: f.clock.Now})
}

func example(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/maps/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// waits lists the refs that wait in a campaign.
func (f *floor) waits(campaign string) string {
	f.Helper()
	var refs []string
	f.must(func(tx *db.Tx) error {
		return tx.Each(`SELECT ref FROM ticket WHERE campaign = $1 AND state = 'waiting' ORDER BY ref`, []any{campaign}, func(s db.Scanner) error {
			var ref string
			err := s.Scan(&ref)
			refs = append(refs, ref)
			return err
		})
	})
	return strings.Join(refs, " ")
}

const nossaHead = "Incident,Service No,Service Type,Status,Owner Group,Contact Name,Contact Phone,Summary,Closing Reason,Lapul,Last Update,Reported Date,Changed Date\n"

// SOP 5.6.1.filter: closed by ditcons request fills Force Close. SOP 5.5.6: an update fills C4. Run again nothing is there twice, and
// what the next list says is followed.
func TestAListOfIncidentsFillsTheCampaigns(t *testing.T) {
	onFloor(t, func(f *floor) {
		f.followed()
		first := nossaHead +
			"IN99000001,152999000001,INTERNET,QUEUED,TIER2,Rekaan Satu,089990001111,Putus,,,,23-11-2026 07:00,23-11-2026 08:00\n" +
			"IN99000002,152999000002,INTERNET,CLOSED,TIER2,Rekaan Dua,089990001112,Lambat,CLOSE BY DITCONS REQUEST,,,23-11-2026 07:00,23-11-2026 08:00\n" +
			"SALAH,152999000003,INTERNET,QUEUED,TIER2,Rekaan Tiga,089990001113,Putus,,,,23-11-2026 07:00,23-11-2026 08:00\n" +
			"IN99000004,152999000004,RADIO,QUEUED,TIER2,Rekaan Empat,089990001114,Putus,,,,23-11-2026 07:00,23-11-2026 08:00\n"
		for run := range 2 {
			report, refused, err := f.bring("nossa", example(t, "nossa-incidents.yaml"), first)
			if err != nil || report.Opened != 2-2*run || report.Already != 2*run || report.Changed != 0 || report.Refused != 2 {
				f.Fatalf("run %d: %+v %v", run, report, err)
			}
			if refused[0].Line+refused[1].Line != 9 {
				f.Errorf("refused %+v", refused)
			}
			if got := f.waits("force-close"); got != "IN99000002-F0" {
				f.Errorf("run %d: Force Close has %q", run, got)
			}
		}
		second := nossaHead + "IN99000001,152999000001,INTERNET,QUEUED,TIER2,Rekaan Satu,089990001111,Putus,,1,Teknisi: ODP penuh,23-11-2026 07:00,23-11-2026 08:30\n"
		report, _, err := f.bring("nossa", example(t, "nossa-incidents.yaml"), second)
		if err != nil || report.Changed != 1 || report.Opened+report.Already+report.Refused != 0 {
			f.Fatalf("%+v %v", report, err)
		}
		if got := f.waits("c4-carring"); !strings.HasPrefix(got, "IN99000001-U") || strings.Contains(got, " ") {
			f.Errorf("C4 has %q", got)
		}
		if got := f.waits("fresh-lapul"); got != "IN99000001-L1" {
			f.Errorf("Fresh Lapul has %q", got)
		}
	})
}

// Of the OVR's list only queue 0 is called back, each row under its outage; a row that has ended is not called.
func TestOnlyQueueZeroIsCalledBack(t *testing.T) {
	onFloor(t, func(f *floor) {
		f.followed()
		list := "Tiket,No Jastel,Nama,CP,Keluhan,Parent Gamas,Antrian,Waktu\n" +
			"IN99000011,152999000011,Rekaan Satu,089990001111,Gamas,IN99000010,0,23-11-2026 07:00\n" +
			"IN99000012,152999000012,Rekaan Dua,089990001112,Gamas,IN99000010,1,23-11-2026 07:00\n" +
			"IN99000013,152999000013,Rekaan Tiga,,Gamas,IN99000010,0,23-11-2026 07:00\n"
		for run := range 2 {
			report, refused, err := f.bring("ivr-gamas", example(t, "ivr-gamas.yaml"), list)
			if err != nil || report.Opened != 1-run || report.Already != run || report.Skipped != 1 || report.Refused != 1 {
				f.Fatalf("run %d: %+v %v", run, report, err)
			}
			if refused[0].Line != 4 || refused[0].Column != "CP (D)" {
				f.Errorf("refused %+v", refused)
			}
			if got := f.waits("ivr-gamas"); got != "IN99000011-G" {
				f.Errorf("run %d: %q", run, got)
			}
		}
		f.must(func(tx *db.Tx) error {
			row, err := ticket.ByRef(tx, "ivr-gamas", "IN99000011-G")
			if err == nil && (row.Fields["ticket_no"] != "IN99000011" || row.Fields["parent"] != "IN99000010" || row.ServiceNo != "152999000011") {
				f.Errorf("row %+v", row)
			}
			t, err2 := trouble.ByNo(tx, "IN99000011")
			if err2 == nil && t.Source != trouble.Gamas {
				f.Errorf("source %s", t.Source)
			}
			if err == nil {
				err = err2
			}
			return err
		})
	})
}

func TestIncidentMapsAreReadStrictly(t *testing.T) {
	onFloor(t, func(f *floor) {
		for text, key := range map[string]string{
			"incident: {phone: HP}":                               "intake.map-no",
			"incident: {no: {const: IN99000001}}":                 "intake.map-ref-const",
			"incident: {no: A, ref: B}":                           "intake.map-key",
			"ticket: {ref: A}\nincident: {no: A}":                 "intake.map-kind",
			"kind: incidents\nticket: {ref: A}":                   "intake.map-kind",
			"kind: tickets\nincident: {no: A}":                    "intake.map-kind",
			"incident: {no: A}\nkind: tickets":                    "intake.map-kind",
			"kind: mails\nticket: {ref: A}":                       "intake.map-kind",
			"incident: {no: A, changed_at: {column: B, zone: X}}": "intake.map-zone",
		} {
			_, err := intake.ReadMap([]byte(text))
			refusedAs(f, err, key, "", "")
		}
		_, _, err := f.bring("ideas", "incident: {no: A}", "A\nIN99000001\n")
		refusedAs(f, err, "intake.list-leader", "leader", "5.8.1.source")
	})
}
