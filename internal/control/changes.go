package control

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/phrase"
	"sapa/internal/procedure"
	"sapa/internal/who"
)

// Change is one difference that a reader of the document wants to know of, in words of the document.
type Change struct {
	procedure.Change
	Name procedure.Text // of what changed: Fresh Lapul · Reason 1: Fulfillment
}

// Changes lists what a book says otherwise than another: clauses first, then campaigns, questions and choices. The title block, which
// changes with every revision, and endings, which follow from the rest, are left out.
func Changes(before, after *procedure.Book) (all []Change) {
	for _, c := range procedure.Diff(before, after) {
		if c.Kind == "document" || c.Kind == "ending" || strings.HasPrefix(c.Clause, "doc.") || c.ID == "" || onlyRevision(c, before, after) {
			continue
		}
		from := after
		if c.What == "removed" {
			from = before
		}
		all = append(all, Change{c, name(from, c)})
	}
	order := []string{"clause", "gap", "open", "application", "campaign", "act", "step", "field", "option", "outcome"}
	slices.SortStableFunc(all, func(a, b Change) int { return slices.Index(order, a.Kind) - slices.Index(order, b.Kind) })
	return all
}

// onlyRevision tells whether a campaign differs in nothing but the number that every file carries.
func onlyRevision(c procedure.Change, before, after *procedure.Book) bool {
	if c.What != "changed" || c.Kind != "campaign" && c.Kind != "act" {
		return false
	}
	number := func(b *procedure.Book) string { return fmt.Sprintf(`"Revision":%d,`, b.Document.Revision) }
	return strings.Replace(c.Before, number(before), "", 1) == strings.Replace(c.After, number(after), "", 1)
}

// name says what changed as its own words have it.
func name(b *procedure.Book, c procedure.Change) procedure.Text {
	plain := procedure.Text{ID: c.ID, EN: c.ID}
	code, rest, _ := strings.Cut(c.ID, "/")
	p := b.Procedure(code)
	if p == nil {
		p = b.Act(code)
	}
	if p == nil {
		if clause, is := b.Clause(c.ID); c.Kind == "clause" && is {
			return procedure.Text{ID: clause.Text, EN: clause.Gloss}
		}
		return plain
	}
	join := func(between string, a, b procedure.Text) procedure.Text {
		return procedure.Text{ID: a.In("id") + between + b.In("id"), EN: a.In("en") + between + b.In("en")}
	}
	fieldID, optionID, _ := strings.Cut(rest, "=")
	switch c.Kind {
	case "campaign", "act":
		return p.Title
	case "step":
		for _, s := range p.Steps {
			if s.ID == rest {
				return join(" · ", p.Title, s.Title)
			}
		}
	case "outcome":
		for _, o := range p.Outcomes {
			if o.ID == rest {
				return join(" · ", p.Title, o.Title)
			}
		}
	case "field", "option":
		f := p.Field(fieldID)
		if f == nil {
			return plain
		}
		named := join(" · ", p.Title, f.Label)
		for _, o := range f.Options {
			if c.Kind == "option" && o.ID == optionID {
				return join(": ", named, o.Label)
			}
		}
		return named
	}
	return plain
}

// Words says a change in a sentence: 5.7.8.b Fresh Lapul · Reason 1: Fulfillment (ditambah).
func (c Change) Words(l phrase.Lang) string {
	return phrase.Say(l, "control.change", "clause", c.Clause, "kind", phrase.Of("control.kind."+c.Kind), "name", c.Name, "what", phrase.Of("control.what."+c.What))
}

// readFor is how long after its effective moment a revision is required reading: whoever comes back from a long leave reads it, too.
const readFor = 90 * 24 * time.Hour

// bodyMax is what a notice holds, in characters.
const bodyMax = 4000

// announce makes what changed required reading at the start of a shift (SOP 5.1, doc.revision).
func (s *Seat) announce(tx *db.Tx, a who.Actor, r document.Revision) error {
	states, err := document.States(tx, s.document())
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(states, func(st document.State) bool { return st.Revision == r.Revision })
	before, err := s.Campaigns.Library().Among(tx, s.document(), others)
	if err != nil {
		return err
	}
	const l = phrase.ID
	var lines []string
	for _, text := range document.Summary(r.Book) {
		lines = append(lines, text.In(string(l)))
	}
	for _, c := range Changes(before.Book, r.Book) {
		lines = append(lines, "• "+c.Words(l))
	}
	lines = append(lines, phrase.Say(l, "control.news.open"))
	s.tell(tx, "notice")
	_, err = document.Post(tx, a, document.Notice{Title: phrase.Say(l, "control.news.title", "revision", fmt.Sprintf("%02d", r.Revision), "at", s.moment(l, r.EffectiveAt)),
		Body: fits(lines), Clause: "doc.revision", Until: r.EffectiveAt.Add(readFor), Document: r.Document, Revision: r.Revision})
	return err
}

// announceRecall ends the reading of what was recalled and says what counts instead.
func (s *Seat) announceRecall(tx *db.Tx, a who.Actor, recalled, now int, reason string) error {
	old, err := document.NoticesOf(tx, s.document(), recalled)
	if err != nil {
		return err
	}
	for _, id := range old {
		if err := document.Withdraw(tx, a, id); err != nil {
			return err
		}
	}
	const l = phrase.ID
	s.tell(tx, "notice")
	_, err = document.Post(tx, a, document.Notice{Title: phrase.Say(l, "control.news.recalled", "revision", fmt.Sprintf("%02d", recalled), "now", fmt.Sprintf("%02d", now)),
		Body: fits([]string{strings.TrimSpace(reason), phrase.Say(l, "control.news.open")}), Clause: "doc.revision", Until: tx.Now.Add(readFor)})
	return err
}

// moment prints a day and hour of the site: 24 Nov 2026, 06.00.
func (s *Seat) moment(l phrase.Lang, at time.Time) string {
	at = at.In(s.Site)
	return phrase.Date(l, at) + ", " + phrase.Clock(l, at)
}

// fits joins lines to what a notice holds; what is too much is counted.
func fits(lines []string) string {
	text := ""
	for i, line := range lines {
		more := ""
		if i+1 < len(lines) {
			more = "\n" + phrase.Say(phrase.ID, "control.news.more", "n", len(lines)-i)
		}
		if utf8.RuneCountInString(text+line+more)+1 > bodyMax {
			return text + phrase.Say(phrase.ID, "control.news.more", "n", len(lines)-i)
		}
		text += line + "\n"
	}
	return strings.TrimRight(text, "\n")
}
