package practice

import (
	"fmt"
	"time"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/intake"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// waiting is what stands in each campaign's queue beside what the past week left over: about 120 in all.
var waiting = []struct {
	code string
	n    int
}{{"callback", 31}, {"fresh-lapul", 35}, {"nossa", 10}, {"ivr-gamas", 14}, {"c4-carring", 10}, {"force-close", 7}, {"ideas", 5}}

// Ages of what waits: most came in within the hour, nothing has waited three.
const (
	usualAge = 45 * time.Minute
	mostAge  = 170 * time.Minute
	asked    = 6 // customers of Callback who asked for a time
)

// open puts one ticket of a customer in, as if at a moment; requested is the time the customer asked for, if they did.
func (f *floor) open(tx *db.Tx, code string, c invented, at, requested time.Time) (db.ID, error) {
	f.tickets++
	n := f.note(code, c, !requested.IsZero())
	form := intake.Form{Campaign: code, ServiceNo: c.internet, ContactName: c.Name, Phone: c.Phone.Full(), OpenedAt: at, RequestedAt: requested, Source: "practice", Quiet: true,
		Criterion: n.criterion, Application: n.app, Fields: map[string]string{}}
	form.Note = n.fill(c, at.Add(-time.Duration(1+f.rnd.IntN(5))*time.Hour).Truncate(15*time.Minute), requested)
	if n.service == "voice" {
		form.ServiceNo = c.voice
	}
	if n.app != "" {
		form.Fields["application"] = n.app
	}
	by := who.House
	switch code {
	case "callback":
		by = f.tier1[0].Actor(who.System) // SOP 5.2.1: Tier 1 opens them
	case "fresh-lapul", "nossa", "c4-carring", "force-close":
		form.Ref = fmt.Sprintf("IN%08d", 94_000_000+f.tickets*31)
		form.Fields["ticket_no"] = form.Ref
	}
	t, _, err := intake.Desk{Campaigns: f.Campaigns, Site: f.Site}.Open(tx, by, form)
	f.topics[t.ID] = n.topic
	return t.ID, err
}

// note picks one that can be this customer's: their services, and VVIP or not (SOP 5.2.1.e).
func (f *floor) note(code string, c invented, asked bool) note {
	all := otherNotes[code]
	switch {
	case code == "callback" && asked:
		all = promisedNotes
	case code == "callback":
		all = callbackNotes
	case code == "fresh-lapul":
		all = lapulNotes
	}
	var fit []note
	for _, n := range all {
		if n.fits(c) && (code != "callback" || asked || (n.criterion == "e") == (c.Class == customer.VVIP)) {
			fit = append(fit, n)
		}
	}
	return fit[f.rnd.IntN(len(fit))]
}

// queue leaves tickets waiting in all seven campaigns, and promises that customers asked for.
func (f *floor) queue(tx *db.Tx) error {
	tx.Now = f.now
	next := f.rnd.Perm(len(f.customers))
	turn := func() invented {
		c := f.customers[next[0]]
		next = next[1:]
		return c
	}
	for _, w := range waiting {
		for range w.n {
			age := min(time.Duration(f.rnd.ExpFloat64()*float64(usualAge)), mostAge) + time.Duration(60+f.rnd.IntN(120))*time.Second
			if _, err := f.open(tx, w.code, turn(), f.now.Add(-age), time.Time{}); err != nil {
				return err
			}
		}
	}
	for i := range asked { // the first comes due while one looks around
		at := f.now.Add(time.Duration(i)*25*time.Minute + 10*time.Minute).Truncate(5 * time.Minute)
		if _, err := f.open(tx, "callback", turn(), f.now.Add(-time.Duration(30+f.rnd.IntN(90))*time.Minute), at); err != nil {
			return err
		}
	}
	return nil
}

// asked leaves the leaders one long call to decide on (SOP 5.2.1.f).
func (f *floor) asked(tx *db.Tx) error {
	tx.Now = f.now.Add(-6 * time.Minute)
	_, err := ticket.AskRecommendation(tx, f.tier1[0].Actor(who.System), f.customers[7].internet, 13*60+20, "Keluhan tagihan dan kecepatan bercampur, plg minta dihitung ulang satu per satu.")
	tx.Now = f.now
	return err
}

func (f *floor) notices(tx *db.Tx) error {
	by := f.leaders[0].Actor(who.System)
	for _, n := range []document.Notice{
		{Title: "Lantai latihan: pelanggan dan nomornya rekaan", Body: "Semua orang, pelanggan, nomor, dan tiket di sini rekaan. Telepon dijawab oleh saluran latihan. Jam telepon dibuka 24 jam supaya Anda bisa berlatih kapan saja; di lantai sebenarnya 08.00-20.00 waktu pelanggan."},
		{Title: "5.7.8.c: kapan memilih Menolak", Clause: "5.7.8.c", Body: "Sibuk, Masih dijalan, Meeting, dan Diterima lalu diputus bukan penolakan atas hasil. Pilih sesuai keadaan dan tawarkan waktu menghubungi kembali."},
	} {
		n.Until = f.now.AddDate(0, 0, 14)
		if _, err := document.Post(tx, by, n); err != nil {
			return err
		}
	}
	return nil
}
