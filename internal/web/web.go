// Package web is the pages: what people see and press. Every act goes through the same seats as the API, every page works
// as plain forms, and a small script makes them quick. It decides nothing and knows no table.
package web

import (
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"sapa/internal/campaign"
	"sapa/internal/control"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/device"
	"sapa/internal/line"
	"sapa/internal/live"
	"sapa/internal/procedure"
	"sapa/internal/staff"
)

// Parts is what the pages stand on.
type Parts struct {
	Store     *db.DB
	Staff     *staff.Staff
	Seat      *desk.Seat
	Campaigns *campaign.Campaigns
	Decided   []procedure.Resolution // which decision answers what the linter finds in the document
	Control   *control.Seat          // nil: one over the campaigns
	Hub       *live.Hub
	Meter     *line.Meter         // nil: nothing here measures a line
	Devices   *device.Operator    // nil: people carry device actions out
	Tests     map[string][]string // which tests speak of a clause
	Site      *time.Location
	SiteName  string         // shown in the frame, e.g. Malang
	Practice  bool           // the practice floor: everything is marked latihan
	Logins    []Login        // of the practice floor, shown at sign-in
	Secure    bool           // cookies travel over TLS only
	Proxies   []netip.Prefix // whose X-Forwarded-For is believed
	Clock     func() time.Time
	Ticker    func(time.Duration) (<-chan time.Time, func()) // for the heartbeat of streams
	Log       *slog.Logger
}

// Login is one way to sign in on the practice floor.
type Login struct{ Login, Password, Name, Role string }

// Server answers people.
type Server struct {
	Parts
	measures
	drafts draftBooks
	runs   dryRuns
	mux    http.Handler
}

// page is a route with what stands behind it.
type page struct {
	staff.Route
	serve func(s *Server, w http.ResponseWriter, r *request)
}

func open(method, pattern string, serve func(*Server, http.ResponseWriter, *request)) page {
	return page{staff.Route{Method: method, Pattern: pattern, Open: true}, serve}
}

func guarded(method, pattern string, act staff.Act, serve func(*Server, http.ResponseWriter, *request)) page {
	return page{staff.Route{Method: method, Pattern: pattern, Act: act}, serve}
}

