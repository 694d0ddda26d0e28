package intake

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"sapa/internal/fault"
)

// Limits of a table, whatever the file: a workbook cannot have more (trust.md 1.8: rows an import, 1 M).
const (
	rowsMax = 1_048_576
	widest  = 16_384
	mostCol = 1_000 // columns of a heading
)

// row is one row of a table.
type row struct {
	line   int // of a text file; the row's number in a workbook
	cells  []string
	kinds  []kind // of a workbook's cells; nil: all text
	merged []int  // columns of cells that were merged with those of another row or column
}

// kind of a workbook's cell.
type kind byte

const (
	isText kind = iota
	isNumber
	isFormula
	isError
)

func (r row) kind(i int) kind {
	if i < len(r.kinds) {
		return r.kinds[i]
	}
	return isText
}

func (r row) blank() bool {
	for i, c := range r.cells {
		if c != "" || r.kind(i) == isFormula {
			return false
		}
	}
	return true
}

// table gives rows one after the other, io.EOF at the end. What is wrong with the file as a whole is a fault.
type table interface{ next() (row, error) }

// csvTable reads delimited text.
type csvTable struct {
	text   *sound
	csv    *csv.Reader
	sep    rune
	width  int // of the first row
	inFile string
}

func openCSV(file io.ReaderAt, size int64, m *Map) (*csvTable, error) {
	raw, name, err := decode(file, size, m.Encoding)
	if err != nil {
		return nil, err
	}
	text := newSound(raw, name)
	ahead := bufio.NewReaderSize(text, 64<<10)
	sep := m.Delimiter
	if sep == 0 {
		first, err := ahead.Peek(64 << 10)
		if err != nil && err != io.EOF && len(first) == 0 {
			return nil, err
		}
		sep = separator(string(first))
	}
	c := csv.NewReader(ahead)
	c.Comma, c.FieldsPerRecord = sep, -1
	return &csvTable{text: text, csv: c, sep: sep, inFile: name}, nil
}

// separator tells by the first line what stands between columns: what stands there most, outside quotes.
func separator(s string) rune {
	counts := map[rune]int{}
	quoted := false
	for _, r := range s {
		if r == '"' {
			quoted = !quoted
		} else if r == '\n' && !quoted {
			break
		} else if !quoted {
			counts[r]++
		}
	}
	best := ','
	for _, r := range ";\t|" {
		if counts[r] > counts[best] {
			best = r
		}
	}
	return best
}

func (t *csvTable) next() (row, error) {
	cells, err := t.csv.Read()
	if err != nil && err != io.EOF {
		return row{}, t.explain(err)
	}
	if err == io.EOF {
		return row{}, err
	}
	line, _ := t.csv.FieldPos(0)
	if t.width == 0 {
		t.width = len(cells)
	}
	// A last row that is too short and has no end of line was cut: the rest of the file is elsewhere.
	if len(cells) < t.width && t.text.err == io.EOF && t.text.last != '\n' && t.csv.InputOffset() >= t.text.total {
		return row{}, fault.New(fault.Invalid, "intake.cut-row", "line", line, "got", len(cells), "want", t.width)
	}
	return row{line: line, cells: cells}, nil
}

func (t *csvTable) explain(err error) error {
	if t.text.err != nil && t.text.err != io.EOF {
		return t.text.err
	}
	var e *csv.ParseError
	if !errors.As(err, &e) {
		return err
	}
	if strings.Contains(e.Err.Error(), "extraneous") && t.text.err == io.EOF && t.text.quoted && t.csv.InputOffset() >= t.text.total {
		return fault.New(fault.Invalid, "intake.quote-open", "line", e.StartLine)
	}
	return fault.New(fault.Invalid, "intake.quote-stray", "line", e.Line, "column", e.Column)
}
