package phrase

var reportPhrases = map[string]Text{}