// pages is every door of the pages, with the act it takes.
func pages() []page {
	return []page{
		open("GET", "/sign-in", (*Server).signInPage),
		open("POST", "/sign-in", (*Server).signIn),
		open("GET", "/first/{link}", (*Server).firstPage),
		open("POST", "/first/{link}", (*Server).first),
		open("POST", "/preferences", (*Server).preferences),
		open("GET", "/static/{name...}", (*Server).static),

		guarded("GET", "/{$}", staff.ActSelf, (*Server).home),
		guarded("POST", "/sign-out", staff.ActSelf, (*Server).signOut),
		guarded("POST", "/sign-out-everywhere", staff.ActSelf, (*Server).signOutEverywhere),
		guarded("GET", "/events", staff.ActSelf, (*Server).events),
		guarded("GET", "/notices", staff.ActNotice, (*Server).noticesPage),
		guarded("POST", "/notices", staff.ActNotice, (*Server).noticePost),
		guarded("POST", "/notices/{id}/withdraw", staff.ActNotice, (*Server).noticeWithdraw),
		guarded("POST", "/notices/{id}/read", staff.ActReadDocument, (*Server).noticeRead),
		guarded("GET", "/clauses/{id}", staff.ActReadDocument, (*Server).clauseMoved),
		guarded("GET", "/procedure/print", staff.ActReadDocument, (*Server).printPage),
		guarded("POST", "/procedure/print", staff.ActReadDocument, (*Server).printNote),
		guarded("GET", "/procedure/clauses/{id}", staff.ActReadDocument, (*Server).clausePage),

		guarded("GET", procedurePath, staff.ActReadDocument, (*Server).procedurePage),
		guarded("POST", procedurePath+"/begin", staff.ActDraft, (*Server).draftBegin),
		guarded("POST", procedurePath+"/discard", staff.ActDraft, (*Server).draftDiscard),
		guarded("POST", procedurePath+"/schedule", staff.ActDraft, (*Server).draftSchedule),
		guarded("POST", procedurePath+"/sign", staff.ActSign, (*Server).draftSign),
		guarded("POST", procedurePath+"/return", staff.ActSign, (*Server).draftReturn),
		guarded("POST", procedurePath+"/revisions/{revision}/recall", staff.ActRecall, (*Server).revisionRecall),
		guarded("GET", procedurePath+"/revisions/{revision}/readers", staff.ActNotice, (*Server).readersPage),
		guarded("POST", procedurePath+"/copies", staff.ActCopies, (*Server).copyAdd),
		guarded("POST", procedurePath+"/copies/{id}/end", staff.ActCopies, (*Server).copyEnd),
		guarded("POST", procedurePath+"/copies/{id}/acknowledge", staff.ActAcknowledge, (*Server).copyRead),

		guarded("GET", "/shift", staff.ActReadiness, (*Server).shiftPage),
		guarded("POST", "/shift/again", staff.ActReadiness, (*Server).askAgain),
		guarded("GET", "/desk", staff.ActWork, (*Server).deskPage),
		guarded("POST", "/desk/next", staff.ActWork, (*Server).next),
		guarded("POST", "/desk/help", staff.ActWork, (*Server).help),
		guarded("POST", "/desk/{id}/renew", staff.ActWork, (*Server).renew),
		guarded("POST", "/desk/{id}/release", staff.ActWork, (*Server).release),
		guarded("POST", "/desk/{id}/read", staff.ActWork, (*Server).read),
		guarded("POST", "/desk/{id}/dial", staff.ActWork, (*Server).dial),
		guarded("POST", "/desk/{id}/line", staff.ActWork, (*Server).line),
		guarded("POST", "/desk/{id}/hang-up", staff.ActWork, (*Server).hangUp),
		guarded("POST", "/desk/{id}/answers", staff.ActWork, (*Server).answers),
		guarded("POST", "/desk/{id}/along", staff.ActWork, (*Server).along),
		guarded("POST", "/desk/{id}/revision", staff.ActWork, (*Server).moveOn),
		guarded("POST", "/desk/{id}/finish", staff.ActWork, (*Server).finish),
		guarded("POST", "/desk/{id}/undo", staff.ActWork, (*Server).undo),
		guarded("POST", "/desk/{id}/reveal", staff.ActReveal, (*Server).reveal),
		guarded("POST", "/desk/{id}/guide", staff.ActWork, (*Server).guideShow),
		guarded("POST", "/desk/{id}/guide/step", staff.ActWork, (*Server).guideStep),
		guarded("POST", "/desk/{id}/guide/back", staff.ActWork, (*Server).guideBack),
		guarded("POST", "/desk/{id}/guide/away", staff.ActWork, (*Server).guideAway),
		guarded("GET", "/desk/{id}/trouble", staff.ActWork, (*Server).complaintPage),
		guarded("POST", "/desk/{id}/trouble", staff.ActWork, (*Server).complaintFile),
		guarded("POST", "/desk/{id}/trouble/answers", staff.ActWork, (*Server).complaintAnswers),
		guarded("POST", "/desk/{id}/trouble/measure", staff.ActWork, (*Server).measureAgain),
		guarded("POST", "/desk/{id}/device", staff.ActDevice, (*Server).deviceAct),
		guarded("POST", "/desk/{id}/device/settle", staff.ActDevice, (*Server).deviceSettle),
		guarded("POST", "/desk/{id}/trouble/reveal", staff.ActReveal, (*Server).complaintReveal),

		guarded("GET", "/customers/{id}", staff.ActReadCustomer, (*Server).customerPage),
		guarded("POST", "/customers/{id}/reveal", staff.ActReveal, (*Server).customerReveal),

		guarded("GET", "/intake", staff.ActOpenTicket, (*Server).intakePage),
		guarded("POST", "/intake", staff.ActOpenTicket, (*Server).intake),
		guarded("POST", "/intake/recommendation", staff.ActAskRecommend, (*Server).askRecommendation),
		guarded("GET", listsPath, staff.ActImport, (*Server).listsPage),
		guarded("POST", listsPath, staff.ActImport, (*Server).listUpload),

		guarded("GET", "/lead", staff.ActAttention, (*Server).leadPage),
		guarded("POST", "/lead/recommendations/{id}", staff.ActRecommend, (*Server).decideRecommendation),
		guarded("POST", "/lead/tickets/{id}/raise", staff.ActRaise, (*Server).raise),
		guarded("POST", "/lead/tickets/{id}/requeue", staff.ActTakeOver, (*Server).requeue),
		guarded("POST", "/lead/tickets/{id}/end", staff.ActTakeOver, (*Server).endTicket),
		guarded("POST", "/lead/tickets/{id}/take-over", staff.ActTakeOver, (*Server).takeOver),
		guarded("POST", "/lead/agents/{id}/campaigns", staff.ActMix, (*Server).mix),

		guarded("GET", keptPath, staff.ActMoveDrafts, (*Server).keptPage),
		guarded("POST", keptPath+"/{id}", staff.ActMoveDrafts, (*Server).keptMove),
		guarded("POST", "/lead/outages", staff.ActOutage, (*Server).declareOutage),
		guarded("POST", "/lead/outages/{id}/recover", staff.ActOutage, (*Server).recoverOutage),
		guarded("GET", "/lead/ideas", staff.ActIdeas, (*Server).ideasPage),
		guarded("POST", "/lead/ideas", staff.ActIdeas, (*Server).ideasUpload),
		guarded("POST", "/lead/ideas/{id}/deal", staff.ActIdeas, (*Server).ideasDeal),
		guarded("GET", "/lead/forms/{id}", staff.ActIdeas, (*Server).leadForm),
		guarded("GET", "/lead/forms/{id}/{type}", staff.ActIdeas, (*Server).leadFormFile),
		guarded("POST", "/lead/forms/{id}/receive", staff.ActIdeas, (*Server).leadReceive),
		guarded("GET", "/lead/force-close/{type}", staff.ActIdeas, (*Server).forceCloseFile),
		guarded("GET", "/forms", staff.ActForm, (*Server).formsPage),
		guarded("POST", "/forms/{id}/send", staff.ActForm, (*Server).formSend),

		guarded("GET", registrationsPath, staff.ActReadRegistration, (*Server).registrationsPage),
		guarded("POST", registrationsPath, staff.ActRegister, (*Server).register),
		guarded("GET", registrationsPath+"/new", staff.ActRegister, (*Server).registerPage),
		guarded("POST", registrationsPath+"/check", staff.ActRegister, (*Server).registerCheck),
		guarded("GET", offerPath, staff.ActPackages, (*Server).offerPage),
		guarded("POST", registrationsPath+"/packages", staff.ActPackages, (*Server).packageSave),
		guarded("GET", registrationsPath+"/{no}", staff.ActReadRegistration, (*Server).registrationPage),
		guarded("POST", registrationsPath+"/{no}/moves", staff.ActCancelRegistration, (*Server).moveRegistration),

		guarded("GET", shelfPath, staff.ActReadKnowledge, (*Server).shelfPage),
		guarded("GET", shelfPath+"/new", staff.ActWriteKnowledge, (*Server).newArticlePage),
		guarded("POST", shelfPath, staff.ActWriteKnowledge, (*Server).articleWrite),
		guarded("GET", shelfPath+"/{code}", staff.ActReadKnowledge, (*Server).articlePage),
		guarded("POST", shelfPath+"/{code}", staff.ActWriteKnowledge, (*Server).articleWrite),
		guarded("POST", shelfPath+"/{code}/{revision}/moves", staff.ActReadKnowledge, (*Server).articleMove),

		guarded("GET", "/outbox", staff.ActReadOutbox, (*Server).outboxPage),
		guarded("POST", "/outbox/{id}/done", staff.ActKeepPromise, (*Server).promiseDone),
		guarded("POST", "/outbox/{id}/retry", staff.ActSettleOutbox, (*Server).promiseRetry),
		guarded("POST", "/outbox/{id}/waive", staff.ActSettleOutbox, (*Server).promiseWaive),

		guarded("GET", recordsPath, staff.ActReadRecords, (*Server).recordsPage),
		guarded("GET", recordsPath+"/rules/{kind}", staff.ActReadRecords, (*Server).recordRulePage),
		guarded("POST", recordsPath+"/rules/{kind}", staff.ActRecords, (*Server).recordRuleSave),
		guarded("POST", recordsPath+"/rows/{id}/drop", staff.ActRecords, (*Server).recordRuleDrop),
		guarded("POST", recordsPath+"/holds", staff.ActHoldRecords, (*Server).holdPlace),
		guarded("POST", recordsPath+"/holds/{id}/lift", staff.ActHoldRecords, (*Server).holdLift),
		guarded("POST", recordsPath+"/purges", staff.ActRecords, (*Server).purgeDraw),
		guarded("GET", recordsPath+"/purges/{id}", staff.ActReadRecords, (*Server).purgePage),
		guarded("GET", recordsPath+"/purges/{id}/csv", staff.ActReadRecords, (*Server).purgeSheet),
		guarded("POST", recordsPath+"/purges/{id}/ask", staff.ActRecords, (*Server).purgeAsk),
		guarded("POST", recordsPath+"/purges/{id}/confirm", staff.ActConfirmPurge, (*Server).purgeConfirm),
		guarded("POST", recordsPath+"/purges/{id}/stop", staff.ActRecords, (*Server).purgeStop),

		guarded("GET", "/admin/settings", staff.ActReadSettings, (*Server).settingsPage),
		guarded("POST", "/admin/settings/ladder", staff.ActSettings, (*Server).ladderSave),
		guarded("POST", "/admin/settings/line", staff.ActSettings, (*Server).lineRuleSave),
		guarded("POST", "/admin/settings/isolir", staff.ActSettings, (*Server).graceSave),
		guarded("POST", "/admin/settings/outage", staff.ActOutage, (*Server).verifySave),
		guarded("POST", "/admin/settings/terms", staff.ActSettings, (*Server).termsSave),

		guarded("GET", draftPath, staff.ActReadDraft, (*Server).draftPage),
		guarded("GET", draftPath+"/file", staff.ActReadDraft, (*Server).draftFile),
		guarded("POST", draftPath+"/file", staff.ActDraft, (*Server).draftFileSave),
		guarded("GET", draftPath+"/edit", staff.ActDraft, (*Server).draftEdit),
		guarded("POST", draftPath+"/edit", staff.ActDraft, (*Server).draftEditSave),
		guarded("GET", draftPath+"/try", staff.ActReadDraft, (*Server).draftTry),
		guarded("POST", draftPath+"/try", staff.ActReadDraft, (*Server).draftTry),
		guarded("POST", draftPath+"/undo", staff.ActDraft, (*Server).draftUndo),
		guarded("POST", draftPath+"/comments", staff.ActReadDraft, (*Server).draftRemark),
		guarded("POST", draftPath+"/comments/{id}/settle", staff.ActReadDraft, (*Server).draftSettle),
		guarded("POST", draftPath+"/dry-run", staff.ActReadDraft, (*Server).draftRun),
		guarded("POST", draftPath+"/dry-run/stop", staff.ActReadDraft, (*Server).draftRunStop),

		guarded("POST", "/search", staff.ActSearch, (*Server).search),
	}
}

