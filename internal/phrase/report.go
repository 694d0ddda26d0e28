package phrase

var reportPhrases = map[string]Text{
	"report.sheet.ref":           {"Tiket Ideas", "Ideas ticket"},
	"report.sheet.ticket":        {"Tiket", "Ticket"},
	"report.sheet.service":       {"No Jastel", "Service number"},
	"report.sheet.called":        {"Waktu call", "Called at"},
	"report.sheet.agent":         {"Agent", "Agent"},
	"report.sheet.note":          {"Catatan", "Note"},
	"report.sheet.not-contacted": {"not contacted (tambahan sapa)", "not contacted (added by sapa)"},
}
