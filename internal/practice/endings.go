package practice

import "sapa/internal/call"

// ending is one way a past turn went: what the line did, what the agent chose, and what they wrote - which must fit.
// In remarks {jam} is the time agreed.
type ending struct {
	weight  int
	line    call.Line
	topics  string            // of the note it fits, a space between; "" fits all
	answers map[string]string // only what is asked then; {topik} is the note's own, {jam} the time agreed
	promise bool              // a time to call again is agreed
	open    bool              // the ticket comes back, or goes to the leader: not for a last try
	remarks []string
}

const (
	technical = "internet-mati internet-lambat iptv telepon"
	asking    = "paket tagihan registrasi"
	confirmed = "nama,no-layanan,alamat,cp"
)

func with(a map[string]string, more ...string) map[string]string {
	b := map[string]string{}
	for k, v := range a {
		b[k] = v
	}
	for i := 0; i+1 < len(more); i += 2 {
		b[more[i]] = more[i+1]
	}
	return b
}

var (
	reporter = map[string]string{"receiver": "reporter"}
	wife     = map[string]string{"receiver": "decider", "decider_name": "Ibu Ratna", "decider_relation": "Istri pelapor"}
	son      = map[string]string{"receiver": "decider", "decider_name": "Sdr. Raka", "decider_relation": "Anak pelapor, ikut memakai layanan"}
	guided   = []string{"data_check", confirmed, "guided", "berhasil", "status", "contacted", "reason_call", "{topik}"}
	unguided = []string{"data_check", confirmed, "guided", "tidak-berhasil", "status", "contacted", "reason_call", "{topik}"}
)

