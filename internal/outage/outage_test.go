package outage_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/line"
	"sapa/internal/outage"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

var lia = who.Actor{ID: 900, Login: "lia", Role: who.Leader, Via: who.Page}

type net struct {
	*testing.T
	s *db.DB
	c *dbtest.Clock
}

func each(t *testing.T, f func(n *net)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		n := &net{t, s, c}
		for i, at := range []line.Line{
			{STO: "MLG", ODC: "ODC-MLG-FA", ODP: "ODP-MLG-FA/01", OLT: "GPON01-D5-MLG-1"},
			{STO: "MLG", ODC: "ODC-MLG-FA", ODP: "ODP-MLG-FA/02", OLT: "GPON01-D5-MLG-2"},
			{STO: "MLG", ODC: "ODC-MLG-FB", ODP: "ODP-MLG-FB/01", OLT: "GPON01-D5-MLG-2"},
			{STO: "BTU", ODC: "ODC-BTU-FX", ODP: "ODP-BTU-FX/08", OLT: "GPON03-D5-BTU-1"},
		} {
			at.ServiceNo, at.Technology = no(i), line.Fibre
			n.do(func(tx *db.Tx) error { return line.PutLine(tx, at) })
		}
		f(n)
	})
}

func no(i int) string { return fmt.Sprintf("15299900%04d", i) }

func (n *net) do(act func(tx *db.Tx) error) {
	n.Helper()
	if err := n.s.Write(context.Background(), act); err != nil {
		n.Fatal(err)
	}
}

func (n *net) declare(key string, s outage.Scope) (o outage.Outage) {
	n.Helper()
	n.do(func(tx *db.Tx) (err error) {
		if s, err = s.Checked(); err != nil {
			return err
		}
		lines, err := s.Lines(tx)
		if err != nil {
			return err
		}
		o, err = outage.Begin(tx, lia, outage.New{Scope: s, Reason: "Kabel putus (rekaan)", Asked: key}, lines)
		if err == nil {
			err = outage.AddServices(tx, o.ID, s.Services)
		}
		if err != nil {
			return err
		}
		parent, err := trouble.OpenGamas(tx, lia, "Kabel putus (rekaan)", "")
		if err == nil {
			o, _, err = outage.Declare(tx, lia, o.ID, parent.ID)
		}
		return err
	})
	return o
}

// affected tells which of the four lines stand in an outage.
func (n *net) affected() string {
	n.Helper()
	all := ""
	n.do(func(tx *db.Tx) error {
		for i := range 4 {
			_, is, err := outage.Affects(tx, no(i))
			if err != nil {
				return err
			}
			if is {
				all += fmt.Sprint(i)
			}
		}
		return nil
	})
	return all
}

func (n *net) recover(id db.ID) (fresh bool) {
	n.Helper()
	n.do(func(tx *db.Tx) (err error) {
		_, fresh, err = outage.Recover(tx, lia, id)
		return err
	})
	return fresh
}

// SOP 5.4.pre: over services, ODP, ODC, OLT or STO: the lines behind it are affected, and no others, until it is over.
func TestAnOutageStandsOverWhatItsScopeNames(t *testing.T) {
	each(t, func(n *net) {
		for i, one := range []struct {
			scope outage.Scope
			want  string
		}{
			{outage.Scope{STO: []string{"MLG"}}, "012"},
			{outage.Scope{ODC: []string{"ODC-MLG-FA"}}, "01"},
			{outage.Scope{ODP: []string{"ODP-MLG-FA/01", "ODP-BTU-FX/08"}}, "03"},
			{outage.Scope{OLT: []string{"GPON01-D5-MLG-2"}}, "12"},
			{outage.Scope{Services: []string{no(3), no(3)}}, "3"},
			{outage.Scope{STO: []string{"BTU"}, OLT: []string{"GPON01-D5-MLG-1"}, Services: []string{no(0), no(2)}}, "023"},
		} {
			o := n.declare(fmt.Sprint("kunci-", i), one.scope)
			if got := n.affected(); got != one.want || o.Services != int64(len(one.want)) || !o.Live() || o.Phase != outage.Parking {
				t.Errorf("%+v: affected %s, counted %d, want %s; %+v", one.scope, got, o.Services, one.want, o)
			}
			if !n.recover(o.ID) || n.recover(o.ID) || n.affected() != "" {
				t.Errorf("%+v: over once, then over already; still affected: %q", one.scope, n.affected())
			}
		}
	})
}

func TestADraftHoldsNobodyAndAskingAgainDeclaresNothingAnew(t *testing.T) {
	each(t, func(n *net) {
		begin := func() (o outage.Outage) {
			n.do(func(tx *db.Tx) (err error) {
				o, err = outage.Begin(tx, lia, outage.New{Scope: outage.Scope{STO: []string{"MLG"}}, Reason: "Kabel putus (rekaan)", Asked: "sekali"}, 3)
				return err
			})
			return o
		}
		first, again := begin(), begin()
		if first.ID != again.ID || n.affected() != "" {
			t.Errorf("%v and %v, affected %q", first.ID, again.ID, n.affected())
		}
		err := n.s.Write(context.Background(), func(tx *db.Tx) error { _, _, err := outage.Recover(tx, lia, first.ID); return err })
		if !fault.Is(err, fault.Missing) {
			t.Errorf("a draft that ends: %v", err)
		}
	})
}

