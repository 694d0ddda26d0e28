package phone_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sapa/internal/phone"
)

func TestZoneOfArea(t *testing.T) {
	for number, want := range map[string]string{
		"0341999123": phone.WIB, "0219991234": phone.WIB, "0561999123": phone.WIB, "0513999123": phone.WIB, "0534999123": phone.WIB,
		"0361999123": phone.WITA, "0370999123": phone.WITA, "0380999123": phone.WITA, "0411999123": phone.WITA, "0435999123": phone.WITA,
		"0511999123": phone.WITA, "0541999123": phone.WITA, "0556999123": phone.WITA,
		"0967999123": phone.WIT, "0911999123": phone.WIT, "0902999123": phone.WIT,
		"152999123456": "", "089990001234": "", "0999123456": "", "": "", "0": "", "abc": "",
	} {
		if got, ok := phone.ZoneOfArea(number); got != want || ok != (want != "") {
			t.Errorf("ZoneOfArea(%q) = %s, %v; want %s", number, got, ok, want)
		}
	}
	if place, ok := phone.Area("0341999123"); !ok || place != "Malang/Batu" {
		t.Errorf("0341 is %s, %v", place, ok)
	}
}

// Provinces have one zone each, and their regencies and cities follow them.
func TestZoneOfRegion(t *testing.T) {
	zones := map[string]string{
		"11": phone.WIB, "12": phone.WIB, "13": phone.WIB, "14": phone.WIB, "15": phone.WIB, "16": phone.WIB, "17": phone.WIB, "18": phone.WIB, "19": phone.WIB, "21": phone.WIB,
		"31": phone.WIB, "32": phone.WIB, "33": phone.WIB, "34": phone.WIB, "35": phone.WIB, "36": phone.WIB, "61": phone.WIB, "62": phone.WIB,
		"51": phone.WITA, "52": phone.WITA, "53": phone.WITA, "63": phone.WITA, "64": phone.WITA, "65": phone.WITA,
		"71": phone.WITA, "72": phone.WITA, "73": phone.WITA, "74": phone.WITA, "75": phone.WITA, "76": phone.WITA,
		"81": phone.WIT, "82": phone.WIT, "91": phone.WIT, "92": phone.WIT, "93": phone.WIT, "94": phone.WIT, "95": phone.WIT, "96": phone.WIT,
	}
	provinces := 0
	for _, line := range strings.Split(read(t, "region.csv"), "\n") {
		code, name, _ := strings.Cut(strings.TrimSpace(line), ",")
		if code == "" || code == "kode" {
			continue
		}
		if !strings.Contains(code, ".") {
			provinces++
		}
		if got, ok := phone.ZoneOfRegion(code); !ok || got != zones[code[:2]] {
			t.Errorf("ZoneOfRegion(%s %s) = %s, %v; want %s", code, name, got, ok, zones[code[:2]])
		}
		if got, _ := phone.Region(code); got != name {
			t.Errorf("Region(%s) = %s, want %s", code, got, name)
		}
	}
	if provinces != len(zones) {
		t.Errorf("%d provinces, want %d", provinces, len(zones))
	}
	for _, code := range []string{"", "99", "3", "35x"} {
		if zone, ok := phone.ZoneOfRegion(code); ok {
			t.Errorf("ZoneOfRegion(%q) = %s", code, zone)
		}
	}
}

// Every area code of the table is read and has a zone.
func TestEveryAreaCode(t *testing.T) {
	n := 0
	for _, line := range strings.Split(read(t, "area.txt"), "\n") {
		code, place, ok := strings.Cut(strings.TrimSpace(line), "|")
		if !ok {
			continue
		}
		n++
		number := "0" + strings.TrimPrefix(code, "62") + "9991234"
		if got, ok := phone.Area(number); !ok || got != place {
			t.Errorf("Area(%s) = %s, %v; want %s", number, got, ok, place)
		}
		if parsed, err := phone.Parse(number); err != nil || parsed.Full() != number {
			t.Errorf("Parse(%s) = %s, %v", number, parsed.Full(), err)
		}
	}
	if n < 290 {
		t.Errorf("only %d area codes", n)
	}
}

func TestCarrier(t *testing.T) {
	for number, want := range map[phone.Number]string{"+6281242071134": "Telkomsel", "+6288112345678": "Smartfren", "+6280012345678": "", "03419991234": ""} {
		if got, ok := number.Carrier(); got != want || ok != (want != "") {
			t.Errorf("%s: %s, %v; want %s", number.Full(), got, ok, want)
		}
	}
}

// The tables keep the notice of their licence.
func TestTablesKeepTheirLicence(t *testing.T) {
	for file, notice := range map[string]string{"area.txt": "Apache License, Version 2.0", "carrier.txt": "Apache License, Version 2.0", "README.md": "Copyright (c) 2017 Cahya DSN"} {
		if !strings.Contains(read(t, file), notice) {
			t.Errorf("%s has lost %q", file, notice)
		}
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("data", file))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
