package sim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// makes says what a client may make, change and take away; what is not here the specification does not know, or sapa does not use.
var makes = map[string]func(s *Sim, o object) *reply{
	"troubleTicket":  (*Sim).newTicket,
	"productOrder":   (*Sim).newOrder,
	"appointment":    (*Sim).newAppointment,
	"searchTimeSlot": (*Sim).searchSlots,
	"serviceTest":    (*Sim).newTest,
	"payment":        func(*Sim, object) *reply { return nil },
}

func (s *Sim) handle(r *http.Request, resource, id string, body []byte) reply {
	if s.Token != "" && r.Header.Get("Authorization") != "Bearer "+s.Token {
		return refused(401, "41", "sign in first")
	}
	switch {
	case r.Method == http.MethodGet && id == "":
		return s.list(r, resource)
	case r.Method == http.MethodGet:
		o := s.find(resource, id)
		if o == nil {
			return refused(404, "60", "no such "+resource)
		}
		return s.shown(r, resource, o)
	case r.Method == http.MethodPost && id == "":
		return s.make(r, resource, body)
	case r.Method == http.MethodPatch && id != "":
		return s.change(r, resource, id, body)
	}
	return refused(405, "61", "not offered")
}

func (s *Sim) shown(r *http.Request, resource string, o object) reply {
	head := map[string]string{}
	if s.Versions {
		head["ETag"] = strconv.Quote(strconv.Itoa(s.versions[resource+"/"+text(o, "id")]))
	}
	return reply{status: 200, body: fields(clone(o), r.URL.Query().Get("fields")), head: head}
}

// fields leaves what was asked for, id and href beside it.
func fields(o object, asked string) object {
	if asked == "" {
		return o
	}
	keep := append(strings.Split(asked, ","), "id", "href")
	for name := range o {
		if !slices.Contains(keep, name) {
			delete(o, name)
		}
	}
	return o
}

func (s *Sim) list(r *http.Request, resource string) reply {
	query := r.URL.Query()
	var found []object
	for _, o := range s.rows[resource] {
		if s.NoFilter || fits(o, query) {
			found = append(found, o)
		}
	}
	offset, _ := strconv.Atoi(query.Get("offset"))
	limit, err := strconv.Atoi(query.Get("limit"))
	if err != nil || limit <= 0 || limit > s.Page {
		limit = s.Page
	}
	total := len(found)
	offset = min(max(offset, 0), total)
	page := found[offset:min(offset+limit, total)]
	rows := make([]any, 0, len(page))
	for _, o := range page {
		rows = append(rows, fields(clone(o), query.Get("fields")))
	}
	head := map[string]string{}
	if !s.NoTotal {
		head["X-Total-Count"], head["X-Result-Count"] = strconv.Itoa(total), strconv.Itoa(len(rows))
		link := func(at int, rel string) string {
			q := url.Values{}
			for k, v := range query {
				q[k] = v
			}
			q.Set("offset", strconv.Itoa(at))
			q.Set("limit", strconv.Itoa(limit))
			return fmt.Sprintf(`<https://dalam.rekaan.example%s?%s>; rel="%s"`, r.URL.Path, q.Encode(), rel)
		}
		links := []string{link(0, "first")}
		if offset+limit < total {
			links = append(links, link(offset+limit, "next"))
		}
		head["Link"] = strings.Join(links, ", ")
	}
	return reply{status: 200, body: rows, head: head}
}

// fits holds an object against the filters of a query: attribute or attribute.attribute, through lists, equal.
func fits(o object, query url.Values) bool {
	for name, values := range query {
		if slices.Contains([]string{"offset", "limit", "fields", "sort"}, name) {
			continue
		}
		if !slices.ContainsFunc(values, func(v string) bool { return reaches(o, strings.Split(name, "."), v) }) {
			return false
		}
	}
	return true
}

func reaches(at any, path []string, value string) bool {
	if l, ok := at.([]any); ok {
		return slices.ContainsFunc(l, func(one any) bool { return reaches(one, path, value) })
	}
	if len(path) == 0 {
		return fmt.Sprint(at) == value
	}
	o, ok := at.(object)
	return ok && o[path[0]] != nil && reaches(o[path[0]], path[1:], value)
}

func decode(body []byte) (o object, err error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	err = d.Decode(&o)
	if err == nil && o == nil {
		err = errPatch
	}
	return o, err
}

