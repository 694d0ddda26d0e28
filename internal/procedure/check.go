package procedure

import (
	"regexp"
	"slices"
	"strings"
)

var (
	fieldName  = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	optionName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)
	gapID      = regexp.MustCompile(`^A-\d\d$`) // a resolution of GAPS.md may stand where the document has no clause
)

// What each closed list holds.
var (
	kinds      = []string{"read", "call", "form"}
	types      = []string{"choice", "text", "time", "number", "check"}
	checkNames = []string{"phone", "mobile", "service-no", "ticket-no", "future"}
	knownNames = []string{"service_no", "ticket_no", "contact_name"}
	reasons    = []string{"done", "junk", "ended-by-system"}
	marks      = []string{"slg", "expedite", "disputed", "hard-complaint"}
	acts       = []string{"create", "resolve", "dispatch", "reopen"}
	noteTypes  = []string{"AGENTNOTE", "CLIENTNOTE", "UPDATEINFO"}
	// placeNames are the {places} that the desk fills beside the fields themselves.
	placeNames = []string{"greeting", "agent", "agent_name", "skill", "customer", "contact_name", "service_no", "ticket_no", "ref", "phone", "note", "call_at", "line"}
)

// check looks at everything that can be wrong before anybody uses the book: names, clauses, closed lists, and then every
// state that can be told apart.
func (r *reader) check(b *Book) {
	r.checkBook(b)
	for _, p := range b.Procedures {
		r.checkNames(b, p)
		if len(r.problems) == 0 {
			r.checkStates(p)
		}
	}
	if len(r.problems) == 0 {
		r.checkCarried(b)
	}
}

func (r *reader) at(b *Book, p *Procedure) place {
	return place{"campaigns/" + p.Code + ".yaml", 1}
}

func (r *reader) checkBook(b *Book) {
	doc := place{"document.yaml", 1}
	for _, code := range b.Document.Campaigns {
		if b.Procedure(code) == nil {
			r.wrong(doc, "no-procedure", "write campaigns/"+code+".yaml", "campaign %q has no procedure", code)
		}
	}
	for _, p := range b.Procedures {
		if !slices.Contains(b.Document.Campaigns, p.Code) {
			r.wrong(r.at(b, p), "no-campaign", "list it in document.yaml under campaigns", "procedure %q is no campaign of the document", p.Code)
		}
		if p.Document != b.Document.Code || p.Revision != b.Document.Revision {
			r.wrong(r.at(b, p), "wrong-document", "write the document's code and revision", "procedure %q is of %s rev %d, the document is %s rev %d", p.Code, p.Document, p.Revision, b.Document.Code, b.Document.Revision)
		}
	}
	for _, c := range b.Document.clauses {
		r.known(b, c.at, c.clause, c.by)
	}
	for _, c := range b.Clauses {
		if c.Parent != "" {
			r.known(b, b.places["clause "+c.ID], c.Parent, "parent of "+c.ID)
		}
	}
	for _, o := range b.Open {
		r.known(b, b.places["open "+o.Clause], o.Clause, "open.yaml")
	}
}

// known asks that a clause id is one of the document's, or a gap's.
func (r *reader) known(b *Book, at place, id, by string) {
	if _, ok := b.Clause(id); !ok && !gapID.MatchString(id) {
		r.wrong(at, "unknown-clause", "use an id of clauses.yaml", "%s names clause %q, which the document does not have", by, id)
	}
}

// naming checks one procedure's names and closed lists.
type naming struct {
	*reader
	b      *Book
	p      *Procedure
	at     place
	values map[string][]string // of facts and fields named so far; nil value: only given and none
}

