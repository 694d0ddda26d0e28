package knowledge_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/knowledge"
)

// SOP 5.2.9: what a customer says finds the guide, in forms of words, shortened, and typed in haste. first names what must be
// on top; "a|b" takes either.
var queries = []struct{ text, first string }{
	{"lampu los merah", "internet-los"},
	{"los", "internet-los"},
	{"lampu lso merah", "internet-los"},
	{"los merahh berkedip2", "internet-los"},
	{"red los lamp", "internet-los"},
	{"wifi lemott", "internet-lambat-wifi"},
	{"Wi-Fi lelet banget", "internet-lambat-wifi"},
	{"intrnet lemot", "internet-lambat-wifi|internet-lambat-jaringan"},
	{"internet lambat redaman tinggi", "internet-lambat-jaringan"},
	{"slow wifi", "internet-lambat-wifi"},
	{"wifi tdk muncul", "wifi-tidak-muncul"},
	{"nama wifi hilang", "wifi-tidak-muncul"},
	{"lupa pasword wifi", "wifi-ganti-sandi"},
	{"ganti kata sandi wifi", "wifi-ganti-sandi"},
	{"sinyal wifi lemah di lantai dua", "wifi-jangkauan"},
	{"putus putus", "internet-putus-putus"},
	{"sering terputus", "internet-putus-putus"},
	{"login pppoe gagal", "internet-pppoe"},
	{"pppeo gagal login", "internet-pppoe"},
	{"authentication failed", "internet-pppoe"},
	{"modem ke reset", "modem-reset"},
	{"game ping tinggi", "internet-situs-tertentu"},
	{"tidak bisa menelpon", "voice-tidak-ada-nada"},
	{"tlp rumah mati", "voice-tidak-ada-nada"},
	{"suara kresek kresek", "voice-kresek"},
	{"suaranya searah", "voice-suara-searah"},
	{"telepon tidak bisa dihubungi", "voice-tidak-bisa-dihubungi"},
	{"tv tidak ada gambar", "iptv-tidak-ada-gambar"},
	{"layar hitam no signal", "iptv-tidak-ada-gambar"},
	{"gambar tv macet", "iptv-macet"},
	{"gambarnya patah patah", "iptv-macet"},
	{"kode eror di tv", "iptv-kode-error"},
	{"1302", "iptv-kode-error"},
	{"stb mati", "iptv-stb-mati"},
	{"remote rusak", "iptv-remote"},
	{"tagihannya", "tagihan-tidak-sesuai|tagihan-isolir|tagihan-cara-bayar"},
	{"tagihannya naik", "tagihan-tidak-sesuai"},
	{"tagihn kemahalan", "tagihan-tidak-sesuai"},
	{"cara membayar tagihan", "tagihan-cara-bayar"},
	{"layanan diisolir", "tagihan-isolir"},
	{"sudah bayar tapi belum nyala", "tagihan-isolir"},
	{"pindah rumah", "pindah-alamat"},
	{"relokasi", "pindah-alamat"},
	{"minta kompensasi", "slg-kompensasi"},
	{"SLG", "slg-kompensasi"},
	{"gangguan massal", "gamas-penjelasan"},
	{"gamas", "gamas-penjelasan|gamas-sudah-pulih"},
	{"teknisi belum datang", "kunjungan-teknisi"},
	{"ubah jadwal kunjungan", "kunjungan-teknisi"},
	{"pelanggannya marah", "pelanggan-marah"},
	{"mau berhenti berlangganan", "berhenti-berlangganan"},
	{"paket tidak sesuai", "paket-tidak-sesuai"},
	{"pasang baru", "pasang-baru"},
}

func TestRealQueriesFindTheirGuide(t *testing.T) {
	mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		for _, q := range queries {
			hits := search(t, s, knowledge.Query{Text: q.text})
			if len(hits) == 0 || !slices.Contains(strings.Split(q.first, "|"), hits[0].Code) {
				t.Errorf("%q finds %v, want %s", q.text, codes(hits), q.first)
			}
		}
		for _, text := range []string{"xyzzy", "qqqq wwww", "= % _ ' \" ;", "yang dan di"} {
			if hits := search(t, s, knowledge.Query{Text: text}); len(hits) > 0 && len(knowledge.Words(text)) > 0 {
				t.Errorf("%q finds %v", text, codes(hits))
			}
		}
	})
}

