package phrase

var seatPhrases = map[string]Text{}
