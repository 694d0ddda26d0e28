package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"sapa/internal/outbox"
	"sapa/internal/phrase"
	"sapa/internal/web"
)

// Limits of a connection (trust: one table). A body may take long, a header may not.
const (
	headerBytes   = 16 << 10
	headerTime    = 5 * time.Second
	idleTime      = 2 * time.Minute
	shutdownGrace = 10 * time.Second
	sweepEvery    = 5 * time.Second        // lapsed leases
	outageEvery   = 500 * time.Millisecond // what an outage leaves to be done
	deviceEvery   = 10 * time.Second       // what was asked of devices
	// What lives is small and what an act leaves behind is much: collecting a third as often takes a twelfth of the processor off
	// an act and the longest waits with it, for some ten MiB (docs/speed.md). The usual variable GOGC says otherwise.
	garbagePercent = 300
	// On few processors a goroutine that computes - the one writer, a walk along the queues - keeps Go's share of one for up to 10 ms, and
	// acts wait behind it. With more shares than processors the system divides them, which lets in at once whoever has waited
	// (docs/speed.md). The usual variable GOMAXPROCS says otherwise.
	shares    = 8
	sealEvery = 5 * time.Second // the journal's chain
	hintEvery = 2 * time.Second // "the queue has changed", once for all that changed it
)

// door is how the outside reaches the server.
type door struct {
	addr, metrics     string
	tlsCert, tlsKey   string
	behind            string
	trusted           []netip.Prefix
	secure            bool // cookies may only travel over TLS
	certAndKeyPresent bool
}

func (d *door) bind(f *flag.FlagSet, addr string) {
	f.StringVar(&d.addr, "addr", env("SAPA_ADDR", addr), "where to listen: HOST:PORT")
	f.StringVar(&d.metrics, "metrics-addr", env("SAPA_METRICS_ADDR", ""), "second listener for metrics, e.g. 127.0.0.1:9090; empty: none")
	f.StringVar(&d.tlsCert, "tls-cert", env("SAPA_TLS_CERT", ""), "certificate file")
	f.StringVar(&d.tlsKey, "tls-key", env("SAPA_TLS_KEY", ""), "key file of the certificate")
	f.StringVar(&d.behind, "behind-proxy", env("SAPA_BEHIND_PROXY", ""), "addresses of the proxy that does TLS, as CIDR, comma between")
}

