// Package replay decides finished turns again under a draft of the document and says what would have come out otherwise:
// answers that are refused, fields that are missing, other outcomes, other questions, other work for the hands. It stores
// nothing, changes nothing, and does not guess what nobody recorded: a turn that does not come out again under its own
// revision is counted as not replayed, with the reason.
package replay

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/procedure"
)

// Job is one dry run.
type Job struct {
	Store   *db.DB
	Library *document.Library // the revisions that turns ran under
	Draft   *procedure.Book
	Site    *time.Location
	Since   time.Time // turns finished from then on; zero: all
	Workers int       // turns decided side by side; 0 is one
}

const pageTurns = 500 // read in one transaction: short enough for SQLite's checkpoints

// Run replays every finished turn of the campaigns that the draft has, in the order in which they were begun. The same store gives
// the same report to the byte, whatever the number of workers. Conflict "replay.other-document" when the store has no
// revision of the draft's document.
func (j Job) Run(ctx context.Context) (Report, error) {
	if !slices.Contains(j.Library.Codes(), j.Draft.Document.Code) {
		return Report{}, fault.New(fault.Conflict, "replay.other-document", "document", j.Draft.Document.Code)
	}
	w := &world{Job: j, own: map[int]*book{}, draft: newBook(j.Draft)}
	if err := w.open(ctx); err != nil {
		return Report{}, err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	pages := make(chan []turn, 1) // one is read while another is decided
	var failed error
	var reader sync.WaitGroup
	reader.Go(func() {
		defer close(pages)
		failed = w.pages(ctx, func(page []turn) error {
			select {
			case pages <- page:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
	t := newTally(j)
	var broken error
	for page := range pages {
		verdicts, err := w.judge(page)
		if err != nil {
			broken = err
			stop()
			break
		}
		for i := range page {
			t.add(page[i], verdicts[i])
		}
	}
	reader.Wait()
	if broken != nil {
		return Report{}, broken
	}
	if failed != nil {
		return Report{}, fmt.Errorf("replay: %w", failed)
	}
	return t.done(), nil
}

// judge decides the turns of a page, by several workers, each its own stretch; the answers are in the page's order.
func (w *world) judge(page []turn) ([]verdict, error) {
	verdicts, errs := make([]verdict, len(page)), make([]error, len(page))
	workers := max(w.Workers, 1)
	each := (len(page) + workers - 1) / workers
	var all sync.WaitGroup
	for from := 0; from < len(page); from += each {
		all.Go(func() {
			for i := from; i < min(from+each, len(page)); i++ {
				verdicts[i], errs[i] = w.decide(page[i])
			}
		})
	}
	all.Wait()
	for i, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("replay turn %d: %w", page[i].id, err)
		}
	}
	return verdicts, nil
}

// book is a revision ready to be decided under.
type book struct {
	*procedure.Book
	does map[string]map[string]string // campaign, outcome -> what the outcome does, to compare
}

func newBook(b *procedure.Book) *book {
	one := &book{b, map[string]map[string]string{}}
	for _, p := range b.Procedures {
		does := map[string]string{}
		for _, o := range p.Outcomes {
			effects := slices.Clone(o.Effects)
			for i := range effects {
				effects[i].Clause = "" // what it rests on is sapa procedure diff's to tell
			}
			text, _ := json.Marshal([]any{o.Means, effects}) // strings, numbers and lists of them: it cannot fail
			does[o.ID] = string(text)
		}
		one.does[p.Code] = does
	}
	return one
}
