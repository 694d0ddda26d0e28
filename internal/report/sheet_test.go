package report_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/form"
	"sapa/internal/phrase"
	"sapa/internal/report"
	"sapa/internal/who"
)

var wib = time.FixedZone("WIB", 7*60*60)

var ideas = []form.Row{
	{Seq: 1, Ref: "0012", ServiceNo: "002401234567", Status: form.Contacted, Reason: form.FCR, Remarks: "=HYPERLINK(\"http://jahat.example\";\"klik\")", CalledAt: time.Date(2026, 11, 23, 2, 5, 0, 0, time.UTC)},
	{Seq: 2, Ref: "+62", ServiceNo: "@SUM(1)", Status: form.Contacted, Reason: form.Eskalasi, TicketNo: "IN12345678", Remarks: "-1; baris\ndua \"kutip\""},
	{Seq: 3, Ref: "ID-3", Status: form.NotContacted, Reason: form.RNA, Remarks: "\tcmd", CalledAt: time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC)},
}

func readCSV(t *testing.T, text string) [][]string {
	t.Helper()
	bare, marked := strings.CutPrefix(text, "\ufeff")
	if !marked {
		t.Errorf("no mark at the beginning: %q", text[:min(len(text), 8)])
	}
	r := csv.NewReader(strings.NewReader(bare))
	r.Comma = ';'
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func readXLSX(t *testing.T, body []byte) [][]string {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	sheet := book.GetSheetName(0)
	all, err := book.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range all {
		for j := range line {
			at, _ := excelize.CoordinatesToCellName(j+1, i+1)
			if formula, err := book.GetCellFormula(sheet, at); err != nil || formula != "" {
				t.Errorf("%s holds the formula %q (%v)", at, formula, err)
			}
			if kind, err := book.GetCellType(sheet, at); err != nil || line[j] != "" && kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString {
				t.Errorf("%s is of type %v, not text (%v)", at, kind, err)
			}
		}
	}
	return all
}

func lines(all [][]string) string {
	var b strings.Builder
	for _, line := range all {
		b.WriteString(strings.TrimRight(strings.Join(line, "|"), "|") + "\n")
	}
	return b.String()
}

// SOP 5.8.5.status, 5.8.5.reason, 5.8.5.tiket, 5.8.5.keterangan: the form's own columns and words, in a sheet where nothing
// that a customer said becomes a formula.
func TestAnIdeasFormAsASheet(t *testing.T) {
	var c, x bytes.Buffer
	if err := report.FormCSV(&c, ideas, wib, phrase.ID); err != nil {
		t.Fatal(err)
	}
	if err := report.FormXLSX(&x, ideas, wib, phrase.ID); err != nil {
		t.Fatal(err)
	}
	head := "No|Tiket Ideas|No Jastel|Waktu call|Status Call|Reason|No Tiket|Keterangan\n"
	if got := lines(readCSV(t, c.String())); got != head+
		"1|0012|002401234567|2026-11-23 09:05|Contacted|FCR||'=HYPERLINK(\"http://jahat.example\";\"klik\")\n"+
		"2|'+62|'@SUM(1)||Contacted|Eskalasi|IN12345678|'-1; baris\ndua \"kutip\"\n"+
		"3|ID-3||2026-11-24 03:00|Not Contacted|RNA||'\tcmd\n" {
		t.Errorf("CSV:\n%s", got)
	}
	if got := lines(readXLSX(t, x.Bytes())); got != head+
		"1|0012|002401234567|2026-11-23 09:05|Contacted|FCR||=HYPERLINK(\"http://jahat.example\";\"klik\")\n"+
		"2|+62|@SUM(1)||Contacted|Eskalasi|IN12345678|-1; baris\ndua \"kutip\"\n"+
		"3|ID-3||2026-11-24 03:00|Not Contacted|RNA||\tcmd\n" {
		t.Errorf("XLSX:\n%s", got)
	}
	c.Reset()
	if err := report.FormCSV(&c, nil, wib, phrase.EN); err != nil || lines(readCSV(t, c.String())) != "No|Ideas ticket|Service number|Called at|Status Call|Reason|No Tiket|Keterangan\n" {
		t.Errorf("English: %q (%v)", c.String(), err)
	}
}

// SOP 5.6.2.a, 5.6.2.b.form: keterangan close or contacted open; not contacted is marked as ours. All pages come out.
func TestTheForceCloseFormAsASheet(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		began := c.Now()
		ctx := context.Background()
		values := []string{form.Close, form.ContactOpen, form.NotContacted}
		err := s.Write(ctx, func(tx *db.Tx) error {
			for i := range 501 { // more than a page
				if _, err := form.File(tx, who.Actor{ID: 7}, form.ForceClose, 0, form.Row{Ticket: 1, Turn: db.ID(i + 1), ServiceNo: "152401234567",
					TicketNo: "IN12345678", Status: values[i%3], CalledAt: began}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		rows := report.ForceCloseRows(ctx, s, began, began.Add(time.Hour))
		agent := func(id db.ID) string { return "agent " + id.String() }
		var text, book bytes.Buffer
		if err := report.ForceCloseCSV(&text, rows, agent, wib, phrase.ID); err != nil {
			t.Fatal(err)
		}
		if err := report.ForceCloseXLSX(&book, rows, agent, wib, phrase.ID); err != nil {
			t.Fatal(err)
		}
		want := []string{"Tiket|No Jastel|Waktu call|Keterangan|Agent|Catatan", "IN12345678|152401234567|2026-11-23 09:00|close|agent 7",
			"IN12345678|152401234567|2026-11-23 09:00|contacted open|agent 7", "IN12345678|152401234567|2026-11-23 09:00|not contacted (tambahan sapa)|agent 7"}
		for kind, all := range map[string][][]string{"CSV": readCSV(t, text.String()), "XLSX": readXLSX(t, book.Bytes())} {
			if got := lines(all[:4]); got != strings.Join(want, "\n")+"\n" || len(all) != 502 {
				t.Errorf("%s has %d lines:\n%s", kind, len(all), got)
			}
		}
		text.Reset()
		none := report.ForceCloseRows(ctx, s, began.Add(time.Hour), began.Add(2*time.Hour))
		if err := report.ForceCloseCSV(&text, none, agent, wib, phrase.EN); err != nil || len(readCSV(t, text.String())) != 1 {
			t.Errorf("the next hour: %q (%v)", text.String(), err)
		}
	})
}

func TestASheetThatCannotBeReadToTheEndIsAnError(t *testing.T) {
	broken := errors.New("broken")
	var rows iter.Seq2[form.Row, error] = func(yield func(form.Row, error) bool) {
		_ = yield(form.Row{Status: form.Close}, nil) && yield(form.Row{}, broken)
	}
	agent := func(db.ID) string { return "" }
	var b bytes.Buffer
	if err := report.ForceCloseCSV(&b, rows, agent, wib, phrase.ID); !errors.Is(err, broken) {
		t.Errorf("CSV: %v", err)
	}
	if err := report.ForceCloseXLSX(&b, rows, agent, wib, phrase.ID); !errors.Is(err, broken) {
		t.Errorf("XLSX: %v", err)
	}
}
