package phrase

var callPhrases = map[string]Text{
	"call.live":                {"Anda masih dalam panggilan. Tutup dulu (X X), lalu telepon lagi.", "You are still in a call. Hang up first (X X), then dial again."},
	"call.signal":              {"Isyarat telepon “{kind}” tidak dikenal.", "The telephone signal “{kind}” is not known."},
	"call.line-reported":       {"Telepon sudah melaporkan sendiri hasil panggilan ini; hasilnya tidak bisa diganti. Telepon lagi bila perlu.", "The telephone itself has reported this call; its result cannot be replaced. Dial again if needed."},
	"call.line-unknown":        {"Hasil saluran “{line}” tidak dikenal. Pilih salah satu: answered, no-answer, rejected, busy, machine, silence, bad-number, unregistered, failed, unknown.", "The line result “{line}” is not known. Choose one of: answered, no-answer, rejected, busy, machine, silence, bad-number, unregistered, failed, unknown."},
	"call.seconds":             {"Lama dalam detik harus antara 0 dan 86400.", "Seconds must be between 0 and 86400."},
	"call.talk-without-answer": {"Ada waktu bicara padahal saluran “{line}”: tidak ada yang mengangkat. Perbaiki salah satunya.", "There is talk time although the line was “{line}”: nobody picked up. Put one of them right."},
	"call.started-later":       {"Waktu mulai panggilan ada di masa depan. Periksa jamnya.", "The call's start lies in the future. Check the clock."},
	"call.started-long-ago":    {"Waktu mulai panggilan lebih dari 24 jam yang lalu. Laporkan panggilan pada hari yang sama.", "The call's start is more than 24 hours ago. Report a call on its own day."},
	"call.hangup-none":         {"Tidak ada panggilan yang sedang berjalan.", "There is no call to hang up."},
	"call.no-number":           {"Tiket ini tidak punya nomor yang bisa dihubungi. Tambahkan CP lain atau pilih hasil yang sesuai.", "This ticket has no number to call. Add another contact or choose the fitting result."},

	"call.line.answered":     {"Diangkat", "Answered"},
	"call.line.no-answer":    {"Tidak diangkat", "No answer"},
	"call.line.rejected":     {"Ditolak", "Rejected"},
	"call.line.busy":         {"Sibuk", "Busy"},
	"call.line.machine":      {"Kotak suara", "Voice mail"},
	"call.line.silence":      {"Hening", "Silence"},
	"call.line.bad-number":   {"Tulalit", "Dead number"},
	"call.line.unregistered": {"Tidak terdaftar", "Not registered"},
	"call.line.failed":       {"Gagal menyambung", "Could not connect"},
	"call.line.unknown":      {"Tidak diketahui", "Not known"},
}
