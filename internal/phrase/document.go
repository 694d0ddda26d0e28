package phrase

var documentPhrases = map[string]Text{
	"document.none-in-force": {"Tidak ada revisi {document} yang berlaku saat ini.", "No revision of {document} is in force now."},
	"document.no-revision":   {"Revisi {revision} dari {document} tidak ada.", "There is no revision {revision} of {document}."},
	"document.notice-title":  {"Judul pengumuman wajib diisi, paling panjang 200 karakter.", "A notice needs a title of at most 200 characters."},
	"document.notice-body":   {"Isi pengumuman paling panjang 4000 karakter.", "A notice has at most 4000 characters."},
	"document.notice-until":  {"Batas berlaku pengumuman harus di masa depan.", "A notice must last into the future."},
	"document.no-notice":     {"Pengumuman ini tidak ada lagi.", "This notice is not there any more."},
}
