package phrase

var dbPhrases = map[string]Text{}
