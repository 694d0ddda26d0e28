package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/phone"
	"sapa/internal/trouble"
)

// A list of incidents is the other side's: each row is a trouble ticket, and the campaigns follow what it says by their own
// rules (domain 5: 5.3.3, 5.5.6, 5.6.1.filter, 5.7). IVR Gamas is the campaign whose rows are the list itself: who called and
// was held in the outage's queue is called back (5.4).

var (
	incidentParts = []string{"no", "service_no", "service", "state", "group", "symptom", "classification", "contact_name", "contact_email", "phone",
		"customer_name", "customer_class", "hard_complaint", "urgency", "description", "source", "parent", "sto", "witel", "closing_reason",
		"lapul", "gaul", "opened_at", "resolved_at", "changed_at", "client_note", "update"}
	incidentTimes = []string{"opened_at", "resolved_at", "changed_at"}
)

const gamas = "ivr-gamas"

// calledBack tells whether a row of an incidents list is itself a row of the campaign.
func calledBack(campaign string) bool { return campaign == gamas }

// incident makes an incident of a row, and for IVR Gamas the form of its call.
func (r *reading) incident(w row) (in trouble.Incoming, f Form, place string, err error) {
	if w, err = r.fill(w); err != nil {
		return in, f, "", err
	}
	for _, p := range r.order() {
		v, i, err := r.value(w, p, in.No)
		if err != nil {
			return in, f, r.name(i), err
		}
		if err := r.tell(&in, w, p, v); err != nil {
			return in, f, "", at(err, p.name, "")
		}
	}
	for i := range in.Notes { // the same text of the same change is the same row of the worklog
		n := &in.Notes[i]
		sum := sha256.Sum256([]byte(n.Type + "\x1f" + n.Detail + "\x1f" + strconv.FormatInt(in.At.UnixMilli(), 10)))
		n.Ref, n.At = hex.EncodeToString(sum[:8]), in.At
	}
	if calledBack(r.campaign) {
		f = Form{Campaign: r.campaign, Ref: in.No + "-G", ServiceNo: in.ServiceNo, ContactName: in.ContactName, Phone: string(in.ContactMobile), Note: in.Description,
			Source: "import", OpenedAt: in.OpenedAt, Fields: map[string]string{"ticket_no": in.No}}
		if in.Parent != "" {
			f.Fields["parent"] = in.Parent
		}
		if in.ContactMobile == "" {
			return in, f, "", fault.New(fault.Invalid, "ticket.contact").At("phone", "5.4.3")
		}
	}
	return in, f, "", nil
}

// tell lays a value into the incident.
func (r *reading) tell(in *trouble.Incoming, w row, p *part, v string) (err error) {
	texts := map[string]*string{"service_no": &in.ServiceNo, "service": &in.Service, "group": &in.Group, "symptom": &in.Symptom,
		"classification": &in.Classification, "contact_name": &in.ContactName, "contact_email": &in.ContactEmail, "customer_name": &in.CustomerName,
		"customer_class": &in.CustomerClass, "hard_complaint": &in.HardComplaint, "urgency": &in.Urgency, "description": &in.Description, "source": &in.Source,
		"parent": &in.Parent, "sto": &in.STO, "witel": &in.Witel, "closing_reason": &in.ClosingReason}
	times := map[string]*time.Time{"opened_at": &in.OpenedAt, "resolved_at": &in.ResolvedAt, "changed_at": &in.At}
	counts := map[string]*int{"lapul": &in.Lapul, "gaul": &in.Gaul}
	switch {
	case p.name == "no":
		if v == "" || v == p.prefix {
			return fault.New(fault.Invalid, "intake.ref")
		}
		in.No = v
	case texts[p.name] != nil:
		*texts[p.name] = v
	case p.name == "state":
		in.State = trouble.State(v)
	case times[p.name] != nil:
		*times[p.name], err = r.time(&Form{}, w, p, v)
	case v == "":
	case counts[p.name] != nil:
		if *counts[p.name], err = strconv.Atoi(strings.TrimSpace(v)); err != nil {
			err = fault.New(fault.Invalid, "intake.value", "value", v)
		}
	case p.name == "phone":
		if p.restore && v[0] >= '1' && v[0] <= '9' && !strings.HasPrefix(v, "62") {
			v = "0" + v
		}
		in.ContactMobile, err = phone.Parse(v)
	case p.name == "client_note":
		in.Notes = append(in.Notes, trouble.Note{Type: trouble.ClientNote, Detail: v})
	case p.name == "update":
		in.Notes = append(in.Notes, trouble.Note{Type: trouble.UpdateInfo, Detail: v})
	}
	return err
}

