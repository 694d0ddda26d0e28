package outbox

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"strings"
	"time"

	"sapa/internal/db"
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

// MarkName is what the house is called in its marks: the name it had when it first spoke to an outside. A site that is renamed finds what
// it has said before by it; anew under another name it would be said twice. A house without a name gets one by chance: two of them
// beside one outside must not take the other's marks for their own.
func MarkName(ctx context.Context, store *db.DB, site string) (name string, err error) {
	if site == "" {
		site = strings.ToLower(rand.Text()[:10])
	}
	err = store.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(`INSERT INTO mark_name(id, name) VALUES (1, $1) ON CONFLICT (id) DO NOTHING`, site); err != nil {
			return err
		}
		return tx.Row(`SELECT name FROM mark_name WHERE id = 1`).Scan(&name)
	})
	return name, err
}
