package procedure

import (
	"os"
	"strings"
	"sync"
	"testing"
)

// revision is the document the house runs.
const revision = "IN.OCC.TELK.W-18/rev-02"

// loaded is the document, read and walked once for all tests; none of them changes it.
var loaded = sync.OnceValues(func() (*Book, []Problem) { return Load(os.DirFS("../../procedures"), revision) })

func real(t testing.TB) *Book {
	t.Helper()
	b, problems := loaded()
	for _, p := range problems {
		t.Error(p)
	}
	if len(problems) > 0 {
		t.FailNow()
	}
	return b
}

// SOP fn.5: a campaign is data. Its golden endings show everything a turn can come to; a changed file shows here what it
// changes. Run with -update to keep a change that is meant.
func TestGoldenEndings(t *testing.T) {
	for _, p := range real(t).all() {
		t.Run(p.Code, func(t *testing.T) {
			name := "testdata/endings/" + p.Code + ".golden"
			got := strings.Join(Endings(p), "\n") + "\n"
			if *update {
				if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if got == string(want) {
				return
			}
			t.Error("the endings are not those of " + name)
			was := map[string]bool{}
			for _, line := range strings.Split(string(want), "\n") {
				was[line] = true
			}
			for _, line := range strings.Split(got, "\n") {
				if !was[line] {
					t.Log("new:  ", line)
				}
				delete(was, line)
			}
			for line := range was {
				t.Log("gone: ", line)
			}
		})
	}
}

// Every pair that the cascades rule out is refused, when it is put into a draft, when it finishes a turn, and when a draft
// that was kept offline is replayed in one piece; each refusal names the field and a clause of the document.
func TestEveryIllegalPairIsRefused(t *testing.T) {
	b := real(t)
	for _, p := range b.all() {
		t.Run(p.Code, func(t *testing.T) {
			pairs := p.IllegalPairs()
			for _, pair := range pairs {
				alone := Answers{pair.Field: pair.Value}
				whole := pair.With.Copy()
				whole[pair.Field] = pair.Value
				_, _, put := p.Put(pair.Facts, pair.With, alone, nil)
				refused(t, b, pair, put)
				_, finish := p.Decide(pair.Facts, pair.With, alone, nil)
				refused(t, b, pair, finish)
				_, replay := p.Decide(pair.Facts, nil, whole, nil)
				refused(t, b, pair, replay)
			}
			t.Logf("%d pairs", len(pairs))
			if len(pairs) < 20 {
				t.Errorf("only %d pairs: the generator has lost some", len(pairs))
			}
		})
	}
}

// SOP 5.7.8.b, 5.7.8.c: Reason 1 depends on the status call, Reason 2 on Reason 1; no other combination gets through.
func TestFreshLapulPairsCoverTheCascade(t *testing.T) {
	p := real(t).Procedure("fresh-lapul")
	found := map[string]bool{}
	for _, pair := range p.IllegalPairs() {
		found[pair.With["status"]+"/"+pair.With["reason_1"]+" "+pair.Field+"="+pair.Value] = true
	}
	for _, want := range []string{"contacted/ reason_1=rna", "contacted/ reason_1=tulalit", "not-contacted/ reason_1=sukses", "junk/ reason_1=menolak",
		"contacted/sukses reason_2=hc-buzzer", "contacted/menolak reason_2=paham", "contacted/reschedule reason_2=reschedule",
		"contacted/sukses call_again_at=" + samples["time"], "/ status=contacted"} {
		if !found[want] {
			t.Errorf("no pair %s", want)
		}
	}
}
