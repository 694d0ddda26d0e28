package torture

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
)

const (
	kills   = 5
	feeders = 2
	workers = 4
)

// zones six hours apart: whatever the hour, customers in some of them may be called now.
var zones = []string{"Etc/GMT", "Etc/GMT-6", "Etc/GMT-12", "Etc/GMT+6"}

// acts keeps what was acknowledged.
type acts struct {
	mu  sync.Mutex
	all map[ask]answer
}

func (k *acts) keep(a ask, got answer) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.all[a] = got
}

// Trust G2: what was acknowledged is kept, once, whenever the server is killed; the same key gives the same bytes.
// SOP 5.2.11.d: the save is atomic.
func TestWhatWasAcknowledgedSurvivesKillsExactlyOnce(t *testing.T) {
	s := newSite(t)
	var tokens []string
	for i := range feeders + workers {
		login := fmt.Sprint("4200", i)
		if i < feeders {
			s.command("", "staff", "add", "--login", login, "--name", "Umpan Latihan", "--role", "feed")
		} else {
			s.command("kopi tubruk pagi\n", "staff", "add", "--login", login, "--name", "Orang Latihan", "--role", "agent", "--password-stdin")
		}
		tokens = append(tokens, token(s.command("", "token", "create", "--login", login)))
	}
	s.start()
	kept := &acts{all: map[ask]answer{}}
	var group sync.WaitGroup
	for i, token := range tokens {
		group.Go(func() {
			if i < feeders {
				feed(s, token, i, kept)
			} else {
				work(s, token, i, kept)
			}
		})
	}
	rnd := rand.New(rand.NewPCG(9, 0))
	for at, n := 40, 0; n < kills; n++ {
		at += 25 + rnd.IntN(60)
		s.after(at)
		s.kill()
		s.start()
	}
	s.after(kills * 130)
	s.kill()
	s.end()
	group.Wait()
	s.over = false
	s.start()
	replayed(t, s, kept)
	s.kill()
	counted(t, s, kept)
}

func token(printed string) string {
	words := strings.Fields(printed)
	return words[len(words)-1]
}

// feed opens ticket after ticket.
func feed(s *site, token string, who int, kept *acts) {
	client := &http.Client{}
	for n := 0; ; n++ {
		ref := fmt.Sprintf("K-%d-%d", who, n)
		a := ask{token, "POST", "/tickets", "open-" + ref, fmt.Sprintf(`{"campaign":"callback","ref":%q,"zone":%q,"criterion":"a","contact":{"name":"Ibu Latihan","phone":"08999%d%06d"},"note":"internet mati"}`, ref, zones[n%len(zones)], who, n)}
		got, done := s.once(client, a)
		if !done {
			return
		}
		if got.status != http.StatusCreated {
			s.t.Errorf("open %s: %d %s", ref, got.status, got.body)
			return
		}
		kept.keep(a, got)
	}
}

// work takes ticket after ticket and finishes each: nobody picks up.
func work(s *site, token string, who int, kept *acts) {
	client := &http.Client{}
	for n := 0; ; n++ {
		key := fmt.Sprintf("%d-%d", who, n)
		next := ask{token, "POST", "/work/next", "next-" + key, `{}`}
		got, done := s.once(client, next)
		if !done {
			return
		}
		kept.keep(next, got)
		if got.status == http.StatusNoContent {
			continue
		}
		var turn struct {
			Ticket struct{ ID string }
			Lease  struct{ Token string }
		}
		if err := json.Unmarshal([]byte(got.body), &turn); err != nil || got.status != http.StatusOK {
			s.t.Errorf("next: %v %d %s", err, got.status, got.body)
			return
		}
		path := "/tickets/" + turn.Ticket.ID
		for _, a := range []ask{
			{token, "POST", path + "/read", "read-" + key, fmt.Sprintf(`{"lease":%q}`, turn.Lease.Token)},
			{token, "POST", path + "/attempts", "attempt-" + key, fmt.Sprintf(`{"lease":%q,"line":"no-answer","ring_s":25}`, turn.Lease.Token)},
			{token, "POST", path + "/finish", "finish-" + key, fmt.Sprintf(`{"lease":%q,"answers":{"status":"rna","solution":"dihubungi-lagi","remarks":"tidak diangkat"}}`, turn.Lease.Token)},
		} {
			got, done := s.once(client, a)
			if !done {
				return
			}
			if got.status >= 300 {
				s.t.Errorf("%s: %d %s", a.path, got.status, got.body)
				return
			}
			kept.keep(a, got)
		}
	}
}

