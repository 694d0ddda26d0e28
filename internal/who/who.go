// Package who says who is acting and what part of the floor they may see. It decides nothing: the policy in staff does.
package who

import "slices"

// Role is what a person is on the floor (contract: `sapa staff add --role`).
type Role string

const (
	Tier1      Role = "tier1"      // takes inbound calls, opens callbacks (SOP 5.2.1)
	Agent      Role = "agent"      // Tier 2 outbound
	Leader     Role = "leader"     // team leader (TL)
	Quality    Role = "quality"    // listens and scores (SOP 4)
	Controller Role = "controller" // makes a document (DC)
	Checker    Role = "checker"    // checks it
	Approver   Role = "approver"   // approves it (QMR)
	Admin      Role = "admin"      // the site's administrator
	Feed       Role = "feed"       // a machine that brings tickets; signs in by token only
)

// Roles lists every role, in the order pages show them.
var Roles = []Role{Tier1, Agent, Leader, Quality, Controller, Checker, Approver, Admin, Feed}

// Valid tells whether a role exists.
func (r Role) Valid() bool { return slices.Contains(Roles, r) }

// Via is the door an act came through; the journal keeps it.
type Via string

const (
	Page   Via = "page"
	API    Via = "api"
	CLI    Via = "cli"
	System Via = "system"
)

// Actor is the person (or the house itself) on whose behalf something is done.
type Actor struct {
	ID    int64  // 0 is the house itself
	Login string // e.g. 42147
	Name  string
	Role  Role
	Skill string // telephony skill (SOP 5.2.10.i.skill), e.g. T2O
	Team  int64
	Via   Via
}

// House is sapa acting by itself: lapses, wake-ups, seeds.
var House = Actor{Login: "sapa", Name: "sapa", Via: System}

// Is tells whether the actor has one of the roles.
func (a Actor) Is(roles ...Role) bool { return slices.Contains(roles, a.Role) }

// Scope is what of the floor an actor may see; lists, search and export take it. Made by staff.ScopeOf only.
type Scope struct {
	All  bool  // every ticket of the site
	Team int64 // tickets whose owner or last agent is in this team (leaders), when not All
	Self int64 // tickets this person opened, owns or holds, or has worked on
}
