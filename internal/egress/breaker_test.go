package egress

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

type line func(*http.Request) (*http.Response, error)

func (l line) RoundTrip(r *http.Request) (*http.Response, error) { return l(r) }

// Done-when: a source that is cut is left alone while the breaker is open, asked once after that, and used again when it answers.
func TestTheBreakerRestsAndTriesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked, status atomic.Int32
		status.Store(503)
		c, err := New(Settings{Base: "https://nossa.example", Allow: []Target{{Host: "nossa.example", Port: "443"}}, Failures: 3, Open: 10 * time.Second, Clock: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		c.inner = line(func(r *http.Request) (*http.Response, error) {
			asked.Add(1)
			return &http.Response{StatusCode: int(status.Load()), Header: http.Header{}, Body: io.NopCloser(strings.NewReader("")), Request: r}, nil
		})
		ask := func(kind Kind, breaker string, times int32) {
			t.Helper()
			if got := c.Ask(t.Context(), Probe{Method: "GET"}); got.Kind != kind || got.Breaker != breaker || asked.Load() != times {
				t.Fatalf("%+v, asked %d times", got, asked.Load())
			}
		}
		ask(Broken, "closed", 1)
		ask(Broken, "closed", 2)
		ask(Broken, "open", 3)
		ask(Resting, "open", 3)
		if got := c.Last(); got.Kind != Broken || got.Status != 503 || got.Breaker != "open" { // the reason stays known
			t.Fatalf("%+v", got)
		}
		<-time.After(10*time.Second + time.Millisecond)
		if got := c.Last(); got.Breaker != "half-open" {
			t.Fatalf("%+v", got)
		}
		ask(Broken, "open", 4) // one try, and it rests again
		ask(Resting, "open", 4)
		<-time.After(10*time.Second + time.Millisecond)
		status.Store(200)
		ask("", "closed", 5)
		ask("", "closed", 6)
		status.Store(401) // somebody must sign in; asking does no harm
		for n := range int32(10) {
			ask(SignIn, "closed", 7+n)
		}
		status.Store(404)
		for n := range int32(10) {
			ask(Nonsense, "closed", 17+n)
		}
	})
}

// What is not HTTP rests and tries again in the same way; whoever goes away says nothing of the other side.
func TestAGuardRestsAndTriesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, asked := NewGuard(2, 10*time.Second), 0
		ask := func(answer error, want Kind, state string, times int) {
			t.Helper()
			err := g.Do(func() error { asked++; return answer })
			if KindOf(err) != want || g.State() != state || asked != times {
				t.Fatalf("%v, %s, asked %d times", err, g.State(), asked)
			}
		}
		late, left := Failed(Late, io.ErrNoProgress), Failed(GivenUp, nil)
		ask(late, Late, "closed", 1)
		ask(left, GivenUp, "closed", 2)
		ask(nil, "", "closed", 3)
		ask(late, Late, "closed", 4)
		ask(late, Late, "open", 5)
		ask(late, Resting, "open", 5)
		<-time.After(10*time.Second + time.Millisecond)
		ask(late, Late, "open", 6)
		<-time.After(10*time.Second + time.Millisecond)
		ask(nil, "", "closed", 7)
		if late.Unwrap() != io.ErrNoProgress || strings.Contains(late.Error(), "progress") {
			t.Errorf("%v", late)
		}
	})
}

func TestEveryKindIsInTheList(t *testing.T) {
	seen := map[Kind]bool{}
	for _, k := range Kinds {
		if k == "" || seen[k] {
			t.Errorf("%q", k)
		}
		seen[k] = true
	}
	if KindOf(nil) != "" || KindOf(io.ErrUnexpectedEOF) != Cut {
		t.Error("of an error of the world")
	}
	e := &Error{Kind: Broken, Status: 503}
	if e.Error() != "egress: broken (503)" || e.Unwrap() != nil {
		t.Error(e)
	}
}

// GzipBomb is for the tests outside.
func GzipBomb() []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(make([]byte, 1<<20))
	w.Close()
	return b.Bytes()
}
