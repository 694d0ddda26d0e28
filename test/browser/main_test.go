// Package browser drives the built binary as people do: `sapa demo` in a real Chromium, by keys, in both languages and
// themes. What a page promises (nothing overflows, axe has nothing to say, typing survives news) is held here; what the
// rules are is held in the rooms. It needs `chromium` on PATH; ./verify installs it.
package browser

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// lineSpeed is how many times faster than life the invented line runs here.
const lineSpeed = "40"

// opens is the floor's first moment, a Monday morning: what its people have in hand and what is due depends on the hour, and a walk
// that fails can be walked again. (That a floor is built at any hour is held in internal/practice.)
var opens = flag.String("opens", "2026-11-30T10:00", "the moment at which the practice floor opens, in its own zone")

// floor is the practice floor that all tests share; each test takes people of its own (agent) so that none meets another.
var floor struct {
	url, password string
	logins        map[string]string // role to login
}

// chrome is the browser all tests share, each in a context of its own.
var chrome context.Context

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "sapa-browser-")
	if err != nil {
		return sorry(err)
	}
	defer os.RemoveAll(dir)
	stopChrome, err := startChrome()
	if err != nil {
		return sorry(err)
	}
	defer stopChrome()
	stopFloor, err := startFloor(dir)
	if err != nil {
		return sorry(err)
	}
	code := m.Run()
	if err := stopFloor(); err != nil && code == 0 {
		return sorry(err)
	}
	return code
}

func sorry(err error) int {
	fmt.Fprintln(os.Stderr, "browser tests:", err)
	return 1
}

// startChrome starts Debian's Chromium without a window.
func startChrome() (stop func(), err error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, errors.New("no chromium on PATH: run ./verify as root, which installs it, or apt-get install chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", false))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // root, as in a container, has no user namespace to sandbox in
	}
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stopBrowser := chromedp.NewContext(allocator)
	stop = func() { stopBrowser(); stopAllocator() }
	if err := chromedp.Do(ctx); err != nil {
		stop()
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	chrome = ctx
	return stop, nil
}

var (
	addressLine = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)
	loginLine   = regexp.MustCompile(`^(\w+) +(\S+) +(latihan-\S+) `)
)

// startFloor builds the binary and starts the practice floor on a free port. stop says when the server logged an error of
// its own: what people are not told is a defect all the same.
func startFloor(dir string) (stop func() error, err error) {
	binary := filepath.Join(dir, "sapa")
	build := exec.Command("go", "build", "-o", binary, "./cmd/sapa")
	build.Dir, build.Env = root, append(os.Environ(), "CGO_ENABLED=0") // as it ships
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build ./cmd/sapa: %w\n%s", err, out)
	}
	log := &safeBuffer{}
	server := exec.Command(binary, "demo", "--addr", "127.0.0.1:0", "--line-speed", lineSpeed, "--at", *opens)
	server.Stderr = log
	server.SysProcAttr = diesWithUs()
	server.Env = append(os.Environ(), "TMPDIR="+dir)
	said, err := server.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := server.Start(); err != nil {
		return nil, err
	}
	stop = func() error {
		_ = server.Process.Signal(syscall.SIGTERM) // it may have died by itself: Wait says so
		err := server.Wait()
		if text := log.String(); strings.Contains(text, "level=ERROR") || strings.Contains(text, "panic") {
			return fmt.Errorf("the server logged errors:\n%s", text)
		}
		return err
	}
	if err := hear(said); err != nil {
		return nil, errors.Join(err, stop(), errors.New(log.String()))
	}
	return stop, nil
}

// hear reads what the floor prints when it is ready: its address and one login per role.
func hear(said io.Reader) error {
	heard := make(chan error, 1)                                          // one answer
	floor.url, floor.password, floor.logins = "", "", map[string]string{} // of the floor before nothing is left
	go func() {
		lines := bufio.NewScanner(said)
		for lines.Scan() {
			if a := addressLine.FindString(lines.Text()); a != "" {
				floor.url = a
			}
			if m := loginLine.FindStringSubmatch(lines.Text()); m != nil {
				floor.logins[m[1]], floor.password = m[2], m[3]
			}
			if len(floor.logins) > 0 && lines.Text() == "" {
				break
			}
		}
		var err error
		if floor.url == "" || floor.password == "" {
			err = errors.New("sapa demo printed no address or no logins")
		}
		heard <- err
		_, _ = io.Copy(io.Discard, said) // until it ends
	}()
	patience, done := context.WithTimeout(context.Background(), time.Minute)
	defer done()
	select {
	case err := <-heard:
		return err
	case <-patience.Done():
		return errors.New("sapa demo was not ready within a minute")
	}
}

// safeBuffer is a buffer two goroutines may use.
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

// root is the project's folder.
const root = "../.."