// replayed sends every acknowledged act again and wants the bytes it was answered with.
func replayed(t *testing.T, s *site, kept *acts) {
	t.Helper()
	base, _ := s.where()
	client := &http.Client{}
	for a, before := range kept.all {
		again, err := send(client, base, a)
		if err != nil {
			t.Fatal(err)
		}
		if again != before {
			t.Errorf("%s %s again:\n%d %s\nat first:\n%d %s", a.path, a.key, again.status, again.body, before.status, before.body)
		}
	}
}

// counted opens what the server left behind and wants every acknowledged act in it exactly once, and nothing by halves.
func counted(t *testing.T, s *site, kept *acts) {
	t.Helper()
	acked := map[string]int{}
	for a := range kept.all {
		acked[strings.SplitN(a.key, "-", 2)[0]]++
	}
	t.Logf("%d kills; acknowledged: %d opened, %d asked for the next, %d read, %d attempts, %d finished", kills+1, acked["open"], acked["next"], acked["read"], acked["attempt"], acked["finish"])
	if acked["finish"] == 0 {
		t.Fatal("nobody finished anything")
	}
	ctx := context.Background()
	store, err := db.Open(ctx, "sqlite:"+filepath.Join(s.data, "sapa.db"), db.Options{Clock: dbtest.NewClock().Now, Exclusive: true})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	// An act that was under way when all ended was never acknowledged: it may be there or not, one a client at most.
	for name, c := range map[string]struct {
		query       string
		least, most int
	}{
		"tickets":            {`SELECT count(*) FROM ticket`, acked["open"], acked["open"] + feeders},
		"openings told of":   {`SELECT count(*) FROM journal WHERE act = 'ticket.opened'`, acked["open"], acked["open"] + feeders},
		"results":            {`SELECT count(*) FROM outcome`, acked["finish"], acked["finish"] + workers},
		"results told of":    {`SELECT count(*) FROM journal WHERE act = 'turn.finished'`, acked["finish"], acked["finish"] + workers},
		"attempts":           {`SELECT count(*) FROM attempt`, acked["attempt"], acked["attempt"] + workers},
		"turns":              {`SELECT count(*) FROM turn`, acked["attempt"], acked["attempt"] + workers},
		"answers":            {`SELECT count(*) FROM answered`, len(kept.all), len(kept.all) + feeders + workers},
		"turns with two":     {`SELECT count(*) FROM (SELECT turn FROM outcome GROUP BY turn HAVING count(*) > 1) x`, 0, 0},
		"finished by halves": {`SELECT count(*) FROM turn t WHERE (t.finished_at > 0) <> EXISTS (SELECT 1 FROM outcome o WHERE o.turn = t.id)`, 0, 0},
		"claimed by halves":  {`SELECT count(*) FROM ticket t WHERE (t.state = 'claimed') <> EXISTS (SELECT 1 FROM hold h WHERE h.ticket = t.id)`, 0, 0},
		"opened by halves":   {`SELECT count(*) FROM ticket t WHERE NOT EXISTS (SELECT 1 FROM journal j WHERE j.ticket = t.id AND j.act = 'ticket.opened')`, 0, 0},
	} {
		var n int
		if err := store.Read(ctx, func(tx *db.Tx) error { return tx.Row(c.query).Scan(&n) }); err != nil {
			t.Fatal(err)
		}
		if n < c.least || n > c.most {
			t.Errorf("%s: %d, want %d to %d", name, n, c.least, c.most)
		}
	}
	var whole string
	if err := store.Read(ctx, func(tx *db.Tx) error { return tx.Row(`PRAGMA integrity_check`).Scan(&whole) }); err != nil || whole != "ok" {
		t.Errorf("the file: %s %v", whole, err)
	}
}
