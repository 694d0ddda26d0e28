package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"sapa/internal/procedure"
	"sapa/procedures"
)

const procedureUsage = `sapa procedure check [DIR]              everything that can be wrong with a document, before anybody uses it
sapa procedure lint [DIR]               what a careful reader would ask about the text and the form, with the decision that answers it
sapa procedure lint --raw [DIR|FILE]    the same of the document's own text alone, without the decisions
sapa procedure walk [DIR] [CAMPAIGN]    every way a turn can end
sapa procedure trace [DIR]              every clause and what carries it
sapa procedure diff DIR1 DIR2           what changed from one revision to another
sapa procedure dry-run DIR --data FOLDER [--since DAY]
                                        finished turns of a store again under the draft in DIR: what would have been otherwise
sapa procedure export DIR --data FOLDER [--revision N | --draft]
                                        write a revision's files, as they were kept; without a number the one in force
sapa procedure import DIR --data FOLDER put the files into the document's draft; what they leave wrong is listed
sapa procedure print --data FOLDER [--revision N] [--copy CONTROLLED-MALANG] [--lang en] > FILE.html
                                        a revision as it is printed, with its signatures, in one file
sapa procedure index [DIR]              collect the clause tags of tests below DIR into procedures/tests.json

DIR is a folder of one revision, like procedures/IN.OCC.TELK.W-18/rev-02; without one, the document built in.
--json on each of check, lint, walk, trace, diff, dry-run, export, import. What dry-run says and cannot know: docs/dry-run.md.
`

// procedureCommand works on files alone, but for dry-run, export, import and print.
func procedureCommand(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, procedureUsage)
		return misused
	}
	verb := args[0]
	f := flag.NewFlagSet("sapa procedure "+verb, flag.ContinueOnError)
	f.SetOutput(stderr)
	asJSON := f.Bool("json", false, "print JSON")
	raw := new(bool)
	if verb == "lint" {
		f.BoolVar(raw, "raw", false, "the document's own text alone, without the decisions")
	}
	var at place
	since := new(string)
	if verb == "dry-run" || verb == "export" || verb == "import" {
		at.bind(f)
	}
	var number int
	draft := new(bool)
	if verb == "export" {
		f.IntVar(&number, "revision", 0, "number of the revision; 0: the one in force")
		f.BoolVar(draft, "draft", false, "the document's draft")
	}
	if verb == "dry-run" {
		f.StringVar(since, "since", "", "only turns finished from this day on, like 2026-11-01, by the site's zone")
	}
	var what printing
	if verb == "print" {
		at.bind(f)
		what.bind(f)
	}
	rest := args[1:]
	var names []string
	for len(rest) > 0 { // flags may stand before or after the folders
		if err := f.Parse(rest); err != nil {
			return misused
		}
		if rest = f.Args(); len(rest) > 0 {
			names, rest = append(names, rest[0]), rest[1:]
		}
	}
	if most := map[string]int{"check": 1, "lint": 1, "walk": 2, "trace": 1, "diff": 2, "dry-run": 1, "export": 1, "import": 1, "print": 0, "index": 1}; len(names) > most[verb] {
		fmt.Fprintf(stderr, "sapa procedure %s: what is %q?\n\n%s", verb, names[most[verb]], procedureUsage)
		return misused
	}
	out := printer{stdout: stdout, stderr: stderr, asJSON: *asJSON}
	switch verb {
	case "check":
		return out.check(names)
	case "lint":
		if *raw {
			return out.lintRaw(names)
		}
		return out.lint(names)
	case "walk":
		return out.walk(names)
	case "trace":
		return out.trace(names)
	case "diff":
		return out.diff(names)
	case "dry-run":
		return out.dryRun(ctx, names, at, *since)
	case "export":
		return out.export(ctx, names, exchange{at: at, revision: number, draft: *draft})
	case "import":
		return out.receive(ctx, names, exchange{at: at})
	case "print":
		return out.print(ctx, at, what)
	case "index":
		return out.index(names)
	}
	fmt.Fprintf(stderr, "sapa procedure: no verb %q\n\n%s", verb, procedureUsage)
	return misused
}

type printer struct {
	stdout, stderr io.Writer
	asJSON         bool
}

// load reads the named folder, or the document built in when none is named.
func (p printer) load(names []string) (*procedure.Book, []procedure.Problem) {
	return procedure.Load(source(names))
}

// source is the named folder, or the document built in when none is named.
func source(names []string) (fs.FS, string) {
	if len(names) > 0 {
		return os.DirFS(names[0]), "."
	}
	dirs, _ := fs.Glob(procedures.FS, workInstruction+"/rev-*") // sorted: the last is the newest
	return procedures.FS, dirs[len(dirs)-1]
}

// good loads a book for use; problems are printed and refused.
func (p printer) good(names []string) *procedure.Book {
	book, problems := p.load(names)
	if len(problems) == 0 {
		return book
	}
	for _, problem := range problems {
		fmt.Fprintln(p.stderr, problem.Error())
	}
	return nil
}

