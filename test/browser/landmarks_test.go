package browser

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// box is where something is on the screen, in pixels.
type box struct{ x, y, w, h float64 }

// landmark is something the eye finds its way by, with where the design study has it at 1366x768 and at 1920x1080. The
// study's pages were measured once in Chromium (light, id). sides says what must agree: x, y, w, h; Y is y seen from the
// first landmark that has a "0" in its sides, where what stands above is not the same as in the study.
type landmark struct {
	name, at, sides string
	study           [2]box
}

// near is how far a landmark may be from the study's, in pixels.
const near = 8

var sizes = [2][2]int64{{1366, 768}, {1920, 1080}}

var studies = []struct {
	name, login, path string
	once              func(p *tab)
	marks             []landmark
}{
	// The form stands in the middle; the study's has a passkey and a link below and a warning that Caps Lock is on, the
	// practice floor has its logins: so heights count from the title, and the button's place does not.
	{name: "sign-in", path: "/sign-in", marks: []landmark{
		{"hero", ".hero", "xywh", [2]box{{0, 0, 683, 768}, {0, 0, 960, 1080}}},
		{"name", ".hero h1", "xywh", [2]box{{52, 317, 579, 92}, {52, 473, 856, 92}}},
		{"clocks", ".hero .zn", "xywh", [2]box{{52, 672, 579, 52}, {52, 984, 856, 52}}},
		{"side", ".lf", "xywh", [2]box{{683, 0, 683, 768}, {960, 0, 960, 1080}}},
		{"form", ".lf form.door", "xw", [2]box{{849, 150, 352, 468}, {1264, 306, 352, 468}}},
		{"title", ".lf form.door h2", "0xwh", [2]box{{849, 150, 352, 32}, {1264, 306, 352, 32}}},
		{"login", "#login", "xYwh", [2]box{{849, 254, 352, 44}, {1264, 410, 352, 44}}},
		{"password", "#password", "xYwh", [2]box{{849, 336, 352, 44}, {1264, 492, 352, 44}}},
		{"button", ".lf form.door .btn.pri", "xwh", [2]box{{849, 420, 352, 46}, {1264, 576, 352, 46}}},
	}},
	{name: "shift", login: shiftAgent, path: "/shift", marks: []landmark{
		{"top", ".top", "xywh", [2]box{{0, 0, 1366, 52}, {0, 0, 1920, 59}}},
		{"main", ".shift", "xywh", [2]box{{0, 52, 1366, 688}, {150, 59, 1620, 990}}},
		{"left", ".shift > *:first-child", "xyw", [2]box{{44, 84, 818, 634}, {200, 95, 1004, 929}}},
		{"right", ".shift > *:last-child", "xyw", [2]box{{894, 84, 428, 634}, {1239, 95, 482, 929}}},
		{"ring", ".ring", "xywh", [2]box{{44, 84, 64, 64}, {200, 95, 72, 72}}},
		{"hello", ".shift h1", "xyh", [2]box{{128, 89, 600, 32}, {294, 100, 675, 36}}},
		{"tile 1", ".apps:not(.lite) .app-t:nth-child(1)", "xywh", [2]box{{44, 200, 266, 92}, {200, 225, 327, 103}}},
		{"tile 2", ".apps:not(.lite) .app-t:nth-child(2)", "xywh", [2]box{{320, 200, 266, 92}, {538, 225, 327, 103}}},
		{"tile 3", ".apps:not(.lite) .app-t:nth-child(3)", "xywh", [2]box{{596, 200, 266, 92}, {876, 225, 327, 103}}},
		{"small tile 1", ".apps.lite .app-t:nth-child(1)", "xwh", [2]box{{44, 446, 197, 84}, {200, 501, 242, 94}}},
		{"small tile 4", ".apps.lite .app-t:nth-child(4)", "xwh", [2]box{{665, 446, 197, 84}, {961, 501, 242, 94}}},
		{"phone", ".shift > *:last-child .panel", "xyw", [2]box{{894, 84, 428, 196}, {1239, 95, 482, 220}}},
		{"start", ".shift > *:last-child .btn.pri", "xywh", [2]box{{894, 642, 428, 52}, {1239, 938, 482, 59}}},
		{"foot", ".foot", "xywh", [2]box{{0, 740, 1366, 28}, {0, 1049, 1920, 32}}},
	}},
	// Steps are as high as what is in them; the study's customer has an alert above the name, and its
	// queue a scroll bar that the page does not need.
	{name: "desk", login: landmarkAgent, path: "/desk", once: func(p *tab) {
		mixed(p.t, landmarkAgent, "fresh-lapul")
		h := p.takes()
		p.answered(h)
		p.answers(h, "receiver", "reporter", "status", "contacted", "reason_1", "sukses", "reason_2", "paham")
	}, marks: []landmark{
		{"top", ".top", "xywh", [2]box{{0, 0, 1366, 52}, {0, 0, 1920, 59}}},
		{"queue", ".q", "xywh", [2]box{{0, 52, 220, 688}, {0, 59, 306, 990}}},
		{"next", ".q .next", "x", [2]box{{12, 88, 185, 169}, {14, 99, 278, 143}}},
		{"centre", ".ctr", "xywh", [2]box{{220, 52, 782, 688}, {306, 59, 1119, 990}}},
		{"customer", ".c360", "xywh", [2]box{{1002, 52, 364, 688}, {1425, 59, 495, 990}}},
		{"customer head", ".c360 section", "xw", [2]box{{1017, 146, 335, 71}, {1442, 164, 463, 138}}},
		{"call bar", ".callbar", "xywh", [2]box{{236, 6, 764, 40}, {324, 6, 1099, 45}}},
		{"ticket head", ".tk-h", "xywh", [2]box{{220, 52, 782, 44}, {306, 59, 1119, 50}}},
		{"ribbon", ".ribbon", "xywh", [2]box{{236, 96, 750, 50}, {324, 108, 1083, 56}}},
		{"gutter", ".step.done .g", "xyw", [2]box{{236, 156, 58, 24}, {324, 175, 65, 27}}},
		{"step", ".step.done .body", "xyw", [2]box{{304, 156, 682, 33}, {401, 175, 1007, 56}}},
		{"cascade", ".casc", "xw", [2]box{{317, 348, 656, 213}, {415, 516, 978, 187}}},
		{"column a", ".casc > div:nth-child(1)", "xw", [2]box{{318, 349, 218, 211}, {416, 517, 325, 185}}},
		{"column c", ".casc > div:nth-child(3)", "xw", [2]box{{754, 349, 218, 211}, {1066, 517, 325, 185}}},
		{"act", ".act", "xywh", [2]box{{220, 679, 782, 61}, {306, 980, 1119, 69}}},
		{"foot", ".foot", "xywh", [2]box{{0, 740, 1366, 28}, {0, 1049, 1920, 32}}},
	}},
	{name: "intake", login: "tier1", path: "/intake", marks: []landmark{
		{"top", ".top", "xywh", [2]box{{0, 0, 1366, 52}, {0, 0, 1920, 59}}},
		{"queue", ".q", "xywh", [2]box{{0, 52, 220, 688}, {0, 59, 306, 990}}},
		{"centre", ".ctr", "xywh", [2]box{{220, 52, 782, 688}, {306, 59, 1119, 990}}},
		{"preview", ".c360", "xywh", [2]box{{1002, 52, 364, 688}, {1425, 59, 495, 990}}},
		{"ticket head", ".tk-h", "xywh", [2]box{{220, 52, 782, 44}, {306, 59, 1119, 50}}},
		{"ribbon", ".ribbon", "xyw", [2]box{{236, 96, 750, 50}, {324, 108, 1083, 56}}},
		{"criteria", ".crit", "xw", [2]box{{236, 183, 750, 252}, {324, 206, 1083, 283}}},
		{"criterion a", ".crit > .cr:nth-child(1)", "xwh", [2]box{{236, 183, 371, 57}, {324, 206, 537, 64}}},
		{"criterion b", ".crit > .cr:nth-child(2)", "xwh", [2]box{{615, 183, 371, 57}, {870, 206, 537, 64}}},
		{"act", ".act", "xywh", [2]box{{220, 679, 782, 61}, {306, 980, 1119, 69}}},
		{"foot", ".foot", "xywh", [2]box{{0, 740, 1366, 28}, {0, 1049, 1920, 32}}},
	}},
}

