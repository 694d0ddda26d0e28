package phrase

var ticketPhrases = map[string]Text{}
