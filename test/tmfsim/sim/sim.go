// Package sim is the other side: an in-memory system that speaks the TM Forum APIs sapa's connectors call, with invented data and with
// faults on demand. Every request it gets and every answer it gives is held against TM Forum's own specification; what does not fit is
// kept as a problem, and a test that has one fails. Everybody in it is invented.
package sim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const jsonPatch = "application/json-patch+json"

// object is a resource as it is kept: JSON with its numbers as they were written.
type object = map[string]any

// Kind of a fault.
type Kind string

const (
	Slow      Kind = "slow"       // answers after Wait
	Hang      Kind = "hang"       // never answers, and does nothing
	Late      Kind = "late"       // does not answer, and does it when the caller has gone
	Refuse    Kind = "refuse"     // answers Status with an error, and does nothing
	CutBefore Kind = "cut-before" // closes the connection, and does nothing
	CutAfter  Kind = "cut-after"  // does it, and closes the connection in the middle of the answer
	Nonsense  Kind = "nonsense"   // does it, and answers half of a JSON
	WrongType Kind = "wrong-type" // does it, and answers a page for people
	Empty     Kind = "empty"      // does it, and answers {}
	Nulls     Kind = "nulls"      // answers with null for attributes that are not there, and with attributes nobody knows
	Twice     Kind = "twice"      // the request is delivered twice, the second answer counts
	Huge      Kind = "huge"       // answers without end
)

// Fault is what goes wrong with the next requests that it fits.
type Fault struct {
	Kind     Kind
	Method   string // empty: any
	Resource string // empty: any
	Times    int    // 0: once
	Status   int    // of Refuse
	After    string // Retry-After of Refuse
	Said     string // reason of Refuse
	Wait     time.Duration
}

// Sim is a simulator.
type Sim struct {
	mu       sync.Mutex
	apis     []*api
	rows     map[string][]object // resource -> in the order they were made
	versions map[string]int      // resource/id -> version
	serial   int
	faults   []Fault
	down     bool
	requests []string
	problems []string
	gone     chan struct{}
	once     sync.Once

	// Twist, when set, changes an answer before it is held against the specification.
	Twist func(resource string, answer any) any
	// NoPatch: takes no JSON Patch (415). Versions: gives ETag and wants If-Match to be right. Unique: refuses a second externalId.
	// NoFilter: ignores filters. NoTotal: no X-Total-Count and no Link. Page: the most rows of a page. OwnNotes: notes get ids of its own.
	NoPatch, Versions, Unique, NoFilter, NoTotal, OwnNotes bool
	Page                                                   int
	Token                                                  string // when set, requests need it
	Crew                                                   int    // technicians of a slot
}

type api struct {
	mount, file string
	resources   []string
	spec        *spec
}

// New makes a simulator without data.
func New() (*Sim, error) {
	s := &Sim{rows: map[string][]object{}, versions: map[string]int{}, gone: make(chan struct{}), Page: 1000, Crew: 2}
	for _, a := range []*api{
		{mount: "/tmf-api/troubleTicket/v4", file: "TMF621-TroubleTicket-v4.0.0", resources: []string{"troubleTicket"}},
		{mount: "/tmf-api/productOrderingManagement/v4", file: "TMF622-ProductOrder-v4.0.0", resources: []string{"productOrder"}},
		{mount: "/tmf-api/customerManagement/v4", file: "TMF629-Customer-v4.0.0", resources: []string{"customer"}},
		{mount: "/tmf-api/party/v4", file: "TMF632-Party-v4.0.0", resources: []string{"individual"}},
		{mount: "/tmf-api/serviceInventory/v4", file: "TMF638-ServiceInventory-v4.0.0", resources: []string{"service"}},
		{mount: "/tmf-api/appointment/v4", file: "TMF646-Appointment-v4.0.0", resources: []string{"appointment", "searchTimeSlot"}},
		{mount: "/tmf-api/serviceTestManagement/v4", file: "TMF653-ServiceTest-v4.2.0", resources: []string{"serviceTest"}},
		{mount: "/tmf-api/payment/v4", file: "TMF676-Payment-v4.0.0", resources: []string{"payment"}},
		{mount: "/tmf-api/customerBillManagement/v4", file: "TMF678-CustomerBill-v4.0.0", resources: []string{"customerBill"}},
	} {
		var err error
		if a.spec, err = known(a.file + ".swagger.json"); err != nil {
			return nil, err
		}
		s.apis = append(s.apis, a)
	}
	return s, nil
}

