package main

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"sapa/internal/api"
	"sapa/internal/db"
	"sapa/internal/staff"
	"sapa/internal/web"
	"sapa/internal/who"
)

// command runs a command on a data folder and gives its exit code, standard output and standard error.
func command(t *testing.T, data, stdin string, args ...string) (code int, out, err string) {
	t.Helper()
	t.Setenv("SAPA_DATA", data)
	t.Setenv("SAPA_DB", "")
	t.Setenv("SAPA_LANG", "id")
	var stdout, stderr bytes.Buffer
	code = run(context.Background(), args, strings.NewReader(stdin), &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func TestStaffAndTokens(t *testing.T) {
	data := t.TempDir()
	for _, c := range []struct {
		code      int
		stdin     string
		args      string
		out, says string
	}{
		{misused, "", "staff", "", "sapa staff add"},
		{misused, "", "staff fly", "", "sapa staff add"},
		{misused, "", "staff add --login 42147", "", "sapa staff add"},
		{misused, "", "token", "", "sapa token create"},
		{refused, "", "staff add --login 42147 --name Ani --role agent", "", "--password-stdin"},
		{refused, "pendek\n", "staff add --login 42147 --name Ani --role agent --password-stdin", "", "8"},
		{refused, "kopi tubruk pagi\n", "staff add --login 42147 --name Ani --role juragan --password-stdin", "", "juragan"},
		{done, "kopi tubruk pagi\r\n", "staff add --login 42147 --name Ani --role agent --skill T2O --team Malang --password-stdin", "42147 agent Ani", ""},
		{refused, "kopi tubruk pagi", "staff add --login 42147 --name Ani --role agent --password-stdin", "", "42147"},
		{done, "", "staff add --login ovr --name OVR --role feed", "ovr feed OVR", ""},
		{refused, "kopi tubruk pagi", "staff add --login ovr2 --name OVR --role feed --password-stdin", "", "token"},
		{done, "", "staff role --login 42147 --role leader", "", ""},
		{done, "teh panas sore\n", "staff password --login 42147 --password-stdin", "", ""},
		{done, "", "staff email --login 42147 --email ani@rekaan.example", "", ""},
		{done, "", "staff list", "ani@rekaan.example", ""},
		{refused, "", "staff email --login 42147 --email ani@rekaan", "", "e-mail"},
		{refused, "kopi tubruk pagi", "staff add --login 42148 --name Budi --role agent --email budi --password-stdin", "", "e-mail"},
		{misused, "", "staff email --email ani@rekaan.example", "", "sapa staff email"},
		{done, "", "staff suspend --login 42147", "", ""},
		{refused, "", "token create --login 42147", "", ""},
		{done, "", "staff resume --login 42147", "", ""},
		{done, "", "token create --login 42147 --ttl 1h", "sapa_", ""},
		{refused, "", "token create --login 42147 --ttl 1s", "", "--ttl"},
		{misused, "", "token create --login 42147 --ttl soon", "", "ttl"},
		{misused, "", "staff add --login 42150 --name Ani --role agent --pasword-stdin", "", "pasword-stdin"},
		{refused, "", "token create --login nobody", "", ""},
		{done, "", "staff sign-out --login 42147", "", ""},
		{done, "", "staff list", "Malang", ""},
	} {
		code, out, says := command(t, data, c.stdin, strings.Fields(c.args)...)
		if code != c.code || !strings.Contains(out, c.out) || !strings.Contains(says, c.says) || (code != done && says == "") {
			t.Errorf("sapa %s: code %d, want %d\n%s%s", c.args, code, c.code, out, says)
		}
	}
	_, out, _ := command(t, data, "", "staff", "list", "--json")
	var list struct{ People []listed }
	if err := json.Unmarshal([]byte(out), &list); err != nil || len(list.People) != 2 || list.People[0].Role != who.Leader || list.People[0].Team != "Malang" {
		t.Errorf("%v: %s", err, out)
	}
}

func TestTokenCommandMakesAKeyThatOpens(t *testing.T) {
	data := t.TempDir()
	if code, _, says := command(t, data, "kopi tubruk pagi", "staff", "add", "--login", "42147", "--name", "Ani", "--role", "agent", "--password-stdin"); code != done {
		t.Fatal(says)
	}
	_, out, _ := command(t, data, "", "token", "create", "--login", "42147")
	s, err := db.Open(context.Background(), "sqlite:"+data+"/sapa.db", db.Options{Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	door := staff.New(s, staff.Options{})
	if a, err := door.ByToken(context.Background(), strings.TrimSpace(out)); err != nil || a.Login != "42147" {
		t.Errorf("%+v, %v", a, err)
	}
	if _, a, err := door.SignIn(context.Background(), "42147", "kopi tubruk pagi", "127.0.0.1"); err != nil || a.Role != who.Agent {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestRoutesPrintsEveryDoor(t *testing.T) {
	code, out, says := command(t, t.TempDir(), "", "routes", "--json")
	var all []listedRoute
	if err := json.Unmarshal([]byte(out), &all); code != done || err != nil {
		t.Fatalf("%d %v %s", code, err, says)
	}
	seen := map[string]bool{}
	for _, r := range all {
		door := r.Method + " " + r.Pattern
		if seen[door] {
			t.Errorf("%s twice", door)
		}
		seen[door] = true
		if len(r.Roles) == 0 || (r.Open && len(r.Roles) != len(who.Roles)) {
			t.Errorf("%s lets in %v", door, r.Roles)
		}
	}
	routes := append(api.Routes(), web.Routes()...)
	if len(all) != len(routes) {
		t.Errorf("%d routes printed, there are %d", len(all), len(routes))
	}
	for _, r := range routes {
		i := slices.IndexFunc(all, func(l listedRoute) bool { return l.Method == r.Method && l.Pattern == r.Pattern })
		if i < 0 || !slices.Equal(all[i].Roles, r.Roles()) || all[i].Open != r.Open || all[i].Act != r.Act {
			t.Errorf("%s %s is not printed as it is", r.Method, r.Pattern)
		}
	}
	if !seen["POST /api/v1/work/next"] || !seen["GET /desk"] {
		t.Errorf("the doors of an agent are not among %d", len(all))
	}
}
