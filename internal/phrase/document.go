package phrase

var documentPhrases = map[string]Text{
	"document.none-in-force":   {"Tidak ada revisi {document} yang berlaku saat ini.", "No revision of {document} is in force now."},
	"document.no-revision":     {"Revisi {revision} dari {document} tidak ada.", "There is no revision {revision} of {document}."},
	"document.notice-title":    {"Judul pengumuman wajib diisi, paling panjang 200 karakter.", "A notice needs a title of at most 200 characters."},
	"document.notice-body":     {"Isi pengumuman paling panjang 4000 karakter.", "A notice has at most 4000 characters."},
	"document.notice-until":    {"Batas berlaku pengumuman harus di masa depan.", "A notice must last into the future."},
	"document.no-draft":        {"Tidak ada draf untuk {document}. Mulai satu dari revisi yang berlaku.", "There is no draft of {document}. Begin one from the revision in force."},
	"document.draft-there":     {"Draf untuk {document} sudah ada. Lanjutkan yang itu, atau buang dulu.", "{document} has a draft already. Go on with that one, or discard it first."},
	"document.draft-stale":     {"Draf {document} baru saja diubah orang lain atau di jendela lain. Muat ulang, lalu coba lagi.", "The draft of {document} was changed by somebody else or in another window just now. Load it again, then retry."},
	"document.draft-large":     {"Semua berkas draf bersama paling besar {max} MB.", "All files of a draft together have at most {max} MB."},
	"document.comment":         {"Komentar wajib diisi, paling panjang {max} karakter.", "A comment needs words, at most {max} characters."},
	"document.comment-clause":  {"Komentar harus menyebut klausulnya. Buka klausul itu, lalu tulis di sampingnya.", "A comment needs its clause. Open the clause and write beside it."},
	"document.comment-settled": {"Komentar ini sudah diselesaikan.", "This comment has been settled already."},
	"document.no-comment":      {"Komentar ini tidak ada pada draf yang sekarang.", "The draft of now has no such comment."},
	"document.no-past":         {"Tidak ada perubahan draf {document} yang bisa dibatalkan.", "There is no change of the draft of {document} to take back."},
	"document.no-notice":       {"Pengumuman ini tidak ada lagi.", "This notice is not there any more."},
}
