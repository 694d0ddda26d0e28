package phrase

var deskPhrases = map[string]Text{
	"desk.in-call":             {"Panggilan masih berjalan. Tutup dulu (X X), lalu simpan hasilnya.", "The call is still going on. Hang up first (X X), then save its result."},
	"desk.read-first":          {"Baca catatan tiket sampai selesai dahulu; tombol telepon terbuka setelah itu.", "Read the ticket's note in full first; the dial key opens after that."},
	"desk.outside-hours":       {"Sekarang di luar jam telepon {hours} {zone} pelanggan. Jadwalkan ulang atau lepaskan tiket ini.", "It is outside the customer's calling hours {hours} {zone} now. Reschedule or release this ticket."},
	"desk.say-line":            {"Katakan dulu apa yang terjadi di saluran (diangkat, tidak diangkat, ditolak, dan seterusnya).", "Say first what the line did (answered, no answer, rejected and so on)."},
	"desk.draft-stale":         {"Isian ini sudah diubah di jendela lain. Layar dimuat ulang dengan isian terbaru.", "These answers were changed in another window. The screen reloads with the latest ones."},
	"desk.ticket-no":           {"Nomor tiket “{number}” tidak sesuai. Bentuknya IN atau INC diikuti 6 sampai 9 angka, misalnya IN00000000.", "Ticket number “{number}” does not fit. Its form is IN or INC followed by 6 to 9 digits, like IN00000000."},
	"desk.time-unreadable":     {"Waktu “{time}” tidak terbaca. Tulis jamnya, misalnya 15.00, atau tanggal dan jam.", "The time “{time}” cannot be read. Write an hour like 15:00, or a date and an hour."},
	"desk.time-past":           {"{time} {zone} sudah lewat. Pilih {first_clock} atau {second_clock}.", "{time} {zone} has passed. Choose {first_clock} or {second_clock}."},
	"desk.time-far":            {"Janji paling jauh 30 hari ke depan. Pilih {first_clock} atau {second_clock}.", "A promise lies at most 30 days ahead. Choose {first_clock} or {second_clock}."},
	"desk.time-outside-hours":  {"{time} {zone} di luar jam telepon {hours}. Pilih {first_clock} atau {second_clock}.", "{time} {zone} is outside calling hours {hours}. Choose {first_clock} or {second_clock}."},
	"desk.slot-agree":          {"Bacakan jadwalnya dan tandai “Pelanggan setuju” (Y) sebelum Submit.", "Read the slot out and mark “The customer agrees” (Y) before Submit."},
	"desk.slot":                {"Jadwal ini tidak ada atau sudah lewat. Pilih jadwal lain dari daftar.", "This slot does not exist or has passed. Choose another one from the list."},
	"desk.service-unknown":     {"Nomor layanan {number} tidak ditemukan, jadi tiket belum bisa dibuat. Cocokkan nomornya dengan pelanggan.", "Service number {number} was not found, so no ticket can be opened. Check the number with the customer."},
	"desk.email":               {"Alamat email ini tidak lengkap. Bentuknya nama@domain.id; kosongkan bila pelapor tidak punya.", "This e-mail address is not complete. Its form is name@domain.id; leave it empty when the reporter has none."},
	"desk.mobile":              {"Nomor HP pelapor tidak sesuai. Tulis nomor yang dimulai 08 atau +628.", "The reporter's mobile number does not fit. Write one that begins with 08 or +628."},
	"desk.not-the-open-report": {"Tiket {number} bukan laporan yang sedang terbuka untuk layanan ini. Pakai nomor yang terbuka {open}, atau pilih status lain.", "Ticket {number} is not the report that is open for this service. Use the open number {open}, or choose another status."},
	"desk.no-such-trouble":     {"Tiket {number} tidak ada di My CX atau Nossa. Buat tiketnya dahulu (T), nomornya terisi sendiri.", "Ticket {number} is neither in My CX nor in Nossa. Open it first (T); its number is filled in then."},
	"desk.undo-late":           {"Waktu batal 8 detik sudah lewat. Buka hasilnya dan buat koreksi dengan alasan.", "The 8 seconds for undoing have passed. Open the result and make a correction with a reason."},
	"desk.undo-dialled":        {"Panggilan berikutnya sudah dimulai, jadi hasil sebelumnya tidak bisa dibatalkan. Buat koreksi dengan alasan.", "The next call has begun, so the result before it cannot be undone. Make a correction with a reason."},
	"desk.form-letter":         {"Kepada {name}: form Ideas {batch}, versi {version}, dari {agent}, {rows} baris. Unduh CSV atau XLSX-nya di sapa, lalu lampirkan.", "To {name}: Ideas form {batch}, version {version}, from {agent}, {rows} rows. Download its CSV or XLSX in sapa and attach it."},
}
