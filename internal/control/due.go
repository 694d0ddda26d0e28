package control

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sapa/internal/db"
	"sapa/internal/document"
)

// What is due is decided here, in one text per kind that the dry list, its count and the purge's own turns all read by. Everything is measured at the moment the list was drawn: what became due, closed or
// free of a hold since then has a later time and is not due by this list, so that no list grows while people decide about it.

// Why something that is old enough stays.
const (
	NotOver        = "open"         // it is not over: open work, an unsettled promise, a form nobody has received
	Held           = "held"         // a legal hold
	ServiceRuns    = "service"      // its retention ends with the service, and that has not ended
	LetterStays    = "letter"       // a letter of it stays
	FormStays      = "form"         // a row of it stands in a form that stays
	TroubleStays   = "trouble"      // a trouble ticket that came from it, or is live on its service, stays
	TicketOpen     = "ticket"       // a ticket of it is still in the work
	ResultsStay    = "call-result"  // what was done with it stays
	Registered     = "registration" // a request to register was made in its call
	PartOfOutage   = "outage"       // the trouble ticket of a mass outage, which is about nobody
	ChildrenRemain = "children"     // trouble tickets under it stay
)

// put fills the named places of a condition: {X} is the alias it is about.
func put(text string, places ...string) string {
	for i := 0; i+1 < len(places); i += 2 {
		text = strings.ReplaceAll(text, "{"+places[i]+"}", places[i+1])
	}
	return text
}

// cut is the moment before which a kind of thing must have been last touched; 0 when none of it goes.
func cut(kind string) string { return `{@cut ` + kind + `}` }

// drawn is when the list was drawn.
const drawn = `{@drawn}`

// runs: the retention of the kind ends with the service of X, which has not ended before its cutoff.
func runs(kind, x string) string {
	return put(`({@ended {KIND}} = 1
		AND (NOT EXISTS (SELECT 1 FROM service e WHERE e.no = {X}.service_no)
		     OR EXISTS (SELECT 1 FROM service e WHERE e.no = {X}.service_no AND (e.ended_at = 0 OR e.ended_at >= {CUT}))))`,
		"KIND", kind, "X", x, "CUT", cut(kind))
}

// working: the ticket X is in the work, or was when the list was drawn.
func working(x string) string {
	return put(`({X}.state NOT IN ('closed', 'void') OR {X}.changed_at >= {DRAWN})`, "X", x, "DRAWN", drawn)
}

// holds: the hold h holds, or did when the list was drawn.
const holds = `(h.lifted_at = 0 OR h.lifted_at >= ` + drawn + `)`

// heldBoth is what holds tickets and trouble tickets alike: the customer, the service, the service's customer.
const heldBoth = `EXISTS (SELECT 1 FROM legal_hold h WHERE h.kind = 'customer' AND h.ref = {X}.customer AND ` + holds + `)
	OR {X}.service_no <> '' AND EXISTS (SELECT 1 FROM legal_hold h WHERE h.kind = 'service' AND h.ref = 0 AND h.service_no = {X}.service_no AND ` + holds + `)
	OR {X}.service_no <> '' AND EXISTS (SELECT 1 FROM service hs JOIN legal_hold h ON h.kind = 'customer' AND h.ref = hs.customer WHERE hs.no = {X}.service_no AND ` + holds + `)`

func heldTicket(x string) string {
	return put(`(EXISTS (SELECT 1 FROM legal_hold h WHERE h.kind = 'ticket' AND h.ref = {X}.id AND `+holds+`)
	OR `+heldBoth+`
	OR EXISTS (SELECT 1 FROM trouble ht JOIN legal_hold h ON h.kind = 'trouble' AND h.ref = ht.id WHERE ht.source_ticket = {X}.id AND ht.source_ticket > 0 AND `+holds+`)
	OR {X}.service_no <> '' AND EXISTS (SELECT 1 FROM trouble ht JOIN legal_hold h ON h.kind = 'trouble' AND h.ref = ht.id WHERE ht.service_no = {X}.service_no AND `+holds+`))`,
		"X", x)
}

