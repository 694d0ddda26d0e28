package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sapa/internal/db"
	"sapa/internal/journal"
)

// SOP doc.code, doc.revision, doc.copy.controlled-malang: a revision of a store is written as one file that needs nothing beside it.
func TestPrint(t *testing.T) {
	data := t.TempDir()
	h, err := place{data: data, zone: "Asia/Jakarta"}.open(context.Background(), false, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
	code, out, says := command(t, data, "", "procedure", "print", "--copy", "CONTROLLED-MALANG")
	if code != done || says != "" || !strings.HasPrefix(strings.ToLower(out), "<!doctype html>") || strings.Contains(out, "<link") || strings.Contains(out, "<script") || strings.Contains(out, `class="seal`) {
		t.Errorf("%d %s %.300s", code, says, out)
	}
	for _, want := range []string{"<style>", `<span id="c-5.7.8.b.junk.fullfilment">Fullfilment</span>`, ": 03 Desember 2019", `class="this">CC TELKOM CONTROLLED DOCUMENT MALANG`} {
		if !strings.Contains(out, want) {
			t.Errorf("the file has no %q", want)
		}
	}
	if strings.Contains(out, "Friendly") || strings.Contains(out, "The call reached") {
		t.Error("the Indonesian copy has glosses")
	}
	code, out, says = command(t, data, "", "procedure", "print", "--revision", "2", "--lang", "en")
	if code != done || says != "" || !strings.Contains(out, "UNCONTROLLED") || !strings.Contains(out, `lang="en">Contacted: the call reached the customer`) {
		t.Errorf("%d %s", code, says)
	}
	nowhere := filepath.Join(t.TempDir(), "tidak-ada")
	for _, c := range []struct {
		code int
		args []string
		says string
	}{
		{refused, []string{"--data", nowhere}, "tidak-ada"},
		{refused, []string{"--data", data, "--revision", "9"}, "Revisi 09"},
		{refused, []string{"--data", data, "--copy", "CONTROLLED-BALI"}, "CONTROLLED-MALANG"},
		{misused, []string{"--data", data, "--lang", "fr"}, "fr"},
		{misused, []string{"--data", data, "--zone", "Mars/Utara"}, "Mars/Utara"},
		{misused, []string{"--data", data, "rev-02"}, "rev-02"},
	} {
		code, out, says := command(t, "", "", append([]string{"procedure", "print"}, c.args...)...)
		if code != c.code || out != "" || !strings.Contains(says, c.says) {
			t.Errorf("%v: %d %.80s %s", c.args, code, out, says)
		}
	}
	if _, err := os.Stat(nowhere); !os.IsNotExist(err) {
		t.Error("printing has made a folder")
	}
	if h, err = (place{data: data, zone: "Asia/Jakarta"}).open(context.Background(), false, nil); err != nil {
		t.Fatal(err)
	}
	var noted []string // of two that were printed, and none that was refused
	err = h.store.Read(context.Background(), func(tx *db.Tx) error {
		tail, err := journal.Tail(tx, 0, 1000)
		for _, e := range tail {
			if e.Act == "document.printed" {
				noted = append(noted, string(e.By.Via)+" "+e.Data["revision"]+" "+e.Data["copy"])
			}
		}
		return err
	})
	if err = errors.Join(err, h.close()); err != nil || strings.Join(noted, ", ") != "cli 2 CONTROLLED-MALANG, cli 2 " {
		t.Errorf("the journal has %q, %v", noted, err)
	}
}
