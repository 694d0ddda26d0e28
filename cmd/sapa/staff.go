package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/staff"
	"sapa/internal/who"
)

const staffUsage = `sapa staff add --login LOGIN --name NAMA --role PERAN [--skill T2O] [--team NAMA] [--email ALAMAT] --password-stdin
sapa staff list [--json]
sapa staff suspend|resume|sign-out --login LOGIN
sapa staff role --login LOGIN --role PERAN
sapa staff email --login LOGIN --email ALAMAT
sapa staff password --login LOGIN --password-stdin
`

// roster is what the staff commands take from their flags.
type roster struct {
	place
	login, name, role, skill, team, email string
	passwordStdin, json                   bool
}

// staffCommand adds and changes people. It works beside a running server: what it changes counts from each person's next
// request on.
func staffCommand(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	verbs := map[string]func(context.Context, *db.DB, roster, io.Reader, io.Writer) error{
		"add": addPerson, "list": listPeople, "suspend": suspendPerson, "resume": resumePerson,
		"sign-out": signOutPerson, "role": rolePerson, "password": passwordPerson, "email": emailPerson,
	}
	if len(args) == 0 || verbs[args[0]] == nil {
		fmt.Fprint(stderr, staffUsage)
		return misused
	}
	verb := args[0]
	var r roster
	f := flag.NewFlagSet("sapa staff "+verb, flag.ContinueOnError)
	f.SetOutput(stderr)
	r.bind(f)
	switch verb {
	case "list":
		f.BoolVar(&r.json, "json", false, "print JSON")
	default:
		f.StringVar(&r.login, "login", "", "login, e.g. 42147")
	}
	switch verb {
	case "add":
		f.StringVar(&r.name, "name", "", "full name")
		f.StringVar(&r.role, "role", "", "tier1, agent, leader, quality, controller, checker, approver, admin or feed")
		f.StringVar(&r.skill, "skill", "", "telephony skill, e.g. T2O")
		f.StringVar(&r.team, "team", "", "team; made when there is none of that name")
		f.StringVar(&r.email, "email", "", "where letters for this person go")
		f.BoolVar(&r.passwordStdin, "password-stdin", false, "read the password from standard input")
	case "email":
		f.StringVar(&r.email, "email", "", "where letters for this person go; empty takes the address away")
	case "role":
		f.StringVar(&r.role, "role", "", "the new role")
	case "password":
		f.BoolVar(&r.passwordStdin, "password-stdin", false, "read the password from standard input")
	}
	if err := f.Parse(args[1:]); err != nil {
		return misused
	}
	if f.NArg() > 0 || (verb != "list" && r.login == "") || (verb == "add" && (r.name == "" || r.role == "")) || (verb == "role" && r.role == "") {
		fmt.Fprint(stderr, staffUsage)
		return misused
	}
	return withStore(ctx, r.place, stderr, "staff "+verb, func(s *db.DB) error { return verbs[verb](ctx, s, r, stdin, stdout) })
}

// withStore opens a store for one command, beside a server or without one.
func withStore(ctx context.Context, p place, stderr io.Writer, command string, do func(*db.DB) error) int {
	where, err := p.where()
	if err != nil {
		fmt.Fprintf(stderr, "sapa %s: %v\n", command, err)
		return misused
	}
	var o db.Options
	if p.db == "" {
		o.Clock = time.Now // PostgreSQL has one clock for all its servers
	}
	s, err := db.Open(ctx, where, o)
	if err != nil {
		return sorry(stderr, command, err)
	}
	err = do(s)
	if closed := s.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return sorry(stderr, command, err)
	}
	return done
}

