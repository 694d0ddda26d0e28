package api

import (
	"sapa/internal/staff"
)

// routes is every door of the API.
func (a *API) routes() []route {
	const v1 = "/api/v1"
	return []route{
		open("/livez", a.livez),
		open("/readyz", a.readyz),
		open("/api/openapi.yaml", a.openapi),

		a.act("POST", v1+"/tickets", staff.ActOpenTicket, a.openTicket),
		a.look("GET", v1+"/tickets", staff.ActReadTicket, a.tickets),
		a.look("GET", v1+"/tickets/{id}", staff.ActReadTicket, a.ticket),
		a.ask(v1+"/search", staff.ActSearch, a.search),

		a.look("GET", v1+"/customers/{id}", staff.ActReadCustomer, a.customer),
		a.reveal(v1 + "/customers/{id}/reveal"),

		a.act("POST", v1+"/work/next", staff.ActWork, a.next),
		a.act("POST", v1+"/work/help", staff.ActWork, a.help),
		a.act("POST", v1+"/tickets/{id}/renew", staff.ActWork, a.renew),
		a.act("POST", v1+"/tickets/{id}/release", staff.ActWork, a.release),
		a.act("POST", v1+"/tickets/{id}/read", staff.ActWork, a.read),
		a.act("POST", v1+"/tickets/{id}/dial", staff.ActWork, a.dial),
		a.act("POST", v1+"/tickets/{id}/attempts", staff.ActWork, a.attempts),
		a.act("PUT", v1+"/tickets/{id}/answers", staff.ActWork, a.answers),
		a.look("GET", v1+"/tickets/{id}/along", staff.ActWork, a.beside),
		a.act("POST", v1+"/tickets/{id}/along", staff.ActWork, a.along),
		a.look("GET", v1+"/tickets/{id}/revision", staff.ActWork, a.moving),
		a.act("POST", v1+"/tickets/{id}/revision", staff.ActWork, a.move),
		a.act("POST", v1+"/tickets/{id}/finish", staff.ActWork, a.finish),
		a.act("POST", v1+"/tickets/{id}/undo", staff.ActWork, a.undo),

		a.act("POST", v1+"/recommendations", staff.ActAskRecommend, a.askRecommendation),
		a.look("GET", v1+"/recommendations", staff.ActOpenTicket, a.recommendations),
		a.act("POST", v1+"/recommendations/{id}", staff.ActRecommend, a.decideRecommendation),
		a.look("GET", v1+"/attention", staff.ActAttention, a.attention),
		a.act("POST", v1+"/tickets/{id}/raise", staff.ActRaise, a.raise),
		a.act("POST", v1+"/tickets/{id}/requeue", staff.ActTakeOver, a.requeue),
		a.act("POST", v1+"/tickets/{id}/end", staff.ActTakeOver, a.end),
		a.act("POST", v1+"/tickets/{id}/take-over", staff.ActTakeOver, a.takeOver),
		a.act("PUT", v1+"/agents/{id}/campaigns", staff.ActMix, a.mix),
		a.act("POST", v1+"/drafts/move", staff.ActMoveDrafts, a.moveDrafts),

		a.actAfter("POST", v1+"/trouble", staff.ActTrouble, a.fileTrouble),
		a.look("GET", v1+"/trouble", staff.ActReadTrouble, a.troubles),
		a.look("GET", v1+"/trouble/{no}", staff.ActReadTrouble, a.trouble),
		a.feed(v1 + "/trouble/feed"),
		a.look("GET", v1+"/trouble/groups", staff.ActReadTrouble, a.groups),
		a.act("PUT", v1+"/trouble/groups/{group}/members/{login}", staff.ActPlan, a.join),
		a.act("DELETE", v1+"/trouble/groups/{group}/members/{login}", staff.ActPlan, a.leave),
		a.act("POST", v1+"/trouble/{no}/worklog", staff.ActTroubleNote, a.noteTrouble),
		a.act("POST", v1+"/trouble/{no}/moves", staff.ActTrouble, a.moveTrouble),
		a.look("GET", v1+"/slots", staff.ActReadTrouble, a.slots),
		a.act("PUT", v1+"/slots", staff.ActPlan, a.putSlots),
		a.act("POST", v1+"/slots/{id}/holds", staff.ActTrouble, a.hold),
		a.act("POST", v1+"/holds/{id}/confirm", staff.ActTrouble, a.confirm),
		a.act("POST", v1+"/holds/{id}/moves", staff.ActTrouble, a.reschedule),
		a.act("DELETE", v1+"/holds/{id}", staff.ActTrouble, a.letGo),
		a.actAfter("POST", v1+"/lines/{service_no}/measurements", staff.ActMeasure, a.measure),
		a.look("GET", v1+"/lines/{service_no}/measurements", staff.ActReadTrouble, a.measurements),
		a.act("PUT", v1+"/lines/{service_no}", staff.ActLines, a.putLine),
		a.look("GET", v1+"/devices/{service_no}", staff.ActReadDevice, a.readDevice),
		a.act("PUT", v1+"/devices/{service_no}", staff.ActLines, a.putDevice),
		a.act("POST", v1+"/devices/{service_no}/actions", staff.ActDevice, a.askDevice),
		a.act("POST", v1+"/devices/{service_no}/actions/{id}/settle", staff.ActDevice, a.settleDevice),
		a.look("GET", v1+"/line-rule", staff.ActReadTrouble, a.lineRule),
		a.act("PUT", v1+"/line-rule", staff.ActSettings, a.putLineRule),
		a.look("GET", v1+"/isolir-rule", staff.ActReadCustomer, a.isolirRule),
		a.act("PUT", v1+"/isolir-rule", staff.ActSettings, a.putIsolirRule),

		a.look("GET", v1+"/settings", staff.ActReadSettings, a.settings),
		a.look("GET", v1+"/settings/{name}", staff.ActReadSettings, a.setting),
		a.act("PUT", v1+"/settings/{name}", staff.ActSettings, a.putSetting),

		a.actAfter("POST", v1+"/outages", staff.ActOutage, a.declare),
		a.look("GET", v1+"/outages", staff.ActReadOutage, a.outages),
		a.look("GET", v1+"/outages/{id}", staff.ActReadOutage, a.oneOutage),
		a.actAfter("POST", v1+"/outages/{id}/recover", staff.ActOutage, a.recovered),
		a.look("GET", v1+"/outage-rule", staff.ActReadOutage, a.outageRule),
		a.act("PUT", v1+"/outage-rule", staff.ActOutage, a.putOutageRule),

		a.act("POST", v1+"/registrations", staff.ActRegister, a.register),
		a.look("GET", v1+"/registrations", staff.ActReadRegistration, a.registrations),
		a.look("GET", v1+"/registrations/{no}", staff.ActReadRegistration, a.oneRegistration),
		a.act("POST", v1+"/registrations/{no}/moves", staff.ActCancelRegistration, a.moveRegistration),
		a.look("GET", v1+"/coverage", staff.ActReadRegistration, a.coverage),
		a.act("PUT", v1+"/coverage", staff.ActCoverage, a.putCoverage),
		a.look("GET", v1+"/packages", staff.ActReadRegistration, a.packages),
		a.act("PUT", v1+"/packages", staff.ActPackages, a.putPackages),

		a.look("GET", v1+"/forms", staff.ActReadForm, a.forms),
		a.look("GET", v1+"/forms/{id}", staff.ActReadForm, a.readForm),
		a.act("POST", v1+"/forms/{id}/send", staff.ActForm, a.sendForm),
		a.act("POST", v1+"/forms/{id}/receive", staff.ActIdeas, a.receiveForm),

		a.look("GET", v1+"/knowledge", staff.ActReadKnowledge, a.searchKnowledge),
		a.look("GET", v1+"/knowledge/{code}", staff.ActReadKnowledge, a.article),
		a.act("POST", v1+"/knowledge/{code}/uses", staff.ActWork, a.useArticle),
		a.look("GET", v1+"/knowledge/{code}/revisions", staff.ActReadKnowledge, a.revisions),
		a.look("GET", v1+"/knowledge/{code}/revisions/{revision}", staff.ActReadKnowledge, a.oneRevision),
		a.act("POST", v1+"/knowledge/{code}/revisions", staff.ActWriteKnowledge, a.writeArticle),
		a.act("POST", v1+"/knowledge/{code}/revisions/{revision}/submit", staff.ActWriteKnowledge, a.submitArticle),
		a.act("POST", v1+"/knowledge/{code}/revisions/{revision}/review", staff.ActReviewKnowledge, a.reviewArticle),

		a.look("GET", v1+"/records", staff.ActReadRecords, a.recordsRegister),
		a.act("PUT", v1+"/records", staff.ActRecords, a.putRule),
		a.look("GET", v1+"/records/holds", staff.ActReadRecords, a.legalHolds),
		a.act("POST", v1+"/records/holds", staff.ActHoldRecords, a.placeHold),
		a.act("POST", v1+"/records/holds/{id}/lift", staff.ActHoldRecords, a.liftHold),
		a.look("GET", v1+"/records/purges", staff.ActReadRecords, a.purges),
		a.act("POST", v1+"/records/purges", staff.ActRecords, a.drawPurge),
		a.look("GET", v1+"/records/purges/{id}", staff.ActReadRecords, a.onePurge),
		a.look("GET", v1+"/records/purges/{id}/items", staff.ActReadRecords, a.dryList),
		a.act("POST", v1+"/records/purges/{id}/ask", staff.ActRecords, a.askPurge()),
		a.act("POST", v1+"/records/purges/{id}/confirm", staff.ActConfirmPurge, a.confirmPurge()),
		a.act("POST", v1+"/records/purges/{id}/stop", staff.ActRecords, a.stopPurge()),

		a.look("GET", v1+"/reports/knowledge", staff.ActReport, a.guideReport),
		a.look("GET", v1+"/readiness", staff.ActReadiness, a.readiness),
		a.act("POST", v1+"/readiness", staff.ActReadiness, a.askAgain),
		a.look("GET", v1+"/procedure/clauses/{id}", staff.ActReadDocument, a.clause),
		a.look("GET", v1+"/notices", staff.ActReadDocument, a.notices),
		a.act("POST", v1+"/notices", staff.ActNotice, a.postNotice),
		a.act("POST", v1+"/notices/{id}/read", staff.ActReadDocument, a.readNotice()),
		a.act("POST", v1+"/notices/{id}/withdraw", staff.ActNotice, a.withdrawNotice()),
		a.look("GET", v1+"/notices/{id}/readers", staff.ActNotice, a.noticeReaders),
		a.look("GET", v1+"/procedure", staff.ActReadDocument, a.procedureNow),
		a.look("GET", v1+"/procedure/draft", staff.ActReadDocument, a.procedureDraft),
		a.act("POST", v1+"/procedure/draft", staff.ActDraft, a.beginDraft),
		a.act("POST", v1+"/procedure/draft/schedule", staff.ActDraft, a.scheduleDraft),
		a.act("POST", v1+"/procedure/draft/discard", staff.ActDraft, a.discardDraft),
		a.signDraft(v1 + "/procedure/draft/sign"),
		a.act("POST", v1+"/procedure/draft/return", staff.ActSign, a.returnDraft),
		a.act("POST", v1+"/procedure/revisions/{revision}/recall", staff.ActRecall, a.recallRevision),
		a.look("GET", v1+"/procedure/revisions/{revision}/readers", staff.ActNotice, a.revisionReaders),
		a.act("POST", v1+"/procedure/copies", staff.ActCopies, a.addCopy),
		a.act("POST", v1+"/procedure/copies/{id}/end", staff.ActCopies, a.endCopy),
		a.act("POST", v1+"/procedure/copies/{id}/acknowledge", staff.ActAcknowledge, a.acknowledgeCopy),
		a.look("GET", v1+"/outbox", staff.ActReadOutbox, a.promises),
		a.act("POST", v1+"/outbox/{id}/done", staff.ActKeepPromise, a.promiseDone),
		a.act("POST", v1+"/outbox/{id}/retry", staff.ActSettleOutbox, a.promiseRetry),
		a.act("POST", v1+"/outbox/{id}/waive", staff.ActSettleOutbox, a.promiseWaive),
	}
}

// Routes lists the doors, for `sapa routes` and for the test that walks them with every role.
func Routes() []staff.Route {
	var all []staff.Route
	for _, r := range (&API{}).routes() {
		all = append(all, r.Route)
	}
	return all
}
