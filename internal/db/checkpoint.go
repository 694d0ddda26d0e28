package db

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"os"
	"sync"
)

// Pages of SQLite's log, 4 KiB each. Below logFull a page that many acts touch is copied into the file once for all of them; above it
// copying takes so long that the log grows by as much meanwhile. What the writer copies itself it does between two
// commits, and everybody waits for that. At logMost it would copy all, as SQLite does by itself.
const (
	logFull = 2_000  // from here on the log is copied into the file, beside the writer
	logRest = 300    // so little the writer copies itself, so that the log begins anew
	logMost = 14_000 // 56 MiB; the log never grows beyond 64 (trust G5)
)

// copier copies SQLite's log into the file while the writer goes on. Left to itself SQLite does that within a commit: 32 MiB took
// 35 to 75 ms, once in a second or two of a busy floor, and everyone's result waited. SQLite lets the disk have the file only with the
// last page of a log, so that the writer would wait for all of them after copying a few: the copier drains it before.
type copier struct {
	conn  *sql.Conn
	index *os.File      // the log's index, which says how long the log is
	pages *os.File      // the log itself
	file  *os.File      // what it is copied into
	wrote chan struct{} // the writer has committed
	loose chan struct{} // the writer has committed without waiting for the disk
	rest  chan struct{} // the writer shall copy what is left
	ended sync.WaitGroup
}

func newCopier(ctx context.Context, write *sql.DB, path string) (*copier, error) {
	conn, err := write.Conn(ctx)
	if err != nil {
		return nil, err
	}
	c := &copier{conn: conn, wrote: make(chan struct{}, 1), loose: make(chan struct{}, 1), rest: make(chan struct{})}
	if err = copyLog(ctx, conn); err == nil { // it makes the index, too
		c.index, err = os.Open(path + "-shm")
	}
	if err == nil {
		c.pages, err = os.Open(path + "-wal")
	}
	if err == nil {
		c.file, err = os.Open(path)
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close(), c.close())
	}
	return c, nil
}

// close is for when no connection is left: closing a file frees every lock that this process has on it, SQLite's too.
func (c *copier) close() error {
	var err error
	for _, f := range []*os.File{c.index, c.pages, c.file} {
		if f != nil {
			err = errors.Join(err, f.Close())
		}
	}
	return err
}

// committed tells it that there is more in the log, and whether the disk has it. It never waits.
func (c *copier) committed(synced bool) {
	tell := func(whom chan<- struct{}) {
		select {
		case whom <- struct{}{}:
		default:
		}
	}
	tell(c.wrote)
	if !synced {
		tell(c.loose)
	}
}

// work begins what the copier does until closing is closed; ended waits for it.
func (c *copier) work(closing <-chan struct{}) {
	c.ended.Go(func() { c.copyForEver(closing) })
	c.ended.Go(func() { c.flushForEver(closing) })
}

// flushForEver lets the disk have what chores have left in the log, beside the writer: the next act's commit, which waits for the disk,
// would wait for all of it.
func (c *copier) flushForEver(closing <-chan struct{}) {
	for {
		select {
		case <-c.loose:
			_ = flush(c.pages) // nobody waits for it; who does asks the disk anew
		case <-closing:
			return
		}
	}
}

func (c *copier) copyForEver(closing <-chan struct{}) {
	tried := uint32(0) // how long the log was when somebody's long look kept it from beginning anew
	for {
		select {
		case <-c.wrote:
		case <-closing:
			_ = c.conn.Close()
			return
		}
		long, _ := c.log()
		if long < tried {
			tried = 0
		}
		if long < logFull || long < tried+logFull/8 {
			continue
		}
		for range 4 {
			_ = copyLog(context.Background(), c.conn) // what fails now, on a full disk, is tried again as the log grows
			drain(c.file)
			_ = flush(c.file)
			long, done := c.log()
			tried = long
			if long-done < logRest {
				break
			}
		}
		select {
		case c.rest <- struct{}{}:
		case <-closing:
		}
	}
}

// log says how many pages the log holds and how many of them have been copied: mxFrame and nBackfill of the log's index
// (sqlite.org/walformat.html 2.1).
func (c *copier) log() (long, done uint32) {
	var b [100]byte
	if _, err := c.index.ReadAt(b[:], 0); err != nil {
		return 0, 0
	}
	return binary.NativeEndian.Uint32(b[16:]), binary.NativeEndian.Uint32(b[96:])
}

// copyLog copies what no reader holds back; it waits for nobody.
func copyLog(ctx context.Context, conn interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}) error {
	rows, err := conn.QueryContext(ctx, `PRAGMA wal_checkpoint(PASSIVE)`)
	if err != nil {
		return err
	}
	for rows.Next() { // one row: what log says
	}
	_ = rows.Close()
	return rows.Err()
}
