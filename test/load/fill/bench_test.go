package fill

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"sapa/internal/api"
	"sapa/internal/call"
	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/live"
	"sapa/internal/phone"
	"sapa/internal/report"
	"sapa/internal/staff"
	"sapa/internal/web"
	"sapa/internal/who"
)

// site is the store all benches share: filled once, thrown away at the end. SAPA_BENCH_TICKETS makes it smaller;
// SAPA_BENCH_STORE takes one that is filled already (test/load -dir), and works tickets of it off.
type site struct {
	store     *db.DB
	campaigns *campaign.Campaigns
	seat      *desk.Seat
	agents    []who.Actor
	at        atomic.Int64 // the clock, ms
}

var (
	once   sync.Once
	shared *site
	broken error
	folder string
)

func TestMain(m *testing.M) {
	code := m.Run()
	if shared != nil {
		shared.store.Close()
	}
	if folder != "" {
		os.RemoveAll(folder)
	}
	os.Exit(code)
}

func (s *site) now() time.Time { return time.UnixMilli(s.at.Load()).UTC() }

func busy(b *testing.B) *site {
	b.Helper()
	once.Do(func() { shared, broken = build() })
	if broken != nil {
		b.Fatal(broken)
	}
	return shared
}

func build() (*site, error) {
	ctx, size := context.Background(), Site
	if n, err := strconv.Atoi(os.Getenv("SAPA_BENCH_TICKETS")); err == nil {
		size.Tickets, size.Waiting = n, n/4
	}
	var err error
	s, there := &site{}, os.Getenv("SAPA_BENCH_STORE")
	s.at.Store(time.Now().UnixMilli())
	where := there
	if where == "" {
		if folder, err = os.MkdirTemp("", "sapa-bench-"); err != nil {
			return nil, err
		}
		where = folder
	}
	if s.store, err = db.Open(ctx, "sqlite:"+filepath.Join(where, "sapa.db"), db.Options{Clock: s.now}); err != nil {
		return nil, err
	}
	if there == "" {
		if _, err := Store(ctx, s.store, size); err != nil {
			return nil, err
		}
	}
	if s.campaigns, err = Campaigns(ctx, s.store); err != nil {
		return nil, err
	}
	if s.seat, err = Seat(s.store, s.campaigns, s.now); err != nil {
		return nil, err
	}
	return s, s.store.Read(ctx, func(tx *db.Tx) error {
		all, err := staff.All(tx)
		for _, p := range all {
			if len(s.agents) < size.Agents {
				s.agents = append(s.agents, p.Actor(who.API))
			}
		}
		return err
	})
}

