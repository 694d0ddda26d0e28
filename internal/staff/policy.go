package staff

import (
	"slices"

	"sapa/internal/fault"
	"sapa/internal/who"
)

// Act is one thing a person may be allowed to do. Pages, API and admin commands all ask for the same acts.
type Act string

const (
	ActSelf               Act = "self"                // one's own account: sign out, change password, presence
	ActWork               Act = "work"                // take a ticket and carry the turn to its end (SOP 5.2.3-5.2.11, 5.7)
	ActOpenTicket         Act = "open-ticket"         // SOP 5.2.1: put a ticket in
	ActBackdate           Act = "backdate"            // give it an opening time in the past
	ActReadTicket         Act = "read-ticket"         // read tickets within one's scope
	ActSearch             Act = "search"              // look for tickets by number, name or words within one's scope
	ActReveal             Act = "reveal"              // see what is masked in full, for 15 seconds and with a reason
	ActAskRecommend       Act = "ask-recommend"       // SOP 5.2.1.f: ask the leader to recommend a long call
	ActRecommend          Act = "recommend"           // SOP 5.2.1.f: recommend it
	ActRaise              Act = "raise"               // put a ticket before the others for a while
	ActTakeOver           Act = "take-over"           // take a ticket out of a hand, or decide one whose tries are used up
	ActMix                Act = "mix"                 // decide which campaigns an agent works this shift
	ActAttention          Act = "attention"           // the leader's list of what needs a decision
	ActReadOutbox         Act = "read-outbox"         // see promises to outside applications
	ActKeepPromise        Act = "keep-promise"        // say that one was brought over, with its reference
	ActSettleOutbox       Act = "settle-outbox"       // retry or waive one that failed
	ActReadiness          Act = "readiness"           // SOP 5.1: which applications are ready
	ActReadDocument       Act = "read-document"       // read the work instruction and confirm having read it
	ActDraft              Act = "draft"               // SOP fn.5: begin, change, discard the draft of a controlled document
	ActSign               Act = "sign"                // SOP doc.sign.made, doc.sign.checked, doc.sign.approved: sign it, each their part; give it back
	ActRecall             Act = "recall"              // take a revision out of force
	ActCopies             Act = "copies"              // SOP doc.copy.controlled-malang: the distribution list
	ActAcknowledge        Act = "acknowledge"         // answer for a copy's holder that a revision has arrived
	ActReport             Act = "report"              // counters and charts of a team or the site
	ActImport             Act = "import"              // bring tickets in from a file
	ActTrouble            Act = "trouble"             // SOP 5.2.10, 5.3: open a trouble ticket, move it, book its technician
	ActTroubleNote        Act = "trouble-note"        // a new row in its worklog (5.5.9, 5.7.9)
	ActReadTrouble        Act = "read-trouble"        // see trouble tickets and the technicians' schedule
	ActFeedTrouble        Act = "feed-trouble"        // bring lists of the other side in
	ActLines              Act = "lines"               // the recorded table of lines: where a number ends in the network, what a measurement answers
	ActMeasure            Act = "measure"             // SOP 5.2.10.j: measure a line
	ActForm               Act = "form"                // SOP 5.6.2, 5.8.5: fill a report form and send it
	ActReadForm           Act = "read-form"           // see one's own forms, or those sent to oneself as the leader
	ActIdeas              Act = "ideas"               // SOP 5.8.1: bring the list in, deal it out, receive the forms
	ActOutage             Act = "outage"              // declare a mass outage, end it, say who is called afterwards (SOP 5.4)
	ActReadOutage         Act = "read-outage"         // see which are declared
	ActPlan               Act = "plan"                // the technicians' slots, owner groups
	ActSettings           Act = "settings"            // the trouble ticket's ladder and settings, a campaign's calling hours
	ActReadSettings       Act = "read-settings"       // see them
	ActStaff              Act = "staff"               // people, teams, roles, tokens
	ActRegister           Act = "register"            // SOP 2.c: a request to register for a product
	ActCancelRegistration Act = "cancel-registration" // cancel one
	ActMoveRegistration   Act = "move-registration"   // say that a port has come free, that it is installed
	ActReadRegistration   Act = "read-registration"   // see them, and whether the network reaches an address
	ActPackages           Act = "packages"            // SOP 2.c: what can be registered for: add, change, retire a package
	ActCoverage           Act = "coverage"            // the network's distribution points and their ports
	ActReadDevice         Act = "read-device"         // SOP 5.1.12: see a customer's device and what was asked of it
	ActDevice             Act = "device"              // restart it, change its Wi-Fi, reset it
	ActReadCustomer       Act = "read-customer"       // SOP 5.1.1-5.1.3: a customer's services, contacts, bills, orders and what was done for them
	ActNotice             Act = "notice"              // post a notice that must be read before a shift, end it, see who has read it (SOP 5.1)
	ActReadKnowledge      Act = "read-knowledge"      // SOP 5.2.9: find and read the articles of My Kiss
	ActWriteKnowledge     Act = "write-knowledge"     // write a revision of one
	ActReviewKnowledge    Act = "review-knowledge"    // put another person's revision in force
)

