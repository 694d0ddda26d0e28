package practice

import "errors"

var errNotInCall = errors.New("practice: no such call")

// Names of the invented people: common given names put together by a fixed seed. Nobody real is meant.
var (
	women = []string{"Ayu", "Bunga", "Citra", "Dinda", "Endah", "Fitri", "Gita", "Hana", "Intan", "Juwita", "Kirana", "Laras", "Mega", "Nadia", "Oktavia", "Puspa", "Ratih", "Sekar", "Tiara", "Utami", "Wulan", "Yuni"}
	men   = []string{"Adi", "Bagas", "Cahyo", "Dimas", "Eko", "Fajar", "Galih", "Hanif", "Iwan", "Joko", "Krisna", "Lukman", "Mahendra", "Nanda", "Oka", "Pandu", "Rangga", "Satria", "Teguh", "Umar", "Wisnu", "Yoga"}
	last  = []string{"Prasetya", "Lestari", "Wijaya", "Saputra", "Maharani", "Kusuma", "Nugraha", "Permata", "Santika", "Handoko", "Anggraini", "Pratama", "Ramadhani", "Setyawan", "Puspita", "Hidayati", "Firmansyah", "Wardhana", "Utomo", "Safitri"}
)

// town is where invented customers live.
type town struct{ name, zone, area string }

var towns = []town{
	{"Malang", "Asia/Jakarta", "0341"}, {"Batu", "Asia/Jakarta", "0341"}, {"Surabaya", "Asia/Jakarta", "031"}, {"Bandung", "Asia/Jakarta", "022"}, {"Medan", "Asia/Jakarta", "061"},
	{"Makassar", "Asia/Makassar", "0411"}, {"Denpasar", "Asia/Makassar", "0361"}, {"Kupang", "Asia/Makassar", "0380"}, {"Balikpapan", "Asia/Makassar", "0542"},
	{"Jayapura", "Asia/Jayapura", "0967"}, {"Ambon", "Asia/Jayapura", "0911"},
}

var streets = []string{"Jl. Melati", "Jl. Kenanga", "Jl. Cempaka", "Jl. Anggrek", "Jl. Merpati", "Jl. Cendrawasih", "Jl. Mawar", "Jl. Flamboyan", "Jl. Dahlia", "Jl. Teratai"}

// callbackNotes are what a Tier-1 agent writes: complaint, since when, lamps, what was tried, contact.
var callbackNotes = []string{
	"Internet mati total sejak tadi pagi. Lampu LOS merah berkedip, PON mati. Sudah restart ONT 2x dan cek kabel patchcord, belum normal. Pelanggan minta dipandu lagi karena tadi antrean panjang. CP bisa dihubungi kapan saja.",
	"Wi-Fi lambat setiap malam jam 19 ke atas, siang normal. Speedtest 4 Mbps dari paket 50. Sudah pindah kanal dan restart, belum ada perubahan. Pelanggan minta dijelaskan penyebabnya.",
	"Tidak bisa login Wi-Fi setelah ganti HP, lupa kata sandi. Sudah dicoba reset dari aplikasi, gagal. Pelanggan minta dipandu ganti kata sandi dari perangkat.",
	"IPTV muncul kode error 4514 di semua kanal, internet normal. STB sudah dicabut 10 menit. Pelanggan lansia, minta ditelepon pelan-pelan.",
	"Tagihan bulan ini naik, pelanggan merasa tidak pernah ubah paket. Di aplikasi tertulis paket 100 Mbps, padahal berlangganan 50 Mbps. Mohon dicek dan dijelaskan.",
	"Internet putus-putus tiap 10 menit saat rapat daring. Lampu PON hijau stabil, LOS mati. Sudah pakai kabel LAN tetap putus. Pelanggan butuh sebelum jam kerja besok.",
	"Telepon rumah ada nada tetapi tidak bisa menerima panggilan masuk. Dicoba dari HP terdengar nada sibuk terus. Kabel telepon sudah ditukar.",
	"Pelanggan menanyakan cara memindahkan layanan ke rumah baru dalam satu kota. Tier 1 belum mendapat info biaya dan waktu. Minta ditelepon kembali.",
	"Modem panas dan sering restart sendiri, sudah diletakkan di tempat terbuka. Lampu power kadang kuning. Pelanggan minta ganti perangkat.",
	"Sinyal Wi-Fi tidak sampai lantai dua. Pelanggan tanya soal perangkat tambahan dan cara pasang. Sudah dijelaskan singkat, minta dipandu lebih lanjut.",
}

var lapulNotes = []string{
	"Lapor ulang ke-2. Teknisi kemarin sore mengganti konektor, tiket sempat ditutup. Pagi ini internet putus-putus lagi, PON hijau LOS mati. Pelanggan agak marah.",
	"Lapor ulang ke-2. Update teknisi: menunggu jadwal tarik ulang dropcore karena hujan. Pelanggan tanya kepastian hari. Internet masih mati.",
	"Lapor ulang ke-3. Update backend: gangguan di kabel distribusi, estimasi selesai sore. Pelanggan kerja dari rumah, minta dipercepat.",
	"Lapor ulang ke-2. Teknisi sudah datang, rumah kosong, tidak bisa dihubungi. Pelanggan bilang tidak ada yang datang. Mohon konfirmasi jadwal baru.",
	"Lapor ulang ke-2. IPTV masih error setelah ganti STB. Update teknisi: perlu reset port. Pelanggan sudah dua kali cuti menunggu.",
	"Lapor ulang ke-4. Update teknisi: redaman tinggi di ODP, tim perbaikan masuk antrean. Pelanggan menanyakan SLG karena sudah lebih dari tiga hari.",
}

var otherNotes = []string{
	"Update teknisi: dropcore diganti, hasil tes 48 Mbps. Perlu konfirmasi pulih ke pelanggan.",
	"Pelanggan terdampak gangguan massal, OVR belum tersambung. Perlu ditelepon agen.",
	"Tiket ditutup atas permintaan unit konsumer. Konfirmasi ke pelanggan apakah sudah normal.",
	"Daftar dari TL: keluhan lama belum selesai, konfirmasi dan pandu.",
}

var remarks = []string{
	"Pelanggan dipandu restart dan atur ulang Wi-Fi, layanan normal kembali.",
	"Sudah dijelaskan progres perbaikan, pelanggan paham dan menunggu.",
	"Belum tersambung, dicoba lagi sesuai jadwal.",
	"Pelanggan sedang di jalan, minta ditelepon nanti sore.",
	"Sudah dipandu cek kabel dan lampu, perlu kunjungan teknisi.",
}
