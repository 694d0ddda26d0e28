// Package genieacs hands device orders to a GenieACS by its north-bound interface, as a device.ACS. It is asynchronous: a 202
// is a task in a queue, and only the task's going without a fault, after the device was heard, is done. It keeps nothing and
// never logs what it sends.
package genieacs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"sapa/internal/device"
)

// Config is a site's GenieACS.
type Config struct {
	Base     string `yaml:"base"`     // http://acs:7557
	SSID     string `yaml:"ssid"`     // parameter of the Wi-Fi's name; "": TR-098's first radio
	Password string `yaml:"password"` // parameter of its passphrase
}

// Parameters of TR-098, which most gateways speak. TR-181 has Device.WiFi.SSID.1.SSID and
// Device.WiFi.AccessPoint.1.Security.KeyPassphrase.
const (
	ssidParameter     = "InternetGatewayDevice.LANDevice.1.WLANConfiguration.1.SSID"
	passwordParameter = "InternetGatewayDevice.LANDevice.1.WLANConfiguration.1.KeyPassphrase"
)

const (
	mostAnswer = 1 << 20 // bytes of an answer
	skew       = 5 * time.Second
)

// Client talks to one GenieACS.
type Client struct {
	Config
	HTTP *http.Client // the one way out; it also signs the requests
}

// New makes a client; a base that is no address is refused at once.
func New(c Config, client *http.Client) (*Client, error) {
	u, err := url.Parse(c.Base)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("genieacs: base %q is no address", c.Base)
	}
	c.Base = strings.TrimRight(c.Base, "/")
	if c.SSID == "" {
		c.SSID = ssidParameter
	}
	if c.Password == "" {
		c.Password = passwordParameter
	}
	return &Client{c, client}, nil
}

// task is what the NBI takes.
type task struct {
	Name   string  `json:"name"`
	Values [][]any `json:"parameterValues,omitempty"`
}

// Send hands an order over, with a request to the device to call now. 200: it has happened already; 202: it waits.
func (c *Client) Send(ctx context.Context, d device.Device, o device.Order) (device.Task, error) {
	t := task{Name: map[string]string{device.Reboot: "reboot", device.FactoryReset: "factoryReset", device.WiFi: "setParameterValues"}[o.Kind]}
	if t.Name == "" {
		return device.Task{}, fmt.Errorf("no task for %q", o.Kind)
	}
	if o.Kind == device.WiFi {
		if o.SSID != "" {
			t.Values = append(t.Values, []any{c.SSID, o.SSID, "xsd:string"})
		}
		if o.Password != "" {
			t.Values = append(t.Values, []any{c.Password, o.Password, "xsd:string"})
		}
	}
	var said struct {
		ID string `json:"_id"`
	}
	status, err := c.call(ctx, http.MethodPost, "/devices/"+url.PathEscape(d.ACS)+"/tasks?timeout=3000&connection_request", t, &said)
	switch {
	case err != nil:
		return device.Task{}, err
	case status != http.StatusOK && status != http.StatusAccepted:
		return device.Task{}, fmt.Errorf("task: status %d", status)
	case said.ID == "":
		return device.Task{}, errors.New("task: the answer names none")
	}
	return device.Task{ID: said.ID, Done: status == http.StatusOK}, nil
}

// Look tells how a task stands. One that is gone without a fault is done when the device has been heard since; else somebody
// took it away.
func (c *Client) Look(ctx context.Context, d device.Device, id string, sent time.Time) (device.Progress, error) {
	var waiting []struct {
		ID string `json:"_id"`
	}
	if err := c.list(ctx, "/tasks/", id, "_id", &waiting); err != nil {
		return device.Progress{}, err
	}
	var faults []struct {
		Code    string `json:"code"`
		Message string `json:"message"` // not its detail, which may tell what was set
	}
	if err := c.list(ctx, "/faults/", d.ACS+":task_"+id, "code,message", &faults); err != nil {
		return device.Progress{}, err
	}
	switch {
	case len(faults) > 0:
		return device.Progress{Failed: true, Why: strings.TrimSpace(faults[0].Code + " " + faults[0].Message)}, nil
	case len(waiting) > 0:
		return device.Progress{}, nil
	}
	heard, err := c.Inform(ctx, d)
	if err != nil {
		return device.Progress{}, err
	}
	if heard.At.Before(sent.Add(-skew)) {
		return device.Progress{Failed: true, Why: "gone"}, nil
	}
	return device.Progress{Done: true}, nil
}

// Inform reads when the device was last heard of, and its Wi-Fi's name.
func (c *Client) Inform(ctx context.Context, d device.Device) (device.Inform, error) {
	var found []map[string]any
	if err := c.list(ctx, "/devices/", d.ACS, "_lastInform,"+c.SSID, &found); err != nil {
		return device.Inform{}, err
	}
	if len(found) != 1 || found[0]["_id"] != d.ACS {
		return device.Inform{}, errors.New("the ACS does not know the device")
	}
	text, _ := found[0]["_lastInform"].(string)
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return device.Inform{}, fmt.Errorf("last inform: %w", err)
	}
	ssid, _ := leaf(found[0], strings.Split(c.SSID, ".")).(string)
	return device.Inform{At: at.UTC(), SSID: ssid}, nil
}

// leaf walks to a parameter's value: objects by name, its value under _value.
func leaf(v any, path []string) any {
	for _, name := range append(path, "_value") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[name]
	}
	return v
}

// Cancel takes a task out of the queue; one that is not there any more is fine.
func (c *Client) Cancel(ctx context.Context, id string) error {
	status, err := c.call(ctx, http.MethodDelete, "/tasks/"+url.PathEscape(id), nil, nil)
	if err == nil && status != http.StatusOK && status != http.StatusNotFound {
		err = fmt.Errorf("cancel task: status %d", status)
	}
	return err
}

// list asks a collection for what has an id.
func (c *Client) list(ctx context.Context, path, id, projection string, to any) error {
	query, err := json.Marshal(map[string]string{"_id": id})
	if err != nil {
		return err
	}
	status, err := c.call(ctx, http.MethodGet, path+"?"+url.Values{"query": {string(query)}, "projection": {projection}}.Encode(), nil, to)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("%s: status %d", path, status)
	}
	return err
}

// call sends a request and reads a right answer; what a wrong one says is not kept, it may repeat what was sent.
func (c *Client) call(ctx context.Context, method, path string, send, to any) (status int, err error) {
	var body []byte
	if send != nil {
		if body, err = json.Marshal(send); err != nil {
			return 0, err
		}
	}
	r, err := http.NewRequestWithContext(ctx, method, c.Base+path, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	if send != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := c.HTTP.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if to == nil || answer.StatusCode/100 != 2 {
		return answer.StatusCode, nil
	}
	said, err := io.ReadAll(io.LimitReader(answer.Body, mostAnswer+1))
	if err != nil {
		return answer.StatusCode, err
	}
	if len(said) > mostAnswer {
		return answer.StatusCode, errors.New("an answer without end")
	}
	if err := json.Unmarshal(said, to); err != nil {
		return answer.StatusCode, errors.New("an answer that cannot be read")
	}
	return answer.StatusCode, nil
}
