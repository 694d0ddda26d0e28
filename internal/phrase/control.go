package phrase

var controlPhrases = map[string]Text{
	"control.change":           {"{clause} {kind} {name} ({what})", "{clause} {kind} {name} ({what})"},
	"control.kind.clause":      {"klausul", "clause"},
	"control.kind.gap":         {"keputusan", "decision"},
	"control.kind.open":        {"klausul terbuka", "open clause"},
	"control.kind.application": {"aplikasi", "application"},
	"control.kind.campaign":    {"campaign", "campaign"},
	"control.kind.act":         {"tindakan", "act"},
	"control.kind.step":        {"langkah", "step"},
	"control.kind.field":       {"kolom", "field"},
	"control.kind.option":      {"pilihan", "choice"},
	"control.kind.outcome":     {"hasil", "outcome"},
	"control.what.added":       {"ditambah", "added"},
	"control.what.removed":     {"dihapus", "removed"},
	"control.what.changed":     {"diubah", "changed"},
	"control.news.title":       {"Instruksi Kerja revisi {revision} berlaku mulai {at}", "Work instruction revision {revision} in force from {at}"},
	"control.news.recalled":    {"Instruksi Kerja revisi {revision} ditarik; yang berlaku revisi {now}", "Work instruction revision {revision} recalled; revision {now} is in force"},
	"control.news.open": {
		"Tiket yang sedang Anda kerjakan selesai menurut revisi saat diambil; tiket berikutnya memakai revisi yang berlaku.",
		"The ticket in your hand ends under the revision it was taken with; the next one runs the revision in force."},
	"control.news.more": {"… dan {n} hal lain: lihat halaman Prosedur.", "... and {n} more: see the Procedure page."},
}