func (s *Sim) make(r *http.Request, resource string, body []byte) reply {
	o, err := decode(body)
	if err != nil {
		return refused(400, "24", "a body that is no JSON object")
	}
	if makes[resource] == nil {
		return refused(405, "61", "not offered")
	}
	if s.Unique && text(o, "externalId") != "" {
		for _, was := range s.rows[resource] {
			if was["externalId"] == o["externalId"] {
				return refused(409, "64", "externalId is taken")
			}
		}
	}
	if text(o, "id") == "" {
		o["id"] = s.nextID(resource)
	}
	o["href"] = "http://" + r.Host + s.Mount(resource) + "/" + resource + "/" + text(o, "id")
	if no := makes[resource](s, o); no != nil {
		return *no
	}
	s.rows[resource] = append(s.rows[resource], o)
	return reply{status: 201, body: clone(o), head: map[string]string{"Location": text(o, "href")}}
}

func (s *Sim) nextID(resource string) string {
	n := len(s.rows[resource]) + 1
	switch resource {
	case "troubleTicket":
		return "IN" + number(70000000+n, 8)
	case "productOrder":
		return "SC" + number(500000000+n, 9)
	}
	return resource + "-" + number(n, 6)
}

func (s *Sim) change(r *http.Request, resource, id string, body []byte) reply {
	was := s.find(resource, id)
	if was == nil {
		return refused(404, "60", "no such "+resource)
	}
	if resource != "troubleTicket" && resource != "appointment" && resource != "productOrder" {
		return refused(405, "61", "not offered")
	}
	key := resource + "/" + id
	if tag := r.Header.Get("If-Match"); s.Versions && tag != "" && tag != strconv.Quote(strconv.Itoa(s.versions[key])) {
		return refused(412, "65", "it was changed meanwhile")
	}
	now := clone(was)
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if kind == jsonPatch {
		if s.NoPatch {
			return refused(415, "66", "application/json only")
		}
		if err := applyPatch(now, body); err != nil {
			return refused(400, "24", err.Error())
		}
	} else {
		merge, err := decode(body)
		if err != nil {
			return refused(400, "24", "a body that is no JSON object")
		}
		for name, v := range merge { // a merge patch of RFC 7396, one level: lists are replaced
			if v == nil {
				delete(now, name)
			} else {
				now[name] = v
			}
		}
	}
	if no := s.moved(resource, was, now); no != nil {
		return *no
	}
	for name := range was {
		delete(was, name)
	}
	for name, v := range now {
		was[name] = v
	}
	s.versions[key]++
	return s.shown(r, resource, was)
}

// applyPatch applies a JSON Patch of RFC 6902 to attributes and to the ends of lists.
func applyPatch(o object, body []byte) error {
	var ops []struct {
		Op, Path string
		Value    any
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&ops); err != nil {
		return errPatch
	}
	for _, p := range ops {
		name, item, nested := strings.Cut(strings.TrimPrefix(p.Path, "/"), "/")
		switch {
		case p.Op == "add" && nested && item == "-":
			l, ok := o[name].([]any)
			if !ok {
				return fmt.Errorf("nothing to add to at %s", p.Path)
			}
			o[name] = append(l, p.Value)
		case nested:
			return fmt.Errorf("not offered: %s %s", p.Op, p.Path)
		case p.Op == "add", p.Op == "replace" && o[name] != nil:
			o[name] = p.Value
		case p.Op == "remove" && o[name] != nil:
			delete(o, name)
		default:
			return fmt.Errorf("not offered: %s %s", p.Op, p.Path)
		}
	}
	return nil
}

// legal are the moves of a trouble ticket and of an appointment.
var legal = map[string][]string{
	"acknowledged": {"inProgress", "rejected", "cancelled"}, "inProgress": {"held", "pending", "resolved", "cancelled"}, "held": {"inProgress"},
	"pending": {"inProgress", "cancelled"}, "resolved": {"closed", "inProgress"},
	"initialized": {"confirmed", "cancelled", "failed"}, "confirmed": {"cancelled", "completed", "failed"},
}

