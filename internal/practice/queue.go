package practice

import (
	"errors"
	"time"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/intake"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// waiting is what stands in each campaign's queue beside what the past week left over: about 120 in all.
var waiting = []struct {
	code string
	n    int
}{{"callback", 31}, {"fresh-lapul", 35}, {"nossa", 10}, {"c4-carring", 10}, {"force-close", 7}}

// The outage that goes on: how many it hit and how many of those the automatic caller did not reach.
const (
	hitNow   = 24
	callsNow = 14
)

// inWork are faults that wait for nobody's call: how many are in which state.
var inWork = []struct {
	state trouble.State
	n     int
}{{trouble.Analysis, 4}, {trouble.Backend, 6}, {trouble.Pending, 4}, {trouble.Resolved, 3}, {trouble.MediaCare, 2}, {trouble.Closed, 2}}

// Ages of what waits: most came in within the hour, nothing has waited three.
const (
	usualAge = 45 * time.Minute
	mostAge  = 170 * time.Minute
	asked    = 6 // customers of Callback who asked for a time
)

// open puts one ticket of Callback in, as if at a moment; requested is the time the customer asked for, if they did.
func (f *floor) open(tx *db.Tx, c invented, at, requested time.Time) (db.ID, error) {
	f.tickets++
	n := f.note(c, !requested.IsZero())
	form := intake.Form{Campaign: "callback", ServiceNo: c.internet, ContactName: c.Name, Phone: c.Phone.Full(), OpenedAt: at, RequestedAt: requested, Source: "practice", Quiet: true,
		Criterion: n.criterion, Application: n.app, Fields: map[string]string{}}
	form.Note = n.fill(c, at.Add(-time.Duration(1+f.rnd.IntN(5))*time.Hour).Truncate(15*time.Minute), requested)
	if n.service == "voice" {
		form.ServiceNo = c.voice
	}
	if n.app != "" {
		form.Fields["application"] = n.app
	}
	by := f.tier1[0].Actor(who.System) // SOP 5.2.1: Tier 1 opens them
	t, _, err := intake.Desk{Campaigns: f.Campaigns, Site: f.Site}.Open(tx, by, form)
	f.topics[t.ID] = n.topic
	return t.ID, err
}

// note picks one that can be this customer's: their services, and VVIP or not (SOP 5.2.1.e).
func (f *floor) note(c invented, asked bool) note {
	all := callbackNotes
	if asked {
		all = promisedNotes
	}
	var fit []note
	for _, n := range all {
		if n.fits(c) && (asked || (n.criterion == "e") == (c.Class == customer.VVIP)) {
			fit = append(fit, n)
		}
	}
	return fit[f.rnd.IntN(len(fit))]
}

// queue leaves tickets waiting in the campaigns, promises that customers asked for, and faults that are in work.
func (f *floor) queue(tx *db.Tx) error {
	for _, i := range f.rnd.Perm(len(f.customers)) {
		if c := f.customers[i]; f.reports[c.ID] == "" {
			f.unused = append(f.unused, c)
		}
	}
	if err := f.outageNow(tx); err != nil {
		return err
	}
	for _, w := range waiting {
		for range w.n {
			if err := f.waits(tx, w.code, f.now.Add(-f.age())); err != nil {
				return err
			}
		}
	}
	tx.Now = f.now
	for i := range asked { // the first comes due while one looks around
		at := f.now.Add(time.Duration(i)*25*time.Minute + 10*time.Minute).Truncate(5 * time.Minute)
		c, err := f.draw(anyone, anyone)
		if err == nil {
			_, err = f.open(tx, c, f.now.Add(-time.Duration(30+f.rnd.IntN(90))*time.Minute), at)
		}
		if err != nil {
			return err
		}
	}
	return f.others(tx)
}

// age is how long something has waited.
func (f *floor) age() time.Duration {
	return min(time.Duration(f.rnd.ExpFloat64()*float64(usualAge)), mostAge) + time.Duration(60+f.rnd.IntN(120))*time.Second
}

// waits puts one ticket into a campaign's queue, as if at a moment.
func (f *floor) waits(tx *db.Tx, code string, at time.Time) error {
	stories, known := followed[code]
	if !known {
		tx.Now = f.now
		c, err := f.draw(anyone, anyone)
		if err == nil {
			_, err = f.open(tx, c, at, time.Time{})
		}
		return err
	}
	s, c, err := f.drawn(stories)
	if err == nil {
		_, err = f.row(tx, code, s, c, at)
	}
	return err
}

// outageNow lets the outage of this hour happen (SOP 5.4).
func (f *floor) outageNow(tx *db.Tx) error {
	o := &outage{sto: "MLG", city: "Malang", zone: f.Site.String(), began: f.now.Add(-mostAge - 10*time.Minute), until: f.now.Add(95 * time.Minute).Truncate(15 * time.Minute)}
	var hit []invented
	for range hitNow {
		c, err := f.draw(func(c invented) bool { return c.sto == o.sto }, anyone)
		if errors.Is(err, errNobody) {
			break
		}
		hit = append(hit, c)
	}
	var rows []time.Time
	for range callsNow {
		rows = append(rows, f.now.Add(-min(f.age(), 140*time.Minute)))
	}
	return f.strike(tx, o, hit, rows)
}

// others leaves faults that units work on, and some that are over.
func (f *floor) others(tx *db.Tx) error {
	for _, w := range inWork {
		for range w.n {
			s, c, err := f.drawn(otherStories)
			if err != nil {
				return err
			}
			opened := f.now.Add(-time.Duration(4+f.rnd.IntN(60)) * time.Hour).Truncate(time.Second)
			in := f.report(c, s, opened)
			in.State, in.Group, in.At = w.state, f.unit(s, c), f.now.Add(-time.Duration(20+f.rnd.IntN(200))*time.Minute)
			in.Notes = []trouble.Note{worklog(trouble.AgentNote, "wl-1", "Laporan diterima Tier 1: "+in.Description, opened),
				worklog(trouble.UpdateInfo, "wl-2", "Update "+s.unit+": "+c.fill(s.update, opened), opened.Add(2*time.Hour))}
			if w.state == trouble.Closed {
				in.ClosingReason = "dikonfirmasi pelanggan"
			}
			if _, err := f.take(tx, in); err != nil {
				return err
			}
		}
	}
	tx.Now = f.now
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
		{Title: "Lantai latihan: pelanggan dan nomornya rekaan", Body: "Semua orang, pelanggan, nomor, tiket, jadwal teknisi, dan hasil ukur di sini rekaan; kode sentral (STO) selain MLG dan BTU hanya kode latihan. Telepon dijawab oleh saluran latihan. Jam telepon dibuka 24 jam supaya Anda bisa berlatih kapan saja; di lantai sebenarnya 08.00-20.00 waktu pelanggan."},
		{Title: "5.7.8.c: kapan memilih Menolak", Clause: "5.7.8.c", Body: "Sibuk, Masih dijalan, Meeting, dan Diterima lalu diputus bukan penolakan atas hasil. Pilih sesuai keadaan dan tawarkan waktu menghubungi kembali."},
	} {
		n.Until = f.now.AddDate(0, 0, 14)
		if _, err := document.Post(tx, by, n); err != nil {
			return err
		}
	}
	return nil
}