// turns lets all agents at once claim and finish, and measures one of the two acts.
func turns(b *testing.B, next bool) {
	s := busy(b)
	var mu sync.Mutex
	var took []time.Duration
	var left atomic.Int64
	left.Store(int64(b.N))
	b.ResetTimer()
	report := cpu(b)
	var group sync.WaitGroup
	failed := make(chan error, len(s.agents))
	for _, a := range s.agents {
		group.Go(func() {
			for left.Add(-1) >= 0 {
				claimed, finished, err := turn(s, a)
				if err != nil {
					failed <- err
					return
				}
				mu.Lock()
				if next {
					took = append(took, claimed)
				} else {
					took = append(took, finished)
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	b.StopTimer()
	report()
	select {
	case err := <-failed:
		b.Fatal(err)
	default:
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[min(len(took)*99/100, len(took)-1)].Microseconds())/1000, "p99-ms")
}

var results = map[string]map[string]string{
	"callback":    {"receiver": "reporter", "data_check": "yes", "guided": "berhasil", "status": "contacted", "reason_call": "internet-mati", "solution": "selesai-dipandu", "remarks": "Dipandu, normal."},
	"fresh-lapul": {"receiver": "reporter", "status": "contacted", "reason_1": "sukses", "reason_2": "paham", "remarks": "Paham."},
}

func turn(s *site, a who.Actor) (claimed, finished time.Duration, err error) {
	ctx, t := context.Background(), desk.Turn{}
	clock := stopwatch()
	if err := s.store.Write(ctx, func(tx *db.Tx) (err error) { t, err = s.seat.Next(tx, a, nil); return err }); err != nil {
		return 0, 0, err
	}
	claimed = clock()
	id, lease := t.Ticket.ID, t.Lease.Token
	if err := s.store.Write(ctx, func(tx *db.Tx) error {
		_, err := s.seat.Report(tx, a, id, lease, call.Reported{Line: call.Answered, RingS: 8, TalkS: 60})
		return err
	}); err != nil {
		return 0, 0, err
	}
	clock = stopwatch()
	err = s.store.Write(ctx, func(tx *db.Tx) error {
		_, err := s.seat.Finish(tx, a, id, lease, results[t.Ticket.Campaign])
		return err
	})
	return claimed, clock(), err
}

// cpu reports what one operation cost in processor time: on a shared machine that is steadier than the clock on the wall.
func cpu(b *testing.B) (report func()) {
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	before := used()
	return func() { b.ReportMetric(float64((used()-before).Microseconds())/float64(b.N), "cpu-µs/op") }
}

func stopwatch() func() time.Duration {
	began := time.Now()
	return func() time.Duration { return time.Since(began) }
}

// BenchmarkNext and BenchmarkFinish: 64 agents at once, without a breath; one turn is claim, attempt, finish.
func BenchmarkNext(b *testing.B)   { turns(b, true) }
func BenchmarkFinish(b *testing.B) { turns(b, false) }

// BenchmarkCommit is one minimal act of the store, alone: what the others are to be held against.
func BenchmarkCommit(b *testing.B) {
	s := busy(b)
	defer cpu(b)()
	for b.Loop() {
		if err := s.store.Ready(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}

func look(b *testing.B, read func(s *site, tx *db.Tx) error) {
	s := busy(b)
	defer cpu(b)()
	for b.Loop() {
		if err := s.store.Read(context.Background(), func(tx *db.Tx) error { return read(s, tx) }); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkQueue(b *testing.B) {
	look(b, func(s *site, tx *db.Tx) error {
		s.at.Add(1000) // a long queue is counted once a second: measure the count
		all, err := s.campaigns.All(tx)
		if err != nil {
			return err
		}
		lines, err := report.Queue(tx, all)
		if err == nil && lines[0].Waiting == 0 {
			return errors.New("nothing waits")
		}
		return err
	})
}

func BenchmarkTodayOfOne(b *testing.B) {
	look(b, func(s *site, tx *db.Tx) error {
		_, err := report.Today(tx, db.ID(s.agents[0].ID), tx.Now.Add(-24*time.Hour), time.UTC)
		return err
	})
}

func BenchmarkTodayOfAll(b *testing.B) {
	look(b, func(s *site, tx *db.Tx) error {
		_, err := report.Today(tx, 0, tx.Now.Add(-24*time.Hour), time.UTC)
		return err
	})
}

// BenchmarkTurnByAPI is one turn of one agent through the API's handler, without a network: next, attempt, finish.
func BenchmarkTurnByAPI(b *testing.B) {
	s := busy(b)
	var token string
	if err := s.store.Write(context.Background(), func(tx *db.Tx) (err error) {
		token, err = staff.CreateToken(tx, who.House, s.agents[0].Login, time.Hour)
		return err
	}); err != nil {
		b.Fatal(err)
	}
	door := api.New(api.Parts{Store: s.store, Staff: staff.New(s.store, staff.Options{}), Seat: s.seat})
	var key atomic.Int64
	post := func(path string, body any) []byte {
		text, err := json.Marshal(body)
		if err != nil {
			b.Fatal(err)
		}
		ask := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(text))
		ask.Header.Set("Authorization", "Bearer "+token)
		ask.Header.Set("Content-Type", "application/json")
		ask.Header.Set("Idempotency-Key", strconv.FormatInt(key.Add(1), 10)+"-"+token)
		answer := httptest.NewRecorder()
		door.ServeHTTP(answer, ask)
		if answer.Code != http.StatusOK && answer.Code != http.StatusCreated {
			b.Fatalf("%s: %d %s", path, answer.Code, answer.Body)
		}
		return answer.Body.Bytes()
	}
	defer cpu(b)()
	for b.Loop() {
		var t struct {
			Ticket struct{ ID, Campaign string }
			Lease  struct{ Token string }
		}
		if err := json.Unmarshal(post("/api/v1/work/next", map[string]any{}), &t); err != nil {
			b.Fatal(err)
		}
		path := "/api/v1/tickets/" + t.Ticket.ID
		post(path+"/attempts", map[string]any{"lease": t.Lease.Token, "line": "answered", "ring_s": 8, "talk_s": 60})
		post(path+"/finish", map[string]any{"lease": t.Lease.Token, "answers": results[t.Ticket.Campaign]})
	}
}

// BenchmarkDeskPage renders and writes the agent's page with a ticket in hand, session and all.
func BenchmarkDeskPage(b *testing.B) {
	s := busy(b)
	ctx := context.Background()
	people := staff.New(s.store, staff.Options{})
	secret, err := people.HashPassword(ctx, "kopi tubruk pagi", "")
	if err != nil {
		b.Fatal(err)
	}
	login := "60" + strconv.Itoa(int(s.at.Add(1)%1_000_000))
	if err := s.store.Write(ctx, func(tx *db.Tx) error {
		p, err := staff.Add(tx, who.House, staff.Person{Login: login, Name: "Agen Halaman", Role: who.Agent, Secret: secret})
		if err != nil {
			return err
		}
		_, err = s.seat.Next(tx, p.Actor(who.Page), nil)
		return err
	}); err != nil {
		b.Fatal(err)
	}
	seat, err := Seat(s.store, s.campaigns, s.now)
	if err != nil {
		b.Fatal(err)
	}
	wib, err := time.LoadLocation(phone.WIB)
	if err != nil {
		b.Fatal(err)
	}
	never := func(time.Duration) (<-chan time.Time, func()) { return nil, func() {} }
	server := httptest.NewServer(web.New(web.Parts{Store: s.store, Staff: people, Seat: seat, Campaigns: s.campaigns, Hub: live.NewHub(), Site: wib, Clock: s.now, Ticker: never}))
	defer server.Close()
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	if _, err := browser.PostForm(server.URL+"/sign-in", url.Values{"login": {login}, "password": {"kopi tubruk pagi"}}); err != nil {
		b.Fatal(err)
	}
	here, err := url.Parse(server.URL)
	if err != nil {
		b.Fatal(err)
	}
	ask := httptest.NewRequest(http.MethodGet, "/desk", nil)
	for _, c := range jar.Cookies(here) {
		ask.AddCookie(c)
	}
	size := 0
	defer cpu(b)()
	for b.Loop() {
		answer := httptest.NewRecorder()
		server.Config.Handler.ServeHTTP(answer, ask)
		if size = answer.Body.Len(); answer.Code != http.StatusOK {
			b.Fatalf("%d %s", answer.Code, answer.Header())
		}
	}
	b.ReportMetric(float64(size), "bytes")
}

// BenchmarkBareHandler is what the machine takes for a request that does nothing.
func BenchmarkBareHandler(b *testing.B) {
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("<!doctype html>")) })
	ask := httptest.NewRequest(http.MethodGet, "/desk", nil)
	defer cpu(b)()
	for b.Loop() {
		h.ServeHTTP(httptest.NewRecorder(), ask)
	}
}