func heldTrouble(x string) string {
	return put(`(EXISTS (SELECT 1 FROM legal_hold h WHERE h.kind = 'trouble' AND h.ref = {X}.id AND `+holds+`)
	OR EXISTS (SELECT 1 FROM legal_hold h WHERE h.kind = 'ticket' AND h.ref = {X}.source_ticket AND `+holds+`)
	OR `+heldBoth+`
	OR EXISTS (SELECT 1 FROM trouble_note hn JOIN turn hu ON hu.id = hn.turn JOIN legal_hold h ON h.kind = 'ticket' AND h.ref = hu.ticket WHERE hn.trouble = {X}.id AND hn.turn > 0 AND `+holds+`))`,
		"X", x)
}

// A letter: settled long ago, of no ticket that is in the work or held.
var (
	letterOld = put(`(P.made_at < {CUT} AND P.settled_at < {CUT})`, "CUT", cut(document.KindLetters))
	letterDue = `(` + letterOld + ` AND P.state IN ('done', 'waived', 'withdrawn'))` // but for its ticket
	letterWhy = put(`CASE
		WHEN P.state NOT IN ('done', 'waived', 'withdrawn') THEN 'open'
		WHEN EXISTS (SELECT 1 FROM ticket lt WHERE lt.id = P.ticket AND {WORKING}) THEN 'ticket'
		WHEN EXISTS (SELECT 1 FROM ticket lt WHERE lt.id = P.ticket AND {HELD}) THEN 'held'
		ELSE '' END`, "WORKING", working("lt"), "HELD", heldTicket("lt"))
)

// A form: received long ago, no row of a ticket that is in the work or held.
var (
	formOld = put(`(F.state <> 'open' AND F.sent_at < {CUT} AND F.received_at < {CUT})`, "CUT", cut(document.KindForms))
	formWhy = put(`CASE
		WHEN F.state <> 'received' THEN 'open'
		WHEN EXISTS (SELECT 1 FROM form_row fr JOIN ticket ft ON ft.id = fr.ticket WHERE fr.form = F.id AND {WORKING}) THEN 'ticket'
		WHEN EXISTS (SELECT 1 FROM form_row fr JOIN ticket ft ON ft.id = fr.ticket WHERE fr.form = F.id AND {HELD}) THEN 'held'
		ELSE '' END`, "WORKING", working("ft"), "HELD", heldTicket("ft"))
	formDue = `(` + formOld + ` AND ` + formWhy + ` = '')`
)

// A trouble ticket: closed and untouched for long, nothing open about it. troubleBase is without its children.
func troubleOld(x string) string {
	return put(`({X}.opened_at < {CUT} AND {X}.closed_at < {CUT} AND {X}.noted_at < {CUT} AND {X}.state_at < {CUT})`, "X", x, "CUT", cut(document.KindTroubles))
}

func troubleBase(x string) string {
	return put(`CASE
		WHEN {X}.state <> 'CLOSED' THEN 'open'
		WHEN {X}.source = 'gamas' OR EXISTS (SELECT 1 FROM outage xo WHERE xo.parent = {X}.id AND xo.parent IS NOT NULL) THEN 'outage'
		WHEN {HELD} THEN 'held'
		WHEN {RUNS} THEN 'service'
		WHEN EXISTS (SELECT 1 FROM ticket xw WHERE xw.id = {X}.source_ticket AND {WORKING}) THEN 'ticket'
		WHEN {X}.service_no <> '' AND EXISTS (SELECT 1 FROM ticket_search xk JOIN ticket xw ON xw.id = xk.ticket WHERE xk.kind = 1 AND xk.key = {X}.service_no AND {WORKING}) THEN 'ticket'
		WHEN {X}.source_ticket > 0 AND EXISTS (SELECT 1 FROM promise xp WHERE xp.ticket = {X}.source_ticket AND (xp.state IN ('open', 'failed') OR xp.settled_at >= {DRAWN})) THEN 'letter'
		ELSE '' END`, "HELD", heldTrouble(x), "RUNS", runs(document.KindTroubles, x), "WORKING", working("xw"), "DRAWN", drawn, "X", x)
}

// childStays: a trouble ticket under X stays.
func childStays(x, child string) string {
	return put(`EXISTS (SELECT 1 FROM trouble {C} WHERE {C}.parent = {X}.id AND {C}.parent > 0 AND NOT ({OLD} AND {BASE} = ''))`,
		"X", x, "C", child, "OLD", troubleOld(child), "BASE", troubleBase(child))
}

