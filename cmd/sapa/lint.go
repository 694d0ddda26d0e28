package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"sapa/internal/phrase"
	"sapa/internal/procedure"
)

// Beside the files that run, a revision may hold its own text and the list of decisions that answer what is found in it.
const (
	textFile    = "text.md"
	decidedFile = "decided.txt"
)

// lint prints what is found in the text and in the form, each finding with the decision that answers it; one without is
// refused.
func (p printer) lint(names []string) int {
	fsys, dir := source(names)
	book := p.good(names)
	if book == nil {
		return refused
	}
	findings := book.Lint()
	text, err := fs.ReadFile(fsys, path.Join(dir, textFile))
	decided, err2 := fs.ReadFile(fsys, path.Join(dir, decidedFile))
	for _, err := range []error{err, err2} { // a draft may have neither: then the form is all there is to look at
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return sorry(p.stderr, "procedure lint", err)
		}
	}
	findings = append(procedure.LintText(path.Join(dir, textFile), string(text)), findings...)
	resolutions, problems := procedure.Resolutions(path.Join(dir, decidedFile), string(decided))
	for _, problem := range problems {
		fmt.Fprintln(p.stderr, problem.Error())
	}
	if len(problems) > 0 {
		return refused
	}
	book.Resolve(findings, resolutions)
	return p.findings(findings)
}

// builtInDecisions are the decisions beside the document built in; a test holds that its file can be read.
func builtInDecisions() []procedure.Resolution {
	fsys, dir := source(nil)
	text, _ := fs.ReadFile(fsys, path.Join(dir, decidedFile)) // none: every finding is open, and nothing can be signed
	all, _ := procedure.Resolutions(decidedFile, string(text))
	return all
}

// lintRaw prints what is found in a text alone.
func (p printer) lintRaw(names []string) int {
	var text []byte
	var err error
	where := ""
	if len(names) > 0 && !isDir(names[0]) {
		where = names[0]
		text, err = os.ReadFile(where)
	} else {
		fsys, dir := source(names)
		text, err = fs.ReadFile(fsys, path.Join(dir, textFile))
		if where = path.Join(dir, textFile); len(names) > 0 {
			where = filepath.Join(names[0], textFile)
		}
	}
	if err != nil {
		return sorry(p.stderr, "procedure lint", err)
	}
	return p.findings(procedure.LintText(where, string(text)))
}

func (p printer) findings(findings []procedure.Finding) int {
	type row struct {
		Class      string `json:"class"`
		Clause     string `json:"clause"`
		Where      string `json:"where"`
		Text       string `json:"text"`
		Why        string `json:"why"`
		Basis      string `json:"basis"`
		ResolvedBy string `json:"resolved_by,omitempty"`
	}
	rows, classes, open := make([]row, 0, len(findings)), map[string]bool{}, 0
	for _, f := range findings {
		values := map[string]any{}
		for name, v := range f.Values {
			values[name] = v
		}
		rows = append(rows, row{f.Class, f.Clause, f.Where(), phrase.Fill(lang(), "lint."+f.Class, values), phrase.Say(lang(), "lint."+f.Class+".why"), f.Basis, f.ResolvedBy})
		if classes[f.Class] = true; f.ResolvedBy == "" {
			open++
		}
	}
	if p.asJSON {
		if code := p.json(map[string]any{"findings": rows}); code != done {
			return code
		}
	} else {
		for _, r := range rows {
			fmt.Fprintf(p.stdout, "%s: %s %s: %s %s", r.Where, r.Clause, r.Class, r.Text, r.Why)
			fmt.Fprint(p.stdout, " ", phrase.Say(lang(), "lint.basis."+r.Basis))
			if r.ResolvedBy != "" {
				fmt.Fprint(p.stdout, " ", phrase.Say(lang(), "lint.decided", "decision", r.ResolvedBy))
			}
			fmt.Fprintln(p.stdout)
		}
		fmt.Fprintln(p.stdout, phrase.Say(lang(), "lint.sum", "n", len(rows), "classes", len(classes), "open", open))
	}
	if open > 0 {
		fmt.Fprintln(p.stderr, "sapa procedure lint:", phrase.Say(lang(), "lint.open", "n", open))
		return refused
	}
	return done
}
