package genieacs_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"sapa/internal/connector/genieacs"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/device"
	"sapa/internal/who"
)

const id = "202BC1-BM632w%2D8-000001" // as GenieACS writes a product class with a dash

var ont = device.Device{ServiceNo: "152999000001", ACS: id}

// nbi is a north-bound interface of our own, written after GenieACS 1.2's: a queue of tasks, faults, one device.
type nbi struct {
	t        *testing.T
	mu       sync.Mutex
	status   int // of a task that comes in
	tasks    map[string]bool
	faults   map[string]string
	informed time.Time
	bodies   []string
	broken   bool
}

func (n *nbi) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	asked := func() string {
		var q struct {
			ID string `json:"_id"`
		}
		if err := json.Unmarshal([]byte(r.URL.Query().Get("query")), &q); err != nil {
			n.t.Errorf("query %q: %v", r.URL.Query().Get("query"), err)
		}
		return q.ID
	}
	say := func(status int, v any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(v)
	}
	switch path := r.URL.EscapedPath(); {
	case n.broken:
		w.WriteHeader(503)
	case r.Method == "POST" && path == "/devices/202BC1-BM632w%252D8-000001/tasks":
		if !r.URL.Query().Has("connection_request") {
			n.t.Error("no connection request")
		}
		body, _ := io.ReadAll(r.Body)
		n.bodies = append(n.bodies, string(body))
		name := fmt.Sprintf("tugas-%d", len(n.bodies))
		n.tasks[name] = n.status == 202
		if n.status == 200 {
			delete(n.tasks, name)
		}
		say(n.status, map[string]any{"_id": name, "device": id, "name": "x"})
	case r.Method == "POST":
		w.WriteHeader(404)
	case r.Method == "GET" && path == "/tasks/":
		found := []any{}
		if n.tasks[asked()] {
			found = append(found, map[string]string{"_id": asked()})
		}
		say(200, found)
	case r.Method == "GET" && path == "/faults/":
		found := []any{}
		if why := n.faults[asked()]; why != "" {
			found = append(found, map[string]any{"_id": asked(), "code": "cwmp.9003", "message": why, "detail": map[string]string{"Value": "kata-sandi"}})
		}
		say(200, found)
	case r.Method == "GET" && path == "/devices/":
		if asked() != id {
			say(200, []any{})
			return
		}
		say(200, []any{map[string]any{"_id": id, "_lastInform": n.informed.Format("2006-01-02T15:04:05.000Z07:00"), "InternetGatewayDevice": map[string]any{
			"LANDevice": map[string]any{"1": map[string]any{"WLANConfiguration": map[string]any{"1": map[string]any{"SSID": map[string]any{"_value": "Rumah Ani"}}}}}}}})
	case r.Method == "DELETE" && strings.HasPrefix(path, "/tasks/"):
		name := strings.TrimPrefix(path, "/tasks/")
		if _, there := n.tasks[name]; !there {
			w.WriteHeader(404)
			return
		}
		delete(n.tasks, name)
		delete(n.faults, id+":task_"+name)
		w.WriteHeader(200)
	default:
		n.t.Errorf("%s %s", r.Method, path)
		w.WriteHeader(404)
	}
}

func begin(t *testing.T) (*nbi, *genieacs.Client) {
	t.Helper()
	n := &nbi{t: t, status: 202, tasks: map[string]bool{}, faults: map[string]string{}, informed: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)}
	server := httptest.NewServer(n)
	t.Cleanup(server.Close)
	c, err := genieacs.New(genieacs.Config{Base: server.URL + "/"}, server.Client())
	if err != nil {
		t.Fatal(err)
	}
	return n, c
}

// SOP 5.1.12: the orders as GenieACS takes them; 202 waits, 200 has happened.
func TestOrdersAreTasks(t *testing.T) {
	n, c := begin(t)
	for _, one := range []struct {
		o      device.Order
		status int
		body   string
	}{
		{device.Order{Kind: device.Reboot}, 202, `{"name":"reboot"}`},
		{device.Order{Kind: device.FactoryReset}, 200, `{"name":"factoryReset"}`},
		{device.Order{Kind: device.WiFi, SSID: "Rumah", Password: "kata-sandi"}, 202, `{"name":"setParameterValues","parameterValues":[` +
			`["InternetGatewayDevice.LANDevice.1.WLANConfiguration.1.SSID","Rumah","xsd:string"],["InternetGatewayDevice.LANDevice.1.WLANConfiguration.1.KeyPassphrase","kata-sandi","xsd:string"]]}`},
		{device.Order{Kind: device.WiFi, SSID: "Rumah"}, 202, `{"name":"setParameterValues","parameterValues":[["InternetGatewayDevice.LANDevice.1.WLANConfiguration.1.SSID","Rumah","xsd:string"]]}`},
	} {
		n.status = one.status
		task, err := c.Send(t.Context(), ont, one.o)
		if err != nil || task.ID == "" || task.Done != (one.status == 200) || n.bodies[len(n.bodies)-1] != one.body {
			t.Errorf("%s: %+v %v\n%s", one.o.Kind, task, err, n.bodies[len(n.bodies)-1])
		}
	}
	if _, err := c.Send(t.Context(), device.Device{ACS: "lain"}, device.Order{Kind: device.Reboot}); err == nil {
		t.Error("a device that the ACS does not know")
	}
	if h, err := c.Inform(t.Context(), ont); err != nil || !h.At.Equal(n.informed) || h.SSID != "Rumah Ani" {
		t.Errorf("%+v %v", h, err)
	}
	if _, err := c.Inform(t.Context(), device.Device{ACS: "lain"}); err == nil {
		t.Error("a device that the ACS does not know")
	}
}

