package phrase

var egressPhrases = map[string]Text{
	"egress.base":        {"base harus alamat http:// atau https:// yang lengkap.", "base must be a whole http:// or https:// address."},
	"egress.base-secret": {"base tidak boleh memuat nama pengguna, kata sandi atau ?: rahasia hanya lewat berkas atau variabel.", "base may hold no user name, password or ?: secrets come from files or variables only."},
	"egress.sign-in":     {"auth berisi bearer saja, atau user dengan kata sandinya.", "auth holds a bearer key only, or a user with its password."},
	"egress.clear":       {"Kunci dan kata sandi hanya dikirim lewat https://, kecuali ke mesin ini sendiri.", "Keys and passwords are sent over https:// only, but for this machine itself."},
	"egress.not-allowed": {"{target} tidak ada di allow; tulis di sana apa yang boleh dihubungi.", "{target} is not in allow; write there what may be reached."},
	"egress.target":      {"\"{target}\" bukan isi allow: tulis nama:port, alamat:port atau jaringan/bit:port.", "\"{target}\" does not belong into allow: write name:port, address:port or network/bits:port."},

	"egress.kind.forbidden":  {"alamatnya tidak ada di daftar yang diizinkan", "its address is not on the allow-list"},
	"egress.kind.unknown":    {"namanya tidak dikenal", "its name is not known"},
	"egress.kind.unreached":  {"tidak terhubung", "no connection"},
	"egress.kind.late":       {"tidak menjawab tepat waktu", "no answer in time"},
	"egress.kind.no-trust":   {"sertifikatnya tidak dipercaya", "its certificate is not trusted"},
	"egress.kind.cut":        {"jawabannya terputus", "its answer was cut off"},
	"egress.kind.too-large":  {"jawabannya terlalu besar", "its answer is too large"},
	"egress.kind.redirected": {"mengalihkan ke tempat lain", "it sends us elsewhere"},
	"egress.kind.broken":     {"melaporkan kesalahannya sendiri", "it says that it has failed"},
	"egress.kind.sign-in":    {"tidak menerima login kita", "it does not take our sign-in"},
	"egress.kind.nonsense":   {"jawabannya bukan yang diharapkan", "its answer is not what it should be"},
	"egress.kind.resting":    {"gagal berulang; dicoba lagi sebentar lagi", "it failed again and again; tried again soon"},
	"egress.kind.given-up":   {"tidak ditunggu", "nobody waited for it"},
}
