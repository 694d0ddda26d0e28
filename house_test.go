// Package sapa is nothing but the floor plan of the house, enforced: which rooms there are, who may know whom, which library
// lives where, who keeps the clock, who writes which table. A refusal says why the rule is there and what to do instead.
package sapa

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// floors of the house: imports go to lower floors only, rooms on one floor do not know each other. A room of the plan that
// is not built yet is listed too, so that it finds its floor when it comes.
var floors = [][]string{
	{"internal/fault", "internal/yamltext"},
	{"internal/phone", "internal/procedure", "internal/phrase", "internal/who"},
	{"internal/db", "internal/live", "internal/egress", "internal/revise"},
	{"internal/journal"},
	{"internal/staff", "internal/document", "internal/campaign", "internal/ticket", "internal/call", "internal/customer", "internal/trouble",
		"internal/booking", "internal/line", "internal/form", "internal/outage", "internal/knowledge", "internal/registration", "internal/outbox", "internal/device"},
	{"internal/trace"},
	{"internal/desk", "internal/lead", "internal/control"},
	{"internal/intake", "internal/courier", "internal/mirror", "internal/connector", "internal/connector/genieacs", "internal/connector/snmp", "internal/connector/tmf", "internal/connector/tmf653",
		"internal/sip", "internal/practice", "internal/report", "internal/replay", "internal/sheet"},
	{"internal/web", "internal/api"},
	{"cmd/sapa"},
}

// beside stand outside the floors: data, the tests' own tools, and what only tests may import.
var beside = []string{"procedures", "internal/db/dbtest", "internal/document/documenttest", "test"}

// forTests are the rooms that only tests may import.
var forTests = []string{"internal/db/dbtest", "internal/document/documenttest"}

// allowedUp are the arrows on one floor that decisions.md or architecture.md name, each with its reason.
var allowedUp = map[string]string{
	"internal/campaign > internal/document": "a campaign is one revision's procedure with its hours: architecture.md, campaign: which procedure version is live",
	"internal/practice > internal/intake":   "the practice floor opens everything through the doors that are there (decisions.md, House)",
}

// rooms of libraries: where each may be imported, and why nowhere else.
var libraries = []struct {
	prefix string
	rooms  []string
	why    string
}{
	{"database/sql", []string{"internal/db"}, "only db knows which database it is; take a *db.Tx"},
	{"modernc.org/", []string{"internal/db"}, "only db knows which database it is; take a *db.Tx"},
	{"github.com/jackc/pgx", []string{"internal/db"}, "only db knows which database it is; take a *db.Tx"},
	{"github.com/pressly/goose", []string{"internal/db"}, "migrations are run in one place, when the store opens"},
	{"net/http", []string{"internal/egress", "internal/connector/genieacs", "internal/connector/tmf653", "internal/connector/tmf", "internal/web", "internal/api", "cmd/sapa"}, "HTTP stays at the doors; a room below knows no request"},
	{"github.com/a-h/templ", []string{"internal/web"}, "pages are made in one room"},
	{"github.com/wneessen/go-mail", []string{"internal/courier"}, "mail leaves by the courier; everything else makes a promise in outbox"},
	{"github.com/emiago/sipgo", []string{"internal/sip"}, "SIP stays behind call.Dialer"},
	{"github.com/gosnmp/gosnmp", []string{"internal/connector/snmp"}, "SNMP stays behind line.Source"},
	{"github.com/pion/", []string{"internal/sip"}, "media stays behind call.Dialer"},
	{"github.com/xuri/excelize", []string{"internal/intake", "internal/report"}, "spreadsheets come in through intake and go out through report"},
	{"go.yaml.in/yaml", []string{"internal/yamltext", "internal/procedure", "internal/revise", "internal/intake", "internal/trouble", "internal/knowledge", "internal/connector"}, "YAML is read strictly where documents, column maps, the trouble ticket's own tables, the articles an agent reads and the file of connectors (written by people, with lines to say what is wrong) are, and opened by yamltext; everything else takes values"},
	{"github.com/prometheus/", []string{"cmd/sapa"}, "metrics are wired where the process is"},
	{"github.com/sony/gobreaker", []string{"internal/egress"}, "one breaker for everything that leaves the house"},
	{"golang.org/x/crypto", []string{"internal/staff"}, "passwords are hashed in one place"},
}

