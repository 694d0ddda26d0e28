package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sapa/internal/practice"
)

// week is a folder with the practice floor's past week in it.
func week(t *testing.T) string {
	t.Helper()
	data := t.TempDir()
	ctx := context.Background()
	h, err := place{data: data, zone: "Asia/Jakarta"}.open(ctx, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = practice.Fill(ctx, practice.Parts{Store: h.store, Staff: h.people, Seat: h.seat, Campaigns: h.campaigns, Site: h.site}, 18, "latihan-sandi-8")
	if err != nil {
		t.Fatal(err)
	}
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
	return data
}

// Contract, Commands: dry-run on a store. Differences are an answer, so that it ends with 0; it leaves the store as it was, and
// says the same twice.
func TestDryRun(t *testing.T) {
	data := week(t)
	same := folder(t, "open.yaml", "reason:", "reason:")
	renamed := folder(t, "campaigns/fresh-lapul.yaml", "  - id: understood\n", "  - id: paham\n")
	broken := folder(t, "campaigns/fresh-lapul.yaml", "desk: built", "desk: bulit")

	code, out, says := command(t, data, "", "procedure", "dry-run", same)
	if code != done || says != "" || !strings.Contains(out, "\nTidak ada perbedaan.\n") || !strings.Contains(out, "\nYang tidak bisa diketahui dari pemutaran ulang:\n- ") {
		t.Errorf("%d %s%s", code, out, says)
	}
	code, out, says = command(t, data, "", "procedure", "dry-run", renamed, "--since", "2020-01-01")
	if code != done || says != "" || !strings.Contains(out, "fresh-lapul 5.7.8.c.sukses.paham Hasil understood menjadi paham. Giliran: ") || !strings.Contains(out, "Sejak 2020-01-01.\n") {
		t.Errorf("%d %s%s", code, out, says)
	}
	if _, again, _ := command(t, data, "", "procedure", "dry-run", renamed, "--since", "2020-01-01"); again != out {
		t.Errorf("once\n%s\nand then\n%s", out, again)
	}
	code, out, says = command(t, "", "", "procedure", "dry-run", "--json", "--data", data, renamed)
	var report struct {
		Turns struct {
			Read, Replayed, Changed int
			OtherOutcome            int `json:"other_outcome"`
		}
		Differences []struct{ Campaign, Kind, From, To, Clause string }
		NotReplayed []any `json:"not_replayed"`
		Limits      []string
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil || code != done || says != "" {
		t.Fatalf("%d %v %s%s", code, err, out, says)
	}
	if len(report.Differences) != 1 || report.Differences[0].To != "paham" || report.Turns.Changed != report.Turns.OtherOutcome || report.Turns.Read < 150 || report.NotReplayed == nil || len(report.Limits) != 5 {
		t.Errorf("%+v", report)
	}
	if code, out, says = command(t, data, "", "procedure", "dry-run", broken); code != refused || out != "" || !strings.Contains(says, "bulit") {
		t.Errorf("%d %s%s", code, out, says)
	}

	nowhere := filepath.Join(t.TempDir(), "tidak-ada")
	if code, out, says = command(t, nowhere, "", "procedure", "dry-run", same); code != refused || out != "" || !strings.Contains(says, "tidak-ada") {
		t.Errorf("%d %s%s", code, out, says)
	}
	if _, err := os.Stat(nowhere); !os.IsNotExist(err) {
		t.Error("a dry run has made a folder")
	}
}
