package knowledge_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sapa/internal/knowledge"
)

// What customers say and what articles write meet in one root.
func TestWordFormsMeet(t *testing.T) {
	for _, same := range []string{
		"tagihan tagihannya ditagih penagihan tagihanku",
		"bayar membayar dibayar pembayaran bayarnya terbayar",
		"telepon menelepon menelpon nelpon telpon telp tlp ditelepon teleponnya meneleponkah",
		"pasang memasang dipasang pemasangan terpasang pasangkan",
		"putus terputus memutus memutuskan diputuskan putusnya",
		"ubah mengubah diubah perubahan berubah ubahlah",
		"kirim mengirim dikirim pengiriman kirimkan",
		"nyala menyala dinyalakan menyalakan nyalakan",
		"sambung tersambung menyambung penyambungan sambungan nyambung disambungkan",
		"ganggu gangguan gangguannya mengganggu terganggu",
		"lambat lambatnya melambat terlambat",
		"layan layanan layanannya pelayanan melayani",
		"henti berhenti menghentikan penghentian",
		"pindah memindahkan dipindah perpindahan pindahan",
		"periksa memeriksa diperiksa pemeriksaan periksakan",
		"jadwal dijadwalkan penjadwalan jadwalnya",
		"masalah bermasalah masalahnya",
		"cek mengecek ngecek dicek",
		"langgan berlangganan langganan langganannya",
		"daftar mendaftar terdaftar pendaftaran didaftarkan",
		"lemot lemott lemooot lelet",
		"kedip berkedip kedipnya",
	} {
		words := strings.Fields(same)
		first := roots(words[0])
		for _, w := range words[1:] {
			if !slices.ContainsFunc(roots(w), func(r string) bool { return slices.Contains(first, r) }) {
				t.Errorf("%s has roots %v, %s has %v", w, roots(w), words[0], first)
			}
		}
	}
}

func roots(word string) []string {
	words := knowledge.Words(word)
	if len(words) != 1 {
		return nil
	}
	return knowledge.Roots(words[0])
}

// Words that only look as if they wore an affix stay apart from what they would be cut to.
func TestWordsThatAreWholeStayWhole(t *testing.T) {
	for _, w := range []string{"masalah", "perangkat", "jaringan", "internet", "modem", "digital", "terminal", "media", "teknisi", "merah", "mati", "kabel", "reset", "los", "1302"} {
		if got := roots(w); len(got) != 1 || got[0] != w {
			t.Errorf("%s is cut to %v", w, got)
		}
	}
	for _, apart := range [][2]string{{"merah", "rumah"}, {"mati", "mata"}, {"lampu", "lambat"}, {"jaringan", "jari"}, {"bayar", "bawa"}} {
		if slices.ContainsFunc(roots(apart[0]), func(r string) bool { return slices.Contains(roots(apart[1]), r) }) {
			t.Errorf("%s and %s meet", apart[0], apart[1])
		}
	}
}

// A root never is longer than its word by more than the sound a prefix swallowed, never empty, and the same each time; and
// what customers append to a word never hides it.
func TestRootsAreTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := rapid.StringMatching(`[a-z0-9]{2,12}`).Draw(t, "word")
		first := knowledge.Roots(w)
		if len(first) == 0 || !slices.Equal(first, knowledge.Roots(w)) {
			t.Fatalf("%s: %v, then %v", w, first, knowledge.Roots(w))
		}
		for _, r := range first {
			if r == "" {
				t.Fatalf("%s has an empty root", w)
			}
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		w := rapid.SampledFrom(strings.Fields("tagih bayar pasang ubah kirim putus lambat cabut padam kabel lampu sinyal pindah tekuk daftar")).Draw(t, "root")
		form := rapid.SampledFrom([]string{"", "di", "ter"}).Draw(t, "prefix") + w + rapid.SampledFrom([]string{"", "kan"}).Draw(t, "suffix") + rapid.SampledFrom([]string{"", "nya", "lah", "kah"}).Draw(t, "clitic")
		if !slices.Contains(knowledge.Roots(form), w) {
			t.Fatalf("%s: %v, want %s", form, knowledge.Roots(form), w)
		}
	})
}

func FuzzWords(f *testing.F) {
	f.Add("Wi-Fi lemott, tdk bisa nelpon!! 12.34")
	f.Fuzz(func(t *testing.T, text string) {
		for _, w := range knowledge.Words(text) {
			if len(knowledge.Roots(w)) == 0 {
				t.Fatalf("%q has no root", w)
			}
		}
	})
}
