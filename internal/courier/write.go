package courier

import (
	"fmt"
	"strings"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/form"
	"sapa/internal/outbox"
	"sapa/internal/phrase"
	"sapa/internal/staff"
)

// Writer makes letters of promises.
type Writer struct {
	// Sheets makes the files of a form: CSV and XLSX.
	Sheets func(b form.Batch, f form.Form, rows []form.Row, agent staff.Person, l phrase.Lang) ([]File, error)
	Zone   *time.Location
	Site   string // its name, below each letter
}

// Letter makes the letter of a promise by its kind. Whom the promise names no address for gets it where staff says they live now.
func (w Writer) Letter(tx *db.Tx, p outbox.Promise) (Letter, error) {
	lang := phrase.Lang(p.Lang)
	if lang != phrase.EN {
		lang = phrase.ID
	}
	switch p.Kind {
	case outbox.FormLetter:
		return w.formLetter(tx, p, lang)
	case outbox.DealLetter:
		return w.dealLetter(tx, p, lang)
	}
	return Letter{To: p.To, Subject: phrase.Say(lang, "courier.subject", "site", w.Site), Text: w.sign(lang, p.Text)}, nil
}

func (w Writer) sign(l phrase.Lang, text string) string {
	return text + "\n\n" + phrase.Say(l, "courier.sign", "site", w.Site) + "\n"
}

// formLetter brings an agent's form to the leader of its batch (SOP 5.8.6).
func (w Writer) formLetter(tx *db.Tx, p outbox.Promise, l phrase.Lang) (Letter, error) {
	var id db.ID
	if _, err := fmt.Sscan(p.Payload, &id); err != nil {
		return Letter{}, fault.New(fault.Invalid, "courier.payload")
	}
	f, err := form.Get(tx, id)
	if err != nil {
		return Letter{}, err
	}
	if err := form.Check(tx, id); err != nil { // what leaves is what was sent
		return Letter{}, err
	}
	rows, err := form.Rows(tx, id)
	if err != nil {
		return Letter{}, err
	}
	b, err := form.GetBatch(tx, f.Batch)
	if err != nil {
		return Letter{}, err
	}
	agent, err := staff.Get(tx, f.Agent)
	if err != nil {
		return Letter{}, err
	}
	leader, err := staff.Get(tx, b.Leader)
	if err != nil {
		return Letter{}, err
	}
	files, err := w.Sheets(b, f, rows, agent, l)
	if err != nil {
		return Letter{}, err
	}
	count := map[string]int{}
	for _, r := range rows {
		count[r.Reason]++
	}
	text := phrase.Say(l, "courier.form.text", "name", leader.Name, "agent", agent.Name, "login", agent.Login, "batch", b.Name, "version", f.Version,
		"rows", len(rows), "fcr", count[form.FCR], "eskalasi", count[form.Eskalasi], "rna", count[form.RNA],
		"sent", w.when(l, f.SentAt), "digest", f.Digest)
	return Letter{To: orHome(p.To, leader), ToName: leader.Name, Files: files, Text: w.sign(l, text),
		Subject: phrase.Say(l, "courier.form.subject", "batch", b.Name, "version", f.Version, "agent", agent.Name)}, nil
}

// dealLetter tells an agent what is theirs of a batch (SOP 5.8.1.distribute). Numbers only: who the customers are stays in sapa.
func (w Writer) dealLetter(tx *db.Tx, p outbox.Promise, l phrase.Lang) (Letter, error) {
	var batch, agent db.ID
	left, right, _ := strings.Cut(p.Payload, "/")
	if _, err := fmt.Sscan(left, &batch); err != nil {
		return Letter{}, fault.New(fault.Invalid, "courier.payload")
	}
	if _, err := fmt.Sscan(right, &agent); err != nil {
		return Letter{}, fault.New(fault.Invalid, "courier.payload")
	}
	b, err := form.GetBatch(tx, batch)
	if err != nil {
		return Letter{}, err
	}
	person, err := staff.Get(tx, agent)
	if err != nil {
		return Letter{}, err
	}
	dealt, err := form.DealtTo(tx, batch, agent)
	if err != nil {
		return Letter{}, err
	}
	if len(dealt) == 0 {
		return Letter{}, fault.New(fault.Conflict, "courier.nothing-dealt")
	}
	var list strings.Builder
	for i, d := range dealt {
		fmt.Fprintf(&list, "%3d. %s\n", i+1, d.No)
	}
	text := phrase.Say(l, "courier.deal.text", "name", person.Name, "batch", b.Name, "count", len(dealt), "list", strings.TrimRight(list.String(), "\n"))
	if !b.DueAt.IsZero() {
		text += "\n\n" + phrase.Say(l, "courier.deal.due", "due", w.when(l, b.DueAt))
	}
	return Letter{To: orHome(p.To, person), ToName: person.Name, Text: w.sign(l, text),
		Subject: phrase.Say(l, "courier.deal.subject", "batch", b.Name, "count", len(dealt))}, nil
}

func (w Writer) when(l phrase.Lang, t time.Time) string {
	t = t.In(w.Zone)
	return phrase.Date(l, t) + ", " + phrase.Clock(l, t)
}

func orHome(to string, p staff.Person) string {
	if to != "" {
		return to
	}
	return p.Email
}

// Arrived keeps on a form which letter carried it (SOP 5.8.6).
func Arrived(tx *db.Tx, p outbox.Promise, messageID string) error {
	if p.Kind != outbox.FormLetter {
		return nil
	}
	var id db.ID
	if _, err := fmt.Sscan(p.Payload, &id); err != nil {
		return fmt.Errorf("form of promise %s: %w", p.ID, err)
	}
	return form.Mailed(tx, id, messageID)
}
