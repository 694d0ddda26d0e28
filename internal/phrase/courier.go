package phrase

var courierPhrases = map[string]Text{}
