package db

import (
	"os"

	"golang.org/x/sys/unix"
)

// A file is drained in pieces of so many bytes, in each of which some pages have changed: a millisecond's work. To ask for a piece in
// which nothing has costs a microsecond, so a file of more than a GiB is drained in larger ones.
const (
	mostPieces = 4096
	leastPiece = 256 << 10 // whole pages of memory
)

// flush waits until the disk has what was written to a file, without its dates.
func flush(f *os.File) error { return unix.Fdatasync(int(f.Fd())) }

// drain lets the disk have what a file has in memory piece by piece: what others ask it for meanwhile goes in between, where it would
// wait behind all of it (20 to 60 ms). It promises nothing that a Sync does, but little is left for one.
func drain(f *os.File) {
	stat, err := f.Stat()
	if err != nil {
		return
	}
	piece := max(stat.Size()/mostPieces, leastPiece) &^ (leastPiece - 1)
	for at := int64(0); at < stat.Size(); at += piece {
		_ = unix.SyncFileRange(int(f.Fd()), at, piece, unix.SYNC_FILE_RANGE_WAIT_BEFORE|unix.SYNC_FILE_RANGE_WRITE|unix.SYNC_FILE_RANGE_WAIT_AFTER)
	}
}