// TestLandmarksMatchTheStudy: at both sizes what the eye finds its way by stands where the design study has it.
func TestLandmarksMatchTheStudy(t *testing.T) {
	for _, one := range studies {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			p := open(t)
			p.arrive(one.login, one.once)
			p.prefer(look{"id", "light"})
			for i, size := range sizes {
				p.size(size[0], size[1])
				p.goTo(one.path)
				var anchor, studied box
				for _, m := range one.marks {
					got, ok := p.box(m.at)
					if !ok {
						t.Errorf("%dx%d: no %s (%s)", size[0], size[1], m.name, m.at)
						continue
					}
					if strings.Contains(m.sides, "0") {
						anchor, studied = got, m.study[i]
					}
					for _, d := range m.apart(i, got, anchor, studied) {
						t.Errorf("%dx%d: %s (%s): %s; the page has %v, the study %v", size[0], size[1], m.name, m.at, d, got, m.study[i])
					}
				}
			}
		})
	}
}

// apart lists the sides that are not near.
func (m landmark) apart(i int, got, anchor, studied box) []string {
	want := m.study[i]
	var all []string
	check := func(side string, got, want float64) {
		if strings.Contains(m.sides, side) && math.Abs(got-want) > near {
			all = append(all, fmt.Sprintf("%s is %.0f, the study's %.0f", side, got, want))
		}
	}
	check("x", got.x, want.x)
	check("y", got.y, want.y)
	check("w", got.w, want.w)
	check("h", got.h, want.h)
	check("Y", got.y-anchor.y, want.y-studied.y)
	return all
}

// box measures the first element a selector finds.
func (p *tab) box(at string) (box, bool) {
	p.t.Helper()
	v := read[[]float64](p, fmt.Sprintf(`(e => { if (!e) return []; const r = e.getBoundingClientRect(); return [r.x, r.y, r.width, r.height].map(Math.round) })(document.querySelector(%q))`, at))
	if len(v) != 4 {
		return box{}, false
	}
	return box{v[0], v[1], v[2], v[3]}, true
}
