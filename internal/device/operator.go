package device

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"sapa/internal/db"
	"sapa/internal/who"
)

// ACS manages devices from afar. Its queue is its own: a task that it took is not a task that is done.
type ACS interface {
	// Inform gives when a device was last heard of, and its Wi-Fi's name.
	Inform(ctx context.Context, d Device) (Inform, error)
	// Send hands an order over and gives the ACS's name for it.
	Send(ctx context.Context, d Device, o Order) (Task, error)
	// Look tells how a task stands that was sent at a time.
	Look(ctx context.Context, d Device, task string, sent time.Time) (Progress, error)
	// Cancel takes a task back that has not happened, so that it does not happen next week.
	Cancel(ctx context.Context, task string) error
}

// Inform is what the ACS last heard.
type Inform struct {
	At   time.Time
	SSID string
}

// Task is an order that the ACS took. Done says that it has happened already.
type Task struct {
	ID   string
	Done bool
}

// Progress is how a task stands: waiting, done, or failed with the ACS's own words.
type Progress struct {
	Done, Failed bool
	Why          string
}

// Times of an action.
const (
	Patience = 24 * time.Hour  // then it is not wanted any more
	unsent   = 2 * time.Minute // an order that has not left by then was lost with its server
	reach    = 10 * time.Second
	batch    = 50 // looked at in one turn
)

// Operator asks, and follows what was asked. Without an ACS people do it by hand.
type Operator struct {
	Store *db.DB
	ACS   ACS          // nil: by hand
	Told  func(Action) // after an action has moved; nil: nobody listens
	Log   *slog.Logger // nil: slog.Default
	work  sync.WaitGroup
}

// ByHand tells whether a person carries orders out.
func (o *Operator) ByHand() bool { return o == nil || o.ACS == nil }

// Ask keeps an order and, once that is committed, hands it to the ACS beside the act. The password is in memory until then,
// and nowhere else.
func (o *Operator) Ask(tx *db.Tx, by who.Actor, want Order) (Action, error) {
	d, err := Get(tx, want.ServiceNo)
	if err != nil {
		return Action{}, err
	}
	want.ServiceNo = d.ServiceNo
	byHand := o.ByHand() || d.ACS == ""
	if err := want.check(byHand); err != nil {
		return Action{}, err
	}
	a, err := ask(tx, by, d, want, byHand)
	if err == nil && !byHand {
		tx.After(func() { o.work.Go(func() { o.send(d, a, want) }) })
	}
	return a, err
}

// Wait waits for what goes on beside the acts.
func (o *Operator) Wait() { o.work.Wait() }

// send hands an order over. That no answer came does not mean that the ACS has not got it: the action fails with those
// words, and nobody tries again unasked.
func (o *Operator) send(d Device, a Action, want Order) {
	ctx, cancel := context.WithTimeout(context.Background(), reach)
	defer cancel()
	task, err := o.sent(ctx, d, want)
	if err == nil && task.ID == "" {
		err = errors.New("the ACS named no task")
	}
	keeping, stop := context.WithTimeout(context.Background(), reach)
	defer stop()
	kept := o.Store.Write(keeping, func(tx *db.Tx) error {
		if err != nil {
			_, err := settle(tx, who.House, a, Failed, "unheard")
			return err
		}
		ours, err := queued(tx, a, task.ID)
		if err == nil && ours && task.Done {
			now := a
			now.State, now.Task = Queued, task.ID
			_, err = settle(tx, who.House, now, Done, "")
		}
		return err
	})
	if kept != nil || err != nil {
		o.log().Warn("device order", "action", a.ID, "kind", a.Kind, "sent", err, "kept", kept)
	}
	o.tell(a)
}

// sent keeps a connector's panic from taking the server along.
func (o *Operator) sent(ctx context.Context, d Device, want Order) (task Task, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("the connector panicked")
		}
	}()
	return o.ACS.Send(ctx, d, want)
}

func (o *Operator) tell(a Action) {
	if o.Told != nil {
		o.Told(a)
	}
}

func (o *Operator) log() *slog.Logger {
	if o.Log == nil {
		return slog.Default()
	}
	return o.Log
}