// worldly packages may not be imported on floor 1: what is pure can be tested with values alone.
var worldly = []string{"os", "net", "context", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand", "io/ioutil", "os/exec", "database/sql"}

// worldlyBut are the exceptions of decisions.md.
var worldlyBut = map[string][]string{"internal/phone": {"log/slog"}} // a number masks itself in logs

// clockwork may be called in cmd only: the clock comes in through tx.Now or a field, so that a test can move it.
var clockwork = []string{"Now", "Since", "Until", "After", "AfterFunc", "Sleep", "NewTimer", "NewTicker", "Tick"}

// clockworkBut are the exceptions, each with its reason.
var clockworkBut = map[string]string{
	"internal/db/postgres.go NewTimer": "a random pause of milliseconds before a retry of 40001; it decides nothing",
}

// skipsBut are tests whose input lies beside the project: they fail in CI when it is missing and say so elsewhere.
var skipsBut = map[string]string{
	"procedures/document_test.go": "the work instruction's own text is beside the project, not in it",
}

type source struct {
	file    string // with slashes, from the root
	room    string // its folder
	test    bool
	made    bool // generated
	syntax  *ast.File
	text    string
	imports []string
}

func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	files := token.NewFileSet()
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "tmp" || d.Name() == "node_modules") {
			return fs.SkipDir
		}
		if d.IsDir() || path.Ext(name) != ".go" || name == "house_test.go" {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		syntax, err := parser.ParseFile(files, name, text, parser.ParseComments)
		if err != nil {
			return err
		}
		s := source{file: name, room: path.Dir(name), test: strings.HasSuffix(name, "_test.go"), made: ast.IsGenerated(syntax), syntax: syntax, text: string(text)}
		for _, i := range syntax.Imports {
			p, _ := strconv.Unquote(i.Path.Value)
			s.imports = append(s.imports, p)
		}
		all = append(all, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 50 {
		t.Fatalf("only %d files found: run this from the root of the house", len(all))
	}
	return all
}

func floorOf(room string) int {
	return slices.IndexFunc(floors, func(rooms []string) bool { return slices.Contains(rooms, room) })
}

func isBeside(room string) bool {
	return slices.ContainsFunc(beside, func(b string) bool { return room == b || strings.HasPrefix(room, b+"/") })
}

func TestEveryRoomIsOnThePlan(t *testing.T) {
	told := map[string]bool{}
	for _, s := range sources(t) {
		if floorOf(s.room) < 0 && !isBeside(s.room) && !told[s.room] {
			told[s.room] = true
			t.Errorf("%s is not on the floor plan. Rooms are nouns of the plan: put the code into the room whose noun it is, or argue a new room in docs/decisions and add it to floors.", s.room)
		}
	}
}

func TestImportsGoDown(t *testing.T) {
	for _, s := range sources(t) {
		here := floorOf(s.room)
		if s.test || here < 0 {
			continue
		}
		for _, p := range s.imports {
			room, ours := strings.CutPrefix(p, "sapa/")
			if !ours {
				continue
			}
			if slices.Contains(forTests, room) || strings.HasPrefix(room, "test") {
				t.Errorf("%s imports %s, which is for tests only.", s.file, room)
				continue
			}
			there := floorOf(room)
			if there < here || isBeside(room) && s.room == "cmd/sapa" || allowedUp[s.room+" > "+room] != "" {
				continue
			}
			t.Errorf("%s (floor %d) imports %s (floor %d). Imports go to lower floors only, or circles follow and then setters. Move the act up to a seat (desk, lead, control), or declare a small interface here and wire it in cmd/sapa.", s.file, here, room, there)
		}
	}
}

func TestLibrariesStayInTheirRooms(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || isBeside(s.room) {
			continue
		}
		for _, p := range s.imports {
			for _, l := range libraries {
				if (p == l.prefix || strings.HasPrefix(p, strings.TrimSuffix(l.prefix, "/")+"/")) && !slices.Contains(l.rooms, s.room) {
					t.Errorf("%s imports %s, which lives in %s: %s.", s.file, p, strings.Join(l.rooms, ", "), l.why)
				}
			}
		}
	}
}

func TestFloorOneTouchesNoWorld(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || floorOf(s.room) != 1 {
			continue
		}
		for _, p := range s.imports {
			if slices.Contains(worldly, p) && !slices.Contains(worldlyBut[s.room], p) {
				t.Errorf("%s imports %s. Floor 1 is pure: take the value as an argument.", s.file, p)
			}
		}
	}
}

func TestTheClockIsPassedIn(t *testing.T) {
	for _, s := range sources(t) {
		load := strings.HasPrefix(s.room, "test/") // programs and torture of the built binary live in real time
		if s.room == "cmd/sapa" || load && !s.test {
			continue
		}
		banned := clockwork
		if s.test {
			banned = []string{"Sleep"} // a test waits for the event, or moves the clock
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(banned, sel.Sel.Name) && clockworkBut[s.file+" "+sel.Sel.Name] == "" {
				t.Errorf("%s uses time.%s. The clock comes in (tx.Now, a field, a func argument), so that a test can move it and two databases agree; in a test, wait for the event.", s.file, sel.Sel.Name)
			}
			return true
		})
	}
}

var (
	creates = regexp.MustCompile(`CREATE TABLE (\w+)\s*\((?: -- of ([a-z]+)\n)?`)
	writes  = regexp.MustCompile(`(?:INSERT INTO|UPDATE|DELETE FROM)\s+([a-z_]+)\b`)
	named   = regexp.MustCompile(`^\d{4}_([a-z]+)\.sql$`)
)

