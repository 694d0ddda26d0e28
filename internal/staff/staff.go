// Package staff knows the people: who they are, how each shows it (password, session, API token), which team and
// campaigns each has, who is present, and the one policy of who may do what. It knows nothing of tickets or pages.
package staff

import (
	"runtime"

	"sapa/internal/db"
	"sapa/internal/who"
)

// Staff checks who is at the door. Its methods own their transactions, because a password takes tens of milliseconds of
// CPU to check and no transaction may wait for that; plain records are read and written by the functions of this package.
type Staff struct {
	store *db.DB
	gate  gate
	first firstLink
}

// Options for New; the zero value is right for a server.
type Options struct {
	Parallel int // password checks at once; 0 means one per CPU
}

// New makes the doorkeeper of a store.
func New(store *db.DB, o Options) *Staff {
	if o.Parallel <= 0 {
		o.Parallel = runtime.NumCPU()
	}
	return &Staff{store: store, gate: newGate(o.Parallel)}
}

// Console is whoever runs an admin command on the machine itself: they hold the data, so no policy could stop them. The
// journal keeps that it came through this door.
var Console = who.Actor{Login: "sapa", Name: "sapa", Via: who.CLI}
