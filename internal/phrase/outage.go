package phrase

var outagePhrases = map[string]Text{
	"outage.missing":    {"Gangguan massal ini tidak ditemukan.", "There is no such mass outage."},
	"outage.changed":    {"Gangguan massal ini baru saja diubah dari tempat lain. Muat ulang.", "This mass outage was changed elsewhere just now. Load it again."},
	"outage.scope":      {"Pilih cakupan: nomor layanan, ODP, ODC, OLT, atau STO (5.4).", "Choose what it covers: service numbers, ODP, ODC, OLT or STO (5.4)."},
	"outage.scope-long": {"Cakupan paling banyak {places} tempat dan {services} nomor layanan.", "It covers at most {places} places and {services} service numbers."},
	"outage.reason":     {"Tulis penyebab gangguan massal, 3 sampai {max} karakter; penyebab ini disampaikan ke pelanggan.", "Write what has happened, 3 to {max} characters; customers are told it."},
	"outage.estimate":   {"Perkiraan pulih harus di masa depan; kosongkan bila belum diketahui.", "The estimate must be in the future; leave it empty when nobody knows."},
	"outage.rule":       {"Batas lama gangguan harus antara 0 menit dan 7 hari.", "The length must be between 0 minutes and 7 days."},

	"outage.no-booking": {"Jaringan pelanggan ini sedang gangguan massal (induk {no}): tidak ada jadwal teknisi perorangan. Laporkan tanpa jadwal; laporannya ikut induk (5.2.10.s).", "This customer's network is in a mass outage (parent {no}): no technician is booked for one line. Report it without a slot; the report joins the parent (5.2.10.s)."},
	"outage.banner":     {"Gangguan massal", "Mass outage"},
	"outage.parent":     {"Induk {no}", "Parent {no}"},
	"outage.say-title":  {"Yang disampaikan ke pelanggan", "What to tell the customer"},
	"outage.say":        {"“Mohon maaf, di lokasi Bapak/Ibu sedang ada gangguan massal: {reason}. Petugas sedang memperbaiki, perkiraan selesai belum ada. Tidak perlu jadwal teknisi ke rumah.”", "“We are sorry, there is a mass outage at your location: {reason}. It is being repaired; there is no estimate yet. No visit by a technician is needed.”"},
	"outage.say-until":  {"“Mohon maaf, di lokasi Bapak/Ibu sedang ada gangguan massal: {reason}. Petugas sedang memperbaiki, perkiraan selesai {until}. Tidak perlu jadwal teknisi ke rumah.”", "“We are sorry, there is a mass outage at your location: {reason}. It is being repaired and should be over by {until}. No visit by a technician is needed.”"},
}
