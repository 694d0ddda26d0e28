package practice

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"sapa/internal/booking"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/intake"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// followed are the campaigns whose rows come from trouble tickets, with the faults they are about.
var followed = map[string][]story{"fresh-lapul": lapulStories, "c4-carring": c4Stories, "nossa": nossaStories, "force-close": forceStories}

var errNobody = errors.New("no customer left whom a fault could happen to")

// draw takes the first customer who waits for nothing yet and is fit, rather one whom it suits.
func (f *floor) draw(fit, suits func(invented) bool) (invented, error) {
	i := slices.IndexFunc(f.unused, func(c invented) bool { return fit(c) && suits(c) })
	if i < 0 {
		i = slices.IndexFunc(f.unused, fit)
	}
	if i < 0 {
		return invented{}, errNobody
	}
	c := f.unused[i]
	f.unused = slices.Delete(f.unused, i, i+1)
	return c, nil
}

func anyone(invented) bool { return true }

// drawn picks a fault and, of the customers who wait for nothing, whom it happens to: one whose line shows it. A fault that can happen to
// none of those who are left, as of a telephone, gives way to the next one.
func (f *floor) drawn(all []story) (s story, c invented, err error) {
	first := f.rnd.IntN(len(all))
	for i := range all {
		s = all[(first+i)%len(all)]
		if c, err = f.draw(s.fits, func(c invented) bool { return c.light.poor() == s.poor }); !errors.Is(err, errNobody) {
			break
		}
	}
	return s, c, err
}

// number gives what the other side calls a ticket that was opened then: numbers rise with time (domain 3.2).
func (f *floor) number(opened time.Time) string {
	n := 72_000_000 + int64(opened.Sub(f.now.AddDate(0, 0, -30))/time.Second)
	for f.issued[n] {
		n++
	}
	f.issued[n] = true
	return fmt.Sprintf("IN%08d", n)
}

// moods of reporters, most of them friendly (SOP 5.2.10.o, p).
var (
	moods  = []string{"ramah", "ramah", "ramah", "agak-marah", "agak-marah", "marah"}
	urgent = []string{"normal", "normal", "normal", "medium", "medium", "hard", "emergency"}
)

// report is a customer's fault as a list of the other side first brings it.
func (f *floor) report(c invented, s story, opened time.Time) trouble.Incoming {
	in := trouble.Incoming{No: f.number(opened), ServiceNo: c.no(s.service), Service: s.service, Customer: c.ID, CustomerName: c.Name, CustomerClass: string(c.Class),
		State: trouble.Analysis, Group: "logic", Symptom: s.symptom, Classification: s.leaf, ContactName: c.Name, ContactMobile: c.Phone,
		HardComplaint: moods[f.rnd.IntN(len(moods))], Urgency: urgent[f.rnd.IntN(len(urgent))], Description: c.fill(s.complaint, opened),
		Source: trouble.Nossa, STO: c.sto, Witel: c.City, OpenedAt: opened, At: opened}
	if groups := trouble.GroupsFor(s.leaf, c.sto); s.poor && len(groups) > 0 {
		in.Group = groups[0].ID
	}
	return in
}

// take brings a row of the other side's list in, at its time.
func (f *floor) take(tx *db.Tx, in trouble.Incoming) (trouble.Change, error) {
	tx.Now = in.At.UTC().Truncate(time.Millisecond)
	t, c, _, err := trouble.Take(tx, who.House, in)
	if err != nil {
		return c, err
	}
	f.know(t)
	return c, nil
}

// know keeps whether a customer has a trouble ticket open.
func (f *floor) know(t trouble.Ticket) {
	switch has := f.reports[t.Customer]; {
	case t.Customer == 0:
	case t.Open() && has == "":
		f.reports[t.Customer] = t.No
	case !t.Open() && has == t.No:
		delete(f.reports, t.Customer)
	}
}

// tell is take for a change that the campaigns follow.
func (f *floor) tell(tx *db.Tx, in trouble.Incoming) error {
	c, err := f.take(tx, in)
	if err != nil {
		return err
	}
	return f.Seat.Follow(tx, who.House, c)
}

func worklog(kind, ref, text string, at time.Time) trouble.Note {
	return trouble.Note{Type: kind, Ref: ref, Detail: text, At: at}
}

