package procedure

// Book is one revision of a controlled document: what it says, and the procedures that run it.
type Book struct {
	Document   Document
	Clauses    []Clause
	Gaps       []Gap
	Procedures []*Procedure // in the document's order of campaigns
	Acts       []*Procedure // acts of their own during a call, as the trouble ticket of 5.2.10: no queue, no line, no tickets
	Open       []Open       // clauses that nothing carries yet
	Mapping    *Mapping     // what becomes of answers given under an older revision; nil: nothing is moved to this one
	Hash       string       // of what all its files say; comments and layout do not count
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
	Parameters   []Item // of the service, shipped as samples
	History      []Revised
	Applications []Application
	said         []saying // what of it carries a clause
	at           place
}

// Copy is a controlled copy and who holds it.
type Copy struct {
	Type, Holder, Clause string
}

// Signature is a position that signed, and when. People's names are not kept here.
type Signature struct {
	ID, Position, Date, Clause string
}

// Item is a statement of the document.
type Item struct {
	ID, Clause string
	Text       Text
}

// Revised is a row of the document's own change history (section 7).
type Revised struct {
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
	Address     string // as the document prints it; a label, never called
	at          place
}

// Clause is one clause of the document: the controlled text stays Indonesian in both languages.
type Clause struct {
	ID, Text, Gloss, Parent string
	at                      place
}

// Gap is something the document leaves open or contradicts, and how it is resolved here (A-01 and on).
type Gap struct {
	ID       string
	Where    Text // clause numbers, or words: throughout
	Problem  Text
	Decision Text
	Clauses  []string
	at       place
}

// Open is a clause that nothing carries yet, with the reason.
type Open struct {
	Clause string
	Reason Text
	Room   string
	Issue  int
	at     place
}

// Procedure gives the procedure of a campaign, nil when there is none.
func (b *Book) Procedure(code string) *Procedure {
	for _, p := range b.Procedures {
		if p.Code == code {
			return p
		}
	}
	return nil
}

// Act gives an act by its code, nil when there is none.
func (b *Book) Act(code string) *Procedure {
	for _, p := range b.Acts {
		if p.Code == code {
			return p
		}
	}
	return nil
}

// all lists campaigns and acts.
func (b *Book) all() []*Procedure {
	return append(b.Procedures[:len(b.Procedures):len(b.Procedures)], b.Acts...)
}

// Clause gives a clause by id. The resolutions of gaps are clauses too: A-38 reads as its decision.
func (b *Book) Clause(id string) (Clause, bool) {
	for _, c := range b.Clauses {
		if c.ID == id {
			return c, true
		}
	}
	for _, g := range b.Gaps {
		if g.ID == id {
			return Clause{ID: g.ID, Text: g.Decision.ID, Gloss: g.Decision.EN}, true
		}
	}
	return Clause{}, false
}

// saying is something the document says of itself, by the name a problem or the trace gives it.
type saying struct {
	what, clause string
	aside        bool // cited, not carried: an application the document uses without listing it
	at           place
}
