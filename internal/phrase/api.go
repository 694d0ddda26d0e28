package phrase

var apiPhrases = map[string]Text{
	"api.title.invalid":    {"Isi tidak sesuai aturan", "The input breaks a rule"},
	"api.title.missing":    {"Tidak ada", "Not there"},
	"api.title.conflict":   {"Sudah berubah", "It has changed meanwhile"},
	"api.title.forbidden":  {"Tidak boleh", "Not allowed"},
	"api.title.busy":       {"Sedang sibuk", "Busy"},
	"api.title.signed-out": {"Belum masuk", "Not signed in"},
	"api.title.defect":     {"Kesalahan di sapa", "A fault in sapa"},
	"api.defect": {
		"Ada kesalahan di sapa sendiri; sudah tercatat. Ulangi dengan Idempotency-Key yang sama; bila tetap gagal, hubungi administrator.",
		"Something is wrong in sapa itself; it has been logged. Repeat it with the same Idempotency-Key; if it fails again, tell the administrator."},
	"api.not-ready": {
		"Penyimpanan sedang tidak dapat ditulisi. Membaca tetap bisa; coba lagi sebentar lagi.",
		"The store cannot be written right now. Reading still works; try again in a moment."},
	"api.path": {
		"Alamat ini tidak ada. Lihat /api/openapi.yaml.",
		"There is nothing at this address. See /api/openapi.yaml."},
	"api.method": {
		"Metode {method} tidak berlaku di sini. Yang berlaku: {allowed}.",
		"The method {method} does not work here. These do: {allowed}."},
	"api.key": {
		"Setiap panggilan yang mengubah sesuatu perlu satu kepala Idempotency-Key: 1 sampai 200 karakter ASCII, baru untuk setiap perbuatan.",
		"Every call that changes something needs one Idempotency-Key header: 1 to 200 ASCII characters, a new one for each act."},
	"api.media": {
		"Isi harus JSON. Kirim dengan Content-Type: application/json.",
		"The body has to be JSON. Send it with Content-Type: application/json."},
	"api.too-large": {
		"Isi terlalu besar: paling banyak {max} bita. Kirim lebih sedikit.",
		"The body is too large: at most {max} bytes. Send less."},
	"api.cut": {
		"Isi terputus sebelum lengkap. Ulangi dengan Idempotency-Key yang sama.",
		"The body broke off before its end. Repeat the call with the same Idempotency-Key."},
	"api.json-broken": {
		"JSON rusak di baris {line} kolom {column}. Perbaiki di sana.",
		"The JSON is broken at line {line}, column {column}. Correct it there."},
	"api.json-trailing": {
		"Ada sisa setelah objek JSON, di baris {line} kolom {column}. Kirim satu objek saja.",
		"There is something after the JSON object, at line {line}, column {column}. Send one object only."},
	"api.json-deep": {
		"JSON bersarang lebih dari 64 tingkat di baris {line} kolom {column}. Ratakan isinya.",
		"The JSON is nested more than 64 levels deep at line {line}, column {column}. Flatten it."},
	"api.json-twice": {
		"Kunci {path} ada dua kali, yang kedua di baris {line} kolom {column}. Hapus salah satu.",
		"The key {path} is there twice, the second at line {line}, column {column}. Remove one."},
	"api.json-utf8": {
		"Teks bukan UTF-8 yang sah di baris {line} kolom {column}. Kirim sebagai UTF-8.",
		"The text is not valid UTF-8 at line {line}, column {column}. Send it as UTF-8."},
	"api.json-nul": {
		"Karakter NUL di baris {line} kolom {column}. Hapus karakter itu.",
		"There is a NUL character at line {line}, column {column}. Remove it."},
	"api.type": {
		"{path} di baris {line} kolom {column} harus berjenis {want}, bukan {got}. Ubah jenisnya.",
		"{path} at line {line}, column {column} has to be of type {want}, not {got}. Change its type."},
	"api.unknown-field": {
		"Kolom {path} di baris {line} kolom {column} tidak dikenal. Periksa ejaannya atau hapus.",
		"The field {path} at line {line}, column {column} is not known. Check its spelling or remove it."},
	"api.needed": {
		"Kolom {path} wajib diisi.",
		"The field {path} has to be given."},
	"api.too-long": {
		"{path} terlalu panjang: paling banyak {max} karakter. Perpendek.",
		"{path} is too long: at most {max} characters. Shorten it."},
	"api.too-many": {
		"{path} terlalu banyak: paling banyak {max}. Kirim lebih sedikit.",
		"{path} has too many: at most {max}. Send fewer."},
	"api.number": {
		"{path} harus bilangan bulat {min} sampai {max}. Perbaiki angkanya.",
		"{path} has to be a whole number from {min} to {max}. Correct it."},
	"api.time": {
		"{path} harus waktu RFC 3339 dengan offset, misalnya 2026-11-24T15:00:00+07:00.",
		"{path} has to be an RFC 3339 time with its offset, for example 2026-11-24T15:00:00+07:00."},
	"api.no-ticket": {
		"Tiket itu tidak ada, atau bukan untuk Anda. Periksa nomornya.",
		"There is no such ticket, or it is not yours to see. Check its id."},
	"api.no-promise": {
		"Tugas itu tidak ada, atau bukan untuk Anda. Periksa nomornya.",
		"There is no such task, or it is not yours to see. Check its id."},
	"api.no-recommendation": {
		"Permintaan rekomendasi itu tidak ada. Periksa nomornya.",
		"There is no such request for a recommendation. Check its id."},
	"api.no-agent": {
		"Agent itu tidak ada, atau bukan dari tim Anda. Periksa nomornya.",
		"There is no such agent, or they are not of your team. Check the id."},
	"api.no-slot": {
		"Jadwal teknisi itu tidak ada. Lihat GET /slots untuk yang ada.",
		"There is no such slot. See GET /slots for those there are."},
	"api.no-hold": {
		"Tempat itu tidak ada, atau dipegang orang lain. Periksa nomornya.",
		"There is no such place, or somebody else holds it. Check its id."},
	"api.id": {
		"{path} bukan nomor yang diberikan sapa. Kirim persis seperti yang diterima.",
		"{path} is no id that sapa has given. Send it exactly as it came."},
	"api.decimal": {
		"{path} bukan bilangan yang bisa dibaca. Perbaiki angkanya.",
		"{path} is not a number that can be read. Correct it."},
	"api.decision": {
		"Keputusan ditulis granted (direkomendasikan) atau refused (tidak).",
		"A decision is granted or refused."},
	"api.ref-taken": {
		"Ref itu sudah dipakai tiket lain di campaign ini. Pakai ref lain.",
		"That ref is taken by another ticket of this campaign. Use another one."},
	"api.nothing-to-undo": {
		"Tidak ada hasil Anda pada tiket ini yang bisa dibatalkan.",
		"There is no result of yours on this ticket to undo."},
	"api.kind": {
		"Jenis \"{kind}\" belum bisa dicari. Hapus dari kinds.",
		"The kind \"{kind}\" cannot be searched. Remove it from kinds."},
	"api.query": {
		"Parameter {name} tidak benar. Lihat /api/openapi.yaml untuk nilai yang berlaku.",
		"The parameter {name} is not right. See /api/openapi.yaml for the values it takes."},
}
