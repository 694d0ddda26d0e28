package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"syscall"
	"time"

	_ "modernc.org/sqlite" // pure Go SQLite: no cgo, so one static binary
)

const (
	readers   = 8  // connections for reading, 8 MB of cache each
	batch     = 64 // acts that share one commit
	queueSize = 4 * batch
)

func openLite(ctx context.Context, path string, o Options) (*DB, error) {
	if o.Clock == nil {
		return nil, errors.New("open sqlite: it has no clock of its own, give it one")
	}
	unlock := func() error { return nil }
	if o.Exclusive {
		var err error
		if unlock, err = serve(path); err != nil {
			return nil, err
		}
	}
	// The log stays below 64 MiB (trust G5): what a long read let grow beyond is cut back. When it is copied: copier.
	log := fmt.Sprintf("&_pragma=wal_autocheckpoint(%d)&_pragma=journal_size_limit(67108864)", logMost)
	// A limit, however high, keeps ANALYZE from drawing samples: a statement planned by samples is planned anew for every value it is
	// given, and a third of the processor went there.
	common := "&_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=temp_store(memory)&_pragma=analysis_limit(100000)"
	file := "file:" + (&url.URL{Path: path}).EscapedPath() + "?"
	// 8 MB of cache hold the upper pages of every tree. Four times as much finds little more and costs: SQLite looks through all of it after a
	// commit in which pages changed places (in a file below 1 GiB), 0.6 ms each.
	write, err := sql.Open("sqlite", file+"_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=cache_size(-8000)"+log+common)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), unlock())
	}
	write.SetMaxOpenConns(1)
	d := &DB{opt: o, path: path, write: write, queue: make(chan *job, queueSize), chores: make(chan *job, queueSize), closing: make(chan struct{}), writer: make(chan struct{}), unlock: unlock}
	if err := d.migrate(ctx); err != nil {
		return nil, errors.Join(err, write.Close(), unlock())
	}
	conn, err := write.Conn(ctx)
	if err == nil {
		err = forgetSamples(ctx, conn)
	}
	if err != nil {
		return nil, errors.Join(d.explain(err), write.Close(), unlock())
	}
	write.SetMaxOpenConns(3) // the writer keeps its own and so does the copier; the third is Raw's, which would wait for ever otherwise
	if d.log, err = newCopier(ctx, write, path); err != nil {
		return nil, errors.Join(d.explain(err), conn.Close(), write.Close(), unlock())
	}
	if d.read, err = sql.Open("sqlite", file+"_pragma=query_only(1)&_pragma=cache_size(-8000)"+common); err != nil {
		return nil, errors.Join(err, d.log.conn.Close(), conn.Close(), write.Close(), d.log.close(), unlock())
	}
	d.read.SetMaxOpenConns(readers)
	d.read.SetMaxIdleConns(readers)
	d.readers = newReading()
	d.log.work(d.closing)
	go d.writeForEver(&prepared{conn: conn, known: map[string]*sql.Stmt{}})
	return d, nil
}

// forgetSamples drops the samples that an ANALYZE from outside has left in the file.
func forgetSamples(ctx context.Context, conn *sql.Conn) error {
	var drawn bool
	err := conn.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat4')`).Scan(&drawn)
	if err != nil || !drawn {
		return err
	}
	if _, err = conn.ExecContext(ctx, `DELETE FROM sqlite_stat4`); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, `ANALYZE sqlite_schema`) // the connection reads anew what is left
	return err
}

// serve takes the file for this process until it ends; another server gets a clear refusal instead of a shared file.
func serve(path string) (end func() error, err error) {
	alone, err := lock(path+".lock", syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("another sapa serves this data already (%s is locked)", path+".lock")
	}
	if err != nil {
		return nil, err
	}
	told, err := lock(path+".served", syscall.LOCK_SH) // waits for who is just asking
	if err != nil {
		return nil, errors.Join(err, alone.Close())
	}
	return func() error { return errors.Join(told.Close(), alone.Close()) }, nil
}

// Served tells whether people may be working on this data, here or through a server beside. It asks a lock that no server
// needs for itself, so that asking never refuses one. PostgreSQL does not tell who else is there: yes.
func (d *DB) Served() bool {
	if d.postgres || d.opt.Exclusive {
		return true
	}
	f, err := lock(d.path+".served", syscall.LOCK_EX|syscall.LOCK_NB)
	if err != nil {
		return true
	}
	return f.Close() != nil
}

func lock(name string, how int) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), how); err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", name, err), f.Close())
	}
	return f, nil
}

// job is one act waiting for the writer.
type job struct {
	ctx   context.Context
	act   func(*Tx) error
	tx    *Tx
	err   error
	panic any
	done  chan struct{}
}

