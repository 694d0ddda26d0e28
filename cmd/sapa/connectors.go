package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"sapa/internal/connector"
	"sapa/internal/connector/genieacs"
	"sapa/internal/connector/tmf"
	"sapa/internal/connector/tmf653"
	"sapa/internal/courier"
	"sapa/internal/desk"
	"sapa/internal/egress"
	"sapa/internal/fault"
	"sapa/internal/line"
	"sapa/internal/mirror"
	"sapa/internal/outbox"
	"sapa/internal/phrase"
)

const connectorsUsage = `sapa connectors check FILE   everything that can be wrong with a file of connectors, before a server uses it
`

// connectorsCommand works on a file alone; it asks no outside system.
func connectorsCommand(args []string, stdout, stderr io.Writer) int {
	if len(args) != 2 || args[0] != "check" {
		fmt.Fprint(stderr, connectorsUsage)
		return misused
	}
	all, err := readConnectors(args[1])
	if err == nil {
		_, _, err = openConnectors(all, time.Now, func() {})
	}
	if err != nil {
		for _, one := range causes(err) {
			fmt.Fprintln(stderr, located(one))
		}
		return refused
	}
	fmt.Fprintln(stdout, phrase.Say(lang(), "connector.checked", "n", len(all)))
	return done
}

// bindConnectors adds the flag --connectors.
func bindConnectors(f *flag.FlagSet) *string {
	return f.String("connectors", env("SAPA_CONNECTORS", ""), "file of the outside systems this site speaks to; empty: none")
}

func readConnectors(file string) ([]connector.Config, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("--connectors: %w", err)
	}
	book, problems := printer{}.load(nil)
	if len(problems) > 0 {
		return nil, problems[0]
	}
	var known []string
	for _, a := range book.Document.Applications {
		if !a.Additional {
			known = append(known, a.ID)
		}
	}
	return connector.Read(file, text, connector.World{File: os.ReadFile, Env: os.LookupEnv, Applications: known})
}

// connect opens the site's connectors and shows the seat how they stand. It is the place where rooms that speak to an outside
// system get their client: h.connectors.Of("tmf621").Client().HTTP().
func (h *house) connect(configs []connector.Config) (err error) {
	var olts oltSources
	h.connectors, olts, err = openConnectors(configs, h.clock, func() { h.seat.TellReadiness() })
	h.seat.Outside = func() (all []desk.Source) {
		for _, s := range h.connectors.Standings() {
			all = append(all, desk.Source{Name: s.ID, Application: s.Application, State: string(s.State), Why: string(s.Why), Latency: s.Latency, Since: s.Since, Behind: s.Behind, Out: s.Out})
		}
		return all
	}
	if len(configs) > 0 {
		h.seat.Wake = h.connectors.Wake
	}
	if err != nil {
		return err
	}
	return h.speak(olts)
}

// openConnectors opens the connectors of a file, with the sources behind those that are no HTTP.
func openConnectors(configs []connector.Config, clock func() time.Time, tell func()) (*connector.Set, oltSources, error) {
	olts, err := sourcesOf(configs)
	if err != nil {
		return nil, nil, err
	}
	set, err := connector.Open(configs, connector.Parts{Clock: clock, Ticker: ticker, Tell: tell,
		Probes: map[string]func(context.Context, *connector.Connector) connector.Found{connector.SNMP: olts.probe(clock)}})
	return set, olts, err
}

// speak gives the rooms that can use an outside system its client. The native room stays: what the outside measures is kept here and
// what it cannot say is taken from the recorded table, what an outside device does is followed here, and what an outside ticket
// system must be told leaves as a promise.
func (h *house) speak(olts oltSources) error {
	h.carriers, h.seat.Carried = map[string]courier.Carrier{}, map[string]bool{}
	var measures []line.Named // asked in the order of the file
	for _, c := range h.connectors.All() {
		var err error
		switch c.Kind {
		case "tmf653":
			var source *tmf653.Source
			if source, err = tmf653.New(tmf653.Config{Base: c.Settings.Base, Specification: c.Options.Specification}, c.Client().HTTP(), after); err == nil {
				measures = append(measures, line.Named{Source: source, Name: c.ID})
			}
		case connector.SNMP:
			measures = append(measures, line.Named{Source: olts[c.ID], Name: c.ID})
		case "genieacs":
			var acs *genieacs.Client
			if acs, err = genieacs.New(genieacs.Config{Base: c.Settings.Base, SSID: c.Options.SSIDParameter, Password: c.Options.PasswordParameter}, c.Client().HTTP()); err == nil {
				h.devices.ACS = acs
			}
		case "tmf621":
			var tickets *tmf.API
			if tickets, err = tmf.Open(tmf.Parts{HTTP: c.Client().HTTP(), Root: c.Settings.Base, Wait: c.Settings.Whole, Clock: h.clock}); err == nil {
				h.carry(c.Application, carriers{tickets: tmf.NewCarrier(tmf.Tickets{API: tickets})})
			}
		case "tmf622":
			var orders *tmf.API
			if orders, err = tmf.Open(tmf.Parts{HTTP: c.Client().HTTP(), Root: c.Settings.Base, Wait: c.Settings.Whole, Clock: h.clock}); err == nil {
				h.carry(c.Application, carriers{orders: tmf.OrderCarrier{Orders: tmf.Orders{API: orders}}})
				h.seat.Orders = c.Application
			}
		}
		if err != nil {
			return fmt.Errorf("%s: %w", c.ID, err)
		}
	}
	h.meter = line.NewChain(h.store, h.recorded(), measures...)
	return h.listen()
}

