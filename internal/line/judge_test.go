package line

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func dbm(v float64) *float64 { return &v }

// SOP 5.2.10.j: SPEC from -24.0 to -13.0 dBm, both included; a missing value is UNSPEC; a failed measurement is FAILED.
// SOP 5.2.10.k: in spec is a logic fault, out of spec a physical one.
func TestJudgeAtTheBorders(t *testing.T) {
	for _, c := range []struct {
		what           string
		r              Reading
		verdict, class string
	}{
		{"lower end", Reading{OnuRxPwr: dbm(-24)}, Spec, Logic},
		{"below it", Reading{OnuRxPwr: dbm(-24.1)}, Unspec, Fisik},
		{"a hair below", Reading{OnuRxPwr: dbm(math.Nextafter(-24, -25))}, Unspec, Fisik},
		{"upper end", Reading{OnuRxPwr: dbm(-13)}, Spec, Logic},
		{"above it", Reading{OnuRxPwr: dbm(-12.9)}, Unspec, Fisik},
		{"a hair above", Reading{OnuRxPwr: dbm(math.Nextafter(-13, -12))}, Unspec, Fisik},
		{"middle", Reading{OnuRxPwr: dbm(-20)}, Spec, Logic},
		{"zero", Reading{OnuRxPwr: dbm(0)}, Unspec, Fisik},
		{"no light", Reading{OperStatus: "LOS"}, Unspec, Fisik},
		{"nothing", Reading{}, Unspec, Fisik},
		{"no number", Reading{OnuRxPwr: dbm(math.NaN())}, Unspec, Fisik},
		{"endless", Reading{OnuRxPwr: dbm(math.Inf(1))}, Unspec, Fisik},
		{"endless below", Reading{OnuRxPwr: dbm(math.Inf(-1))}, Unspec, Fisik},
		{"only a message", Reading{Message: "ONT tidak terdeteksi"}, Failed, ""},
		{"a message beside a power", Reading{Message: "ok", OnuRxPwr: dbm(-20)}, Spec, Logic},
		{"a message beside another power", Reading{Message: "ok", OltRxPwr: dbm(-20)}, Unspec, Fisik},
		{"blanks for a message", Reading{Message: "  "}, Unspec, Fisik},
	} {
		if v, k := Judge(c.r, DefaultRule); v != c.verdict || k != c.class {
			t.Errorf("%s: %s %s, want %s %s", c.what, v, k, c.verdict, c.class)
		}
	}
}

func TestJudgeAgreesWithItsRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Float64Range(-70, 19).Draw(t, "low")
		rule := Rule{RxMin: low, RxMax: rapid.Float64Range(low+0.1, 20).Draw(t, "high")}
		if !rule.valid() {
			t.Fatalf("%v is a rule", rule)
		}
		rx := rapid.OneOf(rapid.Float64(), rapid.Float64Range(-80, 30),
			rapid.SampledFrom([]float64{rule.RxMin, rule.RxMax, math.NaN(), math.Inf(1), math.Inf(-1)})).Draw(t, "rx")
		verdict, class := Judge(Reading{OnuRxPwr: &rx}, rule)
		inside := !(rx < rule.RxMin) && !(rx > rule.RxMax) && !math.IsNaN(rx)
		if inside != (verdict == Spec) || inside != (class == Logic) || !inside != (verdict == Unspec) || !inside != (class == Fisik) {
			t.Fatalf("%v by %v: %s %s", rx, rule, verdict, class)
		}
		cleaned, doubt := clean(Reading{OnuRxPwr: &rx})
		if kept := cleaned.OnuRxPwr != nil; kept == (doubt == "onu_rx_pwr") || kept && *cleaned.OnuRxPwr != rx {
			t.Fatalf("%v cleaned to %v, doubt %q", rx, cleaned.OnuRxPwr, doubt)
		}
		if v, _ := Judge(cleaned, rule); v != verdict { // what is left out would have been out of spec anyway
			t.Fatalf("%v: %s, cleaned %s", rx, verdict, v)
		}
	})
}

func TestARuleLiesWhereReceiversDo(t *testing.T) {
	for _, r := range []Rule{{-13, -24}, {-20, -20}, {-71, -13}, {-24, 21}, {math.NaN(), -13}, {-24, math.NaN()}, {math.Inf(-1), -13}} {
		if r.valid() {
			t.Errorf("%v is no rule", r)
		}
	}
	if !DefaultRule.valid() {
		t.Error("the default is no rule")
	}
}

func TestTextsOfASourceAreFitForKeeping(t *testing.T) {
	for in, want := range map[string]string{
		" GPON03-D5-SMP-2 \n 1/2 ":   "GPON03-D5-SMP-2 1/2",
		"a\x00b\x1bc\x7f":            "a b c",
		"\xff\xfe":                   "",
		strings.Repeat("é", 300):     strings.Repeat("é", 200),
		"lepas\u0000\ufffd \r\nlagi": "lepas lagi",
	} {
		if got := short(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}