// Mount is the path of the API of a resource.
func (s *Sim) Mount(resource string) string {
	for _, a := range s.apis {
		if slices.Contains(a.resources, resource) {
			return a.mount
		}
	}
	return ""
}

// Test is what a simulator needs of a test.
type Test interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Serve serves on this machine until the test ends and gives the address. A problem fails the test.
func (s *Sim) Serve(t Test) string {
	t.Helper()
	where := s.ServeOpen(t)
	t.Cleanup(func() {
		for _, p := range s.Problems() {
			t.Errorf("simulator: %s", p)
		}
	})
	return where
}

// ServeOpen is Serve for a test that looks at the problems itself.
func (s *Sim) ServeOpen(t Test) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen: %v", err)
	}
	server := &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(l) }()
	t.Cleanup(func() { s.Close(); _ = server.Close(); <-done })
	return "http://" + l.Addr().String()
}

// Close lets go of requests that hang.
func (s *Sim) Close() { s.once.Do(func() { close(s.gone) }) }

// Fail plans faults; each request takes the first one that fits it.
func (s *Sim) Fail(f ...Fault) { s.mu.Lock(); defer s.mu.Unlock(); s.faults = append(s.faults, f...) }

// Down cuts every connection, or stops doing so.
func (s *Sim) Down(down bool) { s.mu.Lock(); defer s.mu.Unlock(); s.down = down }

// Problems is what did not fit the specification.
func (s *Sim) Problems() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.problems)
}

// Requests counts the requests of a method to a resource; either may be empty.
func (s *Sim) Requests(method, resource string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.requests {
		m, res, _ := strings.Cut(r, " ")
		if (method == "" || m == method) && (resource == "" || res == resource) {
			n++
		}
	}
	return n
}

// Put keeps a resource as it is, held against the specification.
func (s *Sim) Put(resource string, o object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, _ := o["id"].(string)
	s.hold("GET", resource, id, 200, o)
	s.rows[resource] = append(s.rows[resource], o)
}

// Change changes a resource as the other side's own people do.
func (s *Sim) Change(resource, id string, change func(o map[string]any)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o := s.find(resource, id); o != nil {
		change(o)
		s.versions[resource+"/"+id]++
	}
}

// All gives copies of what is kept, in the order it was made.
func (s *Sim) All(resource string) (all []map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.rows[resource] {
		all = append(all, clone(o))
	}
	return all
}

func (s *Sim) find(resource, id string) object {
	for _, o := range s.rows[resource] {
		if o["id"] == id {
			return o
		}
	}
	return nil
}

// now is a moment that rises by a second with everything that is made or changed.
func (s *Sim) now() string {
	s.serial++
	return began.Add(time.Duration(s.serial) * time.Second).Format(time.RFC3339)
}

var began = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

func clone(o object) object {
	text, err := json.Marshal(o)
	if err != nil {
		panic(err) // it came from JSON
	}
	var c object
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&c); err != nil {
		panic(err)
	}
	return c
}

func (s *Sim) hold(method, resource, id string, status int, answer any) {
	for _, a := range s.apis {
		if !slices.Contains(a.resources, resource) {
			continue
		}
		var text []byte
		if answer != nil {
			text, _ = json.Marshal(answer)
		}
		path := "/" + resource
		if id != "" {
			path += "/" + url.PathEscape(id)
		}
		s.problems = append(s.problems, a.spec.answer(method, path, status, text)...)
	}
}

// reply is an answer before it is written.
type reply struct {
	status int
	body   any
	head   map[string]string
}

func refused(status int, code, reason string) reply {
	return reply{status: status, body: object{"code": code, "reason": reason, "status": strconv.Itoa(status)}}
}

