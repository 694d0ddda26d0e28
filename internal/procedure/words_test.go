package procedure

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func marked(pieces []Piece) string {
	var all []string
	for _, p := range pieces {
		switch p.Mark {
		case "ins":
			all = append(all, "+["+p.Text+"]")
		case "del":
			all = append(all, "-["+p.Text+"]")
		default:
			all = append(all, p.Text)
		}
	}
	return strings.Join(all, " ")
}

func TestWordsMarkWhatChanged(t *testing.T) {
	for _, one := range []struct{ before, after, want string }{
		{"Isi kolom Reason 1", "Isi kolom Reason 1", "Isi kolom Reason 1"},
		{"Fullfilment", "Fulfillment: jika masih pasang baru", "-[Fullfilment] +[Fulfillment: jika masih pasang baru]"},
		{"Kolom waktu di isi apabila ada reschedule", "Kolom waktu di isi apabila ada reschedule, waktu setempat", "Kolom waktu di isi apabila ada -[reschedule] +[reschedule, waktu setempat]"},
		{"", "baru", "+[baru]"}, {"lama", "", "-[lama]"}, {"", "", ""},
		{strings.Repeat("a ", wordsMax), "b", "-[" + strings.TrimSpace(strings.Repeat("a ", wordsMax)) + "] +[b]"},
	} {
		if got := marked(Words(one.before, one.after)); got != one.want {
			t.Errorf("%.40q to %.40q: %.200s", one.before, one.after, got)
		}
	}
}

// Without what was put in it is the old text, without what was taken out the new one.
func TestWordsLoseNothing(t *testing.T) {
	text := rapid.StringMatching(`([ab] ){0,12}`)
	rapid.Check(t, func(t *rapid.T) {
		before, after := text.Draw(t, "before"), text.Draw(t, "after")
		var was, is []string
		for _, p := range Words(before, after) {
			if p.Mark != "ins" {
				was = append(was, p.Text)
			}
			if p.Mark != "del" {
				is = append(is, p.Text)
			}
		}
		if strings.Join(was, " ") != strings.Join(strings.Fields(before), " ") || strings.Join(is, " ") != strings.Join(strings.Fields(after), " ") {
			t.Fatalf("%q to %q: %v", before, after, Words(before, after))
		}
	})
}
