package api

import (
	"net/http"

	"sapa/internal/staff"
)

// routes is every door of the API.
func (a *API) routes() []route {
	return []route{
		open("/livez", a.livez),
		open("/readyz", a.readyz),
		open("/api/openapi.yaml", a.openapi),
	}
}

// Routes lists the doors, for `sapa routes` and for the test that walks them with every role.
func Routes() []staff.Route {
	var all []staff.Route
	for _, r := range (&API{}).routes() {
		all = append(all, r.Route)
	}
	return all
}

var _ http.Handler = (*API)(nil)
