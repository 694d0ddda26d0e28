package phrase

var apiPhrases = map[string]Text{}
