package document

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing/fstest"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/procedure"
	"sapa/internal/who"
)

// Draft is a revision in the making. One a document at a time; what it says counts for nobody before it is signed.
type Draft struct {
	Document    string
	Revision    int               // the number it will have: above every one that was kept
	BasedOn     int               // the revision whose files it began with
	Files       map[string]string // name within the revision (document.yaml, campaigns/nossa.yaml) -> text, as written
	Version     int64             // counts what was saved
	EffectiveAt time.Time         // zero: as soon as it is approved
	BegunBy     db.ID
	BegunAt     time.Time
	ChangedBy   db.ID
	ChangedAt   time.Time
}

// FilesMax bounds what a draft may hold, in bytes of all its files.
const FilesMax = 4 << 20

// Book reads the draft as the house would; a book with problems is not for use, and none is for changing: the next who asks for
// the same text is given the same book.
func (d Draft) Book() (*procedure.Book, []procedure.Problem) {
	return drafts.book(d)
}

func (d Draft) read() (*procedure.Book, []procedure.Problem) {
	dir := folder(d.Document, d.Revision)
	fsys := fstest.MapFS{}
	for name, text := range d.Files {
		fsys[path.Join(dir, name)] = &fstest.MapFile{Data: []byte(text)}
	}
	return procedure.Load(fsys, dir)
}

// drafts are the texts that were read last. Reading one checks every clause and walks every state, a seventh of a second; a page that
// shows a draft asks for it several times, and so does every look after it.
var drafts memory

// memory keeps what its last few texts were read as.
type memory struct {
	mu   sync.Mutex
	last []reading // the latest first
}

type reading struct {
	text     [sha256.Size]byte
	book     *procedure.Book
	problems []procedure.Problem
}

const remembered = 4 // texts: a draft, the one before its last change, and another document's

func (m *memory) book(d Draft) (*procedure.Book, []procedure.Problem) {
	text := d.digest()
	m.mu.Lock()
	defer m.mu.Unlock() // two who ask at once read once
	i := slices.IndexFunc(m.last, func(r reading) bool { return r.text == text })
	if i < 0 {
		book, problems := d.read()
		m.last = slices.Insert(m.last, 0, reading{text, book, problems})
		m.last = m.last[:min(len(m.last), remembered)]
		return book, problems
	}
	r := m.last[i]
	m.last = slices.Insert(slices.Delete(m.last, i, i+1), 0, r)
	return r.book, slices.Clone(r.problems)
}

// digest is of all that reading the draft depends on.
func (d Draft) digest() [sha256.Size]byte {
	h := sha256.New()
	fmt.Fprintf(h, "%s %d\n", d.Document, d.Revision)
	for _, name := range slices.Sorted(maps.Keys(d.Files)) {
		fmt.Fprintf(h, "%d %s %d\n%s", len(name), name, len(d.Files[name]), d.Files[name])
	}
	return [sha256.Size]byte(h.Sum(nil))
}

func folder(document string, revision int) string {
	return fmt.Sprintf("%s/rev-%02d", document, revision)
}

// Begin starts the document's draft with the files of a kept revision, under the next number. Conflict while there is one.
func Begin(tx *db.Tx, by who.Actor, document string, from int) (Draft, error) {
	files, err := FilesOf(tx, document, from)
	if err != nil {
		return Draft{}, err
	}
	d := Draft{Document: document, BasedOn: from, Version: 1, BegunBy: db.ID(by.ID), BegunAt: tx.Now, ChangedBy: db.ID(by.ID), ChangedAt: tx.Now}
	if err := tx.Row(`SELECT COALESCE(max(revision), 0) + 1 FROM revision WHERE document = $1`, document).Scan(&d.Revision); err != nil {
		return d, err
	}
	d.Files = renumbered(files, d.Revision)
	text, err := packed(d.Files)
	if err != nil {
		return d, err
	}
	n, err := tx.Exec(`
		INSERT INTO draft(document, revision, based_on, files, version, begun_by, begun_at, changed_by, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT DO NOTHING`,
		d.Document, d.Revision, d.BasedOn, text, d.Version, d.BegunBy, db.Millis(d.BegunAt), d.ChangedBy, db.Millis(d.ChangedAt))
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "document.draft-there", "document", document)
	}
	if err != nil {
		return d, err
	}
	return d, note(tx, by, "draft.begun", d)
}

