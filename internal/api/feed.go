package api

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/phone"
	"sapa/internal/phrase"
	"sapa/internal/staff"
	"sapa/internal/trouble"
)

// Sizes of a feed: rows of a call, of one transaction, and worklog rows of a row.
const (
	mostIncidents = 1000
	incidentsAct  = 100
	mostNotes     = 200
)

// refusedRow is a row that was not taken, and why.
type refusedRow struct {
	Row    int    `json:"row"` // from 1
	No     string `json:"no"`
	Field  string `json:"field,omitempty"`
	Clause string `json:"clause,omitempty"`
	Detail string `json:"detail"`
}

// fedJSON is what became of a list.
type fedJSON struct {
	Opened    int          `json:"opened"`
	Followed  int          `json:"followed"`
	Unchanged int          `json:"unchanged"`
	Refused   []refusedRow `json:"refused"`
}

// incident is a row as it was sent; mobile is read with the row, since one bad number is the row's affair.
type incident struct {
	trouble.Incoming
	mobile string
}

// feed brings a list of the other side's incidents in. It takes acts of a hundred rows, each stored with its own answer
// under the caller's key, so that a call that broke off goes on where it was and never does a row twice.
func (a *API) feed(pattern string) route {
	const act = staff.ActFeedTrouble
	return route{staff.Route{Method: http.MethodPost, Pattern: pattern, Act: act}, func(w http.ResponseWriter, r *http.Request) {
		by, f, ask, err := a.enterToAct(w, r, act)
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		rows := incidents(f)
		if err := f.done(); err != nil {
			a.refuse(w, r, err)
			return
		}
		all, key := fedJSON{Refused: []refusedRow{}}, ask.Key
		for from := 0; from == 0 || from < len(rows); from += incidentsAct {
			if from > 0 {
				ask.Key = fmt.Sprintf("%x+%d", sha256.Sum256([]byte(key)), from)
			}
			some := rows[from:min(from+incidentsAct, len(rows))]
			answer, err := a.once(r.Context(), ask, func(tx *db.Tx) (done, error) {
				fed, err := a.takeRows(tx, seen{by, r}, some, from)
				return done{http.StatusOK, fed}, err
			})
			var part fedJSON
			if err == nil {
				err = json.Unmarshal(answer.Body, &part)
			}
			if err != nil {
				a.refuse(w, r, err)
				return
			}
			all.Opened, all.Followed, all.Unchanged = all.Opened+part.Opened, all.Followed+part.Followed, all.Unchanged+part.Unchanged
			all.Refused = append(all.Refused, part.Refused...)
		}
		a.answer(w, r, http.StatusOK, all)
	}}
}

func (a *API) takeRows(tx *db.Tx, r seen, rows []incident, from int) (fedJSON, error) {
	fed := fedJSON{Refused: []refusedRow{}}
	for i, row := range rows {
		var what desk.Taken
		var err error
		if row.mobile != "" {
			row.ContactMobile, err = phone.Parse(row.mobile)
			err = at(err, "contact_mobile")
		}
		if err == nil {
			what, err = a.Seat.Take(tx, r.by, row.Incoming)
		}
		f := fault.Of(err)
		switch {
		case err == nil && what == desk.Opened:
			fed.Opened++
		case err == nil && what == desk.Followed:
			fed.Followed++
		case err == nil:
			fed.Unchanged++
		case f != nil && (f.Kind == fault.Invalid || f.Kind == fault.Missing || f.Kind == fault.Forbidden):
			if f.Key == "phone.area" || f.Key == "phone.service-form" || f.Key == "phone.excel" {
				f.Field = "service_no"
			}
			inRow(f)
			fed.Refused = append(fed.Refused, refusedRow{from + i + 1, row.No, f.Field, f.Clause, phrase.Fill(r.lang(), f.Key, f.Values)})
		default:
			return fed, err
		}
	}
	return fed, nil
}

// inRow says where in a row of this body a field stands.
func inRow(f *fault.Error) {
	_ = inContact(f)
	switch f.Field {
	case "notes", "type", "summary", "detail":
		f.Field = "worklog"
	}
}

// incidents reads the rows. Their shape is the whole call's affair, their values are each row's own.
func incidents(f *form) []incident {
	forms := f.list("incidents", mostIncidents)
	if len(forms) == 0 {
		f.fail(fault.New(fault.Invalid, "api.needed"), f.node, "incidents")
	}
	rows := make([]incident, 0, len(forms))
	for _, one := range forms {
		in := trouble.Incoming{No: one.text("no", longCode), ServiceNo: one.text("service_no", longCode), Service: one.text("service", longCode),
			State: trouble.State(one.text("state", longCode)), Group: one.text("group", longAnswer), Symptom: one.text("symptom", longAnswer),
			Classification: one.text("classification", longAnswer), CustomerName: one.text("customer_name", longAnswer),
			CustomerClass: one.text("customer_class", longAnswer), HardComplaint: one.text("hard_complaint", longAnswer),
			Urgency: one.text("urgency", longAnswer), Description: one.text("description", 2*longAnswer), Source: one.text("source", longCode),
			Parent: one.text("parent", longCode), STO: one.text("sto", longAnswer), Witel: one.text("witel", longAnswer),
			ClosingReason: one.text("closing_reason", longAnswer), Lapul: one.whole("lapul", 0, 1_000_000), Gaul: one.whole("gaul", 0, 1_000_000),
			OpenedAt: one.moment("opened_at"), ResolvedAt: one.moment("resolved_at"), At: one.moment("at")}
		contact := one.inner("contact")
		in.ContactName, in.ContactEmail = contact.text("name", longAnswer), contact.text("email", longAnswer)
		row := incident{mobile: contact.either("mobile", "phone", longCode)}
		contact.unknown()
		for _, n := range one.list("worklog", mostNotes) {
			in.Notes = append(in.Notes, trouble.Note{Ref: n.text("ref", longLease), Type: n.text("type", longCode),
				Summary: n.text("summary", longAnswer), Detail: n.text("detail", 2*longAnswer), At: n.moment("at")})
			n.unknown()
		}
		one.unknown()
		row.Incoming = in
		rows = append(rows, row)
	}
	return rows
}
