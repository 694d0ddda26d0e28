package phrase

var webPhrases = map[string]Text{}
