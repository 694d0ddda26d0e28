package api

import (
	"net/http"
	"strconv"
	"time"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/knowledge"
	"sapa/internal/report"
)

type guideHitJSON struct {
	Code     string            `json:"code"`
	Revision int               `json:"revision"`
	Title    string            `json:"title"`
	About    string            `json:"about"`
	Services []string          `json:"services"`
	Symptoms []string          `json:"symptoms"`
	Verdicts []string          `json:"verdicts"`
	Why      []string          `json:"why"` // text, symptom, verdict, success
	Shown    int               `json:"shown"`
	Ended    int               `json:"ended"`
	Worked   int               `json:"worked"`
	Mended   map[string]string `json:"mended,omitempty"` // what was typed, and what it was taken for
}

type articlesJSON struct {
	Articles []guideHitJSON `json:"articles"`
}

// some is a list that is never null.
func some(all []string) []string {
	if all == nil {
		return []string{}
	}
	return all
}

// searchKnowledge finds the guides that fit a symptom, a line and some words (SOP 5.2.9). Words of a fault, never of a person:
// they may stand in the address.
func (a *API) searchKnowledge(tx *db.Tx, r seen) (any, error) {
	q, err := query(r, "q", "symptom", "verdict", "service", "limit")
	if err != nil {
		return nil, err
	}
	k := knowledge.Query{Text: q.Get("q"), Symptom: q.Get("symptom"), Verdict: q.Get("verdict"), Service: q.Get("service"), Limit: 10}
	if s := q.Get("limit"); s != "" {
		if k.Limit, err = strconv.Atoi(s); err != nil || k.Limit < 1 || k.Limit > 50 {
			return nil, badQuery("limit")
		}
	}
	if len([]rune(k.Text)) > longReason {
		return nil, badQuery("q")
	}
	if err := k.Valid(desk.Symptoms()); err != nil {
		return nil, err
	}
	hits, err := knowledge.Search(tx, k)
	if err != nil {
		return nil, err
	}
	j := articlesJSON{Articles: []guideHitJSON{}}
	lang := string(r.lang())
	for _, h := range hits {
		j.Articles = append(j.Articles, guideHitJSON{h.Code, h.Revision, h.Title.In(lang), h.About.In(lang), some(h.Services), some(h.Symptoms), some(h.Verdicts),
			some(h.Why), h.Shown, h.Ended, h.Worked, h.Mended})
	}
	return j, nil
}

type guideStepJSON struct {
	ID  string `json:"id"`
	Ask string `json:"ask"`
	Tip string `json:"tip,omitempty"`
	Yes string `json:"yes"`
	No  string `json:"no"`
}

type guideEndJSON struct {
	ID     string `json:"id"`
	Guided string `json:"guided"`
	Say    string `json:"say"`
	Tip    string `json:"tip,omitempty"`
}

type articleJSON struct {
	Code     string          `json:"code"`
	Revision int             `json:"revision"`
	Title    string          `json:"title"`
	About    string          `json:"about"`
	Services []string        `json:"services"`
	Symptoms []string        `json:"symptoms"`
	Verdicts []string        `json:"verdicts"`
	Steps    []guideStepJSON `json:"steps"` // the first is where it begins
	Ends     []guideEndJSON  `json:"ends"`
}

func shapeArticle(a knowledge.Article, revision int, lang string) articleJSON {
	j := articleJSON{Code: a.Code, Revision: revision, Title: a.Title.In(lang), About: a.About.In(lang), Services: some(a.Services),
		Symptoms: some(a.Symptoms), Verdicts: some(a.Verdicts), Steps: []guideStepJSON{}, Ends: []guideEndJSON{}}
	for _, s := range a.Steps {
		j.Steps = append(j.Steps, shapeStep(s, lang))
	}
	for _, e := range a.Ends {
		j.Ends = append(j.Ends, shapeEnd(e, lang))
	}
	return j
}

func shapeStep(s knowledge.Step, lang string) guideStepJSON {
	return guideStepJSON{s.ID, s.Ask.In(lang), s.Tip.In(lang), s.Yes, s.No}
}

func shapeEnd(e knowledge.End, lang string) guideEndJSON {
	return guideEndJSON{e.ID, e.Guided, e.Say.In(lang), e.Tip.In(lang)}
}

// article is one guide in force.
func (a *API) article(tx *db.Tx, r seen) (any, error) {
	if _, err := query(r); err != nil {
		return nil, err
	}
	kept, err := knowledge.InForce(tx, r.PathValue("code"))
	if err != nil {
		return nil, err
	}
	article, err := kept.Article()
	return shapeArticle(article, kept.Revision, string(r.lang())), err
}

type useJSON struct {
	ID       db.ID             `json:"id"`
	Code     string            `json:"code"`
	Revision int               `json:"revision"`
	Ticket   db.ID             `json:"ticket"`
	Steps    []knowledge.Done  `json:"steps"`
	Next     *guideStepJSON    `json:"next"`     // null: it ended
	End      *guideEndJSON     `json:"end"`      // null: it goes on
	Proposal map[string]string `json:"proposal"` // the answer of 5.2.9 it speaks for; it is the agent's to give
}

