package api

import (
	"fmt"
	"net"
	"net/http"
	"strconv"

	"sapa/internal/control"
	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/phrase"
	"sapa/internal/procedure"
	"sapa/internal/staff"
)

type signatureJSON struct {
	Part     document.Part `json:"part"`
	Position string        `json:"position"`
	Person   *db.ID        `json:"person"` // null: on paper, or not signed yet
	Name     string        `json:"name"`
	SignedAt *string       `json:"signed_at"` // null: not signed yet
}

type revisionStateJSON struct {
	Revision    int             `json:"revision"`
	Stands      string          `json:"stands"`
	Origin      string          `json:"origin"`
	Hash        string          `json:"hash"`
	EffectiveAt *string         `json:"effective_at"`
	Signatures  []signatureJSON `json:"signatures"`
	RecalledAt  *string         `json:"recalled_at"`
	RecalledBy  string          `json:"recalled_by"`
	Reason      string          `json:"reason"`
}

type changeJSON struct {
	What   string `json:"what"`
	Kind   string `json:"kind"`
	ID     string `json:"id"`
	Clause string `json:"clause"`
	Name   string `json:"name"`
	Before string `json:"before"`
	After  string `json:"after"`
}

type docDraftJSON struct {
	Revision    int             `json:"revision"`
	BasedOn     int             `json:"based_on"`
	Version     int64           `json:"version"`
	EffectiveAt *string         `json:"effective_at"` // null: as soon as approved
	Content     string          `json:"content"`      // what each signs; "" while the draft has problems
	Signatures  []signatureJSON `json:"signatures"`
	Signed      int             `json:"signed"`
	MaySign     document.Part   `json:"may_sign"` // by the caller, now; "" none
	Lacks       []lackJSON      `json:"lacks"`
	Changes     []changeJSON    `json:"changes"`
}

// lackJSON is one reason why the draft can't be signed as it is.
type lackJSON struct {
	Key    string `json:"key"`
	Text   string `json:"text"`
	Field  string `json:"field"`
	Clause string `json:"clause"`
}

type copyJSON struct {
	ID     db.ID   `json:"id"`
	Type   string  `json:"type"`
	Holder string  `json:"holder"`
	ReadBy string  `json:"read_by"` // of the revision in force
	ReadAt *string `json:"read_at"`
}

func (a *API) signatures(all []document.Signature) []signatureJSON {
	out := []signatureJSON{}
	for _, s := range all {
		j := signatureJSON{Part: s.Part, Position: s.Position, Name: s.Name, SignedAt: stamp(s.At, a.Seat.Site)}
		if s.Person != 0 {
			j.Person = &s.Person
		}
		out = append(out, j)
	}
	return out
}

func (a *API) draft(r seen, d *control.Draft) *docDraftJSON {
	if d == nil {
		return nil
	}
	lang := r.lang()
	j := &docDraftJSON{Revision: d.Revision, BasedOn: d.BasedOn, Version: d.Version, EffectiveAt: stamp(d.EffectiveAt, a.Seat.Site), Content: d.Content,
		Signatures: a.signatures(d.Lines), Signed: d.Signed, MaySign: d.Mine, Lacks: []lackJSON{}, Changes: []changeJSON{}}
	for _, err := range d.Lacks {
		if f := fault.Of(err); f != nil {
			j.Lacks = append(j.Lacks, lackJSON{f.Key, phrase.Fill(lang, f.Key, f.Values), f.Field, f.Clause})
		}
	}
	for _, c := range d.Changes {
		j.Changes = append(j.Changes, changeJSON{c.What, c.Kind, c.ID, c.Clause, c.Name.In(string(lang)), c.Before, c.After})
	}
	return j
}

func (a *API) copies(all []document.Copy) []copyJSON {
	out := []copyJSON{}
	for _, c := range all {
		out = append(out, copyJSON{c.ID, c.Type, c.Holder, c.Read.Name, stamp(c.Read.At, a.Seat.Site)})
	}
	return out
}

// procedureNow says how the controlled document stands (SOP fn.5, doc.*).
func (a *API) procedureNow(tx *db.Tx, r seen) (any, error) {
	o, err := a.Control.Look(tx, r.by)
	if err != nil {
		return nil, err
	}
	j := struct {
		Document  string              `json:"document"`
		InForce   int                 `json:"in_force"`
		Revisions []revisionStateJSON `json:"revisions"`
		Draft     *docDraftJSON       `json:"draft"`
		Copies    []copyJSON          `json:"copies"`
	}{o.Document, o.InForce.Revision, []revisionStateJSON{}, a.draft(r, o.Draft), a.copies(o.Copies)}
	for _, one := range o.Standings {
		origin := "signed"
		if one.Paper {
			origin = "paper"
		}
		j.Revisions = append(j.Revisions, revisionStateJSON{one.Revision, one.Stands, origin, one.Hash, stamp(one.EffectiveAt, a.Seat.Site), a.signatures(one.Signatures),
			stamp(one.RecalledAt, a.Seat.Site), one.RecalledBy, one.RecallReason})
	}
	return j, nil
}

func (a *API) procedureDraft(tx *db.Tx, r seen) (any, error) {
	d, err := a.Control.DraftNow(tx, r.by)
	if err != nil {
		return nil, err
	}
	return a.draft(r, d), nil
}

