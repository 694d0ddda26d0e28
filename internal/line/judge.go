package line

import (
	"math"
	"strings"
)

// Verdicts of a measurement.
const (
	Spec   = "SPEC"
	Unspec = "UNSPEC"
	Failed = "FAILED"
)

// Classes of a fault. Admin comes from the symptom only, never from a measurement.
const (
	Logic = "logic"
	Fisik = "fisik"
	Admin = "admin"
)

// Reading is what the measuring tool answers (domain 2.4). Powers are dBm; nil is a value it did not give. A measurement
// that failed brings a Message and no power at all.
type Reading struct {
	OperStatus   string   `json:"oper_status,omitempty"`
	OnuRxPwr     *float64 `json:"onu_rx_pwr,omitempty"`
	OnuTxPwr     *float64 `json:"onu_tx_pwr,omitempty"`
	OltRxPwr     *float64 `json:"olt_rx_pwr,omitempty"`
	OltTxPwr     *float64 `json:"olt_tx_pwr,omitempty"`
	FiberLength  *float64 `json:"fiber_length,omitempty"` // metres
	Network      string   `json:"status_jaringan,omitempty"`
	Identifier   string   `json:"identifier,omitempty"` // OLT and port
	MeasureID    string   `json:"id_ukur,omitempty"`
	NasIP        string   `json:"nas_ip,omitempty"`
	Hostname     string   `json:"hostname,omitempty"`
	ClID         string   `json:"clid,omitempty"`
	StatusCPE    string   `json:"status_cpe,omitempty"`
	SessionStart string   `json:"session_start,omitempty"`
	Message      string   `json:"message,omitempty"`
}

func (r Reading) powers() []*float64 {
	return []*float64{r.OnuRxPwr, r.OnuTxPwr, r.OltRxPwr, r.OltTxPwr}
}

// failed tells whether the tool says that it could not measure.
func (r Reading) failed() bool {
	for _, p := range r.powers() {
		if p != nil {
			return false
		}
	}
	return strings.TrimSpace(r.Message) != ""
}

// Rule says when a line is in spec, in dBm, both ends included.
type Rule struct{ RxMin, RxMax float64 }

// DefaultRule is the store's first one.
var DefaultRule = Rule{RxMin: -24, RxMax: -13}

// What no receiver shows: a rule may not lie beyond, and a value that does is no measurement.
const lowest, highest = -70, 20

func (r Rule) valid() bool { return lowest <= r.RxMin && r.RxMin < r.RxMax && r.RxMax <= highest }

// Judge gives the verdict and the class of a reading. In spec is what the rule's ends include; a missing value, or one that
// is no number, is out of spec; what was not measured has no class, because nothing is known of it.
//
// SOP 5.2.10.j: SPEC or UNSPEC. SOP 5.2.10.k: the class that symptoms are chosen by.
func Judge(r Reading, rule Rule) (verdict, class string) {
	switch {
	case r.failed():
		return Failed, ""
	case r.OnuRxPwr != nil && rule.RxMin <= *r.OnuRxPwr && *r.OnuRxPwr <= rule.RxMax: // false for NaN
		return Spec, Logic
	}
	return Unspec, Fisik
}

// clean takes out values that nothing can have - no number, no power a receiver shows, a fibre round the earth - and names
// their fields, so that what a lying source says is neither judged nor lost without a word.
func clean(r Reading) (Reading, string) {
	var doubt []string
	sift := func(p **float64, name string, low, high float64) {
		if v := *p; v != nil && (math.IsNaN(*v) || *v < low || *v > high) {
			*p, doubt = nil, append(doubt, name)
		}
	}
	sift(&r.OnuRxPwr, "onu_rx_pwr", lowest, highest)
	sift(&r.OnuTxPwr, "onu_tx_pwr", lowest, highest)
	sift(&r.OltRxPwr, "olt_rx_pwr", lowest, highest)
	sift(&r.OltTxPwr, "olt_tx_pwr", lowest, highest)
	sift(&r.FiberLength, "fiber_length", 0, 200_000)
	for _, s := range []*string{&r.OperStatus, &r.Network, &r.Identifier, &r.MeasureID, &r.NasIP, &r.Hostname, &r.ClID, &r.StatusCPE, &r.SessionStart, &r.Message} {
		*s = short(*s)
	}
	return r, strings.Join(doubt, " ")
}

// short makes a text of a source fit for keeping: valid, one line, at most 200 characters.
func short(s string) string {
	s = strings.Join(strings.Fields(strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f || c == '\uFFFD' {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(s, " "))), " ")
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200])
	}
	return s
}