func (s *Sim) moved(resource string, was, now object) *reply {
	if now["id"] != was["id"] || now["href"] != was["href"] {
		no := refused(400, "24", "id and href stay")
		return &no
	}
	from, to := text(was, "status"), text(now, "status")
	if from != to && !slices.Contains(legal[from], to) {
		no := refused(409, "67", "from "+from+" to "+to+" there is no way")
		return &no
	}
	if resource == "troubleTicket" {
		at := s.now()
		now["lastUpdate"] = at
		if from != to {
			now["statusChangeDate"] = at
			change := object{"status": to, "changeDate": at}
			if reason := text(now, "statusChangeReason"); reason != "" {
				change["changeReason"] = reason
			}
			now["statusChange"] = append(list(now, "statusChange"), change)
			if to == "resolved" {
				now["resolutionDate"] = at
			}
		}
		s.ownNotes(now)
	}
	if resource == "appointment" {
		now["lastUpdate"] = s.now()
		if to != "cancelled" && period(was) != period(now) && s.taken(now) >= s.Crew {
			no := refused(409, "68", "nobody is free then")
			return &no
		}
	}
	return nil
}

func (s *Sim) ownNotes(o object) {
	if !s.OwnNotes {
		return
	}
	for i, n := range list(o, "note") {
		if n, ok := n.(object); ok {
			n["id"] = strconv.Itoa(i + 1)
		}
	}
}

func (s *Sim) newTicket(o object) *reply {
	at := s.now()
	o["creationDate"], o["lastUpdate"], o["statusChangeDate"] = at, at, at
	if _, ok := legal[text(o, "status")]; !ok { // the server owns the status
		o["status"] = "acknowledged"
	}
	o["statusChange"] = []any{object{"status": o["status"], "changeDate": at}}
	if o["@type"] == nil {
		o["@type"] = "TroubleTicket"
	}
	s.ownNotes(o)
	return nil
}

func (s *Sim) newOrder(o object) *reply {
	o["orderDate"], o["state"] = s.now(), "acknowledged"
	return nil
}

func (s *Sim) newTest(o object) *reply {
	at := s.now()
	o["state"], o["startDateTime"], o["endDateTime"] = "completed", at, at
	o["testMeasure"] = []any{
		object{"metricName": "onuRxPower", "unitOfMeasure": "dBm", "captureDateTime": at, "value": object{"name": "onuRxPower", "value": json.Number("-19.5")}},
		object{"metricName": "operStatus", "captureDateTime": at, "value": object{"name": "operStatus", "value": "online"}},
	}
	return nil
}

func period(o object) string {
	p, _ := o["validFor"].(object)
	return text(p, "startDateTime") + "/" + text(p, "endDateTime")
}

// taken counts the other appointments at a time.
func (s *Sim) taken(o object) (n int) {
	for _, a := range s.rows["appointment"] {
		if a["id"] != o["id"] && text(a, "status") != "cancelled" && period(a) == period(o) {
			n++
		}
	}
	return n
}

func (s *Sim) newAppointment(o object) *reply {
	if s.taken(o) >= s.Crew {
		no := refused(409, "68", "nobody is free then")
		return &no
	}
	at := s.now()
	o["creationDate"], o["lastUpdate"], o["status"] = at, at, "initialized"
	return nil
}

// searchSlots offers two hours at a time, from 8 to 18 of the zone that is asked in, as long as somebody is free.
func (s *Sim) searchSlots(o object) *reply {
	o["searchDate"], o["status"] = s.now(), "done"
	free := []any{}
	for _, w := range list(o, "requestedTimeSlot") {
		slot, _ := w.(object)
		p, _ := slot["validFor"].(object)
		from, err := time.Parse(time.RFC3339, text(p, "startDateTime"))
		to, err2 := time.Parse(time.RFC3339, text(p, "endDateTime"))
		if err != nil || err2 != nil || to.Sub(from) > 31*24*time.Hour {
			no := refused(400, "24", "a time with a beginning and an end within a month")
			return &no
		}
		for at := from.Truncate(time.Hour); !at.Add(2 * time.Hour).After(to); at = at.Add(time.Hour) {
			if at.Before(from) || at.Hour() < 8 || at.Hour() > 16 || at.Hour()%2 != 0 {
				continue
			}
			one := object{"validFor": object{"startDateTime": at.Format(time.RFC3339), "endDateTime": at.Add(2 * time.Hour).Format(time.RFC3339)}}
			if s.taken(one) < s.Crew {
				one["id"] = "slot-" + at.UTC().Format("2006010215")
				free = append(free, one)
			}
		}
	}
	o["availableTimeSlot"] = free
	o["searchResult"] = "success"
	if len(free) == 0 {
		o["searchResult"] = "fail"
	}
	return nil
}