// people are all roles a person signs in with; a feed is a machine and signs in by token only.
var people = []who.Role{who.Tier1, who.Agent, who.Leader, who.Quality, who.Controller, who.Checker, who.Approver, who.Admin}

// policy is the whole of who may do what. What is not in it nobody may do.
var policy = map[Act][]who.Role{
	ActSelf:               people,
	ActWork:               {who.Agent},
	ActOpenTicket:         {who.Tier1, who.Leader, who.Admin, who.Feed},
	ActBackdate:           {who.Admin, who.Feed},
	ActReadTicket:         {who.Tier1, who.Agent, who.Leader, who.Quality, who.Admin, who.Feed},
	ActSearch:             {who.Tier1, who.Agent, who.Leader, who.Quality, who.Admin},
	ActReveal:             {who.Agent, who.Leader},
	ActAskRecommend:       {who.Tier1},
	ActRecommend:          {who.Leader},
	ActRaise:              {who.Leader},
	ActTakeOver:           {who.Leader},
	ActMix:                {who.Leader},
	ActAttention:          {who.Leader},
	ActReadOutbox:         {who.Agent, who.Leader, who.Admin},
	ActKeepPromise:        {who.Agent, who.Leader},
	ActSettleOutbox:       {who.Leader},
	ActReadiness:          people,
	ActReadDocument:       people,
	ActDraft:              {who.Controller},
	ActSign:               {who.Controller, who.Checker, who.Approver},
	ActRecall:             {who.Controller, who.Approver},
	ActCopies:             {who.Controller},
	ActAcknowledge:        {who.Leader, who.Controller},
	ActReport:             {who.Leader, who.Quality, who.Admin},
	ActImport:             {who.Leader, who.Admin},
	ActTrouble:            {who.Tier1, who.Agent, who.Leader, who.Admin},
	ActTroubleNote:        {who.Tier1, who.Agent, who.Leader, who.Admin, who.Feed},
	ActReadTrouble:        {who.Tier1, who.Agent, who.Leader, who.Quality, who.Admin, who.Feed},
	ActFeedTrouble:        {who.Leader, who.Admin, who.Feed},
	ActLines:              {who.Admin, who.Feed},
	ActMeasure:            {who.Tier1, who.Agent, who.Leader},
	ActForm:               {who.Agent},
	ActReadForm:           {who.Agent, who.Leader},
	ActIdeas:              {who.Leader},
	ActOutage:             {who.Leader, who.Admin},
	ActReadOutage:         {who.Tier1, who.Agent, who.Leader, who.Quality, who.Admin, who.Feed},
	ActPlan:               {who.Leader, who.Admin},
	ActSettings:           {who.Admin},
	ActReadSettings:       {who.Leader, who.Quality, who.Admin},
	ActStaff:              {who.Admin},
	ActRegister:           {who.Tier1, who.Agent, who.Leader, who.Admin},
	ActCancelRegistration: {who.Tier1, who.Agent, who.Leader, who.Admin, who.Feed},
	ActMoveRegistration:   {who.Leader, who.Admin, who.Feed},
	ActReadRegistration:   {who.Tier1, who.Agent, who.Leader, who.Quality, who.Admin, who.Feed},
	ActPackages:           {who.Leader, who.Admin},
	ActCoverage:           {who.Leader, who.Admin, who.Feed},
	ActReadDevice:         {who.Tier1, who.Agent, who.Leader, who.Quality, who.Admin},
	ActDevice:             {who.Agent, who.Leader},
	ActReadCustomer:       {who.Tier1, who.Agent, who.Leader, who.Quality, who.Admin},
	ActNotice:             {who.Leader, who.Controller, who.Admin},
	ActReadKnowledge:      people,
	ActWriteKnowledge:     {who.Leader, who.Quality, who.Controller},
	ActReviewKnowledge:    {who.Leader, who.Quality, who.Checker, who.Approver},
}

