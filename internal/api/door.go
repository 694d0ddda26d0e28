package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/staff"
	"sapa/internal/who"
)

// maxBody is the largest body read, in bytes (trust.md 1.8).
const maxBody = 1 << 20

// route is a door with what stands behind it.
type route struct {
	staff.Route
	serve http.HandlerFunc
}

// seen is a safe request by somebody who may.
type seen struct {
	by who.Actor
	*http.Request
}

// done is what an act answers; a nil body is 204.
type done struct {
	status int
	body   any
}

// look makes a route that reads: one short transaction, any number of times.
func (a *API) look(method, pattern string, act staff.Act, read func(tx *db.Tx, r seen) (any, error)) route {
	return route{staff.Route{Method: method, Pattern: pattern, Act: act}, func(w http.ResponseWriter, r *http.Request) {
		by, err := a.enter(r, act)
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		var body any
		err = a.Store.Read(r.Context(), func(tx *db.Tx) (err error) {
			body, err = read(tx, seen{by, r})
			return err
		})
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		a.answer(w, r, http.StatusOK, body)
	}}
}

// ask makes a route that reads but takes a body, so that what is looked for does not stand in a URL: nothing changes, so
// it needs no key. take takes the fields and says how to read; unknown fields are refused in between.
func (a *API) ask(pattern string, act staff.Act, take func(r seen, f *form) (read func(tx *db.Tx) (any, error))) route {
	return route{staff.Route{Method: http.MethodPost, Pattern: pattern, Act: act}, func(w http.ResponseWriter, r *http.Request) {
		by, err := a.enter(r, act)
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		_, f, err := readForm(w, r)
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		read := take(seen{by, r}, f)
		if err := f.done(); err != nil {
			a.refuse(w, r, err)
			return
		}
		var body any
		err = a.Store.Read(r.Context(), func(tx *db.Tx) (err error) {
			body, err = read(tx)
			return err
		})
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		a.answer(w, r, http.StatusOK, body)
	}}
}

// act makes an unsafe route. The act, its answer and the Idempotency-Key are stored in one transaction, so that the same
// key and body give the same bytes for a week: at once, in parallel, after a cut line and after a restart. Refusals are
// not stored: what was refused did not happen. take takes the fields and says what to do; unknown fields are refused in
// between.
func (a *API) act(method, pattern string, act staff.Act, take func(r seen, f *form) (do func(tx *db.Tx) (done, error))) route {
	return route{staff.Route{Method: method, Pattern: pattern, Act: act}, func(w http.ResponseWriter, r *http.Request) {
		by, err := a.enter(r, act)
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		key, err := keyOf(r)
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		body, f, err := readForm(w, r)
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		do := take(seen{by, r}, f)
		if err := f.done(); err != nil {
			a.refuse(w, r, err)
			return
		}
		ask := db.Ask{Actor: db.ID(by.ID), Key: key, Route: method + " " + r.URL.Path, Body: body}
		answer, err := a.Store.Once(r.Context(), ask, func(tx *db.Tx) (db.Answer, error) {
			d, err := do(tx)
			if err != nil {
				return db.Answer{}, err
			}
			if d.body == nil {
				return db.Answer{Status: http.StatusNoContent, Body: []byte{}}, nil
			}
			b, err := encode(d.body)
			return db.Answer{Status: d.status, Body: b}, err
		})
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		send(w, answer.Status, answer.Body)
	}}
}

// enter finds out who is there and whether they may.
func (a *API) enter(r *http.Request, act staff.Act) (who.Actor, error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return who.Actor{}, fault.New(fault.SignedOut, "staff.token")
	}
	by, err := a.Staff.ByToken(r.Context(), strings.TrimSpace(token))
	if err != nil {
		return by, err
	}
	return by, staff.May(by, act)
}

// keyOf reads the Idempotency-Key. An unsafe call without one could not be repeated after a cut line.
func keyOf(r *http.Request) (string, error) {
	keys := r.Header.Values("Idempotency-Key")
	if len(keys) != 1 || keys[0] == "" || len(keys[0]) > 200 {
		return "", withStatus{fault.New(fault.Invalid, "api.key").At("Idempotency-Key", ""), http.StatusBadRequest}
	}
	for _, c := range []byte(keys[0]) {
		if c < ' ' || c > '~' {
			return "", withStatus{fault.New(fault.Invalid, "api.key").At("Idempotency-Key", ""), http.StatusBadRequest}
		}
	}
	return keys[0], nil
}

// readForm reads a JSON body within its limits.
func readForm(w http.ResponseWriter, r *http.Request) ([]byte, *form, error) {
	if given := r.Header.Get("Content-Type"); given != "" {
		if media, _, err := mime.ParseMediaType(given); err != nil || media != "application/json" {
			return nil, nil, withStatus{fault.New(fault.Invalid, "api.media"), http.StatusUnsupportedMediaType}
		}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &big):
		return nil, nil, withStatus{fault.New(fault.Invalid, "api.too-large", "max", maxBody), http.StatusRequestEntityTooLarge}
	case err != nil:
		return nil, nil, withStatus{fault.New(fault.Invalid, "api.cut").Because(err), http.StatusBadRequest}
	}
	f, err := newForm(body)
	return body, f, err
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}

func (a *API) answer(w http.ResponseWriter, r *http.Request, status int, v any) {
	b, err := encode(v)
	if err != nil {
		a.refuse(w, r, err)
		return
	}
	send(w, status, b)
}

func send(w http.ResponseWriter, status int, body []byte) {
	if len(body) > 0 {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // the act is stored whether or not anybody still listens
}
