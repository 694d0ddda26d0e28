package intake

import (
	"fmt"
	"hash/fnv"
)

// Files of complaints have no people. A map may have them made: from the reserved ranges of domain 3.1, always the same for
// the same ref, and marked as invented.
var (
	madeFirst = []string{"Arum", "Bayu", "Citra", "Dimas", "Endah", "Fajar", "Galuh", "Hesti", "Jaka", "Kirana", "Laras", "Nanda", "Puspa", "Rangga", "Sekar", "Tirta", "Wulan", "Yoga"}
	madeLast  = []string{"Anjani", "Baskara", "Kencana", "Lestari", "Mahardika", "Nugraha", "Permata", "Pertiwi", "Prasetyo", "Samudra", "Saputra", "Wicaksono"}
)

func made(what, ref string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(ref)) // a hash in memory takes everything
	n := h.Sum64()
	switch what {
	case "test-number":
		return fmt.Sprintf("152999%06d", n%1_000_000)
	case "test-phone":
		return fmt.Sprintf("0800%08d", n/7%100_000_000)
	}
	first := madeFirst[n%uint64(len(madeFirst))]
	last := madeLast[n/uint64(len(madeFirst))%uint64(len(madeLast))]
	return first + " " + last + " (data uji)"
}
