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

// Book is one revision of a controlled document: what it says, and the procedures that run it.
type Book struct {
	Document   Document
	Clauses    []Clause
	Procedures []*Procedure // in the document's order of campaigns
	Open       []Open       // clauses that nothing carries yet
	Hash       string       // of the expanded files; changes with any of them
	places     map[string]place
}

// Document is the title block, the sign-off and what else the document says about itself (clauses doc.*, 1-4, 6, 7).
type Document struct {
	Code, Title  string
	Revision     int
	Effective    string // 2006-01-02
	Campaigns    []string
	Copies       []Copy
	Signatures   []Signature
	References   []Item
	Statements   []Item // purpose, scope, indicator
	Records      []Item
	History      []Change7
	Applications []Application
	clauses      []carried
}

// Copy is a controlled copy and who holds it.
type Copy struct{ Type, Holder, Clause string }

// Signature is a position that signed, and when.
type Signature struct{ ID, Position, Date, Clause string }

// Item is a statement of the document with its clause.
type Item struct {
	ID, Clause string
	Text       Text
}

// Change7 is a row of the document's own change history (section 7).
type Change7 struct {
	Revision, Date, Clause string
	Text                   Text
}

// Application is one of 5.1.1-5.1.13, or one that the document uses without listing it.
type Application struct {
	ID, Name    string
	Clause      string
	Aliases     []string
	Additional  bool     // used by the document, not listed in 5.1
	RequiredFor []string // campaigns that cannot run without it
	Room        string   // the room of the house that does its work
	Label       Text
}

// Clause is one clause of the document: the controlled text stays Indonesian in both languages.
type Clause struct {
	ID, Text, Gloss, Parent string
}

// Open is a clause that nothing carries yet, with the reason.
type Open struct {
	Clause string
	Reason Text
	Room   string
	Issue  int
}

// Book's look-ups.

// Procedure gives the procedure of a campaign, nil when there is none.
func (b *Book) Procedure(code string) *Procedure {
	for _, p := range b.Procedures {
		if p.Code == code {
			return p
		}
	}
	return nil
}

// Clause gives a clause by id.
func (b *Book) Clause(id string) (Clause, bool) {
	for _, c := range b.Clauses {
		if c.ID == id {
			return c, true
		}
	}
	return Clause{}, false
}

// Procedure runs one campaign.
type Procedure struct {
	Code     string // the campaign's
	Document string
	Revision int
	Hash     string
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
}

// Queue is how tickets of the campaign come and come again.
type Queue struct {
	Pause  time.Duration
	PerDay int
	Days   int
	Hours  string // 08:00-20:00 in the customer's zone
	Then   string // who decides when the tries are used up
	Clause string
}

// Save is the button of the document that ends a turn.
type Save struct {
	Label  string
	Clause string
}

// Step is one step of the work. Kind: read, call, identify, confirm, guide, form.
type Step struct {
	ID      string
	Kind    string
	Clauses []string // the first is the one shown
	Covers  []string // further clauses that the house does in this step by itself
	Title   Text
	Say     []Line
	Fields  []string
	When    Cond
}

// Line is a sentence to say, Indonesian in both languages, with {places}.
type Line struct {
	Text   string
	Clause string
	When   Cond
}

// Field is one question. Type: choice, text, time, number, check.
type Field struct {
	ID       string
	Type     string
	Clauses  []string
	Column   string
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

// Clause is the one shown.
func (f Field) Clause() string { return first(f.Clauses) }

// Option is one choice of a field.
type Option struct {
	ID      string
	Label   Text
	Gloss   string // English gloss of a master value that stays Indonesian
	Text    Text   // the document's own definition
	Clauses []string
	Means   []string
	When    Cond
	Ours    bool // added by sapa beside the document's own choices
	Sample  bool // contoh: the list is still to be authored by the owner
}

// Clause is the one shown.
func (o Option) Clause() string { return first(o.Clauses) }

// Outcome is what a turn comes to. The first whose condition holds is it.
type Outcome struct {
	ID      string
	Clauses []string
	Title   Text
	When    Cond
	Means   []string
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
	Mark    string // slg, expedite, disputed, hard-complaint
	Trouble string // create, resolve, dispatch, reopen
	Text    Text   // template with {field} places
}

// Facts are what the house knows before anybody is asked.
type Facts map[string]string

// Answers are the values of fields; all are strings, for the document's own values are literally Yes and No.
type Answers map[string]string

// Checks are named validators of text, time and number fields, brought by the caller.
type Checks map[string]func(value string) error

func first(s []string) string {
	if len(s) == 0 {
		return ""
	}
	return s[0]
}

// Field gives a field by id, nil when there is none.
func (p *Procedure) Field(id string) *Field {
	for i := range p.Fields {
		if p.Fields[i].ID == id {
			return &p.Fields[i]
		}
	}
	return nil
}