// ServeHTTP answers, with the fault that is planned for the request.
func (s *Sim) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a, path := s.apiOf(r.URL.Path)
	if a == nil {
		http.NotFound(w, r)
		return
	}
	resource, id, _ := strings.Cut(strings.Trim(path, "/"), "/")
	body, err := io.ReadAll(io.LimitReader(r.Body, 16<<20))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	f, down := s.note(r.Method, resource)
	if down {
		panic(http.ErrAbortHandler)
	}
	do := func() reply {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.problems = append(s.problems, a.spec.request(r, path, body)...)
		answer := s.handle(r, resource, id, body)
		if s.Twist != nil && answer.body != nil {
			answer.body = s.Twist(resource, answer.body)
		}
		s.hold(r.Method, resource, id, answer.status, answer.body)
		return answer
	}
	switch f.Kind {
	case Slow:
		select {
		case <-time.After(f.Wait):
		case <-s.gone:
		}
	case Hang, Late:
		select {
		case <-r.Context().Done():
		case <-s.gone:
		}
		if f.Kind == Late {
			do()
		}
		panic(http.ErrAbortHandler)
	case CutBefore:
		panic(http.ErrAbortHandler)
	case Refuse:
		answer := refused(f.Status, "sim", f.Said)
		if f.Said == "" {
			answer.body.(object)["reason"] = "as planned"
		}
		if f.After != "" {
			answer.head = map[string]string{"Retry-After": f.After}
		}
		s.mu.Lock()
		s.hold(r.Method, resource, id, answer.status, answer.body)
		s.mu.Unlock()
		answer.write(w)
		return
	case Huge:
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `[{"id":"`)
		for block := bytes.Repeat([]byte("x"), 1<<16); ; {
			if _, err := w.Write(block); err != nil || r.Context().Err() != nil {
				return
			}
		}
	case Twice:
		do()
	}
	answer := do()
	text, _ := json.Marshal(answer.body)
	switch f.Kind {
	case CutAfter:
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(text)+1))
		w.WriteHeader(answer.status)
		_, _ = w.Write(text[:len(text)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	case Nonsense:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(answer.status)
		_, _ = w.Write(text[:len(text)/2])
		return
	case WrongType:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(answer.status)
		_, _ = io.WriteString(w, "<h1>Sedang dalam pemeliharaan</h1>")
		return
	case Empty:
		answer.body = object{}
	case Nulls:
		answer.body = withNulls(answer.body)
	}
	answer.write(w)
}

func (r reply) write(w http.ResponseWriter) {
	for k, v := range r.head {
		w.Header().Set(k, v)
	}
	if r.body == nil {
		w.WriteHeader(r.status)
		return
	}
	w.Header().Set("Content-Type", "application/json;charset=utf-8")
	w.WriteHeader(r.status)
	_ = json.NewEncoder(w).Encode(r.body)
}

func (s *Sim) apiOf(path string) (*api, string) {
	for _, a := range s.apis {
		if rest, ok := strings.CutPrefix(path, a.mount+"/"); ok {
			return a, "/" + strings.TrimSuffix(rest, "/")
		}
	}
	return nil, ""
}

// note counts a request and takes the fault that is planned for it.
func (s *Sim) note(method, resource string) (f Fault, down bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, method+" "+resource)
	if s.down {
		return f, true
	}
	i := slices.IndexFunc(s.faults, func(f Fault) bool {
		return (f.Method == "" || f.Method == method) && (f.Resource == "" || f.Resource == resource)
	})
	if i < 0 {
		return f, false
	}
	f = s.faults[i]
	if s.faults[i].Times--; s.faults[i].Times <= 0 {
		s.faults = slices.Delete(s.faults, i, i+1)
	}
	return f, false
}

// withNulls is what clients generated from the specifications send: null for each attribute that is not there.
func withNulls(answer any) any {
	switch v := answer.(type) {
	case []any:
		for i := range v {
			v[i] = withNulls(v[i])
		}
		return v
	case []object:
		all := make([]any, len(v))
		for i := range v {
			all[i] = withNulls(v[i])
		}
		return all
	case object:
		v = clone(v)
		for _, name := range []string{"name", "note", "relatedParty", "relatedEntity", "statusChange", "externalId", "contactMedium", "characteristic",
			"serviceCharacteristic", "validFor", "amountDue", "remainingAmount", "paymentDueDate", "resolutionDate", "place"} {
			if _, has := v[name]; !has {
				v[name] = nil
			}
		}
		v["x-rekaan"] = object{"dalam": []any{1, "dua", nil}}
		return v
	}
	return answer
}

var errPatch = errors.New("not a patch")

func text(o object, name string) string { s, _ := o[name].(string); return s }

func list(o object, name string) []any { l, _ := o[name].([]any); return l }

func number(n int, digits int) string { return fmt.Sprintf("%0*d", digits, n) }
