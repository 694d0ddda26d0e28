package web

import (
	"context"
	"net/http"
	"sync"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/live"
	"sapa/internal/replay"
)

// dryRun is how the replay of a draft stands. It lives in memory: another version of the draft has none.
type dryRun struct {
	Began, Ended time.Time // zero: not
	Report       *replay.Report
	Failed       bool
	Stopped      bool
}

func (d dryRun) running() bool { return !d.Began.IsZero() && d.Ended.IsZero() }

// dryRuns holds the one that goes on, or the last one. One at a time: it takes a core.
type dryRuns struct {
	mu      sync.Mutex
	begun   time.Time // of the draft
	version int64
	last    dryRun
	stop    context.CancelFunc
}

// of gives the run of a draft as it stands at its version.
func (d *dryRuns) of(b *draftBook) dryRun {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.version != b.Draft.Version || !d.begun.Equal(b.Draft.BegunAt) {
		return dryRun{}
	}
	return d.last
}

// longestRun bounds a dry run: a hundred thousand turns take half a minute.
const longestRun = 10 * time.Minute

// draftRun begins a dry run of the draft as it is. One of an older version is stopped for it.
func (s *Server) draftRun(w http.ResponseWriter, r *request) {
	s.act(w, r, draftBack(r), func(tx *db.Tx) (string, error) {
		b, err := s.draftOf(tx)
		switch {
		case err != nil:
			return "", err
		case !b.sound():
			return "", fault.New(fault.Conflict, "draft.unsound", "n", len(b.Problems))
		}
		tx.After(func() { s.begin(b, db.ID(r.by.ID)) })
		return draftBack(r) + "#dry-run", nil
	})
}

func (s *Server) begin(b *draftBook, by db.ID) {
	s.runs.mu.Lock()
	defer s.runs.mu.Unlock()
	same := s.runs.version == b.Draft.Version && s.runs.begun.Equal(b.Draft.BegunAt)
	if same && s.runs.last.running() {
		return
	}
	if s.runs.stop != nil {
		s.runs.stop()
	}
	ctx, stop := context.WithTimeout(context.Background(), longestRun)
	s.runs.stop, s.runs.version, s.runs.begun, s.runs.last = stop, b.Draft.Version, b.Draft.BegunAt, dryRun{Began: s.Clock()}
	began := s.runs.last.Began
	s.beside.Go(func() {
		defer stop()
		report, err := replay.Job{Store: s.Store, Library: s.Campaigns.Library(), Draft: b.Book, Site: s.Site}.Run(ctx)
		s.runs.mu.Lock()
		if s.runs.version == b.Draft.Version && s.runs.begun.Equal(b.Draft.BegunAt) && s.runs.last.Began.Equal(began) {
			s.runs.last.Ended = s.Clock()
			switch {
			case ctx.Err() != nil:
				s.runs.last.Stopped = true
			case err != nil:
				s.runs.last.Failed = true
				s.Log.Error("dry run", "version", b.Draft.Version, "err", err)
			default:
				s.runs.last.Report = &report
			}
		}
		s.runs.mu.Unlock()
		if s.Hub != nil {
			s.Hub.Publish("agent:"+by.String(), live.Event{Name: "draft"})
		}
	})
}

// draftRunStop stops the run.
func (s *Server) draftRunStop(w http.ResponseWriter, r *request) {
	s.act(w, r, draftBack(r), func(*db.Tx) (string, error) {
		s.runs.mu.Lock()
		defer s.runs.mu.Unlock()
		if s.runs.stop != nil {
			s.runs.stop()
		}
		return draftBack(r), nil
	})
}
