package replay

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"sapa/internal/call"
	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/line"
	"sapa/internal/outage"
	"sapa/internal/procedure"
	"sapa/internal/trouble"
)

// turn is one finished turn with everything that its facts are made of, as it stood when it was finished.
type turn struct {
	id, lead, ticket  db.ID
	ref, code, hash   string
	revision          int
	claimed, finished int64 // ms
	midnight          int64 // of that day at the site, ms
	answers           procedure.Answers
	outcome, means    string
	kept              db.ID // its outcome's row: ids are made in the order in which things come
	was               before
	attempts          []call.Attempt
	sameDay           bool // its ticket had had a result that day
	outage            bool
	measured          string
	reports           []report // of its service, the newest first, as far as they were here
	named             *report  // the one its ticket names
	hours             string   // that the site had set; "": the document's
}

// before is what of its ticket, as it stood before the result, facts are made of.
type before struct {
	ServiceNo, ContactName, Zone string
	Fields                       map[string]string
}

// report is a trouble ticket at one moment.
type report struct {
	no     string
	source db.ID // ticket it was opened from
	opened int64 // ms
	open   bool
}

// world is what a run keeps in mind between pages.
type world struct {
	Job
	draft   *book
	own     map[int]*book // by revision: filled before anything is decided
	hours   map[string][]setting
	outages []gamas
}

type setting struct {
	at    int64
	hours string
}

// gamas is one mass outage with the places it was declared over; services are looked up as they come.
type gamas struct {
	id       db.ID
	from, to int64 // ms; to 0: it goes on
	places   map[string]bool
}

// open reads what is small and needed all along: revisions, calling hours as the site has set them, mass outages.
func (w *world) open(ctx context.Context) error {
	return w.Store.Read(ctx, func(tx *db.Tx) error {
		if err := w.revisions(tx); err != nil {
			return err
		}
		if err := w.settings(tx); err != nil {
			return err
		}
		return w.declared(tx)
	})
}

func (w *world) revisions(tx *db.Tx) error {
	var numbers []int
	err := tx.Each(`SELECT revision FROM revision WHERE document = $1 ORDER BY revision`, []any{w.Draft.Document.Code}, func(s db.Scanner) error {
		var n int
		err := s.Scan(&n)
		numbers = append(numbers, n)
		return err
	})
	for _, n := range numbers {
		kept, err := w.Library.Kept(tx, w.Draft.Document.Code, n)
		if err != nil {
			return err
		}
		w.own[n] = newBook(kept.Book)
	}
	return err
}

// settings reads from the journal which calling hours the site had set when: the setting itself knows only today's.
func (w *world) settings(tx *db.Tx) error {
	w.hours = map[string][]setting{}
	var set int
	if err := tx.Row(`SELECT count(*) FROM campaign_setting`).Scan(&set); err != nil || set == 0 {
		return err
	}
	return tx.Each(`SELECT at, data FROM journal WHERE act = 'campaign.hours' ORDER BY id`, nil, func(s db.Scanner) error {
		var one setting
		var text string
		if err := s.Scan(&one.at, &text); err != nil {
			return err
		}
		var data struct{ Campaign, Hours string }
		if err := json.Unmarshal([]byte(text), &data); err != nil {
			return fmt.Errorf("journal: calling hours: %w", err)
		}
		one.hours = data.Hours
		w.hours[data.Campaign] = append(w.hours[data.Campaign], one)
		return nil
	})
}

func (w *world) declared(tx *db.Tx) error {
	at := map[db.ID]int{}
	err := tx.Each(`SELECT id, declared_at, recovered_at FROM outage WHERE declared_at > 0 ORDER BY id`, nil, func(s db.Scanner) error {
		one := gamas{places: map[string]bool{}}
		err := s.Scan(&one.id, &one.from, &one.to)
		at[one.id] = len(w.outages)
		w.outages = append(w.outages, one)
		return err
	})
	if err != nil || len(w.outages) == 0 {
		return err
	}
	return tx.Each(`SELECT outage, kind, value FROM outage_scope WHERE kind <> $1`, []any{outage.Service}, func(s db.Scanner) error {
		var id db.ID
		var kind, value string
		err := s.Scan(&id, &kind, &value)
		if i, known := at[id]; known {
			w.outages[i].places[kind+" "+value] = true
		}
		return err
	})
}