// changed answers an act on the draft with the draft as it is then.
func (a *API) changed(tx *db.Tx, r seen, status int, err error) (done, error) {
	if err != nil {
		return done{}, err
	}
	body, err := a.procedureDraft(tx, r)
	return done{status, body}, err
}

func (a *API) beginDraft(r seen, f *form) func(tx *db.Tx) (done, error) {
	from := f.whole("from", 0, 9999)
	return func(tx *db.Tx) (done, error) {
		_, err := a.Control.Begin(tx, r.by, from)
		return a.changed(tx, r, http.StatusCreated, err)
	}
}

func (a *API) scheduleDraft(r seen, f *form) func(tx *db.Tx) (done, error) {
	version, effective := f.neededVersion("version"), f.moment("effective_at")
	summary := procedure.Text{ID: f.text("summary", 1000), EN: f.text("summary_en", 1000)}
	return func(tx *db.Tx) (done, error) {
		_, err := a.Control.Schedule(tx, r.by, version, effective, summary)
		return a.changed(tx, r, http.StatusOK, err)
	}
}

func (a *API) discardDraft(r seen, f *form) func(tx *db.Tx) (done, error) {
	version := f.neededVersion("version")
	return func(tx *db.Tx) (done, error) { return done{}, a.Control.Discard(tx, r.by, version) }
}

func (a *API) returnDraft(r seen, f *form) func(tx *db.Tx) (done, error) {
	reason := f.needed("reason", 1000)
	return func(tx *db.Tx) (done, error) {
		return a.changed(tx, r, http.StatusOK, a.Control.TakeBack(tx, r.by, reason))
	}
}

// signedJSON is what a signature came to: the third publishes a revision.
type signedJSON struct {
	Signatures []signatureJSON `json:"signatures"`
	Published  *int            `json:"published"` // null: signatures are lacking
}

// signDraft looks at the password before the act. It is kept nowhere: what is remembered of the call for its key is the content alone.
func (a *API) signDraft(pattern string) route {
	return route{staff.Route{Method: http.MethodPost, Pattern: pattern, Act: staff.ActSign}, func(w http.ResponseWriter, r *http.Request) {
		by, f, ask, err := a.enterToAct(w, r, staff.ActSign)
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		content, password := f.needed("content", 64), f.needed("password", 1024)
		if err := f.done(); err != nil {
			a.refuse(w, r, err)
			return
		}
		from, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil {
			from = r.RemoteAddr
		}
		confirmed, err := a.Staff.Confirm(r.Context(), by, password, from)
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		ask.Body = fmt.Appendf(nil, "content %s", content)
		answer, err := a.once(r.Context(), ask, func(tx *db.Tx) (done, error) {
			o, published, err := a.Control.Sign(tx, by, confirmed, content)
			j := signedJSON{Signatures: a.signatures(o.Signatures)}
			if published != nil {
				j.Published = &published.Revision
			}
			return done{http.StatusOK, j}, err
		})
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		send(w, answer.Status, answer.Body)
	}}
}

// docRevision is the revision of the path; what is no number is no revision.
func docRevision(r seen) int {
	n, _ := strconv.Atoi(r.PathValue("revision"))
	return n
}

func (a *API) recallRevision(r seen, f *form) func(tx *db.Tx) (done, error) {
	reason := f.needed("reason", 1000)
	return func(tx *db.Tx) (done, error) {
		now, err := a.Control.Recall(tx, r.by, docRevision(r), reason)
		return done{http.StatusOK, struct {
			InForce int `json:"in_force"`
		}{now.Revision}}, err
	}
}

func (a *API) revisionReaders(tx *db.Tx, r seen) (any, error) {
	all, unread, err := a.Control.Readers(tx, r.by, docRevision(r))
	j := struct {
		Readers []readerJSON `json:"readers"`
		Unread  int          `json:"unread"`
	}{[]readerJSON{}, unread}
	for _, one := range all {
		j.Readers = append(j.Readers, readerJSON{one.Person.ID, one.Person.Name, stamp(one.ReadAt, a.Seat.Site)})
	}
	return j, err
}

func (a *API) addCopy(r seen, f *form) func(tx *db.Tx) (done, error) {
	kind, holder := f.needed("type", 20), f.needed("holder", 60)
	return func(tx *db.Tx) (done, error) {
		c, err := a.Control.AddCopy(tx, r.by, kind, holder)
		return done{http.StatusCreated, a.copies([]document.Copy{c})[0]}, err
	}
}

func (a *API) endCopy(r seen, _ *form) func(tx *db.Tx) (done, error) {
	return func(tx *db.Tx) (done, error) {
		id, ok := parseID(r.PathValue("id"))
		if !ok {
			return done{}, fault.New(fault.Missing, "document.copy-none")
		}
		return done{}, a.Control.EndCopy(tx, r.by, id)
	}
}

func (a *API) acknowledgeCopy(r seen, f *form) func(tx *db.Tx) (done, error) {
	revision := f.whole("revision", 0, 9999)
	return func(tx *db.Tx) (done, error) {
		id, ok := parseID(r.PathValue("id"))
		if !ok {
			return done{}, fault.New(fault.Missing, "document.copy-none")
		}
		return done{}, a.Control.Acknowledge(tx, r.by, id, revision)
	}
}