// incidentsAct is how many incidents are one act: each is some ten writes, and agents wait beside it.
const incidentsAct = 100

// incidents stores incidents, and for IVR Gamas their rows, in acts of their own.
func (r *run) incidents(ctx context.Context, batch []one) error {
	if r.desk.Seat == nil {
		return errors.New("intake: a list of incidents needs the seat that follows them")
	}
	for some := range slices.Chunk(batch, incidentsAct) {
		if err := r.takeIncidents(ctx, some); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) takeIncidents(ctx context.Context, batch []one) error {
	var sum Report
	var refused []*Refusal
	err := r.store.Write(ctx, func(tx *db.Tx) error {
		sum, refused = Report{}, nil // PostgreSQL may run an act again
		for _, o := range batch {
			switch {
			case o.line == 0:
				sum.Skipped++
				continue
			case o.refusal != nil:
				refused = append(refused, o.refusal)
				continue
			}
			what, err := r.takeIncident(tx, o)
			switch no := fault.Of(err); {
			case err == nil:
			case no != nil && (no.Kind == fault.Invalid || no.Kind == fault.Missing || no.Kind == fault.Forbidden):
				refused = append(refused, r.read.refusal(o.line, "", err))
				continue
			default:
				return err
			}
			switch what {
			case desk.Opened:
				sum.Opened++
			case desk.Followed:
				sum.Changed++
			default:
				sum.Already++
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	r.report.Opened += sum.Opened
	r.report.Changed += sum.Changed
	r.report.Already += sum.Already
	r.report.Skipped += sum.Skipped
	r.report.Refused += len(refused)
	for _, no := range refused {
		if r.job.Refused != nil {
			r.job.Refused(*no)
		}
	}
	return nil
}

// takeIncident takes one row: its call is held against the rules first, so that a row that is refused leaves nothing.
func (r *run) takeIncident(tx *db.Tx, o one) (desk.Taken, error) {
	if calledBack(r.job.Campaign) {
		if _, err := r.desk.check(tx, r.job.By, o.form); err != nil {
			return "", err
		}
	}
	what, err := r.take(tx, o.incident)
	if err != nil || !calledBack(r.job.Campaign) {
		return what, err
	}
	t, err := trouble.ByNo(tx, o.incident.No)
	if err != nil || !t.Open() { // it has ended: there is nothing to call about (5.7.8.b.junk.tiket-sudah-close)
		return what, err
	}
	_, _, err = r.desk.Open(tx, r.job.By, o.form)
	return what, err
}

// take brings an incident in. The campaigns follow one entry of the worklog at a time, so a row that counts a lapul and tells an
// update says them one after the other.
func (r *run) take(tx *db.Tx, in trouble.Incoming) (desk.Taken, error) {
	var updates []trouble.Note
	told := in
	told.Notes = nil
	for _, n := range in.Notes {
		if n.Type == trouble.UpdateInfo {
			updates = append(updates, n)
		} else {
			told.Notes = append(told.Notes, n)
		}
	}
	what, err := r.desk.Seat.Take(tx, r.job.By, told)
	if err != nil || len(updates) == 0 {
		return what, err
	}
	more, err := r.desk.Seat.Take(tx, r.job.By, trouble.Incoming{No: in.No, Source: in.Source, At: in.At, Notes: updates})
	if what == desk.Unchanged {
		what = more
	}
	return what, err
}