func (r *reader) checkNames(b *Book, p *Procedure) {
	n := &naming{reader: r, b: b, p: p, at: r.at(b, p), values: map[string][]string{}}
	n.one(p.Desk, []string{"built", "later"}, "desk")
	n.titled(p.Title, "the procedure")
	n.clauses([]string{p.Clause, p.Save.Clause, p.Queue.Clause}, "the procedure")
	if p.Queue.Pause <= 0 || p.Queue.PerDay <= 0 || p.Queue.Days <= 0 || p.Queue.Hours == "" {
		n.say("queue", "write pause, per_day, days and hours (A-38)", "the queue's rules are incomplete")
	}
	for _, f := range p.Facts {
		if FactValues[f] == nil {
			n.say("unknown-fact", "use one the engine knows", "there is no fact %q", f)
		}
		n.values[f] = FactValues[f]
	}
	n.fields()
	n.steps()
	for _, o := range p.Outcomes {
		n.outcome(o)
	}
}

func (n *naming) say(class, remedy, format string, args ...any) {
	n.wrong(n.at, class, remedy, n.p.Code+": "+format, args...)
}

func (n *naming) one(value string, of []string, what string) {
	if !slices.Contains(of, value) {
		n.say("closed-list", "use one of: "+strings.Join(of, ", "), "%s is %q", what, value)
	}
}

func (n *naming) titled(t Text, of string) {
	if t.ID == "" || t.EN == "" {
		n.say("language", "write id and en", "%s has no title or label in both languages", of)
	}
}

// clauses asks that something names its clause, and only clauses there are.
func (n *naming) clauses(ids []string, of string) {
	if len(ids) == 0 || ids[0] == "" {
		n.say("no-clause", "name the clause that asks for it", "%s names no clause", of)
		return
	}
	for _, id := range ids {
		n.known(n.b, n.at, id, n.p.Code+" "+of)
	}
}

// cond asks that a condition names only facts and earlier fields, and values they have.
func (n *naming) cond(c Cond, of string) {
	c.names(func(field string, values []string) {
		known, ok := n.values[field]
		if !ok {
			n.say("later-name", "name facts and earlier fields only", "%s asks for %q, which is neither a fact of this procedure nor an earlier field", of, field)
			return
		}
		for _, v := range values {
			if v != given && v != none && !slices.Contains(known, v) {
				n.say("unknown-value", "use one of its values, given or none", "%s asks whether %s is %q, which it never is", of, field, v)
			}
		}
	})
}

func (n *naming) fields() {
	for _, f := range n.p.Fields {
		of := "field " + f.ID
		if _, twice := n.values[f.ID]; twice {
			n.say("double-name", "give it another name", "%s stands twice", of)
		}
		if !fieldName.MatchString(f.ID) {
			n.say("name-form", "use snake_case", "%s is no field name", of)
		}
		n.one(f.Type, types, of+" type")
		n.titled(f.Label, of)
		n.clauses(f.Clauses, of)
		n.cond(f.When, of)
		n.cond(f.Required, of)
		if f.Check != "" {
			n.one(f.Check, checkNames, of+" check")
		}
		if f.Known != "" {
			n.one(f.Known, knownNames, of+" known")
		}
		choice := f.Type == "choice" || f.Type == "check"
		if choice != (len(f.Options) > 0) {
			n.say("options", "give a choice its options, and nothing else", "%s of type %s has %d options", of, f.Type, len(f.Options))
		}
		n.values[f.ID] = n.options(f, of)
	}
}

func (n *naming) options(f Field, of string) (ids []string) {
	for _, o := range f.Options {
		option := of + " option " + o.ID
		if slices.Contains(ids, o.ID) {
			n.say("double-name", "give it another name", "%s stands twice", option)
		}
		if !optionName.MatchString(o.ID) || o.ID == given || (o.ID == none) {
			n.say("name-form", "use kebab-case, and not given or none", "%s is no option name", option)
		}
		n.titled(o.Label, option)
		n.clauses(o.Clauses, option)
		n.cond(o.When, option)
		n.means(o.Means, option)
		ids = append(ids, o.ID)
	}
	return ids
}

