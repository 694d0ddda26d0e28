package courier_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"sapa/internal/courier"
	"sapa/internal/outbox"
)

func TestASecretNeverShowsItself(t *testing.T) {
	c := courier.Config{Addr: "mail.rekaan.example:587", User: "sapa", Password: "rahasia", From: "sapa@rekaan.example"}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("mail", "config", c, "password", c.Password)
	slog.New(slog.NewTextHandler(&log, nil)).Info("mail", "config", c, "password", c.Password)
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	all := fmt.Sprintf("%v %+v %#v %s %q %s %s", c, c, c, c.Password, c.Password, text, log.String())
	if strings.Contains(all, "rahasia") || !strings.Contains(all, "***") {
		t.Errorf("shown in %s", all)
	}
}

func TestAConfigurationIsCheckedBeforeAnythingLeaves(t *testing.T) {
	good := courier.Config{Addr: "mail.rekaan.example:587", From: "sapa@rekaan.example"}
	for name, c := range map[string]struct {
		change func(c *courier.Config)
		wrong  string
	}{
		"as it is":              {func(*courier.Config) {}, ""},
		"implicit":              {func(c *courier.Config) { c.TLS = courier.Implicit }, ""},
		"plain here":            {func(c *courier.Config) { c.TLS, c.Addr = courier.Plain, "127.0.0.1:25" }, ""},
		"plain here by name":    {func(c *courier.Config) { c.TLS, c.Addr = courier.Plain, "localhost:25" }, ""},
		"plain here, IPv6":      {func(c *courier.Config) { c.TLS, c.Addr = courier.Plain, "[::1]:25" }, ""},
		"plain elsewhere":       {func(c *courier.Config) { c.TLS = courier.Plain }, "not on this machine"},
		"plain, other address":  {func(c *courier.Config) { c.TLS, c.Addr = courier.Plain, "10.0.0.1:25" }, "not on this machine"},
		"unknown mode":          {func(c *courier.Config) { c.TLS = "opportunistic" }, "starttls, implicit or none"},
		"no port":               {func(c *courier.Config) { c.Addr = "mail.rekaan.example" }, "HOST:PORT"},
		"no host":               {func(c *courier.Config) { c.Addr = ":25" }, "HOST:PORT"},
		"port by name":          {func(c *courier.Config) { c.Addr = "mail.rekaan.example:smtp" }, "HOST:PORT"},
		"port 0":                {func(c *courier.Config) { c.Addr = "mail.rekaan.example:0" }, "HOST:PORT"},
		"no sender":             {func(c *courier.Config) { c.From = "" }, "not an e-mail address"},
		"sender with a name":    {func(c *courier.Config) { c.From = "sapa <sapa@rekaan.example>" }, "not an e-mail address"},
		"sender of two lines":   {func(c *courier.Config) { c.From = "sapa@rekaan.example\r\nBcc: x@y.example" }, "control characters"},
		"name of two lines":     {func(c *courier.Config) { c.FromName = "sapa\nBcc: x@y.example" }, "control characters"},
		"password without user": {func(c *courier.Config) { c.Password = "rahasia" }, "needs a mail user"},
	} {
		one := good
		c.change(&one)
		switch err := one.Check(); {
		case c.wrong == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)):
			t.Errorf("%s: %v, want %q", name, err, c.wrong)
		case err != nil && strings.Contains(err.Error(), "rahasia"):
			t.Errorf("%s: %v", name, err)
		}
	}
}

// STARTTLS is a must: where it is not offered, or by somebody unknown, nothing is said - no address, no password.
func TestNothingIsSaidWithoutTLS(t *testing.T) {
	config, roots := certificate(t)
	each(t, func(t *testing.T, o *office) {
		o.mail.User, o.mail.Password = "sapa", "rahasia"
		for name, c := range map[string]struct {
			server   *server
			mode     courier.TLS
			trusted  bool
			sent     bool
			password courier.Secret
		}{
			"starttls":                   {new(server).serve(t, config, false), courier.StartTLS, true, true, "rahasia"},
			"starttls by default":        {new(server).serve(t, config, false), "", true, true, "rahasia"},
			"implicit":                   {new(server).serve(t, config, true), courier.Implicit, true, true, "rahasia"},
			"starttls not offered":       {new(server).serve(t, nil, false), courier.StartTLS, true, false, "rahasia"},
			"nor a sign-in asked for":    {new(server).serve(t, nil, false), courier.StartTLS, true, false, ""},
			"starttls of a stranger":     {new(server).serve(t, config, false), courier.StartTLS, false, false, "rahasia"},
			"implicit of a stranger":     {new(server).serve(t, config, true), courier.Implicit, false, false, "rahasia"},
			"implicit to a plain server": {new(server).serve(t, nil, false), courier.Implicit, true, false, "rahasia"},
		} {
			o.mail.Addr, o.mail.TLS, o.mail.Password, o.mail.Roots = c.server.addr, c.mode, c.password, nil
			if o.mail.User = "sapa"; c.password == "" {
				o.mail.User = ""
			}
			if c.trusted {
				o.mail.Roots = roots
			}
			p := o.promise(outbox.Promise{Kind: "outside", To: "luar@rekaan.example", Key: name, Text: name})
			o.round(1)
			kept, heard := o.get(p), c.server.heard()
			if c.sent && (kept.State != outbox.Done || heard != "auth sapa/rahasia; from sapa@rekaan.example; to luar@rekaan.example") {
				t.Errorf("%s: heard %q, kept %+v", name, heard, kept)
			}
			if !c.sent && (kept.State != outbox.Open || kept.LastError == "" || heard != "" || len(c.server.letters()) != 0) {
				t.Errorf("%s: heard %q, kept %+v", name, heard, kept)
			}
		}
	})
}

// A server that wants a sign-in we have not been told about is the same: 530 is not the letter's fault.
func TestAMissingSignInLosesNoLetter(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		inbox := &server{rcpt: func(string) error {
			return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "sign in first"}
		}}
		o.mail.Addr = inbox.serve(t, nil, false).addr
		p := o.formLetter()
		o.round(1)
		if kept := o.get(p); kept.State != outbox.Open || !strings.Contains(kept.LastError, "sign in first") {
			t.Errorf("kept %+v", kept)
		}
	})
}

// A wrong password is about us and not about the letter: it waits until somebody puts it right, and is not in what is kept.
func TestAWrongPasswordLosesNoLetter(t *testing.T) {
	config, roots := certificate(t)
	each(t, func(t *testing.T, o *office) {
		inbox := new(server).serve(t, config, false)
		o.mail.Addr, o.mail.TLS, o.mail.Roots, o.mail.User, o.mail.Password = inbox.addr, courier.StartTLS, roots, "sapa", "keliru-sekali"
		p := o.formLetter()
		o.round(1)
		kept := o.get(p)
		if kept.State != outbox.Open || !strings.Contains(kept.LastError, "535") || strings.Contains(kept.LastError, "keliru-sekali") {
			t.Fatalf("kept %+v", kept)
		}
		o.mail.Password = "rahasia"
		o.c.Set(kept.NextAt)
		o.round(1)
		if kept := o.get(p); kept.State != outbox.Done || len(inbox.letters()) != 1 {
			t.Errorf("kept %+v", kept)
		}
	})
}
