package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const importMap = "ticket: {ref: Nomor, phone: HP, note: Keluhan, contact_name: {make: test-name}}\n"

func writeFile(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// sapa import says on standard output one line for each refused row and last the counts, and why on standard error; its
// exit code tells a script whether every row is in.
func TestImport(t *testing.T) {
	data, dir := t.TempDir(), t.TempDir()
	columns := writeFile(t, dir, "map.yaml", importMap)
	good := writeFile(t, dir, "good.csv", "Nomor,HP,Keluhan\nA-1,089990001111,Internet mati\nA-2,089990001112,Lambat\n")
	mixed := writeFile(t, dir, "mixed.csv", "Nomor;HP;Keluhan\nA-1;089990001111;Internet mati\nA-3;8.12E+11;\"Baris\nkedua\"\nA-4;089990001113;Putus\n")
	broken := writeFile(t, dir, "broken.csv", "Nomor,HP,Keluhan\nA-9,089990001111,\"Internet mati\n")
	latin := writeFile(t, dir, "latin.csv", "Nomor,HP,Keluhan\nA-9,089990001111,Caf\xe9\n")
	wrongMap := writeFile(t, dir, "wrong.yaml", "ticket:\n  ref: Nomor\n  fone: HP\n")
	for _, c := range []struct {
		code      int
		args      []string
		out, says string
	}{
		{misused, []string{}, "", "sapa import"},
		{misused, []string{"--campaign", "callback"}, "", "sapa import"},
		{misused, []string{good}, "", "sapa import"},
		{misused, []string{"--campaign", "callback", good, mixed}, "", "sapa import"},
		{misused, []string{"--kampanye", "callback", good}, "", "kampanye"},
		{done, []string{"-h"}, "", "opened N, already there N, refused N"},
		{refused, []string{"--campaign", "callbak", "--map", columns, good}, "", "callbak"},
		{refused, []string{"--campaign", "callback", "--map", filepath.Join(dir, "none.yaml"), good}, "", "none.yaml"},
		{refused, []string{"--campaign", "callback", "--map", columns, filepath.Join(dir, "none.csv")}, "", "none.csv"},
		{refused, []string{"--campaign", "callback", "--map", columns, dir}, "", "no file"},
		{refused, []string{"--campaign", "callback", "--map", wrongMap, good}, "", "baris 3"},
		{refused, []string{"--campaign", "callback", "--map", columns, broken}, "", "baris 2"},
		{refused, []string{"--campaign", "callback", "--map", columns, latin}, "", "windows-1252"},
		{done, []string{"--campaign", "callback", "--map", columns, good}, "opened 2, already there 0, refused 0\n", ""},
		{done, []string{"--campaign", "callback", "--map", columns, good}, "opened 0, already there 2, refused 0\n", ""},
		{refused, []string{"--campaign", "callback", "--map", columns, mixed},
			"baris 3, kolom HP (B): “8.12E+11” dirusak oleh Excel (tulisan ilmiah). Simpan kolomnya sebagai teks, lalu ekspor lagi. (5.2.1)\nopened 1, already there 1, refused 1\n", "1 baris ditolak"},
	} {
		code, out, says := command(t, data, "", append([]string{"import"}, c.args...)...)
		if code != c.code || out != c.out || !strings.Contains(says, c.says) {
			t.Errorf("%v: %d\n%s\n%s\nwant %d\n%s\n%s", c.args, code, out, says, c.code, c.out, c.says)
		}
		if c.says == "" && says != "" {
			t.Errorf("%v says %q", c.args, says)
		}
	}
}

// SOP 5.1.1: customers come in with the same verdicts a row, and twice adds nothing.
func TestImportOfCustomers(t *testing.T) {
	data, dir := t.TempDir(), t.TempDir()
	good := writeFile(t, dir, "good.csv", "ncli,name,phone,service_no,package\n53000001,Sekar (data uji),089990001111,152999000001,50 Mbps\n53000001,Sekar (data uji),,0341999001,Telepon\n")
	mixed := writeFile(t, dir, "mixed.csv", "ncli;name;service_no\n53000001;Sekar (data uji);152999000001\n53000002;Tirta (data uji);152999000001\n")
	strange := writeFile(t, dir, "strange.csv", "ncli,nama\n53000001,Sekar\n")
	for _, c := range []struct {
		code      int
		args      []string
		out, says string
	}{
		{misused, []string{"--customers", "--campaign", "callback", good}, "", "sapa import"},
		{misused, []string{"--customers"}, "", "sapa import"},
		{refused, []string{"--customers", strange}, "", "nama"},
		{done, []string{"--customers", good}, "opened 2, already there 0, refused 0\n", ""},
		{done, []string{"--customers", good}, "opened 0, already there 2, refused 0\n", ""},
		{refused, []string{"--customers", mixed}, "baris 3, kolom ncli (A): NCLI 53000002 dan nomor pada baris ini milik dua pelanggan berbeda. (5.1.1)\nopened 0, already there 1, refused 1\n", "1 baris ditolak"},
	} {
		code, out, says := command(t, data, "", append([]string{"import"}, c.args...)...)
		if code != c.code || out != c.out || !strings.Contains(says, c.says) {
			t.Errorf("%v: %d\n%s\n%s\nwant %d\n%s\n%s", c.args, code, out, says, c.code, c.out, c.says)
		}
	}
}

// SOP 5.1.13, 2.c: self-care tickets and the network's distribution points come in the same way.
func TestImportOfSelfCareAndCoverage(t *testing.T) {
	data, dir := t.TempDir(), t.TempDir()
	customers := writeFile(t, dir, "customers.csv", "ncli,name,service_no\n53000001,Sekar (data uji),152999000001\n")
	cares := writeFile(t, dir, "cares.csv", "no,service_no,kind,state,opened_at,closed_at\nMYINX-1764000000001,152999000001,logic,open,2026-11-01,\nMYINX-1764000000002,152999000009,logic,open,2026-11-01,\n")
	later := writeFile(t, dir, "later.csv", "no,service_no,kind,state,opened_at,closed_at\nMYINX-1764000000001,152999000001,logic,close,2026-11-01,2026-11-02\n")
	coverage := writeFile(t, dir, "coverage.csv", "odp,ports,used\nODP-MLG-FA/01,16,3\nODP-MLG-FA/02,16,17\n")
	for _, c := range []struct {
		code      int
		args      []string
		out, says string
	}{
		{misused, []string{"--self-care", "--coverage", cares}, "", "sapa import"},
		{misused, []string{"--self-care", "--campaign", "callback", cares}, "", "sapa import"},
		{misused, []string{"--coverage", "--map", cares, cares}, "", "sapa import"},
		{refused, []string{"--self-care", customers}, "", "ncli"},
		{done, []string{"--customers", customers}, "opened 1, already there 0, refused 0\n", ""},
		{refused, []string{"--self-care", cares}, "baris 3, kolom service_no (B): Nomor layanan 152999000009 bukan milik pelanggan yang dikenal. Muat daftar pelanggan lebih dulu. (5.1.13)\nopened 1, already there 0, refused 1\n", "1 baris ditolak"},
		{done, []string{"--self-care", later}, "opened 1, already there 0, refused 0\n", ""},
		{done, []string{"--self-care", later}, "opened 0, already there 1, refused 0\n", ""},
		{refused, []string{"--coverage", coverage}, "baris 3, kolom ports (B): Port ODP-MLG-FA/02: 1 sampai 512, dan yang terpakai tidak lebih dari itu. (2.c)\nopened 1, already there 0, refused 1\n", "1 baris ditolak"},
		{refused, []string{"--coverage", coverage}, "baris 3, kolom ports (B): Port ODP-MLG-FA/02: 1 sampai 512, dan yang terpakai tidak lebih dari itu. (2.c)\nopened 0, already there 1, refused 1\n", "1 baris ditolak"},
	} {
		code, out, says := command(t, data, "", append([]string{"import"}, c.args...)...)
		if code != c.code || out != c.out || !strings.Contains(says, c.says) {
			t.Errorf("%v: %d\n%s\n%s\nwant %d\n%s\n%s", c.args, code, out, says, c.code, c.out, c.says)
		}
	}
}
