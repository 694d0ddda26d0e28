package phrase

var bookingPhrases = map[string]Text{
	"booking.full":           {"Jadwal ini sudah penuh. Jadwal berikutnya yang masih kosong: {next}.", "This slot is full. The next ones with a place: {next}."},
	"booking.lapsed":         {"Waktu 5 menit sudah lewat dan tempatnya sudah diambil. Jadwal berikutnya yang masih kosong: {next}.", "The 5 minutes have passed and the place has been taken. The next slots with a place: {next}."},
	"booking.past":           {"Jadwal ini sudah lewat. Pilih jadwal yang belum dimulai.", "This slot has begun already. Choose one that has not."},
	"booking.ref":            {"Nomor tiket gangguan wajib ada, paling panjang 40 karakter.", "The trouble number is needed, at most 40 characters."},
	"booking.ref-booked":     {"Tiket {ref} sudah punya jadwal teknisi. Pindahkan jadwal itu bila perlu.", "Ticket {ref} has a technician booked already. Move that booking if needed."},
	"booking.confirmed":      {"Tempat ini sudah dipesan untuk tiket {ref}.", "This place is booked for ticket {ref} already."},
	"booking.released":       {"Tempat ini sudah dilepas. Pilih jadwal lagi.", "This place has been let go. Choose a slot again."},
	"booking.not-confirmed":  {"Hanya jadwal yang sudah dipesan yang bisa dipindah.", "Only a confirmed booking can be moved."},
	"booking.moved-twice":    {"Jadwal tiket {ref} sudah dua kali dipindah, dan itu batasnya. Lepas jadwal ini dengan alasan, lalu pesan yang baru.", "The booking of ticket {ref} has been moved twice, which is the limit. Let it go with a reason, then book anew."},
	"booking.other-sto":      {"Jadwal itu milik STO lain. Pilih jadwal STO {sto}.", "That slot belongs to another exchange. Choose one of {sto}."},
	"booking.changed":        {"Jadwal ini baru saja diubah dari tempat lain. Muat ulang, lalu coba lagi.", "This booking was changed elsewhere just now. Load it again, then retry."},
	"booking.reason":         {"Tulis alasan (3 sampai 500 karakter) mengapa jadwal teknisi dilepas.", "Write the reason (3 to 500 characters) why the booking is let go."},
	"booking.crew":           {"Nama regu paling panjang 80 karakter.", "A crew's name has at most 80 characters."},
	"booking.sto":            {"STO “{sto}” tidak dikenal: tulis tiga huruf besar, misalnya MLG.", "The exchange “{sto}” is not known: write three capital letters, for example MLG."},
	"booking.capacity":       {"Kapasitas harus antara 0 dan 1000.", "The capacity must be between 0 and 1000."},
	"booking.capacity-taken": {"Di STO {sto} sudah terisi {taken} tempat; kapasitas tidak bisa lebih kecil dari itu.", "{taken} places are taken in {sto}; the capacity cannot be less."},
	"booking.window":         {"Jadwal harus berakhir setelah mulai, paling lama 24 jam.", "A slot must end after it begins, within 24 hours."},
	"booking.zone":           {"Zona waktu “{zone}” tidak dikenal. Pakai misalnya Asia/Jakarta.", "The time zone “{zone}” is not known. Use for example Asia/Jakarta."},
}
