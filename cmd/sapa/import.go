package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/intake"
	"sapa/internal/phrase"
	"sapa/internal/staff"
)

const importUsage = `sapa import --data DIR --campaign KODE [--map PETA.yaml] [--leader LOGIN [--list NAMA]] FILE.csv|FILE.xlsx
sapa import --data DIR --customers|--self-care|--coverage FILE.csv|FILE.xlsx

Setiap baris: masuk, sudah ada, atau ditolak (baris, kolom, alasan). Baris terakhir: opened N, already there N, refused N.
Kode keluar: 0 semua baris masuk atau sudah ada; 1 ada yang ditolak, atau berkasnya tidak bisa dipakai (maka tidak ada yang
dibuka); 2 salah pakai. Aman dijalankan dua kali. Tanpa --map, judul kolom: ref, service_no, contact_name, phone, other_phone,
note, criterion, zone, opened_at, requested_at, fields.NAMA. Contoh peta: docs/maps. Daftar Ideas menjadi satu daftar milik TL
(--leader), yang membagikannya. Peta kind: incidents membawa tiket gangguan; kampanye mengikutinya, yang berubah dihitung changed.
--customers membawa pelanggan: ncli, name, class, segment, address, city, zone, phone, other_phone, other_name, relation, service_no,
kind, package, period, amount, due_at, paid, paid_at, payment_ref, isolir, isolir_at, order_no, order_kind, order_state, ordered_at,
ended_at; kolom boleh tidak ada. Satu baris satu layanan, tagihan, dan order; pelanggannya dikenal dari NCLI, layanan, atau telepon.
--self-care membawa tiket aplikasi My Indihome: no, service_no, kind, state, trouble_no, opened_at, closed_at; nomor yang sama lagi
memindahkan tiketnya. --coverage membawa ODP: odp, sto, ports, used; yang kosong tetap seperti semula, port yang dijaga untuk order tetap.
`

// importCommand brings tickets in from a file, beside a running server or without one.
func importCommand(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var p place
	var code, mapName, leader, list string
	kinds := map[string]*bool{}
	f := flag.NewFlagSet("sapa import", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Usage = func() {
		fmt.Fprint(stderr, importUsage+"\n")
		f.PrintDefaults()
	}
	p.bind(f)
	f.StringVar(&code, "campaign", "", "campaign the tickets are for, e.g. callback")
	f.StringVar(&mapName, "map", "", "YAML file that says which column is what")
	f.StringVar(&leader, "leader", "", "login of the team leader who deals an Ideas list out")
	f.StringVar(&list, "list", "", "name of an Ideas list; empty: the file's name")
	for kind, says := range map[string]string{
		intake.ListCustomers: "the file's rows are customers, with services, bills and orders",
		intake.ListSelfCare:  "the file's rows are tickets that customers opened in the app",
		intake.ListCoverage:  "the file's rows are distribution points of the network and their ports",
	} {
		kinds[kind] = f.Bool(kind, false, says)
	}
	switch err := f.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return done
	case err != nil:
		return misused
	case lists(kinds) > 1 || (code == "") != (lists(kinds) == 1) || code == "" && (mapName != "" || leader != "") || f.NArg() != 1 || list != "" && leader == "":
		fmt.Fprint(stderr, importUsage)
		return misused
	}
	if _, err := p.where(); err != nil {
		fmt.Fprintf(stderr, "sapa import: %v\n", err)
		return misused
	}
	kind := ""
	for _, one := range intake.Lists {
		if *kinds[one] {
			kind = one
		}
	}
	report, err := importFile(ctx, p, intake.Job{By: staff.Console, Campaign: code, Name: f.Arg(0), List: intake.List{Name: list}}, kind, mapName, leader, stdout)
	if report.Skipped > 0 {
		fmt.Fprintf(stderr, "sapa import: %s\n", phrase.Say(lang(), "intake.skipped", "n", report.Skipped))
	}
	if err != nil {
		if report.Opened+report.Already > 0 {
			fmt.Fprintf(stderr, "sapa import: %s\n", phrase.Say(lang(), "intake.stopped", "opened", report.Opened, "already", report.Already))
		}
		return sorry(stderr, "import", err)
	}
	if report.Refused > 0 {
		return sorry(stderr, "import", fault.New(fault.Invalid, "intake.refused-some", "n", report.Refused))
	}
	return done
}

// lists counts the kinds of list that were asked for.
func lists(kinds map[string]*bool) (n int) {
	for _, asked := range kinds {
		if *asked {
			n++
		}
	}
	return n
}

// importFile brings a file in: a kind of list, or "" for the tickets of a campaign.
func importFile(ctx context.Context, p place, job intake.Job, kind, mapName, leader string, stdout io.Writer) (report intake.Report, err error) {
	if mapName != "" {
		text, err := readSmall(mapName)
		if err != nil {
			return report, err
		}
		if job.Map, err = intake.ReadMap(text); err != nil {
			return report, err
		}
	}
	in, err := os.Open(job.Name)
	if err != nil {
		return report, err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return report, err
	}
	if !info.Mode().IsRegular() {
		return report, fmt.Errorf("%s is no file", job.Name)
	}
	job.File, job.Size = in, info.Size()
	h, err := p.open(ctx, false, nil)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	if leader != "" {
		err := h.store.Read(ctx, func(tx *db.Tx) error {
			who, err := staff.ByLogin(tx, leader)
			job.List.Leader = who.ID
			return err
		})
		if err != nil {
			return report, err
		}
	}
	out := bufio.NewWriter(stdout)
	job.Refused = func(r intake.Refusal) { fmt.Fprintln(out, refusedRow(r)) }
	door := intake.Desk{Campaigns: h.campaigns, Site: h.site, Seat: h.seat}
	if kind != "" {
		report, err = door.Load(ctx, h.store, kind, job)
	} else {
		report, err = door.Import(ctx, h.store, job)
	}
	if err == nil && report.Changed > 0 {
		fmt.Fprintf(out, "changed %d\n", report.Changed)
	}
	if err == nil {
		fmt.Fprintf(out, "opened %d, already there %d, refused %d\n", report.Opened, report.Already, report.Refused)
	}
	return report, errors.Join(err, out.Flush())
}

// readSmall reads a map; what is longer than one is told so by its reader.
func readSmall(name string) ([]byte, error) {
	in, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return io.ReadAll(io.LimitReader(in, 1<<20))
}

// refusedRow is one refused row on one line, whatever stands in it.
func refusedRow(r intake.Refusal) string {
	why := reason(r.Err)
	if f := fault.Of(r.Err); f != nil {
		why = phrase.Fill(lang(), f.Key, f.Values)
		if f.Clause != "" && !strings.Contains(why, f.Clause) {
			why += " (" + f.Clause + ")"
		}
	}
	said := phrase.Say(lang(), "intake.refused-row", "line", r.Line, "column", r.Column, "reason", why)
	if r.Column == "" {
		said = phrase.Say(lang(), "intake.refused-line", "line", r.Line, "reason", why)
	}
	return strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7F {
			return ' '
		}
		return c
	}, said)
}
