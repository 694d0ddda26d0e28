//go:build !linux

package db

import "os"

// flush waits until the disk has what was written to a file.
func flush(f *os.File) error { return f.Sync() }

// drain lets the disk have what a file has in memory.
func drain(f *os.File) { _ = f.Sync() }
