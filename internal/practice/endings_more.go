package practice

import (
	"strings"

	"sapa/internal/call"
)

// endings of each campaign's turns.
var endings = map[string][]ending{"callback": callbackEndings, "fresh-lapul": lapulEndings, "nossa": nossaEndings, "ivr-gamas": gamasEndings,
	"c4-carring": c4Endings, "force-close": forceEndings, "ideas": ideasEndings}

// missed are the ways of not reaching anybody, with what a campaign's form calls them in the order rings, refused, machine,
// silent.
func missed(of ...map[string]string) []ending {
	return []ending{
		{46, call.NoAnswer, "", of[0], false, true, []string{"Tidak diangkat sampai nada habis.", "Berdering lama, tidak ada jawaban.", "Tidak diangkat, dicoba lagi sesuai jadwal."}},
		{26, call.Rejected, "", of[1], false, true, []string{"Panggilan ditolak setelah satu dering.", "Langsung ditolak, kemungkinan sedang sibuk."}},
		{12, call.Busy, "", of[1], false, true, []string{"Nada sibuk, nomor sedang dipakai bicara."}},
		{8, call.Machine, "", of[2], false, true, []string{"Masuk kotak suara, tidak meninggalkan pesan."}},
		{6, call.Silence, "", of[3], false, true, []string{"Diangkat tetapi hening, disapa tiga kali."}},
	}
}

func same(a map[string]string) []ending { return missed(a, a, a, a) }

// dispatch is what Nossa's form calls a leaf of the tree, and the unit it goes to (SOP 5.3.7.b.classification, 5.3.7.b.dispatch).
func dispatch(leaf string) (class, unit string) {
	switch leaf = strings.TrimSuffix(leaf, "-fisik"); {
	case leaf == "internet-lambat":
		return leaf, "logic"
	case leaf == "internet-putus", leaf == "internet-los", leaf == "iptv-remote", leaf == "voice-kresek":
		return leaf, "teknisi"
	case strings.HasPrefix(leaf, "iptv"):
		return "iptv-gambar", "teknisi"
	case strings.HasPrefix(leaf, "voice"):
		return "voice-mati", "teknisi"
	}
	return "internet-mati", "teknisi"
}

// nossaEndings are of SOP 5.3.7 and A-16.
var nossaEndings = append([]ending{
	{48, call.Answered, "", with(reporter, "result", "solve"), false, false, []string{
		"Plg menyatakan layanan sudah normal sejak pagi, sudah dicoba di dua perangkat.",
		"Dipandu restart, layanan normal. Plg setuju laporan diselesaikan.",
		"Plg mengonfirmasi normal dan tidak ada keluhan lain.",
	}},
	{24, call.Answered, "", with(reporter, "result", "eskalasi", "classification", "{kelas}", "group", "{unit}"), false, false, []string{
		"Sudah dipandu, belum normal. Plg minta diperiksa unit terkait.",
		"Plg menyatakan gangguan masih ada sejak lapor, bersedia menunggu petugas sore ini.",
		"Gangguan hilang timbul, plg minta laporan diteruskan.",
	}},
	{4, call.Answered, "", with(wife, "result", "solve"), false, false, []string{"Istri pelapor menyatakan layanan sudah bisa dipakai."}},
	{4, call.Answered, "", map[string]string{"receiver": "other", "call_again_at": "{jam}"}, true, true, []string{"Diterima adik pelapor, pelapor pulang pukul {jam}."}},
	{1, call.Answered, "", map[string]string{"receiver": "wrong-number"}, false, false, []string{"Penerima tidak mengenal pelapor."}},
	{2, call.Answered, "", map[string]string{"receiver": "dropped", "result": "not-reached"}, false, true, []string{"Terputus sebelum sempat menyapa."}},
}, same(map[string]string{"result": "not-reached"})...)

// gamasEndings are of SOP 5.4.8.
var gamasEndings = append([]ending{
	{34, call.Answered, "", with(reporter, "data_check", confirmed, "guided", "tidak-berhasil", "status", "contacted", "reason_call", "terdampak-gamas", "solution", "info-gamas"), false, false, []string{
		"Dijelaskan ada gamas di wilayahnya dan estimasi pulih, plg menerima.",
		"Plg belum tahu ada gamas, dijelaskan penyebab dan estimasinya. Bersedia menunggu.",
	}},
	{14, call.Answered, "", with(reporter, "data_check", confirmed, "guided", "tidak-berhasil", "status", "contacted", "reason_call", "tanya-estimasi", "solution", "info-gamas"), false, false, []string{
		"Plg menanyakan jam pulih, disampaikan estimasi dan akan dikabari bila berubah.",
	}},
	{30, call.Answered, "", with(reporter, "data_check", confirmed, "guided", "berhasil", "status", "contacted", "reason_call", "sudah-normal", "solution", "normal-kembali"), false, false, []string{
		"Plg menyatakan sudah normal setelah modem dinyalakan ulang.",
		"Layanan sudah pulih, diuji bersama plg.",
	}},
	{8, call.Answered, "", with(reporter, "data_check", confirmed, "guided", "berhasil", "status", "contacted", "reason_call", "gangguan-lain", "solution", "selesai-dipandu"), false, false, []string{
		"LOS sudah padam, Wi-Fi belum muncul. Dipandu sampai bisa dipakai.",
	}},
	{3, call.Answered, "", map[string]string{"receiver": "other", "call_again_at": "{jam}"}, true, true, []string{"Diterima penjaga rumah, pelapor kembali pukul {jam}."}},
	{1, call.Answered, "", map[string]string{"receiver": "wrong-number"}, false, false, []string{"Nomor bukan milik pelanggan yang terdampak."}},
	{2, call.Answered, "", map[string]string{"receiver": "dropped", "status": "contacted", "reason_call": "terputus", "solution": "dihubungi-lagi"}, false, true, []string{"Diangkat lalu terputus."}},
}, missed(gamasMissed("tidak-diangkat"), gamasMissed("ditolak"), gamasMissed("kotak-suara"), gamasMissed("hening"))...)

