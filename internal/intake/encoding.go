package intake

import (
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"sapa/internal/fault"
)

var encodingNames = []string{"utf-8", "utf-16le", "utf-16be", "windows-1252", "iso-8859-1"}

// marks are the first bytes by which a file tells its encoding.
var marks = []struct{ bytes, encoding string }{{"\xEF\xBB\xBF", "utf-8"}, {"\xFF\xFE", "utf-16le"}, {"\xFE\xFF", "utf-16be"}}

// decode gives a file's text as UTF-8 and the name of the encoding it is in: that of its mark, else the map's, else UTF-8.
// A mark that contradicts the map is refused: one of the two is wrong, and guessing would spoil names silently.
func decode(file io.ReaderAt, size int64, named string) (io.Reader, string, error) {
	head := make([]byte, 3)
	n, err := file.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return nil, "", err
	}
	name, skip := named, 0
	for _, m := range marks {
		if bytes.HasPrefix(head[:n], []byte(m.bytes)) {
			if named != "" && named != m.encoding {
				return nil, "", fault.New(fault.Invalid, "intake.encoding-mark", "told", m.encoding, "named", named)
			}
			name, skip = m.encoding, len(m.bytes)
		}
	}
	if name == "" {
		name = "utf-8"
	}
	if (name == "utf-16le" || name == "utf-16be") && size%2 != 0 {
		return nil, "", fault.New(fault.Invalid, "intake.cut-byte", "size", size)
	}
	raw := io.NewSectionReader(file, int64(skip), max(size-int64(skip), 0))
	var e encoding.Encoding
	switch name {
	case "utf-8":
		return raw, name, nil
	case "utf-16le":
		e = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case "utf-16be":
		e = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case "windows-1252":
		e = charmap.Windows1252
	default:
		e = charmap.ISO8859_1
	}
	return e.NewDecoder().Reader(raw), name, nil
}

// Limits of a file's text: of all of it, and of one row. An unclosed quote would otherwise swallow the rest into memory.
const (
	textMax = 512 << 20
	rowMax  = 1 << 20
)

// sound passes text on while it is sound: UTF-8, no NUL, rows of a bearable length. Its fault names the place.
type sound struct {
	from   io.Reader
	name   string // of the encoding, for the remedy
	err    error
	line   int // of the byte that comes next, from 1
	column int // bytes before it in its line
	quoted bool
	start  int // line on which this row began
	row    int // bytes of this row
	total  int64
	last   byte
	part   []byte // of a character that has not come whole yet
}

func newSound(from io.Reader, name string) *sound {
	return &sound{from: from, name: name, line: 1, start: 1}
}

func (s *sound) Read(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.from.Read(p)
	for i, b := range p[:n] {
		if s.err = s.take(b); s.err != nil {
			return i, s.err
		}
	}
	if err == io.EOF && len(s.part) > 0 {
		err = s.bad()
	}
	s.err = err
	return n, err
}

func (s *sound) take(b byte) error {
	s.total++
	s.row++
	if s.total > textMax {
		return fault.New(fault.Invalid, "intake.text-big", "max", textMax>>20)
	}
	if s.row > rowMax {
		key := "intake.row-long"
		if s.quoted {
			key = "intake.quote-open"
		}
		return fault.New(fault.Invalid, key, "line", s.start, "max", rowMax>>20)
	}
	if b >= utf8.RuneSelf || len(s.part) > 0 {
		s.part = append(s.part, b)
		if utf8.FullRune(s.part) {
			if r, size := utf8.DecodeRune(s.part); r == utf8.RuneError && size == 1 {
				return s.bad()
			}
			s.column, s.last = s.column+len(s.part), b
			s.part = s.part[:0]
		}
		return nil
	}
	s.last = b
	switch b {
	case 0:
		return fault.New(fault.Invalid, "intake.nul", "line", s.line, "column", s.column+1)
	case '"':
		s.quoted = !s.quoted
	case '\n':
		s.line, s.column = s.line+1, -1
		if !s.quoted {
			s.start, s.row = s.line, 0
		}
	}
	s.column++
	return nil
}

func (s *sound) bad() error {
	return fault.New(fault.Invalid, "intake.encoding-bad", "line", s.line, "column", s.column+1, "encoding", s.name)
}
