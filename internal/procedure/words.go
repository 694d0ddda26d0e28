package procedure

import "strings"

// Piece is a stretch of a text beside another one: "" in both, "ins" only in the new, "del" only in the old.
type Piece struct {
	Mark string
	Text string
}

// wordsMax bounds what Words compares word by word, in words of both texts together.
const wordsMax = 4000

// Words puts two texts beside each other word by word: what stands in both, what was taken out, what was put in. Texts that are
// too long to compare come out as one taken out and one put in.
func Words(before, after string) []Piece {
	a, b := strings.Fields(before), strings.Fields(after)
	if before == after {
		return joined(nil, "", a)
	}
	if len(a)+len(b) > wordsMax {
		return joined(joined(nil, "del", a), "ins", b)
	}
	same := make([][]int, len(a)+1) // longest run in common of what is left
	for i := range same {
		same[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				same[i][j] = same[i+1][j+1] + 1
			} else {
				same[i][j] = max(same[i+1][j], same[i][j+1])
			}
		}
	}
	var all []Piece
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			all = joined(all, "", a[i:i+1])
			i, j = i+1, j+1
		case i < len(a) && (j == len(b) || same[i+1][j] >= same[i][j+1]):
			all = joined(all, "del", a[i:i+1])
			i++
		default:
			all = joined(all, "ins", b[j:j+1])
			j++
		}
	}
	return all
}

// joined adds words to the last piece when it has the same mark, else as a piece of their own.
func joined(all []Piece, mark string, words []string) []Piece {
	if len(words) == 0 {
		return all
	}
	text := strings.Join(words, " ")
	if last := len(all) - 1; last >= 0 && all[last].Mark == mark {
		all[last].Text += " " + text
		return all
	}
	return append(all, Piece{mark, text})
}
