package phrase

var leadPhrases = map[string]Text{}