// pages reads the finished turns in the order of their ids, a page in one look.
func (w *world) pages(ctx context.Context, use func([]turn) error) error {
	for after := db.ID(0); ; {
		var page []turn
		err := w.Store.Read(ctx, func(tx *db.Tx) (err error) {
			if page, err = w.turns(tx, after); err != nil || len(page) == 0 {
				return err
			}
			return w.facts(tx, page)
		})
		if err != nil || len(page) == 0 {
			return err
		}
		after = page[len(page)-1].id
		if err := use(page); err != nil {
			return err
		}
	}
}

// turns reads a page of turns with their results; the ticket as it was is kept with the result for the undo.
func (w *world) turns(tx *db.Tx, after db.ID) (page []turn, err error) {
	err = tx.Each(`
		SELECT t.id, t.ticket, t.ref, t.code, t.revision, t.hash, t.claimed_at, t.finished_at, t.answers, COALESCE(g.lead, 0), o.id, o.code, o.means, o.before
		  FROM turn t
		  JOIN outcome o ON o.turn = t.id AND o.undone_at = 0
		  LEFT JOIN along g ON g.turn = t.id
		 WHERE t.id > $1 AND t.finished_at > 0 AND t.finished_at >= $2
		 ORDER BY t.id
		 LIMIT $3`, []any{after, max(db.Millis(w.Since), 0), pageTurns}, func(s db.Scanner) error {
		var t turn
		var answers, was string
		if err := s.Scan(&t.id, &t.ticket, &t.ref, &t.code, &t.revision, &t.hash, &t.claimed, &t.finished, &answers, &t.lead, &t.kept, &t.outcome, &t.means, &was); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(answers), &t.answers); err != nil {
			return fmt.Errorf("turn %d: answers: %w", t.id, err)
		}
		if err := json.Unmarshal([]byte(was), &t.was); err != nil {
			return fmt.Errorf("turn %d: ticket before: %w", t.id, err)
		}
		t.measured = "none"
		d := db.Time(t.finished).In(w.Site)
		t.midnight = time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, w.Site).UnixMilli()
		t.hours = w.hoursAt(t.code, t.finished)
		page = append(page, t)
		return nil
	})
	return page, err
}

// hoursAt gives the calling hours that a site had set at a moment; "" when the document's held.
func (w *world) hoursAt(code string, at int64) (hours string) {
	for _, s := range w.hours[code] {
		if s.at <= at {
			hours = s.hours
		}
	}
	return hours
}

// lists of ids or names, given as one JSON text: the fragment is a table of texts on both databases.
const (
	listed  = `(SELECT /*lite: value FROM json_each($1)*/ /*pg: jsonb_array_elements_text(CAST($1 AS jsonb))*/)`
	listed3 = `(SELECT /*lite: value FROM json_each($3)*/ /*pg: jsonb_array_elements_text(CAST($3 AS jsonb))*/)`
	numbers = `(SELECT /*lite: value FROM json_each($1)*/ /*pg: CAST(jsonb_array_elements_text(CAST($1 AS jsonb)) AS BIGINT)*/)`
)

func list[T any](all []T) string {
	text, _ := json.Marshal(all) // texts and numbers: it cannot fail
	return string(text)
}

