package phrase

var documentPhrases = map[string]Text{
	"document.none-in-force": {"Tidak ada revisi {document} yang berlaku saat ini.", "No revision of {document} is in force now."},
	"document.no-revision":   {"Revisi {revision} dari {document} tidak ada.", "There is no revision {revision} of {document}."},
	"document.notice-title":  {"Judul pengumuman wajib diisi, paling panjang 200 karakter.", "A notice needs a title of at most 200 characters."},
	"document.notice-body":   {"Isi pengumuman paling panjang 4000 karakter.", "A notice has at most 4000 characters."},
	"document.notice-until":  {"Batas berlaku pengumuman harus di masa depan.", "A notice must last into the future."},
	"document.no-draft":      {"Tidak ada draf untuk {document}. Mulai satu dari revisi yang berlaku.", "There is no draft of {document}. Begin one from the revision in force."},
	"document.draft-there":   {"Draf untuk {document} sudah ada. Lanjutkan yang itu, atau buang dulu.", "{document} has a draft already. Go on with that one, or discard it first."},
	"document.draft-stale":   {"Draf {document} baru saja diubah orang lain atau di jendela lain. Muat ulang, lalu coba lagi.", "The draft of {document} was changed by somebody else or in another window just now. Load it again, then retry."},
	"document.export-there":  {"Folder {folder} sudah berisi. Pilih folder baru atau kosongkan dulu.", "The folder {folder} holds something already. Choose a new one, or empty it first."},
	"document.import-empty":  {"Di {folder} tidak ada document.yaml. Berikan folder satu revisi, seperti yang dibuat export.", "There is no document.yaml in {folder}. Give the folder of one revision, as export makes it."},
	"document.no-store":      {"Di {folder} belum ada data sapa. Berikan folder yang dipakai serve.", "There is no sapa data in {folder}. Give the folder that serve uses."},
	"document.draft-large":   {"Semua berkas draf bersama paling besar {max} MB.", "All files of a draft together have at most {max} MB."},
	"document.no-notice":     {"Pengumuman ini tidak ada lagi.", "This notice is not there any more."},
}