// The symptom, the line and the past put the right guide on top where words alone do not.
func TestMarksAndThePastRank(t *testing.T) {
	mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		for _, q := range []struct {
			query knowledge.Query
			first string
		}{
			{knowledge.Query{Symptom: "los"}, "internet-los"},
			{knowledge.Query{Symptom: "lmb", Verdict: "unspec"}, "internet-lambat-jaringan"},
			{knowledge.Query{Symptom: "lmb", Verdict: "spec"}, "internet-lambat-wifi|wifi-jangkauan"},
			{knowledge.Query{Text: "lambat", Verdict: "unspec"}, "internet-lambat-jaringan"},
			{knowledge.Query{Text: "lambat", Verdict: "spec"}, "internet-lambat-wifi"},
			{knowledge.Query{Text: "lampu los merah", Verdict: "spec"}, "internet-los"}, // asked for by name
			{knowledge.Query{Symptom: "mti", Text: "mati"}, "voice-tidak-ada-nada"},
			{knowledge.Query{Text: "mati", Service: "iptv"}, "iptv-stb-mati"},
			{knowledge.Query{Text: "Pelanggan lapor xyzzy", Symptom: "frz", Guess: true}, "iptv-macet"},
		} {
			hits := search(t, s, q.query)
			if len(hits) == 0 || !slices.Contains(strings.Split(q.first, "|"), hits[0].Code) {
				t.Errorf("%+v finds %v, want %s", q.query, codes(hits), q.first)
			}
			for _, h := range hits {
				if q.query.Service != "" && len(h.Services) > 0 && !slices.Contains(h.Services, q.query.Service) {
					t.Errorf("%s is of another service", h.Code)
				}
			}
		}
		// Two guides for one symptom: the one that keeps working goes first.
		q := knowledge.Query{Symptom: "tbc", Verdict: "spec"}
		first := search(t, s, q)
		second := first[1].Code
		for turn := range db.ID(6) {
			write(t, s, func(tx *db.Tx) error {
				for _, code := range []string{first[0].Code, second} {
					if _, err := knowledge.Show(tx, ani, knowledge.Use{Turn: turn + 1, Ticket: 70, Code: code}); err != nil {
						return err
					}
					r, err := knowledge.InForce(tx, code)
					if err != nil {
						return err
					}
					a, err := r.Article()
					if err != nil {
						return err
					}
					end := knowledge.Failed
					if code == second {
						end = knowledge.Worked
					}
					if _, _, err := knowledge.Walked(tx, ani, turn+1, code, wayTo(a, end)); err != nil {
						return err
					}
				}
				return nil
			})
		}
		after := search(t, s, q)
		if after[0].Code != second || !slices.Contains(after[0].Why, "success") || after[0].Worked != 6 {
			t.Errorf("%s worked six times, yet %v (%+v)", second, codes(after), after[0])
		}
	})
}

// wayTo is a way through an article to an end of a kind.
func wayTo(a knowledge.Article, guided string) []knowledge.Done {
	var walk func(path []knowledge.Done) []knowledge.Done
	walk = func(path []knowledge.Done) []knowledge.Done {
		at, _ := a.Walk(path)
		if at.End != nil {
			if at.End.Guided == guided {
				return path
			}
			return nil
		}
		for _, yes := range []bool{true, false} {
			if found := walk(append(slices.Clone(path), knowledge.Done{Step: at.Step.ID, Yes: yes})); found != nil {
				return found
			}
		}
		return nil
	}
	return walk(nil)
}

// One slip of a finger in the longest word of a title still finds the article among the first ten.
func TestASlipStillFinds(t *testing.T) {
	s, _ := mould.SQLite(t)
	all := starter(t)
	var names []string
	for code := range all {
		names = append(names, code)
	}
	slices.Sort(names)
	rapid.Check(t, func(t *rapid.T) {
		a := all[rapid.SampledFrom(names).Draw(t, "article")]
		words := knowledge.Words(a.Title.ID)
		slices.SortStableFunc(words, func(x, y string) int { return len(y) - len(x) })
		if len(words[0]) < 6 {
			return
		}
		w := []byte(words[0])
		switch i := rapid.IntRange(1, len(w)-3).Draw(t, "at"); rapid.IntRange(0, 2).Draw(t, "slip") {
		case 0:
			w = append(w[:i], w[i+1:]...)
		case 1:
			w[i], w[i+1] = w[i+1], w[i]
		case 2:
			w[i] = 'x'
		}
		text := string(w) + " " + strings.Join(words[1:], " ")
		var hits []knowledge.Hit
		if err := s.Read(context.Background(), func(tx *db.Tx) (err error) {
			hits, err = knowledge.Search(tx, knowledge.Query{Text: text})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(codes(hits), a.Code) {
			t.Fatalf("%q (for %q) finds %v", text, a.Title.ID, codes(hits))
		}
	})
}

// A search gives the same order each time, on both databases, never more than asked, best first.
func TestOrderIsTheSameOnBothDatabases(t *testing.T) {
	seen := map[string]string{}
	mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		for _, q := range queries {
			hits := search(t, s, knowledge.Query{Text: q.text, Limit: 7})
			if len(hits) > 7 || !slices.IsSortedFunc(hits, func(a, b knowledge.Hit) int { return int(1000 * (b.Score - a.Score)) }) {
				t.Errorf("%q: %d hits, out of order or too many", q.text, len(hits))
			}
			order := fmt.Sprint(codes(hits))
			if before := seen[q.text]; before != "" && before != order {
				t.Errorf("%q: %s on one database, %s on the other", q.text, before, order)
			}
			seen[q.text] = order
		}
	})
}

func FuzzSearch(f *testing.F) {
	f.Add("lampu los merah", "los", "unspec", "internet")
	f.Add("' OR 1=1 --", "", "", "")
	s, _ := mould.SQLite(f)
	f.Fuzz(func(t *testing.T, text, symptom, verdict, service string) {
		if err := s.Read(context.Background(), func(tx *db.Tx) error {
			_, err := knowledge.Search(tx, knowledge.Query{Text: text, Symptom: symptom, Verdict: verdict, Service: service})
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}
