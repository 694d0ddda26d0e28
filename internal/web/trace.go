package web

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/phrase"
	"sapa/internal/procedure"
	"sapa/internal/staff"
	"sapa/internal/trace"
)

// clauseData is one clause with everything that rests on it ('.').
type clauseData struct {
	frame
	trace.Clause
	Asked   int // the revision asked for; 0: the one in force
	Reads   bool
	Handled []trace.Handled
	Next    db.ID
	Older   bool // not the first page of the turns
	Names   map[db.ID]string
	Back    string // where the reader came from, within the house
}

const handledShown = 10

// clausePage leads from a clause to its revision with the signatures, to what carries it and to the turns handled under it,
// as far as the reader may see tickets.
func (s *Server) clausePage(w http.ResponseWriter, r *request) {
	id := r.PathValue("id")
	p := clauseData{frame: s.frame(r, "§ "+id).on("clause"), Back: within(r), Names: map[db.ID]string{}, Reads: staff.May(r.by, staff.ActReadTicket) == nil}
	revision, before, err := clauseAsked(r.URL.Query())
	if err == nil {
		p.Asked, p.Older = revision, before > 0
		err = s.Store.Read(r.Context(), func(tx *db.Tx) error { return s.traced(tx, r, &p, id, before) })
	}
	if fault.Is(err, fault.Missing) {
		_, text := s.explain(r, err)
		s.show(w, r, http.StatusNotFound, sorryPage(s.frame(r, r.T("web.sorry")), text))
		return
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, clauseScreen(p))
}

func (s *Server) traced(tx *db.Tx, r *request, p *clauseData, id string, before db.ID) error {
	of, err := s.Campaigns.Revision(tx, p.Asked)
	if err != nil {
		return err
	}
	all, err := s.Campaigns.Revisions(tx)
	if err != nil {
		return err
	}
	if p.Clause, err = trace.Of(tx, of, all, id, s.Tests); err != nil || !p.Reads {
		return err
	}
	if p.Handled, p.Next, err = trace.Under(tx, staff.ScopeOf(r.by), all, id, before, handledShown); err != nil {
		return err
	}
	for _, h := range p.Handled {
		if _, known := p.Names[h.Agent]; known {
			continue
		}
		agent, err := staff.Get(tx, h.Agent)
		if err != nil && !fault.Is(err, fault.Missing) {
			return err
		}
		p.Names[h.Agent] = agent.Name
	}
	return nil
}

// clauseAsked reads which revision is asked for, and before which result the turns go on; 0: the one in force, the newest.
func clauseAsked(q url.Values) (revision int, before db.ID, err error) {
	if v := q.Get("revision"); v != "" {
		if revision, err = strconv.Atoi(v); err != nil || revision < 1 {
			return 0, 0, fault.New(fault.Missing, "trace.revision", "revision", v)
		}
	}
	if v := q.Get("before"); v != "" {
		before, err = db.ParseID(v)
	}
	return revision, before, err
}

// clauseMoved keeps the addresses that are out there in use.
func (s *Server) clauseMoved(w http.ResponseWriter, r *request) {
	http.Redirect(w, r.Request, clausePath(r.PathValue("id"), 0), http.StatusMovedPermanently)
}

// clausePath is where a clause is read; revision 0 is the one in force.
func clausePath(id string, revision int) string {
	to := "/procedure/clauses/" + url.PathEscape(id)
	if revision > 0 {
		to += "?revision=" + strconv.Itoa(revision)
	}
	return to
}

func (p clauseData) older() string {
	sep := "?"
	to := clausePath(p.ID, p.Asked)
	if p.Asked > 0 {
		sep = "&"
	}
	return to + sep + "before=" + p.Next.String()
}

// date prints a day of the site.
func (p clauseData) date(t time.Time) string { return phrase.Date(p.Lang, t.In(p.Now.Location())) }

// since is when the revision takes effect: the day, and the hour where it is not the day's beginning.
func (p clauseData) since(t time.Time) string {
	t = t.In(p.Now.Location())
	if t.Hour() == 0 && t.Minute() == 0 {
		return p.date(t)
	}
	return p.date(t) + " " + p.Clock(t)
}

// signedDay prints when one of the three signed.
func (p clauseData) signedDay(s trace.Signature) string {
	switch {
	case s.At.IsZero():
		return "–"
	case s.Paper:
		return phrase.Date(p.Lang, s.At)
	}
	return p.date(s.At) + " " + p.Clock(s.At)
}

// part says one thing that rests on the clause, in the words of its own revision.
func (p clauseData) part(one trace.Part) string {
	label := one.Label.In(string(p.Lang))
	switch one.Kind {
	case trace.Option:
		return p.T("trace.part.option", "label", label, "field", one.Within.In(string(p.Lang)))
	case trace.Effect:
		return p.T("trace.part.effect", "label", label, "do", p.T("trace.do."+one.Of))
	}
	return p.T("trace.part."+one.Kind, "label", label)
}

// group is what one campaign has of the clause.
type group struct {
	Title procedure.Text
	Code  string
	Parts []trace.Part
}

func (p clauseData) groups() []group {
	var all []group
	for _, one := range p.Parts {
		if n := len(all); n == 0 || all[n-1].Code != one.Campaign {
			all = append(all, group{Title: one.Title, Code: one.Campaign})
		}
		all[len(all)-1].Parts = append(all[len(all)-1].Parts, one)
	}
	return all
}

// by says in one line what of a turn rests on the clause.
func (p clauseData) by(h trace.Handled) string {
	var words []string
	for _, one := range h.By {
		words = append(words, p.part(one))
	}
	return strings.Join(words, " · ")
}

// markName is the accessible name of a mark that shows less than its id: what is seen, then the clause.
func markName(text, id string) string {
	if text == "§" {
		return "§ " + id
	}
	return text + " § " + id
}

func revNo(revision int) string { return fmt.Sprintf("Rev %02d", revision) }

var citedIn = regexp.MustCompile(`§ ((?:\d|doc\.|fn\.|A-\d)[\w.-]*\w|\d)`)

// stretch is a piece of a sentence; one that names a clause has its id.
type stretch struct{ text, clause string }

// citations takes a sentence apart at the clauses it names with a §.
func citations(text string) []stretch {
	var all []stretch
	from := 0
	for _, at := range citedIn.FindAllStringSubmatchIndex(text, -1) {
		if at[0] > from {
			all = append(all, stretch{text: text[from:at[0]]})
		}
		all = append(all, stretch{text[at[0]:at[1]], text[at[2]:at[3]]})
		from = at[1]
	}
	if from < len(text) {
		all = append(all, stretch{text: text[from:]})
	}
	return all
}

// printPath is where the document is printed; revision 0 is the one in force.
func printPath(revision int, copy string) string {
	q := url.Values{}
	if revision > 0 {
		q.Set("revision", strconv.Itoa(revision))
	}
	if copy != "" {
		q.Set("copy", copy)
	}
	if len(q) == 0 {
		return "/procedure/print"
	}
	return "/procedure/print?" + q.Encode()
}
