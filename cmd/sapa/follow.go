package main

import (
	"context"
	"slices"
	"time"

	"sapa/internal/db"
	"sapa/internal/journal"
	"sapa/internal/live"
	"sapa/internal/who"
)

const (
	followEvery  = time.Second
	lookBack     = 10 * time.Second // an act stored late may lie below one already seen
	followAtMost = 500
)

// follower tells open screens what was done beside this server: by an admin command on the same file, or by another
// server on the same database. The journal's tail is the truth; the hub's own news are only quicker (store.md f).
type follower struct {
	h     *house
	after db.ID
	seen  map[db.ID]time.Time
}

func (h *house) follow() *follower { return &follower{h: h, seen: map[db.ID]time.Time{}} }

// look reads the tail once and publishes at most one hint a topic.
func (f *follower) look(ctx context.Context) error {
	var fresh []journal.Entry
	err := f.h.store.Read(ctx, func(tx *db.Tx) error {
		if f.after == 0 { // what happened before this server is on no open screen of it
			f.after = tx.Earliest(lookBack)
		}
		tail, err := journal.Tail(tx, f.after, followAtMost)
		if err != nil {
			return err
		}
		for _, e := range tail {
			if _, known := f.seen[e.ID]; !known {
				f.seen[e.ID] = tx.Now
				fresh = append(fresh, e)
			}
		}
		if len(tail) == followAtMost { // much was done: the next look goes on from here
			f.after = tail[len(tail)-1].ID
		} else {
			f.after = tx.Earliest(lookBack)
		}
		for id, at := range f.seen {
			if tx.Now.Sub(at) > 2*lookBack {
				delete(f.seen, id)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if slices.ContainsFunc(fresh, func(e journal.Entry) bool { return e.Act == "revision.published" }) { // read before the first claim needs it
		if err := f.h.library.Load(ctx, f.h.store); err != nil {
			return err
		}
	}
	f.tell(fresh)
	return nil
}

func (f *follower) tell(fresh []journal.Entry) {
	if !f.h.store.Postgres() { // on one file everything but commands went through this server's hub
		fresh = slices.DeleteFunc(fresh, func(e journal.Entry) bool { return e.By.Via != who.CLI })
	}
	if len(fresh) == 0 {
		return
	}
	f.h.hub.Soon("board", "queue")
	for _, e := range fresh {
		if slices.Contains([]string{"draft", "revision", "copy", "notice"}, e.Kind) {
			f.h.hub.Soon("board", "procedure")
			f.h.hub.Soon("board", "notice")
		}
		if agent := e.Data["agent"]; agent != "" && (e.Act == "ticket.lapsed" || e.Act == "ticket.taken-over") {
			f.h.hub.Publish("agent:"+agent, live.Event{Name: "lapsed", Data: e.Ticket.String()})
		}
	}
}
