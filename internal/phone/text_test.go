package phone

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// trust.md: what people typed shows nobody's number to whoever sees numbers masked; dates, amounts and the numbers of tickets
// and orders stay to be read.
func TestNumbersInTextAreMasked(t *testing.T) {
	for text, want := range map[string]string{
		"":                                       "",
		"Internet mati sejak pagi":               "Internet mati sejak pagi",
		"Hub 081242071134 ya":                    "Hub ••••••••••34 ya",
		"Hub 0812-4207-1134/0813 4207 1135.":     "Hub ••••-••••-••••/•••• •••• ••35.",
		"CP +62 812 4207 1134 (istri)":           "CP +•• ••• •••• ••34 (istri)",
		"telp (0341) 999123, malam":              "telp (••••) ••••23, malam",
		"local 7654321":                          "local •••••21",
		"hp081242071134":                         "hp••••••••••34",
		"NIK 3573012345678901":                   "NIK ••••••••••••••01",
		"NIK 3573 0123 4567 8901":                "NIK •••• •••• •••• ••01",
		"jastel 152999000001 dan 152999000002":   "jastel ••••••••••01 dan ••••••••••02",
		"Tiket IN94000001, order SC123456789":    "Tiket IN94000001, order SC123456789",
		"MYINX-1764000000001 sudah ditutup":      "MYINX-1764000000001 sudah ditutup",
		"IN081242071134":                         "IN••••••••••34",
		"IN94000001 081242071134":                "IN94000001 ••••••••••34",
		"KIN94000001":                            "KIN••••••01",
		"janji 29/11/2026 14.30":                 "janji 29/11/2026 14.30",
		"2026-11-29 081242071134":                "2026-11-29 ••••••••••34",
		"081242071134 29-11-2026":                "••••••••••34 29-11-2026",
		"08-99-2026 7890":                        "••-••-•••• ••90",
		"bayar Rp 1.250.000.000 lunas":           "bayar Rp 1.250.000.000 lunas",
		"bayar 385.000 dan 1.250.000":            "bayar 385.000 dan 1.250.000",
		"Rp 81242071134":                         "Rp •••••••••34",
		"harp 1.250.000.000":                     "harp •.•••.•••.•00",
		"RX -24,5 dBm, 3 kali, 120 detik":        "RX -24,5 dBm, 3 kali, 120 detik",
		"٠٨١٢٤٢٠٧١١٣٤":                           "••••••••••٣٤",
		"08124207\n1134":                         "••••••07\n1134",
		"0812\u00a04207\u00a01134 \xff rusak":    "••••\u00a0••••\u00a0••34 \ufffd rusak",
		"ganti ke 0812 – 4207 – 1134, oke":       "ganti ke •••• – •••• – ••34, oke",
		"lapor 3x: 29/11/2026 dan 30/11/2026 ok": "lapor 3x: 29/11/2026 dan 30/11/2026 ok",
	} {
		if got := MaskText(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// grouped writes digits as people do.
func grouped(r *rapid.T, digits string) string {
	between := rapid.SampledFrom([]string{"", "-", " ", ".", "\u00a0", " - "}).Draw(r, "between")
	size := rapid.SampledFrom([]int{3, 4, 5}).Draw(r, "size")
	var parts []string
	for len(digits) > size+1 {
		parts = append(parts, digits[:size])
		digits = digits[size:]
	}
	return strings.Join(append(parts, digits), between)
}

// Whatever stands around it and however it is grouped: of a telephone, service or identity number no more than two digits stay.
func TestNoNumberStaysInAnyText(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		digits := rapid.OneOf(rapid.StringMatching(`(0|62)8[1-9][0-9]{7,10}`), rapid.StringMatching(`0341[2-9][0-9]{5,6}`), rapid.StringMatching(`15[0-9]{10}`),
			rapid.StringMatching(`3[1-6][0-9]{14}`)).Draw(r, "digits")
		words := rapid.StringMatching(`([a-zA-Z ,;:!?\n“”…•]{0,20}[ ,:\n])?`)
		before, behind := words.Draw(r, "before"), rapid.StringMatching(`([ ,;:!?\n][a-zA-Z ,;:!?\n“”…•]{0,20})?`).Draw(r, "behind")
		number := grouped(r, digits)
		if strings.HasPrefix(digits, "62") && rapid.Bool().Draw(r, "plus") {
			number = "+" + number
		}
		got := MaskText(before + number + behind)
		left := 0
		for _, c := range got {
			if unicode.IsDigit(c) {
				left++
			}
		}
		if left > 2 || !strings.HasPrefix(got, before) || !strings.HasSuffix(got, behind) {
			r.Fatalf("%q leaves %q", before+number+behind, got)
		}
	})
}

// Masking changes digits to dots and nothing else, twice is once, and no long row of digits is left but a ticket's own.
func FuzzMaskText(f *testing.F) {
	for _, s := range []string{"Hub 0812-4207-1134", "IN94000001 0812 29/11/2026", "Rp 1.250.000 (0341) 999123", "MYINX-1764000000001", "12 12.345.678 08123456789 29-11-2026 1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := MaskText(s)
		was, is := []rune(s), []rune(got)
		if len(was) != len(is) || !utf8.ValidString(got) {
			t.Fatalf("%q became %q", s, got)
		}
		for i := range was {
			if was[i] != is[i] && (is[i] != '•' || !unicode.IsDigit(was[i])) {
				t.Fatalf("%q became %q", s, got)
			}
		}
		if again := MaskText(got); again != got {
			t.Fatalf("%q became %q, then %q", s, got, again)
		}
		run := 0
		for i, c := range is {
			if run++; !unicode.IsDigit(c) {
				run = 0
			}
			if run >= 11 && !strings.Contains(strings.ToUpper(got), "MYINX-") {
				t.Fatalf("%s of %q is left", fmt.Sprintf("%q", string(is[i-10:i+1])), s)
			}
		}
	})
}
