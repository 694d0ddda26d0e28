package procedure

import (
	"cmp"
	"fmt"
	"slices"
)

// Problem is one thing wrong with a document, with its place and what would mend it.
type Problem struct {
	File   string
	Line   int
	Key    string            // what kind of mistake; the key of its sentence
	Values map[string]string // for the sentence's {places}
}

// Text says what is wrong, in English, for a command line.
func (p Problem) Text() string { return FillText(mistakes[p.Key].text, p.Values) }

// Remedy says what would mend it.
func (p Problem) Remedy() string { return FillText(mistakes[p.Key].remedy, p.Values) }

func (p Problem) Error() string {
	return fmt.Sprintf("%s:%d: %s (%s)", p.File, p.Line, p.Text(), p.Remedy())
}

// mistakes are all the checker can find. testdata/broken holds one broken file for each.
var mistakes = map[string]struct{ text, remedy string }{
	// the file itself
	"file":            {"cannot be read: {cause}", "put the file there"},
	"size":            {"is larger than {max} bytes", "split it"},
	"nodes":           {"holds more than {max} keys and values", "split it"},
	"more":            {"and {n} more mistakes", "mend these first"},
	"yaml":            {"is not YAML: {cause}", "mend the YAML"},
	"second-document": {"holds a second YAML document", "keep one document in a file"},
	"alias":           {"anchors and aliases are not used here", "write the value out"},
	"double-key":      {"key {key} stands twice", "keep one of them"},
	"unknown-key":     {"key {key} is not known here", "known here: {known}"},
	"kind":            {"{what} is expected here", "write it so, or take the key away"},
	"empty":           {"the value is empty", "write one, or take the key away"},
	"language":        {"the text stands in one language only", "write both id: and en:"},
	"condition":       {"a condition is expected here", "write a field and its value, or all, any, not with such"},

	// the decisions that answer findings
	"resolution": {"“{line}” is not a class of finding, a clause and a decision", "write three words, as: unfinished 5.5.11 A-24"},

	// the document
	"title-block":     {"the title block lacks {what}", "write code, title, effective (2006-01-02) and revision (a number)"},
	"clause-text":     {"clause {clause} lacks id, text or en", "write all three"},
	"double-clause":   {"clause {clause} stands twice", "keep one of them"},
	"unknown-parent":  {"clause {clause} stands under {parent}, which is not a clause", "name a clause of clauses.yaml"},
	"unknown-clause":  {"{what} cites {clause}, which is neither in clauses.yaml nor in gaps.yaml", "cite a clause that exists"},
	"no-clause":       {"{what} cites no clause", "say which clause asks for it"},
	"not-carried":     {"nothing carries clause {clause}", "cite it where it happens, or list it in open.yaml with the reason"},
	"open-carried":    {"clause {clause} is listed as open but {what} carries it", "take it out of open.yaml"},
	"open-unknown":    {"clause {clause} is listed as open but is not in clauses.yaml", "name a clause that exists"},
	"open-reason":     {"open clause {clause} lacks its reason, room or issue", "write why it waits, for which room and which issue"},
	"no-procedure":    {"campaign {id} has no file", "write campaigns/{id}.yaml or take it out of campaigns:"},
	"not-listed":      {"campaign {id} is not in campaigns: of document.yaml", "add it there"},
	"application":     {"{what} names application {id}, which is not in document.yaml", "name one of: {known}"},
	"unknown-use":     {"there are no shared steps {id}", "put the file into common/"},
	"double-use":      {"the shared steps {id} are used twice", "use them once: a question is asked once"},
	"wrong-document":  {"the file belongs to {was}, the folder to {is}", "write the folder's document and revision"},
	"double-campaign": {"campaign {id} has two files", "keep one of them"},

	// the mapping of open work from an older revision
	"mapping-from": {"the mapping is from revision {from}, and this is {revision}", "name an older revision under from:"},
	"mapping-row":  {"the row for {what} is no mapping", "write campaign, field, maybe option, and either to: or gone: true"},
	"mapping-to":   {"the row for {what} leads to {to}, which is not in this revision", "name what is, or write gone: true"},
	"mapping-was":  {"{what} was not in revision {from}", "take the row out, or mend the name"},
	"mapping-gone": {"{what} has gone with revision {revision}, and the mapping does not say what becomes of its answers", "add a row with to: or gone: true"},

	// names and words
	"missing-part":  {"{what} lacks {part}", "write {part}:"},
	"name":          {"{what} is not a good name", "small letters and digits; fields joined with _, the rest with -"},
	"double-name":   {"{what} stands twice", "give each its own name"},
	"unknown-word":  {"{what} is not known", "write one of: {known}"},
	"unknown-fact":  {"fact {id} is not known to the house", "write one of: {known}"},
	"unused-fact":   {"fact {id} is listed but nothing asks for it", "take it out of facts:"},
	"unknown-field": {"step {step} asks field {id}, which does not exist", "write it under fields:"},
	"unasked-field": {"no step asks field {id}", "put it into a step"},
	"options":       {"field {id} of type {type} {has} options", "a choice or a check has options, others have none"},
	"no-means":      {"option {option} of {id} says no meaning", "write means:"},
	"place":         {"the text of {what} has a place for {place}, which nothing fills", "name a field of this procedure or one of: {known}"},
	"at":            {"{what} waits for {id}, which is not a time field", "name a field of type time"},
	"ending":        {"outcome {id} {has}", "an outcome either closes the ticket or calls again, once"},

	// conditions
	"later":         {"the condition of {what} asks {id}, which comes later", "ask only facts and earlier fields"},
	"unknown-asked": {"the condition of {what} asks {id}, which is neither a field nor a listed fact", "write the fact under facts:, or mend the name"},
	"unknown-value": {"the condition of {what} compares {id} with {value}, which it can never be", "write one of: {known}"},

	// what the walk finds
	"too-many":       {"the procedure has more distinguishable states than {max}, or is too large to walk them", "split a field or ask less in conditions"},
	"never-step":     {"step {id} is never reached", "mend its condition"},
	"never-field":    {"field {id} is never asked", "mend its condition"},
	"never-option":   {"option {option} of {id} is never on offer", "mend its condition or its meaning"},
	"never-outcome":  {"outcome {id} is never reached", "mend its condition, or put it before the one that takes its cases"},
	"dead-end":       {"field {id} must be answered but offers nothing when {state}", "offer an option then, or do not ask it"},
	"no-outcome":     {"no outcome is reached when {state}", "add an outcome or ask more"},
	"effect-unasked": {"outcome {outcome} needs {id}, which has no value when {state}", "make the field required then"},
}

// inOrder gives the problems in the order of files and lines.
func inOrder(problems []Problem) []Problem {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return problems
}
