package phrase

var campaignPhrases = map[string]Text{
	"campaign.no-act":  {"Tindakan {act} tidak ada di revisi instruksi kerja ini.", "This revision of the work instruction has no act {act}."},
	"campaign.unknown": {"Kampanye “{campaign}” tidak ada. Yang ada: {known}.", "There is no campaign “{campaign}”. There are: {known}."},
	"campaign.hours":   {"Jam telepon “{hours}” tidak terbaca. Tulis seperti 08:00-20:00.", "Calling hours “{hours}” cannot be read. Write them like 08:00-20:00."},
	"campaign.closed":  {"Layar kampanye {campaign} belum dibuka; tiketnya menunggu dan belum dibagikan.", "The desk of campaign {campaign} is not open yet; its tickets wait and are not handed out."},
}
