package tmf

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"sapa/internal/fault"
)

const (
	pageSize  = 100
	mostPages = 300 // of one list: an outside that never ends is cut off
)

// resource is what a list holds.
type resource interface{ key() string }

// list reads a collection page by page until it ends or has given most rows that fit; more is whether there may be others. Each row is
// held against fits: an outside that ignores a filter would else show us other people's things. A row that comes twice, because
// something was put before it meanwhile, is given once.
func list[T resource](ctx context.Context, a *API, name string, query url.Values, most int, fits func(T) bool) (all []T, more bool, err error) {
	seen := map[string]bool{}
	var before []byte
	ask := url.Values{}
	for k, v := range query {
		ask[k] = v
	}
	ask.Set("limit", strconv.Itoa(pageSize))
	ask.Set("offset", "0")
	for offset, page := 0, 0; page < mostPages; page++ {
		var text json.RawMessage
		head, err := a.do(ctx, call{method: http.MethodGet, path: []string{name}, query: ask}, &text)
		if err != nil {
			return nil, false, err
		}
		var rows []T
		if err := json.Unmarshal(text, &rows); err != nil {
			return nil, false, fault.New(fault.Busy, "tmf.nonsense").Because(shapeless(err))
		}
		if len(rows) == 0 || bytes.Equal(text, before) { // the end, or an outside that knows no offset
			return all, false, nil
		}
		before = text
		for _, row := range rows {
			if k := row.key(); k == "" || seen[k] || !fits(row) {
				continue
			}
			if len(all) == most {
				return all, true, nil
			}
			seen[row.key()] = true
			all = append(all, row)
		}
		offset += len(rows)
		total, err := strconv.Atoi(head.Get("X-Total-Count"))
		next, linked := following(head)
		switch {
		case next != nil:
			ask = next
		case linked, err == nil && offset >= total:
			return all, false, nil
		default:
			ask.Set("offset", strconv.Itoa(offset))
		}
	}
	return all, true, nil
}

var link = regexp.MustCompile(`<([^<>]*)>\s*;([^,<]*)`)

// following is the query of the page that a Link header calls next; linked is whether there is such a header about pages. Only its
// query is taken: where it points to is not the other side's to say.
func following(head http.Header) (next url.Values, linked bool) {
	for _, m := range link.FindAllStringSubmatch(strings.Join(head.Values("Link"), ", "), -1) {
		rel := strings.ReplaceAll(strings.ReplaceAll(m[2], `"`, ""), " ", "")
		switch {
		case strings.Contains(rel, "rel=next"):
			if u, err := url.Parse(m[1]); err == nil && u.RawQuery != "" {
				return u.Query(), true
			}
		case strings.Contains(rel, "rel=first"), strings.Contains(rel, "rel=prev"), strings.Contains(rel, "rel=last"), strings.Contains(rel, "rel=self"):
			linked = true
		}
	}
	return nil, linked
}

// get reads one resource.
func get[T resource](ctx context.Context, a *API, name, id string) (one T, err error) {
	if _, err := a.do(ctx, call{method: http.MethodGet, path: []string{name, id}}, &one); err != nil {
		return one, err
	}
	if one.key() == "" {
		return one, fault.New(fault.Busy, "tmf.nonsense").Because(errShape)
	}
	return one, nil
}

// create makes a resource. The key lets an outside that knows Idempotency-Key take it once.
func create[T resource](ctx context.Context, a *API, name, key string, body any) (made T, err error) {
	head := map[string]string{}
	if key != "" {
		head["Idempotency-Key"] = key
	}
	if _, err := a.do(ctx, call{method: http.MethodPost, path: []string{name}, mime: plainJSON, body: body, header: head}, &made); err != nil {
		return made, err
	}
	if made.key() == "" {
		return made, fault.New(fault.Busy, "tmf.nonsense").Because(errShape)
	}
	return made, nil
}