// A task is done when it has gone without a fault after the device was heard; gone without that, it was taken away. A fault's
// detail may repeat what was set, and is not told.
func TestQueuedIsNotDone(t *testing.T) {
	n, c := begin(t)
	task, err := c.Send(t.Context(), ont, device.Order{Kind: device.Reboot})
	if err != nil {
		t.Fatal(err)
	}
	sent := n.informed.Add(time.Hour)
	look := func(want device.Progress) {
		t.Helper()
		if p, err := c.Look(t.Context(), ont, task.ID, sent); err != nil || p != want {
			t.Errorf("%+v %v, want %+v", p, err, want)
		}
	}
	look(device.Progress{})
	n.faults[id+":task_"+task.ID] = "Invalid arguments"
	look(device.Progress{Failed: true, Why: "cwmp.9003 Invalid arguments"})
	if err := c.Cancel(t.Context(), task.ID); err != nil {
		t.Error(err)
	}
	if err := c.Cancel(t.Context(), task.ID); err != nil { // it is not there any more
		t.Error(err)
	}
	look(device.Progress{Failed: true, Why: "gone"})
	n.informed = sent.Add(time.Minute)
	look(device.Progress{Done: true})
	n.broken = true
	if _, err := c.Look(t.Context(), ont, task.ID, sent); err == nil {
		t.Error("an ACS that is down knows")
	}
	if err := c.Cancel(t.Context(), task.ID); err == nil {
		t.Error("an ACS that is down takes back")
	}
}

// The whole way, on the store: asked, queued, done - late - with the password at the ACS only.
func TestAnOperatorOverGenieACS(t *testing.T) {
	n, c := begin(t)
	store, clock := dbtest.SQLite(t)
	o := &device.Operator{Store: store, ACS: c}
	var a device.Action
	err := store.Write(t.Context(), func(tx *db.Tx) (err error) {
		if err := device.Put(tx, who.House, ont); err != nil {
			return err
		}
		a, err = o.Ask(tx, who.Actor{ID: 7, Role: who.Agent}, device.Order{ServiceNo: ont.ServiceNo, Kind: device.WiFi, Confirm: device.WiFi, Password: "kata-sandi"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	o.Wait()
	state := func() (state string) {
		if err := o.Turn(context.Background()); err != nil {
			t.Fatal(err)
		}
		err := store.Read(t.Context(), func(tx *db.Tx) error {
			all, err := device.Actions(tx, ont.ServiceNo, 1)
			state = all[0].State
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return state
	}
	if got := state(); got != device.Queued {
		t.Errorf("waiting: %s", got)
	}
	n.broken = true
	if got := state(); got != device.Queued {
		t.Errorf("an ACS that is down: %s", got)
	}
	clock.Advance(time.Hour)
	n.mu.Lock()
	n.broken, n.informed = false, clock.Now()
	clear(n.tasks)
	n.mu.Unlock()
	if got := state(); got != device.Done {
		t.Errorf("done at last: %s (%v)", got, a.ID)
	}
}

func TestAnAnswerThatCannotBeReadIsAnError(t *testing.T) {
	for _, body := range []string{"<html>kata-sandi", `{"_id":""}`, `{"_id":"` + strings.Repeat("x", 1<<20) + `"}`, `[]`} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(202); _, _ = io.WriteString(w, body) }))
		c, err := genieacs.New(genieacs.Config{Base: server.URL}, server.Client())
		if err != nil {
			t.Fatal(err)
		}
		task, err := c.Send(t.Context(), ont, device.Order{Kind: device.WiFi, Password: "kata-sandi"})
		if err == nil || task != (device.Task{}) || strings.Contains(err.Error(), "kata-sandi") {
			t.Errorf("%.20s: %+v %v", body, task, err)
		}
		server.Close()
	}
	hang := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
	defer server.Close()
	defer close(hang)
	c, err := genieacs.New(genieacs.Config{Base: server.URL}, server.Client())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := c.Send(ctx, ont, device.Order{Kind: device.Reboot}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	if _, err := genieacs.New(genieacs.Config{Base: "acs"}, http.DefaultClient); err == nil {
		t.Error("no address is fine")
	}
}
