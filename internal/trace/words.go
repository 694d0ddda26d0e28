package trace

import "strings"

// Word is a piece of a text that stayed, went or came: several words that share a fate are one piece.
type Word struct {
	Kind string // same, del, ins
	Text string
}

// Words says word by word how one text became another.
func Words(was, is string) []Word {
	a, b := strings.Fields(was), strings.Fields(is)
	longest := make([][]int, len(a)+1) // of the common words from i and j on
	for i := range longest {
		longest[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				longest[i][j] = longest[i+1][j+1] + 1
			} else {
				longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			}
		}
	}
	var all []Word
	add := func(kind, word string) {
		if n := len(all); n > 0 && all[n-1].Kind == kind {
			all[n-1].Text += " " + word
			return
		}
		all = append(all, Word{kind, word})
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			add("same", a[i])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && longest[i+1][j] >= longest[i][j+1]:
			add("del", a[i])
			i++
		default:
			add("ins", b[j])
			j++
		}
	}
	return all
}
