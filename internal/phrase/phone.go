package phrase

var phonePhrases = map[string]Text{
	"phone.empty":         {"Nomor telepon wajib diisi.", "A telephone number is needed."},
	"phone.excel":         {"“{number}” dirusak oleh Excel (tulisan ilmiah). Simpan kolomnya sebagai teks, lalu ekspor lagi.", "“{number}” was damaged by Excel (scientific notation). Save the column as text and export again."},
	"phone.zero-lost":     {"“{number}” kehilangan angka 0 di depan. Tulis 0{number} atau +62{number}.", "“{number}” has lost its leading 0. Write 0{number} or +62{number}."},
	"phone.form":          {"“{number}” bukan nomor telepon Indonesia. Tulis 08… untuk HP atau kode area untuk telepon rumah.", "“{number}” is not an Indonesian telephone number. Write 08… for a mobile or the area code for a land line."},
	"phone.area":          {"“{number}”: kode area {code} tidak dikenal. Periksa kode areanya, misalnya 0341 untuk Malang.", "“{number}”: there is no area code {code}. Check it; 0341 is Malang, for example."},
	"phone.service-form":  {"“{number}” bukan nomor layanan. Nomor internet: 12 angka diawali 1; telepon rumah: kode area lalu nomor.", "“{number}” is not a service number. Internet: 12 digits beginning with 1; land line: area code and number."},
	"phone.service-short": {"Nomor internet ini 11 angka; biasanya 12. Periksa lagi.", "This internet number has 11 digits; usually it has 12. Check it."},
}
