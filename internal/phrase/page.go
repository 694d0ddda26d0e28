package phrase

var pagePhrases = map[string]Text{}
