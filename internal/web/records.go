package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"sapa/internal/control"
	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/phrase"
	"sapa/internal/staff"
	"sapa/internal/who"
)

const (
	recordsPath  = "/records"
	recordsCited = "IN.OCC.TELK.W-18 · 6"
	listedPurges = 12
	listedHolds  = 100
)

// recordsData is the records register with what is due, held and gone (SOP 6).
type recordsData struct {
	frame
	Rows     []registerRow
	Missing  []string
	Invented bool
	Holds    []control.Named
	Purges   []document.Purge
	By       map[db.ID]string
	Edits    bool // changes the register, draws dry lists
	MayHold  bool
	Typed    document.LegalHold // of a refused form
	Ref      string
	Wrong    string
}

// registerRow is a kind with its rule, or what could be said about one that has none.
type registerRow struct {
	Kind string
	Set  bool
	document.RecordRule
}

func (s *Server) recordsPage(w http.ResponseWriter, r *request) {
	p := recordsData{frame: s.frame(r, r.T("page.records.title")).on("records")}
	p.Said = s.heard(w, r)
	s.showRecords(w, r, http.StatusOK, p)
}

func (s *Server) showRecords(w http.ResponseWriter, r *request, status int, p recordsData) {
	p.Clause, p.Edits, p.MayHold = recordsCited, staff.May(r.by, staff.ActRecords) == nil, staff.May(r.by, staff.ActHoldRecords) == nil
	err := s.Store.Read(r.Context(), func(tx *db.Tx) (err error) {
		p.Now = tx.Now.In(s.Site)
		all, err := document.RecordsRegister(tx)
		if err != nil {
			return err
		}
		for _, kind := range document.GovernedKinds {
			row := registerRow{Kind: kind, RecordRule: document.ProposeRecordRule(kind)}
			for _, rule := range all {
				if rule.Kind == kind {
					row.Set, row.RecordRule = true, rule
				}
			}
			if !row.Set {
				p.Missing = append(p.Missing, kind)
			}
			p.Rows = append(p.Rows, row)
			p.Invented = p.Invented || row.Invented
		}
		for _, rule := range all {
			if rule.Kind == document.KindElsewhere {
				p.Rows = append(p.Rows, registerRow{rule.Kind, true, rule})
			}
		}
		if p.Holds, err = control.Holds(tx, listedHolds); err != nil {
			return err
		}
		if p.Purges, err = document.Purges(tx, listedPurges); err != nil {
			return err
		}
		p.By, err = namesOf(tx, func(add func(db.ID)) {
			for _, h := range p.Holds {
				add(h.PlacedBy)
				add(h.LiftedBy)
			}
			for _, one := range p.Purges {
				add(one.MadeBy)
			}
		})
		return err
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if !p.Edits {
		p.frame = p.without("page.records.key.draw").without("page.records.key.new")
	}
	if !p.MayHold {
		p.frame = p.without("page.records.key.hold")
	}
	s.show(w, r, status, recordsScreen(p))
}

// namesOf reads the names of people that a page shows; the console and who is not known any more have none.
func namesOf(tx *db.Tx, each func(add func(db.ID))) (map[db.ID]string, error) {
	names := map[db.ID]string{0: who.House.Name}
	var broken error
	each(func(id db.ID) {
		if _, known := names[id]; known || broken != nil {
			return
		}
		p, err := staff.Get(tx, id)
		if err != nil && !fault.Is(err, fault.Missing) {
			broken = err
		}
		names[id] = p.Name
	})
	return names, broken
}

// kinds prints kinds of record for a sentence.
func kindsOf(f frame, kinds []string) string {
	said := make([]string, len(kinds))
	for i, k := range kinds {
		said[i] = f.T("records.kind." + k)
	}
	return strings.Join(said, ", ")
}

// at prints a moment as a day and a clock.
func (f frame) at(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return phrase.Day(f.Lang, t.In(f.Now.Location())) + " " + strconv.Itoa(t.In(f.Now.Location()).Year()) + " " + f.Clock(t)
}

// ruleData is one row of the register, to be written.
type recordRuleData struct {
	frame
	document.RecordRule
	Set   bool
	Offer document.RecordRule // what could be said; shown, never set by itself
	Past  []document.RecordRule
	By    map[db.ID]string
	Edits bool
	Wrong string
}

// recordRulePage shows a row with what stood before; kind other without an id is a new row of what is kept elsewhere.
func (s *Server) recordRulePage(w http.ResponseWriter, r *request) {
	p := recordRuleData{frame: s.frame(r, r.T("page.records.row")).on("record-rule")}
	s.showRecordRule(w, r, http.StatusOK, p, nil)
}

func (s *Server) showRecordRule(w http.ResponseWriter, r *request, status int, p recordRuleData, typed *document.RecordRule) {
	kind := r.PathValue("kind")
	id, _ := db.ParseID(r.FormValue("id")) // none: the kind says which
	p.frame.Clause, p.Edits, p.Offer = recordsCited, staff.May(r.by, staff.ActRecords) == nil, document.ProposeRecordRule(kind)
	p.RecordRule = document.RecordRule{Kind: kind, Basis: document.FromClosed, Unit: "months", Clause: "6"}
	err := s.Store.Read(r.Context(), func(tx *db.Tx) (err error) {
		p.Now = tx.Now.In(s.Site)
		all, err := document.RecordsRegister(tx)
		if err != nil {
			return err
		}
		for _, rule := range all {
			if rule.Kind == kind && (kind != document.KindElsewhere || rule.ID == id) {
				p.Set, p.RecordRule = true, rule
			}
		}
		if !p.Set && (!phrase.Known("records.kind."+kind) || id != 0) {
			return fault.New(fault.Missing, "records.no-rule")
		}
		if p.Past, err = document.PastRecordRules(tx, p.ID); err != nil {
			return err
		}
		p.By, err = namesOf(tx, func(add func(db.ID)) {
			for _, one := range p.Past {
				add(one.ChangedBy)
			}
		})
		return err
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if typed != nil {
		typed.Version = p.Version // who comes second sees what stands now, with what they typed beside it
		p.RecordRule = *typed
	}
	if !p.Edits {
		p.frame = p.without("page.records.key.save")
	}
	s.show(w, r, status, recordRuleScreen(p))
}

// recordRuleSave writes the row; what is refused comes back as it was typed.
func (s *Server) recordRuleSave(w http.ResponseWriter, r *request) {
	if !s.readable(w, r) {
		return
	}
	amount, _ := strconv.Atoi(strings.TrimSpace(r.PostForm.Get("amount"))) // no number is none that a rule may have
	version, _ := strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
	id, _ := db.ParseID(r.PostForm.Get("id"))
	typed := document.RecordRule{ID: id, Kind: r.PathValue("kind"), Name: r.PostForm.Get("name"), Basis: r.PostForm.Get("basis"), Amount: amount, Unit: r.PostForm.Get("unit"),
		Position: r.PostForm.Get("position"), SMM: r.PostForm.Get("smm") == "yes", Clause: r.PostForm.Get("clause"), Version: version}
	_, err := s.once(r, func(tx *db.Tx) (string, error) {
		_, err := document.PutRecordRule(tx, r.by, typed)
		return recordsPath, err
	})
	if err == nil {
		s.say(w, "done", r.T("page.records.saved"))
		http.Redirect(w, r.Request, recordsPath, http.StatusSeeOther)
		return
	}
	f := fault.Of(err)
	if f == nil || f.Kind == fault.SignedOut || f.Kind == fault.Busy {
		s.refuse(w, r, err)
		return
	}
	p := recordRuleData{frame: s.frame(r, r.T("page.records.row")).on("record-rule"), Wrong: f.Field}
	status, text := s.explain(r, err)
	p.Said = &said{"refused", text}
	s.showRecordRule(w, r, status, p, &typed)
}

// recordRuleDrop takes a row of what is kept elsewhere out.
func (s *Server) recordRuleDrop(w http.ResponseWriter, r *request) {
	s.named(w, r, recordsPath, func(tx *db.Tx, id db.ID) error {
		version, err := strconv.ParseInt(r.PostFormValue("version"), 10, 64)
		if err != nil {
			return fault.New(fault.Conflict, "records.changed").At("version", "6")
		}
		return document.DropRecordRule(tx, r.by, id, version)
	})
}

// holdPlace puts a legal hold on what is named; a refused form comes back as it was typed.
func (s *Server) holdPlace(w http.ResponseWriter, r *request) {
	if !s.readable(w, r) {
		return
	}
	kind, ref, reason := r.PostForm.Get("kind"), r.PostForm.Get("ref"), r.PostForm.Get("reason")
	_, err := s.once(r, func(tx *db.Tx) (string, error) {
		_, err := control.Hold(tx, r.by, kind, ref, reason)
		return recordsPath, err
	})
	if err == nil {
		s.say(w, "done", r.T("page.records.held"))
		http.Redirect(w, r.Request, recordsPath, http.StatusSeeOther)
		return
	}
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid {
		s.tell(w, r, recordsPath, err)
		return
	}
	p := recordsData{frame: s.frame(r, r.T("page.records.title")).on("records"), Typed: document.LegalHold{Kind: kind, Reason: reason}, Ref: ref, Wrong: f.Field}
	status, text := s.explain(r, err)
	p.Said = &said{"refused", text}
	s.showRecords(w, r, status, p)
}

func (s *Server) holdLift(w http.ResponseWriter, r *request) {
	s.named(w, r, recordsPath, func(tx *db.Tx, id db.ID) error {
		_, err := document.LiftHold(tx, r.by, id, r.PostFormValue("why"))
		return err
	})
}

// ruleHref is where a row of the register is written.
func ruleHref(row registerRow) string {
	at := recordsPath + "/rules/" + row.Kind
	if row.Kind == document.KindElsewhere {
		at += "?id=" + row.ID.String()
	}
	return at
}

// holding counts the holds that hold.
func (p recordsData) holding() (n int) {
	for _, h := range p.Holds {
		if h.LiftedAt.IsZero() {
			n++
		}
	}
	return n
}

// bases lists from when a kind's retention can count.
func (p recordRuleData) bases() []string {
	switch p.Kind {
	case document.KindJournal:
		return []string{document.Permanently}
	case document.KindResults, document.KindTickets, document.KindTroubles, document.KindElsewhere:
		return []string{document.FromClosed, document.FromEnd, document.Permanently}
	}
	return []string{document.FromClosed, document.Permanently}
}

func (p recordRuleData) amount() string {
	if p.Amount == 0 {
		return ""
	}
	return strconv.Itoa(p.Amount)
}

// total is how many things a purge has on its list, or has removed.
func total(p document.Purge, gone bool) (n int64) {
	for _, s := range p.Steps {
		if gone {
			n += s.Removed
		} else {
			n += s.Due
		}
	}
	return n
}

// keyCap is how a button shows its key.
func keyCap(key string) string { return strings.ToUpper(key) }
