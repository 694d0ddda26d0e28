package campaign

import (
	"sapa/internal/db"
	"sapa/internal/document"
)

// Revisions lists the revisions of the document that were kept, the newest effective first.
func (c *Campaigns) Revisions() []document.Revision { return c.library.Of(c.document) }

// Revision gives one revision of the document, in force or not; 0 is the one in force. Missing "document.no-revision".
func (c *Campaigns) Revision(tx *db.Tx, revision int) (document.Revision, error) {
	if revision == 0 {
		return c.library.InForce(c.document, tx.Now)
	}
	return c.library.Kept(c.document, revision)
}
