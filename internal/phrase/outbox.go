package phrase

var outboxPhrases = map[string]Text{
	"outbox.has-left":       {"Hasil sudah ditulis ke {app}, jadi tidak bisa dibatalkan. Buka hasilnya dan buat koreksi dengan alasan.", "The result has been written to {app} already, so it cannot be undone. Open it and make a correction with a reason."},
	"outbox.payload":        {"Isi tugas ini tidak bisa dibaca. Kerjakan sendiri di aplikasinya, lalu tandai selesai.", "What this task holds cannot be read. Do it in the application, then mark it done."},
	"outbox.reference-long": {"Nomor rujukan paling panjang 200 karakter.", "A reference has at most 200 characters."},
	"outbox.settled":        {"Tugas ini sudah berstatus “{state}”. Muat ulang daftarnya.", "This task is already “{state}”. Load the list again."},
	"outbox.held":           {"Tugas ini baru bisa dikerjakan setelah waktu batal 8 detik lewat.", "This task can be done once the 8 seconds for undoing have passed."},
	"outbox.brought":        {"Sapa sendiri yang membawanya ke {app}, sekali. Jika gagal untuk seterusnya, tugas ini kembali kepada Anda.", "Sapa brings this to {app} itself, once. Should that fail for good, the task comes back to you."},
	"outbox.sending":        {"Sapa sedang mengirimnya. Tunggu sebentar, lalu muat ulang daftarnya.", "Sapa is sending it just now. Wait a moment, then load the list again."},
	"outbox.lease-lost":     {"Tugas ini sudah diambil pengirim lain atau diselesaikan orang.", "Another courier has taken this task, or somebody has settled it."},
	"outbox.earlier-first":  {"Masih ada {count} tugas lebih awal untuk tiket ini ke aplikasi yang sama. Selesaikan yang itu dahulu.", "There are {count} earlier tasks of this ticket for the same application. Do those first."},
	"outbox.reason":         {"Tulis alasan (3 sampai 500 karakter) mengapa tugas ini dilepas.", "Write the reason (3 to 500 characters) why this task is let go."},
	"outbox.not-failed":     {"Hanya tugas yang gagal bisa diulang; yang ini berstatus “{state}”.", "Only a failed task can be retried; this one is “{state}”."},
}
