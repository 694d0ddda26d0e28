package practice

import (
	"slices"
	"time"

	"sapa/internal/booking"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/line"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// files tells whether the agent of a past turn opens a trouble ticket before saving (SOP 5.2.10, 5.8.5.reason.eskalasi).
func files(campaign string, answers map[string]string) bool {
	return campaign == "callback" && answers["solution"] == "tiket-gangguan" || campaign == "ideas" && answers["reason"] == "eskalasi"
}

// symptoms of what a ticket is about: the service, and what is said of it on a good line and on a bad one.
var symptoms = map[string][3]string{
	"internet-mati": {"internet", "tbc", "tbc"}, "internet-lambat": {"internet", "lmb", "pts"},
	"iptv": {"iptv", "frz", "tgb"}, "telepon": {"voice", "krs", "mti"},
}

// file measures the line and opens the trouble ticket of a past turn, with the technician's slot where one is to be had; the
// customer's words go to the ticket that is open already.
func (w *week) file(tx *db.Tx, a who.Actor, t ticket.Ticket, lease string, answers map[string]string) (string, error) {
	c := w.byNo[t.ServiceNo]
	draft := map[string]string{}
	for _, k := range []string{"receiver", "decider_name", "decider_relation", "data_check", "guided"} {
		if v := answers[k]; v != "" {
			draft[k] = v
		}
	}
	if _, err := w.Seat.Answer(tx, a, t.ID, lease, draft, 0); err != nil {
		return "", err
	}
	light := []light{good, low, low, los}[w.rnd.IntN(4)]
	m, err := line.Keep(tx, a, t.ServiceNo, w.reading(c, light), "", "recorded")
	if err != nil {
		return "", err
	}
	about, known := symptoms[w.topics[t.ID]]
	if !known {
		about = symptoms["internet-lambat"]
	}
	in := map[string]string{"service": about[0], "symptom": about[1], "hard_complaint": moods[w.rnd.IntN(len(moods))], "urgency": urgent[w.rnd.IntN(len(urgent))],
		"first_call_resolution": "no"}
	if m.Verdict == line.Unspec {
		in["symptom"] = about[2]
		if light == los && about[0] == "internet" {
			in["symptom"] = "los"
		}
	}
	open, err := trouble.OpenOfService(tx, t.ServiceNo)
	switch {
	case err != nil:
		return "", err
	case len(open) > 0:
		in = map[string]string{"customer_note": "Masih terganggu. " + answers["remarks"]}
	case m.Verdict == line.Unspec:
		seen, err := w.Seat.Complaint(tx, a, t.ID, lease)
		if err != nil {
			return "", err
		}
		if i := slices.IndexFunc(seen.Slots, func(s booking.Slot) bool { return s.Left() > 0 }); i >= 0 {
			in["slot"] = seen.Slots[i].ID.String()
		}
	}
	filed, err := w.Seat.File(tx, a, desk.Report{Source: t.ID, Answers: in, Agreed: in["slot"]})
	if err != nil {
		return "", err
	}
	w.know(filed.Trouble)
	done := tx.Now.Add(time.Duration(5+w.rnd.IntN(40)) * time.Hour)
	if filed.Slot != nil {
		done = filed.Slot.Until
	}
	w.mended(filed.Trouble.No, done)
	return filed.Trouble.No, nil
}

// mended plans the end of a fault.
func (w *week) mended(no string, at time.Time) {
	w.do(at, func(tx *db.Tx) error { return w.mend(tx, no, at) })
}

// after looks what a saved turn means for the fault it was about: one that goes on is mended some time later.
func (w *week) after(tx *db.Tx, t ticket.Ticket) error {
	no := t.Fields["ticket_no"]
	if no == "" {
		return nil
	}
	about, err := trouble.ByNo(tx, no)
	if err != nil {
		return err
	}
	w.know(about)
	if about.Open() && t.State == ticket.Closed && about.Parent == 0 { // an outage ends by itself
		w.mended(no, tx.Now.Add(time.Duration(4+w.rnd.IntN(36))*time.Hour))
	}
	return nil
}

// planOutage plans a mass fault of three days ago, from its first report to its end.
func (w *week) planOutage() {
	began := w.midnight.AddDate(0, 0, -3).Add(9*time.Hour + 20*time.Minute)
	o := &outage{sto: "BTU", city: "Batu", zone: w.Site.String(), began: began, until: began.Add(6 * time.Hour)}
	const calls = 10
	w.do(began.Add(40*time.Minute), func(tx *db.Tx) error {
		var hit []invented
		var rows []time.Time
		for _, c := range w.customers {
			if c.sto == o.sto && w.reports[c.ID] == "" && len(hit) < 20 {
				hit = append(hit, c)
				if len(rows) < calls {
					rows = append(rows, began.Add(time.Duration(30+len(rows))*time.Minute))
				}
			}
		}
		return w.strike(tx, o, hit, rows)
	})
	for i := range calls {
		w.plan(moment{at: began.Add(time.Duration(45+i*9) * time.Minute), agent: anybody, meant: freely, codes: []string{"ivr-gamas"}})
	}
	w.do(o.until.Add(20*time.Minute), func(tx *db.Tx) error {
		for id, no := range w.reports { // its children end with it
			if t, err := trouble.ByNo(tx, no); err != nil {
				return err
			} else if t.ParentNo == o.no {
				delete(w.reports, id)
			}
		}
		return w.mend(tx, o.no, o.until.Add(20*time.Minute))
	})
}
