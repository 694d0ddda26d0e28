package web

import "sapa/internal/phrase"

// key is one key of one screen. Letters and digits act only when no text field has the focus; Ctrl and Alt act everywhere.
type key struct {
	Screen string // "*" is every screen
	Key    string // as the script reads it: a letter, Ctrl+Enter, g d
	Show   []string
	Say    string // phrase key of what it does
	Foot   bool   // shown in the footer
	Group  string // of the ? sheet
}

// keyTable is the whole keyboard map as data (decisions.md, Data and pictures). A test refuses clashes.
var keyTable = []key{
	{"*", "Ctrl+k", []string{"Ctrl", "K"}, "web.key.palette", true, "general"},
	{"*", "?", []string{"?"}, "web.key.sheet", true, "general"},
	{"*", "Escape", []string{"Esc"}, "web.key.leave", false, "general"},
	{"*", "g d", []string{"G", "D"}, "web.key.go-desk", false, "general"},
	{"*", "g s", []string{"G", "S"}, "web.key.go-shift", false, "general"},
	{"*", "g o", []string{"G", "O"}, "web.key.go-outbox", false, "general"},
	{"*", "g b", []string{"G", "B"}, "web.key.go-lead", false, "general"},
	{"*", "g i", []string{"G", "I"}, "web.key.go-intake", false, "general"},
	{"*", "g e", []string{"G", "E"}, "ideas.key.go-ideas", false, "general"},
	{"*", "g f", []string{"G", "F"}, "ideas.key.go-forms", false, "general"},
	{"*", "g k", []string{"G", "K"}, "knowledge.key.go", false, "general"},
	{"*", "g r", []string{"G", "R"}, "registration.key.go", false, "general"},
	{"*", "g p", []string{"G", "P"}, "control.key.go", false, "general"},
	{"*", "g m", []string{"G", "M"}, "page.records.key.go", false, "general"},
	{"*", "g a", []string{"G", "A"}, "web.key.go-settings", false, "general"},

	{"records", "d", []string{"D"}, "page.records.key.draw", true, "general"},
	{"records", "h", []string{"H"}, "page.records.key.hold", true, "general"},
	{"records", "n", []string{"N"}, "page.records.key.new", true, "general"},
	{"record-rule", "Ctrl+Enter", []string{"Ctrl", "↵"}, "page.records.key.save", true, "general"},
	{"record-rule", "b", []string{"B"}, "page.records.key.back", true, "general"},
	{"purge", "a", []string{"A"}, "page.records.key.ask", true, "general"},
	{"purge", "y", []string{"Y"}, "page.records.key.confirm", true, "general"},
	{"purge", "x x", []string{"X", "X"}, "page.records.key.stop", false, "general"},
	{"purge", "c", []string{"C"}, "page.records.key.csv", true, "general"},
	{"purge", "r", []string{"R"}, "page.records.key.again", false, "general"},
	{"purge", "b", []string{"B"}, "page.records.key.back", true, "general"},

	{"lead", "v", []string{"V"}, "page.kept.key.open", true, "general"},
	{"kept", "b", []string{"B"}, "page.kept.key.back", true, "general"},

	{"ideas", "e", []string{"E"}, "ideas.key.evenly", true, "ticket"},
	{"ideas", "b", []string{"B"}, "ideas.key.by-load", true, "ticket"},
	{"ideas", "Ctrl+Enter", []string{"Ctrl", "↵"}, "ideas.key.deal", true, "ticket"},
	{"forms", "Ctrl+Enter", []string{"Ctrl", "↵"}, "ideas.key.send", true, "ticket"},

	{"desk", "1-9", []string{"1", "–", "9"}, "web.key.option", true, "procedure"},
	{"desk", "Enter", []string{"↵"}, "web.key.accept", true, "procedure"},
	{"desk", "j", []string{"J"}, "web.key.step-next", true, "procedure"},
	{"desk", "k", []string{"K"}, "web.key.step-back", false, "procedure"},
	{"desk", "[", []string{"["}, "web.key.panel-back", false, "general"},
	{"desk", "]", []string{"]"}, "web.key.panel-next", false, "general"},
	{"desk", ".", []string{"."}, "web.key.clause", false, "procedure"},
	{"desk", "w", []string{"W"}, "web.key.remarks", false, "procedure"},
	{"desk", "Ctrl+Enter", []string{"Ctrl", "↵"}, "web.key.save-next", false, "procedure"},
	{"desk", "n", []string{"N"}, "web.key.next", false, "call"},
	{"desk", "b", []string{"B"}, "web.key.help", false, "call"},
	{"desk", "c", []string{"C"}, "web.key.dial", false, "call"},
	{"desk", "x x", []string{"X", "X"}, "web.key.hang-up", false, "call"},
	{"desk", "r", []string{"R"}, "web.key.reschedule", false, "ticket"},
	{"desk", "u", []string{"U"}, "web.key.undo", false, "ticket"},
	{"desk", "l", []string{"L"}, "web.key.release", false, "ticket"},
	{"desk", "v", []string{"V"}, "web.key.reveal", false, "customer"},
	{"desk", "a", []string{"A"}, "seat.key.along", false, "customer"},
	{"desk", "p", []string{"P"}, "customer.key.open", false, "customer"},
	{"desk", "t", []string{"T"}, "complaint.key.open", false, "ticket"},
	{"desk", "o", []string{"O"}, "registration.key.open", false, "ticket"},
	{"desk", "/", []string{"/"}, "knowledge.key.search", false, "customer"},
	{"desk", "Alt+1", []string{"Alt", "1", "–", "3"}, "knowledge.key.open", false, "customer"},
	{"desk", "Alt+2", nil, "knowledge.key.open", false, ""},
	{"desk", "Alt+3", nil, "knowledge.key.open", false, ""},
	{"desk", "y", []string{"Y", "N"}, "knowledge.key.answer", false, "customer"}, // n answers no here: nothing is taken while a ticket is in hand

	{"complaint", "1-9", []string{"1", "–", "9"}, "web.key.option", true, "ticket"},
	{"complaint", "f", []string{"F"}, "complaint.key.earliest", true, "ticket"},
	{"complaint", "y", []string{"Y"}, "complaint.key.agree", true, "ticket"},
	{"complaint", "d", []string{"D"}, "complaint.key.measure", true, "ticket"},
	{"complaint", "r", []string{"R"}, "device.key.reboot", false, "customer"},
	{"complaint", "p", []string{"P"}, "device.key.wifi", false, "customer"},
	{"complaint", "z", []string{"Z"}, "device.key.factory-reset", false, "customer"},
	{"complaint", "h", []string{"H"}, "complaint.key.history", false, "ticket"},
	{"complaint", "w", []string{"W"}, "complaint.key.describe", true, "ticket"},
	{"complaint", "v", []string{"V"}, "web.key.reveal", true, "customer"},
	{"complaint", "Ctrl+Enter", []string{"Ctrl", "↵"}, "complaint.key.submit", false, "ticket"},
	{"complaint", ".", []string{"."}, "web.key.clause", false, "ticket"},
	{"complaint", "[", []string{"["}, "web.key.panel-back", false, "general"},
	{"complaint", "]", []string{"]"}, "web.key.panel-next", false, "general"},
	{"complaint", "c", []string{"C"}, "web.key.dial", false, "call"},
	{"complaint", "x x", []string{"X", "X"}, "web.key.hang-up", false, "call"},

	{"customer", "v", []string{"V"}, "web.key.reveal", true, "customer"},
	{"customer", "[", []string{"["}, "web.key.panel-back", false, "general"},
	{"customer", "]", []string{"]"}, "web.key.panel-next", false, "general"},

	{"draft", "j", []string{"J", "K"}, "draft.key.next", true, "procedure"},
	{"draft", "k", nil, "draft.key.back", false, ""},
	{"draft", "d", []string{"D"}, "draft.key.diff", true, "procedure"},
	{"draft", "Alt+u", []string{"Alt", "U"}, "draft.key.try", true, "procedure"},
	{"draft", "u", []string{"U"}, "draft.key.undo", false, "procedure"},
	{"draft", "Ctrl+Enter", []string{"Ctrl", "↵"}, "draft.key.begin", false, "procedure"},
	{"draft", "[", []string{"["}, "web.key.panel-back", false, "general"},
	{"draft", "]", []string{"]"}, "web.key.panel-next", false, "general"},
	{"draft", "e", []string{"E"}, "draft.key.edit", true, "procedure"},
	{"draft-edit", "Ctrl+Enter", []string{"Ctrl", "↵"}, "draft.key.save", true, "procedure"},
	{"draft-edit", "u", []string{"U"}, "draft.key.undo", false, "procedure"},
	{"draft-file", "Ctrl+Enter", []string{"Ctrl", "↵"}, "draft.key.save", true, "procedure"},
	{"draft-try", "1-9", []string{"1", "–", "9"}, "web.key.option", true, "procedure"},
	{"draft-try", "c", []string{"C"}, "draft.key.line", true, "procedure"},
	{"draft-try", "w", []string{"W"}, "web.key.remarks", false, "procedure"},
	{"draft-try", "Ctrl+Enter", []string{"Ctrl", "↵"}, "draft.key.finish", true, "procedure"},
	{"draft-try", "[", []string{"["}, "web.key.panel-back", false, "general"},
	{"draft-try", "]", []string{"]"}, "web.key.panel-next", false, "general"},

	{"shift", "Enter", []string{"↵"}, "web.key.start", true, "shift"},
	{"shift", "r", []string{"R"}, "web.key.again", true, "shift"},
	{"shift", "b", []string{"B"}, "web.key.read", true, "shift"},

	{"procedure", "e", []string{"E"}, "draft.key.go", true, "procedure"},
	{"procedure", "b", []string{"B"}, "control.key.begin", false, "procedure"},
	{"procedure", "s", []string{"S"}, "control.key.password", false, "procedure"},
	{"procedure", "Ctrl+Enter", []string{"Ctrl", "↵"}, "control.key.sign", true, "procedure"},

	{"intake", "a", []string{"A", "–", "G"}, "web.key.criteria", true, "intake"},
	{"intake", "b", nil, "web.key.criteria", false, ""},
	{"intake", "c", nil, "web.key.criteria", false, ""},
	{"intake", "d", nil, "web.key.criteria", false, ""},
	{"intake", "e", nil, "web.key.criteria", false, ""},
	{"intake", "f", nil, "web.key.criteria", false, ""},
	{"intake", "g", nil, "web.key.criteria", false, ""},
	{"intake", "1-4", []string{"1", "–", "4"}, "web.key.when", false, "intake"},
	{"intake", "Tab", []string{"Tab"}, "web.key.field", true, "intake"},
	{"intake", "Ctrl+Enter", []string{"Ctrl", "↵"}, "web.key.send", false, "intake"},
	{"intake", "p", []string{"P"}, "web.key.phone", true, "intake"},
	{"intake", "Alt+l", []string{"Alt", "L"}, "web.key.look", false, "intake"},
}

// ownKey tells whether a key does something by itself on a screen.
func ownKey(screen, key string) bool {
	for _, k := range keyTable {
		if k.Screen == screen && k.Key == key {
			return true
		}
	}
	return false
}

// keyHint is a key as a page shows it.
type keyHint struct {
	Caps  []string
	Text  string
	Group string
	Foot  bool
}

// hints lists the keys of a screen as pages show them, its own first.
func hints(screen string, l phrase.Lang) []keyHint {
	var out []keyHint
	for _, own := range []bool{true, false} {
		for _, k := range keyTable {
			if k.Show == nil || (k.Screen == screen) != own || (k.Screen != screen && k.Screen != "*") {
				continue
			}
			out = append(out, keyHint{k.Show, phrase.Say(l, k.Say), k.Group, k.Foot})
		}
	}
	return out
}

// keyGroups is the order of the ? sheet.
var keyGroups = []string{"call", "procedure", "ticket", "customer", "shift", "intake", "general"}