// owners reads who owns which table from the names of the migrations: 0007_ticket.sql's tables are ticket's, but for one that
// says whose it is: "CREATE TABLE x( -- of customer".
func owners(t *testing.T) map[string]string {
	t.Helper()
	owner := map[string]string{}
	files, err := os.ReadDir("internal/db/migrations")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		m := named.FindStringSubmatch(f.Name())
		if m == nil {
			t.Errorf("internal/db/migrations/%s: name it NNNN_room.sql, so that its tables have an owner.", f.Name())
			continue
		}
		text, err := os.ReadFile("internal/db/migrations/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range creates.FindAllStringSubmatch(string(text), -1) {
			if owner[c[1]] = m[1]; c[2] != "" {
				owner[c[1]] = c[2]
			}
		}
	}
	if len(owner) < 10 {
		t.Fatalf("only %d tables found in the migrations", len(owner))
	}
	return owner
}

func TestOneRoomWritesATable(t *testing.T) {
	owner := owners(t)
	for _, s := range sources(t) {
		if s.test || isBeside(s.room) {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			for _, m := range writes.FindAllStringSubmatch(lit.Value, -1) {
				if room := owner[m[1]]; room != "" && s.room != "internal/"+room {
					t.Errorf("%s writes the table %s, which is %s's. Anyone may read it; ask %s for a method that writes it, so that its rules hold for every writer.", s.file, m[1], room, room)
				}
			}
			return true
		})
	}
}

func TestEveryRoomSaysWhatItIsFor(t *testing.T) {
	has := map[string]bool{}
	for _, s := range sources(t) {
		if s.made || s.test && !isBeside(s.room) {
			continue
		}
		has[s.room] = has[s.room] || s.syntax.Doc != nil && len(s.syntax.Doc.Text()) > 40
	}
	for room, said := range has {
		if !said {
			t.Errorf("%s has no package comment. Say in one breath what the room is for and what it will not do.", room)
		}
	}
}

var mapLine = regexp.MustCompile(`^[|\s]*\|- ([\w./-]+)/(?:\s|$)`)

// TestReadmeMapShowsTheHouse: a newcomer finds "where the thing is" in README, so its map must equal the folders.
func TestReadmeMapShowsTheHouse(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	parent := ""
	for _, line := range strings.Split(string(readme), "\n") {
		m := mapLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if strings.HasPrefix(strings.TrimLeft(line, " "), "|  |- ") {
			shown[parent+"/"+m[1]] = true
			continue
		}
		parent = m[1]
		shown[m[1]] = true
	}
	there := map[string]bool{"docs": true}
	for _, s := range sources(t) {
		room := s.room
		if isBeside(room) && strings.Count(room, "/") > 1 {
			continue
		}
		there[room] = true
		if top, _, nested := strings.Cut(room, "/"); nested && top != "cmd" {
			there[top] = true
		}
	}
	for room := range there {
		if !shown[room] && !slices.Contains(forTests, room) {
			t.Errorf("README's map does not show %s: add a line that says what it is for.", room)
		}
	}
	for room := range shown {
		if !there[room] {
			t.Errorf("README's map shows %s, which is not there: take the line away.", room)
		}
	}
}

var unfinished = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`)

func TestNothingHides(t *testing.T) {
	for _, s := range sources(t) {
		if unfinished.MatchString(s.text) {
			t.Errorf("%s has an unfinished mark: finish it, or write it into docs/plan.md.", s.file)
		}
		if !s.test || skipsBut[s.file] != "" {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if ok && slices.Contains([]string{"Skip", "Skipf", "SkipNow", "Short"}, sel.Sel.Name) {
				if x, ok := sel.X.(*ast.Ident); ok && slices.Contains([]string{"t", "b", "f", "testing"}, x.Name) {
					t.Errorf("%s may skip (%s.%s): a test that is not run shows nothing. Make it run, or fail with the remedy.", s.file, x.Name, sel.Sel.Name)
				}
			}
			return true
		})
	}
}

var required = regexp.MustCompile(`(?m)^\t(\S+) (v\S+)$`)

// TestEachLibraryIsAnsweredFor: docs/libraries.md gives each direct library its version, licence and one line of why.
func TestEachLibraryIsAnsweredFor(t *testing.T) {
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("docs/libraries.md")
	if err != nil {
		t.Fatal(err)
	}
	direct := 0
	for _, m := range required.FindAllStringSubmatch(string(mod), -1) {
		direct++
		row := regexp.MustCompile(`(?m)^\| ` + regexp.QuoteMeta(m[1]) + ` \| ` + regexp.QuoteMeta(m[2]) + ` \| (\S.*) \| (\S.*) \|$`)
		if !row.Match(page) {
			t.Errorf("docs/libraries.md has no row for %s %s with its licence and one line of why.", m[1], m[2])
		}
	}
	if direct < 5 {
		t.Fatalf("only %d direct requirements found in go.mod", direct)
	}
}
