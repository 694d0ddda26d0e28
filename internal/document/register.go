package document

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/phrase"
	"sapa/internal/who"
)

// Kinds of record that the register of section 6 governs (SOP 6), each a kind of thing of the house.
const (
	KindResults    = "call-result" // turns with their outcomes, attempts, drafts and guides used
	KindTickets    = "ticket"      // tickets of the queue, findable by number and name
	KindTroubles   = "trouble"     // trouble tickets with moves, worklog and marks
	KindForms      = "form"        // report forms with their rows
	KindLetters    = "letter"      // what was promised to the outside: letters, tasks, errands
	KindContacts   = "contact"     // numbers of customers that were learned to be dead
	KindRecordings = "recording"   // the telephone's own: sapa keeps none and removes none
	KindJournal    = "journal"     // ids and digests, for ever
	KindElsewhere  = "other"       // records that are kept outside the house, on paper too
)

// GovernedKinds lists the kinds that must have a row before production use, in the order of the register.
var GovernedKinds = []string{KindResults, KindTickets, KindTroubles, KindForms, KindLetters, KindContacts, KindRecordings, KindJournal}

// RemovedKinds lists the kinds a purge removes, what leans on others first.
var RemovedKinds = []string{KindLetters, KindForms, KindTroubles, KindResults, KindTickets, KindContacts}

// Where a retention counts from.
const (
	FromClosed  = "closed"        // from when the thing was closed, or last touched after that
	FromEnd     = "service-ended" // from when the customer's service has ended
	Permanently = "permanent"
)

// RecordRule is one row of the register: what is kept, how long, who answers for it.
type RecordRule struct {
	ID        db.ID
	Kind      string
	Name      string
	Basis     string
	Amount    int    // in Unit; 0: permanently
	Unit      string // days, months, "": permanently
	Position  string // responsible (penanggung jawab)
	SMM       bool   // origin: set in the quality system, or outside it (SOP fn.6)
	Clause    string
	Invented  bool // of the practice floor
	Version   int64
	ChangedBy db.ID
	ChangedAt time.Time
}

// Cutoff is the moment before which something must have been last touched to be due now, in the site's calendar; zero: never due.
func (r RecordRule) Cutoff(now time.Time, site *time.Location) time.Time {
	switch r.Unit {
	case "days":
		return now.In(site).AddDate(0, 0, -r.Amount)
	case "months":
		return now.In(site).AddDate(0, -r.Amount, 0)
	}
	return time.Time{}
}

const recordRuleColumns = `id, kind, name, basis, amount, unit, position, smm, clause, invented, version, changed_by, changed_at`

func scanRecordRule(s db.Scanner) (r RecordRule, err error) {
	var smm, invented int
	var at int64
	err = s.Scan(&r.ID, &r.Kind, &r.Name, &r.Basis, &r.Amount, &r.Unit, &r.Position, &smm, &r.Clause, &invented, &r.Version, &r.ChangedBy, &at)
	r.SMM, r.Invented, r.ChangedAt = smm == 1, invented == 1, db.Time(at)
	return r, err
}

