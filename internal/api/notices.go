package api

import (
	"net/http"

	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/fault"
)

type noticeJSON struct {
	ID       db.ID   `json:"id"`
	Title    string  `json:"title"`
	Body     string  `json:"body"`
	Clause   string  `json:"clause"`
	PostedAt *string `json:"posted_at"`
	Until    *string `json:"until"`
	ReadAt   *string `json:"read_at"` // by the caller; null: not yet
}

func (a *API) notice(n document.Notice) noticeJSON {
	zone := a.Seat.Site
	return noticeJSON{ID: n.ID, Title: n.Title, Body: n.Body, Clause: n.Clause, PostedAt: stamp(n.PostedAt, zone), Until: stamp(n.Until, zone), ReadAt: stamp(n.ReadAt, zone)}
}

// notices lists what the caller must have read before the shift (SOP 5.1), the unread first.
func (a *API) notices(tx *db.Tx, r seen) (any, error) {
	all, err := document.Notices(tx, db.ID(r.by.ID))
	j := struct {
		Notices []noticeJSON `json:"notices"`
	}{[]noticeJSON{}}
	for _, n := range all {
		j.Notices = append(j.Notices, a.notice(n))
	}
	return j, err
}

func (a *API) postNotice(r seen, f *form) func(tx *db.Tx) (done, error) {
	n := document.Notice{Title: f.needed("title", 200), Body: f.text("body", 4000), Clause: f.text("clause", 40), Until: f.moment("until")}
	return func(tx *db.Tx) (done, error) {
		kept, err := a.Seat.PostNotice(tx, r.by, n)
		return done{http.StatusCreated, a.notice(kept)}, err
	}
}

// noticeAct frames an act on one notice that answers with what the caller must read now.
func (a *API) noticeAct(do func(tx *db.Tx, r seen, id db.ID) error) func(r seen, _ *form) func(tx *db.Tx) (done, error) {
	return func(r seen, _ *form) func(tx *db.Tx) (done, error) {
		return func(tx *db.Tx) (done, error) {
			id, ok := parseID(r.PathValue("id"))
			if !ok {
				return done{}, fault.New(fault.Missing, "document.no-notice")
			}
			if err := do(tx, r, id); err != nil {
				return done{}, err
			}
			body, err := a.notices(tx, r)
			return done{http.StatusOK, body}, err
		}
	}
}

func (a *API) readNotice() func(r seen, _ *form) func(tx *db.Tx) (done, error) {
	return a.noticeAct(func(tx *db.Tx, r seen, id db.ID) error { return a.Seat.ReadNotice(tx, r.by, id) })
}

func (a *API) withdrawNotice() func(r seen, _ *form) func(tx *db.Tx) (done, error) {
	return a.noticeAct(func(tx *db.Tx, r seen, id db.ID) error { return a.Seat.WithdrawNotice(tx, r.by, id) })
}

type readerJSON struct {
	Person db.ID   `json:"person"`
	Name   string  `json:"name"`
	ReadAt *string `json:"read_at"`
}

// noticeReaders says who has read one: a leader sees the own team, others everybody.
func (a *API) noticeReaders(tx *db.Tx, r seen) (any, error) {
	id, ok := parseID(r.PathValue("id"))
	if !ok {
		return nil, fault.New(fault.Missing, "document.no-notice")
	}
	all, unread, err := a.Seat.NoticeReaders(tx, r.by, id)
	j := struct {
		Readers []readerJSON `json:"readers"`
		Unread  int          `json:"unread"`
	}{[]readerJSON{}, unread}
	for _, one := range all {
		j.Readers = append(j.Readers, readerJSON{one.Person.ID, one.Person.Name, stamp(one.ReadAt, a.Seat.Site)})
	}
	return j, err
}
