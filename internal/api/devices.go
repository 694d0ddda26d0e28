package api

import (
	"net/http"
	"strings"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/device"
	"sapa/internal/fault"
	"sapa/internal/phrase"
)

// mostDevice is the longest text about a device; the room itself is stricter.
const mostDevice = 128

// deviceJSON is a customer's device with what was asked of it (SOP 5.1.12).
type deviceJSON struct {
	ServiceNo  string       `json:"service_no"`
	ACS        string       `json:"acs_id"`
	Maker      string       `json:"maker"`
	Model      string       `json:"model"`
	Serial     string       `json:"serial"`
	SSID       string       `json:"ssid"`
	LastInform *string      `json:"last_inform"` // null: never heard of
	ByHand     bool         `json:"by_hand"`     // a person carries actions out
	Actions    []actionJSON `json:"actions"`     // the latest first
}

type actionJSON struct {
	ID          db.ID   `json:"id"`
	ServiceNo   string  `json:"service_no"`
	Kind        string  `json:"kind"`
	State       string  `json:"state"`
	ByHand      bool    `json:"by_hand"`
	SSID        string  `json:"ssid,omitempty"`
	PasswordSet bool    `json:"password_set"` // which one is kept nowhere
	Detail      string  `json:"detail,omitempty"`
	Ticket      *db.ID  `json:"ticket"`
	AskedAt     *string `json:"asked_at"`
	SettledAt   *string `json:"settled_at"`
}

// shapeAction dresses what was asked of a device; people call their Wi-Fi by their names, hence hidden.
func (a *API) shapeAction(r seen, one device.Action, hidden []string) actionJSON {
	j := actionJSON{ID: one.ID, ServiceNo: one.ServiceNo, Kind: one.Kind, State: one.State, ByHand: one.ByHand, SSID: customer.MaskNames(one.SSID, hidden), PasswordSet: one.Secret,
		AskedAt: stamp(one.AskedAt, a.Seat.Site), SettledAt: stamp(one.SettledAt, a.Seat.Site)}
	if one.Why != "" {
		j.Detail = customer.MaskNames(one.Why, hidden)
		if said := phrase.Say(r.lang(), "device.why."+one.Why); said != "device.why."+one.Why {
			j.Detail = said
		}
	}
	if one.Ticket != 0 {
		j.Ticket = &one.Ticket
	}
	return j
}

func (a *API) shapeDevice(tx *db.Tx, r seen, no string) (deviceJSON, error) {
	d, err := device.Get(tx, no)
	if err != nil {
		return deviceJSON{}, err
	}
	owner, err := customer.ByService(tx, no)
	if err != nil && !fault.Is(err, fault.Missing) {
		return deviceJSON{}, err
	}
	hidden, err := desk.Hidden(tx, r.by, owner.ID)
	if err != nil {
		return deviceJSON{}, err
	}
	j := deviceJSON{ServiceNo: d.ServiceNo, ACS: d.ACS, Maker: d.Maker, Model: d.Model, Serial: d.Serial, SSID: customer.MaskNames(d.SSID, hidden),
		LastInform: stamp(d.InformedAt, a.Seat.Site), ByHand: a.Devices.ByHand() || d.ACS == "", Actions: []actionJSON{}}
	all, err := device.Actions(tx, no, 0)
	for _, one := range all {
		j.Actions = append(j.Actions, a.shapeAction(r, one, hidden))
	}
	return j, err
}

func (a *API) readDevice(tx *db.Tx, r seen) (any, error) {
	if _, err := query(r); err != nil {
		return nil, err
	}
	no, err := r.serviceNo()
	if err != nil {
		return nil, err
	}
	return a.shapeDevice(tx, r, no)
}

// putDevice keeps what is on record of a device.
func (a *API) putDevice(r seen, f *form) func(tx *db.Tx) (done, error) {
	d := device.Device{ACS: f.text("acs_id", mostDevice), Maker: f.text("maker", mostDevice), Model: f.text("model", mostDevice), Serial: f.text("serial", mostDevice),
		SSID: f.text("ssid", mostDevice), InformedAt: f.moment("last_inform")}
	return func(tx *db.Tx) (done, error) {
		no, err := r.serviceNo()
		if err != nil {
			return done{}, err
		}
		d.ServiceNo = no
		if err := device.Put(tx, r.by, d); err != nil {
			return done{}, at(err, "service_no")
		}
		j, err := a.shapeDevice(tx, r, no)
		return done{http.StatusOK, j}, err
	}
}

// askDevice keeps an action and hands it to the ACS once that is committed: the answer says asked, never done.
func (a *API) askDevice(r seen, f *form) func(tx *db.Tx) (done, error) {
	o := device.Order{Kind: f.needed("kind", longCode), SSID: f.text("ssid", mostDevice), Password: f.text("password", mostDevice),
		NewPassword: f.yesNo("set_password") == "yes", Confirm: f.needed("confirm", longCode), Again: f.text("again", longCode)}
	return func(tx *db.Tx) (done, error) {
		var err error
		if o.ServiceNo, err = r.serviceNo(); err != nil {
			return done{}, err
		}
		asked, err := desk.AskDevice(tx, a.Devices, r.by, o)
		return done{http.StatusAccepted, a.shapeAction(r, asked, nil)}, err
	}
}

// settleDevice keeps the word of who carried an action out by hand.
func (a *API) settleDevice(r seen, f *form) func(tx *db.Tx) (done, error) {
	result, why := f.needed("result", longCode), strings.TrimSpace(f.text("why", 400))
	if result != "" && result != device.Done && result != device.Failed {
		f.fail(fault.New(fault.Invalid, "device.result"), f.node, "result")
	}
	return func(tx *db.Tx) (done, error) {
		no, err := r.serviceNo()
		if err != nil {
			return done{}, err
		}
		id, ok := parseID(r.PathValue("id"))
		if !ok {
			id = 0 // there is no such action
		}
		settled, err := desk.SettleDevice(tx, r.by, no, id, result == device.Done, why)
		return done{http.StatusOK, a.shapeAction(r, settled, nil)}, err
	}
}