func (p printer) json(v any) int {
	e := json.NewEncoder(p.stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		fmt.Fprintln(p.stderr, "sapa procedure:", err)
		return refused
	}
	return done
}

func (p printer) check(names []string) int {
	book, problems := p.load(names)
	if p.asJSON {
		type row struct {
			File   string `json:"file"`
			Line   int    `json:"line"`
			Key    string `json:"key"`
			Text   string `json:"text"`
			Remedy string `json:"remedy"`
		}
		rows := make([]row, 0, len(problems))
		for _, q := range problems {
			rows = append(rows, row{q.File, q.Line, q.Key, q.Text(), q.Remedy()})
		}
		if code := p.json(map[string]any{"problems": rows}); code != done {
			return code
		}
	} else {
		for _, q := range problems {
			fmt.Fprintln(p.stderr, q.Error())
		}
	}
	if len(problems) > 0 {
		return refused
	}
	if !p.asJSON {
		fmt.Fprintf(p.stdout, "%s rev %02d: %d clauses, %d campaigns, %d acts, %d clauses open, hash %s\n", book.Document.Code, book.Document.Revision,
			len(book.Clauses), len(book.Procedures), len(book.Acts), len(book.Open), book.Hash[:12])
	}
	return done
}

func (p printer) walk(names []string) int {
	only := ""
	if n := len(names); n > 0 && !isDir(names[n-1]) {
		only, names = names[n-1], names[:n-1]
	}
	book := p.good(names)
	if book == nil {
		return refused
	}
	if only != "" && book.Procedure(only) == nil && book.Act(only) == nil {
		fmt.Fprintf(p.stderr, "sapa procedure walk: no campaign %q\n", only)
		return misused
	}
	all := map[string][]string{}
	for _, one := range append(book.Procedures, book.Acts...) {
		if only != "" && one.Code != only {
			continue
		}
		endings := procedure.Endings(one)
		all[one.Code] = endings
		if !p.asJSON {
			fmt.Fprintf(p.stdout, "# %s: %d endings\n%s\n", one.Code, len(endings), strings.Join(endings, "\n"))
		}
	}
	if p.asJSON {
		return p.json(all)
	}
	return done
}

func isDir(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

func (p printer) trace(names []string) int {
	book := p.good(names)
	if book == nil {
		return refused
	}
	tests := map[string][]string{}
	if err := json.Unmarshal(procedures.Tests, &tests); err != nil {
		fmt.Fprintln(p.stderr, "sapa procedure trace: tests.json:", err)
		return refused
	}
	rows := procedure.Trace(book, tests)
	if p.asJSON {
		return p.json(map[string]any{"document": book.Document.Code, "revision": book.Document.Revision, "clauses": rows})
	}
	carried := 0
	for _, r := range rows {
		mark, why := "open   ", r.Note
		if r.Carried {
			carried++
			mark, why = "carried", strings.Join(r.By, ", ")
		}
		fmt.Fprintf(p.stdout, "%s %s: %s\n", mark, r.ID, why)
	}
	fmt.Fprintf(p.stdout, "%d clauses, %d carried, %d open\n", len(rows), carried, len(rows)-carried)
	return done
}

func (p printer) diff(names []string) int {
	if len(names) != 2 {
		fmt.Fprint(p.stderr, procedureUsage)
		return misused
	}
	before, after := p.good(names[:1]), p.good(names[1:])
	if before == nil || after == nil {
		return refused
	}
	changes := procedure.Diff(before, after)
	if p.asJSON {
		if changes == nil {
			changes = []procedure.Change{}
		}
		return p.json(map[string]any{"changes": changes})
	}
	for _, c := range changes {
		fmt.Fprintf(p.stdout, "%s %s %s\n", c.What, c.Kind, c.ID)
		if c.Before != "" {
			fmt.Fprintf(p.stdout, "  - %s\n", c.Before)
		}
		if c.After != "" {
			fmt.Fprintf(p.stdout, "  + %s\n", c.After)
		}
	}
	fmt.Fprintf(p.stdout, "%d changes\n", len(changes))
	return done
}

// index writes the clause tags of tests and stories for trace; a test refuses a stale one.
func (p printer) index(names []string) int {
	dir := "."
	if len(names) > 0 {
		dir = names[0]
	}
	tags, err := procedure.Tags(os.DirFS(dir))
	if err == nil {
		var text []byte
		if text, err = json.MarshalIndent(tags, "", "  "); err == nil {
			err = os.WriteFile(dir+"/procedures/tests.json", append(text, '\n'), 0o644)
		}
	}
	if err != nil {
		fmt.Fprintln(p.stderr, "sapa procedure index:", err)
		return refused
	}
	fmt.Fprintf(p.stdout, "%d clauses have tests\n", len(tags))
	return done
}