func gamasMissed(reason string) map[string]string {
	return map[string]string{"status": "not-contacted", "reason_call": reason, "solution": "dihubungi-lagi"}
}

// c4Endings are of SOP 5.5.8.
var c4Endings = append([]ending{
	{50, call.Answered, "", with(reporter, "status", "contacted", "reason_1", "close"), false, false, []string{
		"Plg menyatakan normal setelah pekerjaan teknisi, sudah dicoba semalam.",
		"Kecepatan sudah sesuai paket menurut plg. Laporan disetujui selesai.",
		"Plg puas dengan hasil perbaikan, tidak ada keluhan lain.",
	}},
	{22, call.Answered, "", with(reporter, "status", "contacted", "reason_1", "open"), false, false, []string{
		"Plg menyatakan masih putus setelah perbaikan, minta teknisi kembali.",
		"Belum normal, lampu LOS masih berkedip. Perlu pekerjaan lanjutan.",
	}},
	{6, call.Answered, "", with(reporter, "status", "contacted", "reason_1", "reschedule", "call_again_at", "{jam}"), true, true, []string{
		"Plg belum sempat mencoba, minta ditelepon lagi pukul {jam}.",
	}},
	{4, call.Answered, "", with(wife, "status", "contacted", "reason_1", "close"), false, false, []string{"Istri pelapor mengonfirmasi layanan sudah normal."}},
	{4, call.Answered, "", map[string]string{"receiver": "other", "call_again_at": "{jam}"}, true, true, []string{"Diterima ibu pelapor, pelapor ada pukul {jam}."}},
	{1, call.Answered, "", map[string]string{"receiver": "wrong-number"}, false, false, []string{"Salah sambung, penerima bukan pelanggan."}},
	{2, call.Answered, "", map[string]string{"receiver": "dropped", "status": "contacted"}, false, true, []string{"Diangkat lalu diputus."}},
}, same(map[string]string{"status": "not-contacted"})...)

// forceEndings are of SOP 5.6.2 and A-26.
var forceEndings = append([]ending{
	{58, call.Answered, "", with(reporter, "report", "normal"), false, false, []string{
		"Plg menyatakan sudah normal, setuju tiket ditutup.",
		"Layanan normal sejak kunjungan terakhir, plg tidak keberatan ditutup.",
	}},
	{18, call.Answered, "", with(reporter, "report", "belum-normal"), false, false, []string{
		"Masih putus setiap hujan, plg keberatan tiket ditutup.",
		"Plg menyatakan belum ada yang datang, minta dibuka kembali.",
	}},
	{4, call.Answered, "", map[string]string{"receiver": "other", "call_again_at": "{jam}"}, true, true, []string{"Diterima anak pelapor, pelapor pulang pukul {jam}."}},
	{1, call.Answered, "", map[string]string{"receiver": "wrong-number"}, false, false, []string{"Penerima tidak pernah berlangganan."}},
	{2, call.Answered, "", map[string]string{"receiver": "dropped", "report": "not-reached"}, false, true, []string{"Terputus saat baru disapa."}},
}, same(map[string]string{"report": "not-reached"})...)

// ideasEndings are of SOP 5.8.5.
var ideasEndings = append([]ending{
	{52, call.Answered, "", with(reporter, "data_check", confirmed, "guided", "berhasil", "status", "contacted", "reason", "fcr"), false, false, []string{
		"Dipandu ganti kanal Wi-Fi dan posisi modem, plg menyatakan lebih baik.",
		"Dipandu restart dan uji dengan kabel, hasil sesuai paket. Plg berterima kasih sudah ditelepon.",
		"Keluhan lama, sudah normal. Dipandu cara lapor lewat aplikasi.",
	}},
	{18, call.Answered, "", with(reporter, "data_check", confirmed, "guided", "tidak-berhasil", "status", "contacted", "reason", "eskalasi"), false, false, []string{
		"Sudah dipandu, belum normal. Dibuatkan tiket dan plg diberi nomornya.",
	}},
	{4, call.Answered, "", map[string]string{"receiver": "other", "call_again_at": "{jam}"}, true, true, []string{"Diterima asisten rumah tangga, pelanggan pulang pukul {jam}."}},
	{1, call.Answered, "", map[string]string{"receiver": "wrong-number"}, false, false, []string{"Nomor pada daftar bukan milik pelanggan."}},
	{2, call.Answered, "", map[string]string{"receiver": "dropped", "status": "not-contacted", "reason": "rna"}, false, true, []string{"Diangkat lalu terputus sebelum menyapa."}},
}, same(map[string]string{"status": "not-contacted", "reason": "rna"})...)
