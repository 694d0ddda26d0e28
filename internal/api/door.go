package api

import (
	"bytes"
	"context"
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

// act makes an unsafe route that needs nothing from outside the store.
func (a *API) act(method, pattern string, act staff.Act, take func(r seen, f *form) (do func(tx *db.Tx) (done, error))) route {
	return a.actAfter(method, pattern, act, func(r seen, f *form) (prepare, func(tx *db.Tx) (done, error)) { return nil, take(r, f) })
}

// prepare is what an act does before its transaction, since it may take long; it keeps nothing.
type prepare func(ctx context.Context) error

// actAfter makes an unsafe route. The act, its answer and the Idempotency-Key are stored in one transaction, so that the same
// key and body give the same bytes for a week: at once, in parallel, after a cut line and after a restart. Refusals are
// not stored: what was refused did not happen. take takes the fields and says what to do; unknown fields are refused in
// between.
func (a *API) actAfter(method, pattern string, act staff.Act, take func(r seen, f *form) (prepare, func(tx *db.Tx) (done, error))) route {
	return route{staff.Route{Method: method, Pattern: pattern, Act: act}, func(w http.ResponseWriter, r *http.Request) {
		by, f, ask, err := a.enterToAct(w, r, act)
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		before, do := take(seen{by, r}, f)
		if err := f.done(); err != nil {
			a.refuse(w, r, err)
			return
		}
		if before != nil {
			if err := before(r.Context()); err != nil {
				a.refuse(w, r, err)
				return
			}
		}
		answer, err := a.once(r.Context(), ask, do)
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		send(w, answer.Status, answer.Body)
	}}
}

// enterToAct is enter for who comes to change something: with their key and their body.
func (a *API) enterToAct(w http.ResponseWriter, r *http.Request, act staff.Act) (by who.Actor, f *form, ask db.Ask, err error) {
	if by, err = a.enter(r, act); err != nil {
		return by, nil, ask, err
	}
	key, err := keyOf(r)
	if err != nil {
		return by, nil, ask, err
	}
	body, f, err := readForm(w, r)
	return by, f, db.Ask{Actor: db.ID(by.ID), Key: key, Route: r.Method + " " + r.URL.Path, Body: body}, err
}

// once does an act the first time it is asked for and keeps its answer in the same transaction.
func (a *API) once(ctx context.Context, ask db.Ask, do func(tx *db.Tx) (done, error)) (db.Answer, error) {
	return a.Store.Once(ctx, ask, func(tx *db.Tx) (db.Answer, error) {
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
