package main

import (
	"context"
	"testing"

	"sapa/internal/db"
	"sapa/internal/journal"
	"sapa/internal/who"
)

func TestWhatACommandDoesBesideTheServerReachesOpenScreens(t *testing.T) {
	ctx := context.Background()
	p := place{data: t.TempDir(), zone: "Asia/Jakarta"}
	server, err := p.open(ctx, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	command, err := p.open(ctx, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.close(); _ = command.close() })
	board, agent := server.hub.Subscribe("board"), server.hub.Subscribe("agent:7")
	f := server.follow()
	write := func(h *house, e journal.Entry) {
		t.Helper()
		if err := h.store.Write(ctx, func(tx *db.Tx) error { _, err := journal.Write(tx, e); return err }); err != nil {
			t.Fatal(err)
		}
	}
	look := func() {
		t.Helper()
		if err := f.look(ctx); err != nil {
			t.Fatal(err)
		}
	}
	look()
	write(server, journal.Entry{By: who.Actor{ID: 1, Via: who.Page}, Act: "turn.finished", Kind: "turn"})
	look()
	server.hub.Flush()
	if len(board.C) != 0 {
		t.Error("the server's own acts were told twice")
	}
	write(command, journal.Entry{By: who.Actor{ID: 1, Via: who.CLI}, Act: "ticket.taken-over", Kind: "ticket", Ticket: 5, Data: map[string]string{"agent": "7"}})
	look()
	look()
	server.hub.Flush()
	if len(board.C) != 1 || len(agent.C) != 1 {
		t.Errorf("board heard %d, the holder %d; want each once", len(board.C), len(agent.C))
	}
}
