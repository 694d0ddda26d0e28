package stories

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/knowledge"
	"sapa/internal/who"
)

// shelved puts the starter set on the shelf, once a story.
func (f *floor) shelved() error {
	return knowledge.Seed(context.Background(), f.store, knowledge.Starter, desk.Symptoms())
}

// guides is My Kiss beside a call: looks-up [WORDS], guides CODE STEP=ya ..., steps STEP=tidak
func (f *floor) guides(ts *testscript.TestScript, a who.Actor, verb string, rest []string) (out string, err error) {
	if err := f.shelved(); err != nil {
		return "", err
	}
	if verb == "looks-up" {
		err = f.act(func(tx *db.Tx) error {
			turn, _, err := f.seat.Current(tx, a)
			if err != nil {
				return err
			}
			g, err := f.seat.Guides(tx, turn, strings.Join(rest, " "), 3)
			out = looked(g)
			return err
		})
		return out, err
	}
	var g desk.Guide
	err = f.held(a, func(tx *db.Tx, h hand) (err error) {
		if verb == "steps" {
			turn, _, err := f.seat.Current(tx, a)
			if err != nil {
				return err
			}
			open, err := f.seat.Guides(tx, turn, "", 3)
			if err != nil {
				return err
			}
			g, err = f.seat.GuideStep(tx, a, h.ticket, h.token, open.Open.Code, f.done(ts, rest)[0])
			return err
		}
		if len(rest) == 1 {
			g, err = f.seat.ShowGuide(tx, a, h.ticket, h.token, rest[0])
			return err
		}
		g, err = f.seat.Guide(tx, a, h.ticket, h.token, rest[0], f.done(ts, rest[1:]))
		return err
	})
	if err != nil {
		return "", err
	}
	return walked(g), nil
}

func (f *floor) done(ts *testscript.TestScript, args []string) []knowledge.Done {
	var path []knowledge.Done
	for _, arg := range args {
		step, answer, _ := strings.Cut(arg, "=")
		if answer != "ya" && answer != "tidak" {
			ts.Fatalf("%q is not STEP=ya or STEP=tidak", arg)
		}
		path = append(path, knowledge.Done{Step: step, Yes: answer == "ya"})
	}
	return path
}

func looked(g desk.Guides) string {
	var b strings.Builder
	for i, h := range g.Hits {
		fmt.Fprintf(&b, "%d %s: %s (%s) worked %d of %d\n", i+1, h.Code, h.Title.ID, strings.Join(h.Why, " "), h.Worked, h.Ended)
	}
	if len(g.Hits) == 0 {
		b.WriteString("nothing fits\n")
	}
	return b.String()
}

func walked(g desk.Guide) string {
	head := fmt.Sprintf("%s revision %d, %d steps done\n", g.Code, g.Revision, len(g.Path))
	if g.At.Step != nil {
		return head + fmt.Sprintf("asks %s: %s\n", g.At.Step.ID, g.At.Step.Ask.ID)
	}
	return head + fmt.Sprintf("ends %s: %s\nproposes guided=%s\n", g.At.End.ID, g.At.End.Say.ID, g.Guided())
}

// article is a revision and its review: article LOGIN writes CODE OLD NEW | article LOGIN submits|approves|returns|retires
// CODE REVISION [WHY] | article shows CODE. Logins that begin with q are of quality, others lead.
func (f *floor) article(ts *testscript.TestScript, args []string) (out string, err error) {
	if err := f.shelved(); err != nil {
		return "", err
	}
	if args[0] == "shows" {
		err = f.act(func(tx *db.Tx) error {
			all, err := knowledge.Revisions(tx, args[1])
			for _, r := range all {
				out += fmt.Sprintf("revision %d is %s\n", r.Revision, r.State)
			}
			return err
		})
		return out, err
	}
	role := who.Leader
	if strings.HasPrefix(args[0], "q") {
		role = who.Quality
	}
	a, err := f.person(args[0], role)
	if err != nil {
		return "", err
	}
	var r knowledge.Revision
	err = f.act(func(tx *db.Tx) (err error) {
		move := map[string]string{"submits": knowledge.Submit, "approves": knowledge.Approve, "returns": knowledge.Return, "retires": knowledge.Retire}[args[1]]
		if move != "" {
			n, err := strconv.Atoi(args[3])
			ts.Check(err)
			r, err = knowledge.Move(tx, a, args[2], n, move, strings.Join(args[4:], " "))
			return err
		}
		if r, err = knowledge.InForce(tx, args[2]); err != nil {
			return err
		}
		text := strings.Replace(r.Text, args[3], args[4], 1)
		if text == r.Text {
			ts.Fatalf("%q is not in %s", args[3], args[2])
		}
		r, err = knowledge.Write(tx, a, args[2], text, desk.Symptoms())
		return err
	})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s revision %d is %s\n", r.Code, r.Revision, r.State), nil
}
