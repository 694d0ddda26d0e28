package intake

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"

	"sapa/internal/fault"
)

// xlsxTable reads the rows of one sheet of a workbook as they stand in its XML. It is our own reader because an import must
// see what libraries smooth away: formulas (their last value is nobody's word), raw numbers, merged cells - and because
// every limit must hold before memory is taken (docs/maps/README.md).
type xlsxTable struct {
	in        io.ReadCloser
	xml       *xml.Decoder
	shared    []string
	since1904 bool
	last      int // number of the last row given
	merges    []merge
	merged    []merge // found in an earlier pass: they stand after the rows
	done      bool
}

// merge is a block of cells that share one value.
type merge struct{ top, left, bottom, right int }

const (
	sharedMax = 256 << 20 // bytes of texts that cells share
	mergesMax = 10_000
	xmlDeep   = 32
)

func openXLSX(file io.ReaderAt, size int64, sheet string, merged []merge) (*xlsxTable, error) {
	z, err := openZip(file, size)
	if err != nil {
		return nil, err
	}
	t := &xlsxTable{merged: merged}
	name, err := t.workbook(z, sheet)
	if err != nil {
		return nil, err
	}
	if t.shared, err = sharedTexts(z); err != nil {
		return nil, err
	}
	if t.in, err = unpack(z, name); err != nil {
		return nil, err
	}
	t.xml = xml.NewDecoder(t.in)
	return t, nil
}

// walk gives every start element, its path's depth and end; it keeps no stack, so depth costs nothing.
func walk(z *zip.Reader, name string, start func(d *xml.Decoder, e xml.StartElement) error) error {
	in, err := unpack(z, name)
	if err != nil {
		return err
	}
	defer in.Close()
	d := xml.NewDecoder(in)
	for {
		token, err := d.RawToken()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return brokenXML(err)
		}
		if e, ok := token.(xml.StartElement); ok {
			if err := start(d, e); err != nil {
				return err
			}
		}
	}
}

