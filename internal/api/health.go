package api

import (
	_ "embed"
	"net/http"

	"sapa/internal/fault"
	"sapa/internal/staff"
)

// description is the contract of this door; a test holds every answer against it.
//
//go:embed openapi.yaml
var description []byte

// open makes a route for which nobody needs to be known.
func open(pattern string, serve http.HandlerFunc) route {
	return route{staff.Route{Method: http.MethodGet, Pattern: pattern, Open: true}, serve}
}

// Description is openapi.yaml.
func Description() []byte { return description }

type health struct {
	Status string `json:"status"`
}

// livez says that the process answers.
func (a *API) livez(w http.ResponseWriter, r *http.Request) {
	a.answer(w, r, http.StatusOK, health{"ok"})
}

// readyz says whether the house can take writes, and why not.
func (a *API) readyz(w http.ResponseWriter, r *http.Request) {
	if err := a.Store.Ready(r.Context()); err != nil {
		if fault.Of(err) == nil {
			err = fault.New(fault.Busy, "api.not-ready").Because(err)
		}
		a.refuse(w, r, err)
		return
	}
	a.answer(w, r, http.StatusOK, health{"ok"})
}

func (a *API) openapi(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/yaml")
	_, _ = w.Write(description)
}
