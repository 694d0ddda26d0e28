package main

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
)

// An operator spoils a text at one place. It gives the spoiled lines, or nil where this draw finds nothing to spoil.
type operator struct {
	name  string
	spoil func(r *rand.Rand, lines []string) []string
}

var (
	optionLine = regexp.MustCompile(`^(\s*- (?:✓ )?)([A-Z][A-Za-z0-9 ]*): (jika .+)\.$`)
	fieldLine  = regexp.MustCompile(`^- [a-z]\. Pilih ([^:(]+?)(?: sesuai [^:(]*)?(:$| \()`)
	letterLine = regexp.MustCompile(`^- ([a-z])\. `)
	numberLine = regexp.MustCompile(`^(?:- |## )?(5\.\d+(?:\.\d+)?)\. `)
	dependLine = regexp.MustCompile(`Jika (?:memilih ([\w ]+) di kolom|Reason 1 memilih (\w+)) `)
)

// at draws one of the lines that a pattern fits, -1 when there is none.
func at(r *rand.Rand, lines []string, fits func(i int, line string) bool) int {
	var all []int
	for i, line := range lines {
		if fits(i, line) {
			all = append(all, i)
		}
	}
	if len(all) == 0 {
		return -1
	}
	return all[r.IntN(len(all))]
}

func like(form *regexp.Regexp) func(int, string) bool {
	return func(_ int, line string) bool { return form.MatchString(line) }
}

func holding(words ...string) func(int, string) bool {
	return func(_ int, line string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(line, w) })
	}
}

// changed gives the lines with one of them changed.
func changed(lines []string, i int, to string) []string {
	if i < 0 || lines[i] == to {
		return nil
	}
	out := slices.Clone(lines)
	out[i] = to
	return out
}

