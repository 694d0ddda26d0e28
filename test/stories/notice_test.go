package stories

import (
	"fmt"

	"github.com/rogpeppe/go-internal/testscript"

	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/staff"
	"sapa/internal/who"
)

// notice posts required reading: notice TITLE until '2026-12-01 08:00'
func (f *floor) notice(ts *testscript.TestScript, args []string) (string, error) {
	return "", f.act(func(tx *db.Tx) error {
		_, err := document.Post(tx, staff.Console, document.Notice{Title: args[0], Clause: "doc.copy.controlled-malang", Until: f.moment(ts, args[2])})
		return err
	})
}

// reading prints what an agent must read, or confirms all of it: as LOGIN reading | as LOGIN confirms
func (f *floor) reading(a who.Actor, confirm bool) (out string, err error) {
	err = f.act(func(tx *db.Tx) error {
		all, err := document.Notices(tx, db.ID(a.ID))
		if err != nil {
			return err
		}
		for _, n := range all {
			if confirm && n.ReadAt.IsZero() {
				if err := document.MarkRead(tx, a, n.ID); err != nil {
					return err
				}
				n.ReadAt = tx.Now
			}
			state := "not read"
			if !n.ReadAt.IsZero() {
				state = "read"
			}
			out += fmt.Sprintf("%s: %s\n", n.Title, state)
		}
		return nil
	})
	return out, err
}
