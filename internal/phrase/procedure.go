package phrase

var procedurePhrases = map[string]Text{}