// row lets a fault come to where a campaign calls about it, its row at a moment. The history before that moment came with the
// other side's first list; the last step is followed, and the row is what the feed's rule makes of it.
func (f *floor) row(tx *db.Tx, code string, s story, c invented, at time.Time) (trouble.Incoming, error) {
	hours := func(least, most int) time.Time {
		return at.Add(-time.Duration(least)*time.Hour - time.Duration(f.rnd.IntN((most-least)*60))*time.Minute).Truncate(time.Second)
	}
	since := at.Add(-time.Duration(1+f.rnd.IntN(5)) * time.Hour).Truncate(15 * time.Minute)
	opened, worked := hours(20, 70), hours(3, 16)
	if code == "force-close" {
		opened, worked = hours(7*24, 9*24), hours(20, 40)
	}
	update := c.fill(s.update, since)
	in := f.report(c, s, opened)
	in.Notes = []trouble.Note{worklog(trouble.AgentNote, "wl-1", "Laporan diterima Tier 1: "+in.Description+" Data pelanggan cocok.", opened)}
	if code == "fresh-lapul" {
		in.Notes = append(in.Notes, worklog(trouble.ClientNote, "wl-2", in.Description, opened))
	}
	if _, err := f.take(tx, in); err != nil {
		return in, err
	}
	next := trouble.Incoming{No: in.No, State: trouble.Backend, At: at, Group: f.unit(s, c)}
	note := worklog(trouble.UpdateInfo, "wl-3", "Update "+s.unit+": "+update, worked)
	switch code {
	case "fresh-lapul": // the customer again, and again
		said := c.fill(s.client, since)
		next.Description = fmt.Sprintf("Lapor ulang ke-%d. Update %s: %s Plg: %s Keluhan awal: %s", s.times, s.unit, update, said, in.Description)
		next.Notes = []trouble.Note{note}
		for i := 2; i < s.times; i++ {
			next.Notes = append(next.Notes, worklog(trouble.ClientNote, fmt.Sprint("wl-c", i), "Pelanggan menanyakan perkembangan laporan, belum ada perubahan.", worked.Add(time.Duration(i)*time.Hour/2)))
		}
		next.Notes = append(next.Notes, worklog(trouble.ClientNote, fmt.Sprint("wl-c", s.times), said, at))
		if f.rnd.IntN(6) == 0 {
			next.State = trouble.Pending
		}
	case "c4-carring":
		note.At = at
		next.Description = fmt.Sprintf("Update %s: %s Keluhan awal: %s", s.unit, update, in.Description)
		next.Notes = []trouble.Note{note}
	case "nossa":
		note.Type, note.At = trouble.AgentNote, at
		next.State, next.Group = trouble.Analysis, desk.T2O
		next.Description = fmt.Sprintf("%s Catatan %s: %s", in.Description, s.unit, update)
		next.Notes = []trouble.Note{note}
	case "force-close":
		done := trouble.Incoming{No: in.No, State: trouble.Resolved, At: worked, ResolvedAt: worked, Notes: []trouble.Note{note}}
		if _, err := f.take(tx, done); err != nil {
			return in, err
		}
		next.State, next.Group, next.ClosingReason = trouble.Closed, "", trouble.CloseByDitcons
		next.Description = fmt.Sprintf("Ditutup atas permintaan ditcons. Keluhan: %s Update %s: %s", in.Description, s.unit, update)
	}
	return in, f.tell(tx, next)
}

// unit is the owner group that a fault is with.
func (f *floor) unit(s story, c invented) string {
	groups := trouble.GroupsFor(s.leaf, c.sto)
	i := slices.IndexFunc(groups, func(g trouble.Group) bool { return g.Technician == (s.unit == "teknisi") })
	if i < 0 {
		i = 0
	}
	return groups[i].ID
}

// rowOf finds the row that a trouble ticket has in a campaign.
func rowOf(tx *db.Tx, code string, c invented, no string) (db.ID, error) {
	rows, err := ticket.OpenOfSubject(tx, ticket.Subject(c.ID, "", ""), 0)
	for _, r := range rows {
		if r.Campaign == code && r.Fields["ticket_no"] == no {
			return r.ID, nil
		}
	}
	if err == nil {
		err = fmt.Errorf("no row of %s for %s", code, no)
	}
	return 0, err
}

// mend lets the other side end a fault.
func (f *floor) mend(tx *db.Tx, no string, at time.Time) error {
	t, err := trouble.ByNo(tx, no)
	if err != nil || !t.Open() {
		return err
	}
	return f.tell(tx, trouble.Incoming{No: no, State: trouble.Resolved, At: at, Notes: []trouble.Note{
		worklog(trouble.UpdateInfo, "wl-selesai", "Pekerjaan selesai, uji layanan normal. Menunggu konfirmasi pelanggan.", at)}})
}

// outage is a mass fault: its parent, the customers it hit, and whom the automatic caller did not reach.
type outage struct {
	no, sto, city, zone string
	began, until        time.Time // until: the estimate
}

