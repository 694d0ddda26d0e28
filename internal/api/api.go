// Package api is the door for machines: REST under /api/v1 as openapi.yaml says, and the health of the server. It checks
// who is there and what they may do, reads bodies strictly, and lets the seats below do the acts. It decides nothing of
// the work, and nobody comes in here by cookie.
package api

import (
	"log/slog"
	"net/http"
	"strings"

	"sapa/internal/control"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/device"
	"sapa/internal/lead"
	"sapa/internal/line"
	"sapa/internal/staff"
)

// Parts is what the API stands on.
type Parts struct {
	Store *db.DB
	Staff *staff.Staff
	Seat  *desk.Seat
	Meter *line.Meter  // nil: over the recorded table of lines
	Log   *slog.Logger // nil: slog.Default

	Devices *device.Operator // nil: people carry device actions out

	Outages *lead.Settler // nil: one of its own

	Tests map[string][]string // which tests speak of a clause

	Control *control.Seat // nil: one over the seat's campaigns
}

// API answers machines.
type API struct {
	Parts
	mux   *http.ServeMux
	paths *http.ServeMux // the same patterns without methods, to tell a wrong method from a wrong path
}

// New makes the handler for every path of Routes and for everything else under /api/.
func New(p Parts) http.Handler {
	if p.Log == nil {
		p.Log = slog.Default()
	}
	if p.Meter == nil {
		p.Meter = line.NewMeter(p.Store, line.Recorded{Store: p.Store}, Recorded)
	}
	if p.Devices == nil {
		p.Devices = &device.Operator{Store: p.Store, Log: p.Log}
	}
	if p.Outages == nil {
		p.Outages = &lead.Settler{Store: p.Store, Follow: p.Seat, Hub: p.Seat.Hub, Site: p.Seat.Site}
	}
	if p.Control == nil {
		p.Control = &control.Seat{Campaigns: p.Seat.Campaigns, Hub: p.Seat.Hub, Site: p.Seat.Site}
	}
	a := &API{Parts: p, mux: http.NewServeMux(), paths: http.NewServeMux()}
	methods := map[string][]string{}
	for _, r := range a.routes() {
		a.mux.HandleFunc(r.Method+" "+r.Pattern, r.serve)
		methods[r.Pattern] = append(methods[r.Pattern], r.Method)
	}
	for pattern, allowed := range methods {
		a.paths.HandleFunc(pattern, a.wrongMethod(allowed))
	}
	a.paths.HandleFunc("/", a.noSuchPath)
	return a
}

// Recorded is what measurements from the recorded table say they come from.
const Recorded = "ibooster-rekaman"

// Paths lists the path prefixes that belong to the API, for the one mux of the server.
var Paths = []string{"/api/", "/livez", "/readyz"}

// ServeHTTP sets what holds for every answer and finds the route.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	// A pattern of another path may match as well, as {no} does where /trouble/feed takes no GET: the path's own methods count.
	_, pattern := a.mux.Handler(r)
	_, path := a.paths.Handler(r)
	if _, own, _ := strings.Cut(pattern, " "); pattern == "" || own != path {
		a.paths.ServeHTTP(w, r)
		return
	}
	a.mux.ServeHTTP(w, r)
}
