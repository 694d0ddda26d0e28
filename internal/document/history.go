package document

// Of lists the revisions of a document, the newest effective first.
func (l *Library) Of(document string) []Revision {
	l.mu.RLock()
	defer l.mu.RUnlock()
	var all []Revision
	for _, r := range l.all {
		if r.Document == document {
			all = append(all, r)
		}
	}
	return all
}
