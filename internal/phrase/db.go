package phrase

var dbPhrases = map[string]Text{
	"db.no-row":      {"Data ini tidak ada, atau bukan bagian Anda.", "There is no such thing, or it is not yours."},
	"db.key-form":    {"Sertakan Idempotency-Key, 1 sampai 200 karakter: satu kunci untuk satu perbuatan.", "Send an Idempotency-Key of 1 to 200 characters: one key for one act."},
	"db.key-reused":  {"Kunci ini sudah dipakai untuk isi yang lain. Pakai kunci baru.", "This key was used for another body already. Use a new key."},
	"db.busy":        {"Penyimpanan sedang sibuk. Coba lagi sebentar; belum ada yang berubah.", "The store is busy. Try again in a moment; nothing has changed."},
	"db.read-only":   {"Penyimpanan hanya bisa dibaca sekarang (disk penuh atau rusak). Isian Anda tetap ada di layar; hubungi administrator.", "The store can only be read now (disk full or broken). What you typed stays on the screen; tell the administrator."},
	"db.unreachable": {"Basis data tidak terjangkau. Belum ada yang berubah; coba lagi sebentar.", "The database cannot be reached. Nothing has changed; try again in a moment."},
	"db.closed":      {"sapa sedang berhenti. Coba lagi setelah dinyalakan kembali.", "sapa is stopping. Try again once it is back."},
	"db.exists":      {"Data ini sudah ada.", "This is there already."},
	"db.rule":        {"Isian ini melanggar aturan penyimpanan.", "These values break a rule of the store."},
}
