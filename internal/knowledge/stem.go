package knowledge

import (
	"strings"
	"unicode"
)

// A word is brought to its root by taking off what Indonesian puts around one: particles (-lah, -kah, -pun), possessives (-nya,
// -ku, -mu), suffixes (-kan, -an, -i) and prefixes (me-, di-, ter-, ke-, ber-, pe-, per-, with the sounds they change). There
// is no dictionary: a root must keep two vowels, and words that only look as if they wore an affix are listed.

// whole are words that are their own roots whatever they look like.
var whole = set(`masalah sekolah istilah wilayah digital disiplin diskon disk distribusi direktori terminal terang termal berita
	beranda keluarga kesal kemarin ketua kenal perangkat periksa pesawat persen permanen personal perlu media mesin menara
	meteran metode memori menit mobile mencoba internet interface pelanggan peta dial dinding diri kelas kamera kertas
	televisi teknisi aplikasi informasi instalasi registrasi relokasi lokasi posisi kondisi resolusi prioritas administrasi
	aktivasi isolir kompensasi estimasi kalibrasi notifikasi polusi konfirmasi koneksi gratis bisa kabari kanal sinyal
	makan jaringan simpan alamat kapan depan bulan jalan tangan halaman pesan lampu ikan papan koran kanan kami kali henti ganti janji jadi bagi hati nanti
	kopi pagi lagi siang segi nasi rugi sendiri kembali mati api pasti sesuai bunyi beli cari kunci saksi isi polisi kasi pemilik
	optik berkas terima tersedia dekoder decoder remote router modem`)

// sameAs are ways of writing that mean one word. The house's articles use the word on the right.
var sameAs = map[string]string{
	"telpon": "telepon", "telp": "telepon", "tlp": "telepon", "tlpn": "telepon", "telfon": "telepon", "nelpon": "telepon", "nelepon": "telepon", "nelfon": "telepon",
	"inet": "internet", "internetan": "internet", "net": "internet", "hape": "ponsel", "hp": "ponsel", "handphone": "ponsel", "dekoder": "stb", "decoder": "stb",
	"pasword": "password", "pass": "password", "pwd": "password", "sandi": "password", "tivi": "tv", "televisi": "tv", "remot": "remote", "ngelag": "lemot",
	"lag": "lemot", "lelet": "lemot", "lamban": "lambat", "pelan": "lambat", "pelanggan": "langgan", "tehnisi": "teknisi", "terima": "terima",
	"byr": "bayar", "tgh": "tagih", "diskonek": "putus", "disconnect": "putus", "konek": "sambung", "connect": "sambung", "nyambung": "sambung", "optik": "optik", "fiber": "optik", "fibre": "optik", "slow": "lambat",
}

// empty are words that say nothing about a fault, in both languages and as people type them.
var empty = set(`yang dan di ke dari untuk dengan pada ini itu ada adalah akan atau saya kami kita anda bapak ibu pak bu mas mbak mohon
	tidak tdk gak ga gk nggak enggak ngga tak bukan belum blm bisa bs sudah sdh udah telah sedang juga jg lagi lg saja aja sih dong deh nih kok ya iya
	apa apakah bagaimana gimana kenapa mengapa kalau kalo jika bila agar supaya karena krn krna tapi tetapi yg utk dgn dr sy dlm dalam oleh sebagai
	bukannya banget sekali sangat terus trus sampai smp masih msh hanya cuma semua setelah sebelum saat nya pun kah lah tolong silakan agent pelanggan lapor melaporkan laporan dilaporkan customer
	the a an is are was of to in on at for with and or not no it its this that my your you we i be by from as do does did can cannot please there if so`)

func set(words string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(words) {
		all[w] = true
	}
	return all
}

// Words cuts a text into what a search compares: small letters and digits, Wi-Fi as one word, letters that a finger held
// down taken once, words that say nothing left out.
func Words(text string) []string {
	text = strings.ToLower(text)
	text = strings.NewReplacer("wi-fi", "wifi", "wi fi", "wifi", "e-mail", "email").Replace(text)
	var all []string
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if w = held(w); len(w) < 2 || len(w) > maxWord || empty[strings.TrimSuffix(w, "nya")] || empty[w] {
			continue
		}
		all = append(all, w)
	}
	return all
}

const maxWord = 40 // bytes: what is longer is no word

// held takes a letter once that stands three times, or twice at the end ("lemott"). Numbers stay.
func held(w string) string {
	r := []rune(w)
	out := make([]rune, 0, len(r))
	for i := 0; i < len(r); {
		j := i
		for j < len(r) && r[j] == r[i] {
			j++
		}
		n := j - i
		if unicode.IsLetter(r[i]) && (n >= 3 || n == 2 && j == len(r) && len(r) > 3) {
			n = 1
		}
		for range n {
			out = append(out, r[i])
		}
		i = j
	}
	return string(out)
}