// without leaves out what stands from one line to before another.
func without(lines []string, from, to int) []string {
	if from < 0 || to <= from {
		return nil
	}
	return slices.Delete(slices.Clone(lines), from, to)
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// below is the line after the last that stands under a list line.
func below(lines []string, i int) int {
	end := i + 1
	for end < len(lines) && strings.TrimSpace(lines[end]) != "" && indent(lines[end]) > indent(lines[i]) {
		end++
	}
	return end
}

// after is the line after the list that follows a line that is no list line itself.
func after(lines []string, i int) int {
	end := i + 1
	for end < len(lines) && lines[end] == "" {
		end++
	}
	for end < len(lines) && strings.HasPrefix(strings.TrimLeft(lines[end], " "), "- ") {
		end++
	}
	return end
}

func isItem(line string) bool {
	return numberLine.MatchString(line) || letterLine.MatchString(line) || optionLine.MatchString(line)
}

// texts are the operators on a document's own text.
var texts = []operator{
	{"cut a sentence short", func(r *rand.Rand, lines []string) []string {
		i := at(r, lines, func(_ int, line string) bool {
			return isItem(line) && strings.HasSuffix(line, ".") && len(strings.Fields(line)) > 5
		})
		words := strings.Split(lines[i], " ")
		first := indent(lines[i]) + 4
		return changed(lines, i, strings.Join(words[:min(first+r.IntN(max(1, len(words)-first-1)), len(words)-1)], " "))
	}},
	{"give an item the letter or number of the one before", func(r *rand.Rand, lines []string) []string {
		i := at(r, lines, func(i int, line string) bool {
			m := letterLine.FindStringSubmatch(line)
			return m != nil && m[1] != "a" || regexp.MustCompile(`^(- )?5\.\d+\.([2-9]|1\d)\. `).MatchString(line)
		})
		if m := letterLine.FindStringSubmatch(lines[i]); m != nil {
			return changed(lines, i, "- "+string(m[1][0]-1)+lines[i][3:])
		}
		return changed(lines, i, regexp.MustCompile(`\.(\d+)\. `).ReplaceAllStringFunc(lines[i], func(s string) string { return "." + before(s[1:len(s)-2]) + ". " }))
	}},
	{"take out an item that is not the last", func(r *rand.Rand, lines []string) []string {
		i := at(r, lines, func(i int, line string) bool {
			return letterLine.MatchString(line) && letterLine.MatchString(lines[min(below(lines, i), len(lines)-1)]) ||
				regexp.MustCompile(`^5\.\d+\.\d+\. `).MatchString(line) && i+2 < len(lines) && regexp.MustCompile(`^5\.\d+\.\d+\. `).MatchString(lines[i+2])
		})
		return without(lines, i, below(lines, i))
	}},
	{"take out the steps of a branch", func(r *rand.Rand, lines []string) []string {
		i := at(r, lines, func(_ int, line string) bool {
			return strings.HasSuffix(line, "langkah:") || strings.HasSuffix(line, "pelaporan:") && !numberLine.MatchString(line)
		})
		if letterLine.MatchString(lines[i]) {
			return without(lines, i+1, below(lines, i))
		}
		return without(lines, i+1, after(lines, i))
	}},
	{"take out one of two branches", func(r *rand.Rand, lines []string) []string {
		i := at(r, lines, func(_ int, line string) bool {
			return (strings.HasPrefix(line, "Sudah ") || strings.HasPrefix(line, "Belum ")) && strings.HasSuffix(line, ":")
		})
		return without(lines, i, after(lines, i))
	}},
	{"take out a list of values", func(r *rand.Rand, lines []string) []string {
		i := at(r, lines, like(fieldLine))
		if strings.HasSuffix(lines[i], ":") {
			return without(lines, i+1, below(lines, i))
		}
		return changed(lines, i, regexp.MustCompile(` \([^)]*\)`).ReplaceAllString(lines[i], ""))
	}},
	{"take out the list under a choice", func(r *rand.Rand, lines []string) []string {
		i := at(r, lines, holding("Jika memilih ")) // Reason 2 says what holds otherwise, so it may lose a list and still be right
		return without(lines, i, below(lines, i))
	}},
	{"leave a choice without its explanation", func(r *rand.Rand, lines []string) []string {
		i := at(r, lines, like(optionLine))
		return changed(lines, i, optionLine.ReplaceAllString(lines[i], "$1$2."))
	}},
	{"take out the way of those who are not reached", func(r *rand.Rand, lines []string) []string {
		part := at(r, lines, like(regexp.MustCompile(`^## 5\.[34568]\. `)))
		end := part + 1
		for end < len(lines) && !strings.HasPrefix(lines[end], "## ") {
			end++
		}
		silent := holding("Not Contacted", "tidak terhubung", "RNA", "Reject", "Mailbox", "Hening", "Tulalit", "Belum terdaftar")
		out := slices.Clone(lines[:part])
		for i := part; i < end; i++ {
			if !silent(i, lines[i]) {
				out = append(out, lines[i])
			}
		}
		return append(out, lines[end:]...)
	}},
	{"write an application another way at one place", func(r *rand.Rand, lines []string) []string {
		names := []string{"Nossa", "Callback", "Sephia2.0", "My CX", "My Kiss", "Ibooster"}
		i := at(r, lines, func(i int, line string) bool { return isItem(line) && holding(names...)(i, line) })
		for _, k := range r.Perm(len(names)) {
			if n := names[k]; strings.Contains(lines[i], n) {
				ways := []string{strings.ToUpper(n), strings.ToLower(n), strings.ReplaceAll(n, "2.0", "") + "s", strings.ReplaceAll(strings.ReplaceAll(n, " ", ""), "2.0", "")}
				return changed(lines, i, strings.Replace(lines[i], n, ways[r.IntN(len(ways))], 1))
			}
		}
		return nil
	}},
	{"send the result to an application that was not opened", func(r *rand.Rand, lines []string) []string {
		i := at(r, lines, holding("mengisi hasil call pada aplikasi"))
		other := []string{"Callback", "Sephia2.0", "Nossa", "My CX"}[r.IntN(4)]
		if open := opened(lines, i); slices.Contains(open, other) {
			return nil
		}
		return changed(lines, i, regexp.MustCompile(`pada aplikasi [^:]+:`).ReplaceAllString(lines[i], "pada aplikasi "+other+":"))
	}},
	{"use an application that nobody made ready", func(r *rand.Rand, lines []string) []string {
		i := at(r, lines, holding("membuka aplikasi"))
		return changed(lines, i, strings.Replace(lines[i], "membuka aplikasi ", "membuka aplikasi "+[]string{"Embassy", "Insera", "Kawan", "Radius"}[r.IntN(4)]+" dan aplikasi ", 1))
	}},
	{"make an application ready that no step uses", func(r *rand.Rand, lines []string) []string {
		i := at(r, lines, holding("5.1.7. "))
		out := changed(lines, i, strings.TrimSuffix(lines[i], ".")+";")
		return slices.Insert(out, i+1, "- 5.1.8. Siapkan Aplikasi "+[]string{"Webcare", "Minitools", "Starclick", "Portal"}[r.IntN(4)]+".")
	}},
	{"put one wrong letter into a word", func(r *rand.Rand, lines []string) []string {
		count := map[string]int{}
		letters := regexp.MustCompile(`[a-z]+`)
		for _, line := range lines {
			for _, w := range letters.FindAllString(strings.ToLower(line), -1) {
				count[w]++
			}
		}
		i := at(r, lines, func(_ int, line string) bool { return isItem(line) })
		var often []string
		for _, w := range letters.FindAllString(lines[i], -1) {
			if len(w) > 4 && count[w] > 3 {
				often = append(often, w)
			}
		}
		if len(often) == 0 {
			return nil
		}
		w := often[r.IntN(len(often))]
		k := 1 + r.IntN(len(w)-2)
		return changed(lines, i, strings.Replace(lines[i], w, w[:k]+string(rune('a'+(w[k]-'a'+byte(1+r.IntN(24)))%26))+w[k+1:], 1))
	}},
	{"put a choice into a list of another level", func(r *rand.Rand, lines []string) []string {
		from := at(r, lines, like(optionLine))
		to := at(r, lines, func(i int, line string) bool {
			return optionLine.MatchString(line) && indent(line) != indent(lines[from])
		})
		m, n := optionLine.FindStringSubmatch(lines[from]), optionLine.FindStringSubmatch(lines[to])
		return slices.Insert(slices.Clone(lines), to+1, n[1]+m[2]+": "+m[3]+".")
	}},
	{"put a choice into its list twice", func(r *rand.Rand, lines []string) []string {
		i := at(r, lines, like(optionLine))
		return slices.Insert(slices.Clone(lines), i+1, lines[i])
	}},
	{"give two choices of a list one meaning", func(r *rand.Rand, lines []string) []string {
		i := at(r, lines, func(i int, line string) bool {
			return optionLine.MatchString(line) && optionLine.MatchString(lines[i-1]) && holding("tidak diangkat", "mesin", "suara", "tanpa diangkat", "tidak dapat", "tidak terdaftar")(i, lines[i-1])
		})
		m, n := optionLine.FindStringSubmatch(lines[i]), optionLine.FindStringSubmatch(lines[i-1])
		return changed(lines, i, m[1]+m[2]+": "+n[3]+".")
	}},
	{"explain a choice otherwise at one place", func(r *rand.Rand, lines []string) []string {
		i := at(r, lines, holding("Contacted: jika", "Junk: jika", "RNA: jika", "Reschedule: jika", "Salah data: jika", "Salah campaign: jika", "Tulalit: jika"))
		other := []string{"jika tiket tidak sesuai", "jika pelanggan berpindah alamat", "jika pelapor bukan pemilik", "jika laporan dibatalkan"}[r.IntN(4)]
		return changed(lines, i, optionLine.ReplaceAllString(lines[i], "$1$2: "+other+"."))
	}},
	{"move a way of not reaching under another status", func(r *rand.Rand, lines []string) []string {
		i := at(r, lines, holding("✓ RNA", "✓ Tulalit", "✓ Reject", "✓ Mailbox", "✓ Belum"))
		to := i
		for to < len(lines) && !strings.Contains(lines[to], "Jika memilih Junk") {
			to++
		}
		out := slices.Insert(slices.Clone(lines), to+1, lines[i])
		return slices.Delete(out, i, i+1)
	}},
	{"put a choice under one that it contradicts", func(r *rand.Rand, lines []string) []string {
		i := at(r, lines, holding("Jika Reason 1 memilih"))
		foreign := []string{"Sibuk: jika pelanggan sedang sibuk", "Meeting: jika pelanggan sedang meeting", "Di jalan: jika pelanggan masih di jalan", "Terputus: jika call diterima lalu diputus"}
		return slices.Insert(slices.Clone(lines), i+1, "    - ✓ "+foreign[r.IntN(len(foreign))]+".")
	}},
	{"refer to a clause that is not there", func(r *rand.Rand, lines []string) []string {
		form := regexp.MustCompile(`(sama seperti|sesuai) 5\.2\.\d+`)
		i := at(r, lines, like(form))
		return changed(lines, i, form.ReplaceAllString(lines[i], "$1 5."+[]string{"2.14", "2.19", "3.9", "9.1"}[r.IntN(4)]))
	}},
	{"make a list depend on a choice that is not there", func(r *rand.Rand, lines []string) []string {
		i := at(r, lines, like(dependLine))
		m := dependLine.FindStringSubmatch(lines[i])
		return changed(lines, i, strings.Replace(lines[i], "memilih "+m[1]+m[2], "memilih "+[]string{"Selesai semua", "Follow up", "Tersambung", "Valid"}[r.IntN(4)], 1))
	}},
	{"rename a field at one place", func(r *rand.Rand, lines []string) []string {
		i := at(r, lines, holding("Status Call", "Reason 1", "Isi kolom Keterangan", "Nomor Tiket"))
		for _, pair := range [][2]string{{"Status Call", "Status Calls"}, {"Reason 1", "REASON 1"}, {"kolom Keterangan", "kolom keterangan"}, {"Nomor Tiket", "nomor tiket"}} {
			if strings.Contains(lines[i], pair[0]) {
				return changed(lines, i, strings.Replace(lines[i], pair[0], pair[1], 1))
			}
		}
		return nil
	}},
	{"take out a limit of calling again", func(r *rand.Rand, lines []string) []string {
		i := at(r, lines, holding("3 kali sehari", "jeda 60", "pukul 08.00", "agent yang sama"))
		return changed(lines, i, regexp.MustCompile(` paling banyak 3 kali sehari| dan ada jeda.*| ada jeda 60 menit| antara pukul.* waktu pelanggan| oleh agent yang sama`).ReplaceAllString(lines[i], ""))
	}},
	{"decide two fields on one ground", func(r *rand.Rand, lines []string) []string {
		form := regexp.MustCompile(`sesuai [^(]+`)
		i := at(r, lines, like(regexp.MustCompile(`Pilih .* sesuai .*\(`)))
		j := at(r, lines, like(regexp.MustCompile(`Pilih .* sesuai .*\(`)))
		if i == j {
			return nil
		}
		return changed(lines, i, form.ReplaceAllString(lines[i], form.FindString(lines[j])))
	}},
	{"empty the table of records", func(r *rand.Rand, lines []string) []string {
		out := slices.Clone(lines)
		for i, line := range out {
			if m := regexp.MustCompile(`^([12])\t\w+ `).FindStringSubmatch(line); m != nil && strings.Contains(line, "tahun") {
				out[i] = m[1] + "\t\t\t"
			}
		}
		return out
	}},
	{"let the title of a reference have changed", func(r *rand.Rand, lines []string) []string {
		i := at(r, lines, holding("P-01 Customer Handling"))
		if r.IntN(2) == 0 {
			return changed(lines, i, strings.Replace(lines[i], "Customer Handling", "Call Handling", 1))
		}
		i = at(r, lines, holding("dari Call Handling menjadi"))
		return changed(lines, i, strings.Replace(lines[i], "dari Call Handling menjadi Customer Handling", "dari Customer Handling menjadi Service Handling", 1))
	}},
	{"let campaigns change without a revision", func(r *rand.Rand, lines []string) []string {
		i := at(r, lines, holding("dapat berubah"))
		return changed(lines, i, "*) Campaign dapat berubah "+[]string{"setiap hari.", "sesuai kondisi operasional.", "atas permintaan TL."}[r.IntN(3)])
	}},
	{"take out the save", func(r *rand.Rand, lines []string) []string {
		i := at(r, lines, like(regexp.MustCompile(`^5\.[34567]\.\d+\. Klik Save`)))
		return without(lines, i, i+1)
	}},
	{"take out an explanation of a word", func(r *rand.Rand, lines []string) []string {
		i := at(r, lines, like(regexp.MustCompile(`^- (VVIP|IVR|C4|BOK|BPN): `)))
		return without(lines, i, i+1)
	}},
	{"take out the list that is pointed to", func(r *rand.Rand, lines []string) []string {
		i := at(r, lines, holding("Parameter layanan: "))
		return without(lines, i, i+1)
	}},
	{"take the measure out of the indicator", func(r *rand.Rand, lines []string) []string {
		i := at(r, lines, holding("90 persen"))
		return changed(lines, i, strings.Replace(lines[i], "Sedikitnya 90 persen tiket selesai pada hari yang sama", []string{"Tiket selesai pada hari yang sama", "Agent menangani tiket dengan baik", "Pelanggan puas"}[r.IntN(3)], 1))
	}},
}

// opened are the applications opened in the part of the document a line stands in.
func opened(lines []string, i int) (names []string) {
	for i--; i >= 0 && !strings.HasPrefix(lines[i], "## "); i-- {
		for _, n := range []string{"Callback", "Sephia2.0", "Nossa", "My CX"} {
			if strings.Contains(lines[i], "membuka aplikasi") && strings.Contains(lines[i], n) {
				names = append(names, n)
			}
		}
	}
	return names
}

// before is the number before one written as text.
func before(n string) string {
	if n == "10" {
		return "9"
	}
	return n[:len(n)-1] + string(n[len(n)-1]-1)
}
