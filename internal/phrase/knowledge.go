package phrase

var knowledgePhrases = map[string]Text{
	"knowledge.step": {"Langkah “{step}” bukan langkah berikutnya; yang berikutnya “{next}”. Muat ulang panduannya (5.2.9).", "Step “{step}” does not come next; “{next}” does. Load the guide again (5.2.9)."},

	"knowledge.file.size":            {"{file}: lebih dari {max} byte. Pecah menjadi beberapa artikel.", "{file}: more than {max} bytes. Split it into several articles."},
	"knowledge.file.yaml":            {"{file}: bukan YAML yang benar: {cause}", "{file}: not right YAML: {cause}"},
	"knowledge.file.second-document": {"{file}: berisi dua dokumen YAML; simpan satu saja.", "{file}: holds two YAML documents; keep one."},
	"knowledge.file.alias":           {"{file} baris {line}: jangkar dan alias YAML tidak dipakai di sini; tulis nilainya.", "{file} line {line}: YAML anchors and aliases are not used here; write the value out."},
	"knowledge.file.double-key":      {"{file} baris {line}: “{key}” tertulis dua kali; hapus salah satunya.", "{file} line {line}: “{key}” stands twice; take one away."},
	"knowledge.file.unknown-key":     {"{file} baris {line}: “{key}” tidak dikenal di sini. Yang dikenal: {known}.", "{file} line {line}: “{key}” is not known here. Known: {known}."},
	"knowledge.file.kind":            {"{file} baris {line}: di sini harus berbentuk {what}.", "{file} line {line}: {what} is expected here."},
	"knowledge.file.language":        {"{file} baris {line}: tulis id: dan en:.", "{file} line {line}: write both id: and en:."},
	"knowledge.file.part":            {"{file} baris {line}: “{what}” belum lengkap; tambahkan {parts}.", "{file} line {line}: “{what}” is not complete; add {parts}."},
	"knowledge.file.double":          {"{file} baris {line}: “{what}” tertulis dua kali; beri nama lain.", "{file} line {line}: “{what}” stands twice; give one another name."},
	"knowledge.file.value":           {"{file} baris {line}: {what} tidak bisa “{value}”. Yang bisa: {known}.", "{file} line {line}: {what} cannot be “{value}”. It can be: {known}."},
	"knowledge.file.form":            {"{file} baris {line}: {what} “{value}” tidak benar; pakai huruf kecil, angka, dan tanda hubung, paling panjang 40.", "{file} line {line}: {what} “{value}” is not right; use small letters, digits and hyphens, at most 40."},
	"knowledge.file.other-service":   {"{file} baris {line}: symptom “{value}” milik layanan {known}; hapus, atau tambahkan layanannya.", "{file} line {line}: symptom “{value}” is of {known}; take it away, or add the service."},
	"knowledge.file.many-steps":      {"{file}: {count} langkah, paling banyak {max}. Pecah menjadi beberapa artikel.", "{file}: {count} steps, at most {max}. Split it into several articles."},
	"knowledge.file.long":            {"{file}: kalimat lebih dari {max} karakter: “{text}”. Persingkat.", "{file}: a sentence of more than {max} characters: “{text}”. Shorten it."},
	"knowledge.file.one-sided":       {"{file}: tidak ada akhir dengan guided: {value}. Tambahkan satu.", "{file}: no end has guided: {value}. Add one."},
	"knowledge.file.nowhere":         {"{file} baris {line}: “{what}” menuju “{value}”, yang tidak ada. Tulis nama langkah atau akhir yang ada.", "{file} line {line}: “{what}” leads to “{value}”, which is not there. Name a step or an end that is."},
	"knowledge.file.circle":          {"{file} baris {line}: “{what}” kembali ke “{value}”, sehingga panduan berputar. Arahkan ke langkah lain atau ke akhir.", "{file} line {line}: “{what}” leads back to “{value}”, so the guide runs in a circle. Lead it to another step or to an end."},
	"knowledge.file.unreached":       {"{file} baris {line}: “{what}” tidak pernah dicapai. Arahkan sebuah langkah ke sana, atau hapus.", "{file} line {line}: “{what}” is never reached. Lead a step there, or take it away."},
	"knowledge.file.same-way":        {"{file} baris {line}: ya dan tidak dari “{what}” sama-sama ke “{value}”. Bedakan, atau gabungkan langkahnya.", "{file} line {line}: yes and no of “{what}” both lead to “{value}”. Tell them apart, or join the steps."},
	"knowledge.file.name":            {"{file}: kodenya “{value}”; nama berkas dan kode harus sama.", "{file}: its code is “{value}”; file name and code must be the same."},
}
