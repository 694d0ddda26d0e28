package stories

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/who"
)

// errTried takes a finish back after it was looked at.
var errTried = errors.New("only tried")

// tries finishes the held turn in every combination of the choices named, each in a transaction of its own that is taken
// back, and prints those that were accepted with their outcome: as LOGIN tries status,reason_1,reason_2 k=v ...
// Every one that is refused must name the field and the clause that refuse it.
func (f *floor) tries(ts *testscript.TestScript, a who.Actor, rest []string) (string, error) {
	h := f.hands[a.Login]
	names := strings.Split(rest[0], ",")
	given := f.given(ts, rest[1:])
	options, err := f.optionsOf(a, names)
	if err != nil {
		return "", err
	}
	var accepted []string
	refusals := 0
	var try func(i int, chosen []string) error
	try = func(i int, chosen []string) error {
		if i < len(names) {
			for _, o := range options[i] {
				if err := try(i+1, append(chosen[:i:i], o)); err != nil {
					return err
				}
			}
			return nil
		}
		in := map[string]string{}
		for k, v := range given {
			in[k] = v
		}
		for j, name := range names {
			in[name] = chosen[j]
		}
		line := strings.Join(strings.Fields(strings.Join(chosen, " ")), " ")
		err := f.act(func(tx *db.Tx) error {
			r, err := f.seat.Finish(tx, a, h.ticket, h.token, in)
			if err != nil {
				return err
			}
			accepted = append(accepted, strings.TrimSpace(line+" -> "+r.Outcome))
			return errTried
		})
		if errors.Is(err, errTried) {
			return nil
		}
		if e := fault.Of(err); e != nil && e.Kind == fault.Invalid && e.Field != "" && e.Clause != "" {
			refusals++
			return nil
		}
		return fmt.Errorf("%s: %w", line, err)
	}
	if err := try(0, make([]string, 0, len(names))); err != nil {
		return "", err
	}
	if refusals == 0 {
		return "", fmt.Errorf("nothing was refused")
	}
	sort.Strings(accepted)
	return strings.Join(accepted, "\n") + "\n", nil
}

// optionsOf lists every option of each field in the whole document of the held turn, and the empty choice.
func (f *floor) optionsOf(a who.Actor, names []string) (options [][]string, err error) {
	err = f.act(func(tx *db.Tx) error {
		turn, holds, err := f.seat.Current(tx, a)
		if err != nil || !holds {
			return fmt.Errorf("%s holds nothing: %w", a.Login, err)
		}
		for _, name := range names {
			all := []string{""}
			for _, o := range turn.Campaign.Procedure.Field(name).Options {
				all = append(all, o.ID)
			}
			options = append(options, all)
		}
		return nil
	})
	return options, err
}
