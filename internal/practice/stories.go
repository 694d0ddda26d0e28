package practice

import (
	"strings"
	"time"

	"sapa/internal/desk"
)

// story is one fault as its trouble ticket tells it. Places in braces are filled from the customer: {paket}, {kota}, {odp},
// {odc}, {olt}, {sejak} a time on the customer's own clock. Every unit in it is invented.
type story struct {
	service   string // internet, iptv, voice: a customer without it does not get it
	leaf      string // of the classification tree
	symptom   string // of 5.2.10.k
	poor      bool   // the fault is in the cable: rather a customer whose line measures out of spec
	complaint string // what was reported first
	unit      string // who worked on it last: teknisi, backend
	update    string // what they wrote (UPDATEINFO)
	times     int    // how often the customer has reported
	client    string // what the customer said when they reported again (CLIENTNOTE)
}

// lapulStories are repeated reports with what the technician did last: what an agent reads before the call (SOP 5.7.6).
var lapulStories = []story{
	{"internet", "internet-putus", "pts", false, "Internet putus sambung, PON hijau.", "teknisi", "Konektor di rumah diganti, hasil ukur SPEC, tiket menunggu konfirmasi pelanggan.", 2, "Sejak {sejak} putus sambung lagi, PON hijau LOS mati. Nada agak marah."},
	{"internet", "internet-mati-fisik", "tbc", true, "Internet mati total, lampu LOS merah.", "teknisi", "Tarik ulang dropcore dijadwalkan, tertunda hujan.", 2, "Menanyakan kepastian hari. Internet masih mati."},
	{"internet", "internet-mati", "tbc", false, "Internet mati, tetangga juga mengeluh.", "backend", "Gangguan di kabel distribusi arah {odc}, perbaikan berjalan.", 3, "Kerja dari rumah, minta kepastian waktu."},
	{"internet", "internet-mati", "tbc", false, "Tidak bisa browsing di semua perangkat.", "teknisi", "Sudah ke lokasi, rumah kosong, CP tidak diangkat.", 2, "Menunggu dari pagi, tidak ada yang datang. Mohon jadwal baru."},
	{"internet", "internet-lambat-fisik", "lmb", true, "Internet lambat sekali dan sering mati sendiri.", "teknisi", "Redaman tinggi di {odp}, masuk antrean tim perbaikan.", 4, "Menanyakan SLG karena sudah lebih dari tiga hari."},
	{"internet", "internet-mati-fisik", "tbc", true, "Internet mati, LOS berkedip merah.", "teknisi", "{odp} penuh, menunggu pindah port.", 2, "Tanya kenapa tetangga satu tiang normal."},
	{"internet", "internet-los", "los", true, "Lampu LOS merah, internet mati.", "teknisi", "Kabel putus terkena proyek saluran air di {kota}, menunggu izin gali.", 3, "Minta percepatan, sudah dua hari memakai kuota HP."},
	{"internet", "internet-ont", "wfi", false, "Modem sering mati sendiri, Wi-Fi hilang.", "teknisi", "ONT diganti, lampu normal, belum sempat uji Wi-Fi.", 2, "Wi-Fi tidak muncul sejak {sejak}."},
	{"internet", "internet-los", "los", true, "Lampu LOS merah sejak bangun pagi.", "backend", "Port di {olt} sudah direset.", 2, "LOS masih merah. Minta teknisi datang hari ini."},
	{"internet", "internet-lambat", "lmb", false, "Kecepatan jauh di bawah {paket}.", "teknisi", "Redaman sudah normal setelah sambung ulang di {odp}.", 2, "Tes kecepatan masih di bawah {paket}. Diuji lewat Wi-Fi."},
	{"internet", "internet-lambat", "lmb", false, "Lambat untuk rapat daring, browsing biasa normal.", "backend", "Profil kecepatan sudah disesuaikan dengan {paket}.", 2, "Sejak {sejak} tetap lambat untuk rapat daring, minta dicek lagi."},
	{"internet", "internet-lambat", "lmb", false, "Setiap malam internet lambat.", "teknisi", "Patchcord dan konektor diganti, menyarankan pindah posisi modem.", 3, "Tidak puas, tiap malam lambat lagi."},
	{"internet", "internet-lambat", "lmb", false, "Internet lambat serumah, sudah restart modem.", "backend", "Utilisasi {odc} tinggi, penambahan kapasitas dijadwalkan.", 2, "Tanya sampai kapan."},
	{"internet", "internet-putus", "pts", false, "Gim sering tersendat, ping naik turun.", "teknisi", "Ada kabel tertekuk di plafon, sudah dirapikan.", 2, "Gim masih tersendat, minta ukur ulang."},
	{"internet", "internet-mati", "tbc", false, "Internet mati sejak sore, sudah restart modem.", "teknisi", "Jadwal kunjungan besok pagi.", 2, "Tidak tahu sudah dijadwalkan, menelepon lagi. Tolong sampaikan jadwalnya."},
	{"internet", "internet-ont", "tbc", false, "Modem tidak menyala, adaptor sudah dicoba di stopkontak lain.", "teknisi", "Menunggu material ONT dari gudang.", 3, "Sudah dua hari tanpa internet, minta dipinjami dulu."},
	{"internet", "internet-mati-fisik", "tbc", true, "Internet mati setelah angin kencang.", "teknisi", "Tiang roboh terkena angin di sekitar {kota}, perbaikan bersama tim.", 2, "Minta dikabari tiap ada perkembangan."},
	{"internet", "internet-los", "los", true, "LOS merah setelah ada pekerjaan tiang di gang.", "teknisi", "Dropcore kendur di klem tiang, diperlukan tangga panjang. Kembali besok dengan dua orang.", 2, "Kenapa harus dua kali datang, minta jam yang pasti."},
	{"iptv", "iptv-error", "err", false, "IPTV kode error di semua kanal.", "teknisi", "STB diganti, kanal normal saat ditinggal.", 2, "Error IPTV muncul lagi sejak {sejak}, internet normal."},
	{"iptv", "iptv-macet", "frz", false, "Gambar IPTV patah-patah.", "backend", "Multicast sedang diperiksa.", 3, "Sudah dua kali cuti menunggu teknisi. Nada marah."},
	{"iptv", "iptv-remote", "rmt", false, "Remote IPTV tidak berfungsi.", "teknisi", "Remote dan STB dipasangkan ulang.", 2, "Kanal olahraga patah-patah, kanal lain normal."},
	{"voice", "voice-terima", "ttp", false, "Telepon rumah tidak bisa menerima panggilan.", "teknisi", "Pengaturan port telepon di ONT diaktifkan kembali.", 2, "Ada nada, tetapi tidak bisa menerima panggilan. Dites dari HP nada sibuk."},
	{"voice", "voice-searah", "sph", false, "Suara telepon rumah hanya terdengar satu arah.", "backend", "Nomor sudah diaktifkan ulang di sentral.", 2, "Suara berisik satu arah sejak {sejak}."},
}

