package staff

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sapa/internal/fault"
	"sapa/internal/who"
)

// matrix is the policy written by hand a second time, one row an act, one column a role in the order of who.Roles:
//
//	tier1 agent leader quality controller checker approver admin feed
//
// x lets in, . does not. Who changes the policy changes it here too, and sees what it means for everybody.
const matrix = `
	acknowledge   . . x . x . . . .
	ask-recommend x . . . . . . . .
	attention     . . x . . . . . .
	backdate      . . . . . . . x x
	cancel-registration x x x . . . . x x
	copies        . . . . x . . . .
	coverage      . . x . . . . x x
	device        . x x . . . . . .
	draft         . . . . x . . . .
	feed-trouble  . . x . . . . x x
	form          . x . . . . . . .
	ideas         . . x . . . . . .
	import        . . x . . . . x .
	keep-promise  . x x . . . . . .
	lines         . . . . . . . x x
	measure       x x x . . . . . .
	mix           . . x . . . . . .
	move-registration . . x . . . . x x
	notice        . . x . x . . x .
	open-ticket   x . x . . . . x x
	outage        . . x . . . . x .
	packages      . . x . . . . x .
	plan          . . x . . . . x .
	raise         . . x . . . . . .
	read-customer x x x x . . . x .
	read-device   x x x x . . . x .
	read-document x x x x x x x x .
	read-form     . x x . . . . . .
	read-knowledge x x x x x x x x .
	read-outage   x x x x . . . x x
	read-outbox   . x x . . . . x .
	read-registration x x x x . . . x x
	read-settings . . x x . . . x .
	read-ticket   x x x x . . . x x
	read-trouble  x x x x . . . x x
	readiness     x x x x x x x x .
	recall        . . . . x . x . .
	recommend     . . x . . . . . .
	register      x x x . . . . x .
	report        . . x x . . . x .
	reveal        . x x . . . . . .
	review-knowledge . . x x . x x . .
	search        x x x x . . . x .
	self          x x x x x x x x .
	settings      . . . . . . . x .
	settle-outbox . . x . . . . . .
	sign          . . . . x x x . .
	staff         . . . . . . . x .
	take-over     . . x . . . . . .
	trouble       x x x . . . . x .
	trouble-note  x x x . . . . x x
	work          . x . . . . . . .
	write-knowledge . . x x x . . . .
`

// disagreements holds the policy against the matrix, both ways.
func disagreements() (all []string) {
	var acts []Act
	for _, line := range strings.Split(strings.TrimSpace(matrix), "\n") {
		cells := strings.Fields(line)
		act := Act(cells[0])
		acts = append(acts, act)
		if len(cells) != 1+len(who.Roles) {
			all = append(all, fmt.Sprintf("%s: %d cells for %d roles", act, len(cells)-1, len(who.Roles)))
			continue
		}
		for i, role := range who.Roles {
			wanted := cells[i+1] == "x"
			err := May(who.Actor{ID: 7, Role: role, Via: who.Page}, act)
			if got := err == nil; got != wanted {
				all = append(all, fmt.Sprintf("%s may %s: got %v, the matrix says %v", role, act, got, wanted))
			}
			if err != nil && !fault.Is(err, fault.Forbidden) {
				all = append(all, fmt.Sprintf("%s may %s: want Forbidden, got %v", role, act, err))
			}
		}
	}
	if !slices.Equal(Acts(), acts) {
		all = append(all, fmt.Sprintf("the policy has the acts %v, the matrix %v", Acts(), acts))
	}
	return all
}

func TestPolicyIsTheMatrix(t *testing.T) {
	for _, d := range disagreements() {
		t.Error(d)
	}
}

// Whatever single cell of the policy somebody changes, the matrix notices: each of them is tried.
func TestMatrixNoticesEveryChange(t *testing.T) {
	tried := 0
	for _, act := range Acts() {
		kept := policy[act]
		for _, role := range who.Roles {
			if i := slices.Index(kept, role); i >= 0 {
				policy[act] = slices.Delete(slices.Clone(kept), i, i+1)
			} else {
				policy[act] = append(slices.Clone(kept), role)
			}
			if found := disagreements(); len(found) != 1 || !strings.Contains(found[0], string(role)+" may "+string(act)+":") {
				t.Errorf("%s may %s was changed; noticed: %v", role, act, found)
			}
			tried++
		}
		delete(policy, act)
		if len(disagreements()) == 0 {
			t.Errorf("%s was taken away and nothing noticed", act)
		}
		policy[act] = kept
	}
	policy["fly"] = nil
	if len(disagreements()) == 0 {
		t.Error("an act was added and nothing noticed")
	}
	delete(policy, "fly")
	if want := len(Acts()) * len(who.Roles); tried != want || len(disagreements()) != 0 {
		t.Errorf("%d of %d cells were tried; the policy is now %v off", tried, want, disagreements())
	}
}

