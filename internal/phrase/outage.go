package phrase

var outagePhrases = map[string]Text{
	"outage.missing":    {"Gangguan massal ini tidak ditemukan.", "There is no such mass outage."},
	"outage.changed":    {"Gangguan massal ini baru saja diubah dari tempat lain. Muat ulang.", "This mass outage was changed elsewhere just now. Load it again."},
	"outage.scope":      {"Pilih cakupan: nomor layanan, ODP, ODC, OLT, atau STO (5.4).", "Choose what it covers: service numbers, ODP, ODC, OLT or STO (5.4)."},
	"outage.scope-long": {"Cakupan paling banyak {places} tempat dan {services} nomor layanan.", "It covers at most {places} places and {services} service numbers."},
	"outage.reason":     {"Tulis penyebab gangguan massal, 3 sampai {max} karakter; penyebab ini disampaikan ke pelanggan.", "Write what has happened, 3 to {max} characters; customers are told it."},
	"outage.estimate":   {"Perkiraan pulih harus di masa depan; kosongkan bila belum diketahui.", "The estimate must be in the future; leave it empty when nobody knows."},
	"outage.rule":       {"Batas lama gangguan harus antara 0 menit dan 7 hari.", "The length must be between 0 minutes and 7 days."},
}
