package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

const importRows = 100_000

// measureImport brings a file in beside an idle server, as an operator does, and again, which must add nothing.
func (b *bench) measureImport(ctx context.Context) error {
	file := filepath.Join(b.dir, "rows.csv")
	if err := writeRows(file); err != nil {
		return err
	}
	s, err := b.start(ctx)
	if err != nil {
		return err
	}
	for _, what := range []string{"first time ", "second time"} {
		began := time.Now()
		out, err := exec.CommandContext(ctx, b.binary, append([]string{"import", "--campaign", "callback"}, append(b.place(), file)...)...).CombinedOutput()
		if err != nil {
			return fmt.Errorf("sapa import: %w: %s", err, tail(out))
		}
		took := time.Since(began)
		fmt.Printf("import, %s    %.0f rows/s   x%.2f of raw commits   %s\n", what, importRows/took.Seconds(), importRows/took.Seconds()/max(b.raw.commit.rate(), 1), tail(out))
	}
	fmt.Printf("resident beside it     %.0f MiB\n", s.resident())
	return s.stop()
}

func tail(out []byte) string {
	const most = 300
	if len(out) > most {
		out = out[len(out)-most:]
	}
	return string(out)
}

func writeRows(file string) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "ref,service_no,contact_name,phone,note")
	stamp := time.Now().Unix()
	for i := range importRows {
		fmt.Fprintf(w, "U%d-%06d,152999%06d,Pelanggan Rekaan %d,0800%07d,\"Internet putus sambung sejak pagi, sudah restart, belum normal (rekaan)\"\n", stamp, i, i, i, i)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}
