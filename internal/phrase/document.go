package phrase

var documentPhrases = map[string]Text{}
