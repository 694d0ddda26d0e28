package phrase

var staffPhrases = map[string]Text{}