// c4Stories are updates of the C4 backend or a technician (SOP 5.5.6).
var c4Stories = []story{
	{"internet", "internet-los", "los", true, "Lampu LOS merah, internet mati.", "teknisi", "Dropcore dari {odp} diganti 80 meter, uji di lokasi 48 Mbps, LOS padam. Mohon konfirmasi ke pelanggan.", 1, ""},
	{"internet", "internet-lambat", "lmb", false, "Kecepatan tidak sesuai {paket}.", "backend", "Profil disesuaikan ke {paket}, sesi sudah diputus dan tersambung lagi. Mohon konfirmasi hasil.", 1, ""},
	{"internet", "internet-putus", "pts", false, "Internet putus sambung tiap beberapa menit.", "backend", "Port di {olt} dipindah, tidak ada putus selama dua jam pemantauan. Mohon konfirmasi.", 1, ""},
	{"internet", "internet-mati-fisik", "tbc", true, "Internet mati, PON berkedip.", "teknisi", "Sambungan di {odc} diperbaiki, redaman turun ke batas SPEC. Pelanggan tidak di rumah saat pengujian.", 1, ""},
	{"internet", "internet-ont", "tbc", false, "Modem tidak menyala.", "teknisi", "ONT diganti, Wi-Fi memakai nama dan sandi lama. Belum diuji dengan perangkat pelanggan.", 1, ""},
	{"internet", "internet-lambat-fisik", "lmb", true, "Lambat dan sering mati sendiri.", "teknisi", "Kabel di plafon terjepit, ditarik ulang. Masih perlu pindah port di {odp}, dijadwalkan lusa.", 1, ""},
	{"internet", "internet-login", "lgn", false, "Tidak bisa login setelah ganti modem.", "backend", "Akun layanan sudah dibuka kembali. Pelanggan diminta mencabut modem 5 menit lalu mencoba.", 1, ""},
	{"iptv", "iptv-macet", "frz", false, "Gambar IPTV patah-patah malam hari.", "backend", "Jalur multicast dipindah, pemantauan satu malam normal. Mohon konfirmasi IPTV ke pelanggan.", 1, ""},
	{"iptv", "iptv-stb", "stb", false, "STB IPTV mati total.", "teknisi", "STB diganti baru, semua kanal paket terbuka. Yang menerima anak pelanggan.", 1, ""},
	{"voice", "voice-mati", "mti", false, "Telepon rumah tidak ada nada.", "backend", "Nomor didaftarkan ulang di sentral, uji panggil masuk dan keluar dari sistem berhasil.", 1, ""},
}