func brokenXML(err error) error {
	if f := fault.Of(err); f != nil {
		return f
	}
	return fault.New(fault.Invalid, "intake.zip-broken").Because(err)
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// workbook finds the file of the sheet: the one named, or the first that is shown.
func (t *xlsxTable) workbook(z *zip.Reader, sheet string) (string, error) {
	id, found := "", []string{}
	err := walk(z, "xl/workbook.xml", func(_ *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			t.since1904 = attr(e, "date1904") == "1" || attr(e, "date1904") == "true"
		case "sheet":
			name := attr(e, "name")
			if len(found) < zipEntries {
				found = append(found, name)
			}
			if id == "" && (sheet == name || sheet == "" && attr(e, "state") == "") {
				id = attr(e, "id")
			}
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	if id == "" {
		return "", fault.New(fault.Invalid, "intake.xlsx-sheet", "sheet", sheet, "found", strings.Join(found, ", "))
	}
	target := ""
	err = walk(z, "xl/_rels/workbook.xml.rels", func(_ *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local == "Relationship" && attr(e, "Id") == id {
			target = attr(e, "Target")
		}
		return nil
	})
	if !strings.HasPrefix(target, "/") {
		target = path.Join("xl", target)
	}
	return strings.TrimPrefix(path.Clean(target), "/"), err
}

// sharedTexts reads the texts cells share; a workbook without any has no such part.
func sharedTexts(z *zip.Reader) ([]string, error) {
	const name = "xl/sharedStrings.xml"
	var all []string
	total := 0
	for _, f := range z.File {
		if f.Name != name {
			continue
		}
		err := walk(z, name, func(d *xml.Decoder, e xml.StartElement) error {
			if e.Name.Local != "si" {
				return nil
			}
			s, err := said(d)
			total += len(s) + 16
			if err == nil && total > sharedMax {
				err = fault.New(fault.Invalid, "intake.text-big", "max", sharedMax>>20)
			}
			all = append(all, s)
			return err
		})
		return all, err
	}
	return nil, nil
}

// said collects the text of the element that was just entered, up to its end: its <t> parts, not how they are to be read
// aloud (<rPh>).
func said(d *xml.Decoder) (string, error) {
	var b strings.Builder
	for depth, aloud, inText := 1, 0, false; depth > 0; {
		token, err := d.RawToken()
		if err != nil {
			return "", brokenXML(unexpected(err))
		}
		switch e := token.(type) {
		case xml.StartElement:
			if depth++; depth > xmlDeep {
				return "", fault.New(fault.Invalid, "intake.zip-broken")
			}
			if e.Name.Local == "rPh" {
				aloud = depth
			}
			inText = e.Name.Local == "t" && aloud == 0
		case xml.EndElement:
			if depth == aloud {
				aloud = 0
			}
			depth--
			inText = false
		case xml.CharData:
			if inText {
				b.Write(e)
			}
		}
		if b.Len() > pieceMax {
			return "", fault.New(fault.Invalid, "intake.xlsx-long", "max", pieceMax>>20)
		}
	}
	return b.String(), nil
}

// unexpected: an end inside an element is no end.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (t *xlsxTable) next() (row, error) {
	for !t.done {
		token, err := t.xml.RawToken()
		if err == io.EOF {
			t.done = true
			_ = t.in.Close()
			break
		}
		if err != nil {
			return row{}, brokenXML(err)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "row":
			return t.row(e)
		case "mergeCell":
			if err := t.merge(attr(e, "ref")); err != nil {
				return row{}, err
			}
		}
	}
	return row{}, io.EOF
}

func (t *xlsxTable) merge(ref string) error {
	from, to, two := strings.Cut(ref, ":")
	m := merge{}
	var ok, okTo bool
	m.left, m.top, ok = place(from)
	m.right, m.bottom, okTo = place(to)
	if !two || !ok || !okTo || len(t.merges) == mergesMax {
		return fault.New(fault.Invalid, "intake.zip-broken")
	}
	t.merges = append(t.merges, m)
	return nil
}

func (t *xlsxTable) row(e xml.StartElement) (row, error) {
	n := t.last + 1
	if s := attr(e, "r"); s != "" {
		given, err := strconv.Atoi(s)
		if err != nil || given < n {
			return row{}, fault.New(fault.Invalid, "intake.zip-broken")
		}
		n = given
	}
	if n > rowsMax {
		return row{}, fault.New(fault.Invalid, "intake.rows", "max", rowsMax)
	}
	t.last = n
	r := row{line: n}
	for {
		token, err := t.xml.RawToken()
		if err != nil {
			return row{}, brokenXML(unexpected(err))
		}
		switch e := token.(type) {
		case xml.EndElement:
			if e.Name.Local == "row" {
				for _, m := range t.merged {
					for c := m.left; n >= m.top && n <= m.bottom && c <= min(m.right, mostCol); c++ {
						r.merged = append(r.merged, c)
					}
				}
				return r, nil
			}
		case xml.StartElement:
			if e.Name.Local == "c" {
				if err := t.cell(&r, e); err != nil {
					return row{}, err
				}
			}
		}
	}
}

// cell reads one cell into its place. Columns beyond any heading are of no use and are left out.
func (t *xlsxTable) cell(r *row, e xml.StartElement) error {
	i := len(r.cells)
	if s := attr(e, "r"); s != "" {
		column, line, ok := place(s)
		if !ok || line != r.line || column-1 < i {
			return fault.New(fault.Invalid, "intake.zip-broken")
		}
		i = column - 1
	}
	value, kind, err := t.value(attr(e, "t"))
	if err != nil || i >= mostCol {
		return err
	}
	for len(r.cells) <= i {
		r.cells, r.kinds = append(r.cells, ""), append(r.kinds, isText)
	}
	r.cells[i], r.kinds[i] = value, kind
	return nil
}

// value reads what stands in a cell of a type, up to the cell's end.
func (t *xlsxTable) value(cellType string) (string, kind, error) {
	var v strings.Builder
	k, in := isText, ""
	for {
		token, err := t.xml.RawToken()
		if err != nil {
			return "", k, brokenXML(unexpected(err))
		}
		switch e := token.(type) {
		case xml.StartElement:
			in = e.Name.Local
			if in == "f" {
				k = isFormula
			}
			if in == "is" {
				s, err := said(t.xml)
				if err != nil {
					return "", k, err
				}
				v.WriteString(s)
				in = ""
			}
		case xml.CharData:
			if in == "v" {
				v.Write(e)
			}
		case xml.EndElement:
			in = ""
			if e.Name.Local != "c" {
				continue
			}
			if k == isFormula || v.Len() == 0 {
				return v.String(), k, nil
			}
			switch cellType {
			case "s":
				n, err := strconv.Atoi(v.String())
				if err != nil || n < 0 || n >= len(t.shared) {
					return "", k, fault.New(fault.Invalid, "intake.zip-broken")
				}
				return t.shared[n], k, nil
			case "", "n":
				k = isNumber
			case "e":
				k = isError
			}
			return v.String(), k, nil
		}
	}
}

// place reads a cell's name: C12 is column 3, row 12.
func place(s string) (column, line int, ok bool) {
	i := 0
	for ; i < len(s) && i < 4 && s[i] >= 'A' && s[i] <= 'Z'; i++ {
		column = column*26 + int(s[i]-'A') + 1
	}
	line, err := strconv.Atoi(s[i:])
	return column, line, err == nil && i > 0 && column <= widest && line >= 1 && line <= rowsMax
}

// letters is a column's name in a workbook: 3 is C.
func letters(column int) string {
	s := ""
	for ; column > 0; column = (column - 1) / 26 {
		s = string(rune('A'+(column-1)%26)) + s
	}
	return s
}
