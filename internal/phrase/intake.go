package phrase

var intakePhrases = map[string]Text{
	"intake.criterion":   {"Pilih tepat satu kriteria a sampai g (5.2.1).", "Choose exactly one criterion a to g (5.2.1)."},
	"intake.note":        {"Catatan untuk Tier 2 wajib diisi: apa keluhannya dan apa yang sudah dicoba (5.2.1).", "The note for Tier 2 is required: what the complaint is and what has been tried (5.2.1)."},
	"intake.application": {"Sebutkan aplikasi yang terganggu (5.2.1.c).", "Name the application that is down (5.2.1.c)."},
	"intake.vvip":        {"Pelanggan ini tidak tercatat VVIP. Tulis alasannya, atau pilih kriteria lain (5.2.1.e).", "This customer is not on record as VVIP. Write the reason, or choose another criterion (5.2.1.e)."},
	"intake.request":     {"Tulis permintaan khusus pelanggan (5.2.1.g).", "Write the customer's special request (5.2.1.g)."},
	"intake.short-call":  {"Kriteria f hanya untuk panggilan lebih dari 10 menit (600 detik); panggilan ini {seconds} detik. Pilih kriteria lain.", "Criterion f is only for calls of more than 10 minutes (600 seconds); this one lasted {seconds}. Choose another criterion."},
}