// readPassword reads one line: secrets never come in by flag, where every process list shows them.
func (r roster) readPassword(stdin io.Reader) (string, error) {
	if !r.passwordStdin {
		return "", fault.New(fault.Invalid, "staff.password-needed")
	}
	line, err := bufio.NewReader(io.LimitReader(stdin, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("password from standard input: %w", err)
	}
	return strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"), nil
}

func addPerson(ctx context.Context, s *db.DB, r roster, stdin io.Reader, stdout io.Writer) error {
	p := staff.Person{Login: r.login, Name: r.name, Role: who.Role(r.role), Skill: r.skill, Email: r.email}
	if p.Role != who.Feed || r.passwordStdin {
		password, err := r.readPassword(stdin)
		if err != nil {
			return err
		}
		if p.Secret, err = staff.New(s, staff.Options{}).HashPassword(ctx, password, r.login); err != nil {
			return err
		}
	}
	err := s.Write(ctx, func(tx *db.Tx) (err error) {
		if r.team != "" {
			if p.Team, err = staff.TeamNamed(tx, staff.Console, r.team); err != nil {
				return err
			}
		}
		p, err = staff.Add(tx, staff.Console, p)
		return err
	})
	if err == nil {
		fmt.Fprintf(stdout, "%s %s %s\n", p.Login, p.Role, p.Name)
	}
	return err
}

// listed is a person as `staff list --json` prints them.
type listed struct {
	ID        db.ID    `json:"id"`
	Login     string   `json:"login"`
	Name      string   `json:"name"`
	Role      who.Role `json:"role"`
	Skill     string   `json:"skill,omitempty"`
	Team      string   `json:"team,omitempty"`
	Email     string   `json:"email,omitempty"`
	Suspended bool     `json:"suspended"`
}

func listPeople(ctx context.Context, s *db.DB, r roster, _ io.Reader, stdout io.Writer) error {
	var all []listed
	err := s.Read(ctx, func(tx *db.Tx) error {
		people, err := staff.All(tx)
		if err != nil {
			return err
		}
		teams := map[db.ID]string{}
		for _, p := range people {
			if _, known := teams[p.Team]; !known && p.Team != 0 {
				if teams[p.Team], err = staff.TeamName(tx, p.Team); err != nil {
					return err
				}
			}
			all = append(all, listed{p.ID, p.Login, p.Name, p.Role, p.Skill, teams[p.Team], p.Email, p.Suspended()})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if r.json {
		return json.NewEncoder(stdout).Encode(map[string]any{"people": append([]listed{}, all...)})
	}
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	for _, p := range all {
		state := ""
		if p.Suspended {
			state = "nonaktif"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", p.Login, p.Role, p.Name, p.Skill, p.Team, p.Email, state)
	}
	return w.Flush()
}

// change does something to the person with the login of the flags.
func change(ctx context.Context, s *db.DB, r roster, do func(tx *db.Tx, id db.ID) error) error {
	return s.Write(ctx, func(tx *db.Tx) error {
		p, err := staff.ByLogin(tx, r.login)
		if err != nil {
			return err
		}
		return do(tx, p.ID)
	})
}

func suspendPerson(ctx context.Context, s *db.DB, r roster, _ io.Reader, _ io.Writer) error {
	return change(ctx, s, r, func(tx *db.Tx, id db.ID) error { return staff.Suspend(tx, staff.Console, id) })
}

func resumePerson(ctx context.Context, s *db.DB, r roster, _ io.Reader, _ io.Writer) error {
	return change(ctx, s, r, func(tx *db.Tx, id db.ID) error { return staff.Resume(tx, staff.Console, id) })
}

func signOutPerson(ctx context.Context, s *db.DB, r roster, _ io.Reader, _ io.Writer) error {
	return change(ctx, s, r, func(tx *db.Tx, id db.ID) error { return staff.SignOutEverywhere(tx, staff.Console, id) })
}

func rolePerson(ctx context.Context, s *db.DB, r roster, _ io.Reader, _ io.Writer) error {
	return change(ctx, s, r, func(tx *db.Tx, id db.ID) error { return staff.SetRole(tx, staff.Console, id, who.Role(r.role)) })
}

func emailPerson(ctx context.Context, s *db.DB, r roster, _ io.Reader, _ io.Writer) error {
	return change(ctx, s, r, func(tx *db.Tx, id db.ID) error { return staff.SetEmail(tx, staff.Console, id, r.email) })
}

func passwordPerson(ctx context.Context, s *db.DB, r roster, stdin io.Reader, _ io.Writer) error {
	password, err := r.readPassword(stdin)
	if err != nil {
		return err
	}
	secret, err := staff.New(s, staff.Options{}).HashPassword(ctx, password, r.login)
	if err != nil {
		return err
	}
	return change(ctx, s, r, func(tx *db.Tx, id db.ID) error { return staff.SetPassword(tx, staff.Console, id, secret) })
}
