package phrase

import (
	"testing"
	"time"
)

func TestFormatsFollowTheLanguage(t *testing.T) {
	at := time.Date(2026, 8, 3, 9, 42, 8, 0, time.UTC)
	for _, c := range []struct{ what, got, want string }{
		{"clock id", Clock(ID, at), "09.42"}, {"clock en", Clock(EN, at), "09:42"},
		{"day id", Day(ID, at), "Sen 3 Agu"}, {"day en", Day(EN, at), "Mon 3 Aug"},
		{"date id", Date(ID, at), "3 Agu 2026"}, {"long id", LongDate(ID, at), "Senin, 3 Agustus 2026"}, {"long en", LongDate(EN, at), "Monday, 3 August 2026"},
		{"age s", Age(ID, 20*time.Second), "20 dtk"}, {"age m", Age(ID, 18*time.Minute), "18 m"}, {"age h", Age(ID, 171*time.Minute), "2 j 51 m"},
		{"age d", Age(ID, 100*time.Hour), "4 hr"}, {"age en", Age(EN, 171*time.Minute), "2 h 51 m"}, {"age past", Age(EN, -1), "0 s"},
		{"timer", Timer(222 * time.Second), "03:42"}, {"timer h", Timer(3700 * time.Second), "1:01:40"},
		{"number", Number(ID, 1234567), "1.234.567"}, {"number en", Number(EN, -1234), "−1,234"}, {"small", Number(ID, 87), "87"},
		{"percent", Percent(ID, 68, 100), "68,0%"}, {"percent en", Percent(EN, 1, 3), "33.3%"}, {"percent none", Percent(ID, 0, 0), "–"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
}

func TestEverySentenceIsThereInBothLanguages(t *testing.T) {
	for key, text := range catalogue {
		if text.ID == "" || text.EN == "" {
			t.Errorf("%s lacks a language", key)
		}
	}
	if Say(ID, "no-such-key") != "no-such-key" {
		t.Error("a gap must be seen")
	}
	if got := Say(EN, "campaign.unknown", "campaign", "x"); got[:27] != "There is no campaign “x”. T"[:27] {
		t.Errorf("places are not filled: %s", got)
	}
}

func TestPickTakesEnglishOnlyWhenAskedFirst(t *testing.T) {
	for header, want := range map[string]Lang{"": ID, "id": ID, "en": EN, "en-GB,id;q=0.5": EN, "id,en": ID, "fr,en": ID} {
		if got := Pick(header); got != want {
			t.Errorf("%q gives %s, want %s", header, got, want)
		}
	}
}
