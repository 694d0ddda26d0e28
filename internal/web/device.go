package web

import (
	"net/http"
	"time"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/device"
	"sapa/internal/fault"
	"sapa/internal/phrase"
)

// deviceData is the customer's device beside the line (SOP 5.1.12).
type deviceData struct {
	device.Device
	Known   bool
	ByHand  bool
	Actions []device.Action // the latest first
}

// recentActions is how many the card shows.
const recentActions = 3

func (s *Server) deviceOf(tx *db.Tx, serviceNo string) (d deviceData, err error) {
	d.Device, err = device.Get(tx, serviceNo)
	if fault.Is(err, fault.Missing) {
		return deviceData{}, nil
	}
	if err != nil {
		return d, err
	}
	d.Known, d.ByHand = true, s.Devices.ByHand() || d.ACS == ""
	d.Actions, err = device.Actions(tx, serviceNo, recentActions)
	return d, err
}

// busy tells whether an action may still happen: nothing else is asked meanwhile.
func (d deviceData) busy() bool { return len(d.Actions) > 0 && d.Actions[0].Open() }

// deviceKeys are the keys of the kinds.
var deviceKeys = map[string]string{device.Reboot: "r", device.WiFi: "p", device.FactoryReset: "z"}

// heardOf says when the device was last heard of.
func (p complaintData) heardOf() string {
	at := p.Device.InformedAt
	if at.IsZero() {
		return p.T("device.never")
	}
	return p.T("device.ago", "age", phrase.Age(p.Lang, p.C.Now.Sub(at).Truncate(time.Second)))
}

// actionWhy is why an action failed or expired: a sentence of ours, or the words of the ACS or of who did it.
func (p complaintData) actionWhy(a device.Action) string {
	if a.Why == "" {
		return ""
	}
	if said := p.T("device.why." + a.Why); said != "device.why."+a.Why {
		return said
	}
	return a.Why
}

// deviceAct asks something of the device of the ticket in hand. What was typed is not shown again: it may be a password.
func (s *Server) deviceAct(w http.ResponseWriter, r *request) {
	s.onDevice(w, r, func(tx *db.Tx, no string) error {
		_, err := desk.AskDevice(tx, s.Devices, r.by, device.Order{ServiceNo: no, Kind: r.PostForm.Get("kind"), SSID: r.PostForm.Get("ssid"), Password: r.PostForm.Get("password"),
			NewPassword: r.PostForm.Get("set_password") != "", Confirm: r.PostForm.Get("confirm"), Again: r.PostForm.Get("again")})
		return err
	}, r.T("device.asked"))
}

// deviceSettle keeps the word of who carried an action out by hand.
func (s *Server) deviceSettle(w http.ResponseWriter, r *request) {
	s.onDevice(w, r, func(tx *db.Tx, no string) error {
		id, err := db.ParseID(r.PostForm.Get("action"))
		if err == nil {
			_, err = desk.SettleDevice(tx, r.by, no, id, r.PostForm.Get("result") == device.Done, r.PostForm.Get("why"))
		}
		return err
	}, "")
}

// onDevice does an act on the device of the ticket in hand and goes back to its page.
func (s *Server) onDevice(w http.ResponseWriter, r *request, act func(tx *db.Tx, no string) error, say string) {
	id, err := pathID(r)
	if err != nil {
		s.tell(w, r, "/desk", err)
		return
	}
	back := complaintPath(id)
	if err := r.ParseForm(); err != nil {
		s.sorry(w, r, http.StatusBadRequest, "web.form")
		return
	}
	_, err = s.once(r, func(tx *db.Tx) (string, error) {
		c, err := s.Seat.Complaint(tx, r.by, id, r.PostForm.Get("lease"))
		if err != nil {
			return "", err
		}
		return back, act(tx, c.Ticket.ServiceNo)
	})
	if err != nil {
		s.tell(w, r, back, err)
		return
	}
	if say != "" {
		s.say(w, "done", say)
	}
	http.Redirect(w, r.Request, back, http.StatusSeeOther)
}
