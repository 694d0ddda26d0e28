package sim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	specs "sapa/test/tmf"
)

// spec is one API as TM Forum describes it.
type spec struct {
	doc    *openapi3.T
	router routers.Router
}

// specs that were read: reading one takes longer than a test.
var (
	readMu sync.Mutex
	were   = map[string]*spec{}
)

func known(file string) (*spec, error) {
	readMu.Lock()
	defer readMu.Unlock()
	if were[file] == nil {
		s, err := read(file)
		if err != nil {
			return nil, err
		}
		were[file] = s
	}
	return were[file], nil
}

func read(file string) (*spec, error) {
	text, err := fs.ReadFile(specs.Files, file)
	if err != nil {
		return nil, err
	}
	var old openapi2.T
	if err := json.Unmarshal(text, &old); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	doc, err := openapi2conv.ToV3(&old)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	doc.Servers = nil // where it is mounted is ours to say
	router, err := gorillamux.NewRouter(doc)
	return &spec{doc, router}, err
}

// route finds the operation of a request whose path is relative to the API.
func (s *spec) route(method, path string) (*routers.Route, map[string]string, error) {
	return s.router.FindRoute(&http.Request{Method: method, URL: &url.URL{Path: path}, Host: "sim"})
}

// request holds a request against the specification: path, query, and its body, attribute by attribute.
func (s *spec) request(r *http.Request, path string, body []byte) (wrong []string) {
	route, params, err := s.route(r.Method, path)
	if err != nil {
		return []string{fmt.Sprintf("%s %s: %v", r.Method, path, err)}
	}
	asked := r.Clone(r.Context())
	asked.URL = &url.URL{Path: path, RawQuery: r.URL.RawQuery}
	asked.Body = nil
	err = openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{Request: asked, PathParams: params, Route: route,
		Options: &openapi3filter.Options{ExcludeRequestBody: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}})
	if err != nil {
		wrong = append(wrong, fmt.Sprintf("%s %s: %v", r.Method, path, err))
	}
	if !strings.Contains(r.Header.Get("Accept"), "application/json") {
		wrong = append(wrong, fmt.Sprintf("%s %s accepts %q", r.Method, path, r.Header.Get("Accept")))
	}
	if route.Operation.RequestBody == nil {
		if len(body) > 0 {
			wrong = append(wrong, fmt.Sprintf("%s %s has a body", r.Method, path))
		}
		return wrong
	}
	switch kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); {
	case kind == jsonPatch && r.Method == http.MethodPatch:
		return append(wrong, s.patch(r.Method+" "+path, body, schemaOf(route.Operation.RequestBody.Value.Content))...)
	case kind != "application/json" && (kind != "application/merge-patch+json" || r.Method != http.MethodPatch):
		wrong = append(wrong, fmt.Sprintf("%s %s sends %q", r.Method, path, kind))
	}
	return append(wrong, hold(r.Method+" "+path, body, schemaOf(route.Operation.RequestBody.Value.Content))...)
}

// patch holds what a JSON Patch puts where against the attribute it puts it to.
func (s *spec) patch(what string, body []byte, schema *openapi3.Schema) (wrong []string) {
	var ops []struct {
		Op, Path string
		Value    json.RawMessage
	}
	if err := json.Unmarshal(body, &ops); err != nil {
		return []string{what + ": no JSON Patch: " + err.Error()}
	}
	for _, o := range ops {
		name, item, _ := strings.Cut(strings.TrimPrefix(o.Path, "/"), "/")
		at := schema.Properties[name]
		if at == nil {
			wrong = append(wrong, what+": no attribute "+o.Path)
			continue
		}
		one := at.Value
		if item == "-" {
			one = one.Items.Value
		}
		if o.Op != "remove" {
			wrong = append(wrong, hold(what+" "+o.Path, o.Value, one)...)
		}
	}
	return wrong
}

// answer holds an answer against the specification: its status is one of those listed, its body is what is promised for it.
func (s *spec) answer(method, path string, status int, body []byte) []string {
	what := fmt.Sprintf("%s %s -> %d", method, path, status)
	route, _, err := s.route(method, path)
	if err != nil {
		return []string{what + ": " + err.Error()}
	}
	answer := route.Operation.Responses.Status(status)
	if answer == nil && slices.Contains([]int{412, 415, 429, 503}, status) { // TMF630 has them, v4 files list none
		answer = route.Operation.Responses.Status(500)
	}
	if answer == nil {
		return []string{what + ": not in the specification"}
	}
	if len(answer.Value.Content) == 0 {
		if len(body) > 0 {
			return []string{what + ": a body where none is promised"}
		}
		return nil
	}
	return hold(what, body, schemaOf(answer.Value.Content))
}

func schemaOf(c openapi3.Content) *openapi3.Schema {
	for _, m := range c {
		return m.Schema.Value
	}
	return &openapi3.Schema{}
}

// hold holds a JSON text against a schema, and tells of attributes the schema does not know: a misspelt one is optional else.
func hold(what string, text []byte, schema *openapi3.Schema) (wrong []string) {
	var value any
	d := json.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(&value); err != nil {
		return []string{what + ": " + err.Error()}
	}
	if err := schema.VisitJSON(value, openapi3.MultiErrors(), openapi3.EnableFormatValidation()); err != nil {
		wrong = append(wrong, what+": "+firstLine(err.Error()))
	}
	return append(wrong, unknown(what, value, schema)...)
}

func firstLine(s string) string { s, _, _ = strings.Cut(s, "\n"); return s }

func unknown(what string, value any, schema *openapi3.Schema) (wrong []string) {
	switch v := value.(type) {
	case []any:
		for i, one := range v {
			if schema.Items != nil {
				wrong = append(wrong, unknown(fmt.Sprintf("%s/%d", what, i), one, schema.Items.Value)...)
			}
		}
	case map[string]any:
		if len(schema.Properties) == 0 {
			return nil
		}
		for name, one := range v {
			at := schema.Properties[name]
			if at == nil {
				wrong = append(wrong, what+": unknown attribute "+name)
				continue
			}
			wrong = append(wrong, unknown(what+"/"+name, one, at.Value)...)
		}
	}
	return wrong
}
