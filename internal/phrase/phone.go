package phrase

var phonePhrases = map[string]Text{}