// nossaStories are incidents that other units give to this desk to be confirmed with the customer (SOP 5.3.3, 5.3.4).
var nossaStories = []story{
	{"internet", "internet-mati", "tbc", false, "INTERNET | Tidak bisa browsing di semua perangkat. Sudah restart ONT 2x.", "backend", "Sesi aktif sejak pagi, trafik ada. Mohon dipastikan ke pelanggan apakah sudah normal.", 1, ""},
	{"internet", "internet-lambat", "lmb", false, "INTERNET | Lambat, tes kecepatan lewat Wi-Fi di bawah {paket}.", "backend", "Profil sesuai {paket}, tidak ada kepadatan di {odc}. Perlu dipandu uji dengan kabel LAN.", 1, ""},
	{"internet", "internet-wifi", "wfi", false, "INTERNET | Nama Wi-Fi tidak muncul setelah listrik padam.", "backend", "ONT online. Perlu dipandu lewat telepon untuk mengaktifkan Wi-Fi.", 1, ""},
	{"internet", "internet-putus", "pts", false, "INTERNET | Putus-putus saat rapat daring.", "backend", "Tidak ada putus sesi dalam 24 jam terakhir. Mohon tanyakan jam kejadian dan perangkatnya.", 1, ""},
	{"internet", "internet-login", "lgn", false, "INTERNET | Tidak bisa login, lampu internet merah.", "backend", "Akun sudah diperbaiki. Pelanggan perlu dipandu memasukkan ulang.", 1, ""},
	{"internet", "internet-mati-fisik", "tbc", true, "INTERNET | Mati total, LOS merah. Pelanggan minta jadwal sore.", "teknisi", "Datang pukul 10, rumah kosong. Mohon pastikan waktu yang sesuai lalu eskalasi lagi.", 1, ""},
	{"iptv", "iptv-error", "err", false, "IPTV | Kode error di layar, internet normal.", "backend", "Hak kanal sudah dikirim ulang. Pelanggan perlu restart STB, lalu konfirmasi.", 1, ""},
	{"iptv", "iptv-gambar", "tgb", false, "IPTV | Layar hitam, lampu STB biru.", "backend", "STB terbaca online. Perlu dipandu memeriksa kabel HDMI dan masukan TV.", 1, ""},
	{"voice", "voice-kresek", "krs", false, "VOICE | Suara telepon rumah kresek saat hujan.", "teknisi", "Kabel rumah dari ONT ke pesawat diganti. Mohon konfirmasi suara ke pelanggan.", 1, ""},
}

