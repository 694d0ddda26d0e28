package phrase

var leadPhrases = map[string]Text{
	"lead.talking": {"Agen ini sedang berbicara dengan pelanggan. Tunggu sampai panggilan selesai, lalu ambil alih.", "This agent is talking to the customer. Wait until the call is over, then take over."},
}
