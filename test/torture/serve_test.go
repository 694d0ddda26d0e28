package torture

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// binary builds the command as it ships.
func binary(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sapa")
	build := exec.Command("go", "build", "-o", path, "sapa/cmd/sapa")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

// site is a server on a folder of its own that can be killed and started again.
type site struct {
	t            *testing.T
	binary, data string
	mu           sync.Mutex
	up           *sync.Cond
	base         string
	life         int // which start this is
	over         bool
	cmd          *exec.Cmd
	acked        int
}

func newSite(t *testing.T) *site {
	s := &site{t: t, binary: binary(t), data: t.TempDir()}
	s.up = sync.NewCond(&s.mu)
	return s
}

// command runs one of sapa's commands on the site's data and gives what it printed.
func (s *site) command(stdin string, args ...string) string {
	s.t.Helper()
	cmd := exec.Command(s.binary, append(args, "--data", s.data)...)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatalf("sapa %s: %v %s", strings.Join(args, " "), err, err.(*exec.ExitError).Stderr)
	}
	return strings.TrimSpace(string(out))
}

var address = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// start starts the server and wants it ready by the time it has printed where it is.
func (s *site) start() {
	s.t.Helper()
	cmd := exec.Command(s.binary, "serve", "--addr", "127.0.0.1:0", "--data", s.data)
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	base := ""
	lines := bufio.NewScanner(out)
	for base == "" && lines.Scan() {
		base = address.FindString(lines.Text())
	}
	go io.Copy(io.Discard, out) // ends with the process
	ready, err := http.Get(base + "/readyz")
	if err != nil {
		s.t.Fatalf("not ready: %v", err)
	}
	_ = ready.Body.Close()
	if ready.StatusCode != http.StatusOK {
		s.t.Errorf("start %d: /readyz says %d", s.life+1, ready.StatusCode)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cmd, s.base, s.life = cmd, base, s.life+1
	s.up.Broadcast()
}

// kill ends the server as a power cut of its process would, with whatever is under way.
func (s *site) kill() {
	s.mu.Lock()
	cmd := s.cmd
	s.base = ""
	s.mu.Unlock()
	_ = cmd.Process.Kill()
	_ = cmd.Wait() // "signal: killed"
}

// end lets clients that wait for a server go.
func (s *site) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	s.up.Broadcast()
}

// after waits until so many acts were acknowledged.
func (s *site) after(acks int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.acked < acks {
		s.up.Wait()
	}
}

// where waits for a server that lives.
func (s *site) where() (base string, there bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.base == "" && !s.over {
		s.up.Wait()
	}
	return s.base, s.base != ""
}

// ask is one unsafe request under a key of its own.
type ask struct{ token, method, path, key, body string }

// answer is what was acknowledged.
type answer struct {
	status int
	body   string
}

// once sends an ask until it is acknowledged, with the same key each time; false when the site ended first.
func (s *site) once(client *http.Client, a ask) (answer, bool) {
	for {
		base, there := s.where()
		if !there {
			return answer{}, false
		}
		got, err := send(client, base, a)
		if err != nil {
			continue // it was killed under us: whether the act is stored only the key can tell
		}
		s.mu.Lock()
		s.acked++
		s.up.Broadcast()
		s.mu.Unlock()
		return got, true
	}
}

func send(client *http.Client, base string, a ask) (answer, error) {
	r, err := http.NewRequestWithContext(context.Background(), a.method, base+"/api/v1"+a.path, strings.NewReader(a.body))
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Authorization", "Bearer "+a.token)
	r.Header.Set("Idempotency-Key", a.key)
	r.Header.Set("Content-Type", "application/json")
	response, err := client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, fmt.Errorf("half an answer: %w", err)
	}
	return answer{response.StatusCode, string(body)}, nil
}
