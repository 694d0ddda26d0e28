package trouble

import (
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"go.yaml.in/yaml/v3"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// Item is one thing a description must tell (SOP 5.2.10.r, A-13).
type Item struct {
	ID    string
	Label Text
	Words []string // one of them tells it
}

type settings struct {
	gaulDays  int
	mandatory map[string][]Item
}

// rules are what a site may change: the ladder and the settings as they stand now.
type rules struct {
	ladder   ladder
	settings settings
}

// Names of the texts a site may change.
const (
	LadderText   = "ladder"
	SettingsText = "settings"
)

var defaults = map[string]string{LadderText: string(file("ladder.yaml")), SettingsText: string(file("settings.yaml"))}

// read texts are remembered: every change of a ticket asks for the same two.
var laddersRead, settingsRead sync.Map // text -> what it says; only texts that were right, so a handful

func ladderOf(text string) (ladder, error) {
	if known, ok := laddersRead.Load(text); ok {
		return known.(ladder), nil
	}
	l, err := readLadder([]byte(text))
	if err == nil {
		laddersRead.Store(text, l)
	}
	return l, err
}

func settingsOf(text string) (settings, error) {
	if known, ok := settingsRead.Load(text); ok {
		return known.(settings), nil
	}
	s, err := readSettings([]byte(text))
	if err == nil {
		settingsRead.Store(text, s)
	}
	return s, err
}

func readRules(tx *db.Tx) (all rules, err error) {
	texts, err := settingTexts(tx)
	if err != nil {
		return all, err
	}
	if all.ladder, err = ladderOf(texts[LadderText]); err != nil {
		return all, err
	}
	all.settings, err = settingsOf(texts[SettingsText])
	return all, err
}

func settingTexts(tx *db.Tx) (map[string]string, error) {
	texts := map[string]string{LadderText: defaults[LadderText], SettingsText: defaults[SettingsText]}
	err := tx.Each(`SELECT name, text FROM trouble_setting`, nil, func(s db.Scanner) error {
		var name, text string
		err := s.Scan(&name, &text)
		texts[name] = text
		return err
	})
	return texts, err
}

// Setting is a text as it stands, for a page that edits it; By is 0 while it is ours.
type Setting struct {
	Name, Text string
	By         db.ID
	At         time.Time
}

// ReadSetting gives the ladder or the settings as they stand.
func ReadSetting(tx *db.Tx, name string) (Setting, error) {
	s := Setting{Name: name, Text: defaults[name]}
	if s.Text == "" {
		return s, fault.New(fault.Missing, "trouble.setting", "value", name)
	}
	var at int64
	err := tx.Row(`SELECT text, changed_by, changed_at FROM trouble_setting WHERE name = $1`, name).Scan(&s.Text, &s.By, &at)
	s.At = db.Time(at)
	if fault.Is(err, fault.Missing) {
		err = nil
	}
	return s, err
}

// SetLadder changes the priority ladder. It is checked whole first; the first mistake comes back as a fault with its line.
// Tickets take their new place when they change next.
func SetLadder(tx *db.Tx, by who.Actor, text string) error {
	if _, err := readLadder([]byte(text)); err != nil {
		return err
	}
	return set(tx, by, LadderText, text)
}

// SetSettings changes the window of repeat faults and what descriptions must tell, checked whole.
func SetSettings(tx *db.Tx, by who.Actor, text string) error {
	if _, err := readSettings([]byte(text)); err != nil {
		return err
	}
	return set(tx, by, SettingsText, text)
}

func set(tx *db.Tx, by who.Actor, name, text string) error {
	_, err := tx.Exec(`
		INSERT INTO trouble_setting(name, text, changed_by, changed_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (name) DO UPDATE SET text = excluded.text, changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
		name, text, by.ID, db.Millis(tx.Now))
	if err != nil {
		return err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "trouble.set", Kind: "setting", Data: map[string]string{"name": name}})
	return err
}

// Mandatory lists what a description of a service must tell.
func Mandatory(tx *db.Tx, service string) ([]Item, error) {
	r, err := readRules(tx)
	return r.settings.mandatory[service], err
}

// MissingItems lists what a description does not tell. It looks for words, no more: an item is there when one of its words is,
// or when the fact of its id that the house knows (a measurement, a guidance) stands in the text. It judges no sense, so it
// reminds and does not prove.
func MissingItems(tx *db.Tx, service, description string, facts map[string]string) ([]Item, error) {
	items, err := Mandatory(tx, service)
	if err != nil {
		return nil, err
	}
	text := strings.ToLower(description)
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	var missing []Item
	for _, i := range items {
		told := slices.ContainsFunc(i.Words, func(w string) bool { return slices.Contains(words, w) })
		if f := strings.ToLower(strings.TrimSpace(facts[i.ID])); !told && (f == "" || !strings.Contains(text, f)) {
			missing = append(missing, i)
		}
	}
	return missing, nil
}

func readSettings(text []byte) (settings, error) {
	r := &reader{file: "settings.yaml"}
	s := settings{mandatory: map[string][]Item{}}
	services := map[string]func(*yaml.Node){}
	for _, service := range Services {
		services[service] = r.each(func(n *yaml.Node) {
			var i Item
			r.keys(n, map[string]func(*yaml.Node){"id": r.str(&i.ID), "label": r.text(&i.Label), "words": r.strs(&i.Words)})
			if !idForm.MatchString(i.ID) {
				r.wrong(n, "trouble.file.form", "what", "id", "value", i.ID)
			}
			if len(i.Words) == 0 {
				r.wrong(n, "trouble.file.part", "what", i.ID, "parts", "words")
			}
			for k, w := range i.Words {
				i.Words[k] = strings.ToLower(w)
			}
			if slices.ContainsFunc(s.mandatory[service], func(o Item) bool { return o.ID == i.ID }) {
				r.wrong(n, "trouble.file.double", "what", i.ID)
			}
			s.mandatory[service] = append(s.mandatory[service], i)
		})
	}
	r.keys(r.open(text), map[string]func(*yaml.Node){
		"gaul_days": r.num(&s.gaulDays),
		"mandatory": func(n *yaml.Node) { r.keys(n, services) },
	})
	if s.gaulDays < 1 || s.gaulDays > 366 {
		r.wrong(nil, "trouble.file.gaul", "value", s.gaulDays)
	}
	return s, r.err()
}
