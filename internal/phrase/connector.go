package phrase

var connectorPhrases = map[string]Text{
	"connector.kind-later": {"Konektor {kind} belum dibangun di versi ini.", "A {kind} connector is not built in this version."},

	"connector.file.at":              {"{file}, baris {line}: {what}", "{file}, line {line}: {what}"},
	"connector.file.size":            {"Berkas konektor paling besar {max} byte.", "A file of connectors has at most {max} bytes."},
	"connector.file.yaml":            {"Bukan YAML yang benar: {cause}", "Not proper YAML: {cause}"},
	"connector.file.second-document": {"Satu berkas berisi satu dokumen saja.", "A file holds one document only."},
	"connector.file.nodes":           {"Berkas konektor paling banyak berisi {max} nilai.", "A file of connectors holds at most {max} values."},
	"connector.file.alias":           {"Jangan pakai & dan * di sini.", "Do not use & and * here."},
	"connector.file.double-key":      {"{key} ditulis dua kali.", "{key} is written twice."},
	"connector.file.unknown-key":     {"{key} tidak dikenal. Yang dikenal: {known}.", "{key} is not known. Known are: {known}."},
	"connector.file.kind":            {"Di sini harus ada {what}.", "This must be {what}."},
	"connector.file.missing":         {"{key} belum diisi.", "{key} is missing."},
	"connector.file.many":            {"Paling banyak {max} konektor.", "At most {max} connectors."},
	"connector.file.twice":           {"Konektor {id} ada dua kali.", "The connector {id} is there twice."},
	"connector.file.kind-unknown":    {"kind {kind} tidak dikenal. Yang dikenal: {known}.", "The kind {kind} is not known. Known are: {known}."},
	"connector.file.application":     {"{application} bukan aplikasi bagian 5.1. Yang ada: {known}.", "{application} is no application of 5.1. There are: {known}."},
	"connector.file.method":          {"probe memakai GET atau HEAD.", "A probe uses GET or HEAD."},
	"connector.file.slow":            {"slow_after harus lebih pendek daripada timeouts.whole.", "slow_after must be shorter than timeouts.whole."},
	"connector.file.ca":              {"ca_file {name} tidak terbaca atau tidak berisi sertifikat PEM.", "ca_file {name} cannot be read or holds no PEM certificate."},
	"connector.file.secret-twice":    {"Rahasia dari berkas atau dari variabel, jangan dua-duanya.", "A secret comes from a file or from a variable, not both."},
	"connector.file.secret-file":     {"Berkas rahasia {name} tidak terbaca atau kosong.", "The secret's file {name} cannot be read or is empty."},
	"connector.file.secret-env":      {"Variabel {name} kosong.", "The variable {name} is empty."},
	"connector.file.secret-text":     {"Rahasia tidak boleh memuat baris baru di tengahnya.", "A secret may hold no line break."},
	"connector.checked":              {"{n} konektor, semuanya tertulis benar.", "{n} connectors, all written properly."},
}
