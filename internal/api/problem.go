package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/phrase"
)

// problem is an answer that says no, as RFC 9457 writes it.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Kind   string `json:"kind"`
	Detail string `json:"detail"`
	Field  string `json:"field,omitempty"`
	Clause string `json:"clause,omitempty"`
	// What a machine would otherwise read out of the detail.
	Ticket string     `json:"ticket,omitempty"` // which ticket of the call it is about
	No     string     `json:"no,omitempty"`     // the trouble ticket that is in the way
	Legal  []string   `json:"legal,omitzero"`   // moves its state offers the caller
	Next   []slotJSON `json:"next,omitzero"`    // slots with a place left
}

// more adds what else a refusal names.
func (p *problem) more(f *fault.Error) {
	p.Ticket, _ = f.Values[desk.InTicket].(string)
	if f.Kind == fault.Conflict {
		p.No, _ = f.Values["no"].(string)
	}
	if legal, told := f.Values["legal"].(string); told {
		p.Legal = strings.FieldsFunc(legal, func(c rune) bool { return c == ',' || c == ' ' })
	}
	p.Next, _ = f.Values[freeSlots].([]slotJSON)
}

// statuses gives each kind of fault its status (decisions.md, House).
var statuses = map[fault.Kind]int{
	fault.Invalid:   http.StatusUnprocessableEntity,
	fault.Missing:   http.StatusNotFound,
	fault.Conflict:  http.StatusConflict,
	fault.Forbidden: http.StatusForbidden,
	fault.Busy:      http.StatusServiceUnavailable,
	fault.SignedOut: http.StatusUnauthorized,
}

// withStatus is a fault whose status is not its kind's: the header is at fault, not what it carries.
type withStatus struct {
	error
	status int
}

func (e withStatus) Unwrap() error { return e.error }

// retryAfter is for refusals of the kind busy that do not know better, in seconds.
const retryAfter = 2

// refuse writes an error as problem+json in the caller's language. What is no fault is a defect: the log gets all of it,
// the caller only that it was ours.
func (a *API) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		return // nobody listens any more
	}
	lang := phrase.Pick(r.Header.Get("Accept-Language"))
	f := fault.Of(err)
	if f == nil {
		a.Log.Error("request failed", "method", r.Method, "route", r.Pattern, "err", err)
		write(w, problem{Type: "urn:sapa:defect", Title: phrase.Say(lang, "api.title.defect"), Status: http.StatusInternalServerError,
			Kind: "defect", Detail: phrase.Say(lang, "api.defect")})
		return
	}
	switch cause := fault.Of(f.Err); {
	case f.Err == nil:
	case cause != nil: // its values may be a customer's number, which no log keeps
		a.Log.Warn("request refused", "method", r.Method, "route", r.Pattern, "key", f.Key, "cause", cause.Key)
	default:
		a.Log.Warn("request refused", "method", r.Method, "route", r.Pattern, "key", f.Key, "err", f.Err)
	}
	p := problem{Type: "urn:sapa:" + f.Key, Title: phrase.Say(lang, "api.title."+string(f.Kind)), Status: statuses[f.Kind], Kind: string(f.Kind),
		Detail: phrase.Fill(lang, f.Key, f.Values), Field: f.Field, Clause: f.Clause}
	p.more(f)
	var special withStatus
	if errors.As(err, &special) {
		p.Status = special.status
	}
	switch f.Kind {
	case fault.Busy:
		seconds, known := f.Values["seconds"].(int)
		if !known {
			seconds = retryAfter
		}
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
	case fault.SignedOut:
		w.Header().Set("WWW-Authenticate", `Bearer realm="sapa"`)
	}
	write(w, p)
}

func write(w http.ResponseWriter, p problem) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the connection is gone when this fails; there is nobody left to tell
}

func (a *API) wrongMethod(allowed []string) http.HandlerFunc {
	allowed = slices.Clone(allowed)
	if slices.Contains(allowed, http.MethodGet) {
		allowed = append(allowed, http.MethodHead)
	}
	slices.Sort(allowed)
	list := strings.Join(allowed, ", ")
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", list)
		a.refuse(w, r, withStatus{fault.New(fault.Invalid, "api.method", "method", r.Method, "allowed", list), http.StatusMethodNotAllowed})
	}
}

func (a *API) noSuchPath(w http.ResponseWriter, r *http.Request) {
	a.refuse(w, r, fault.New(fault.Missing, "api.path"))
}
