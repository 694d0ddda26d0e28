// Command sapa is the whole workbench in one binary: the practice floor, the server, and the tools beside it. It wires
// the rooms together and keeps the clocks; it decides nothing.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// Exit codes of every command (contract).
const (
	done    = 0
	refused = 1 // or failed: the reason is on standard error
	misused = 2
)

const usage = `sapa - meja kerja untuk tim outbound care / the workbench for outbound care desks

  sapa [demo]                          lantai latihan: data sementara, siap dalam beberapa detik
  sapa serve --addr HOST:PORT --data DIR   yang sebenarnya, pada SQLite di DIR (--db postgres://... untuk PostgreSQL)
  sapa staff add|list|suspend ...      orang
  sapa token create --login LOGIN      kunci API atas nama orang itu
  sapa import --campaign KODE FILE     tiket dari CSV atau XLSX
  sapa procedure check|walk|trace|diff dokumen prosedur, tanpa server; dry-run: giliran lama di bawah draf; export|import: berkasnya
  sapa records list|holds|purge|purges daftar rekaman: masa simpan, penahanan, daftar uji, penghapusan
  sapa connectors check FILE           berkas sistem luar, sebelum dipakai: serve --connectors FILE
  sapa routes --json                   semua rute dan peran yang boleh masuk

sapa PERINTAH -h menunjukkan pilihannya. Setiap pilihan punya variabel SAPA_...; rahasia hanya lewat berkas atau variabel.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is main without the process: tests call it.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	name := "demo"
	if len(args) > 0 && len(args[0]) > 0 && args[0][0] != '-' {
		name, args = args[0], args[1:]
	}
	switch name {
	case "demo":
		return demoCommand(ctx, args, stdout, stderr)
	case "serve":
		return serveCommand(ctx, args, stdout, stderr)
	case "staff":
		return staffCommand(ctx, args, stdin, stdout, stderr)
	case "token":
		return tokenCommand(ctx, args, stdout, stderr)
	case "import":
		return importCommand(ctx, args, stdout, stderr)
	case "procedure":
		return procedureCommand(ctx, args, stdout, stderr)
	case "records":
		return recordsCommand(ctx, args, stdout, stderr)
	case "connectors":
		return connectorsCommand(args, stdout, stderr)
	case "routes":
		return routesCommand(ctx, args, stdout, stderr)
	case "help":
		fmt.Fprint(stdout, usage)
		return done
	}
	fmt.Fprintf(stderr, "sapa: no command %q\n\n%s", name, usage)
	return misused
}