func (n *naming) means(words []string, of string) {
	for _, m := range words {
		if !slices.Contains(LineWords, m) && !slices.Contains(FurtherWords, m) {
			n.say("unknown-meaning", "use a word of the line or a further meaning", "%s means %q, which is no meaning", of, m)
		}
	}
}

func (n *naming) steps() {
	asked := map[string]bool{}
	names := map[string]bool{}
	for _, s := range n.p.Steps {
		of := "step " + s.ID
		if names[s.ID] || !optionName.MatchString(s.ID) {
			n.say("double-name", "give every step a name of its own", "%s has no name of its own", of)
		}
		names[s.ID] = true
		n.one(s.Kind, kinds, of+" kind")
		n.titled(s.Title, of)
		n.clauses(append(slices.Clone(s.Clauses), s.Covers...), of)
		n.cond(s.When, of)
		for _, l := range s.Say {
			n.clauses([]string{l.Clause}, of+" script")
			n.cond(l.When, of+" script")
			n.places(l.Text, of+" script")
		}
		for _, id := range s.Fields {
			if n.p.Field(id) == nil {
				n.say("unknown-field", "write the field", "%s asks field %q, which is not there", of, id)
			}
			if asked[id] {
				n.say("asked-twice", "ask it once", "%s asks field %q again", of, id)
			}
			asked[id] = true
		}
	}
	for _, f := range n.p.Fields {
		if !asked[f.ID] {
			n.say("never-asked", "put it into a step", "field %s is asked by no step", f.ID)
		}
	}
}

func (n *naming) places(template, of string) {
	for _, name := range Places(template) {
		if n.p.Field(name) == nil && !slices.Contains(placeNames, name) {
			n.say("unknown-place", "use a field or one of: "+strings.Join(placeNames, ", "), "%s has the place {%s}, which nothing fills", of, name)
		}
	}
}

func (n *naming) outcome(o Outcome) {
	of := "outcome " + o.ID
	n.titled(o.Title, of)
	n.clauses(o.Clauses, of)
	n.cond(o.When, of)
	n.means(o.Means, of)
	moves := 0
	for _, e := range o.Effects {
		n.effect(e, of)
		if e.Do == "close" || e.Do == "call-again" {
			moves++
		}
	}
	if moves != 1 {
		n.say("one-way", "close it or call again, once", "%s moves its ticket %d ways", of, moves)
	}
}

func (n *naming) effect(e Effect, of string) {
	of += " effect " + e.Do
	n.clauses([]string{e.Clause}, of)
	n.places(e.Text.ID, of)
	n.places(e.Text.EN, of)
	switch e.Do {
	case "close":
		n.one(e.Reason, reasons, of+" reason")
	case "call-again":
		if f := n.p.Field(e.At); e.At != "" && (f == nil || f.Type != "time") {
			n.say("unknown-field", "name a field of type time", "%s is at %q", of, e.At)
		}
		if e.At == "" && !e.Queue && !e.NextDay && e.After == 0 {
			n.say("no-time", "write at: FIELD, after: queue or after: 60m", "%s says no time", of)
		}
	case "note":
		n.one(e.Type, noteTypes, of+" type")
		n.app(e.App, of)
	case "trouble":
		n.one(e.Trouble, acts, of+" act")
	case "mark":
		n.one(e.Mark, marks, of+" mark")
	case "outside":
		n.app(e.App, of)
	case "form-row", "flag-contact", "alert-leader":
	default:
		n.say("closed-list", "use an effect of the closed list", "%s is no effect", of)
	}
	if (e.Do == "note" || e.Do == "outside" || e.Do == "form-row") && e.Text.ID == "" {
		n.say("no-text", "write the text to bring over", "%s has no text", of)
	}
}

func (n *naming) app(id, of string) {
	if !slices.ContainsFunc(n.b.Document.Applications, func(a Application) bool { return a.ID == id }) {
		n.say("unknown-app", "use an application of document.yaml", "%s goes to application %q", of, id)
	}
}