// callbackEndings are of SOP 5.2.11; the weights are the trade of a usual week.
var callbackEndings = []ending{
	{40, call.Answered, technical, with(with(reporter, guided...), "solution", "selesai-dipandu"), false, false, []string{
		"Dipandu restart ONT dan cek kabel, lampu kembali hijau. Dites bersama, normal.",
		"Dipandu lepas pasang kabel 10 menit, layanan pulih. Plg sudah mencoba sendiri.",
		"Dipandu pengaturan dari awal sampai bisa dipakai. Plg puas.",
		"Setelah dipandu layanan normal, plg minta nomor laporan disimpan bila terulang.",
		"Dicek bersama plg, kabel longgar. Dipasang ulang, normal kembali.",
	}},
	{14, call.Answered, technical, with(with(reporter, unguided...), "solution", "tiket-gangguan"), false, false, []string{
		"Sudah dipandu sampai langkah akhir, belum normal. Perlu kunjungan teknisi, dibuatkan tiket.",
		"Lampu LOS tetap merah setelah dipandu. Diteruskan sebagai gangguan fisik.",
		"Dipandu restart dan cek kabel, hasil sama. Plg setuju dijadwalkan teknisi.",
	}},
	{34, call.Answered, asking, with(with(reporter, guided...), "solution", "informasi-diberikan"), false, false, []string{
		"Sudah dijelaskan rinci, plg paham dan menerima.",
		"Dijelaskan ketentuan dan hitungannya, plg mengucapkan terima kasih.",
		"Informasi yang diminta sudah disampaikan, plg akan memikirkan dahulu.",
	}},
	{10, call.Answered, asking, with(with(reporter, unguided...), "solution", "diteruskan"), false, false, []string{
		"Data di aplikasi berbeda dengan pengakuan plg, diteruskan ke unit terkait.",
		"Perlu koreksi dari unit penagihan, plg bersedia menunggu kabar.",
	}},
	{6, call.Answered, technical, with(with(wife, guided...), "solution", "selesai-dipandu"), false, false, []string{
		"Diterima istri pelapor, dipandu restart dan ganti kata sandi. Normal.",
	}},
	{3, call.Answered, asking, with(with(son, guided...), "solution", "informasi-diberikan"), false, false, []string{
		"Diterima anak pelapor yang mengurus layanan, sudah dijelaskan dan paham.",
	}},
	{5, call.Answered, "", map[string]string{"receiver": "other", "call_again_at": "{jam}"}, true, true, []string{
		"Diterima asisten rumah tangga, pelapor belum pulang. Diminta telepon lagi pukul {jam}.",
		"Diterima adik pelapor, tidak berani memutuskan. Pelapor ada pukul {jam}.",
		"Pelapor sedang salat, keluarga minta dihubungi lagi pukul {jam}.",
	}},
	{1, call.Answered, "", map[string]string{"receiver": "wrong-number"}, false, false, []string{
		"Penerima tidak mengenal pelapor, nomor sudah berganti pemilik.",
	}},
	{3, call.Answered, "", map[string]string{"receiver": "dropped", "status": "contacted", "reason_call": "terputus", "solution": "dihubungi-lagi"}, false, true, []string{
		"Diangkat, belum sempat bicara sudah terputus.",
		"Suara putus-putus lalu sambungan hilang.",
	}},
	{3, call.Answered, technical, with(reporter, "data_check", confirmed, "guided", "tidak-berhasil", "status", "closed-by-tier1", "ticket_no", "{tiket}", "reason_call", "laporan-open", "solution", "pantau-tiket"), false, false, []string{
		"Sudah ada laporan open dari Tier 1, plg diberi tahu progresnya.",
	}},
	{46, call.NoAnswer, "", map[string]string{"status": "rna", "reason_call": "tidak-diangkat", "solution": "dihubungi-lagi"}, false, true, []string{
		"Nada sambung sampai habis, tidak diangkat.", "Berdering lama tidak ada jawaban.", "Tidak diangkat, akan dicoba lagi.",
	}},
	{26, call.Rejected, "", map[string]string{"status": "not-contacted", "reason_call": "ditolak", "solution": "dihubungi-lagi"}, false, true, []string{
		"Panggilan ditolak setelah dua kali dering.", "Langsung ditolak, kemungkinan sedang sibuk.",
	}},
	{12, call.Busy, "", map[string]string{"status": "not-contacted", "reason_call": "ditolak", "solution": "dihubungi-lagi"}, false, true, []string{
		"Nada sibuk terus.", "Nomor sedang dipakai bicara.",
	}},
	{8, call.Machine, "", map[string]string{"status": "not-contacted", "reason_call": "kotak-suara", "solution": "dihubungi-lagi"}, false, true, []string{
		"Masuk kotak suara.", "Dijawab mesin, tidak ada pesan yang ditinggalkan.",
	}},
	{6, call.Silence, "", map[string]string{"status": "not-contacted", "reason_call": "hening", "solution": "dihubungi-lagi"}, false, true, []string{
		"Diangkat tetapi hening, disapa tiga kali tidak ada suara.",
	}},
	{2, call.BadNumber, "", map[string]string{"status": "not-valid", "reason_call": "tulalit", "solution": "cari-cp-lain"}, false, false, []string{
		"CP tulalit, tidak ada nomor lain di tiket.",
	}},
	{1, call.Unregistered, "", map[string]string{"status": "not-valid", "reason_call": "tidak-terdaftar", "solution": "cari-cp-lain"}, false, false, []string{
		"Operator menyatakan nomor tidak terdaftar.",
	}},
}

