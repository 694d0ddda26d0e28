package web

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"sapa/internal/db"
	"sapa/internal/phrase"
	"sapa/internal/procedure"
	"sapa/internal/revise"
	"sapa/internal/ticket"
)

const (
	oldTurns  = 20_000      // how far back old names are counted, in turns begun in any campaign
	oldFresh  = time.Minute // how long a long count holds
	oldAtOnce = 1_000       // turns: fewer are counted each time
)

// oldNames is how many results bear names that a draft changes, in the last turns begun.
type oldNames struct {
	Looked int            // turns
	Whole  bool           // there are no others
	Kept   map[string]int // by campaign: tickets given back with answers under the revision in force
	n      map[string]int // results by campaign, field and option
}

// oldLook keeps the last count: a page is asked for again and again while a draft is edited.
type oldLook struct {
	mu   sync.Mutex
	at   time.Time
	what string
	last oldNames
}

func (r renamed) key() string { return r.Campaign + "/" + r.Field + "/" + r.Option }

// of counts, or gives what was counted less than a minute ago for the same names.
func (l *oldLook) of(tx *db.Tx, b *draftBook, names []renamed) (oldNames, error) {
	what := []string{b.Force.Hash}
	for _, r := range names {
		what = append(what, r.key())
	}
	slices.Sort(what)
	asked := strings.Join(what, " ")
	l.mu.Lock()
	defer l.mu.Unlock()
	if age := tx.Now.Sub(l.at); l.what == asked && l.last.Looked >= oldAtOnce && age >= 0 && age < oldFresh {
		return l.last, nil
	}
	one, err := countOld(tx, b.Force.Revision, names)
	if err == nil {
		l.at, l.what, l.last = tx.Now, asked, one
	}
	return one, err
}

func countOld(tx *db.Tx, revision int, names []renamed) (oldNames, error) {
	one := oldNames{n: map[string]int{}}
	by := map[string][]renamed{}
	var codes []string
	for _, r := range names {
		if r.Field == "" {
			continue
		}
		if by[r.Campaign] == nil {
			codes = append(codes, r.Campaign)
		}
		by[r.Campaign] = append(by[r.Campaign], r)
	}
	var err error
	one.Looked, err = ticket.Answered(tx, revision, codes, oldTurns, func(code string, answers map[string]string) {
		for _, r := range by[code] {
			value := answers[r.Field]
			if r.Option == "" && value != "" || r.Option != "" && slices.Contains(strings.Split(value, ","), r.Option) {
				one.n[r.key()]++
			}
		}
	})
	if err != nil {
		return one, err
	}
	one.Whole = one.Looked < oldTurns
	one.Kept, err = ticket.KeptUnder(tx, revision, oldTurns)
	return one, err
}

// oldOf says how many results bear a name of a field or of one of its options which the draft changes, in a card that may stand for
// several campaigns; false when it changes none.
func (p draftData) oldOf(c fieldCard) (string, bool) {
	n, any := 0, false
	for _, r := range p.Impact.Renamed {
		was := p.B.Force.Book.Procedure(c.Campaign)
		shared := was != nil && was.Field(c.Field.ID) != nil && slices.Equal(r.of, was.Field(c.Field.ID).Clauses)
		if r.Field != c.Field.ID || r.Campaign != c.Campaign && !shared {
			continue
		}
		any = true
		if r.Option == "" || !p.fieldRenamed(r) { // a result that bears the field's old name is counted with it
			n += p.Impact.Old.n[r.key()]
		}
	}
	if !any {
		return "", false
	}
	key := p.one("draft.old-names", n)
	if n == 0 {
		key = "draft.old-names-none"
	}
	if !p.Impact.Old.Whole {
		key += "-of"
	}
	return p.T(key, "n", phrase.Number(p.Lang, n), "of", phrase.Number(p.Lang, p.Impact.Old.Looked), "revision", twoDigits(p.Force.Revision)), true
}

// fieldRenamed tells whether the field of an option bears another name itself, or is gone.
func (p draftData) fieldRenamed(r renamed) bool {
	return slices.ContainsFunc(p.Impact.Renamed, func(x renamed) bool { return x.Campaign == r.Campaign && x.Field == r.Field && x.Option == "" })
}

// kept says how many tickets were given back with answers and go on once under the revision in force.
func (p draftData) kept() string {
	key := p.one("draft.impact-kept", p.Impact.Kept)
	if !p.Impact.Old.Whole {
		key += "-of"
	}
	return p.T(key, "n", phrase.Number(p.Lang, p.Impact.Kept), "of", phrase.Number(p.Lang, p.Impact.Old.Looked), "revision", twoDigits(p.Force.Revision))
}

// firstRenamed are the names the panel shows: all that are left open, up to a dozen, else the first few.
func (p draftData) firstRenamed() []renamed {
	open := 0
	for _, one := range p.Impact.Renamed {
		if one.Fate == fateOpen {
			open++
		}
	}
	return p.Impact.Renamed[:min(len(p.Impact.Renamed), max(4, min(open, 12)))]
}

const mappingFile = "mapping.yaml"

// proposedMapping is what a draft without a mapping could begin one with: all that has gone is dropped, for a person to say better.
func (b *draftBook) proposedMapping() (string, error) {
	edits := []revise.Edit{{Do: "set", File: mappingFile, Put: []revise.Put{{Key: "from", Value: strconv.Itoa(b.Force.Revision)}}}}
	for _, row := range procedure.Unmapped(b.Force.Book, b.Book) {
		e := revise.Edit{Do: "add", File: mappingFile, At: "moves"}
		for _, put := range []revise.Put{{Key: "campaign", Value: row.Campaign}, {Key: "field", Value: row.Field}, {Key: "option", Value: row.Option}, {Key: "gone", Value: "true"}} {
			if put.Value != "" {
				e.Put = append(e.Put, put)
			}
		}
		edits = append(edits, e)
	}
	files := b.Draft.Files
	for _, e := range edits {
		var err error
		if files, err = revise.Apply(files, e); err != nil {
			return "", err
		}
	}
	return files[mappingFile], nil
}
