package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"sapa/internal/api"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/journal"
	"sapa/internal/web"
)

// handler joins the doors: machines under api.Paths, people everywhere else.
func (h *house) handler(d door, s site, log *slog.Logger) http.Handler {
	machines := api.New(api.Parts{Store: h.store, Staff: h.people, Seat: h.seat, Meter: h.meter, Devices: h.devices, Log: log, Outages: h.outages, Control: h.control, Tests: tests()})
	pages := web.New(web.Parts{Store: h.store, Staff: h.people, Seat: h.seat, Campaigns: h.campaigns, Control: h.control, Decided: builtInDecisions(), Hub: h.hub, Meter: h.meter, Devices: h.devices, Site: h.site, SiteName: s.name,
		Practice: s.practice, Logins: s.logins, Secure: d.secure, Proxies: d.trusted, Clock: h.clock, Ticker: ticker, Log: log, Tests: tests()})
	h.pages = pages
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, prefix := range api.Paths {
			if strings.HasPrefix(r.URL.Path, prefix) {
				machines.ServeHTTP(w, r)
				return
			}
		}
		pages.ServeHTTP(w, r)
	})
}

func ticker(d time.Duration) (<-chan time.Time, func()) {
	t := time.NewTicker(d)
	return t.C, t.Stop
}

func after(d time.Duration) (<-chan time.Time, func()) {
	t := time.NewTimer(d)
	return t.C, func() { t.Stop() }
}

// chores is what the house does by itself until the context ends; the returned func waits for it.
func (h *house) chores(ctx context.Context, log *slog.Logger) (wait func()) {
	waits := []func(){
		every(ctx, desk.BeatEvery, log, "beat", h.seat.Beat),
		every(ctx, sweepEvery, log, "sweep", func(ctx context.Context) error {
			return h.store.Write(ctx, func(tx *db.Tx) error { return h.seat.Sweep(tx) })
		}),
		every(ctx, hintEvery, log, "hints", func(context.Context) error { h.hub.Flush(); return nil }),
		every(ctx, followEvery, log, "follow", h.follow().look),
		every(ctx, fillEvery, log, "search", h.fillSearch),
		every(ctx, outageEvery, log, "outages", h.outages.Settle),
		every(ctx, purgeEvery, log, "purge", purgeChore(h.purger)),
		every(ctx, deviceEvery, log, "devices", h.devices.Turn),
		every(ctx, sealEvery, log, "seal", func(ctx context.Context) error { return journal.Seal(ctx, h.store) }),
		every(ctx, time.Hour, log, "tidy", func(ctx context.Context) error {
			return errors.Join(h.store.ForgetAnswers(ctx), h.people.Tidy(ctx), h.store.Vacuum(ctx))
		}),
	}
	ended := make(chan struct{})
	go func() { defer close(ended); h.connectors.Run(ctx) }()
	return func() {
		<-ended
		for _, w := range waits {
			w()
		}
	}
}

// metrics serves numbers about the house on a listener of its own; never by agent or number.
func (h *house) metrics(addr string) (*http.Server, error) {
	if addr == "" {
		return nil, nil
	}
	registry := prometheus.NewRegistry()
	gauge := func(name, help string, read func() float64) {
		registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "sapa", Name: name, Help: help}, read))
	}
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	gauge("streams_open", "open screens that listen for news", func() float64 { return float64(h.hub.Open()) })
	gauge("store_writing", "connections in use for writing", func() float64 { w, _ := h.store.Stats(); return float64(w) })
	gauge("store_reading", "connections in use for reading", func() float64 { _, r := h.store.Stats(); return float64(r) })
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: headerTime}
	go func() { _ = server.Serve(listener) }() // ends with Close
	return server, nil
}
