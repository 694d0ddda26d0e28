package intake

import (
	"context"
	"strings"
	"time"
)

// Look reads a file as an import does before it stores anything, for fuzzing: its rows, refused or not.
func Look(campaign string, m *Map, text string, site *time.Location) ([]Refusal, error) {
	f := file{desk: Desk{Site: site}, job: Job{Campaign: campaign, Map: m, File: strings.NewReader(text), Size: int64(len(text))}}
	if err := f.look(context.Background()); err != nil {
		return nil, err
	}
	turns := make(chan []one, 1<<16)
	if err := f.rows(context.Background(), turns); err != nil {
		return nil, err
	}
	var all []Refusal
	for batch := range turns {
		for _, o := range batch {
			switch {
			case o.refusal != nil:
				all = append(all, *o.refusal)
			case o.line > 0:
				all = append(all, Refusal{Line: o.line})
			}
		}
	}
	return all, nil
}

// Sound reads a file as an import does first, for what is wrong with it as a file.
func Sound(campaign string, m *Map, text string, site *time.Location) error {
	f := file{desk: Desk{Site: site}, job: Job{Campaign: campaign, Map: m, File: strings.NewReader(text), Size: int64(len(text))}}
	return f.look(context.Background())
}
