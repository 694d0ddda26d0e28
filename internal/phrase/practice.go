package phrase

var practicePhrases = map[string]Text{
	"practice.ready": {
		"Lantai latihan sapa siap dalam {seconds} detik: {address}",
		"The sapa practice floor is ready in {seconds} s: {address}"},
	"practice.columns": {
		"peran\tlogin\tsandi\tnama (rekaan)",
		"role\tlogin\tpassword\tname (invented)"},
	"practice.invented": {
		"Semua orang, pelanggan, dan nomor di sini rekaan; telepon boleh kapan saja. Ctrl+C menghentikan; datanya dibuang.",
		"All people, customers and numbers here are invented; calls are allowed at any hour. Ctrl+C stops it; its data is thrown away."},
}
