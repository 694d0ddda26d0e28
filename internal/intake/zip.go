package intake

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"

	"sapa/internal/fault"
)

// Limits of a workbook, checked before anything is unpacked (trust.md 1.8).
const (
	zipEntries = 1_000
	zipTotal   = 512 << 20
	zipRatio   = 100
	zipSmall   = 1 << 20 // an entry below this cannot hurt, however tightly it is packed
)

// openZip opens a workbook's container once its own list of entries is within the limits.
func openZip(file io.ReaderAt, size int64) (*zip.Reader, error) {
	n, err := zipCount(file, size)
	if err != nil {
		return nil, err
	}
	if n > zipEntries {
		return nil, fault.New(fault.Invalid, "intake.zip-entries", "max", zipEntries)
	}
	z, err := zip.NewReader(file, size)
	if err != nil || len(z.File) != n {
		return nil, fault.New(fault.Invalid, "intake.zip-broken").Because(err)
	}
	var total uint64
	for _, f := range z.File {
		total += min(f.UncompressedSize64, zipTotal+1)
		switch {
		case total > zipTotal:
			return nil, fault.New(fault.Invalid, "intake.zip-total", "max", zipTotal>>20)
		case f.UncompressedSize64 > zipSmall && f.UncompressedSize64/zipRatio > f.CompressedSize64:
			return nil, fault.New(fault.Invalid, "intake.zip-ratio", "entry", f.Name, "max", zipRatio)
		case f.Flags&1 != 0:
			return nil, fault.New(fault.Invalid, "intake.zip-locked")
		}
	}
	return z, nil
}

// zipCount reads how many entries the container says it has, from its end record alone. A file without one was cut; one
// that needs the 64-bit record has far too many.
func zipCount(file io.ReaderAt, size int64) (int, error) {
	tail := make([]byte, min(size, 22+65_535))
	if _, err := file.ReadAt(tail, size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || len(tail)-at < 22 {
		return 0, fault.New(fault.Invalid, "intake.zip-broken")
	}
	n := int(binary.LittleEndian.Uint16(tail[at+10:]))
	if n == 0xFFFF {
		n = zipEntries + 1
	}
	return n, nil
}

// unpack opens one entry. It gives no more than the entry says it holds, whatever the packed bytes say.
func unpack(z *zip.Reader, name string) (io.ReadCloser, error) {
	for _, f := range z.File {
		if f.Name == name {
			r, err := f.Open()
			if err != nil {
				return nil, fault.New(fault.Invalid, "intake.zip-broken").Because(err)
			}
			return &entry{ReadCloser: r, left: int64(f.UncompressedSize64)}, nil // within zipTotal
		}
	}
	return nil, fault.New(fault.Invalid, "intake.xlsx-part", "part", name)
}

// entry refuses to grow beyond its word, and a piece without any markup that is longer than a cell can be.
type entry struct {
	io.ReadCloser
	left  int64
	piece int
}

const pieceMax = 1 << 20

func (e *entry) Read(p []byte) (int, error) {
	n, err := e.ReadCloser.Read(p)
	e.left -= int64(n)
	for _, b := range p[:n] {
		e.piece++
		if b == '<' {
			e.piece = 0
		}
		if e.piece > pieceMax {
			return 0, fault.New(fault.Invalid, "intake.xlsx-long", "max", pieceMax>>20)
		}
	}
	switch {
	case e.left < 0:
		return 0, fault.New(fault.Invalid, "intake.zip-broken")
	case err != nil && err != io.EOF:
		err = fault.New(fault.Invalid, "intake.zip-broken").Because(err)
	}
	return n, err
}
