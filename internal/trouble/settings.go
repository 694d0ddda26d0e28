package trouble

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
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

// SettingNames lists them in the order a page shows them.
var SettingNames = []string{LadderText, SettingsText}

// Setting is a text as it stands. Version counts a site's own texts: 0, By 0 and no time while it is ours.
type Setting struct {
	Name, Text string
	Version    int64
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
	err := tx.Row(`SELECT text, version, changed_by, changed_at FROM trouble_setting WHERE name = $1`, name).Scan(&s.Text, &s.Version, &s.By, &at)
	s.At = db.Time(at)
	if fault.Is(err, fault.Missing) {
		err = nil
	}
	return s, err
}

// PastSettings lists every text a setting had here, the latest first.
func PastSettings(tx *db.Tx, name string) ([]Setting, error) {
	var all []Setting
	err := tx.Each(`SELECT name, text, version, by_id, at FROM trouble_setting_text WHERE name = $1 ORDER BY version DESC`, []any{name}, func(row db.Scanner) error {
		var s Setting
		var at int64
		err := row.Scan(&s.Name, &s.Text, &s.Version, &s.By, &at)
		s.At = db.Time(at)
		all = append(all, s)
		return err
	})
	return all, err
}

// Set changes the priority ladder, or the window of repeat faults and what descriptions must tell. The text is checked whole
// first; the first mistake comes back as a fault with its line. version is the one that was read: Conflict
// "trouble.setting-changed" when another came first. The same text again changes nothing. Tickets take their new place on
// the ladder when they change next.
func Set(tx *db.Tx, by who.Actor, name, text string, version int64) (Setting, error) {
	was, err := ReadSetting(tx, name)
	if err != nil {
		return was, err
	}
	if err := checkSetting(name, text); err != nil {
		return was, err
	}
	if was.Version != version {
		return was, fault.New(fault.Conflict, "trouble.setting-changed").At("version", "")
	}
	if was.Text == text {
		return was, nil
	}
	is := Setting{name, text, version + 1, db.ID(by.ID), tx.Now}
	if err := replace(tx, was, is); err != nil {
		return was, err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "trouble.set", Kind: "setting", Data: map[string]string{"name": name,
		"old": strconv.FormatInt(was.Version, 10), "old_sha256": digest(was.Text), "new": strconv.FormatInt(is.Version, 10), "new_sha256": digest(is.Text)}})
	return is, err
}

// replace stores a text over the one that was read, and keeps both among the past ones.
func replace(tx *db.Tx, was, is Setting) error {
	var n int64
	var err error
	if was.Version == 0 {
		if err := keep(tx, was); err != nil {
			return err
		}
		n, err = tx.Exec(`INSERT INTO trouble_setting(name, text, version, changed_by, changed_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
			is.Name, is.Text, is.Version, is.By, db.Millis(is.At))
	} else {
		n, err = tx.Exec(`UPDATE trouble_setting SET text = $2, version = $3, changed_by = $4, changed_at = $5 WHERE name = $1 AND version = $6`,
			is.Name, is.Text, is.Version, is.By, db.Millis(is.At), was.Version)
	}
	if err != nil {
		return err
	}
	if n == 0 { // another came at this moment
		return fault.New(fault.Conflict, "trouble.setting-changed").At("version", "")
	}
	return keep(tx, is)
}

func keep(tx *db.Tx, s Setting) error {
	_, err := tx.Exec(`INSERT INTO trouble_setting_text(name, version, text, by_id, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
		s.Name, s.Version, s.Text, s.By, db.Millis(s.At))
	return err
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func checkSetting(name, text string) error {
	if name == LadderText {
		_, err := readLadder([]byte(text))
		return err
	}
	_, err := readSettings([]byte(text))
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
	r := reading("settings.yaml")
	s := settings{mandatory: map[string][]Item{}}
	services := map[string]func(*yaml.Node){}
	for _, service := range Services {
		services[service] = r.Each(func(n *yaml.Node) {
			var i Item
			r.Keys(n, map[string]func(*yaml.Node){"id": r.Str(&i.ID), "label": r.text(&i.Label), "words": r.Strs(&i.Words)})
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
	r.Keys(r.open(text), map[string]func(*yaml.Node){
		"gaul_days": r.num(&s.gaulDays),
		"mandatory": func(n *yaml.Node) { r.Keys(n, services) },
	})
	if s.gaulDays < 1 || s.gaulDays > 366 {
		r.wrong(nil, "trouble.file.gaul", "value", s.gaulDays)
	}
	return s, r.err()
}
