package practice

import (
	"strings"
	"time"

	"sapa/internal/desk"
)

// note is one thing a ticket may say. Places in braces are filled from the customer: {paket}, {kota}, {sejak} a time some
// hours before the ticket was opened, {janji} the time asked for, both on the customer's own clock.
type note struct {
	criterion string // SOP 5.2.1.a-g; Callback only
	service   string // a customer without it does not get this note: internet (all have it), iptv, voice
	topic     string // what the result form calls it: reason_call of Callback
	app       string // criterion c: the application that was down
	text      string
}

// callbackNotes are what a Tier-1 agent writes in a hurry: complaint, since when, lamps, what was tried, what was promised.
var callbackNotes = []note{
	{"a", "internet", "internet-mati", "", "Internet mati total sejak {sejak}. Lampu LOS merah berkedip, PON mati. Sudah restart ONT 2x dan cek patchcord, belum normal. Antrean sedang panjang, plg minta dipandu lewat telepon balik."},
	{"a", "internet", "internet-mati", "", "Tidak ada koneksi sejak {sejak}, semua perangkat di rumah sama. Lampu PON hijau, lampu internet padam. Baru sempat dipandu restart, sambungan telepon terputus. Mohon dilanjutkan."},
	{"a", "internet", "internet-lambat", "", "Internet lambat sejak {sejak}, hasil tes jauh di bawah paket {paket}. Baru dicek dari satu HP lewat Wi-Fi, belum pakai kabel LAN. Plg bersedia dipandu setelah tidak antre."},
	{"a", "internet", "internet-lambat", "", "Koneksi putus sambung tiap beberapa menit, paling terasa saat rapat daring. PON hijau stabil, LOS mati. Belum sempat ganti kanal Wi-Fi karena panggilan padat. Plg pegang laptop, siap dipandu."},
	{"a", "internet", "internet-mati", "", "Plg lupa kata sandi Wi-Fi setelah ganti HP, tidak ada perangkat lain yang masih tersambung. Minta dipandu ganti kata sandi. Stiker di belakang modem masih terbaca."},
	{"a", "internet", "internet-lambat", "", "Sinyal Wi-Fi tidak sampai kamar belakang, di dekat modem normal. Modem ada di lemari tertutup. Sudah disarankan dipindah, plg minta dipandu pengaturan 2,4 dan 5 GHz."},
	{"a", "iptv", "iptv", "", "IPTV layar hitam sejak {sejak}, internet normal. STB sudah dicabut 10 menit, kabel HDMI sudah ditukar port. Plg lansia, mohon dipandu pelan-pelan."},
	{"a", "iptv", "iptv", "", "Semua kanal muncul kode error, lampu STB biru. Sudah restart STB 1x. Modem dan STB beda lantai, plg minta waktu untuk pindah tempat lalu dipandu."},
	{"a", "voice", "telepon", "", "Telepon rumah tidak ada nada sejak {sejak}, internet normal. Kabel dari modem ke pesawat sudah ditukar, belum ada nada. Plg minta dipandu cek port telepon."},
	{"b", "internet", "registrasi", "", "Plg tanya syarat dan biaya pindah alamat, rumah baru masih di {kota}. Ketersediaan jaringan di alamat baru belum bisa dipastikan Tier 1. Minta dikabari sebelum kontrak rumah habis akhir bulan."},
	{"b", "internet", "registrasi", "", "Plg ingin tambah satu titik Wi-Fi untuk lantai dua, tanya biaya dan apakah bisa satu tagihan. Info perangkat tambahan untuk {kota} belum ada di Tier 1."},
	{"b", "internet", "tagihan", "", "Plg tanya kenapa tagihan bulan pertama tidak penuh dan bulan kedua lebih besar. Penjelasan prorata belum jelas buat plg. Mohon dijelaskan rinci per tanggal."},
	{"b", "internet", "tagihan", "", "Plg menanyakan dasar denda karena bayar tanggal 21. Menurut plg sistem bank sedang gangguan. Tier 1 belum tahu apakah bisa diajukan keringanan."},
	{"b", "internet", "paket", "", "Plg ingin turun dari {paket}, kontrak belum 12 bulan. Tanya ada biaya atau tidak. Tier 1 belum mendapat info ketentuan terbaru."},
	{"b", "iptv", "iptv", "", "Plg tanya cara berhenti langganan kanal tambahan tanpa memutus IPTV. Di aplikasi tidak ketemu menunya. Tier 1 belum yakin batas tanggal pengajuannya."},
	{"c", "internet", "tagihan", "e-payment", "Plg minta rincian tagihan 3 bulan terakhir. E-payment tidak bisa dibuka sejak {sejak}, data tidak tampil. Janji dihubungi setelah aplikasi normal."},
	{"c", "internet", "internet-mati", "ibooster", "Internet mati sejak {sejak}, lampu LOS merah. Ibooster gagal ukur terus, hasil tidak keluar. Plg diberi tahu akan dihubungi setelah bisa diukur."},
	{"c", "internet", "registrasi", "starclick", "Plg tanya status pasang baru rumah sebelah atas nama adiknya. Starclick tidak merespons. Sudah minta maaf dan janji telepon balik."},
	{"c", "internet", "internet-lambat", "my-cx", "Internet lambat, sudah dipandu restart dan tes ulang. Saat akan dicatat, My CX galat waktu simpan. Data plg sudah dicocokkan, tinggal dilanjutkan."},
	{"d", "internet", "paket", "", "Di aplikasi tertulis 100 Mbps, plg merasa langganan {paket} dan tidak pernah minta ubah. Tagihan ikut naik. Mohon dicek riwayat perubahan paketnya."},
	{"d", "internet", "paket", "", "Plg baru naik paket minggu lalu, kecepatan masih seperti paket lama. Hasil tes pakai kabel LAN 19 Mbps. Sudah restart, profil diduga belum berubah."},
	{"d", "iptv", "paket", "", "Paket plg termasuk IPTV tetapi yang terbuka hanya kanal dasar. Kanal anak-anak terkunci sejak perpanjangan. Mohon dicek kesesuaian paketnya."},
	{"d", "internet", "tagihan", "", "Muncul tagihan layanan tambahan yang tidak pernah dipesan plg, sudah dua bulan. Plg minta dihapus dan dijelaskan siapa yang mengaktifkan."},
	{"e", "internet", "internet-lambat", "", "Pelanggan VVIP. Internet putus sambung sejak {sejak}, dipakai untuk kerja dari rumah. Sudah restart 1x. Minta ditelepon oleh agen yang sama sampai selesai."},
	{"e", "internet", "tagihan", "", "Pelanggan VVIP. Menanyakan kenapa diskon kelas pelanggan tidak muncul di tagihan {kota}. Minta jawaban lewat telepon, bukan pesan."},
	{"e", "iptv", "iptv", "", "Pelanggan VVIP. Gambar IPTV patah-patah saat siaran langsung, internet {paket} normal. Keluarga menonton setiap malam, mohon didahulukan penanganannya."},
	{"f", "internet", "internet-lambat", "", "Panggilan 14 menit, keluhan melebar dari Wi-Fi lambat ke tagihan. Sudah dipandu restart dan ganti kanal, plg tetap ingin dijelaskan satu per satu. TL merekomendasikan telepon balik."},
	{"f", "internet", "paket", "", "Panggilan 12 menit soal selisih paket {paket}, plg berulang kali minta dihitungkan. TL merekomendasikan telepon balik setelah hitungan disiapkan."},
	{"g", "internet", "internet-mati", "", "Wi-Fi tidak muncul di HP sejak {sejak}. Plg sedang di tempat kerja, minta dihubungi saat sudah di rumah, dengan petugas perempuan bila ada."},
	{"g", "internet", "internet-lambat", "", "Plg tunarungu ringan, minta ditelepon dengan suara jelas dan pelan. Keluhan internet lambat di {kota} sejak {sejak}. Yang menerima telepon anaknya."},
	{"g", "internet", "tagihan", "", "Plg minta penjelasan tagihan lewat telepon di nomor ini saja, jangan ke nomor rumah. Keluhan: tagihan naik dari bulan lalu."},
}