func troubleDue(x, child string) string {
	return `(` + troubleOld(x) + ` AND ` + troubleBase(x) + ` = '' AND NOT ` + childStays(x, child) + `)`
}

// ticketBase is what keeps a ticket and what was done with it alike. The trouble tickets it looks at came from the ticket, or were
// written in, moved or marked in a turn of it: a line of a worklog names the turn whose revision it was written under.
func ticketBase(x, kind string) string {
	return put(`CASE
		WHEN {X}.state NOT IN ('closed', 'void') THEN 'open'
		WHEN {HELD} THEN 'held'
		WHEN {RUNS} THEN 'service'
		WHEN EXISTS (SELECT 1 FROM promise P WHERE P.ticket = {X}.id AND P.ticket > 0 AND NOT {LETTER}) THEN 'letter'
		WHEN EXISTS (SELECT 1 FROM form_row br JOIN form F ON F.id = br.form WHERE br.ticket = {X}.id AND NOT {FORM}) THEN 'form'
		WHEN {X}.service_no <> '' AND EXISTS (SELECT 1 FROM trouble bs WHERE bs.service_no = {X}.service_no AND (bs.state <> 'CLOSED' OR bs.closed_at >= {DRAWN})) THEN 'trouble'
		WHEN EXISTS (SELECT 1 FROM (
			SELECT bs.id AS id FROM trouble bs WHERE bs.source_ticket = {X}.id AND bs.source_ticket > 0
			UNION ALL SELECT bn.trouble FROM turn bu JOIN trouble_note bn ON bn.turn = bu.id AND bn.turn > 0 WHERE bu.ticket = {X}.id
			UNION ALL SELECT bm.trouble FROM turn bu JOIN trouble_move bm ON bm.turn = bu.id AND bm.turn > 0 WHERE bu.ticket = {X}.id
			UNION ALL SELECT bk.trouble FROM turn bu JOIN trouble_mark bk ON bk.turn = bu.id AND bk.turn > 0 WHERE bu.ticket = {X}.id
			) bl JOIN trouble bx ON bx.id = bl.id WHERE NOT {TROUBLE}) THEN 'trouble'
		ELSE '' END`, "HELD", heldTicket(x), "RUNS", runs(kind, x), "LETTER", letterDue, "FORM", formDue, "TROUBLE", troubleDue("bx", "bc"), "DRAWN", drawn, "X", x)
}

// shares: results that stay were won in a call of T's turns, by a ticket that went along. One that itself keeps others is not followed on.
var shares = put(`EXISTS (SELECT 1 FROM turn su JOIN along sg ON sg.lead = su.id JOIN ticket st ON st.id = sg.ticket
		 WHERE su.ticket = T.id AND NOT (st.changed_at < {CUT} AND {BASE} = ''))`, "CUT", cut(document.KindResults), "BASE", ticketBase("st", document.KindResults))

// ticketsOf lists tickets that are old enough by a kind's cutoff, with what keeps them.
func ticketsOf(kind, and string) string {
	return put(`(SELECT I.id, I.changed_at, I.campaign, I.ref, I.service_no, {BASE} AS base
		   FROM ticket I WHERE I.id > {@after} AND I.id <= {@up-to} AND I.changed_at < {CUT}{AND}) T`, "BASE", ticketBase("I", kind), "CUT", cut(kind), "AND", and)
}

// question is what is asked about one kind with its arguments in their order.
type question struct {
	text string
	args []string
}

var argument = regexp.MustCompile(`\{@([a-z -]+)\}`)

// compile numbers the arguments a text names, each once.
func compile(text string) (q question) {
	q.text = argument.ReplaceAllStringFunc(text, func(named string) string {
		name := argument.FindStringSubmatch(named)[1]
		i := slices.Index(q.args, name)
		if i < 0 {
			i, q.args = len(q.args), append(q.args, name)
		}
		return `CAST($` + strconv.Itoa(i+1) + ` AS BIGINT)`
	}) + ` ORDER BY id`
	return q
}

