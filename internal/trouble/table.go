package trouble

import (
	"embed"
	"slices"

	"go.yaml.in/yaml/v3"

	"sapa/internal/who"
)

//go:embed data/*.yaml
var files embed.FS

// theTable, theTree and the defaults are read once; a test reads each broken form of them, so they are never wrong here.
var (
	theTable = must(readTable(file("moves.yaml")))
	theTree  = must(readTree(file("classification.yaml")))
)

func file(name string) []byte {
	text, err := files.ReadFile("data/" + name)
	if err != nil {
		panic(err)
	}
	return text
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// table is data/moves.yaml: the states, every step from one to another, and what the lines of a worklog rest on.
type table struct {
	order   []State
	states  map[State]stateRow
	rows    []row
	index   map[[3]string]int
	worklog worklog
}

// worklog says on which clause a line rests that no result wrote.
type worklog struct {
	row, again, gamas string
	told              map[string]string // by type
}

type stateRow struct {
	tmf  string // of TMF621
	open bool   // still to be repaired
	fed  bool   // comes from lists only
}

// row is one step: from a state, by a move, to a state.
type row struct {
	was, became State
	move        string
	who         []string
	guards      []guard
	clause      string
	hidden      bool // the house's own: no Route Workflow offers it
}

type guard struct{ needs, clause string }

func (r row) may(role string) bool { return slices.Contains(r.who, role) }

func (r row) needs() []string {
	var all []string
	for _, g := range r.guards {
		all = append(all, g.needs)
	}
	return all
}

// noted is the clause that a note of the move rests on.
func (r row) noted() string {
	for _, g := range r.guards {
		if g.needs == "note" {
			return g.clause
		}
	}
	return r.clause
}

func (t *table) open(s State) bool { return t.states[s].open }

func (t *table) find(was State, move string, became State) (row, bool) {
	i, known := t.index[[3]string{string(was), move, string(became)}]
	if !known {
		return row{}, false
	}
	return t.rows[i], true
}

// clause is what a move that was made rests on.
func (t *table) clause(was State, move string, became State) string {
	r, _ := t.find(was, move, became)
	return r.clause
}

// States lists the states of the workflow, in the order of data/moves.yaml.
func States() []State {
	all := make([]State, 0, len(theTable.states))
	for _, name := range theTable.names() {
		all = append(all, State(name))
	}
	return all
}

func (t *table) names() []string {
	var all []string
	for _, s := range t.order {
		all = append(all, string(s))
	}
	return all
}

var (
	needs = []string{"note", "classification", "group", "reason", "booking"}
	tmfs  = []string{"acknowledged", "inProgress", "pending", "held", "resolved", "closed"}
	// tmfSteps is the official life cycle (tmf/README 1.2); a move may go through inProgress in one act.
	tmfSteps = map[string][]string{"acknowledged": {"inProgress"}, "inProgress": {"pending", "held", "resolved"}, "pending": {"inProgress"},
		"held": {"inProgress"}, "resolved": {"closed", "inProgress"}}
)

func tmfLegal(from, to string) bool {
	return from == to || slices.Contains(tmfSteps[from], to) ||
		slices.Contains(tmfSteps[from], "inProgress") && slices.Contains(tmfSteps["inProgress"], to) && from != "resolved"
}

// moveFile is a move as the file says it, before it is spread over its states.
type moveFile struct {
	row
	from, becomes []string
	beyond        string // the clause that asks for a move the TM Forum life cycle does not have
	told          bool   // what a list says, or an undo: no life cycle binds it
	at            *yaml.Node
}

func readTable(text []byte) (*table, error) {
	r := reading("moves.yaml")
	t := &table{states: map[State]stateRow{}, index: map[[3]string]int{}, worklog: worklog{told: map[string]string{}}}
	var moves []moveFile
	states := map[State]*yaml.Node{}
	r.Keys(r.open(text), map[string]func(*yaml.Node){
		"states": r.Each(func(n *yaml.Node) {
			var name string
			var s stateRow
			r.Keys(n, map[string]func(*yaml.Node){"state": r.Str(&name), "tmf": r.Str(&s.tmf), "open": r.yes(&s.open), "fed": r.yes(&s.fed)})
			if _, twice := t.states[State(name)]; twice || name == "" {
				r.wrong(n, "trouble.file.double", "what", name)
			}
			if !slices.Contains(tmfs, s.tmf) {
				r.wrong(n, "trouble.file.tmf", "value", s.tmf, "what", name)
			}
			t.states[State(name)], states[State(name)] = s, n
			t.order = append(t.order, State(name))
		}),
		"worklog": r.worklog(&t.worklog),
		"moves":   r.Each(func(n *yaml.Node) { moves = append(moves, r.move(n)) }),
	})
	for _, m := range moves {
		t.spread(r, m)
	}
	t.check(r, states)
	if w := t.worklog; w.row == "" || w.again == "" || w.gamas == "" || len(w.told) < len(noteTypes) {
		r.wrong(nil, "trouble.file.part", "what", "worklog", "parts", "row, again, gamas, told")
	}
	return t, r.err()
}

func (r *reader) worklog(w *worklog) func(*yaml.Node) {
	told := map[string]func(*yaml.Node){}
	for _, kind := range noteTypes {
		told[kind] = func(n *yaml.Node) {
			var clause string
			r.Str(&clause)(n)
			w.told[kind] = clause
		}
	}
	return r.Group(map[string]func(*yaml.Node){"row": r.Str(&w.row), "again": r.Str(&w.again), "gamas": r.Str(&w.gamas), "told": r.Group(told)})
}

func (r *reader) move(n *yaml.Node) moveFile {
	m := moveFile{at: n}
	r.Keys(n, map[string]func(*yaml.Node){
		"move": r.Str(&m.move), "from": r.Strs(&m.from), "becomes": r.Strs(&m.becomes), "who": r.Strs(&m.who), "clause": r.Str(&m.clause),
		"hidden": r.yes(&m.hidden), "told": r.yes(&m.told), "beyond": r.Str(&m.beyond),
		"needs": r.Each(func(n *yaml.Node) {
			var g guard
			r.Keys(n, map[string]func(*yaml.Node){"what": r.Str(&g.needs), "clause": r.Str(&g.clause)})
			if !slices.Contains(needs, g.needs) {
				r.wrong(n, "trouble.file.guard", "value", g.needs, "what", m.move)
			}
			m.guards = append(m.guards, g)
		}),
	})
	if m.move == "" || len(m.from) == 0 || len(m.becomes) == 0 || len(m.who) == 0 || m.clause == "" {
		r.wrong(n, "trouble.file.part", "what", m.move, "parts", "move, from, becomes, who, clause")
	}
	for _, w := range m.who {
		if w != System && !who.Role(w).Valid() {
			r.wrong(n, "trouble.file.role", "value", w, "what", m.move)
		}
	}
	return m
}

// spread makes a row of each state the move starts from. "none" is before a ticket is, "any" is every state.
func (t *table) spread(r *reader, m moveFile) {
	from, becomes := t.named(r, m, m.from), t.named(r, m, m.becomes)
	if len(becomes) > 1 && !m.told {
		r.wrong(m.at, "trouble.file.many", "what", m.move)
	}
	beyond := false
	for _, was := range from {
		for _, became := range becomes {
			one := m.row
			one.was, one.became = was, became
			one.hidden = m.hidden || m.told
			if !m.told && was != "" && !tmfLegal(t.states[was].tmf, t.states[became].tmf) {
				if beyond = true; m.beyond == "" {
					r.wrong(m.at, "trouble.file.tmf-step", "what", m.move, "from", t.states[was].tmf, "to", t.states[became].tmf)
				}
			}
			key := [3]string{string(was), m.move, string(became)}
			same := func(o row) bool { return o.was == was && o.move == m.move && !m.told }
			if _, twice := t.index[key]; twice || slices.ContainsFunc(t.rows, same) {
				r.wrong(m.at, "trouble.file.double", "what", string(was)+" "+m.move)
				continue
			}
			t.index[key] = len(t.rows)
			t.rows = append(t.rows, one)
		}
	}
	if m.beyond != "" && !beyond {
		r.wrong(m.at, "trouble.file.beyond", "what", m.move)
	}
}

func (t *table) named(r *reader, m moveFile, names []string) []State {
	var all []State
	for _, name := range names {
		switch _, known := t.states[State(name)]; {
		case name == "any":
			all = append(all, t.order...)
		case name == "none":
			all = append(all, "")
		case known:
			all = append(all, State(name))
		default:
			r.wrong(m.at, "trouble.file.state", "value", name, "what", m.move)
		}
	}
	return all
}

// check walks the table: each state is reached by moves of ours, or is told by lists; each has a way out that a person has.
func (t *table) check(r *reader, at map[State]*yaml.Node) {
	reached := map[State]bool{"": true}
	for grew := true; grew; {
		grew = false
		for _, one := range t.rows {
			if reached[one.was] && !reached[one.became] && (t.states[one.became].fed || !t.told(one)) {
				reached[one.became], grew = true, true
			}
		}
	}
	for _, s := range t.order {
		if !reached[s] {
			r.wrong(at[s], "trouble.file.unreached", "what", string(s))
		}
		out := func(o row) bool { return o.was == s && o.became != s && !o.hidden }
		if !slices.ContainsFunc(t.rows, out) {
			r.wrong(at[s], "trouble.file.no-way-out", "what", string(s))
		}
	}
	if len(t.order) == 0 {
		r.wrong(nil, "trouble.file.part", "what", r.file, "parts", "states, moves")
	}
}

// told tells whether a row is one of a list's or takes another back: such a row reaches no state by itself.
func (t *table) told(o row) bool { return o.move == "follow" || o.move == "arrive" || o.move == "undo" }
