package phrase

var courierPhrases = map[string]Text{
	"courier.subject": {"Kabar dari sapa {site}", "News from sapa {site}"},
	"courier.sign": {
		"--\nsapa {site}. Surat ini dikirim otomatis; balasan tidak dibaca.",
		"--\nsapa {site}. This letter was sent automatically; answers are not read."},
	"courier.form.subject": {"Form laporan Ideas: {batch}, {agent}, versi {version}", "Ideas report form: {batch}, {agent}, version {version}"},
	"courier.form.text": {
		"Yth. {name},\n\nterlampir form laporan Ideas “{batch}” dari {agent} ({login}), versi {version}: {rows} baris, yaitu {fcr} FCR, {eskalasi} Eskalasi dan {rna} RNA.\n\nForm ini dikirim {sent} dan sejak itu tidak bisa diubah. Baris yang menyusul datang sebagai versi berikutnya, tanpa mengulang baris yang sudah ada di sini.\n\nSidik digital (SHA-256): {digest}",
		"Dear {name},\n\nattached is the Ideas report form “{batch}” of {agent} ({login}), version {version}: {rows} rows, of which {fcr} FCR, {eskalasi} Eskalasi and {rna} RNA.\n\nIt was sent {sent} and cannot be changed since. Rows that come later make the next version, without the rows of this one.\n\nFingerprint (SHA-256): {digest}"},
	"courier.deal.subject": {"Tiket Ideas untuk Anda: {batch}, {count} tiket", "Ideas tickets for you: {batch}, {count} tickets"},
	"courier.deal.text": {
		"Halo {name},\n\nAnda mendapat {count} tiket Ideas dari “{batch}”:\n\n{list}\n\nTiketnya sudah ada di antrean Anda di sapa. Isi form lewat sapa, lalu kirim ke TL dari sana.",
		"Hello {name},\n\nyou have been given {count} Ideas tickets of “{batch}”:\n\n{list}\n\nThey are in your queue in sapa. Fill in the form there and send it to your team leader from there."},
	"courier.deal.due":        {"Batas waktu pengiriman form: {due}.", "The form is due {due}."},
	"courier.no-address":      {"{name} belum punya alamat e-mail. Isi dengan `sapa staff email`, lalu ulangi.", "{name} has no e-mail address yet. Set it with `sapa staff email`, then retry."},
	"courier.address":         {"Alamat e-mail penerima tidak benar. Perbaiki alamatnya, lalu ulangi.", "The receiver's e-mail address is not right. Correct it, then retry."},
	"courier.header":          {"Judul surat atau nama penerima berisi pindah baris atau karakter kendali, jadi tidak dikirim.", "The subject or the receiver's name holds a line break or a control character, so it was not sent."},
	"courier.file-name":       {"Nama lampiran berisi karakter yang tidak diizinkan, jadi surat tidak dikirim.", "The name of an attachment holds characters that are not allowed, so the letter was not sent."},
	"courier.payload":         {"Tugas kirim ini tidak menyebut form atau daftar yang ada. Lepas tugasnya.", "This task names no form or list. Let it go."},
	"courier.nothing-dealt":   {"Semua tiketnya sudah dibagikan kepada orang lain. Lepas tugas ini.", "All its tickets have been dealt to others. Let this task go."},
	"courier.no-answer":       {"Server e-mail tidak menjawab pada waktunya.", "The mail server did not answer in time."},
	"courier.not-reached":     {"Server e-mail tidak bisa dihubungi: {said}", "The mail server could not be reached: {said}"},
	"courier.cut":             {"Sambungan ke server e-mail putus: {said}", "The connection to the mail server was cut: {said}"},
	"courier.no-state":        {"Tugas ini tidak menyebut status TMF621 yang diminta. Kerjakan sendiri di aplikasinya, lalu tandai selesai.", "This task does not say which TMF621 state is wanted. Do it in the application, then mark it done."},
	"courier.order-cancel":    {"Permintaan {no} dibatalkan. Batalkan order {outside} sendiri di aplikasinya, lalu tandai tugas ini selesai.", "Request {no} was cancelled. Cancel order {outside} in its application yourself, then mark this task done."},
	"courier.order-cancelled": {"Permintaan {no} dibatalkan sebelum diorder ke luar. Lepas tugas ini.", "Request {no} was cancelled before it was ordered outside. Let this task go."},
	"courier.no-order":        {"Sistem luar ini hanya menerima order registrasi. Kerjakan sendiri di aplikasinya, lalu tandai selesai.", "This outside system takes registration orders only. Do it in the application, then mark it done."},
	"courier.no-number":       {"Tugas ini tidak menyebut nomor tiket gangguan. Kerjakan sendiri di aplikasinya, lalu tandai selesai.", "This task names no trouble ticket. Do it in the application, then mark it done."},
	"courier.errand-late":     {"Sistem luar tidak selesai pada waktunya.", "The outside system did not finish in time."},
	"courier.errand-failed":   {"Pengiriman ke sistem luar gagal. Sebabnya ada di log.", "Bringing it to the outside system failed. The log says why."},
	"courier.said":            {"Server e-mail menolak: {said}", "The mail server refused: {said}"},
}