func TestNobodyMayWhatThePolicyDoesNotKnow(t *testing.T) {
	for _, role := range append([]who.Role{"", "root", "ADMIN"}, who.Roles...) {
		for _, act := range []Act{"", "fly", "WORK"} {
			if May(who.Actor{ID: 7, Role: role, Via: who.API}, act) == nil {
				t.Errorf("%q may %q", role, act)
			}
		}
	}
	for _, role := range []who.Role{"", "root", "ADMIN"} {
		for _, act := range Acts() {
			if May(who.Actor{ID: 7, Role: role, Via: who.API}, act) == nil {
				t.Errorf("%q may %q", role, act)
			}
		}
	}
}

func TestNobodyAtAllMayNothing(t *testing.T) {
	for _, a := range []who.Actor{{}, {Via: who.Page}, {Via: who.API}, {Role: who.Admin}, {Role: who.Admin, Via: who.API}} {
		for _, act := range Acts() {
			if May(a, act) == nil {
				t.Errorf("%+v may %s", a, act)
			}
		}
		if s := ScopeOf(a); s.Self != 0 || s.Team != 0 || (s.All && a.Role != who.Admin) {
			t.Errorf("%+v sees %+v", a, s)
		}
	}
}

func TestConsoleAndHouseMayAll(t *testing.T) {
	for _, a := range []who.Actor{Console, who.House} {
		for _, act := range Acts() {
			if err := May(a, act); err != nil {
				t.Errorf("%s %s: %v", a.Via, act, err)
			}
		}
		if !ScopeOf(a).All {
			t.Errorf("%s does not see all", a.Via)
		}
	}
}

func TestScope(t *testing.T) {
	for _, c := range []struct {
		role who.Role
		team int64
		want who.Scope
	}{
		{who.Tier1, 3, who.Scope{Self: 7}},
		{who.Agent, 3, who.Scope{Self: 7}},
		{who.Leader, 3, who.Scope{Team: 3, Self: 7}},
		{who.Leader, 0, who.Scope{All: true, Self: 7}},
		{who.Quality, 3, who.Scope{All: true, Self: 7}},
		{who.Controller, 3, who.Scope{Self: 7}},
		{who.Checker, 3, who.Scope{Self: 7}},
		{who.Approver, 3, who.Scope{Self: 7}},
		{who.Admin, 3, who.Scope{All: true, Self: 7}},
		{who.Feed, 3, who.Scope{Self: 7}},
		{"", 0, who.Scope{Self: 7}},
	} {
		got := ScopeOf(who.Actor{ID: 7, Role: c.role, Team: c.team, Via: who.Page})
		if got != c.want {
			t.Errorf("%s of team %d: got %+v, want %+v", c.role, c.team, got, c.want)
		}
	}
}

// masks is who reads which field of a customer as it is, in the same columns.
const masks = `
	address x x x . . . . . .
	amount  x x x . . . . . .
	name    x x x . . . . x .
	ncli    x x x . . . . x .
	phone   . . . . . . . . .
`

// trust.md, access: a field is masked for whoever does not need it, and for a role that nobody thought of.
func TestMasksAreTheMatrix(t *testing.T) {
	var fields []Field
	for _, line := range strings.Split(strings.TrimSpace(masks), "\n") {
		cells := strings.Fields(line)
		fields = append(fields, Field(cells[0]))
		for i, role := range who.Roles {
			if got := Plain(who.Actor{ID: 7, Role: role, Via: who.Page}, Field(cells[0])); got != (cells[i+1] == "x") {
				t.Errorf("%s reads %s as it is: %v", role, cells[0], got)
			}
		}
	}
	if !slices.Equal(Fields(), fields) || Plain(who.Actor{ID: 7, Role: who.Leader}, "salary") || Plain(who.Actor{ID: 7}, FieldName) {
		t.Errorf("fields %v", Fields())
	}
}
