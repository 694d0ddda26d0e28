package report

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"sapa/internal/db"
	"sapa/internal/form"
	"sapa/internal/phrase"
)

// The instruction's own words in a sheet, the same in both languages (SOP 5.8.5, 5.6.2).
var sheetWords = map[string]string{
	form.Contacted: "Contacted", form.NotContacted: "Not Contacted", form.FCR: "FCR", form.Eskalasi: "Eskalasi", form.RNA: "RNA",
}

var forceCloseWords = map[string]string{form.Close: "close", form.ContactOpen: "contacted open"}

func ideasHead(l phrase.Lang) []string {
	return []string{"No", phrase.Say(l, "report.sheet.ref"), phrase.Say(l, "report.sheet.service"), phrase.Say(l, "report.sheet.called"),
		"Status Call", "Reason", "No Tiket", "Keterangan"}
}

func ideasLine(r form.Row, zone *time.Location) []string {
	return []string{strconv.Itoa(r.Seq), r.Ref, r.ServiceNo, stamp(r.CalledAt, zone), sheetWords[r.Status], sheetWords[r.Reason], r.TicketNo, r.Remarks}
}

func forceCloseHead(l phrase.Lang) []string {
	return []string{phrase.Say(l, "report.sheet.ticket"), phrase.Say(l, "report.sheet.service"), phrase.Say(l, "report.sheet.called"), "Keterangan",
		phrase.Say(l, "report.sheet.agent"), phrase.Say(l, "report.sheet.note")}
}

// forceCloseLine marks what the instruction does not know as ours.
func forceCloseLine(r form.Row, agent string, zone *time.Location, l phrase.Lang) []string {
	words := forceCloseWords[r.Status]
	if r.Status == form.NotContacted {
		words = phrase.Say(l, "report.sheet.not-contacted")
	}
	return []string{r.TicketNo, r.ServiceNo, stamp(r.CalledAt, zone), words, agent, r.Remarks}
}

// stamp is a moment that sorts as text, in the site's zone; empty when nobody dialled.
func stamp(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format("2006-01-02 15:04")
}

// FormCSV writes an Ideas form as Excel in Indonesia opens it: UTF-8 with its mark, semicolons.
func FormCSV(w io.Writer, rows []form.Row, zone *time.Location, l phrase.Lang) error {
	return sheetCSV(w, ideasHead(l), ideasLines(rows, zone))
}

// FormXLSX writes an Ideas form as a workbook. Every cell is text: numbers keep their zeros, nothing is a formula.
func FormXLSX(w io.Writer, rows []form.Row, zone *time.Location, l phrase.Lang) error {
	return sheetXLSX(w, "Ideas", ideasHead(l), ideasLines(rows, zone))
}

func ideasLines(rows []form.Row, zone *time.Location) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for _, r := range rows {
			if !yield(ideasLine(r, zone), nil) {
				return
			}
		}
	}
}

// ForceCloseRows reads the Force Close form of a time page by page, each page a look of its own: a long look would stop
// SQLite's checkpoints.
func ForceCloseRows(ctx context.Context, store *db.DB, from, until time.Time) iter.Seq2[form.Row, error] {
	return func(yield func(form.Row, error) bool) {
		var after db.ID
		for {
			var page []form.Row
			err := store.Read(ctx, func(tx *db.Tx) (err error) { page, err = form.ForceCloseRows(tx, from, until, after, 500); return err })
			if err != nil {
				yield(form.Row{}, err)
				return
			}
			if len(page) == 0 {
				return
			}
			for _, r := range page {
				if !yield(r, nil) {
					return
				}
				after = r.ID
			}
		}
	}
}

// ForceCloseCSV writes the Force Close form of everybody (SOP 5.6.2, A-26); agent names who filed a row.
func ForceCloseCSV(w io.Writer, rows iter.Seq2[form.Row, error], agent func(db.ID) string, zone *time.Location, l phrase.Lang) error {
	return sheetCSV(w, forceCloseHead(l), forceCloseLines(rows, agent, zone, l))
}

// ForceCloseXLSX is ForceCloseCSV as a workbook.
func ForceCloseXLSX(w io.Writer, rows iter.Seq2[form.Row, error], agent func(db.ID) string, zone *time.Location, l phrase.Lang) error {
	return sheetXLSX(w, "Force Close", forceCloseHead(l), forceCloseLines(rows, agent, zone, l))
}

func forceCloseLines(rows iter.Seq2[form.Row, error], agent func(db.ID) string, zone *time.Location, l phrase.Lang) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for r, err := range rows {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(forceCloseLine(r, agent(r.By), zone, l), nil) {
				return
			}
		}
	}
}

// harmless keeps a spreadsheet from taking what a customer said for a formula. Only a CSV needs it: there a cell has no type.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(cell)[0]) {
		return "'" + cell
	}
	return cell
}

func sheetCSV(w io.Writer, head []string, lines iter.Seq2[[]string, error]) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.Comma, c.UseCRLF = ';', true
	if err := c.Write(head); err != nil {
		return err
	}
	for line, err := range lines {
		if err != nil {
			return err
		}
		safe := make([]string, len(line))
		for i, cell := range line {
			safe[i] = harmless(cell)
		}
		if err := c.Write(safe); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

func sheetXLSX(w io.Writer, name string, head []string, lines iter.Seq2[[]string, error]) error {
	book := excelize.NewFile()
	defer book.Close()
	if err := book.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	s, err := book.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := s.SetRow("A1", cells(head)); err != nil {
		return err
	}
	row := 2
	for line, err := range lines {
		if err != nil {
			return err
		}
		if err := s.SetRow(fmt.Sprintf("A%d", row), cells(line)); err != nil {
			return err
		}
		row++
	}
	if err := s.Flush(); err != nil {
		return err
	}
	return book.Write(w)
}

func cells(line []string) []any {
	all := make([]any, len(line))
	for i, cell := range line {
		all[i] = cell
	}
	return all
}
