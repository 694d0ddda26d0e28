package trouble_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"sync"
	"testing"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/trouble"
)

// What a page takes apart and puts together again says the same; a second time it is the same text.
func TestSettingsComeApartAndTogether(t *testing.T) {
	onStore(t, func(w *world) {
		for _, name := range trouble.SettingNames {
			var was trouble.Setting
			w.do(func(tx *db.Tx) (err error) { was, err = trouble.ReadSetting(tx, name); return err })
			again := func(text string) string {
				if name == trouble.SettingsText {
					return trouble.SettingsOf(trouble.TermsOf(text))
				}
				made, err := trouble.LadderOf(trouble.RungsOf(text))
				w.want(err, nil, "the ladder")
				return made
			}
			once := again(was.Text)
			w.want(w.set(name, once), nil, name+" is taken as it was put together")
			w.want(again(once), once, name)
		}
		w.do(func(tx *db.Tx) error {
			s, err := trouble.ReadSetting(tx, trouble.LadderText)
			rungs := trouble.RungsOf(s.Text)
			w.want([]any{len(rungs), rungs[0].Priority, rungs[3], rungs[4]}, []any{5, "super-emergency", trouble.Rung{"medium", "hard_complaint: [agak-marah, marah]"}, trouble.Rung{"low", ""}}, "rungs")
			w.want(rungs[0].When, `any: [{class: [HVC_VVIP, HVC_PLATINUM]}, {admin: "yes"}, {urgency: emergency, any: [{lapul: {above: 5}}, {gaul: {at_least: 2}}]}]`, "a long condition on one line")
			return err
		})
		// a condition cannot say more than a condition
		for _, when := range []string{"class: HVC_GOLD}, priority: low, when: {urgency: hard", "class: [", "x\n- y", "}"} {
			text, err := trouble.LadderOf([]trouble.Rung{{"high", when}, {"low", ""}})
			if err == nil {
				err = w.set(trouble.LadderText, text)
			}
			if f := fault.Of(err); f == nil || f.Kind != fault.Invalid {
				t.Errorf("%q: %v in %s", when, err, text)
			}
		}
		w.want(len(trouble.RungsOf("ladder: []")), 0, "no ladder")
		w.want(trouble.TermsOf("gaul_days: x").GaulDays, 0, "no settings")
	})
}

// Each change of a setting stands in the journal with its old and new version and what both said; who comes second is told.
func TestASettingChangesOnceAndIsJournaled(t *testing.T) {
	onStore(t, func(w *world) {
		const first, second = "ladder:\n  - {priority: high, when: {urgency: hard}}\n  - {priority: low}\n", "ladder:\n  - {priority: low}\n"
		set := func(text string, version int64) error {
			return w.try(func(tx *db.Tx) error { _, err := trouble.Set(tx, lina, trouble.LadderText, text, version); return err })
		}
		w.refused(set(first, 1), fault.Conflict, "trouble.setting-changed")
		w.want(set(first, 0), nil, "the first of the site")
		w.refused(set(second, 0), fault.Conflict, "trouble.setting-changed")
		w.want(set(second, 1), nil, "the second")
		w.want(set(second, 2), nil, "the same again")
		w.refused(w.try(func(tx *db.Tx) error { _, err := trouble.Set(tx, lina, "hours", second, 0); return err }), fault.Missing, "trouble.setting")
		w.do(func(tx *db.Tx) error {
			past, err := trouble.PastSettings(tx, trouble.LadderText)
			if err != nil {
				return err
			}
			w.want([]any{len(past), past[0].Text, past[1].Text, past[1].By, past[2].By}, []any{3, second, first, db.ID(lina.ID), db.ID(0)}, "the past")
			w.want(strings.Contains(past[2].Text, "super-emergency"), true, "the house's own is kept")
			written, err := journal.By(tx, db.ID(lina.ID), 10)
			sum := func(s string) string { d := sha256.Sum256([]byte(s)); return hex.EncodeToString(d[:]) }
			w.want(len(written), 2, "entries")
			w.want(written[0].Data, map[string]string{"name": "ladder", "old": "1", "old_sha256": sum(first), "new": "2", "new_sha256": sum(second)}, "the entry")
			return err
		})
	})
}

// Two administrators press at the same moment: one is told.
func TestTwoAdministratorsAtOnce(t *testing.T) {
	onStore(t, func(w *world) {
		for round := range 5 {
			ends := make(chan error, 6)
			var all sync.WaitGroup
			for i := range 6 {
				all.Go(func() {
					text := "gaul_days: " + strconv.Itoa(10*round+i+1) + "\nmandatory: {}\n"
					ends <- w.try(func(tx *db.Tx) error {
						_, err := trouble.Set(tx, lina, trouble.SettingsText, text, int64(round))
						return err
					})
				})
			}
			all.Wait()
			close(ends)
			set := 0
			for err := range ends {
				if err == nil {
					set++
				} else if f := fault.Of(err); f == nil || f.Kind != fault.Conflict {
					t.Errorf("told %v", err)
				}
			}
			w.want(set, 1, "set in a round")
		}
	})
}
