package phrase

var practicePhrases = map[string]Text{}
