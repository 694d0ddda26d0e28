package device_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/device"
	"sapa/internal/fault"
	"sapa/internal/phrase"
	"sapa/internal/who"
)

const (
	no     = "152999000001"
	secret = "kata-sandi-rahasia"
)

var (
	ani = who.Actor{ID: 7, Login: "ani", Role: who.Agent, Via: who.Page}
	ont = device.Device{ServiceNo: no, ACS: "202BC1-BM632w-000001", Maker: "Rekaan", Model: "BM632w", Serial: "000001", SSID: "Rumah Ani"}
)

// acs is an ACS that says what a test wants.
type acs struct {
	mu        sync.Mutex
	sent      []device.Order
	answer    device.Task
	err       error
	progress  device.Progress
	lookErr   error
	cancelErr error
	cancelled int
	inform    device.Inform
	panics    bool
}

func (a *acs) Inform(context.Context, device.Device) (device.Inform, error) { return a.inform, a.err }

func (a *acs) Send(_ context.Context, _ device.Device, o device.Order) (device.Task, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.panics {
		panic("oops")
	}
	a.sent = append(a.sent, o)
	return a.answer, a.err
}

func (a *acs) Look(context.Context, device.Device, string, time.Time) (device.Progress, error) {
	return a.progress, a.lookErr
}

func (a *acs) Cancel(context.Context, string) error { a.cancelled++; return a.cancelErr }

type field struct {
	t  *testing.T
	s  *db.DB
	c  *dbtest.Clock
	o  *device.Operator
	it *acs
}

// each gives a device on record and an operator over an ACS, or over people when byHand.
func each(t *testing.T, byHand bool, f func(f field)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		h := field{t, s, c, &device.Operator{Store: s}, &acs{answer: device.Task{ID: "t1"}}}
		if !byHand {
			h.o.ACS = h.it
		}
		h.do(func(tx *db.Tx) error { return device.Put(tx, who.House, ont) })
		f(h)
		h.o.Wait()
	})
}

func (f field) do(act func(tx *db.Tx) error) {
	f.t.Helper()
	if err := f.s.Write(context.Background(), act); err != nil {
		f.t.Fatal(err)
	}
}

func (f field) ask(o device.Order) (a device.Action, err error) {
	f.t.Helper()
	o.ServiceNo = no
	err = f.s.Write(context.Background(), func(tx *db.Tx) (err error) { a, err = f.o.Ask(tx, ani, o); return err })
	f.o.Wait()
	return a, err
}

func (f field) latest() (a device.Action) {
	f.t.Helper()
	f.do(func(tx *db.Tx) error {
		all, err := device.Actions(tx, no, 1)
		if len(all) == 1 {
			a = all[0]
		}
		return err
	})
	return a
}

func (f field) turn() {
	f.t.Helper()
	if err := f.o.Turn(context.Background()); err != nil {
		f.t.Fatal(err)
	}
}

// count gives how many journal rows an act has.
func (f field) count(act string) (n int) {
	f.t.Helper()
	f.do(func(tx *db.Tx) error { return tx.Row(`SELECT count(*) FROM journal WHERE act = $1`, act).Scan(&n) })
	return n
}

var reboot = device.Order{Kind: device.Reboot, Confirm: device.Reboot}

