package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"sapa/internal/fault"
)

// maxDepth is how deep objects and lists of a body may be nested.
const maxDepth = 64

// node is one value of a JSON body with its place. The usual decoder takes a key in any case of letters, the last of two
// equal keys and half a surrogate; a machine that sends such things means something else than it says, so it is told.
type node struct {
	at      int64 // offset of its first byte
	kind    string
	text    string // of a string, or a number as it was written
	truth   bool
	keys    []string
	members map[string]*node
	items   []*node
}

// reader reads a body into nodes.
type reader struct {
	body []byte
	dec  *json.Decoder
}

// parse reads one JSON value and refuses everything else: broken text, trailing data, keys given twice, too deep nesting,
// bytes that are no UTF-8, NUL. Every refusal says line, column and path.
func parse(body []byte) (*node, error) {
	r := &reader{body: body}
	if at := invalidUTF8(body); at >= 0 {
		return nil, r.fault("api.json-utf8", int64(at), "")
	}
	r.dec = json.NewDecoder(bytes.NewReader(body))
	r.dec.UseNumber()
	n, err := r.value("", 0)
	if err != nil {
		return nil, err
	}
	rest := r.next()
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		return nil, r.fault("api.json-trailing", rest, "")
	}
	return n, nil
}

func invalidUTF8(b []byte) int {
	for i := 0; i < len(b); {
		c, size := utf8.DecodeRune(b[i:])
		if c == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// next is the offset of the next token's first byte.
func (r *reader) next() int64 {
	at := r.dec.InputOffset()
	for at < int64(len(r.body)) && strings.IndexByte(" \t\r\n,:", r.body[at]) >= 0 {
		at++
	}
	return at
}

func (r *reader) fault(key string, at int64, path string) error {
	return place(fault.New(fault.Invalid, key), r.body, at, path)
}

// place says where in a body a fault is.
func place(f *fault.Error, body []byte, at int64, path string) *fault.Error {
	before := body[:min(at, int64(len(body)))]
	if f.Values == nil {
		f.Values = map[string]any{}
	}
	line := 1 + bytes.Count(before, []byte("\n"))
	column := 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	f.Values["line"], f.Values["column"], f.Values["path"] = line, column, path
	return f.At(path, f.Clause)
}

func (r *reader) token(path string) (json.Token, int64, error) {
	at := r.next()
	t, err := r.dec.Token()
	if err == nil {
		return t, at, nil
	}
	// The token reader counts its offset from anywhere; the whole reader counts from the start.
	var syntax *json.SyntaxError
	if errors.As(json.Unmarshal(r.body, new(json.RawMessage)), &syntax) {
		at = max(syntax.Offset-1, 0)
	}
	return nil, at, r.fault("api.json-broken", at, path)
}

func (r *reader) value(path string, depth int) (*node, error) {
	t, at, err := r.token(path)
	if err != nil {
		return nil, err
	}
	n := &node{at: at}
	switch v := t.(type) {
	case json.Delim:
		if depth >= maxDepth {
			return nil, r.fault("api.json-deep", at, path)
		}
		if v == '{' {
			n.kind = "object"
			return n, r.object(n, path, depth+1)
		}
		n.kind = "list"
		return n, r.list(n, path, depth+1)
	case string:
		n.kind, n.text = "text", v
		return n, r.check(v, at, path)
	case json.Number:
		n.kind, n.text = "number", v.String()
	case bool:
		n.kind, n.truth = "truth", v
	default:
		n.kind = "null"
	}
	return n, nil
}

func (r *reader) object(n *node, path string, depth int) error {
	n.members = map[string]*node{}
	for r.dec.More() {
		t, at, err := r.token(path)
		if err != nil {
			return err
		}
		key, isText := t.(string)
		if !isText {
			return r.fault("api.json-broken", at, path)
		}
		if err := r.check(key, at, path); err != nil {
			return err
		}
		inner := join(path, key)
		if _, twice := n.members[key]; twice {
			return r.fault("api.json-twice", at, inner)
		}
		value, err := r.value(inner, depth)
		if err != nil {
			return err
		}
		value.at = max(value.at, at)
		n.keys, n.members[key] = append(n.keys, key), value
	}
	_, _, err := r.token(path)
	return err
}

func (r *reader) list(n *node, path string, depth int) error {
	for r.dec.More() {
		value, err := r.value(fmt.Sprintf("%s[%d]", path, len(n.items)), depth)
		if err != nil {
			return err
		}
		n.items = append(n.items, value)
	}
	_, _, err := r.token(path)
	return err
}

// check refuses text that no screen and no store can carry: NUL, and halves of surrogates, which the decoder turns into
// U+FFFD without a word.
func (r *reader) check(text string, at int64, path string) error {
	if strings.ContainsRune(text, 0) {
		return r.fault("api.json-nul", at, path)
	}
	if n := strings.Count(text, "\uFFFD"); n > 0 {
		raw := r.body[at:r.dec.InputOffset()]
		if n != bytes.Count(raw, []byte("\uFFFD"))+bytes.Count(bytes.ToLower(raw), []byte(`\ufffd`)) {
			return r.fault("api.json-utf8", at, path)
		}
	}
	return nil
}

func join(path, key string) string {
	if len(key) > 40 {
		key = strings.ToValidUTF8(key[:40], "") + "…"
	}
	if path == "" {
		return key
	}
	return path + "." + key
}
