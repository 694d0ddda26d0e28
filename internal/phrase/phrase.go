// Package phrase holds every sentence a person reads, in Bahasa Indonesia and English, by key, and prints numbers,
// dates and ages the way each language does. It never decides what to say.
package phrase

import (
	"fmt"
	"strings"
)

// Lang is a language a page or an answer is in.
type Lang string

const (
	ID Lang = "id" // Bahasa Indonesia, the default
	EN Lang = "en"
)

// Text is one sentence in both languages; {name} is a place for a value.
type Text struct{ ID, EN string }

// In gives the text in a language.
func (t Text) In(l Lang) string {
	if l == EN {
		return t.EN
	}
	return t.ID
}

// Pick chooses the language of an Accept-Language header or a cookie: English only when asked for first.
func Pick(header string) Lang {
	first, _, _ := strings.Cut(header, ",")
	first, _, _ = strings.Cut(strings.TrimSpace(first), ";")
	if strings.HasPrefix(strings.ToLower(first), "en") {
		return EN
	}
	return ID
}

// Say gives the sentence of a key with its places filled. Values come in pairs: name, value.
// An unknown key gives the key itself, so that a gap is seen and not hidden; a test refuses gaps.
func Say(l Lang, key string, values ...any) string {
	named := make(map[string]any, len(values)/2)
	for i := 0; i+1 < len(values); i += 2 {
		named[fmt.Sprint(values[i])] = values[i+1]
	}
	return Fill(l, key, named)
}

// Fill is Say with the values in a map, as a fault carries them.
func Fill(l Lang, key string, values map[string]any) string {
	text, known := catalogue[key]
	if !known {
		return key
	}
	s := text.In(l)
	if !strings.Contains(s, "{") {
		return s
	}
	pairs := make([]string, 0, 2*len(values))
	for name, v := range values {
		switch t := v.(type) {
		case Text:
			v = t.In(l)
		case interface{ In(lang string) string }: // a label of a procedure
			v = t.In(string(l))
		}
		pairs = append(pairs, "{"+name+"}", fmt.Sprint(v))
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

// Of gives the text of a key in both languages, as a value for a place in another sentence.
func Of(key string) Text { return catalogue[key] }

// Known tells whether a key has a sentence.
func Known(key string) bool { _, ok := catalogue[key]; return ok }

// catalogue joins the rooms' sentences: one file per room, so that each stays one thought. Keys start with the room's name.
var catalogue = join(dbPhrases, procedurePhrases, phonePhrases, staffPhrases, documentPhrases, tracePhrases, campaignPhrases,
	ticketPhrases, callPhrases, outboxPhrases, deskPhrases, leadPhrases, intakePhrases, practicePhrases, reportPhrases,
	webPhrases, pagePhrases, seatPhrases, apiPhrases, cmdPhrases, bookingPhrases, linePhrases, troublePhrases, formPhrases,
	courierPhrases, complaintPhrases, ideasPhrases, outagePhrases, knowledgePhrases, registrationPhrases, tmfPhrases,
	egressPhrases, customerPhrases, devicePhrases, connectorPhrases, lintPhrases, replayPhrases, controlPhrases, recordsPhrases, recordsPagePhrases, mistakePhrases, draftPhrases)

func join(parts ...map[string]Text) map[string]Text {
	all := map[string]Text{}
	for _, part := range parts {
		for k, t := range part {
			if _, twice := all[k]; twice {
				panic("phrase: two sentences for " + k)
			}
			all[k] = t
		}
	}
	return all
}
