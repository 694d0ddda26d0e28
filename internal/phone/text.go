package phone

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// fewest is how many digits together may be somebody's number: a land line without its area code has seven.
const fewest = 7

var (
	dayFirst  = regexp.MustCompile(`^(\d{1,2})[-/.](\d{1,2})[-/.](?:19|20)\d\d$`)
	yearFirst = regexp.MustCompile(`^(?:19|20)\d\d[-/.](\d{1,2})[-/.](\d{1,2})$`)
	amount    = regexp.MustCompile(`^[1-9]\d?(?:\.\d{3}){2}$`)          // up to 99 million, as rupiah are written
	rupiah    = regexp.MustCompile(`^[1-9]\d{0,2}(?:\.\d{3})+$`)        // of any size, behind Rp
	behindRp  = regexp.MustCompile(`(?i)(?:^|[^\pL])rp\.?[ \x{a0}]?$`)  // what stands before an amount
	reference = regexp.MustCompile(`(?i)(?:^|[^\pL\d])(IN|SC|MYINX-)$`) // what stands before the number of a ticket or an order
)

// MaskText puts dots over the numbers of people in what somebody typed: telephone and service numbers, identity and account
// numbers, however they are grouped; the last two digits stay. Seven digits together are one, unless they are a date, an amount
// of rupiah, or the number of a ticket or an order (IN, SC, MYINX-). It rather hides too much. The text keeps its length.
func MaskText(s string) string {
	r := []rune(s)
	for i := 0; i < len(r); {
		if !unicode.IsDigit(r[i]) {
			i++
			continue
		}
		end := together(r, i)
		mask(r[i:end], string(r[max(0, i-8):i]))
		i = end
	}
	return string(r)
}

// together is where the digits end that begin at i, with what people put between them.
func together(r []rune, i int) int {
	end := i
	for between := 0; i < len(r) && between <= 3; i++ {
		switch {
		case unicode.IsDigit(r[i]):
			end, between = i+1, 0
		case blank(r[i]), strings.ContainsRune("-./()‑–+", r[i]):
			between++
		default:
			return end
		}
	}
	return end
}

func blank(c rune) bool { return c == ' ' || c == '\u00a0' || c == '\t' }

// mask hides the numbers among digits that stand together behind a text, in place.
func mask(r []rune, before string) {
	begin, from := 0, 0 // of the digits not looked at yet, of the word
	if m := reference.FindStringSubmatch(before); m != nil {
		run := 0
		for run < len(r) && unicode.IsDigit(r[run]) {
			run++
		}
		if known := run == 13 && len(m[1]) == 6 || run >= 8 && run <= 10 && len(m[1]) == 2 && r[0] != '0'; known {
			begin, from = run, run
		}
	}
	for i := from; i <= len(r); i++ {
		if i < len(r) && !blank(r[i]) {
			continue
		}
		if word := string(r[from:i]); plain(word) || from == 0 && rupiah.MatchString(word) && behindRp.MatchString(before) {
			hide(r[begin:from])
			begin = i
		}
		from = i + 1
	}
	hide(r[begin:])
}

// plain tells whether a word of digits is nobody's number: a date or an amount.
func plain(word string) bool {
	if m := dayFirst.FindStringSubmatch(word); m != nil {
		return within(m[1], 31) && within(m[2], 12)
	}
	if m := yearFirst.FindStringSubmatch(word); m != nil {
		return within(m[1], 12) && within(m[2], 31)
	}
	return amount.MatchString(word)
}

func within(s string, most int) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= 1 && n <= most
}

// hide puts dots over all digits but the last two, when they are enough to be somebody's.
func hide(r []rune) {
	n := 0
	for _, c := range r {
		if unicode.IsDigit(c) {
			n++
		}
	}
	if n < fewest {
		return
	}
	for i, c := range r {
		if unicode.IsDigit(c) {
			if n > 2 {
				r[i] = '•'
			}
			n--
		}
	}
}
