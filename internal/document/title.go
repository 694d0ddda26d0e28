package document

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/phrase"
	"sapa/internal/procedure"
	"sapa/internal/who"
)

var (
	effectiveOfBook = regexp.MustCompile(`(?m)^effective: \{text: "[^"]*"`)
	dateOfSignature = regexp.MustCompile(`(?m)^(  - \{id: \w+, position: [^,{}]+), date: "[^"]*"(, clause: doc\.sign\.\w+\})$`)
	historyOfBook   = regexp.MustCompile(`(?m)^history:\n(?:  - .*\n)*`)
	dayOnPaper      = regexp.MustCompile(`(?m)^(- \{id: "?doc\.sign\.\w+"?, text: ".*?) Tanggal : [^"]*(", en: ".*?)(?:, \d{1,2} \w+ \d{4})?("\})$`)
	effectiveClause = regexp.MustCompile(`(?m)^(- \{id: "?doc\.effective"?, text: "Tanggal Berlaku : )[^"]*(", en: "Effective from )[^"]*("\})$`)
	revisionClause  = regexp.MustCompile(`(?m)^(- \{id: "?doc\.revision"?, text: "Revisi : )[^"]*(", en: "Revision )[^"]*("\})$`)
)

// Schedule says from when the draft shall be in force - zero: as soon as it is approved, on the day it is signed - and what changed in it, for
// its own change history (SOP doc.effective, 7). It writes the title block so: number, effective day, no days beside the signatures, for
// those are sapa's own, a row of history. What the three sign is what is published.
func Schedule(tx *db.Tx, by who.Actor, d Draft, effective time.Time, summary procedure.Text, site *time.Location) (Draft, error) {
	if !effective.IsZero() && effective.Before(tx.Now) {
		return d, fault.New(fault.Invalid, "document.effective-past").At("effective_at", "doc.effective")
	}
	summary = procedure.Text{ID: strings.Join(strings.Fields(summary.ID), " "), EN: strings.Join(strings.Fields(summary.EN), " ")}
	if summary.ID == "" && !strings.Contains(d.Files["document.yaml"], fmt.Sprintf(`  - {revision: "%02d", `, d.Revision)) {
		return d, fault.New(fault.Invalid, "document.summary").At("summary", "7")
	}
	if len(summary.ID)+len(summary.EN) > 4*reasonMax {
		return d, fault.New(fault.Invalid, "document.reason-long", "max", reasonMax).At("summary", "7")
	}
	d.EffectiveAt = effective
	d.Files = writeTitle(d.Files, d.Revision, effectiveDay(effective, tx.Now, site), summary)
	return Save(tx, by, d)
}

// effectiveDay is the site's day of the effective moment, or today when that is the approval.
func effectiveDay(effective, now time.Time, site *time.Location) time.Time {
	if effective.IsZero() {
		effective = now
	}
	return effective.In(site)
}

func writeTitle(files map[string]string, revision int, day time.Time, summary procedure.Text) map[string]string {
	files = maps.Clone(files)
	number, date := fmt.Sprintf("%02d", revision), day.Format(time.DateOnly)
	book := effectiveOfBook.ReplaceAllString(files["document.yaml"], `effective: {text: "`+date+`"`)
	book = dateOfSignature.ReplaceAllString(book, "$1$2")
	files["document.yaml"] = historyOfBook.ReplaceAllStringFunc(book, func(block string) string {
		row := `  - {revision: "` + number + `", `
		var out strings.Builder
		mine := false
		for line := range strings.Lines(block) {
			if strings.HasPrefix(line, row) {
				if summary.ID != "" && strings.Contains(line, `, clause: "7", `) { // written here before
					continue
				}
				mine = true
				_, rest, _ := strings.Cut(line, `, clause: `)
				line = row + `date: "` + date + `", clause: ` + rest
			}
			out.WriteString(line)
		}
		if summary.ID != "" && !mine {
			if summary.EN == "" {
				summary.EN = summary.ID
			}
			fmt.Fprintf(&out, "%sdate: \"%s\", clause: \"7\", text: {id: %s, en: %s}}\n", row, date, quoted(summary.ID), quoted(summary.EN))
		}
		return out.String()
	})
	text := effectiveClause.ReplaceAllString(files["clauses.yaml"], "${1}"+dayIn(phrase.ID, day)+"${2}"+dayIn(phrase.EN, day)+"${3}")
	text = revisionClause.ReplaceAllString(text, "${1}"+number+"${2}"+number+"${3}")
	files["clauses.yaml"] = dayOnPaper.ReplaceAllString(text, "$1$2$3")
	return files
}

// quoted writes a text as YAML and JSON both read it.
func quoted(s string) string {
	b, _ := json.Marshal(s) // a string: it can't fail
	return string(b)
}

// dayIn prints a day as the document does: 03 Desember 2019.
func dayIn(lang phrase.Lang, day time.Time) string {
	_, date, _ := strings.Cut(phrase.LongDate(lang, day), ", ")
	if lang == phrase.ID && day.Day() < 10 {
		date = "0" + date
	}
	return date
}

// titled tells whether the title block says what would be published.
func (d Draft) titled(b *procedure.Book, at time.Time, site *time.Location) error {
	day, doc := effectiveDay(d.EffectiveAt, at, site), b.Document
	lacks := func(what, clause string) error {
		return fault.New(fault.Invalid, "document.title", "what", phrase.Of("document.title."+what), "date", day.Format(time.DateOnly)).At("effective_at", clause)
	}
	switch {
	case doc.Code != d.Document:
		return lacks("code", "doc.code")
	case doc.Revision != d.Revision:
		return lacks("revision", "doc.revision")
	case doc.Effective != day.Format(time.DateOnly):
		return lacks("effective", "doc.effective")
	}
	positions := map[string]bool{}
	for _, s := range doc.Signatures {
		if s.Date != "" {
			return lacks("signature-days", s.Clause)
		}
		positions[s.Clause] = s.Position != ""
	}
	for _, p := range Parts {
		if !positions[clauses[p]] {
			return lacks("signature", clauses[p])
		}
	}
	row := false
	for _, h := range doc.History {
		if h.Revision == fmt.Sprintf("%02d", d.Revision) {
			if h.Date != doc.Effective {
				return lacks("history-day", "7")
			}
			row = true
		}
	}
	if !row {
		return lacks("history", "7")
	}
	if c, ok := b.Clause("doc.effective"); ok && !strings.Contains(c.Text, dayIn(phrase.ID, day)) {
		return lacks("effective-text", "doc.effective")
	}
	if c, ok := b.Clause("doc.revision"); ok && !strings.Contains(c.Text, fmt.Sprintf("%02d", d.Revision)) {
		return lacks("revision-text", "doc.revision")
	}
	return nil
}

// Summary is what a revision's own history says of it, the rows of its number.
func Summary(b *procedure.Book) (all []procedure.Text) {
	for _, h := range b.Document.History {
		if h.Revision == fmt.Sprintf("%02d", b.Document.Revision) {
			all = append(all, h.Text)
		}
	}
	return all
}