// FilesOf gives the files of a kept revision by their names within it.
func FilesOf(tx *db.Tx, document string, revision int) (map[string]string, error) {
	var text string
	err := tx.Row(`SELECT files FROM revision WHERE document = $1 AND revision = $2`, document, revision).Scan(&text)
	if fault.Is(err, fault.Missing) {
		err = fault.New(fault.Missing, "document.no-revision", "document", document, "revision", fmt.Sprintf("%02d", revision))
	}
	if err != nil {
		return nil, err
	}
	var kept map[string]string
	if err := json.Unmarshal([]byte(text), &kept); err != nil {
		return nil, fmt.Errorf("files of %s revision %02d: %w", document, revision, err)
	}
	files := make(map[string]string, len(kept))
	for name, text := range kept {
		files[strings.TrimPrefix(name, folder(document, revision)+"/")] = text
	}
	return files, nil
}

var (
	numberOfFile = regexp.MustCompile(`(?m)^revision: \d+$`)
	numberOfBook = regexp.MustCompile(`(?m)^revision: \{text: "\d+"`)
)

// renumbered writes a revision's number where its files say it: in the title block and at the head of campaigns and acts.
func renumbered(files map[string]string, revision int) map[string]string {
	files = maps.Clone(files)
	for name, text := range files {
		switch {
		case name == "document.yaml":
			files[name] = numberOfBook.ReplaceAllString(text, fmt.Sprintf(`revision: {text: "%d"`, revision))
		case strings.HasPrefix(name, "campaigns/"), strings.HasPrefix(name, "acts/"):
			files[name] = numberOfFile.ReplaceAllString(text, "revision: "+strconv.Itoa(revision))
		}
	}
	return files
}

// DraftOf gives the document's draft; Missing when there is none.
func DraftOf(tx *db.Tx, document string) (Draft, error) {
	d := Draft{Document: document}
	var text string
	var effective, begun, changed int64
	err := tx.Row(`
		SELECT revision, based_on, files, version, effective_at, begun_by, begun_at, changed_by, changed_at
		  FROM draft WHERE document = $1`, document).
		Scan(&d.Revision, &d.BasedOn, &text, &d.Version, &effective, &d.BegunBy, &begun, &d.ChangedBy, &changed)
	if fault.Is(err, fault.Missing) {
		err = fault.New(fault.Missing, "document.no-draft", "document", document)
	}
	if err != nil {
		return d, err
	}
	d.EffectiveAt, d.BegunAt, d.ChangedAt = db.Time(effective), db.Time(begun), db.Time(changed)
	return d, json.Unmarshal([]byte(text), &d.Files)
}

// Save keeps the draft's files and its effective moment as they are in d, and gives it with its new version; Conflict when
// somebody else saved since d.Version. Signatures over what it was are void.
func Save(tx *db.Tx, by who.Actor, d Draft) (Draft, error) {
	size := 0
	for _, text := range d.Files {
		size += len(text)
	}
	if size > FilesMax {
		return d, fault.New(fault.Invalid, "document.draft-large", "max", FilesMax>>20).At("files", "")
	}
	text, err := packed(d.Files)
	if err != nil {
		return d, err
	}
	n, err := tx.Exec(`
		UPDATE draft SET files = $3, effective_at = $4, changed_by = $5, changed_at = $6, version = version + 1
		 WHERE document = $1 AND version = $2`,
		d.Document, d.Version, text, db.Millis(d.EffectiveAt), by.ID, db.Millis(tx.Now))
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "document.draft-stale", "document", d.Document)
	}
	if err != nil {
		return d, err
	}
	d.Version, d.ChangedBy, d.ChangedAt = d.Version+1, db.ID(by.ID), tx.Now
	if err := end(tx, by, d.Document, changed, ""); err != nil {
		return d, err
	}
	return d, note(tx, by, "draft.saved", d)
}

// Discard throws the draft away as it was at a version; Conflict when somebody saved since.
func Discard(tx *db.Tx, by who.Actor, d Draft) error {
	n, err := tx.Exec(`DELETE FROM draft WHERE document = $1 AND version = $2`, d.Document, d.Version)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "document.draft-stale", "document", d.Document)
	}
	if err != nil {
		return err
	}
	if err := end(tx, by, d.Document, discarded, ""); err != nil {
		return err
	}
	return note(tx, by, "draft.discarded", d)
}

func note(tx *db.Tx, by who.Actor, act string, d Draft) error {
	_, err := journal.Write(tx, journal.Entry{By: by, Act: act, Kind: "draft", Data: map[string]string{
		"document": d.Document, "revision": strconv.Itoa(d.Revision), "version": strconv.FormatInt(d.Version, 10)}})
	return err
}
