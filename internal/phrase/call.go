package phrase

var callPhrases = map[string]Text{}