// SOP 5.1.12: the ACS. Queued is not done: only its own word ends an action, and it is told once however often the house looks.
func TestQueuedIsNotDone(t *testing.T) {
	each(t, false, func(f field) {
		asked, err := f.ask(reboot)
		if err != nil || asked.State != device.Asked || asked.ByHand {
			t.Fatalf("%+v %v", asked, err)
		}
		if a := f.latest(); a.State != device.Queued || a.Task != "t1" || len(f.it.sent) != 1 || !a.SettledAt.IsZero() {
			t.Fatalf("%+v", a)
		}
		f.turn()
		f.it.lookErr = errors.New("no route")
		f.turn() // not heard is not failed
		if a := f.latest(); a.State != device.Queued {
			t.Errorf("%+v", a)
		}
		f.it.lookErr, f.it.progress = nil, device.Progress{Done: true}
		var turns sync.WaitGroup
		for range 4 {
			turns.Go(func() {
				if err := f.o.Turn(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
		turns.Wait()
		if a := f.latest(); a.State != device.Done || a.SettledAt.IsZero() || f.count("device.done") != 1 || f.count("device.asked") != 1 || f.count("device.queued") != 1 {
			t.Errorf("%+v, told %d times", a, f.count("device.done"))
		}
	})
}

// An ACS that says 200 has done it; one that says no, or nothing, or panics, has not, and nobody asks it again by themselves.
func TestAnOrderIsHandedOverOnce(t *testing.T) {
	for name, c := range map[string]struct {
		change     func(a *acs)
		state, why string
	}{
		"done at once": {func(a *acs) { a.answer.Done = true }, device.Done, ""},
		"no answer":    {func(a *acs) { a.err = errors.New("timeout") }, device.Failed, "unheard"},
		"no name":      {func(a *acs) { a.answer.ID = "" }, device.Failed, "unheard"},
		"a panic":      {func(a *acs) { a.panics = true }, device.Failed, "unheard"},
	} {
		each(t, false, func(f field) {
			c.change(f.it)
			if _, err := f.ask(reboot); err != nil {
				t.Fatal(err)
			}
			f.turn()
			if a := f.latest(); a.State != c.state || a.Why != c.why || len(f.it.sent) > 1 {
				t.Errorf("%s: %+v, sent %d times", name, a, len(f.it.sent))
			}
			if c.why != "" && phrase.Say(phrase.ID, "device.why."+c.why) == "device.why."+c.why {
				t.Errorf("nobody can read %q", c.why)
			}
		})
	}
}

// A fault ends an action with the ACS's words, and takes the task back: an ACS tries again what has failed.
func TestAFaultIsAFailureThatIsTakenBack(t *testing.T) {
	each(t, false, func(f field) {
		if _, err := f.ask(reboot); err != nil {
			t.Fatal(err)
		}
		f.it.progress, f.it.cancelErr = device.Progress{Failed: true, Why: "cwmp.9001\nRequest denied"}, errors.New("no route")
		f.turn()
		if a := f.latest(); a.State != device.Queued {
			t.Errorf("a task that could still happen is called %s", a.State)
		}
		f.it.cancelErr = nil
		f.turn()
		if a := f.latest(); a.State != device.Failed || a.Why != "cwmp.9001 Request denied" {
			t.Errorf("%+v", a)
		}
	})
}

// What nobody has done within a day is taken back and expires; what can not be taken back stays open, for it may happen.
func TestADayLaterNobodyWantsItAnyMore(t *testing.T) {
	each(t, false, func(f field) {
		if _, err := f.ask(reboot); err != nil {
			t.Fatal(err)
		}
		f.c.Advance(device.Patience)
		f.it.cancelErr = errors.New("no route")
		f.turn()
		if a := f.latest(); a.State != device.Queued {
			t.Errorf("%+v", a)
		}
		f.it.cancelErr = nil
		f.turn()
		if a := f.latest(); a.State != device.Expired || a.Why != "offline" || f.it.cancelled != 2 {
			t.Errorf("%+v", a)
		}
		if _, err := f.ask(reboot); err != nil { // and it may be asked anew
			t.Error(err)
		}
	})
}

// A server that stops between asking and sending: the order is called lost, not queued and not done.
func TestAnOrderThatDidNotLeaveIsLost(t *testing.T) {
	each(t, false, func(f field) {
		f.do(func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO device_action(id, service_no, kind, state, by_hand, asked_at, asked_by) VALUES ($1, $2, 'reboot', 'asked', 0, $3, 7)`,
				tx.NewID(), no, db.Millis(tx.Now))
			return err
		})
		f.turn()
		if a := f.latest(); a.State != device.Asked {
			t.Errorf("%+v", a)
		}
		f.c.Advance(3 * time.Minute)
		f.turn()
		if a := f.latest(); a.State != device.Failed || a.Why != "lost" || len(f.it.sent) != 0 {
			t.Errorf("%+v", a)
		}
	})
}

// Nothing is asked by a slip: each kind is confirmed by its name, a factory reset by the number's last digits too; a Wi-Fi has
// a name and a password that devices take; one thing at a time.
func TestEveryActionIsConfirmed(t *testing.T) {
	each(t, false, func(f field) {
		for name, c := range map[string]struct {
			o          device.Order
			key, field string
		}{
			"no kind":            {device.Order{Kind: "format", Confirm: "format"}, "device.kind", "kind"},
			"not confirmed":      {device.Order{Kind: device.Reboot}, "device.confirm", "confirm"},
			"another confirmed":  {device.Order{Kind: device.FactoryReset, Confirm: device.Reboot, Again: "0001"}, "device.confirm", "confirm"},
			"once only":          {device.Order{Kind: device.FactoryReset, Confirm: device.FactoryReset}, "device.again", "again"},
			"another number":     {device.Order{Kind: device.FactoryReset, Confirm: device.FactoryReset, Again: "0002"}, "device.again", "again"},
			"no Wi-Fi":           {device.Order{Kind: device.WiFi, Confirm: device.WiFi}, "device.nothing", "ssid"},
			"a long name":        {device.Order{Kind: device.WiFi, Confirm: device.WiFi, SSID: strings.Repeat("a", 33)}, "device.ssid", "ssid"},
			"a blank":            {device.Order{Kind: device.WiFi, Confirm: device.WiFi, SSID: " rumah"}, "device.ssid", "ssid"},
			"a short password":   {device.Order{Kind: device.WiFi, Confirm: device.WiFi, Password: "pendek7"}, "device.password", "password"},
			"a strange password": {device.Order{Kind: device.WiFi, Confirm: device.WiFi, Password: "kata sandi é"}, "device.password", "password"},
			"a name for nothing": {device.Order{Kind: device.Reboot, Confirm: device.Reboot, SSID: "rumah"}, "device.not-wifi", "kind"},
		} {
			_, err := f.ask(c.o)
			e := fault.Of(err)
			if e == nil || e.Kind != fault.Invalid || e.Key != c.key || e.Field != c.field {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if said := phrase.Fill(phrase.EN, e.Key, e.Values); said == e.Key {
				t.Errorf("nobody can read %q", said)
			}
		}
		if len(f.it.sent) != 0 {
			t.Fatalf("sent %+v", f.it.sent)
		}
		if _, err := f.ask(device.Order{Kind: device.FactoryReset, Confirm: device.FactoryReset, Again: "0001"}); err != nil {
			t.Fatal(err)
		}
		if _, err := f.ask(reboot); !fault.Is(err, fault.Conflict) {
			t.Errorf("a second one meanwhile: %v", err)
		}
		err := f.s.Write(context.Background(), func(tx *db.Tx) error {
			_, err := f.o.Ask(tx, ani, device.Order{ServiceNo: "152999000099", Kind: device.Reboot})
			return err
		})
		if !fault.Is(err, fault.Missing) {
			t.Errorf("a device that is not there: %v", err)
		}
	})
}

// A password goes to the ACS and nowhere else: no table of the store has it, whatever became of the order.
func TestAPasswordIsKeptNowhere(t *testing.T) {
	each(t, false, func(f field) {
		if _, err := f.ask(device.Order{Kind: device.WiFi, Confirm: device.WiFi, SSID: "Rumah Baru", Password: secret}); err != nil {
			t.Fatal(err)
		}
		if len(f.it.sent) != 1 || f.it.sent[0].Password != secret {
			t.Fatalf("the ACS heard %+v", f.it.sent)
		}
		f.it.progress = device.Progress{Done: true}
		f.turn()
		if a := f.latest(); a.State != device.Done || !a.Secret {
			t.Errorf("%+v", a)
		}
		f.do(func(tx *db.Tx) error {
			d, err := device.Get(tx, no)
			if d.SSID != "Rumah Baru" {
				t.Errorf("%+v", d)
			}
			var text string
			for _, query := range []string{`SELECT coalesce(max(data), '') FROM journal WHERE data LIKE '%` + secret + `%'`,
				`SELECT coalesce(max(ssid || task || why), '') FROM device_action WHERE ssid || task || why LIKE '%` + secret + `%'`} {
				if err := tx.Row(query).Scan(&text); err != nil || text != "" {
					t.Errorf("%s: %q %v", query, text, err)
				}
			}
			return err
		})
	})
}

// Without an ACS a person does it and says so: nothing is queued, no password is taken, and only their word is done.
func TestByHandOnlyAPersonSaysDone(t *testing.T) {
	each(t, true, func(f field) {
		if _, err := f.ask(device.Order{Kind: device.WiFi, Confirm: device.WiFi, Password: secret}); fault.Of(err) == nil || fault.Of(err).Key != "device.password-by-hand" {
			t.Errorf("%v", err)
		}
		a, err := f.ask(device.Order{Kind: device.WiFi, Confirm: device.WiFi, SSID: "Rumah Baru", NewPassword: true})
		if err != nil || !a.ByHand || a.State != device.Asked || !a.Secret {
			t.Fatalf("%+v %v", a, err)
		}
		f.turn()
		settle := func(done bool, why string) error {
			return f.s.Write(context.Background(), func(tx *db.Tx) error { _, err := device.Settle(tx, ani, no, a.ID, done, why); return err })
		}
		if err := settle(false, " "); fault.Of(err) == nil || fault.Of(err).Key != "device.why" {
			t.Errorf("failed without a reason: %v", err)
		}
		if err := settle(true, ""); err != nil {
			t.Fatal(err)
		}
		if err := settle(true, ""); !fault.Is(err, fault.Conflict) {
			t.Errorf("twice: %v", err)
		}
		if got := f.latest(); got.State != device.Done || got.SettledBy != 7 || f.count("device.done") != 1 {
			t.Errorf("%+v", got)
		}
		if _, err := f.ask(reboot); err != nil {
			t.Fatal(err)
		}
		f.c.Advance(device.Patience)
		f.turn()
		if got := f.latest(); got.State != device.Expired || got.Why != "nobody" {
			t.Errorf("%+v", got)
		}
	})
}

// The ACS tells when a device was last heard; a time that has not been yet is not believed, and an older one changes nothing.
func TestTheLastInformIsTheACSs(t *testing.T) {
	each(t, false, func(f field) {
		heard := func(at time.Time, ssid string) device.Device {
			f.it.inform = device.Inform{At: at, SSID: ssid}
			if err := f.o.Refresh(context.Background(), no); err != nil {
				t.Fatal(err)
			}
			var d device.Device
			f.do(func(tx *db.Tx) (err error) { d, err = device.Get(tx, no); return err })
			return d
		}
		now := f.c.Now()
		if d := heard(now.Add(time.Hour), "Bohong"); !d.InformedAt.IsZero() || d.SSID != ont.SSID {
			t.Errorf("%+v", d)
		}
		if d := heard(now.Add(-time.Minute), "Rumah Dua"); !d.InformedAt.Equal(now.Add(-time.Minute)) || d.SSID != "Rumah Dua" {
			t.Errorf("%+v", d)
		}
		if d := heard(now.Add(-time.Hour), "Lama"); !d.InformedAt.Equal(now.Add(-time.Minute)) || d.SSID != "Rumah Dua" {
			t.Errorf("%+v", d)
		}
	})
}

func TestTheStoreRefusesWhatMustNotBe(t *testing.T) {
	each(t, false, func(f field) {
		if _, err := f.ask(reboot); err != nil {
			t.Fatal(err)
		}
		for _, query := range []string{
			`UPDATE device_action SET state = 'done'`,                            // without a time
			`UPDATE device_action SET state = 'done', task = '', settled_at = 1`, // without a word
			`UPDATE device_action SET state = 'queued', task = ''`,               // without a task
			`UPDATE device_action SET state = 'ok'`,                              // no such state
			`UPDATE device_action SET ssid = 'rumah'`,                            // a restart has no Wi-Fi
			`UPDATE device_action SET kind = 'wifi'`,                             // a Wi-Fi without anything
			`UPDATE device_action SET by_hand = 1`,                               // by hand there is no task
			`UPDATE device_action SET service_no = '152999000099'`,               // no such device
			`DELETE FROM device`,                                                 // it has actions
		} {
			err := f.s.Write(context.Background(), func(tx *db.Tx) error { _, err := tx.Exec(query); return err })
			if err == nil {
				t.Errorf("%s is fine", query)
			}
		}
		err := f.s.Write(context.Background(), func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO device_action(id, service_no, kind, state, by_hand, asked_at, asked_by) VALUES ($1, $2, 'reboot', 'asked', 0, 1, 7)`, tx.NewID(), no)
			return err
		})
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("two open ones: %v", err)
		}
	})
}