// Turn is the house's: it looks at what may still happen, moves what has, each exactly once, and gives up what nobody wants
// any more. A device's turn does not wait for another's for ever: each look has its own time.
func (o *Operator) Turn(ctx context.Context) error {
	type open struct {
		Action
		d Device
	}
	var all []open
	var now time.Time
	err := o.Store.Read(ctx, func(tx *db.Tx) error {
		now = tx.Now
		var found []Action
		err := tx.Each(`SELECT `+columns+` FROM device_action WHERE state IN ('asked','queued') ORDER BY looked_at, id LIMIT $1`, []any{batch}, func(s db.Scanner) error {
			a, err := scan(s)
			found = append(found, a)
			return err
		})
		for _, a := range found {
			d, err := Get(tx, a.ServiceNo)
			if err != nil {
				return err
			}
			all = append(all, open{a, d})
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("devices: %w", err)
	}
	var bad []error
	for _, one := range all {
		if ctx.Err() != nil {
			break
		}
		state, why := o.next(ctx, one.Action, one.d, now)
		moved := false
		err := o.Store.Write(ctx, func(tx *db.Tx) (err error) {
			moved = false
			if state == "" {
				_, err = tx.Exec(`UPDATE device_action SET looked_at = $2 WHERE id = $1`, one.ID, db.Millis(tx.Now))
				return err
			}
			moved, err = settle(tx, who.House, one.Action, state, why)
			return err
		})
		bad = append(bad, err)
		if moved {
			o.tell(one.Action)
		}
	}
	return errors.Join(bad...)
}

// next tells what becomes of an open action now; "" when it stays as it is.
func (o *Operator) next(ctx context.Context, a Action, d Device, now time.Time) (state, why string) {
	old := now.Sub(a.AskedAt)
	switch {
	case a.ByHand && old >= Patience:
		return Expired, "nobody"
	case a.ByHand, a.State == Asked && old < unsent:
		return "", ""
	case a.State == Asked:
		return Failed, "lost"
	case o.ACS == nil:
		if old >= Patience {
			return Expired, "no-acs"
		}
		return "", ""
	}
	at, cancel := context.WithTimeout(ctx, reach)
	defer cancel()
	p, err := o.ACS.Look(at, d, a.Task, a.AskedAt)
	switch {
	case err != nil:
		o.log().Warn("device task", "action", a.ID, "err", err)
		return "", "" // not heard is not failed
	case p.Done:
		return Done, ""
	case !p.Failed && old < Patience:
		return "", ""
	}
	if err := o.ACS.Cancel(at, a.Task); err != nil { // an ACS tries again what has failed
		o.log().Warn("device task not taken back", "action", a.ID, "err", err)
		return "", "" // it could still happen: it stays open
	}
	if p.Failed {
		return Failed, short(p.Why)
	}
	return Expired, "offline"
}

// Refresh asks the ACS when a device was last heard of and keeps it, outside of any act; without an ACS the record stands.
func (o *Operator) Refresh(ctx context.Context, serviceNo string) error {
	if o.ByHand() {
		return nil
	}
	var d Device
	if err := o.Store.Read(ctx, func(tx *db.Tx) (err error) { d, err = Get(tx, serviceNo); return err }); err != nil || d.ACS == "" {
		return err
	}
	at, cancel := context.WithTimeout(ctx, reach)
	defer cancel()
	heard, err := o.ACS.Inform(at, d)
	if err != nil {
		return fmt.Errorf("last inform: %w", err)
	}
	return o.Store.Write(ctx, func(tx *db.Tx) error {
		if heard.At.After(tx.Now) || !goodSSID(heard.SSID) { // a clock or a device that lies
			heard.SSID = d.SSID
		}
		if heard.At.After(tx.Now) || heard.At.IsZero() {
			return nil
		}
		_, err := tx.Exec(`UPDATE device SET informed_at = $2, ssid = $3, changed_at = $4 WHERE service_no = $1 AND informed_at < $2`,
			d.ServiceNo, db.Millis(heard.At), heard.SSID, db.Millis(tx.Now))
		return err
	})
}

// short makes an ACS's words fit for keeping.
func short(s string) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, " "), func(c rune) bool { return c <= ' ' || c == 0x7f || c == '\uFFFD' }), " ")
	if s == "" {
		return "acs"
	}
	if r := []rune(s); len(r) > 200 {
		return string(r[:200])
	}
	return s
}
