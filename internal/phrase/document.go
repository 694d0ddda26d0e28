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
	"document.draft-large":   {"Semua berkas draf bersama paling besar {max} MB.", "All files of a draft together have at most {max} MB."},
	"document.no-notice":     {"Pengumuman ini tidak ada lagi.", "This notice is not there any more."},
	"document.part.prepared": {"Dibuat", "Prepared"},
	"document.part.reviewed": {"Diperiksa", "Reviewed"},
	"document.part.approved": {"Disetujui", "Approved"},
	"document.sign-role": {
		"{part} tidak bisa ditandatangani oleh {role}. Dibuat: document controller; Diperiksa: pemeriksa dokumen; Disetujui: QMR.",
		"{role} can't sign {part}. Prepared: the document controller; Reviewed: the checker; Approved: the approver."},
	"document.sign-order": {
		"{part} belum atau sudah tidak giliran ditandatangani; giliran sekarang: {next}. Muat ulang halaman.",
		"It is not the turn of {part} any more, or not yet; whose turn it is: {next}. Load the page again."},
	"document.sign-twice": {
		"Anda sudah menandatangani {earlier} pada revisi ini. {part} harus oleh orang lain.",
		"You have signed {earlier} on this revision. {part} has to be by somebody else."},
	"document.sign-content": {
		"Isi draf bukan lagi yang Anda baca: sidiknya sudah lain. Muat ulang, baca, lalu tandatangani yang baru.",
		"The draft is not what you have read any more: its digest is another one. Load it again, read it, then sign the new one."},
	"document.sign-problems": {
		"Draf belum bisa ditandatangani: {n} kesalahan, yang pertama {first}. Perbaiki di draf.",
		"The draft can't be signed yet: {n} problems, the first is {first}. Put them right in the draft."},
	"document.sign-findings": {
		"Draf belum bisa ditandatangani: {n} catatan konsistensi belum diputuskan, yang pertama {class} pada {clause} ({where}). Perbaiki, atau catat keputusannya.",
		"The draft can't be signed yet: {n} consistency findings are undecided, the first is {class} at {clause} ({where}). Mend it, or record the decision."},
	"document.title": {
		"Halaman judul tidak sama dengan yang akan berlaku: {what}. Simpan lagi waktu berlakunya ({date}), maka sapa menuliskannya.",
		"The title block does not say what will be in force: {what}. Save the effective moment again ({date}), and sapa writes it."},
	"document.title.code":           {"kode dokumen", "the document's code"},
	"document.title.revision":       {"nomor revisi", "the revision's number"},
	"document.title.effective":      {"tanggal berlaku", "the effective date"},
	"document.title.signature":      {"jabatan penanda tangan tidak lengkap", "a signing position is missing"},
	"document.title.signature-days": {"tanggal di samping tanda tangan, yang diisi sapa sendiri", "days beside the signatures, which are sapa's own"},
	"document.title.history":        {"catatan perubahan belum punya baris untuk revisi ini", "the change history has no row for this revision"},
	"document.title.history-day":    {"tanggal pada catatan perubahan", "the day in the change history"},
	"document.title.effective-text": {"teks Tanggal Berlaku", "the text of the effective date"},
	"document.title.revision-text":  {"teks Revisi", "the text of the revision"},
	"document.effective-past": {
		"Waktu berlaku sudah lewat. Pilih waktu sesudah persetujuan, atau berlaku begitu disetujui.",
		"The effective moment has passed. Choose one after the approval, or as soon as approved."},
	"document.effective-order": {
		"Revisi {revision} baru berlaku sesudah waktu ini dan akan menggantikan yang lebih baru. Pilih waktu sesudahnya, atau tarik revisi {revision} dulu.",
		"Revision {revision} takes effect after this moment and would supersede the newer one. Choose a later moment, or recall revision {revision} first."},
	"document.number-used": {
		"Nomor revisi {revision} sudah terpakai. Buang draf ini dan mulai yang baru; nomornya diberi sapa.",
		"The number {revision} is used. Discard this draft and begin a new one; sapa gives it its number."},
	"document.summary": {
		"Tulis apa yang berubah, untuk catatan perubahan dokumen.",
		"Say what changed, for the document's change history."},
	"document.reason":      {"Tulis alasannya.", "Say why."},
	"document.reason-long": {"Teks ini paling panjang {max} karakter.", "This text has at most {max} characters."},
	"document.not-signed": {
		"Draf {document} belum ditandatangani siapa pun, jadi tidak ada yang bisa ditarik.",
		"Nobody has signed the draft of {document}, so there is nothing to take back."},
	"document.not-yours": {
		"Tanda tangan hanya bisa ditarik oleh yang sudah menandatangani, atau dikembalikan oleh yang sedang bergiliran; Anda masuk sebagai {role}.",
		"Signatures are withdrawn by who has signed, or the draft is returned by whose turn it is; you are signed in as {role}."},
	"document.recalled": {
		"Revisi {revision} sudah ditarik.",
		"Revision {revision} has been recalled already."},
	"document.recall-person": {
		"Penarikan harus atas nama orang. Masuk dengan login sendiri.",
		"A recall needs a person's name under it. Sign in with a login of your own."},
	"document.last-in-force": {
		"Revisi {revision} tidak bisa ditarik: tanpa itu tidak ada revisi yang berlaku. Sahkan penggantinya dulu.",
		"Revision {revision} can't be recalled: without it no revision would be in force. Publish another first."},
	"document.copy-type": {
		"Jenis salinan harus MASTER atau CONTROLLED.",
		"A copy is MASTER or CONTROLLED."},
	"document.copy-holder": {
		"Pemegang salinan wajib diisi, paling panjang 60 karakter.",
		"A copy needs a holder of at most 60 characters."},
	"document.copy-there": {
		"Salinan {type} untuk {holder} sudah ada, atau dokumen ini sudah punya MASTER. Akhiri yang lama dulu.",
		"There is a {type} copy for {holder} already, or the document has its MASTER. End the old one first."},
	"document.copy-none": {
		"Salinan itu tidak ada lagi. Muat ulang daftar distribusi.",
		"That copy is not there any more. Load the distribution list again."},
}
