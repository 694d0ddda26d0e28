package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is a sapa serve that this program started.
type server struct {
	cmd     *exec.Cmd
	base    string
	ready   time.Duration // from the start of the process to a 200 of /readyz
	drained chan struct{}
}

var printed = regexp.MustCompile(`https?://127\.0\.0\.1:\d+`)

// slowly is how a command runs on a disk whose every sync takes 5 ms longer. -D lets the tracer stand aside, so that the
// process can be signalled like any other; only the two calls are stopped.
var slowly = []string{"strace", "-D", "-f", "--seccomp-bpf", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:delay_exit=5000"}

func (b *bench) start(ctx context.Context, before ...string) (*server, error) {
	args := slices.Concat(before, []string{b.binary, "serve", "--addr", "127.0.0.1:0"}, b.place())
	s := &server{cmd: exec.CommandContext(ctx, args[0], args[1:]...), drained: make(chan struct{})}
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(syscall.SIGTERM) }
	s.cmd.Stderr = os.Stderr
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	b.running = s
	lines := bufio.NewScanner(out)
	for s.base == "" && lines.Scan() {
		s.base = printed.FindString(lines.Text())
	}
	go func() { io.Copy(io.Discard, out); close(s.drained) }()
	if s.base == "" {
		return nil, fmt.Errorf("sapa serve printed no address: %w", s.stop())
	}
	for {
		answer, err := http.Get(s.base + "/readyz")
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				s.ready = time.Since(began)
				return s, nil
			}
		}
		if time.Since(began) > time.Minute {
			return nil, fmt.Errorf("not ready after a minute: %w", s.stop())
		}
		time.Sleep(2 * time.Millisecond)
	}
}

func (s *server) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	<-s.drained
	return s.cmd.Wait()
}

// resident is the process's memory in MiB.
func (s *server) resident() float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for _, line := range strings.Split(string(text), "\n") {
		if rest, found := strings.CutPrefix(line, "VmRSS:"); found {
			kb, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1024
		}
	}
	return 0
}

// used is the processor time the server has taken so far: on a shared machine that is steadier than the clock on the wall.
func (s *server) used() time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), ") ") // what follows the name
	field := strings.Fields(rest)
	if len(field) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(field[11])
	system, _ := strconv.Atoi(field[12])
	return time.Duration(user+system) * 10 * time.Millisecond // of a hundred ticks a second
}

func (b *bench) measureStart(ctx context.Context) error {
	for range 3 {
		s, err := b.start(ctx)
		if err != nil {
			return err
		}
		fmt.Printf("start to ready         %.2f s   resident %.0f MiB\n", s.ready.Seconds(), s.resident())
		if err := s.stop(); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) measureAgents(ctx context.Context) error {
	s, err := b.start(ctx)
	if err != nil {
		return err
	}
	for _, way := range []struct {
		name string
		turn func(context.Context, string, int) (*figures, timings, error)
	}{{"a turn a second each", b.paced}, {"without a breath", b.flatOut}} {
		before := s.used()
		f, t, err := way.turn(ctx, s.base, b.agents)
		if err != nil {
			return err
		}
		fmt.Printf("%d agents, %s: %.0f turns/s, %s ms of the server's processor time a turn\n", b.agents, way.name, t.rate(),
			ms((s.used()-before)/time.Duration(max(len(t.all), 1))))
		b.print(f)
	}
	fmt.Printf("resident after it      %.0f MiB\n", s.resident())
	return s.stop()
}

func (b *bench) print(f *figures) {
	for _, one := range []struct {
		name string
		timings
	}{{"work/next", f.next}, {"attempts ", f.told}, {"finish   ", f.finish}} {
		fmt.Printf("  %s            %s   x%s of a raw commit, x%s of a bare handler (p50)\n", one.name, one.timings,
			ratio(one.percentile(0.5), b.raw.commit.percentile(0.5)), ratio(one.percentile(0.5), b.raw.handler.percentile(0.5)))
	}
}

// measureSlow shows what one commit for many acts gives where a sync is dear.
func (b *bench) measureSlow(ctx context.Context) error {
	if b.postgres != "" {
		return errors.New("only a process of its own can be slowed down: not PostgreSQL")
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	for _, agents := range []int{1, 16, b.agents} {
		raw := exec.CommandContext(ctx, slowly[0], append(append([]string{}, slowly[1:]...), self, "-raw-commits", filepath.Join(b.dir, "raw.db"), "-callers", strconv.Itoa(agents), "-for", b.seconds.String())...)
		out, err := raw.Output()
		if err != nil {
			return fmt.Errorf("strace: %w", err)
		}
		commits, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
		if err != nil {
			return err
		}
		s, err := b.start(ctx, slowly...)
		if err != nil {
			return err
		}
		f, t, err := b.flatOut(ctx, s.base, agents)
		if err != nil {
			return err
		}
		if err := s.stop(); err != nil {
			return err
		}
		acts := 3 * t.rate()
		fmt.Printf("sync +5 ms, %2d agents  %.0f turns/s = %.0f acts/s; a commit for each act: at most %.0f acts/s; x%.1f   (next %s)\n",
			agents, t.rate(), acts, commits, acts/max(commits, 1), f.next)
	}
	return nil
}
