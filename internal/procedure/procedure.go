// Package procedure is the heart: it reads a controlled document as data, checks that it holds together, shows what is
// asked now, and decides the outcome. A procedure is a function from facts and answers to a view; there is no program
// counter, so resume, back, two windows and replay come free. The package touches no world: no store, clock or network.
package procedure

import "time"

// Text is a label or sentence in both languages. In(lang) picks one.
type Text struct{ ID, EN string }

// In gives the text in "en", else in Indonesian.
func (t Text) In(lang string) string {
	if lang == "en" && t.EN != "" {
		return t.EN
	}
	return t.ID
}

// Cite says what a thing rests on, in the document and in the files.
type Cite struct {
	Clauses []string // the first is the one shown
	at      place
}

// Clause is the one shown.
func (c Cite) Clause() string {
	if len(c.Clauses) == 0 {
		return ""
	}
	return c.Clauses[0]
}

// Procedure runs one campaign, or one act during a call.
type Procedure struct {
	Code     string // the campaign's
	Document string
	Revision int
	Hash     string // of its file and of the shared steps it uses
	Clause   string
	Title    Text
	Source   string // application whose work list this is
	Desk     string // built, or later: belum dibuka
	Queue    Queue
	Save     Save
	Facts    []string
	Steps    []Step
	Fields   []Field
	Outcomes []Outcome
	Act      bool // not a campaign: it has no queue
	at       place
}

// Queue is how tickets of the campaign come and come again.
type Queue struct {
	Pause  time.Duration
	PerDay int
	Days   int
	Hours  string // 08:00-20:00 in the customer's zone
	Then   string // who decides when the tries are used up
	Clause string
	at     place
}

// Save is the button of the document that ends a turn.
type Save struct {
	Label  string
	Clause string
	at     place
}

// Step is one step of the work. Kind: read (before the call), call, form.
type Step struct {
	ID   string
	Kind string
	Cite
	Covers []string // further clauses that the house does in this step by itself
	Title  Text
	Say    []Line
	Fields []string
	When   Cond
	Off    bool // named by the document, and switched off until its owner has said what it is
}

// Line is a sentence to say, Indonesian in both languages, with {places}.
type Line struct {
	Text   string
	Clause string
	When   Cond
	at     place
}

// Field is one question. Type: choice, text, time, number, check.
type Field struct {
	ID   string
	Type string
	Cite
	Column   string // its letter on the document's own form
	Label    Text
	Hint     Text
	When     Cond
	Required Cond
	Check    string // named validator
	Known    string // what of the ticket answers it: service_no, ticket_no, contact_name
	Max      int    // characters of a text
	Auto     bool   // settles itself when one option is on offer
	Options  []Option
}

// Option is one choice of a field.
type Option struct {
	ID    string
	Label Text
	Gloss string // English gloss of a master value that stays Indonesian
	Text  Text   // the document's own definition
	Cite
	Means  []string
	When   Cond
	Ours   bool // added by sapa beside the document's own choices
	Sample bool // contoh: the list is still to be authored by the owner
}

// Outcome is what a turn comes to. The first whose condition holds is it.
type Outcome struct {
	ID string
	Cite
	Title   Text
	When    Cond
	Means   []string // beside what the line proves
	Effects []Effect
}

// Effect is one thing an outcome does, of a closed list.
type Effect struct {
	Do      string // close, call-again, flag-contact, note, trouble, mark, alert-leader, form-row, outside
	Clause  string
	Reason  string        // close: done, junk, ended-by-system
	At      string        // call-again: the field with the agreed time
	After   time.Duration // call-again: a pause; 0 with Queue
	Queue   bool          // call-again: as the campaign's queue says
	NextDay bool          // call-again: the next day's first calling hour
	Type    string        // note: AGENTNOTE, CLIENTNOTE, UPDATEINFO
	App     string
	Form    string
	Value   string // form-row: the word of the form that no answer gives (5.6.2.a: close)
	Mark    string // slg, expedite, disputed, hard-complaint
	Trouble string // create, resolve, dispatch, reopen
	Booking string // trouble create: BOK, BNOK or BPN, derived and never chosen
	Text    Text   // template with {field} places
	at      place
}

// Facts are what the house knows before anybody is asked.
type Facts map[string]string

// Answers are the values of fields; all are strings, for the document's own values are literally Yes and No.
type Answers map[string]string

// Checks are named validators of text, time and number fields, brought by the caller.
type Checks map[string]func(value string) error

// Field gives a field by id, nil when there is none.
func (p *Procedure) Field(id string) *Field {
	for i := range p.Fields {
		if p.Fields[i].ID == id {
			return &p.Fields[i]
		}
	}
	return nil
}