// facts reads for a whole page what the facts of its turns are made of, a statement for each kind and none a turn.
func (w *world) facts(tx *db.Tx, page []turn) error {
	of := map[db.ID]int{}
	services := map[string][]int{}
	for i, t := range page {
		of[t.id] = i
		if t.was.ServiceNo != "" {
			services[t.was.ServiceNo] = append(services[t.was.ServiceNo], i)
		}
	}
	for _, part := range []func() error{
		func() error { return attempts(tx, page, of) },
		func() error { return sameDay(tx, page, of) },
		func() error { return reports(tx, page, services) },
		func() error { return measurements(tx, page, services) },
		func() error { return w.stood(tx, page, services) },
	} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

// attempts reads what the line did in each turn; one that went along has its call's.
func attempts(tx *db.Tx, page []turn, of map[db.ID]int) error {
	keep := func(s db.Scanner) error {
		var id db.ID
		var said string
		var answered, ended int64
		err := s.Scan(&id, &said, &answered, &ended)
		if i, known := of[id]; known {
			page[i].attempts = append(page[i].attempts, call.Attempt{Line: call.Line(said), AnsweredAt: db.Time(answered), EndedAt: db.Time(ended)})
		}
		return err
	}
	first, last := page[0].id, page[len(page)-1].id
	err := tx.Each(`SELECT turn, line, answered_at, ended_at FROM attempt WHERE turn >= $1 AND turn <= $2 ORDER BY turn, dialled_at, id`, []any{first, last}, keep)
	if err != nil {
		return err
	}
	return tx.Each(`
		SELECT g.turn, a.line, a.answered_at, a.ended_at
		  FROM along g
		  JOIN attempt a ON a.turn = g.lead
		 WHERE g.turn >= $1 AND g.turn <= $2
		 ORDER BY g.turn, a.dialled_at, a.id`, []any{first, last}, keep)
}

// sameDay reads which tickets had had a result on the same day; one that was taken back before does not count.
func sameDay(tx *db.Tx, page []turn, of map[db.ID]int) error {
	const day = 27 * 60 * 60 * 1000 // ms: the longest a day may be, and more
	return tx.Each(`
		SELECT t.id, p.at
		  FROM turn t
		  JOIN outcome p ON p.ticket = t.ticket AND p.at >= t.finished_at - $3 AND p.at <= t.finished_at
		 WHERE t.id >= $1 AND t.id <= $2 AND t.finished_at > 0 AND p.turn <> t.id AND (p.undone_at = 0 OR p.undone_at > t.finished_at)`,
		[]any{page[0].id, page[len(page)-1].id, int64(day)}, func(s db.Scanner) error {
			var id db.ID
			var at int64
			err := s.Scan(&id, &at)
			if i, known := of[id]; known && at >= page[i].midnight {
				page[i].sameDay = true
			}
			return err
		})
}

// filed is a trouble ticket with the steps of its life.
type filed struct {
	id, source  db.ID
	no, service string
	opened      int64
	steps       []step
}

type step struct {
	state string
	turn  db.ID
	at    int64
}

// reports reads the trouble tickets of the page's services, and those its tickets name, as each turn found them.
func reports(tx *db.Tx, page []turn, services map[string][]int) error {
	named := map[string]bool{}
	for _, t := range page {
		if no := t.was.Fields["ticket_no"]; no != "" {
			named[no] = true
		}
	}
	all := map[db.ID]*filed{}
	keep := func(s db.Scanner) error {
		one := &filed{}
		err := s.Scan(&one.id, &one.no, &one.service, &one.source, &one.opened)
		all[one.id] = one
		return err
	}
	const columns = `SELECT id, no, service_no, source_ticket, opened_at FROM trouble WHERE `
	if err := tx.Each(columns+`service_no IN `+listed, []any{list(slices.Sorted(maps.Keys(services)))}, keep); err != nil {
		return err
	}
	if err := tx.Each(columns+`no IN `+listed, []any{list(slices.Sorted(maps.Keys(named)))}, keep); err != nil {
		return err
	}
	if len(all) == 0 {
		return nil
	}
	ids := slices.Sorted(maps.Keys(all))
	plain := make([]int64, len(ids))
	for i, id := range ids {
		plain[i] = int64(id)
	}
	err := tx.Each(`SELECT trouble, became, turn, at FROM trouble_move WHERE trouble IN `+numbers+` ORDER BY trouble, seq`, []any{list(plain)}, func(s db.Scanner) error {
		var id db.ID
		var m step
		err := s.Scan(&id, &m.state, &m.turn, &m.at)
		all[id].steps = append(all[id].steps, m)
		return err
	})
	if err != nil {
		return err
	}
	byNo := map[string]*filed{}
	for _, id := range slices.Backward(ids) { // the newest first, as the desk lists them
		one := all[id]
		byNo[one.no] = one
		for _, i := range services[one.service] {
			if r, here := one.at(page[i]); here && len(page[i].reports) < deskReports {
				page[i].reports = append(page[i].reports, r)
			}
		}
	}
	for i := range page {
		if one := byNo[page[i].was.Fields["ticket_no"]]; one != nil {
			if r, here := one.at(page[i]); here {
				page[i].named = &r
			}
		}
	}
	return nil
}

const deskReports = 20 // of a service, that the desk looks at

// at is the trouble ticket as a turn found it when it was finished, before its own result moved it; false: it was not here.
// What happened in the same millisecond counts when no result did it: the act of 5.2.10 may end with the turn. What a list
// brought later is not here yet, however old it was over there.
func (f *filed) at(t turn) (r report, here bool) {
	if f.id > t.kept {
		return report{}, false
	}
	state := ""
	for _, m := range f.steps {
		if m.at < t.finished || m.at == t.finished && m.turn == 0 {
			state = m.state
		}
	}
	return report{no: f.no, source: f.source, opened: f.opened, open: trouble.Ticket{State: trouble.State(state)}.Open()}, state != ""
}

// measurements reads the last measurement of each turn's line before the turn was finished, while it spoke for it.
func measurements(tx *db.Tx, page []turn, services map[string][]int) error {
	from, to := page[0].finished, page[0].finished
	for _, t := range page {
		from, to = min(from, t.finished), max(to, t.finished)
	}
	words := map[string]string{line.Spec: "spec", line.Unspec: "unspec", line.Failed: "failed"}
	return tx.Each(`
		SELECT id, service_no, verdict, measured_at FROM measurement
		 WHERE measured_at >= $1 AND measured_at <= $2 AND service_no IN `+listed3+`
		 ORDER BY id`, []any{from - fresh, to, list(slices.Sorted(maps.Keys(services)))}, func(s db.Scanner) error {
		var id db.ID
		var at int64
		var no, said string
		err := s.Scan(&id, &no, &said, &at)
		for _, i := range services[no] {
			if t := &page[i]; id < t.kept {
				if t.measured = "none"; t.finished-at <= fresh {
					t.measured = words[said]
				}
			}
		}
		return err
	})
}

// stood reads which turns' services stood in a mass outage. Where a line hangs in the network is known as of today.
func (w *world) stood(tx *db.Tx, page []turn, services map[string][]int) error {
	var ids []int64
	var places bool
	for _, g := range w.outages {
		if slices.ContainsFunc(page, g.over) {
			ids, places = append(ids, int64(g.id)), places || len(g.places) > 0
		}
	}
	if len(ids) == 0 {
		return nil
	}
	byID := map[db.ID]gamas{}
	for _, g := range w.outages {
		byID[g.id] = g
	}
	named := list(slices.Sorted(maps.Keys(services)))
	err := tx.Each(`SELECT outage, value FROM outage_scope WHERE kind = 'service' AND value IN `+listed, []any{named}, func(s db.Scanner) error {
		var id db.ID
		var no string
		err := s.Scan(&id, &no)
		for _, i := range services[no] {
			page[i].outage = page[i].outage || byID[id].over(page[i])
		}
		return err
	})
	if err != nil || !places {
		return err
	}
	return tx.Each(`SELECT service_no, sto, odc, odp, olt FROM line WHERE service_no IN `+listed, []any{named}, func(s db.Scanner) error {
		var no string
		at := make([]string, 4)
		err := s.Scan(&no, &at[0], &at[1], &at[2], &at[3])
		for _, g := range w.outages {
			for k, kind := range []string{outage.STO, outage.ODC, outage.ODP, outage.OLT} {
				if !g.places[kind+" "+at[k]] {
					continue
				}
				for _, i := range services[no] {
					page[i].outage = page[i].outage || g.over(page[i])
				}
			}
		}
		return err
	})
}

// over tells whether a turn was finished while the outage was declared.
func (g gamas) over(t turn) bool {
	return g.from > 0 && g.from <= t.finished && (g.to == 0 || g.to > t.finished)
}

// hoursOf are the calling hours a turn was under with a procedure: the site's when it had set some, else the document's.
func (t turn) hoursOf(p *procedure.Procedure) (campaign.Hours, error) {
	return campaign.ParseHours(cmp.Or(t.hours, p.Queue.Hours))
}
