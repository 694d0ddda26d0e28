package phrase

var campaignPhrases = map[string]Text{}
