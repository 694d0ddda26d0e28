package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// process is a command that runs until it is told to stop, as a signal would.
type process struct {
	*testing.T
	address string
	said    string // what it printed until it was ready to be used
	signal  context.CancelFunc
	ended   chan int
	stderr  *safeBuffer
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

var anAddress = regexp.MustCompile(`https?://[^\s/]+:\d+`)

// begin runs a command and reads its output as far as a line with until in it.
func begin(t *testing.T, until string, args ...string) *process {
	t.Helper()
	t.Setenv("SAPA_DATA", "")
	t.Setenv("SAPA_DB", "")
	ctx, signal := context.WithCancel(context.Background())
	out, in := io.Pipe()
	p := &process{T: t, signal: signal, ended: make(chan int, 1), stderr: &safeBuffer{}}
	go func() {
		p.ended <- run(ctx, args, strings.NewReader(""), in, p.stderr)
		in.Close()
	}()
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		p.said += lines.Text() + "\n"
		if p.address == "" {
			p.address = anAddress.FindString(lines.Text())
		}
		if strings.Contains(lines.Text(), until) {
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	t.Cleanup(signal)
	if p.address == "" {
		t.Fatalf("%v printed no address: %s%s", args, p.said, p.stderr)
	}
	return p
}

// stop is the signal and the wait for the end.
func (p *process) stop() {
	p.Helper()
	p.signal()
	if code := <-p.ended; code != done {
		p.Errorf("it ended with %d: %s", code, p.stderr)
	}
}

func (p *process) get(path string) (int, string) {
	p.Helper()
	answer, err := http.Get(p.address + path)
	if err != nil {
		p.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		p.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

func TestFirstStartPrintsTheOneTimeLink(t *testing.T) {
	data := t.TempDir()
	p := begin(t, "administrator", "serve", "--data", data, "--addr", "127.0.0.1:0")
	link := regexp.MustCompile(`http://127\.0\.0\.1:\d+(/first/\S+)`).FindStringSubmatch(p.said)
	if link == nil {
		t.Fatalf("no link: %s", p.said)
	}
	if code, _ := p.get(link[1] + "x"); code != http.StatusNotFound {
		t.Errorf("another link: %d", code)
	}
	code, page := p.get(link[1])
	if code != http.StatusOK {
		t.Fatalf("the link: %d", code)
	}
	form := url.Values{"login": {"kepala"}, "name": {"Administrator Rekaan"}, "password": {"kopi tubruk pagi"}}
	for _, hidden := range regexp.MustCompile(`<input[^>]*type="hidden"[^>]*>`).FindAllString(page, -1) {
		name := regexp.MustCompile(`name="([^"]*)"`).FindStringSubmatch(hidden)
		value := regexp.MustCompile(`value="([^"]*)"`).FindStringSubmatch(hidden)
		if name != nil && value != nil {
			form.Set(name[1], value[1])
		}
	}
	for _, again := range regexp.MustCompile(`name="(password[^"]+)"`).FindAllStringSubmatch(page, -1) {
		form.Set(again[1], "kopi tubruk pagi")
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	answer, err := browser.PostForm(p.address+link[1], form)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	here, err := url.Parse(p.address)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK || len(jar.Cookies(here)) == 0 || strings.HasPrefix(answer.Request.URL.Path, "/first/") {
		t.Fatalf("the first administrator got %d at %s", answer.StatusCode, answer.Request.URL)
	}
	if code, _ := p.get(link[1]); code != http.StatusNotFound {
		t.Errorf("the link works twice: %d", code)
	}
	p.stop()
	second := begin(t, "sapa http", "serve", "--data", data, "--addr", "127.0.0.1:0")
	if strings.Contains(second.said, "/first/") {
		t.Errorf("a link although there is an administrator: %s", second.said)
	}
	second.stop()
}

// Behind a proxy the server listens to everybody; the link of the first administrator is for the machine itself.
func TestLinkIsForThisMachine(t *testing.T) {
	p := begin(t, "administrator", "serve", "--data", t.TempDir(), "--addr", "0.0.0.0:0", "--behind-proxy", "192.0.2.1/32")
	if !regexp.MustCompile(`http://localhost:\d+/first/\S+`).MatchString(p.said) {
		t.Errorf("no link for this machine: %s", p.said)
	}
	p.stop()
}

func TestServeRefuses(t *testing.T) {
	data := t.TempDir()
	first := begin(t, "sapa http", "serve", "--data", data, "--addr", "127.0.0.1:0")
	busy := strings.TrimPrefix(first.address, "http://")
	for _, c := range []struct {
		code int
		says string
		args []string
	}{
		{refused, "another sapa serves this data", []string{"--data", data, "--addr", "127.0.0.1:0"}},
		{refused, "address already in use", []string{"--data", t.TempDir(), "--addr", busy}},
		{misused, "--tls-cert", []string{"--data", t.TempDir(), "--addr", "0.0.0.0:0"}},
		{misused, "--tls-cert", []string{"--data", t.TempDir(), "--addr", ":0"}},
		{misused, "--tls-cert", []string{"--data", t.TempDir(), "--addr", "[::]:0"}},
		{misused, "--tls-cert", []string{"--data", t.TempDir(), "--addr", "192.0.2.7:8080"}},
		{misused, "belong together", []string{"--data", t.TempDir(), "--addr", "0.0.0.0:0", "--tls-cert", "a.pem"}},
		{misused, "CIDR", []string{"--data", t.TempDir(), "--addr", "0.0.0.0:0", "--behind-proxy", "everybody"}},
		{misused, "HOST:PORT", []string{"--data", t.TempDir(), "--addr", "8080"}},
		{misused, "--data", nil},
		{misused, "not both", []string{"--data", t.TempDir(), "--db", "postgres://sapa@127.0.0.1/sapa"}},
		{misused, "password", []string{"--db", "postgres://sapa:geheim@127.0.0.1/sapa"}},
		{misused, "what is", []string{"--data", t.TempDir(), "now"}},
		{misused, "fly", []string{"--fly"}},
		{misused, "need --smtp-addr", []string{"--data", t.TempDir(), "--smtp-from", "sapa@rekaan.example"}},
		{misused, "HOST:PORT", []string{"--data", t.TempDir(), "--smtp-addr", "mail.rekaan.example", "--smtp-from", "sapa@rekaan.example"}},
		{misused, "not an e-mail address", []string{"--data", t.TempDir(), "--smtp-addr", "mail.rekaan.example:587"}},
		{misused, "not on this machine", []string{"--data", t.TempDir(), "--smtp-addr", "mail.rekaan.example:25", "--smtp-from", "sapa@rekaan.example", "--smtp-tls", "none"}},
		{misused, "mail password", []string{"--data", t.TempDir(), "--smtp-addr", "mail.rekaan.example:587", "--smtp-from", "sapa@rekaan.example", "--smtp-user", "sapa", "--smtp-password-file", "/none/such"}},
	} {
		t.Setenv("SAPA_DATA", "")
		t.Setenv("SAPA_DB", "")
		var out, says bytes.Buffer
		if code := run(t.Context(), append([]string{"serve"}, c.args...), strings.NewReader(""), &out, &says); code != c.code || !strings.Contains(says.String(), c.says) || out.Len() > 0 {
			t.Errorf("serve %v: code %d, want %d\n%s%s", c.args, code, c.code, &out, &says)
		}
	}
	// the admin commands work beside it
	if code, _, says := command(t, data, "", "staff", "list"); code != done {
		t.Errorf("staff list beside the server: %d %s", code, says)
	}
	first.stop()
}

// free finds a port that nothing listens on.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestHealthAndMetrics(t *testing.T) {
	metrics := free(t)
	p := begin(t, "sapa http", "serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0", "--metrics-addr", metrics)
	for path, want := range map[string]int{"/livez": http.StatusOK, "/readyz": http.StatusOK, "/metrics": http.StatusNotFound, "/api/openapi.yaml": http.StatusOK} {
		if code, body := p.get(path); code != want {
			t.Errorf("%s: %d %s", path, code, body)
		}
	}
	beside := &process{T: t, address: "http://" + metrics}
	code, body := beside.get("/metrics")
	if code != http.StatusOK || !strings.Contains(body, "sapa_streams_open 0") || !strings.Contains(body, "process_resident_memory_bytes") {
		t.Errorf("metrics: %d\n%s", code, body)
	}
	if regexp.MustCompile(`(agent|login|number|phone)="`).MatchString(body) {
		t.Error("a metric is labelled by a person or a number")
	}
	if code, _ := beside.get("/livez"); code != http.StatusNotFound {
		t.Errorf("the metrics listener serves more than metrics: %d", code)
	}
	p.stop()
	if l, err := net.Listen("tcp", metrics); err != nil {
		t.Errorf("the metrics listener is still there: %v", err)
	} else {
		l.Close()
	}
}

// A stop lets a request that has begun come to its end, and takes no new one.
func TestStopLetsRequestsFinish(t *testing.T) {
	p := begin(t, "sapa http", "serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0")
	host := strings.TrimPrefix(p.address, "http://")
	c, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	// half a request: the server has seen its header and answers 100 when the handler asks for the body
	body := `{"q":"42147"}`
	_, err = io.WriteString(c, "POST /sign-in HTTP/1.1\r\nHost: "+host+"\r\nContent-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\nContent-Length: 13\r\n\r\n")
	if err != nil {
		t.Fatal(err)
	}
	from := bufio.NewReader(c)
	if line, err := from.ReadString('\n'); err != nil || !strings.Contains(line, "100") {
		t.Fatalf("%q, %v", line, err)
	}
	if _, err := from.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	p.signal()
	for { // until it takes no new connection
		d, err := net.Dial("tcp", host)
		if err != nil {
			break
		}
		d.Close()
	}
	if len(p.ended) != 0 {
		t.Fatal("it ended although a request was going on")
	}
	if _, err := io.WriteString(c, body); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(from, nil)
	if err != nil {
		t.Fatalf("the request was cut: %v", err)
	}
	defer answer.Body.Close()
	if page, err := io.ReadAll(answer.Body); err != nil || len(page) == 0 {
		t.Errorf("%d bytes of an answer, %v", len(page), err)
	}
	if code := <-p.ended; code != done {
		t.Errorf("it ended with %d: %s", code, p.stderr)
	}
}

func TestDemoIsReadyAndSaysHow(t *testing.T) {
	p := begin(t, "Ctrl+C", "demo", "--addr", "127.0.0.1:0")
	for _, role := range []string{"agent", "leader", "tier1", "quality", "controller", "checker", "approver", "admin"} {
		if n := len(regexp.MustCompile(`(?m)^`+role+` +\d+ +\S+ +\S`).FindAllString(p.said, -1)); n != 1 {
			t.Errorf("%d lines for %s:\n%s", n, role, p.said)
		}
	}
	if strings.HasSuffix(p.address, ":0") {
		t.Errorf("it does not say where it listens: %s", p.address)
	}
	if code, _ := p.get("/readyz"); code != http.StatusOK {
		t.Errorf("not ready: %d", code)
	}
	password := regexp.MustCompile(`latihan-\S+`)
	first := password.FindString(p.said)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	answer, err := browser.PostForm(p.address+"/sign-in", url.Values{"login": {"42147"}, "password": {first}})
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK || strings.Contains(answer.Request.URL.Path, "sign-in") {
		t.Errorf("42147 could not sign in: %d at %s", answer.StatusCode, answer.Request.URL)
	}
	p.stop()
	second := begin(t, "Ctrl+C", "demo", "--addr", "127.0.0.1:0", "--at", "2026-11-30T10:00")
	_, page := second.get("/sign-in")
	said := regexp.MustCompile(`data-now="(\d+)"`).FindStringSubmatch(page)
	if said == nil {
		t.Fatalf("the page says no moment: %s", page)
	}
	now, err := strconv.ParseInt(said[1], 10, 64)
	opens := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC) // 10.00 WIB
	if since := time.UnixMilli(now).Sub(opens); err != nil || since < 0 || since > 10*time.Minute {
		t.Errorf("opened at 10.00 WIB, and the page is told %s: %v", time.UnixMilli(now), err)
	}
	if again := password.FindString(second.said); again == first || again == "" {
		t.Errorf("the password is the same in every run: %s", again)
	}
	second.stop()
}