// values gives the arguments' values for a purge and the ids between which it looks.
func (q question) values(p document.Purge, after, upTo db.ID) []any {
	known := map[string]int64{"after": int64(after), "up-to": int64(upTo), "drawn": db.Millis(p.MadeAt)}
	for _, s := range p.Steps {
		known["cut "+s.Kind], known["ended "+s.Kind] = db.Millis(s.Cutoff), 0
		if s.Ended {
			known["ended "+s.Kind] = 1
		}
	}
	all := make([]any, len(q.args))
	for i, name := range q.args {
		all[i] = known[name]
	}
	return all
}

// looks gives for each kind what of it is old enough: id, when it was last touched, what it is called, why it stays (” when it goes).
var looks = map[string]question{
	document.KindLetters: compile(`SELECT P.id AS id, P.settled_at AS at, P.app || ' ' || P.kind AS label, ` + letterWhy + ` AS why
		FROM promise P WHERE P.id > {@after} AND P.id <= {@up-to} AND ` + letterOld),
	document.KindForms: compile(`SELECT F.id AS id, F.received_at AS at, F.kind || ' ' || F.version AS label, ` + formWhy + ` AS why
		FROM form F WHERE F.id > {@after} AND F.id <= {@up-to} AND ` + formOld),
	document.KindTroubles: compile(put(`SELECT T.id AS id, T.closed_at AS at, T.no AS label, CASE WHEN T.base <> '' THEN T.base WHEN {CHILD} THEN 'children' ELSE '' END AS why
		FROM (SELECT I.id, I.closed_at, I.no, {BASE} AS base FROM trouble I WHERE I.id > {@after} AND I.id <= {@up-to} AND {OLD}) T`,
		"CHILD", childStays("T", "tc"), "BASE", troubleBase("I"), "OLD", troubleOld("I"))),
	document.KindResults: compile(put(`SELECT T.id AS id, T.changed_at AS at, T.campaign || ' ' || T.ref AS label,
		CASE WHEN T.base <> '' THEN T.base WHEN {SHARES} THEN 'call-result' ELSE '' END AS why
		FROM {TICKETS}`, "SHARES", shares, "TICKETS", ticketsOf(document.KindResults, ` AND EXISTS (SELECT 1 FROM turn iu WHERE iu.ticket = I.id)`))),
	document.KindTickets: compile(put(`SELECT T.id AS id, T.changed_at AS at, T.campaign || ' ' || T.ref AS label,
		CASE WHEN T.base <> '' THEN T.base
		WHEN EXISTS (SELECT 1 FROM turn tu WHERE tu.ticket = T.id) AND (NOT T.changed_at < {CUT} OR {RUNS} OR {SHARES}) THEN 'call-result'
		WHEN EXISTS (SELECT 1 FROM registration tr WHERE tr.ticket = T.id AND tr.ticket IS NOT NULL) THEN 'registration'
		ELSE '' END AS why
		FROM {TICKETS}`, "CUT", cut(document.KindResults), "RUNS", runs(document.KindResults, "T"), "SHARES", shares, "TICKETS", ticketsOf(document.KindTickets, ""))),
	document.KindContacts: compile(put(`SELECT c.id AS id, max(k.dead_at) AS at, CAST(count(*) AS TEXT) AS label, CASE
		WHEN EXISTS (SELECT 1 FROM legal_hold h WHERE h.kind = 'customer' AND h.ref = c.id AND {LIVE}) THEN 'held'
		WHEN EXISTS (SELECT 1 FROM service ks JOIN legal_hold h ON h.kind = 'service' AND h.ref = 0 AND h.service_no = ks.no WHERE ks.customer = c.id AND {LIVE}) THEN 'held'
		ELSE '' END AS why
		FROM customer c JOIN customer_contact k ON k.customer = c.id AND k.dead_at > 0 AND k.dead_at < {CUT} AND k.phone <> c.phone
		WHERE c.id > {@after} AND c.id <= {@up-to} GROUP BY c.id`, "LIVE", holds, "CUT", cut(document.KindContacts))),
}

// tables is where each kind's ids are walked.
var tables = map[string]string{document.KindLetters: "promise", document.KindForms: "form", document.KindTroubles: "trouble",
	document.KindResults: "ticket", document.KindTickets: "ticket", document.KindContacts: "customer"}
