package practice

import (
	"fmt"
	"math"
	"time"

	"sapa/internal/booking"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/device"
	"sapa/internal/line"
	"sapa/internal/who"
)

// noSlots is the exchange whose technicians have no time at all (SOP 5.2.10.i.bpn).
const noSlots = "XBP"

// light is what the far end of a customer's fibre receives.
type light string

const (
	good   light = "good"
	low    light = "low"    // too little: the fault is in the cable
	los    light = "los"    // none: the red lamp
	high   light = "high"   // too much
	silent light = "silent" // the tool does not answer
)

// poor tells whether a measurement would say UNSPEC.
func (l light) poor() bool { return l == low || l == los }

// lightOf draws by the mixture of domain 8.3: 85 of a hundred N(-20, 2) dBm, 10 from -24.1 to -30, 3 without a value, 2
// above -13. One in fifty of the good ones cannot be measured just now.
func (f *floor) lightOf() light {
	switch n := f.rnd.IntN(100); {
	case n < 85 && f.rnd.IntN(50) == 0:
		return silent
	case n < 85:
		return good
	case n < 95:
		return low
	case n < 98:
		return los
	}
	return high
}

// reading is what the measuring tool answers on a line with such light.
func (f *floor) reading(c invented, l light) line.Reading {
	tenth := func(v float64) *float64 { v = math.Round(v*10) / 10; return &v }
	length := float64(400 + f.rnd.IntN(4200))
	r := line.Reading{OperStatus: "online", OnuTxPwr: tenth(2.2 + f.rnd.Float64()*0.6), OltTxPwr: tenth(3.1 + f.rnd.Float64()), FiberLength: &length,
		Network: "normal", Identifier: c.olt() + " 1/" + fmt.Sprint(1+f.rnd.IntN(8)) + "/" + fmt.Sprint(1+f.rnd.IntN(15)),
		MeasureID: fmt.Sprintf("UKUR-LATIHAN-%06d", f.rnd.IntN(1_000_000)), Hostname: "radius.latihan.invalid", StatusCPE: "terhubung"}
	switch l {
	case good:
		r.OnuRxPwr = tenth(min(max(-20+2*f.rnd.NormFloat64(), -23.9), -13.1))
	case low:
		r.OnuRxPwr, r.Network = tenth(-24.1-f.rnd.Float64()*5.9), "redaman tinggi"
	case high:
		r.OnuRxPwr, r.Network = tenth(-12.9+f.rnd.Float64()*4), "daya berlebih"
	case los:
		r.OperStatus, r.OnuTxPwr, r.Network, r.StatusCPE = "LOS", nil, "LOS", "terputus"
	case silent:
		return line.Reading{MeasureID: r.MeasureID, Hostname: r.Hostname, Message: "Timeout: OLT tidak menjawab (latihan)"}
	}
	if r.OnuRxPwr != nil {
		r.OltRxPwr = tenth(*r.OnuRxPwr - 1.5)
	}
	return r
}

// odc is the cabinet that the customer's box hangs on.
func (c invented) odc() string { return "ODC" + c.odp[len("ODP"):len("ODP-MLG-FA")] }

// olt names the customer's OLT in the form of domain 3.3.
func (c invented) olt() string {
	return fmt.Sprintf("GPON%02d-D%d-%s-%d", 1+int(c.odp[len(c.odp)-1])%4, c.region, c.sto, 1+int(c.odp[len("ODC-MLG-F")])%3)
}

// wire gives a customer's services their lines and what the tool answers on them.
func (f *floor) wire(tx *db.Tx, c *invented) error {
	cabinet, box, port := 'A'+rune(f.rnd.IntN(6)), 1+f.rnd.IntN(24), 1+f.rnd.IntN(8)
	c.odp = fmt.Sprintf("ODP-%s-F%c/%02d", c.sto, cabinet, box)
	c.light = f.lightOf()
	answer := f.reading(*c, c.light)
	for _, no := range []string{c.internet, c.voice} {
		if no == "" {
			continue
		}
		l := line.Line{ServiceNo: no, STO: c.sto, ODC: c.odc(), ODP: fmt.Sprintf("%s F%c/D%02d/%02d.%02d", c.odp, cabinet, 1+box%3, box, port),
			OLT: c.olt(), Realm: "latihan.invalid", Technology: line.Fibre}
		if err := line.PutLine(tx, l); err != nil {
			return err
		}
		if err := line.PutRecorded(tx, no, answer); err != nil {
			return err
		}
	}
	return f.plug(tx, *c)
}

// plug gives a customer's services their invented gateway, one for all of them; one without light has not been heard of for a
// while. No ACS has it: on the practice floor people carry out what is asked.
func (f *floor) plug(tx *db.Tx, c invented) error {
	for _, no := range []string{c.internet, c.voice} {
		if no == "" {
			continue
		}
		n, heard, ends := int(no[len(no)-1]-'0'), time.Minute, no[len(no)-4:]
		if c.light == los {
			heard = 7 * time.Hour
		}
		err := device.PutDevice(tx, device.Device{ServiceNo: no, Maker: "Rekaan", Model: fmt.Sprintf("RG-%d", 100+n), Serial: "LATIHAN" + ends, SSID: "Latihan-" + ends,
			InformedAt: f.now.Add(-heard * time.Duration(1+n))})
		if err != nil {
			return err
		}
	}
	return nil
}

// windows in which technicians come, on the exchange's own clock.
var windows = [][2]int{{8, 10}, {10, 12}, {13, 15}, {15, 17}, {18, 20}}

// schedule plans the technicians of every exchange but one for today and the three days after.
func (f *floor) schedule(tx *db.Tx) error {
	var slots []booking.Slot
	seen := map[string]bool{noSlots: true}
	for _, t := range towns {
		if seen[t.sto] {
			continue
		}
		seen[t.sto] = true
		zone := desk.Zone(t.zone, f.Site)
		here := f.now.In(zone)
		for day := range desk.DaysAhead {
			for _, w := range windows {
				at := func(hour int) time.Time {
					return time.Date(here.Year(), here.Month(), here.Day()+day, hour, 0, 0, 0, zone)
				}
				slots = append(slots, booking.Slot{STO: t.sto, From: at(w[0]), Until: at(w[1]), Zone: t.zone, Capacity: f.rnd.IntN(6)})
			}
		}
	}
	_, err := booking.PutSlots(tx, who.House, slots)
	return err
}