// forceStories were closed by ditcons request: whether the customer agrees is asked now (SOP 5.6).
var forceStories = []story{
	{"internet", "internet-mati", "tbc", false, "Internet mati sejak pindah modem ke ruang tengah.", "teknisi", "Modem dikembalikan ke tempat semula, layanan normal menurut teknisi. Pelanggan tidak dapat dihubungi.", 1, ""},
	{"internet", "internet-lambat", "lmb", false, "Lambat pada malam hari.", "backend", "Kapasitas {odc} ditambah. Tiket lebih dari 7 hari tanpa jawaban pelanggan.", 1, ""},
	{"internet", "internet-los", "los", true, "Lampu LOS merah.", "teknisi", "Dropcore disambung ulang, uji normal. Tidak ada konfirmasi dari pelanggan.", 1, ""},
	{"internet", "internet-wifi", "wfi", false, "Wi-Fi hilang timbul di lantai dua.", "teknisi", "Kanal Wi-Fi diganti, disarankan perangkat tambahan. Pelanggan akan memikirkan.", 1, ""},
	{"internet", "internet-putus-fisik", "pts", true, "Putus sambung setiap hujan.", "teknisi", "Kotak sambungan {odp} dikeringkan dan ditutup ulang. Dipantau tiga hari normal.", 1, ""},
	{"iptv", "iptv-remote", "rmt", false, "Remote IPTV rusak.", "teknisi", "Remote diganti. Tanda terima belum kembali.", 1, ""},
	{"voice", "voice-mati", "mti", false, "Telepon rumah tidak ada nada.", "backend", "Nomor aktif kembali menurut sistem, belum dikonfirmasi.", 1, ""},
}

// otherStories are in work and wait for nobody's call.
var otherStories = []story{
	{"internet", "internet-los", "los", true, "Lampu LOS merah, internet mati.", "teknisi", "Menunggu jadwal kunjungan, alamat sudah dicocokkan.", 1, ""},
	{"internet", "internet-mati-fisik", "tbc", true, "Internet mati, PON padam.", "teknisi", "Dropcore dari {odp} perlu diganti, material sedang disiapkan.", 1, ""},
	{"internet", "internet-putus-fisik", "pts", true, "Putus sambung sejak kabel tersenggol pohon.", "teknisi", "Perapian jalur dropcore menunggu pemangkasan pohon.", 1, ""},
	{"internet", "internet-lambat", "lmb", false, "Lambat serumah.", "backend", "Pemeriksaan utilisasi {odc} berjalan.", 1, ""},
	{"iptv", "iptv-gambar-fisik", "tgb", true, "IPTV tanpa gambar, internet ikut lambat.", "teknisi", "Redaman di {odp} sedang ditelusuri.", 1, ""},
	{"voice", "voice-mati-fisik", "mti", true, "Telepon rumah tidak ada nada.", "teknisi", "Terminal di rumah pelanggan akan diperiksa pada kunjungan.", 1, ""},
}

// ideasNotes are rows of a leader's list (SOP 5.8.1).
var ideasNotes = []note{
	{"", "internet", "internet-lambat", "", "Daftar TL (rekaan): mengeluh di media sosial bahwa internet {paket} lambat tiap malam, belum ada tiket. Konfirmasi dan pandu."},
	{"", "internet", "internet-mati", "", "Daftar TL (rekaan): di survei menulis internet sering mati setelah hujan di {kota}. Konfirmasi, pandu, isi form."},
	{"", "internet", "internet-lambat", "", "Daftar TL (rekaan): memberi nilai 2 dari 10, alasannya Wi-Fi tidak sampai kamar. Pandu posisi modem dan kanal."},
	{"", "iptv", "iptv", "", "Daftar TL (rekaan): mengeluh IPTV patah-patah di kolom komentar. Konfirmasi, pandu, isi form."},
	{"", "internet", "internet-mati", "", "Daftar TL (rekaan): dua kali berhenti di tengah menu suara minggu ini, keluhan tidak sempat dicatat. Tanyakan kendalanya."},
	{"", "iptv", "iptv", "", "Daftar TL (rekaan): menulis ulasan bahwa kanal anak di IPTV hilang. Cek bersama pelanggan lalu pandu."},
}

// fits tells whether a story can be this customer's.
func (s story) fits(c invented) bool { return s.service == "internet" || c.has[s.service] }

// no is the service number a story is about.
func (c invented) no(service string) string {
	if service == "voice" {
		return c.voice
	}
	return c.internet
}

// fill puts the customer's own network and clock into one of its texts.
func (c invented) fill(text string, since time.Time) string {
	return strings.NewReplacer("{paket}", c.pack, "{kota}", c.City, "{odp}", c.odp, "{odc}", c.odc(), "{olt}", c.olt(),
		"{sejak}", "pukul "+since.In(desk.Zone(c.Zone, time.UTC)).Format("15.04")).Replace(text)
}