// useArticle keeps which steps of a guide were done with the customer. The whole way is sent each time.
func (a *API) useArticle(r seen, f *form) func(tx *db.Tx) (done, error) {
	id, token := f.id("ticket"), f.needed("lease", longCode)
	var path []knowledge.Done
	for _, s := range f.list("steps", knowledge.MaxSteps) {
		d := knowledge.Done{Step: s.needed("step", longCode)}
		switch s.yesNo("yes") {
		case "yes":
			d.Yes = true
		case "no":
		default:
			s.fail(fault.New(fault.Invalid, "api.needed"), s.node, join(s.path, "yes"))
		}
		s.unknown()
		path = append(path, d)
	}
	return func(tx *db.Tx) (done, error) {
		g, err := a.Seat.Guide(tx, r.by, id, token, r.PathValue("code"), path)
		if err != nil {
			return done{}, err
		}
		lang := string(r.lang())
		j := useJSON{ID: g.ID, Code: g.Code, Revision: g.Revision, Ticket: g.Ticket, Steps: g.Path, Proposal: map[string]string{}}
		if g.At.Step != nil {
			s := shapeStep(*g.At.Step, lang)
			j.Next = &s
		} else {
			e := shapeEnd(*g.At.End, lang)
			j.End, j.Proposal["guided"] = &e, g.Guided()
		}
		return done{http.StatusOK, j}, nil
	}
}

type fareJSON struct {
	Code   string `json:"code"`
	Shown  int    `json:"shown"`
	Ended  int    `json:"ended"`
	Worked int    `json:"worked"`
	Solved int    `json:"solved"` // FCR = solved / ended
}

type faresJSON struct {
	Since  *string    `json:"since"`
	Guides []fareJSON `json:"guides"`
}

// guideReport is how the guides fared since a moment; without one, in the last thirty days.
func (a *API) guideReport(tx *db.Tx, r seen) (any, error) {
	q, err := query(r, "since")
	if err != nil {
		return nil, err
	}
	since := tx.Now.AddDate(0, 0, -30)
	if s := q.Get("since"); s != "" {
		if since, err = time.Parse(time.RFC3339, s); err != nil || since.Year() < 1971 || since.Year() > 2200 {
			return nil, badQuery("since")
		}
	}
	all, err := report.Guides(tx, since)
	j := faresJSON{Since: stamp(since, a.Seat.Site), Guides: []fareJSON{}}
	for _, g := range all {
		j.Guides = append(j.Guides, fareJSON{g.Code, g.Shown, g.Ended, g.Worked, g.Solved})
	}
	return j, err
}

type revisionJSON struct {
	Code       string          `json:"code"`
	Revision   int             `json:"revision"`
	State      knowledge.State `json:"state"`
	Hash       string          `json:"hash"`
	Author     db.ID           `json:"author"` // 0: the house
	WrittenAt  *string         `json:"written_at"`
	Reviewer   db.ID           `json:"reviewer"`
	ReviewedAt *string         `json:"reviewed_at"`
	Reason     string          `json:"reason"`
	Text       string          `json:"text,omitempty"` // of one revision
}

func (a *API) revision(r knowledge.Revision) revisionJSON {
	return revisionJSON{r.Code, r.Revision, r.State, r.Hash, r.Author, stamp(r.WrittenAt, a.Seat.Site), r.Reviewer, stamp(r.ReviewedAt, a.Seat.Site), r.Reason, r.Text}
}

type revisionsJSON struct {
	Revisions []revisionJSON `json:"revisions"`
}

// revisions lists an article's revisions without their texts, newest first.
func (a *API) revisions(tx *db.Tx, r seen) (any, error) {
	if _, err := query(r); err != nil {
		return nil, err
	}
	all, err := knowledge.Revisions(tx, r.PathValue("code"))
	j := revisionsJSON{Revisions: []revisionJSON{}}
	for _, one := range all {
		one.Text = ""
		j.Revisions = append(j.Revisions, a.revision(one))
	}
	return j, err
}

// revisionNo reads the revision of the path; one that is no number is not there.
func (r seen) revisionNo() int {
	n, err := strconv.Atoi(r.PathValue("revision"))
	if err != nil || n < 1 || n > 1<<30 {
		return 0
	}
	return n
}

// oneRevision is a revision with its text.
func (a *API) oneRevision(tx *db.Tx, r seen) (any, error) {
	if _, err := query(r); err != nil {
		return nil, err
	}
	kept, err := knowledge.Kept(tx, r.PathValue("code"), r.revisionNo())
	return a.revision(kept), err
}

// writeArticle keeps a text as the article's draft.
func (a *API) writeArticle(r seen, f *form) func(tx *db.Tx) (done, error) {
	text := f.needed("text", knowledge.TextMax)
	return func(tx *db.Tx) (done, error) {
		kept, err := knowledge.Write(tx, r.by, r.PathValue("code"), text, desk.Symptoms())
		return done{http.StatusCreated, a.revision(kept)}, err
	}
}

// submitArticle gives a draft to somebody else to look at.
func (a *API) submitArticle(r seen, _ *form) func(tx *db.Tx) (done, error) {
	return func(tx *db.Tx) (done, error) {
		kept, err := knowledge.Move(tx, r.by, r.PathValue("code"), r.revisionNo(), knowledge.Submit, "")
		return done{http.StatusOK, a.revision(kept)}, err
	}
}

// reviewArticle puts a revision in force, returns it, or takes the article off the shelf.
func (a *API) reviewArticle(r seen, f *form) func(tx *db.Tx) (done, error) {
	move, reason := f.needed("move", longCode), f.text("reason", longReason)
	if move == knowledge.Submit {
		f.fail(fault.New(fault.Invalid, "knowledge.move", "value", move, "known", "approve, return, retire"), f.node, "move")
	}
	return func(tx *db.Tx) (done, error) {
		kept, err := knowledge.Move(tx, r.by, r.PathValue("code"), r.revisionNo(), move, reason)
		return done{http.StatusOK, a.revision(kept)}, err
	}
}
