package web

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"sapa/internal/phrase"
	"sapa/internal/staff"
	"sapa/internal/who"
)

// frame is what every page has around it.
type frame struct {
	Title    string
	Lang     phrase.Lang
	Theme    string
	By       who.Actor
	Site     string
	Practice bool
	Now      time.Time // in the site's zone
	Nav      []navItem
	Said     *said
	Keys     []keyHint // of this screen
	Screen   string
	KeysOn   bool
	Path     string
	Press    string // a fresh key for the forms of this page
	Clause   string // what the footer cites: document, revision, clause
	Searches bool   // may look for tickets
}

type navItem struct {
	Label, Href, Key string
	On               bool
}

// htmxConfig tells the vendored library to add no style of its own, and when a silent house counts as gone.
const htmxConfig = `{"includeIndicatorCSS":false,"defaultTimeout":20000}`

// said is a sentence about what was just done or refused.
type said struct{ Kind, Text string }

// T says a sentence of the catalogue.
func (f frame) T(key string, values ...any) string { return phrase.Say(f.Lang, key, values...) }

// Clock prints a time of the site.
func (f frame) Clock(t time.Time) string { return phrase.Clock(f.Lang, t.In(f.Now.Location())) }

// frame makes the frame of a page for who asks.
func (s *Server) frame(r *request, title string) frame {
	f := frame{Title: title, Lang: r.lang, Theme: r.theme, By: r.by, Site: s.SiteName, Practice: s.Practice, Now: s.Clock().In(s.Site),
		KeysOn: r.keys, Path: r.URL.Path, Press: freshKey(), Searches: r.by.ID != 0 && staff.May(r.by, staff.ActSearch) == nil}
	for _, n := range []struct {
		say, href, key string
		act            staff.Act
	}{
		{"web.nav.desk", "/desk", "g d", staff.ActWork}, {"web.nav.intake", "/intake", "g i", staff.ActOpenTicket}, {"web.nav.lead", "/lead", "g b", staff.ActAttention},
		{"ideas.nav", "/lead/ideas", "g e", staff.ActIdeas}, {"ideas.forms", "/forms", "g f", staff.ActForm},
		{"knowledge.nav", shelfPath, "g k", staff.ActReadKnowledge},
		{"registration.nav", registrationsPath, "g r", staff.ActReadRegistration},
		{"web.nav.outbox", "/outbox", "g o", staff.ActReadOutbox}, {"web.nav.shift", "/shift", "g s", staff.ActReadiness},
		{"control.nav", procedurePath, "g p", staff.ActReadDocument}, {"page.notice.title", "/notices", "", staff.ActNotice},
		{"web.nav.settings", "/admin/settings", "g a", staff.ActReadSettings},
	} {
		if r.by.ID != 0 && staff.May(r.by, n.act) == nil {
			f.Nav = append(f.Nav, navItem{r.T(n.say), n.href, n.key, strings.HasPrefix(r.URL.Path, n.href)})
		}
	}
	for i := range f.Nav { // a page within another's is the one that is open
		f.Nav[i].On = f.Nav[i].On && !slices.ContainsFunc(f.Nav, func(n navItem) bool { return n.On && len(n.Href) > len(f.Nav[i].Href) })
	}
	return f
}

// on names the screen, whose keys the page's footer and the ? sheet show.
func (f frame) on(screen string) frame {
	f.Screen = screen
	if ownKey(screen, "g") { // it does something here and begins no pair: pages are in the palette
		for i := range f.Nav {
			f.Nav[i].Key = ""
		}
	}
	for _, k := range hints(screen, f.Lang) {
		if page, goes := strings.CutPrefix(strings.ToLower(strings.Join(k.Caps, " ")), "g "); goes && !slices.ContainsFunc(f.Nav, func(n navItem) bool { return n.Key == "g "+page }) {
			continue // a page this person does not have
		}
		f.Keys = append(f.Keys, k)
	}
	return f
}

// without leaves out the hint of a key that this page does not offer to this person.
func (f frame) without(say string) frame {
	f.Keys = slices.DeleteFunc(slices.Clone(f.Keys), func(k keyHint) bool { return k.Text == f.T(say) })
	return f
}

const sayCookie = "sapa-say"

// say keeps a sentence for the next page.
func (s *Server) say(w http.ResponseWriter, kind, text string) {
	s.setCookie(w, sayCookie, base64.RawURLEncoding.EncodeToString([]byte(kind+"\n"+text)), 30, false)
}

// heard reads the sentence kept for this page, once.
func (s *Server) heard(w http.ResponseWriter, r *request) *said {
	c, err := r.Cookie(sayCookie)
	if err != nil || c.Value == "" || quiet(r.Request) { // what the page fetches by itself shows nobody a sentence
		return nil
	}
	s.setCookie(w, sayCookie, "", -1, false)
	b, err := base64.RawURLEncoding.DecodeString(c.Value)
	kind, text, ok := strings.Cut(string(b), "\n")
	if err != nil || !ok || (kind != "refused" && kind != "done") {
		return nil
	}
	return &said{kind, text}
}

// within is the page of this house that the reader came from, or their first page.
func within(r *request) string {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host != r.Host || u.Path == r.URL.Path || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") {
		return "/"
	}
	return u.RequestURI()
}

// initials are shown in the round mark: DM for Dinda Maharani.
func initials(name string) string {
	var out []rune
	for _, word := range strings.Fields(name) {
		out = append(out, unicode.ToUpper([]rune(word)[0]))
		if len(out) == 2 {
			break
		}
	}
	return string(out)
}

// firstName is how the desk speaks to a colleague.
func firstName(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}

// zoneNow prints the clock of a zone by its IANA name.
func zoneNow(f frame, zone string) string {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return ""
	}
	return phrase.Clock(f.Lang, f.Now.In(loc))
}

func saidRole(s *said) string {
	if s.Kind == "refused" {
		return "alert"
	}
	return "status"
}

func groupShown(keys []keyHint, group string) bool {
	for _, k := range keys {
		if k.Group == group {
			return true
		}
	}
	return false
}
