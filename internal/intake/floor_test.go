package intake_test

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/document/documenttest"
	"sapa/internal/fault"
	"sapa/internal/intake"
	"sapa/internal/phrase"
	"sapa/internal/staff"
	"sapa/internal/who"
)

// floor is a store with the document in it, and the desk at which tickets come in.
type floor struct {
	testing.TB
	store *db.DB
	clock *dbtest.Clock
	desk  intake.Desk
}

func onFloor(t *testing.T, do func(f *floor)) {
	t.Helper()
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) { do(newFloor(t, s, c)) })
}

func newFloor(t testing.TB, s *db.DB, c *dbtest.Clock) *floor {
	t.Helper()
	return &floor{TB: t, store: s, clock: c, desk: intake.Desk{Campaigns: campaign.New(documenttest.Library(t), "IN.OCC.TELK.W-18"), Site: documenttest.Site}}
}

func (f *floor) must(act func(tx *db.Tx) error) {
	f.Helper()
	if err := f.store.Write(context.Background(), act); err != nil {
		f.Fatal(err)
	}
}

// actor adds a person with a role and gives them as they act through the API.
func (f *floor) actor(login string, role who.Role) who.Actor {
	f.Helper()
	var p staff.Person
	f.must(func(tx *db.Tx) (err error) {
		p, err = staff.Add(tx, staff.Console, staff.Person{Login: login, Name: "Uji " + login, Role: role})
		return err
	})
	return p.Actor(who.API)
}

// bring imports a text by a map.
func (f *floor) bring(code, mapText, file string) (intake.Report, []intake.Refusal, error) {
	f.Helper()
	return f.bringAs(staff.Console, code, mapText, file)
}

func (f *floor) bringAs(by who.Actor, code, mapText, file string) (intake.Report, []intake.Refusal, error) {
	f.Helper()
	job := intake.Job{By: by, Campaign: code, Name: "file", File: strings.NewReader(file), Size: int64(len(file))}
	if mapText != "" {
		m, err := intake.ReadMap([]byte(mapText))
		if err != nil {
			f.Fatalf("map: %v", err)
		}
		job.Map = m
	}
	var refused []intake.Refusal
	job.Refused = func(r intake.Refusal) { refused = append(refused, r) }
	report, err := f.desk.Import(context.Background(), f.store, job)
	return report, refused, err
}

func (f *floor) count() (n int) {
	f.Helper()
	f.must(func(tx *db.Tx) error { return tx.Row(`SELECT count(*) FROM ticket`).Scan(&n) })
	return n
}

// gap is a place of a sentence that nobody filled.
var gap = regexp.MustCompile(`\{[a-z]+\}`)

// refusedAs holds a refusal against its key, field and clause, and against both languages' sentences.
func refusedAs(t testing.TB, err error, key, field, clause string) {
	t.Helper()
	f := fault.Of(err)
	if f == nil || f.Key != key || f.Field != field || f.Clause != clause {
		t.Errorf("refused with %v; want %s at %q, %q", err, key, field, clause)
		return
	}
	for _, lang := range []phrase.Lang{phrase.ID, phrase.EN} {
		if said := phrase.Fill(lang, f.Key, f.Values); said == f.Key || gap.MatchString(said) {
			t.Errorf("%s: %q", f.Key, said)
		}
	}
}
