package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/who"
)

// SOP 6, A-35: the command shows the register, draws a dry list and carries out what two people have approved; alone it removes nothing.
func TestRecordsCommand(t *testing.T) {
	data := week(t) // the practice floor's register is invented and full
	code, out, says := command(t, data, "", "records", "list")
	if code != done || says != "" || !strings.Contains(out, "Jurnal | Jurnal kegiatan (rekaan) | permanen | ") || strings.Contains(out, "belum lengkap") {
		t.Errorf("%d %s%s", code, out, says)
	}
	if code, out, says = command(t, data, "", "records", "holds"); code != done || out != "Tidak ada penahanan.\n" {
		t.Errorf("%d %s%s", code, out, says)
	}
	if code, out, says = command(t, data, "", "records", "purge"); code != done || out != "Tidak ada penghapusan yang sudah dikonfirmasi.\n" {
		t.Errorf("%d %s%s", code, out, says)
	}
	code, out, says = command(t, data, "", "records", "purge", "--dry")
	if code != done || says != "" || !strings.Contains(out, "Tiket antrean: 0 dihapus, ") || !strings.Contains(out, "Belum ada yang dihapus") {
		t.Errorf("%d %s%s", code, out, says)
	}
	if code, out, says = command(t, data, "", "records", "due", "--csv"); code != done || !strings.HasPrefix(out, "jenis;id;nama;terakhir;keputusan\n") {
		t.Errorf("%d %s%s", code, out, says)
	}
	approve(t, data)
	if code, out, says = command(t, data, "", "records", "purge"); code != done || !strings.Contains(out, "| selesai | ") {
		t.Errorf("%d %s%s", code, out, says)
	}
	for _, wrong := range [][]string{{"records"}, {"records", "shred"}, {"records", "list", "extra"}} {
		if code, _, says := command(t, data, "", wrong...); code != misused || !strings.Contains(says, "sapa records purge --dry") {
			t.Errorf("%v: %d %s", wrong, code, says)
		}
	}
	nowhere := filepath.Join(t.TempDir(), "kosong")
	if code, _, says := command(t, nowhere, "", "records", "list"); code != refused || !strings.Contains(says, nowhere) {
		t.Errorf("%d %s", code, says)
	}
}

// approve has two people approve the newest dry list.
func approve(t *testing.T, data string) {
	t.Helper()
	ctx := context.Background()
	s, err := db.Open(ctx, "sqlite:"+filepath.Join(data, "sapa.db"), db.Options{Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.Write(ctx, func(tx *db.Tx) error {
		all, err := document.Purges(tx, 1)
		if err != nil {
			return err
		}
		if _, err := document.AskPurge(tx, who.Actor{ID: 1, Role: who.Controller, Via: who.Page}, all[0].ID, all[0].Digest); err != nil {
			return err
		}
		_, err = document.ConfirmPurge(tx, who.Actor{ID: 2, Role: who.Approver, Via: who.Page}, all[0].ID, all[0].Digest)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// whoever starts the server is told that the register is empty, and where to fill it; a full one says nothing.
func TestServeSaysThatTheRegisterIsEmpty(t *testing.T) {
	ctx := context.Background()
	for data, want := range map[string]string{t.TempDir(): "Daftar rekaman (klausul 6) belum terisi: Hasil panggilan, Tiket antrean", week(t): ""} {
		h, err := place{data: data, zone: "Asia/Jakarta"}.open(ctx, false, nil)
		if err != nil {
			t.Fatal(err)
		}
		var said bytes.Buffer
		h.sayUnfilled(ctx, &said, "http://127.0.0.1:8080", slog.New(slog.NewTextHandler(io.Discard, nil)))
		if err := h.close(); err != nil {
			t.Fatal(err)
		}
		if want == "" && said.Len() > 0 || !strings.HasPrefix(said.String(), want) || want != "" && !strings.Contains(said.String(), "http://127.0.0.1:8080/records") {
			t.Errorf("said %q", said.String())
		}
	}
}
