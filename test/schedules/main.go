// Command schedules draws random schedules of saving, signing, publishing, claiming, recalling and clock over the decisions that the
// store acts by (internal/document, rules.go), and holds every claim against a ledger of its own: no ticket is handled under a revision
// that three people have not signed as it is, that is not effective yet, or that was recalled (SOP fn.5, doc.effective).
//
//	go run ./test/schedules -n 1000000 -seed 1
//	go run ./test/schedules -spoil list
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
)

func main() {
	n := flag.Int("n", 1_000_000, "schedules")
	seed := flag.Uint64("seed", 1, "of the first; each schedule has its own")
	spoil := flag.String("spoil", "", "spoil one decision, to see that it is found; list names them")
	flag.Parse()
	if *spoil == "list" {
		for _, s := range spoils {
			fmt.Printf("%-10s %s\n", s.name, s.what)
		}
		return
	}
	rules, ok := sound, *spoil == ""
	for _, s := range spoils {
		if s.name == *spoil {
			s.spoil(&rules)
			ok = true
		}
	}
	if !ok {
		fmt.Fprintf(os.Stderr, "schedules: no spoil %q; -spoil list names them\n", *spoil)
		os.Exit(2)
	}
	t := run(*n, *seed, rules)
	fmt.Println(t)
	if len(t.wrong) > 0 {
		os.Exit(1)
	}
}

// tally is what a run has seen.
type tally struct {
	schedules, published, recalled, claims, signed, refused int
	wrong                                                   []string // the first few
	bad                                                     int
}

func (t tally) String() string {
	text := fmt.Sprintf("%d schedules: %d revisions published, %d recalled, %d signatures and publications refused, %d claims, %d of them under a revision signed here; %d under one that was unsigned, not effective or recalled",
		t.schedules, t.published, t.recalled, t.refused, t.claims, t.signed, t.bad)
	return strings.Join(append([]string{text}, t.wrong...), "\n  ")
}

func (t *tally) add(o tally) {
	t.schedules += o.schedules
	t.published += o.published
	t.recalled += o.recalled
	t.claims += o.claims
	t.signed += o.signed
	t.refused += o.refused
	t.bad += o.bad
	t.wrong = append(t.wrong, o.wrong...)
	slices.Sort(t.wrong)
	t.wrong = t.wrong[:min(len(t.wrong), 5)]
}

// run draws n schedules on all processors; the same seed gives the same schedules.
func run(n int, seed uint64, r rules) (all tally) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			var mine tally
			for i := w; i < n; i += workers {
				mine.add(schedule(seed+uint64(i), r))
			}
			mu.Lock()
			defer mu.Unlock()
			all.add(mine)
		})
	}
	wg.Wait()
	return all
}
