package mirror

import (
	"context"

	"sapa/internal/customer"
	"sapa/internal/db"
)

// Now reads a customer at once, as a worker does, for tests that must know that nothing was asked.
func (r *Reader) Now(ctx context.Context, id db.ID, serviceNo string) (bool, error) {
	f := &flight{subject: customer.SubjectOf(id, serviceNo), customer: id, serviceNo: serviceNo}
	r.mu.Lock()
	r.flying[f.subject] = f
	r.mu.Unlock()
	heard, err := r.read(ctx, f)
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.flying, f.subject)
	return heard, err
}