// promisedNotes are those of customers who asked for a time (SOP 5.2.1.g).
var promisedNotes = []note{
	{"g", "internet", "internet-lambat", "", "Internet lambat sejak {sejak}. Plg sedang rapat, minta dihubungi pukul {janji}. Sudah dicek tidak ada gamas di {kota}."},
	{"g", "internet", "internet-mati", "", "Internet mati, lampu LOS merah. Plg baru sampai rumah pukul {janji}, minta ditelepon jam itu supaya bisa dipandu di depan modem."},
	{"g", "internet", "tagihan", "", "Plg minta dijelaskan tagihan, tetapi sedang menyetir. Minta ditelepon pukul {janji}."},
	{"g", "iptv", "iptv", "", "IPTV tidak bisa dibuka. Yang paham alatnya anak plg, pulang sekolah dulu. Minta dihubungi pukul {janji}."},
	{"g", "internet", "paket", "", "Plg mau ubah paket {paket}, minta bicara bersama suaminya. Minta dihubungi pukul {janji}."},
}

// fits tells whether a note can be this customer's.
func (n note) fits(c invented) bool {
	return n.service != "iptv" && n.service != "voice" || c.has[n.service]
}

// fill puts the customer's own words in: their package, town, and clock.
func (n note) fill(c invented, since, promised time.Time) string {
	zone := desk.Zone(c.Zone, time.UTC)
	clock := func(t time.Time) string { return t.In(zone).Format("15.04") }
	return strings.NewReplacer("{paket}", c.pack, "{kota}", c.City, "{sejak}", "pukul "+clock(since), "{janji}", clock(promised)+" "+desk.ZoneName(zone)).Replace(n.text)
}