// carriers bring the errands of one application: trouble tickets, orders. One without the carrier it needs is refused for good.
type carriers struct{ tickets, orders courier.Carrier }

// Carry is a courier.Carrier's.
func (c carriers) Carry(ctx context.Context, e outbox.Errand) (string, error) {
	to := c.tickets
	if e.Order != nil || to == nil {
		to = c.orders
	}
	if to == nil {
		return "", fault.New(fault.Invalid, "courier.no-order")
	}
	return to.Carry(ctx, e)
}

func (h *house) carry(application string, c carriers) {
	if was, there := h.carriers[application].(carriers); there {
		if c.tickets == nil {
			c.tickets = was.tickets
		}
		if c.orders == nil {
			c.orders = was.orders
		}
	}
	h.carriers[application], h.seat.Carried[application] = c, true
}

// heard are the kinds that are asked about customers, in the order in which their word counts.
var heard = []struct {
	kind     string
	needs    mirror.Need
	with     string
	payments bool
}{{"tmf629", mirror.NCLI, "", false}, {"tmf632", mirror.Person, "tmf629", false}, {"tmf638", mirror.Either, "", false}, {"tmf678", mirror.NCLI, "tmf676", false},
	{"tmf676", mirror.NCLI, "tmf678", true}, {"tmf622", mirror.NCLI, "", false}, {"tmf621", mirror.Number, "", false}}

// listen makes the reader of customers out of the connectors that can be asked about them, and shows the seat the way to it.
func (h *house) listen() error {
	var sources []mirror.Source
	for _, k := range heard {
		for _, c := range h.connectors.All() {
			if c.Kind != k.kind {
				continue
			}
			api, err := tmf.Open(tmf.Parts{HTTP: c.Client().HTTP(), Root: c.Settings.Base, Wait: c.Settings.Whole, Clock: h.clock})
			if err != nil {
				return fmt.Errorf("%s: %w", c.ID, err)
			}
			one := mirror.Source{ID: c.ID, Application: c.Application, Needs: k.needs, Payments: k.payments, Fresh: c.Options.Fresh, Within: 2 * cmp.Or(c.Settings.Whole, egress.WholeTime)}
			one.Asker, _ = tmf.AskOf(c.Kind, api, h.site)
			for _, other := range h.connectors.All() {
				if k.with != "" && other.Kind == k.with {
					one.With = append(one.With, other.ID)
				}
			}
			sources = append(sources, one)
		}
	}
	if len(sources) == 0 {
		return nil
	}
	h.outside = mirror.New(mirror.Parts{Store: h.store, Sources: sources, Hub: h.hub, Site: h.site, Log: slog.Default()})
	h.seat.Need = h.outside.Need
	return nil
}

// readings reads customers outside as they are needed until the context ends; the returned func waits for it.
func (h *house) readings(ctx context.Context, log *slog.Logger) (wait func()) {
	if h.outside == nil {
		return func() {}
	}
	h.outside.Log = log
	ended := make(chan struct{})
	go func() { defer close(ended); h.outside.Run(ctx) }()
	return func() { <-ended }
}

// errands brings promises to outside ticket systems until the context ends; the returned func waits for it.
func (h *house) errands(ctx context.Context, log *slog.Logger, site string) (wait func()) {
	if len(h.carriers) == 0 {
		return func() {}
	}
	e := courier.NewErrands(courier.ErrandParts{Store: h.store, Carriers: h.carriers, Errand: courier.ErrandOf(site), Arrived: courier.ArrivedOutside, After: tmf.After, Ticker: ticker, Log: log})
	ended := make(chan struct{})
	go func() { defer close(ended); e.Run(ctx) }()
	return func() { <-ended }
}

// causes takes joined errors apart.
func causes(err error) []error {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		return joined.Unwrap()
	}
	return []error{err}
}

// located is reason with file and line in front, where a fault has them.
func located(err error) string {
	if f := fault.Of(err); f != nil && f.Values["line"] != nil {
		return phrase.Say(lang(), "connector.file.at", "file", f.Values["file"], "line", f.Values["line"], "what", reason(f))
	}
	return reason(err)
}

// sayConnectors refuses a server whose connectors are wrong.
func sayConnectors(stderr io.Writer, command string, err error) int {
	for _, one := range causes(err) {
		fmt.Fprintf(stderr, "sapa %s: %s\n", command, located(one))
	}
	return misused
}
