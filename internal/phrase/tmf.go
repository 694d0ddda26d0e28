package phrase

// tmfPhrases are what outside systems that speak TM Forum APIs come to. {reason} is what the other side says, cleaned.
var tmfPhrases = map[string]Text{
	"tmf.no-answer":     {"Sistem luar tidak menjawab pada waktunya. Data di sapa tetap bisa dipakai; coba lagi nanti.", "The outside system did not answer in time. What sapa holds can still be used; try again later."},
	"tmf.not-reached":   {"Sistem luar tidak bisa dihubungi. Data di sapa tetap bisa dipakai; coba lagi nanti.", "The outside system could not be reached. What sapa holds can still be used; try again later."},
	"tmf.nonsense":      {"Jawaban sistem luar tidak sesuai TM Forum, jadi tidak dipakai. Beri tahu pengelolanya.", "The outside system's answer is not what TM Forum promises, so it was not used. Tell those who run it."},
	"tmf.busy":          {"Sistem luar sedang sibuk atau bermasalah ({status}). Coba lagi nanti. {reason}", "The outside system is busy or in trouble ({status}). Try again later. {reason}"},
	"tmf.sign-in":       {"Sistem luar tidak menerima akun sapa. Pengelola sapa perlu memperbaiki akunnya.", "The outside system does not accept sapa's account. Whoever runs sapa has to put it right."},
	"tmf.forbidden":     {"Akun sapa tidak diizinkan melakukan ini di sistem luar. {reason}", "sapa's account may not do this in the outside system. {reason}"},
	"tmf.missing":       {"Sistem luar tidak mengenalnya. Periksa nomornya.", "The outside system does not know it. Check the number."},
	"tmf.conflict":      {"Di sistem luar keadaannya sudah berubah. Lihat dulu, lalu ulangi bila masih perlu. {reason}", "Things have changed in the outside system. Look first, then retry if it is still needed. {reason}"},
	"tmf.refused":       {"Sistem luar menolak ({status}): {reason}", "The outside system refused ({status}): {reason}"},
	"tmf.no-way":        {"Di sistem luar tiket ini {from}, jadi tidak bisa menjadi {to}. Lihat tiketnya di sana.", "In the outside system this ticket is {from} and cannot become {to}. Look at it there."},
	"tmf.no-look-up":    {"Sistem luar memberi terlalu banyak tiket untuk memastikan tiket ini belum ada, jadi belum dibuka.", "The outside system gives too many tickets to be sure that this one is not there yet, so it was not opened."},
	"tmf.not-kept":      {"Sistem luar menerima catatan tetapi tidak menyimpannya. Dicoba lagi.", "The outside system took the entry but did not keep it. It is tried again."},
	"tmf.not-yet":       {"Tiket ini belum dibuka di sistem luar. Dicoba lagi sesudahnya.", "This ticket has not been opened in the outside system yet. It is tried again afterwards."},
	"tmf.other-service": {"Di sistem luar nomor tiket ini milik layanan lain, jadi tidak ditulisi. Periksa nomor tiketnya.", "In the outside system this ticket number belongs to another service, so nothing was written. Check the number."},
	"tmf.incomplete":    {"Datanya belum lengkap untuk sistem luar. Lengkapi, lalu ulangi.", "It is not complete enough for the outside system. Complete it, then retry."},
}