// RecordsRegister lists the rules in force, governed kinds first in their order, then what is kept elsewhere by name.
func RecordsRegister(tx *db.Tx) ([]RecordRule, error) {
	var all []RecordRule
	err := tx.Each(`SELECT `+recordRuleColumns+` FROM record_rule`, nil, func(s db.Scanner) error {
		r, err := scanRecordRule(s)
		all = append(all, r)
		return err
	})
	place := func(r RecordRule) int {
		if i := slices.Index(GovernedKinds, r.Kind); i >= 0 {
			return i
		}
		return len(GovernedKinds)
	}
	slices.SortFunc(all, func(a, b RecordRule) int {
		if d := place(a) - place(b); d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
	return all, err
}

// RecordsUnfilled lists the governed kinds that have no row yet; none: the register is filled.
func RecordsUnfilled(tx *db.Tx) ([]string, error) {
	all, err := RecordsRegister(tx)
	var missing []string
	for _, kind := range GovernedKinds {
		if !slices.ContainsFunc(all, func(r RecordRule) bool { return r.Kind == kind }) {
			missing = append(missing, kind)
		}
	}
	return missing, err
}

// PastRecordRules lists every row that was in force under a rule's id, the latest first, at most 50.
func PastRecordRules(tx *db.Tx, id db.ID) ([]RecordRule, error) {
	var all []RecordRule
	err := tx.Each(`
		SELECT rule, kind, name, basis, amount, unit, position, smm, clause, 0, version, changed_by, changed_at
		  FROM record_rule_past WHERE rule = $1 ORDER BY version DESC LIMIT 50`, []any{id}, func(s db.Scanner) error {
		r, err := scanRecordRule(s)
		all = append(all, r)
		return err
	})
	return all, err
}

// ProposeRecordRule gives what a kind could be kept for, for a person to judge: it is shown and never set. Two years of results and tickets cover a
// dispute of a bill; letters follow what they told; a dead number is of use as long as the customer is called again.
func ProposeRecordRule(kind string) RecordRule {
	r := RecordRule{Kind: kind, Basis: FromClosed, Amount: 24, Unit: "months", SMM: true, Clause: "6"}
	switch kind {
	case KindForms, KindLetters:
		r.Amount = 12
	case KindContacts:
		r.SMM = false
	case KindRecordings:
		r.Amount, r.Unit, r.SMM = 90, "days", false
	case KindJournal:
		r.Basis, r.Amount, r.Unit = Permanently, 0, ""
	}
	return r
}

const (
	longRuleText = 200
	ruleClause   = "6"
)

func (r *RecordRule) check() error {
	bad := func(key, field string, values ...any) error {
		return fault.New(fault.Invalid, key, values...).At(field, ruleClause)
	}
	r.Name, r.Position, r.Clause = tidied(r.Name), tidied(r.Position), tidied(r.Clause)
	if r.Clause == "" {
		r.Clause = ruleClause
	}
	if r.Basis == Permanently {
		r.Amount, r.Unit = 0, ""
	}
	least, most := 30, 36_500
	if r.Unit == "months" {
		least, most = 1, 1_200
	}
	switch {
	case !slices.Contains(GovernedKinds, r.Kind) && r.Kind != KindElsewhere:
		return bad("records.kind", "kind", "value", r.Kind)
	case !isWritten(r.Name, longRuleText):
		return bad("records.name", "name", "max", longRuleText)
	case !isWritten(r.Position, longRuleText):
		return bad("records.position", "position", "max", longRuleText)
	case !isWritten(r.Clause, 40):
		return bad("records.clause", "clause")
	case r.Basis != FromClosed && r.Basis != FromEnd && r.Basis != Permanently:
		return bad("records.basis", "basis")
	case r.Kind == KindJournal && r.Basis != Permanently:
		return bad("records.journal-stays", "basis")
	case r.Basis == FromEnd && !slices.Contains([]string{KindResults, KindTickets, KindTroubles, KindElsewhere}, r.Kind):
		return bad("records.no-service", "basis")
	case r.Basis != Permanently && r.Unit != "days" && r.Unit != "months":
		return bad("records.unit", "unit")
	case r.Basis != Permanently && (r.Amount < least || r.Amount > most):
		return bad("records.amount", "amount", "least", least, "most", most)
	}
	return nil
}

func tidied(s string) string { return strings.Join(strings.Fields(s), " ") }

func isWritten(s string, most int) bool {
	return s != "" && utf8.RuneCountInString(s) <= most && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// PutRecordRule writes a row of the register: a new one with version 0, a change of one with the version that was read - Conflict
// "records.changed" when another came first. What stood before stays readable. Dry lists drawn before are stale from then on.
func PutRecordRule(tx *db.Tx, by who.Actor, r RecordRule) (RecordRule, error) {
	if err := r.check(); err != nil {
		return r, err
	}
	if err := passGate(tx, true); err != nil {
		return r, err
	}
	was, err := scanRecordRule(tx.Row(`SELECT `+recordRuleColumns+` FROM record_rule WHERE (kind = $1 AND kind <> 'other') OR id = $2`, r.Kind, r.ID))
	there := err == nil
	if err != nil && !fault.Is(err, fault.Missing) {
		return r, err
	}
	if there != (r.Version > 0) || there && (was.Version != r.Version || was.Kind != r.Kind) {
		return r, fault.New(fault.Conflict, "records.changed").At("version", ruleClause)
	}
	if r.ID = was.ID; !there {
		r.ID = tx.NewID()
	}
	r.Version, r.ChangedBy, r.ChangedAt = was.Version+1, db.ID(by.ID), tx.Now
	args := []any{r.ID, r.Kind, r.Name, r.Basis, r.Amount, r.Unit, r.Position, smallint(r.SMM), r.Clause, smallint(r.Invented), r.Version, r.ChangedBy, db.Millis(r.ChangedAt)}
	_, err = tx.Exec(`
		INSERT INTO record_rule(`+recordRuleColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, basis = excluded.basis, amount = excluded.amount, unit = excluded.unit,
			position = excluded.position, smm = excluded.smm, clause = excluded.clause, invented = excluded.invented, version = excluded.version,
			changed_by = excluded.changed_by, changed_at = excluded.changed_at`, args...)
	if fault.Is(err, fault.Conflict) { // two kept elsewhere under one name
		err = fault.New(fault.Conflict, "records.name-there", "name", r.Name).At("name", ruleClause)
	}
	if err != nil {
		return r, err
	}
	_, err = tx.Exec(`
		INSERT INTO record_rule_past(rule, kind, name, basis, amount, unit, position, smm, clause, version, changed_by, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, append(slices.Clone(args[:9]), args[10:]...)...)
	if err != nil {
		return r, err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "records.rule-put", Kind: "record-rule", Ref: r.ID, Data: map[string]string{
		"kind": r.Kind, "basis": r.Basis, "amount": fmt.Sprint(r.Amount), "unit": r.Unit, "version": fmt.Sprint(r.Version)}})
	return r, err
}

// DropRecordRule takes a row of what is kept elsewhere out of the register; a governed kind keeps its row. Its past stays readable.
func DropRecordRule(tx *db.Tx, by who.Actor, id db.ID, version int64) error {
	if err := passGate(tx, true); err != nil {
		return err
	}
	n, err := tx.Exec(`DELETE FROM record_rule WHERE id = $1 AND version = $2 AND kind = 'other'`, id, version)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "records.changed").At("version", ruleClause)
	}
	if err == nil {
		_, err = journal.Write(tx, journal.Entry{By: by, Act: "records.rule-dropped", Kind: "record-rule", Ref: id})
	}
	return err
}

// passGate takes the gate: what else goes through it waits until this act is over.
func passGate(tx *db.Tx, changes bool) error {
	_, err := tx.Exec(`UPDATE record_gate SET passed = passed + 1, version = version + $1 WHERE id = 1`, smallint(changes))
	return err
}

// recordsVersion counts the register's changes.
func recordsVersion(tx *db.Tx) (v int64, err error) {
	err = tx.Row(`SELECT version FROM record_gate WHERE id = 1`).Scan(&v)
	return v, err
}

func smallint(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Kept says how long, in a person's words.
func (r RecordRule) Kept(l phrase.Lang) string {
	switch r.Basis {
	case Permanently:
		return phrase.Say(l, "records.for.ever")
	case FromEnd:
		return phrase.Say(l, "records.until."+r.Unit, "n", r.Amount)
	}
	return phrase.Say(l, "records.for."+r.Unit, "n", r.Amount)
}
