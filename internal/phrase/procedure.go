package phrase

var procedurePhrases = map[string]Text{
	"procedure.unknown-field":    {"Kolom “{name}” tidak ada dalam prosedur ini.", "There is no field “{name}” in this procedure."},
	"procedure.not-asked":        {"“{label}” tidak ditanyakan pada langkah ini; kosongkan atau ubah pilihan sebelumnya.", "“{label}” is not asked here; leave it empty or change the choices before it."},
	"procedure.not-on-offer":     {"“{option}” tidak tersedia pada {label} dengan pilihan sebelumnya. Pilih salah satu yang tersedia.", "“{option}” is not on offer for {label} after the choices before it. Choose one that is."},
	"procedure.no-such-option":   {"“{value}” bukan pilihan pada {label}. Pilih salah satu yang tersedia.", "“{value}” is not a choice of {label}. Choose one that is on offer."},
	"procedure.line-contradicts": {"“{option}” bertentangan dengan hasil saluran telepon. Pilih yang sesuai, atau telepon lagi.", "“{option}” contradicts what the line said. Choose the one that fits, or dial again."},
	"procedure.needs-call":       {"“{option}” memerlukan panggilan, dan belum ada panggilan pada giliran ini. Telepon dahulu.", "“{option}” needs a call, and there has been none in this turn. Dial first."},
	"procedure.line-failed":      {"Panggilan gagal atau hasilnya tidak diketahui, jadi “{option}” tidak bisa dipilih. Telepon lagi atau lepaskan tiket.", "The call failed or its result is not known, so “{option}” cannot be chosen. Dial again or release the ticket."},
	"procedure.missing":          {"“{label}” wajib diisi. Isi dahulu, lalu simpan lagi.", "“{label}” is required. Fill it in, then save again."},
	"procedure.not-a-number":     {"“{value}” pada {label} bukan angka. Tulis dengan angka saja.", "“{value}” in {label} is not a number. Write digits only."},
	"procedure.not-a-time":       {"“{value}” pada {label} bukan waktu. Tulis tanggal dan jam.", "“{value}” in {label} is not a time. Write the date and the hour."},
	"procedure.long":             {"“{label}” paling panjang {max} karakter. Persingkat isinya.", "“{label}” has at most {max} characters. Shorten it."},
	"procedure.unreadable":       {"“{label}” berisi tanda yang tidak bisa disimpan. Ketik ulang.", "“{label}” holds characters that cannot be stored. Type it again."},
	"procedure.no-outcome":       {"Jawaban ini belum menghasilkan apa pun. Lengkapi hasil panggilan.", "These answers come to no outcome yet. Complete the call result."},
}
