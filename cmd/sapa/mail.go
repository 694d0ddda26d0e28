package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"sapa/internal/courier"
	"sapa/internal/form"
	"sapa/internal/phrase"
	"sapa/internal/report"
	"sapa/internal/staff"
)

// post says which mail server takes the site's letters. Without one they stay tasks that a person does.
type post struct{ addr, user, passwordFile, from, tls string }

func (p *post) bind(f *flag.FlagSet) {
	f.StringVar(&p.addr, "smtp-addr", env("SAPA_SMTP_ADDR", ""), "mail server: HOST:PORT; empty: letters are tasks for people")
	f.StringVar(&p.user, "smtp-user", env("SAPA_SMTP_USER", ""), "user at the mail server; empty: no sign-in")
	f.StringVar(&p.passwordFile, "smtp-password-file", env("SAPA_SMTP_PASSWORD_FILE", ""), "file with that user's password; or SAPA_SMTP_PASSWORD")
	f.StringVar(&p.from, "smtp-from", env("SAPA_SMTP_FROM", ""), "address letters come from")
	f.StringVar(&p.tls, "smtp-tls", env("SAPA_SMTP_TLS", string(courier.StartTLS)), "starttls, implicit, or none (to this machine only)")
}

// config gives the mail server as the courier takes it; nil without one.
func (p post) config(site string) (*courier.Config, error) {
	if p.addr == "" {
		if p.user != "" || p.passwordFile != "" || p.from != "" {
			return nil, fmt.Errorf("--smtp-user, --smtp-password-file and --smtp-from need --smtp-addr")
		}
		return nil, nil
	}
	password := os.Getenv("SAPA_SMTP_PASSWORD")
	if p.passwordFile != "" {
		b, err := os.ReadFile(p.passwordFile)
		if err != nil {
			return nil, fmt.Errorf("mail password: %w", err)
		}
		password = strings.TrimRight(string(b), "\r\n")
	}
	c := &courier.Config{Addr: p.addr, TLS: courier.TLS(p.tls), User: p.user, Password: courier.Secret(password), From: p.from,
		FromName: strings.TrimSpace("sapa " + site)}
	return c, c.Check()
}

// courier brings letters until the context ends; the returned func waits for it.
func (h *house) courier(ctx context.Context, log *slog.Logger, name string) (wait func()) {
	_, domain, _ := strings.Cut(h.mail.From, "@")
	c := courier.New(courier.Parts{Store: h.store, Mail: *h.mail, Arrived: courier.Arrived, Site: domain, Ticker: ticker, Log: log,
		Letter: courier.Writer{Sheets: h.sheets, Zone: h.site, Site: name}.Letter})
	ended := make(chan struct{})
	go func() { defer close(ended); c.Run(ctx) }()
	return func() { <-ended }
}

// sheets are a form's files.
func (h *house) sheets(_ form.Batch, f form.Form, rows []form.Row, agent staff.Person, l phrase.Lang) ([]courier.File, error) {
	var text, book bytes.Buffer
	if err := report.FormCSV(&text, rows, h.site, l); err != nil {
		return nil, err
	}
	if err := report.FormXLSX(&book, rows, h.site, l); err != nil {
		return nil, err
	}
	name := fmt.Sprintf("%s-%s-v%d", f.Kind, agent.Login, f.Version)
	return []courier.File{{Name: name + ".csv", Type: "text/csv; charset=utf-8", Body: text.Bytes()},
		{Name: name + ".xlsx", Type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Body: book.Bytes()}}, nil
}
