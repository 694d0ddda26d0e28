package phrase

var deskPhrases = map[string]Text{}
