package phrase

var linePhrases = map[string]Text{
	"line.network":      {"“{value}” bukan nama {what} yang benar. Contoh: {example}.", "“{value}” is not a right name of the {what}. Example: {example}."},
	"line.technology":   {"Teknologi saluran harus fibre atau copper.", "The line's technology must be fibre or copper."},
	"line.realm":        {"Realm paling panjang 60 karakter tanpa spasi, misalnya telkom.net.", "A realm has at most 60 characters and no spaces, for example telkom.net."},
	"line.rule":         {"Batas daya harus antara -70 dan 20 dBm, dan batas bawah lebih kecil dari batas atas.", "The power limits must be between -70 and 20 dBm, the lower below the upper."},
	"line.rule-step":    {"Batas daya ditulis dengan paling banyak satu angka di belakang koma, misalnya -24,5.", "A power limit has at most one decimal, for example -24.5."},
	"line.rule-changed": {"Batas daya baru saja diubah orang lain. Muat ulang, lihat perubahannya, lalu ubah lagi bila masih perlu.", "Somebody else has changed the power limits just now. Load them again, see what changed, then change them if it is still needed."},
	"line.no-answer":    {"Tidak ada hasil ukur tercatat untuk saluran ini.", "No answer is recorded for this line."},

	"line.failure.unknown-line": {"Saluran ini tidak ada di data jaringan.", "The network data have no such line."},
	"line.failure.timeout":      {"Ibooster tidak menjawab dalam waktunya.", "Ibooster did not answer in time."},
	"line.failure.cut":          {"Pengukuran dihentikan sebelum ada jawaban.", "The measurement was stopped before an answer came."},
	"line.failure.crowded":      {"Terlalu banyak pengukuran sekaligus. Ukur lagi sebentar lagi.", "Too many measurements at once. Measure again in a moment."},
	"line.failure.silent":       {"Ibooster menjawab tanpa isi.", "Ibooster's answer was empty."},
	"line.failure.refused":      {"Ibooster menjawab bahwa pengukuran gagal.", "Ibooster answered that the measurement failed."},
	"line.failure.source":       {"Ibooster tidak dapat dihubungi.", "Ibooster could not be reached."},

	"line.chart.title":      {"Riwayat {days} hari", "Last {days} days"},
	"line.chart.count":      {"({n})", "({n})"},
	"line.chart.none":       {"Saluran ini belum pernah diukur dalam {days} hari terakhir.", "This line has not been measured in the last {days} days."},
	"line.chart.counts":     {"{days} hari terakhir: {all} pengukuran, {spec} dalam spek, {unspec} di luar spek, {failed} gagal.", "Last {days} days: {all} measurements, {spec} in spec, {unspec} out of spec, {failed} failed."},
	"line.chart.range":      {"Daya Rx antara {low} dan {high} dBm.", "Rx power between {low} and {high} dBm."},
	"line.chart.rule":       {"Pita: batas yang berlaku sekarang, {min} sampai {max} dBm.", "Band: the limits in force now, {min} to {max} dBm."},
	"line.chart.other-rule": {"dinilai dengan batas {min} sampai {max} dBm", "judged by {min} to {max} dBm"},
	"line.chart.doubt":      {"nilai mustahil tidak dipakai: {fields}", "impossible values left out: {fields}"},
	"line.chart.more":       {"Yang ditampilkan {n} pengukuran terbaru.", "The newest {n} measurements are shown."},
	"line.chart.table":      {"Semua pengukuran {days} hari terakhir", "All measurements of the last {days} days"},
	"line.chart.when":       {"Waktu", "Time"},
	"line.chart.verdict":    {"Hasil", "Result"},

	"line.verdict.spec":   {"Dalam spek", "In spec"},
	"line.verdict.unspec": {"Di luar spek", "Out of spec"},
	"line.verdict.failed": {"Gagal diukur", "Not measured"},
	"line.class.logic":    {"Logic", "Logic"},
	"line.class.fisik":    {"Fisik", "Physical"},
	"line.class.admin":    {"Admin", "Administrative"},
}
