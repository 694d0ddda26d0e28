package phrase

var leadPhrases = map[string]Text{
	"lead.talking":     {"Agen ini sedang berbicara dengan pelanggan. Tunggu sampai panggilan selesai, lalu ambil alih.", "This agent is talking to the customer. Wait until the call is over, then take over."},
	"lead.deal-none":   {"Belum ada tiket yang dibagikan. Isi jumlah untuk sedikitnya satu agent.", "No ticket is dealt yet. Give at least one agent a number."},
	"lead.deal-many":   {"Anda membagikan {asked} tiket, padahal yang belum dibagikan tinggal {left}. Kurangi jumlahnya.", "You are dealing {asked} tickets, but only {left} are left. Lower the numbers."},
	"lead.deal-number": {"Jumlah per agent harus bilangan 0 atau lebih, satu kali untuk tiap agent.", "The number for an agent is 0 or more, once for each agent."},
	"lead.deal-agent":  {"{name} tidak bisa menerima tiket Ideas dari Anda: bukan agent regu ini, sedang nonaktif, atau kampanye Ideas tidak ada di pilihannya.", "{name} cannot get Ideas tickets from you: not an agent of this team, suspended, or without the Ideas campaign."},
	"lead.deal-letter": {"Kepada {name}: {n} tiket Ideas dari daftar {batch} sudah dibagikan kepada Anda.", "To {name}: {n} Ideas tickets of the list {batch} have been dealt to you."},
}