// strike lets an outage happen to the customers it finds, and puts those whom the automatic caller could not reach (OVR queue
// 0, A-19) into IVR Gamas at the moments given.
func (f *floor) strike(tx *db.Tx, o *outage, hit []invented, rows []time.Time) error {
	zone := desk.Zone(o.zone, f.Site)
	o.no = f.number(o.began)
	estimate := "pukul " + o.until.In(zone).Format("15.04") + " " + desk.ZoneName(zone)
	text := fmt.Sprintf("Gamas %s: kabel feeder putus di jalur %s, %d pelanggan terdampak. Tim sambung di lokasi, estimasi pulih %s.", o.city, o.sto, len(hit), estimate)
	err := f.tell(tx, trouble.Incoming{No: o.no, State: trouble.Backend, Group: "gamas", Classification: "gamas-akses", Source: trouble.Gamas, STO: o.sto, Witel: o.city,
		Description: text, OpenedAt: o.began, At: o.began, Notes: []trouble.Note{worklog(trouble.AgentNote, "wl-1", text, o.began)}})
	if err != nil {
		return err
	}
	seat := intake.Desk{Campaigns: f.Campaigns, Site: f.Site}
	for i, c := range hit {
		opened := o.began.Add(time.Duration(2+i) * time.Minute).Truncate(time.Second)
		in := f.report(c, story{service: "internet", leaf: "internet-los", symptom: "los"}, opened)
		in.Parent, in.State, in.Group = o.no, trouble.Backend, "gamas"
		in.Description = fmt.Sprintf("Internet mati, lampu LOS merah. Terdampak gamas %s.", o.no)
		if _, err := f.take(tx, in); err != nil {
			return err
		}
		if i >= len(rows) {
			continue
		}
		tx.Now = rows[i].UTC().Truncate(time.Millisecond)
		said := ovrSaid[i%len(ovrSaid)]
		_, _, err := seat.Open(tx, who.House, intake.Form{Campaign: "ivr-gamas", Ref: fmt.Sprintf("OVR-%s-%02d", o.no, i+1), ServiceNo: c.internet, ContactName: c.Name,
			Phone: c.Phone.Full(), OpenedAt: tx.Now, Source: "practice", Quiet: true,
			Note:   fmt.Sprintf("Gamas %s, tiket induk %s. %s Dampak: internet mati. Estimasi pulih %s.", o.city, o.no, said, estimate),
			Fields: map[string]string{"ticket_no": in.No, "parent": o.no, "ovr_queue": "0", "impact": "Internet mati, LOS merah", "estimate": estimate}})
		if err != nil {
			return err
		}
	}
	return nil
}

// ovrSaid is what the automatic caller got.
var ovrSaid = []string{
	"OVR antrean 0: tiga kali tidak terjawab.",
	"OVR antrean 0: diangkat, tidak menekan tombol.",
	"OVR antrean 0: menekan 2, layanan belum normal.",
	"OVR antrean 0: terputus sebelum pesan selesai.",
}

// visits books technicians for faults that are with them, until many windows are full; what agents booked in their calls
// stands beside it.
func (f *floor) visits(tx *db.Tx) error {
	tx.Now = f.now
	for _, c := range f.customers {
		no := f.reports[c.ID]
		if no == "" {
			continue
		}
		t, err := trouble.ByNo(tx, no)
		if err != nil {
			return err
		}
		if g, _ := trouble.GroupOf(t.Group); !g.Technician || t.Booking != 0 || t.State == trouble.Pending {
			continue
		}
		slot, found, err := f.tightest(tx, c)
		if err != nil || !found {
			if err != nil {
				return err
			}
			continue
		}
		by := f.people[f.rnd.IntN(len(f.people))].Actor(who.System)
		held, err := booking.Hold(tx, by, slot.ID)
		if err == nil {
			_, err = booking.Confirm(tx, by, held.ID, no)
		}
		if err == nil {
			_, _, err = trouble.Book(tx, by, t.ID, held.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// tightest is the window of the customer's exchange with the fewest places left, the earliest of those.
func (f *floor) tightest(tx *db.Tx, c invented) (best booking.Slot, found bool, err error) {
	all, err := booking.Slots(tx, c.sto, tx.Now, tx.Now.AddDate(0, 0, desk.DaysAhead))
	for _, s := range all {
		if s.Left() > 0 && s.From.After(tx.Now.Add(booking.HoldFor)) && (!found || s.Left() < best.Left()) {
			best, found = s, true
		}
	}
	return best, found, err
}

// none tells whether an error only says that something is not there.
func none(err error) bool { return fault.Is(err, fault.Missing) }