// Roots gives the roots a word may have: mostly one, two where a prefix has swallowed a sound (mengubah: ubah, kubah).
func Roots(word string) []string {
	roots := stem(word)
	for i, r := range roots {
		if to := sameAs[r]; to != "" {
			roots[i] = to
		}
	}
	return roots
}

// short are roots of one syllable, which prefixes may stand before all the same.
var short = set(`cek cas klik zoom ping set bor cat rem tes lag scan`)

func stem(w string) []string {
	if to := sameAs[w]; to != "" {
		return []string{to}
	}
	if r := known(w); r != "" { // bermasalah: what looks like a particle is part of the word
		return []string{r}
	}
	w = cut(cut(w, "lah", "kah", "tah", "pun"), "nya", "ku", "mu")
	if r := known(w); r != "" {
		return []string{r}
	}
	// Which of the two comes off first decides what is left (ditekan: tekan; kecilkan: kecil), and only a dictionary would know.
	var all []string
	add := func(r string) {
		if !contains(all, r) {
			all = append(all, r)
		}
	}
	for _, r := range unprefixed(w, 2) {
		add(cut(r, "kan", "an", "i"))
	}
	for _, r := range unprefixed(cut(w, "kan", "an", "i"), 2) {
		add(r)
	}
	return all
}

// known gives the word that is whole under the prefixes of this one; "" when there is none.
func known(w string) string {
	for _, r := range unprefixed(w, 2) {
		if fixed(r) {
			return r
		}
	}
	return ""
}

func fixed(w string) bool { return whole[w] || sameAs[w] != "" || !unicode.IsLetter([]rune(w)[0]) }

// cut takes the first of the endings off that leaves a root.
func cut(w string, endings ...string) string {
	if fixed(w) {
		return w
	}
	for _, e := range endings {
		if bare, ok := strings.CutSuffix(w, e); ok && (vowels(bare) >= 2 || short[bare]) {
			return bare
		}
	}
	return w
}

// prefixes with what they may have swallowed; "" keeps the rest as it is. Longer ones stand first.
var prefixes = []struct {
	is    string
	vowel bool // only before a vowel
	back  []string
}{
	{"menge", false, []string{""}}, {"penge", false, []string{""}},
	{"meny", true, []string{"s", "ny"}}, {"peny", true, []string{"s"}},
	{"meng", true, []string{"", "k"}}, {"peng", true, []string{"", "k"}}, {"meng", false, []string{""}}, {"peng", false, []string{""}},
	{"mem", true, []string{"p", "m"}}, {"pem", true, []string{"p", "m"}}, {"mem", false, []string{""}}, {"pem", false, []string{""}},
	{"men", true, []string{"t", "n"}}, {"pen", true, []string{"t", "n"}}, {"men", false, []string{""}}, {"pen", false, []string{""}},
	{"ber", false, []string{""}}, {"ter", false, []string{""}}, {"per", false, []string{""}}, {"nge", false, []string{""}}, {"ny", true, []string{"s"}},
	{"di", false, []string{""}}, {"ke", false, []string{""}}, {"me", false, []string{""}}, {"pe", false, []string{""}}, {"se", false, []string{""}},
}

// unprefixed takes at most so many prefixes off.
func unprefixed(w string, times int) []string {
	if times == 0 || fixed(w) {
		return []string{w}
	}
	for _, p := range prefixes {
		rest, ok := strings.CutPrefix(w, p.is)
		if !ok || rest == "" || p.vowel != isVowel(rest[0]) && (p.vowel || len(p.is) > 2 && p.is[len(p.is)-1] != 'r' && p.is[len(p.is)-1] != 'e') {
			continue
		}
		if long := len(p.is) == 5 && p.is[1:] == "enge"; long && vowels(rest) != 1 || !long && vowels(rest) < 2 && !short[rest] { // menge- goes before one syllable: mengecek
			continue
		}
		var all []string
		for _, b := range p.back {
			for _, r := range unprefixed(b+rest, times-1) {
				if !contains(all, r) {
					all = append(all, r)
				}
			}
		}
		return all
	}
	return []string{w}
}

func isVowel(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }

func vowels(w string) int {
	n := 0
	for i := range len(w) {
		if isVowel(w[i]) {
			n++
		}
	}
	return n
}

func contains(all []string, s string) bool {
	for _, one := range all {
		if one == s {
			return true
		}
	}
	return false
}

// english takes the commonest endings off an English word.
func english(w string) string {
	for _, e := range []string{"ing", "ies", "es", "ed", "s"} {
		if bare, ok := strings.CutSuffix(w, e); ok && len(bare) >= 3 && vowels(bare) >= 1 {
			return bare
		}
	}
	return w
}