// lapulEndings are of SOP 5.7.8.
var lapulEndings = []ending{
	{44, call.Answered, "", with(reporter, "status", "contacted", "reason_1", "sukses", "reason_2", "paham"), false, false, []string{
		"Perkembangan terakhir disampaikan, plg paham dan bersedia menunggu.",
		"Dijelaskan hasil kerja teknisi dan langkah berikutnya, plg menerima.",
		"Plg paham, minta dikabari bila jadwal berubah.",
		"Sudah disampaikan jadwal kunjungan, plg akan di rumah.",
	}},
	{6, call.Answered, "", with(reporter, "status", "contacted", "reason_1", "sukses", "reason_2", "slg"), false, false, []string{
		"Plg paham, menanyakan hak SLG karena gangguan lebih dari tiga hari.",
	}},
	{14, call.Answered, "", with(reporter, "status", "contacted", "reason_1", "sukses", "reason_2", "percepatan"), false, false, []string{
		"Plg paham, minta dipercepat karena dipakai kerja.", "Plg menerima penjelasan, mohon didahulukan, ada anak ujian daring.",
	}},
	{4, call.Answered, "", with(wife, "status", "contacted", "reason_1", "sukses", "reason_2", "paham"), false, false, []string{
		"Disampaikan ke istri pelapor, paham dan akan diteruskan.",
	}},
	{7, call.Answered, "", with(reporter, "status", "contacted", "reason_1", "menolak", "reason_2", "terlalu-lama"), false, false, []string{
		"Plg tidak menerima, perbaikan dirasa terlalu lama. Ingin bicara dengan penanggung jawab wilayah.",
		"Plg kecewa sudah beberapa kali lapor. Tidak mau menunggu lagi.",
	}},
	{1, call.Answered, "", with(reporter, "status", "contacted", "reason_1", "menolak", "reason_2", "hc-buzzer"), false, false, []string{
		"Plg marah, akan menulis di media sosial bila hari ini tidak ada teknisi.",
	}},
	{2, call.Answered, "", with(reporter, "status", "contacted", "reason_1", "menolak", "reason_2", "tidak-merasa-lapor"), false, false, []string{
		"Plg menyatakan tidak melapor ulang, layanan sudah normal sejak kunjungan terakhir.",
	}},
	{3, call.Answered, "", with(reporter, "status", "contacted", "reason_1", "menolak", "reason_2", "masih-dijalan", "call_again_at", "{jam}"), true, true, []string{
		"Plg sedang di jalan, sepakat ditelepon lagi pukul {jam}.",
	}},
	{3, call.Answered, "", with(reporter, "status", "contacted", "reason_1", "menolak", "reason_2", "meeting", "call_again_at", "{jam}"), true, true, []string{
		"Plg sedang rapat, minta ditelepon pukul {jam}.",
	}},
	{5, call.Answered, "", with(reporter, "status", "contacted", "reason_1", "reschedule", "call_again_at", "{jam}"), true, true, []string{
		"Plg minta dihubungi ulang pukul {jam}, saat sudah di rumah.", "Plg ingin bicara bersama teknisi, sepakat pukul {jam}.",
	}},
	{4, call.Answered, "", map[string]string{"receiver": "other", "call_again_at": "{jam}"}, true, true, []string{
		"Diterima penjaga rumah, pelapor kembali pukul {jam}.", "Diterima ibu pelapor, minta ditelepon lagi pukul {jam}.",
	}},
	{1, call.Answered, "", map[string]string{"receiver": "wrong-number"}, false, false, []string{"Penerima bukan pelapor dan tidak kenal, nomor salah sambung."}},
	{2, call.Answered, "", map[string]string{"receiver": "dropped", "status": "contacted", "reason_1": "menolak", "reason_2": "diterima-lalu-diputus"}, false, false, []string{
		"Diangkat lalu diputus sebelum sempat menyapa.",
	}},
	{2, call.Answered, "", with(reporter, "status", "junk", "reason_1", "tiket-sudah-close"), false, false, []string{
		"Tiket sudah close sebelum ditelepon, plg menyatakan normal.",
	}},
	{46, call.NoAnswer, "", map[string]string{"status": "not-contacted", "reason_1": "rna"}, false, true, []string{
		"Tidak diangkat sampai nada habis.", "Berdering, tidak ada jawaban.", "RNA, dicoba lagi sesuai jadwal.",
	}},
	{26, call.Rejected, "", map[string]string{"status": "not-contacted", "reason_1": "reject"}, false, true, []string{"Ditolak tanpa diangkat.", "Direject setelah satu dering."}},
	{12, call.Busy, "", map[string]string{"status": "not-contacted", "reason_1": "reject"}, false, true, []string{"Nada sibuk, kemungkinan sedang menelepon."}},
	{8, call.Machine, "", map[string]string{"status": "not-contacted", "reason_1": "mailbox"}, false, true, []string{"Masuk mailbox."}},
	{6, call.Silence, "", map[string]string{"status": "not-contacted", "reason_1": "hening"}, false, true, []string{"Diangkat, tidak ada suara dari seberang."}},
	{2, call.BadNumber, "", map[string]string{"status": "junk", "reason_1": "tulalit"}, false, false, []string{"CP tulalit."}},
	{1, call.Unregistered, "", map[string]string{"status": "junk", "reason_1": "belum-terdaftar"}, false, false, []string{"Nomor tidak terdaftar di operator."}},
}
