package main

import (
	"time"

	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/who"
)

// spoils are ways to get a decision wrong, each of which the schedules must find.
var spoils = []struct {
	name, what string
	spoil      func(r *rules)
}{
	{"early", "in force from a millisecond before its moment: < where <= belongs", func(r *rules) {
		r.pick = func(all []document.State, now time.Time) (document.State, bool) {
			return document.Pick(all, now.Add(time.Millisecond))
		}
	}},
	{"late", "in force only after its moment: <= where < belongs", func(r *rules) {
		r.pick = func(all []document.State, now time.Time) (document.State, bool) {
			return document.Pick(all, now.Add(-time.Millisecond))
		}
	}},
	{"recalled", "a recalled revision counts", func(r *rules) {
		r.pick = func(all []document.State, now time.Time) (document.State, bool) {
			left := append([]document.State(nil), all...)
			for i := range left {
				left[i].RecalledAt = time.Time{}
			}
			return document.Pick(left, now)
		}
	}},
	{"oldest", "the one that became effective first counts", func(r *rules) {
		r.pick = func(all []document.State, now time.Time) (best document.State, found bool) {
			for _, s := range all {
				if s.Force(now) && (!found || s.EffectiveAt.Before(best.EffectiveAt)) {
					best, found = s, true
				}
			}
			return best, found
		}
	}},
	{"order", "a part is signed before its turn", func(r *rules) {
		r.maySign = func(there []document.Signature, content string, by who.Actor, part document.Part, over string) error {
			if by.Role != part.Role() {
				return document.MaySign(there, content, by, part, over)
			}
			return nil
		}
	}},
	{"twice", "one person signs two parts", func(r *rules) {
		r.maySign = func(there []document.Signature, content string, by who.Actor, part document.Part, over string) error {
			others := append([]document.Signature(nil), there...)
			for i := range others {
				others[i].Person = db.ID(-1 - i)
			}
			return document.MaySign(others, content, by, part, over)
		}
	}},
	{"role", "anybody signs any part", func(r *rules) {
		r.maySign = func(there []document.Signature, content string, by who.Actor, part document.Part, over string) error {
			by.Role = part.Role()
			return document.MaySign(there, content, by, part, over)
		}
	}},
	{"change", "a change of the draft leaves its signatures, and the content is not compared", func(r *rules) {
		r.keeps = true
		r.maySign = func(there []document.Signature, content string, by who.Actor, part document.Part, over string) error {
			return document.MaySign(there, content, by, part, content)
		}
	}},
	{"past", "a moment that has passed may be approved", func(r *rules) {
		r.mayPublish = func(all []document.State, n int, effective, now time.Time) (time.Time, error) {
			if !effective.IsZero() && effective.Before(now) {
				_, err := document.MayPublish(all, n, now, now)
				return effective, err
			}
			return document.MayPublish(all, n, effective, now)
		}
	}},
	{"overtaken", "an older number comes into force after a newer one", func(r *rules) {
		r.mayPublish = func(all []document.State, n int, effective, now time.Time) (time.Time, error) {
			at, err := document.MayPublish(nil, n, effective, now)
			return at, err
		}
	}},
	{"last", "the last revision in force may be recalled", func(r *rules) {
		r.mayRecall = func(all []document.State, n int, now time.Time) error {
			return document.MayRecall(append([]document.State{{Revision: -1, Paper: true}}, all...), n, now)
		}
	}},
}
