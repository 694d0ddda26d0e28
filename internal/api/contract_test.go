package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"sapa/internal/api"
	"sapa/internal/who"
)

// contract is openapi.yaml: where a request leads and what may be answered there.
type contract struct {
	routers.Router
	mu       sync.Mutex
	compiler *jsonschema.Compiler
	schemas  map[string]*jsonschema.Schema // of bodies that were answered, by their place in the file
}

// specification reads and checks openapi.yaml, which takes longer than most tests: once.
var specification = sync.OnceValues(func() (*contract, error) {
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData(api.Description())
	if err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	doc.Servers = nil
	if err := doc.Validate(loader.Context); err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	c := &contract{compiler: jsonschema.NewCompiler(), schemas: map[string]*jsonschema.Schema{}}
	if c.Router, err = gorillamux.NewRouter(doc); err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	whole, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	c.compiler.AssertFormat()
	return c, c.compiler.AddResource(contractFile, whole)
})

// contractFile is the address that the description has among schemas; nothing is fetched from it.
const contractFile = "https://sapa.example/openapi.json"

// body is the schema of an answer in JSON, compiled when first answered; nil for what openapi.yaml says nothing of and for
// what is no JSON. A media type that it does not name is an error.
func (c *contract) body(route *routers.Route, a said) (*jsonschema.Schema, error) {
	status := strconv.Itoa(a.status)
	response := route.Operation.Responses.Value(status)
	if response == nil {
		status, response = "default", route.Operation.Responses.Default()
	}
	if response == nil || len(response.Value.Content) == 0 {
		return nil, nil
	}
	said := a.header.Get("Content-Type")
	described := response.Value.Content.Get(said)
	if described == nil {
		return nil, fmt.Errorf("%s answers %s as %q", route.Path, status, said)
	}
	media := ""
	for name, one := range response.Value.Content {
		if one == described {
			media = name
		}
	}
	if described.Schema == nil || !strings.HasSuffix(media, "json") {
		return nil, nil
	}
	place := pointer("paths", route.Path, strings.ToLower(route.Method), "responses", status)
	if response.Ref != "" {
		place = response.Ref
	}
	place += strings.TrimPrefix(pointer("content", media, "schema"), "#")
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.schemas[place] == nil {
		s, err := c.compiler.Compile(contractFile + place)
		if err != nil {
			return nil, err
		}
		c.schemas[place] = s
	}
	return c.schemas[place], nil
}

// pointer is the fragment of a JSON pointer.
func pointer(path ...string) string {
	p := "#"
	for _, one := range path {
		p += "/" + strings.NewReplacer("~", "~0", "/", "~1", "%", "%25", "{", "%7B", "}", "%7D").Replace(one)
	}
	return p
}

// What holds the answers can see a wrong one: a field left out, one of another type, one that is no moment, and words that are no choice.
func TestTheContractSeesAWrongAnswer(t *testing.T) {
	onFloor(t, func(f *floor) {
		id := f.ticket("CB-1", "")
		good := f.ok(200, who.Admin, "GET", "/tickets/"+id, "")
		r := f.request(call{method: "GET", path: "/api/v1/tickets/" + id, token: f.tokens[who.Admin]})
		for name, change := range map[string]func(ticket map[string]any){
			"a field left out": func(ticket map[string]any) { delete(ticket, "campaign") },
			"another type":     func(ticket map[string]any) { ticket["campaign"] = 7 },
			"no moment":        func(ticket map[string]any) { ticket["opened_at"] = "kemarin" },
			"no choice":        func(ticket map[string]any) { ticket["state"] = "lost" },
		} {
			var body map[string]any
			if err := json.Unmarshal(good.body, &body); err != nil {
				t.Fatal(err)
			}
			change(body)
			wrong := good
			wrong.body, _ = json.Marshal(body)
			if err := f.valid(r, wrong); err == nil {
				t.Errorf("%s: nobody saw it in %s", name, wrong.body)
			}
		}
	})
}
