package phrase

var outboxPhrases = map[string]Text{}
