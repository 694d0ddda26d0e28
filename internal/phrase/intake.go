package phrase

var intakePhrases = map[string]Text{}