// check refuses to serve people over an open network without TLS (decisions.md, Transport).
func (d *door) check() error {
	d.certAndKeyPresent = d.tlsCert != "" && d.tlsKey != ""
	if (d.tlsCert == "") != (d.tlsKey == "") {
		return errors.New("--tls-cert and --tls-key belong together")
	}
	for _, part := range strings.FieldsFunc(d.behind, func(r rune) bool { return r == ',' || r == ' ' }) {
		prefix, err := netip.ParsePrefix(part)
		if err != nil {
			return fmt.Errorf("--behind-proxy %q: write addresses as CIDR, like 10.0.0.0/8", part)
		}
		d.trusted = append(d.trusted, prefix)
	}
	d.secure = d.certAndKeyPresent || len(d.trusted) > 0
	host, _, err := net.SplitHostPort(d.addr)
	if err != nil {
		return fmt.Errorf("--addr %q: write HOST:PORT", d.addr)
	}
	if !d.secure && !loopback(host) {
		return fmt.Errorf("--addr %s is open to others: give --tls-cert and --tls-key, or --behind-proxy CIDR", d.addr)
	}
	return nil
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

func serveCommand(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	f := flag.NewFlagSet("sapa serve", flag.ContinueOnError)
	f.SetOutput(stderr)
	var p place
	var d door
	var m post
	var siteName string
	p.bind(f)
	d.bind(f, "127.0.0.1:8080")
	m.bind(f)
	outside := bindConnectors(f)
	f.StringVar(&siteName, "site", env("SAPA_SITE", ""), "name of the site, shown in the frame")
	if err := f.Parse(args); err != nil {
		return misused
	}
	if f.NArg() > 0 {
		fmt.Fprintf(stderr, "sapa serve: what is %q?\n", f.Arg(0))
		return misused
	}
	if err := d.check(); err != nil {
		fmt.Fprintln(stderr, "sapa serve:", err)
		return misused
	}
	if _, err := p.where(); err != nil {
		fmt.Fprintln(stderr, "sapa serve:", err)
		return misused
	}
	letters, err := m.config(siteName)
	if err != nil {
		fmt.Fprintln(stderr, "sapa serve:", err)
		return misused
	}
	connectors, err := readConnectors(*outside)
	if err != nil {
		return sayConnectors(stderr, "serve", err)
	}
	h, err := p.open(ctx, true, nil)
	if err != nil {
		fmt.Fprintln(stderr, "sapa serve:", err)
		return refused
	}
	if err := h.connect(connectors); err != nil {
		return sayConnectors(stderr, "serve", errors.Join(err, h.close()))
	}
	listener, err := net.Listen("tcp", d.addr)
	if err != nil {
		fmt.Fprintln(stderr, "sapa serve:", errors.Join(err, h.close()))
		return refused
	}
	h.mail, h.seat.Mail = letters, letters != nil
	address := d.url(listener)
	link, err := h.people.FirstAdminLink(ctx, d.onThisMachine(listener))
	if err != nil {
		fmt.Fprintln(stderr, "sapa serve:", errors.Join(err, h.close()))
		return refused
	}
	fmt.Fprintf(stdout, "sapa %s\n", address)
	if link != "" {
		fmt.Fprintln(stdout, phrase.Say(lang(), "staff.first-link", "link", link))
	}
	if env("GOGC", "") == "" {
		debug.SetGCPercent(garbagePercent)
	}
	if env("GOMAXPROCS", "") == "" && runtime.GOMAXPROCS(0) < shares {
		runtime.GOMAXPROCS(shares)
	}
	log := slog.New(slog.NewJSONHandler(stderr, nil))
	h.sayUnfilled(ctx, stdout, address, log)
	err = h.serve(ctx, listener, d, site{name: siteName}, log)
	if err := errors.Join(err, h.close()); err != nil {
		fmt.Fprintln(stderr, "sapa serve:", err)
		return refused
	}
	return done
}

func (d door) url(l net.Listener) string {
	scheme := "http"
	if d.certAndKeyPresent {
		scheme = "https"
	}
	return scheme + "://" + l.Addr().String()
}

// onThisMachine is the address as a browser beside the server reaches it: the first administrator's link works on loopback only.
func (d door) onThisMachine(l net.Listener) string {
	scheme, _, _ := strings.Cut(d.url(l), "://")
	if to, ok := l.Addr().(*net.TCPAddr); ok && to.IP.IsUnspecified() {
		return fmt.Sprintf("%s://localhost:%d", scheme, to.Port)
	}
	return d.url(l)
}

// site is what pages say about where they run.
type site struct {
	name     string
	practice bool
	logins   []web.Login // of the practice floor
}

// serve answers until the context ends, then lets open requests finish.
func (h *house) serve(ctx context.Context, l net.Listener, d door, s site, log *slog.Logger) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	requests, cut := context.WithCancel(context.WithoutCancel(ctx)) // a stop lets them finish
	defer cut()
	marks, err := outbox.MarkName(context.WithoutCancel(ctx), h.store, s.name)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	if err := h.seat.Beat(ctx); err != nil {
		log.Warn("rooms do not answer", "err", err) // their tiles say so
	}
	chores, letters := h.chores(ctx, log), func() {}
	if h.mail != nil {
		letters = h.courier(ctx, log, s.name)
	}
	errands, readings := h.errands(ctx, log, marks), h.readings(ctx, log)
	server := &http.Server{
		Handler: h.handler(d, s, log), MaxHeaderBytes: headerBytes, ReadHeaderTimeout: headerTime, IdleTimeout: idleTime,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn), BaseContext: func(net.Listener) context.Context { return requests },
	}
	server.RegisterOnShutdown(h.hub.Close) // streams to open screens never end by themselves
	metrics, err := h.metrics(d.metrics)
	if err != nil {
		return err
	}
	failed := make(chan error, 1) // one server, one end
	go func() {
		if d.certAndKeyPresent {
			failed <- server.ServeTLS(l, d.tlsCert, d.tlsKey)
		} else {
			failed <- server.Serve(l)
		}
	}()
	select {
	case err = <-failed:
	case <-ctx.Done():
		grace, cancel := context.WithTimeout(context.Background(), shutdownGrace)
		defer cancel()
		err = server.Shutdown(grace)
		if errors.Is(err, context.DeadlineExceeded) {
			cut()
			err = server.Close()
		}
	}
	stop()
	chores()
	letters()
	errands()
	readings()
	if metrics != nil {
		err = errors.Join(err, metrics.Close())
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// every runs a chore now and again until the context ends; the returned func waits for it.
func every(ctx context.Context, pause time.Duration, log *slog.Logger, name string, chore func(context.Context) error) (wait func()) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(pause)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if err := chore(ctx); err != nil && ctx.Err() == nil {
					log.Warn("chore failed", "chore", name, "err", err)
				}
			}
		}
	}()
	return func() { <-ended }
}
