package browser

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/screens anew: the design study's pictures must lie beside the project, in ../shared/design/screens")

// The sheet: one picture a screen, the study on the left and the page on the right, a row a look.
const (
	screens  = root + "/docs/screens"
	pictured = root + "/../shared/design/screens"
	shotW    = 1440 // the size of the study's pictures
	shotH    = 900
	gap      = 8
)

// row is one look of one screen: the study's picture and the look of the page.
type row struct {
	study string
	look  look
}

var sheets = []struct {
	name  string
	login string
	path  string
	once  func(p *tab)
	rows  []row
}{
	{"desk", sheetAgent, "/desk", func(p *tab) {
		mixed(p.t, sheetAgent, "fresh-lapul")
		h := p.takes()
		p.answered(h)
		p.answers(h, "receiver", "reporter", "status", "contacted", "reason_1", "sukses", "reason_2", "paham")
	}, rowsOf("01-workspace")},
	{"intake", "tier1", "/intake?criterion=e&service=152999100000", nil, rowsOf("03-tier1-intake")},
	{"shift", "42167", "/shift", nil, rowsOf("06-shift-start")},
	{"sign-in", "", "/sign-in", nil, rowsOf("07-login")},
}

func rowsOf(study string) []row {
	return []row{{study + ".png", look{"id", "light"}}, {study + "-dark.png", look{"id", "dark"}}, {study + ".en.png", look{"en", "light"}}}
}

// states are what screen 08 shows, on the pages.
var states = []string{"desk empty", "desk unread", "desk refused", "desk keys", "desk palette", "sorry"}

// TestSheet: the sheet that shows study and page side by side is committed and has every screen and look; with -update it
// is made anew, as is the picture of the README.
func TestSheet(t *testing.T) {
	list := []string{}
	for _, s := range sheets {
		for _, r := range s.rows {
			list = append(list, s.name+" "+r.look.String()+" beside "+r.study)
		}
	}
	for _, s := range states {
		list = append(list, "states "+s+" beside 08-states.png")
	}
	want := strings.Join(list, "\n") + "\n"
	if *update {
		makeSheets(t)
		if err := os.WriteFile(filepath.Join(screens, "sheet.txt"), []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(filepath.Join(screens, "sheet.txt"))
	if err != nil || string(got) != want {
		t.Errorf("docs/screens/sheet.txt does not list the screens of this test (%v): go test ./test/browser -run TestSheet -update", err)
	}
	total := int64(0)
	for _, name := range append(names(), "desk.png") {
		f, err := os.Open(filepath.Join(screens, name))
		if err != nil {
			t.Errorf("%v: go test ./test/browser -run TestSheet -update", err)
			continue
		}
		if _, _, err := image.DecodeConfig(f); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if info, err := f.Stat(); err == nil {
			total += info.Size()
		}
		f.Close()
	}
	if total > 6<<20 {
		t.Errorf("the pictures take %d bytes, more than 6 MiB", total)
	}
}

func names() []string {
	all := []string{"sheet-states.jpg"}
	for _, s := range sheets {
		all = append(all, "sheet-"+s.name+".jpg")
	}
	return all
}

func makeSheets(t *testing.T) {
	if err := os.MkdirAll(screens, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, s := range sheets {
		p := open(t)
		p.arrive(s.login, s.once)
		p.size(shotW, shotH)
		sheet := canvas(shotW+gap, len(s.rows)*(shotH/2+gap)-gap)
		for i, r := range s.rows {
			p.prefer(r.look)
			p.goTo(s.path)
			put(sheet, 0, i*(shotH/2+gap), half(studied(t, r.study)))
			put(sheet, shotW/2+gap, i*(shotH/2+gap), half(p.pixels()))
		}
		save(t, "sheet-"+s.name+".jpg", sheet)
		if s.name == "desk" { // README's picture
			p.prefer(look{"id", "light"})
			p.size(1366, 768)
			p.goTo(s.path)
			if err := os.WriteFile(filepath.Join(screens, "desk.png"), p.picture(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	study := studied(t, "08-states.png")
	sheet := canvas(2*(shotW+gap), study.Bounds().Dy())
	put(sheet, 0, 0, study)
	for _, one := range places() {
		i := slices.Index(states, one.name)
		if i < 0 {
			continue
		}
		p := open(t)
		p.allow("404", "422")
		p.arrive(one.login, one.once)
		p.size(shotW, shotH)
		p.prefer(look{"id", "light"})
		p.goTo(one.path)
		if one.then != nil {
			one.then(p)
		}
		put(sheet, shotW+gap+(i%2)*(shotW/2+gap), (i/2)*(shotH/2+gap), half(p.pixels()))
	}
	save(t, "sheet-states.jpg", sheet)
}

func studied(t *testing.T, name string) image.Image {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(pictured, name))
	if err != nil {
		t.Fatalf("the study's pictures are needed to make the sheet: %v", err)
	}
	return decoded(t, b)
}

func (p *tab) pixels() image.Image { return decoded(p.t, p.picture()) }

func decoded(t *testing.T, b []byte) image.Image {
	t.Helper()
	one, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return one
}

func canvas(w, h int) *image.RGBA {
	c := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(c, c.Bounds(), image.NewUniform(color.Gray{0x80}), image.Point{}, draw.Src)
	return c
}

func put(on *image.RGBA, x, y int, one image.Image) {
	draw.Draw(on, one.Bounds().Add(image.Pt(x, y)), one, image.Point{}, draw.Src)
}

// half makes a picture half as wide and high: each pixel is the mean of four.
func half(one image.Image) *image.RGBA {
	src := image.NewRGBA(image.Rect(0, 0, one.Bounds().Dx(), one.Bounds().Dy()))
	draw.Draw(src, src.Bounds(), one, one.Bounds().Min, draw.Src)
	out := image.NewRGBA(image.Rect(0, 0, src.Bounds().Dx()/2, src.Bounds().Dy()/2))
	for y := range out.Bounds().Dy() {
		for x := range out.Bounds().Dx() {
			a, b := src.PixOffset(2*x, 2*y), src.PixOffset(2*x, 2*y+1)
			for c := range 4 {
				sum := int(src.Pix[a+c]) + int(src.Pix[a+4+c]) + int(src.Pix[b+c]) + int(src.Pix[b+4+c])
				out.Pix[out.PixOffset(x, y)+c] = uint8((sum + 2) / 4)
			}
		}
	}
	return out
}

func save(t *testing.T, name string, one image.Image) {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, one, &jpeg.Options{Quality: 84}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(screens, name), b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