// Routes lists the doors, for `sapa routes` and for the test that walks them with every role.
func Routes() []staff.Route {
	var all []staff.Route
	for _, p := range pages() {
		all = append(all, p.Route)
	}
	return all
}

// New makes the pages.
func New(p Parts) *Server {
	if p.Devices == nil {
		p.Devices = &device.Operator{Store: p.Store, Log: p.Log}
	}
	if p.Control == nil {
		p.Control = &control.Seat{Campaigns: p.Campaigns, Hub: p.Hub, Site: p.Site}
	}
	s := &Server{Parts: p}
	mux := http.NewServeMux()
	for _, one := range pages() {
		mux.HandleFunc(one.Method+" "+one.Pattern, func(w http.ResponseWriter, r *http.Request) { s.enter(w, r, one) })
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.enter(w, r, page{staff.Route{Open: true}, func(s *Server, w http.ResponseWriter, r *request) {
			s.sorry(w, r, http.StatusNotFound, "web.no-page")
		}})
	})
	csrf := http.NewCrossOriginProtection()
	s.mux = headers(csrf.Handler(mux))
	return s
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// headers keep a page from being framed, from running or loading anything that is not ours, and from being kept by
// anybody on the way (trust 1.7).
func headers(next http.Handler) http.Handler {
	const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", csp)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