// writeForEver is the one writer: it takes what waits, up to a batch, each act in its own savepoint, and answers only
// after their one commit. So a slow disk is paid once for many (store.md a: 24-35 times the rate at a 5 ms sync). Between two
// batches one chore that waits has its turn, with a commit of its own: what comes meanwhile shares the next.
func (d *DB) writeForEver(conn *prepared) {
	defer close(d.writer)
	defer conn.close()
	jobs := make([]*job, 0, batch)
	for {
		jobs = jobs[:0]
		select {
		case j := <-d.queue: // before a chore that waits, too
			jobs = append(jobs, j)
		default:
			select {
			case j := <-d.queue:
				jobs = append(jobs, j)
			case j := <-d.chores:
				d.store(conn, append(jobs, j), false)
				continue
			case <-d.log.rest:
				_ = copyLog(context.Background(), conn)
				continue
			case <-d.closing:
				return
			}
		}
		patience := 3
	more:
		for len(jobs) < batch {
			select {
			case j := <-d.queue:
				jobs = append(jobs, j)
			default:
				if patience == 0 {
					break more
				}
				patience--
				runtime.Gosched() // who is about to hand an act over does so, and shares the commit
			}
		}
		d.store(conn, jobs, true)
		select {
		case j := <-d.chores:
			d.store(conn, append(jobs[:0], j), false)
		default:
		}
	}
}

// store commits a batch and answers everybody in it. synced: not before the disk has it; a commit that is synced later takes
// with it what was not, for the log is written in order.
func (d *DB) store(conn *prepared, jobs []*job, synced bool) {
	if err := conn.sync(synced); err != nil {
		failAll(jobs, d.explain(err))
	} else {
		d.commit(conn, jobs)
	}
	d.log.committed(synced)
	for _, j := range jobs {
		close(j.done)
	}
}

// commit runs a batch of acts in one transaction.
func (d *DB) commit(conn *prepared, jobs []*job) {
	background := context.Background() // a statement interrupted by one caller would roll everybody's work back
	if _, err := conn.ExecContext(background, "BEGIN IMMEDIATE"); err != nil {
		failAll(jobs, d.explain(err))
		return
	}
	alone := len(jobs) == 1
	for _, j := range jobs {
		if j.err = j.ctx.Err(); j.err != nil {
			continue
		}
		if err := d.try(conn, j, alone); err != nil { // the transaction itself is lost, not only this act
			_, _ = conn.ExecContext(background, "ROLLBACK")
			failAll(jobs, d.explain(err))
			return
		}
	}
	if alone && (jobs[0].err != nil || jobs[0].panic != nil) {
		_, _ = conn.ExecContext(background, "ROLLBACK")
		return
	}
	if _, err := conn.ExecContext(background, "COMMIT"); err != nil {
		_, _ = conn.ExecContext(background, "ROLLBACK")
		failAll(jobs, d.explain(err))
		return
	}
	d.broken.Store(nil)
}

func failAll(jobs []*job, err error) {
	for _, j := range jobs {
		if j.panic == nil {
			j.err = err
		}
	}
}

// try runs one act in its savepoint. What it returns has gone wrong with the transaction as a whole. An act that is alone in
// its transaction needs no savepoint, and a savepoint keeps a copy of every page it touches: an import's acts are large.
func (d *DB) try(conn *prepared, j *job, alone bool) error {
	background := context.Background()
	if !alone {
		if _, err := conn.ExecContext(background, "SAVEPOINT act"); err != nil {
			return err
		}
	}
	j.tx = &Tx{Now: d.now(), Try: 1, db: d, run: conn, ctx: context.WithoutCancel(j.ctx)}
	func() {
		defer func() { j.panic = recover() }()
		j.err = j.act(j.tx)
	}()
	if alone {
		return nil
	}
	if j.err != nil || j.panic != nil {
		if _, err := conn.ExecContext(background, "ROLLBACK TO act"); err != nil {
			return err
		}
	}
	_, err := conn.ExecContext(background, "RELEASE act")
	return err
}

func (d *DB) writeLite(ctx context.Context, queue chan<- *job, act func(*Tx) error) error {
	j := &job{ctx: ctx, act: act, done: make(chan struct{})}
	select {
	case queue <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-d.closing:
		return closed()
	}
	select {
	case <-j.done:
	case <-d.writer: // it ended before it came to this act
		select {
		case <-j.done:
		default:
			return closed()
		}
	}
	if j.panic != nil {
		panic(j.panic)
	}
	if j.err == nil {
		for _, f := range j.tx.after {
			f()
		}
	}
	return j.err
}

func (d *DB) now() time.Time { return d.opt.Clock().UTC().Truncate(time.Millisecond) }

// prepared is the writer's connection with the statements it has seen: parsing them anew costs nearly as much as running.
type prepared struct {
	conn     *sql.Conn
	known    map[string]*sql.Stmt
	unsynced bool // its commits do not wait for the disk now
}

// sync says whether commits wait for the disk. SQLite does what the pragma says while it reads it: it must not be a known statement.
func (p *prepared) sync(synced bool) error {
	if p.unsynced == !synced {
		return nil
	}
	level := "NORMAL"
	if synced {
		level = "FULL"
	}
	_, err := p.conn.ExecContext(context.Background(), "PRAGMA synchronous = "+level)
	if err == nil {
		p.unsynced = !synced
	}
	return err
}

func (p *prepared) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s := p.known[query]; s != nil {
		return s, nil
	}
	s, err := p.conn.PrepareContext(ctx, query)
	if err == nil {
		p.known[query] = s
	}
	return s, err
}

func (p *prepared) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := p.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

func (p *prepared) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := p.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

func (p *prepared) close() {
	for _, s := range p.known {
		_ = s.Close()
	}
	_ = p.conn.Close()
}
