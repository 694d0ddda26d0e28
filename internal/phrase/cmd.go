package phrase

var cmdPhrases = map[string]Text{}
