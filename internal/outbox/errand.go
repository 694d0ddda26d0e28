package outbox

import (
	"encoding/json"
	"time"

	"sapa/internal/fault"
	"sapa/internal/phone"
)

// Errand is what a promise to an outside system comes to: a ticket to open there, an entry of a worklog, a new state, in this order; or an
// order. Mark is the same for every try; a carrier that finds it there has been there before.
type Errand struct {
	Mark      string
	Number    string // of a ticket that the other side opened; empty: External
	External  string // the id that a ticket opened by us has there
	ServiceNo string // whose ticket it must be; empty: not known
	Open      *Opening
	Order     *Ordering // a product to be ordered outside; nothing else then counts but External
	Text      string    // of the worklog entry
	Author    string    // login
	At        time.Time
	State     string // as TMF621 names it; empty: stays
	Reason    string // of the state
}

// Opening is a trouble ticket to be opened outside (SOP 5.2.10).
type Opening struct {
	Subject     string `json:"subject"`
	Description string `json:"description"`
	Service     string `json:"service"` // internet, iptv, voice
	ServiceNo   string `json:"service_no"`
	Urgency     string `json:"urgency"` // normal, medium, hard, emergency
}

// Ordering is a product to be ordered outside (SOP 2.c, A-05).
type Ordering struct {
	No, Package, Address, City, STO, ODP, Note string
	Phone                                      phone.Number
	At                                         time.Time
}

// Kinds of a promise about a request to register; the payload is the request's number.
const (
	OrderProduct = "order"        // to be ordered outside
	CancelOrder  = "order-cancel" // what was ordered outside is not wanted any more: a person's, for no API of ours takes it back
)

// Outside is what a promise to an outside ticket system says beside its text: its payload.
type Outside struct {
	Number string   `json:"number,omitempty"` // empty: the one that the care ticket is about
	Theirs bool     `json:"theirs,omitempty"` // the number was issued there, whatever is called so here
	State  string   `json:"state,omitempty"`
	Reason string   `json:"reason,omitempty"`
	Open   *Opening `json:"open,omitempty"`
}

// Payload writes it for a promise.
func (o Outside) Payload() string {
	text, err := json.Marshal(o)
	if err != nil {
		panic(err) // strings only
	}
	return string(text)
}

// Outside reads what a promise says beside its text; without a payload that is nothing.
func (p Promise) Outside() (o Outside, err error) {
	if p.Payload == "" {
		return o, nil
	}
	if err := json.Unmarshal([]byte(p.Payload), &o); err != nil {
		return o, fault.New(fault.Invalid, "outbox.payload").Because(err)
	}
	return o, nil
}