func TestAnOutageThatSaysTooLittleIsRefused(t *testing.T) {
	each(t, func(n *net) {
		for field, one := range map[string]outage.New{
			"scope":    {Reason: "Kabel putus"},
			"sto":      {Reason: "Kabel putus", Scope: outage.Scope{STO: []string{"Malang"}}},
			"olt":      {Reason: "Kabel putus", Scope: outage.Scope{OLT: []string{"MLG"}}},
			"services": {Reason: "Kabel putus", Scope: outage.Scope{Services: []string{"12"}}},
			"reason":   {Reason: " x ", Scope: outage.Scope{STO: []string{"MLG"}}},
			"estimate": {Reason: "Kabel putus", Scope: outage.Scope{STO: []string{"MLG"}}, Estimate: n.c.Now()},
		} {
			one.Asked = field
			err := n.s.Write(context.Background(), func(tx *db.Tx) error { _, err := outage.Begin(tx, lia, one, 0); return err })
			if f := fault.Of(err); f == nil || f.Kind != fault.Invalid || f.Field != field || f.Clause == "" {
				t.Errorf("%s: %+v", field, err)
			}
		}
	})
}

// The view is asked by service number for every claim: it must never be read as a whole.
func TestWhetherAServiceIsAffectedIsFoundByItsNumber(t *testing.T) {
	each(t, func(n *net) {
		n.do(func(tx *db.Tx) error {
			for i := range 3000 {
				if err := line.PutLine(tx, line.Line{ServiceNo: fmt.Sprintf("15299910%04d", i), STO: "MLG", Technology: line.Fibre}); err != nil {
					return err
				}
			}
			return nil
		})
		n.declare("satu", outage.Scope{STO: []string{"MLG"}})
		n.do(func(tx *db.Tx) error { _, err := tx.Exec(`ANALYZE`); return err })
		plan := ""
		n.do(func(tx *db.Tx) error {
			return tx.Each(`/*pg:EXPLAIN*//*lite:EXPLAIN QUERY PLAN*/ SELECT v.outage FROM outage_of v WHERE v.service_no = $1 LIMIT 1`, []any{no(1)}, func(row db.Scanner) error {
				var a, b, c any
				var text string
				err := row.Scan(&text)
				if !tx.Postgres() {
					err = row.Scan(&a, &b, &c, &text)
				}
				plan += text + "\n"
				return err
			})
		})
		for _, l := range strings.Split(plan, "\n") {
			if strings.Contains(l, "Seq Scan on line") || strings.Contains(l, "SCAN l") && !strings.Contains(l, "SCAN line USING") || strings.Contains(l, "MATERIALIZE") {
				t.Errorf("it runs as\n%s", plan)
				return
			}
		}
	})
}

// Field 5.4: whether who reported is called depends on the rule and the length of the outage. What was in force stays to be
// read; of two who change it at once the second is told; the same again is no change.
func TestTheRuleOfTheVerificationCall(t *testing.T) {
	each(t, func(n *net) {
		put := func(r outage.Rule, version int64) (is outage.Ruling, err error) {
			err = n.s.Write(context.Background(), func(tx *db.Tx) (err error) { is, err = outage.PutRule(tx, lia, r, version); return err })
			return is, err
		}
		if is, err := put(outage.Rule{Verify: true, After: time.Hour + time.Second}, 0); err != nil || is.Version != 1 || is.After != time.Hour || int64(is.By) != lia.ID || !is.At.Equal(n.c.Now()) {
			t.Errorf("%+v, %v", is, err)
		}
		if is, err := put(outage.Rule{Verify: true, After: time.Hour}, 1); err != nil || is.Version != 1 {
			t.Errorf("the same again: %+v, %v", is, err)
		}
		for _, one := range []struct {
			key  string
			last time.Duration
			want bool
		}{{"pendek", 59 * time.Minute, false}, {"lama", time.Hour, true}} {
			o := n.declare(one.key, outage.Scope{STO: []string{"MLG"}})
			n.c.Advance(one.last)
			n.recover(o.ID)
			n.do(func(tx *db.Tx) (err error) { o, err = outage.Get(tx, o.ID); return err })
			if o.Verify != one.want || o.State != outage.Recovered || o.Phase != outage.Releasing {
				t.Errorf("%s: %+v", one.key, o)
			}
		}
		if _, err := put(outage.Rule{After: 8 * 24 * time.Hour}, 1); !fault.Is(err, fault.Invalid) {
			t.Errorf("eight days: %v", err)
		}
		if _, err := put(outage.Rule{}, 0); !fault.Is(err, fault.Conflict) || fault.Of(err).Key != "outage.rule-changed" {
			t.Errorf("the second: %v", err)
		}
		n.do(func(tx *db.Tx) error {
			past, err := outage.PastRules(tx)
			if len(past) != 2 || past[0].After != time.Hour || past[1].Rule != (outage.Rule{Verify: true}) || past[1].Version != 0 || !past[1].At.IsZero() {
				t.Errorf("%+v", past)
			}
			entries, err2 := journal.By(tx, db.ID(lia.ID), 100)
			if got := entries[slices.IndexFunc(entries, func(e journal.Entry) bool { return e.Act == "outage.rule-put" })]; got.Data["old_after_minutes"] != "0" || got.Data["after_minutes"] != "60" {
				t.Errorf("%+v", got)
			}
			return errors.Join(err, err2)
		})
	})
}