// Field is a part of a customer's record that not everybody who may read the record needs to read.
type Field string

// The fields that are masked for some.
const (
	FieldPhone   Field = "phone"   // of each contact
	FieldName    Field = "name"    // of the customer and of contacts
	FieldAddress Field = "address" // street and house
	FieldNCLI    Field = "ncli"
	FieldAmount  Field = "amount" // of bills and payments
)

// plain is who reads a field as it is; everybody else gets it masked. Numbers are masked for all: dialling or a reveal shows
// them. The address is what an agent has the customer confirm (domain 3.9); quality and admin judge work, not people.
var plain = map[Field][]who.Role{
	FieldPhone:   {},
	FieldName:    {who.Tier1, who.Agent, who.Leader, who.Admin},
	FieldAddress: {who.Tier1, who.Agent, who.Leader},
	FieldNCLI:    {who.Tier1, who.Agent, who.Leader, who.Admin},
	FieldAmount:  {who.Tier1, who.Agent, who.Leader},
}

// Fields lists them, sorted.
func Fields() []Field {
	all := make([]Field, 0, len(plain))
	for f := range plain {
		all = append(all, f)
	}
	slices.Sort(all)
	return all
}

// Plain tells whether an actor reads a field as it is. What is not in the table nobody reads.
func Plain(a who.Actor, f Field) bool { return a.ID != 0 && slices.Contains(plain[f], a.Role) }

// Whose tells whether an actor may read any customer: who answers calls of everybody, or answers for the floor. An agent reads
// those whose tickets are theirs to see.
func Whose(a who.Actor) (any bool) { return a.Role != who.Agent }

// Acts lists every act of the policy, sorted.
func Acts() []Act {
	all := make([]Act, 0, len(policy))
	for act := range policy {
		all = append(all, act)
	}
	slices.Sort(all)
	return all
}

// Roles lists who may do an act, in the order of who.Roles; empty for an act the policy does not know.
func Roles(act Act) []who.Role {
	allowed := make([]who.Role, 0, len(who.Roles))
	for _, role := range who.Roles {
		if slices.Contains(policy[act], role) {
			allowed = append(allowed, role)
		}
	}
	return allowed
}

// May tells whether an actor may do an act: nil, or Forbidden "staff.may-not". The house itself and the console may all.
func May(a who.Actor, act Act) error {
	if a.ID == 0 && (a.Via == who.System || a.Via == who.CLI) {
		return nil
	}
	if a.ID != 0 && slices.Contains(policy[act], a.Role) {
		return nil
	}
	return fault.New(fault.Forbidden, "staff.may-not", "role", string(a.Role), "act", string(act))
}

// ScopeOf says which tickets an actor may see. A leader sees the own team's; where a site has no teams, a leader without
// one leads the whole floor. Everybody else sees what they opened, own, hold or worked on.
func ScopeOf(a who.Actor) who.Scope {
	switch {
	case a.ID == 0 && (a.Via == who.System || a.Via == who.CLI):
		return who.Scope{All: true}
	case a.Role == who.Admin, a.Role == who.Quality:
		return who.Scope{All: true, Self: a.ID}
	case a.Role == who.Leader && a.Team == 0:
		return who.Scope{All: true, Self: a.ID}
	case a.Role == who.Leader:
		return who.Scope{Team: a.Team, Self: a.ID}
	default:
		return who.Scope{Self: a.ID}
	}
}

// Route is one door of the pages or the API and the act it takes. `sapa routes` prints them all.
type Route struct {
	Method  string
	Pattern string // as net/http's ServeMux reads it, without the method
	Act     Act
	Open    bool // nobody needs to be signed in; Act is empty then
}

// Roles lists who gets through the door: everybody when it is open.
func (r Route) Roles() []who.Role {
	if r.Open {
		return who.Roles
	}
	return Roles(r.Act)
}
