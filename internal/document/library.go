package document

import (
	"context"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"sync"
	"testing/fstest"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/procedure"
	"sapa/internal/who"
)

// Library remembers the revisions that were read, each read and checked once. Which of them is in force it never remembers: that is
// asked of the store in the act's own transaction, so that every server knows at once (doc.effective).
type Library struct {
	mu  sync.RWMutex
	all map[key]Revision
}

type key struct {
	document string
	revision int
}

// StateSQL reads the states of a document ($1) as rows (revision, hash, paper, approved_at, effective_at, recalled_at, ”, ”), in
// milliseconds, for who reads them together with something else: ScanState takes them and the two that follow.
const StateSQL = `SELECT revision, hash, CASE origin WHEN 'paper' THEN 1 ELSE 0 END, COALESCE(approved_at, 0), effective_at, recalled_at, '', '' FROM revision WHERE document = $1`

// ScanState reads a row of StateSQL and what the caller asks for after its six columns.
func ScanState(s db.Scanner, more ...any) (State, error) {
	var st State
	var paper int
	var approved, effective, recalled int64
	err := s.Scan(append([]any{&st.Revision, &st.Hash, &paper, &approved, &effective, &recalled}, more...)...)
	st.Paper, st.ApprovedAt, st.EffectiveAt, st.RecalledAt = paper == 1, db.Time(approved), db.Time(effective), db.Time(recalled)
	return st, err
}

// States lists the states of a document's revisions.
func States(tx *db.Tx, document string) (all []State, err error) {
	err = tx.Each(StateSQL, []any{document}, func(s db.Scanner) error {
		var none string
		st, err := ScanState(s, &none, &none)
		all = append(all, st)
		return err
	})
	return all, err
}

// InForce gives the revision of a document that is in force now.
func (l *Library) InForce(tx *db.Tx, document string) (Revision, error) {
	states, err := States(tx, document)
	if err != nil {
		return Revision{}, err
	}
	return l.Among(tx, document, states)
}

// Among gives the one in force of states that were read in this transaction.
func (l *Library) Among(tx *db.Tx, document string, states []State) (Revision, error) {
	st, ok := Pick(states, tx.Now)
	if !ok {
		// The act's time may lie before the moment of one that was published, and the others recalled, while it waited: by a new
		// time there is one.
		return Revision{}, db.Again(fault.New(fault.Missing, "document.none-in-force", "document", document))
	}
	if r, ok := l.known(key{document, st.Revision}); ok && r.Hash == st.Hash {
		return r, nil
	}
	return l.read(tx, document, st.Revision)
}

// Kept gives one revision, in force or not: a pinned turn is read with the one it began under (decisions.md 5).
func (l *Library) Kept(tx *db.Tx, document string, revision int) (Revision, error) {
	if r, ok := l.known(key{document, revision}); ok {
		return r, nil
	}
	return l.read(tx, document, revision)
}

func (l *Library) known(k key) (Revision, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	r, ok := l.all[k]
	return r, ok
}

// Keep remembers a revision that was read and checked elsewhere.
func (l *Library) Keep(r Revision) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all == nil {
		l.all = map[key]Revision{}
	}
	l.all[key{r.Document, r.Revision}] = r
}

// Load reads every revision of the store that is not known yet and checks it again; one whose hash is not the signed one is refused.
func (l *Library) Load(ctx context.Context, store *db.DB) error {
	var all []key
	err := store.Read(ctx, func(tx *db.Tx) error {
		return tx.Each(`SELECT document, revision FROM revision ORDER BY document, revision`, nil, func(s db.Scanner) error {
			var k key
			err := s.Scan(&k.document, &k.revision)
			all = append(all, k)
			return err
		})
	})
	if err != nil {
		return fmt.Errorf("read revisions: %w", err)
	}
	for _, k := range all {
		if err := store.Read(ctx, func(tx *db.Tx) error { _, err := l.Kept(tx, k.document, k.revision); return err }); err != nil {
			return err
		}
	}
	return nil
}

// read reads a revision of the store, checks it, and remembers it.
func (l *Library) read(tx *db.Tx, document string, revision int) (Revision, error) {
	r := Revision{Document: document, Revision: revision}
	var files string
	var at, signoff int64
	err := tx.Row(`SELECT hash, effective_at, files, COALESCE(signoff, 0) FROM revision WHERE document = $1 AND revision = $2`, document, revision).Scan(&r.Hash, &at, &files, &signoff)
	if fault.Is(err, fault.Missing) {
		err = fault.New(fault.Missing, "document.no-revision", "document", document, "revision", fmt.Sprintf("%02d", revision))
	}
	if err != nil {
		return r, err
	}
	r.EffectiveAt = db.Time(at)
	if r.Book, err = unpack(files); err != nil {
		return r, fmt.Errorf("revision %s %02d: %w", document, revision, err)
	}
	if r.Book.Hash != r.Hash {
		return r, fmt.Errorf("revision %s %02d: hash is %s, signed was %s", document, revision, r.Book.Hash, r.Hash)
	}
	r.Signatures = onPaper(r.Book)
	if signoff != 0 {
		o, err := signoffByID(tx, db.ID(signoff))
		if err != nil {
			return r, err
		}
		for i, s := range o.Signatures {
			s.Position = r.Signatures[i].Position
			r.Signatures[i] = s
		}
	}
	l.Keep(r)
	return r, nil
}

// onPaper gives the three signatures as the title block has them: positions, and the days of those on paper.
func onPaper(b *procedure.Book) []Signature {
	all := make([]Signature, len(Parts))
	for i, part := range Parts {
		all[i] = Signature{Part: part, Role: who.Role("")}
		for _, s := range b.Document.Signatures {
			if s.Clause == clauses[part] {
				all[i].Position = s.Position
				all[i].At, _ = time.Parse(time.DateOnly, s.Date) // no day: not signed on paper
			}
		}
	}
	return all
}

func unpack(packed string) (*procedure.Book, error) {
	var files map[string]string
	if err := json.Unmarshal([]byte(packed), &files); err != nil {
		return nil, err
	}
	fsys := fstest.MapFS{}
	dir := ""
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
		if path.Base(name) == "document.yaml" {
			dir = path.Dir(name)
		}
	}
	book, problems := procedure.Load(fsys, dir)
	if len(problems) > 0 {
		return nil, fmt.Errorf("%v (and %d more)", problems[0], len(problems)-1)
	}
	return book, nil
}

// Codes lists the documents of the library.
func (l *Library) Codes() []string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	var codes []string
	for k := range l.all {
		if !slices.Contains(codes, k.document) {
			codes = append(codes, k.document)
		}
	}
	slices.Sort(codes)
	return codes
}
