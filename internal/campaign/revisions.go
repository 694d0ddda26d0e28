package campaign

import (
	"slices"

	"sapa/internal/db"
	"sapa/internal/document"
)

// Revisions lists the revisions of the document that were ever kept, the newest effective first.
func (c *Campaigns) Revisions(tx *db.Tx) ([]document.Revision, error) {
	states, err := document.States(tx, c.document)
	if err != nil {
		return nil, err
	}
	all := make([]document.Revision, 0, len(states))
	for _, s := range states {
		r, err := c.library.Kept(tx, c.document, s.Revision)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b document.Revision) int {
		if c := b.EffectiveAt.Compare(a.EffectiveAt); c != 0 {
			return c
		}
		return b.Revision - a.Revision
	})
	return all, nil
}

// Revision gives one revision of the document, in force or not; 0 is the one in force. Missing "document.no-revision".
func (c *Campaigns) Revision(tx *db.Tx, revision int) (document.Revision, error) {
	if revision == 0 {
		return c.library.InForce(tx, c.document)
	}
	return c.library.Kept(tx, c.document, revision)
}
