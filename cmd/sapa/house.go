package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sapa/internal/call"
	"sapa/internal/campaign"
	"sapa/internal/connector"
	"sapa/internal/control"
	"sapa/internal/courier"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/device"
	"sapa/internal/document"
	"sapa/internal/knowledge"
	"sapa/internal/lead"
	"sapa/internal/line"
	"sapa/internal/live"
	"sapa/internal/mirror"
	"sapa/internal/staff"
	"sapa/internal/web"
	"sapa/procedures"
)

// workInstruction is the document whose campaigns this site runs.
const workInstruction = "IN.OCC.TELK.W-18"

// tests says which tests speak of a clause, as they were when this binary was built.
func tests() map[string][]string {
	all := map[string][]string{}
	_ = json.Unmarshal(procedures.Tests, &all) // built in and read by a test of procedures
	return all
}

// place says where a site's data is; every command that needs the store takes it.
type place struct {
	data, db string
	zone     string
	clock    func() time.Time // the site's; nil is the machine's own
}

// bind adds the flags --data, --db and --zone, with their variables as defaults.
func (p *place) bind(f *flag.FlagSet) {
	f.StringVar(&p.data, "data", env("SAPA_DATA", ""), "folder of the site's data (embedded SQLite)")
	f.StringVar(&p.db, "db", env("SAPA_DB", ""), "postgres://... instead of --data; its password comes from SAPA_DB_PASSWORD or SAPA_DB_PASSWORD_FILE")
	f.StringVar(&p.zone, "zone", env("SAPA_ZONE", "Asia/Jakarta"), "the site's own time zone")
}

func env(name, otherwise string) string {
	if v, ok := os.LookupEnv(name); ok {
		return v
	}
	return otherwise
}

// where gives the store's address as db.Open takes it.
func (p place) where() (string, error) {
	switch {
	case p.data != "" && p.db != "":
		return "", errors.New("give --data or --db, not both")
	case p.db != "":
		return withPassword(p.db)
	case p.data != "":
		if err := os.MkdirAll(p.data, 0o700); err != nil {
			return "", fmt.Errorf("data folder: %w", err)
		}
		return "sqlite:" + filepath.Join(p.data, "sapa.db"), nil
	}
	return "", errors.New("say where the data is: --data DIR, or --db postgres://USER@HOST/NAME")
}

// withPassword puts the database password into its address; one given in a flag is refused, for it shows in the process list.
func withPassword(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return "", errors.New("--db must look like postgres://user@host:port/name")
	}
	if _, given := u.User.Password(); given && os.Getenv("SAPA_DB") != address {
		return "", errors.New("the database password does not belong in --db: use SAPA_DB_PASSWORD or SAPA_DB_PASSWORD_FILE")
	}
	password := os.Getenv("SAPA_DB_PASSWORD")
	if file := os.Getenv("SAPA_DB_PASSWORD_FILE"); file != "" {
		b, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("database password: %w", err)
		}
		password = strings.TrimSpace(string(b))
	}
	if password != "" {
		u.User = url.UserPassword(u.User.Username(), password)
	}
	return u.String(), nil
}

// house is the rooms of one site, wired.
type house struct {
	store      *db.DB
	library    *document.Library
	campaigns  *campaign.Campaigns
	people     *staff.Staff
	hub        *live.Hub
	seat       *desk.Seat
	control    *control.Seat
	outages    *lead.Settler
	purger     *control.Purger
	meter      *line.Meter
	devices    *device.Operator
	pages      *web.Server
	site       *time.Location
	clock      func() time.Time
	mail       *courier.Config            // nil: letters are tasks for people
	connectors *connector.Set             // nil: no outside system
	carriers   map[string]courier.Carrier // to outside ticket and order systems, by application
	outside    *mirror.Reader             // reads customers outside; nil: nobody can be asked
}

// open opens the store, seeds the controlled document once, and wires the rooms. alone refuses a second server on one file.
func (p place) open(ctx context.Context, alone bool, dialer call.Dialer) (*house, error) {
	where, err := p.where()
	if err != nil {
		return nil, err
	}
	site, err := time.LoadLocation(p.zone)
	if err != nil {
		return nil, fmt.Errorf("--zone: %w", err)
	}
	clock := p.clock
	if clock == nil {
		clock = time.Now
	}
	options := db.Options{Exclusive: alone}
	if p.db == "" {
		options.Clock = clock // PostgreSQL has one clock for all its servers
	}
	store, err := db.Open(ctx, where, options)
	if err != nil {
		return nil, err
	}
	h := &house{store: store, clock: clock, library: &document.Library{}, hub: live.NewHub(), site: site, people: staff.New(store, staff.Options{})}
	if err := h.load(ctx); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	h.campaigns = campaign.New(h.library, workInstruction)
	if dialer == nil {
		dialer = desk.ManualDialler{}
	}
	h.meter = line.NewChain(store, h.recorded())                    // the native source: a recorded table
	h.devices = &device.Operator{Store: store, Told: h.deviceMoved} // the native way: people carry orders out
	h.seat = desk.New(desk.Parts{Store: store, Campaigns: h.campaigns, Dialer: dialer, Hub: h.hub, Site: site, Clock: clock})
	h.control = &control.Seat{Campaigns: h.campaigns, Hub: h.hub, Site: site, Decided: builtInDecisions()}
	h.outages = &lead.Settler{Store: store, Follow: h.seat, Hub: h.hub, Site: site, Ticker: ticker}
	h.purger = &control.Purger{Store: store}
	return h, nil
}

// recorded is the house's own source of measurements.
func (h *house) recorded() line.Named {
	return line.Named{Source: line.Recorded{Store: h.store}, Name: "ibooster-rekaman"}
}

func (h *house) load(ctx context.Context) error {
	if err := document.Seed(ctx, h.store, procedures.FS, h.site); err != nil {
		return err
	}
	if err := knowledge.Seed(ctx, h.store, knowledge.Starter, desk.Symptoms()); err != nil {
		return err
	}
	return h.library.Load(ctx, h.store)
}

// deviceMoved tells whoever asked that an action has moved.
func (h *house) deviceMoved(a device.Action) {
	h.hub.Publish("agent:"+a.AskedBy.String(), live.Event{Name: "line", Data: a.Ticket.String()})
}

func (h *house) close() error {
	h.devices.Wait() // what was asked is handed over
	if h.pages != nil {
		h.pages.Wait() // what they measure is kept
	}
	return h.store.Close()
}
