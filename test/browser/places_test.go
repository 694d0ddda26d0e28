package browser

import "github.com/chromedp/chromedp"

// place is a page in a state, as somebody who may see it.
type place struct {
	name  string
	login string       // or role; "" is nobody
	path  string       // opened for each look
	once  func(p *tab) // brings the state about, once
	then  func(p *tab) // after each opening
}

func places() []place {
	return []place{
		{name: "sign-in", path: "/sign-in"},
		{name: "sign-in refused", path: "/sign-in", then: func(p *tab) {
			p.allow("401", "422", "503")
			p.submit(`form[action="/sign-in"]`, map[string]string{"login": "49999", "password": "bukan ini"})
			p.wait("the refusal", `document.querySelector('.door [role=alert]')`)
		}},
		{name: "shift", login: shiftAgent, path: "/shift"},
		{name: "desk empty", login: emptyAgent, path: "/desk"},
		{name: "desk unread", login: unreadAgent, path: "/desk", once: func(p *tab) { p.takes() }},
		{name: "desk read", login: readAgent, path: "/desk", once: func(p *tab) { p.must(p.act(p.takes(), "read", nil), "/desk") }},
		{name: "trouble ticket", login: troubleAgent, path: "/desk", once: func(p *tab) { p.must(p.act(p.takes(), "read", nil), "/desk") }, then: func(p *tab) {
			p.press("t")
			p.wait("the trouble ticket's page", `document.documentElement.dataset.screen === 'complaint' && `+settled)
		}},
		{name: "trouble ticket that exists", login: keyboardAgent, path: "/desk", once: func(p *tab) {
			mixed(p.t, keyboardAgent, "nossa")
			p.must(p.act(p.takes(), "read", nil), "/desk")
		}, then: func(p *tab) {
			p.press("t")
			p.wait("the report that exists", `document.querySelector('.exists') && document.documentElement.dataset.screen === 'complaint' && `+settled)
		}},
		{name: "desk callback", login: callbackAgent, path: "/desk", once: func(p *tab) {
			mixed(p.t, callbackAgent, "callback")
			h := p.takes()
			p.answered(h)
			p.answers(h, "receiver", "reporter", "data_check", "nama", "guided", "berhasil", "status", "contacted")
		}},
		{name: "desk fresh lapul", login: lapulAgent, path: "/desk", once: func(p *tab) {
			mixed(p.t, lapulAgent, "fresh-lapul")
			h := p.takes()
			p.answered(h)
			p.hangsUp(h)
			p.answers(h, "receiver", "reporter", "status", "contacted", "reason_1", "menolak", "reason_2", "reschedule")
		}},
		{name: "desk refused", login: refusedAgent, path: "/desk", once: func(p *tab) {
			p.must(p.act(p.takes(), "read", nil), "/desk")
		}, then: func(p *tab) {
			p.press("Ctrl+Enter") // nothing is answered yet
			p.wait("the refusal at its field", `document.querySelector('#desk [role=alert]') && `+settled)
		}},
		{name: "desk keys", login: emptyAgent, path: "/desk", then: func(p *tab) {
			p.press("?")
			p.wait("the sheet of keys", `document.querySelector('#keysheet[open]')`)
		}},
		{name: "desk palette", login: emptyAgent, path: "/desk", then: func(p *tab) {
			p.press("Ctrl+k")
			p.wait("the palette", `document.querySelector('#palette[open] #palette-list > *')`)
		}},
		{name: "intake", login: "tier1", path: "/intake"},
		{name: "intake refused", login: "tier1", path: "/intake", then: func(p *tab) {
			p.allow("422")
			p.submit(`#intake`, map[string]string{"service_no": "bukan nomor", "phone": "1"})
			p.wait("the refusal", `document.querySelector('[role=alert]:not([hidden])')`)
		}},
		{name: "lead", login: "leader", path: "/lead", once: func(p *tab) {
			tier1 := open(p.t).as(login(p.t, "tier1"))
			tier1.goTo("/intake")
			tier1.must(tier1.post("/intake/recommendation", map[string]string{"criterion": "f", "service_no": "152999100000", "call_min": "21", "call_sec": "5"}), "/intake")
		}},
		{name: "ideas", login: "leader", path: "/lead/ideas"},
		{name: "kept drafts", login: "leader", path: "/lead/drafts"},
		{name: "forms received", login: "leader", path: "/lead/forms"},
		{name: "forms", login: "42165", path: "/forms"},
		{name: "outbox", login: outboxAgent, path: "/outbox", once: func(p *tab) {
			mixed(p.t, outboxAgent, "callback") // whose results go to another house's application
			h := p.takes()
			p.answered(h)
			p.hangsUp(h)
			p.answers(h, "receiver", "wrong-number", "remarks", "Nomor ini milik orang lain.")
			p.must(p.act(h, "finish", map[string]string{"a.receiver": "wrong-number", "a.remarks": "Nomor ini milik orang lain."}), "/desk")
			p.until("the tasks have left their eight seconds", "/outbox", `document.querySelector('.task')`)
		}},
		{name: "settings", login: "admin", path: "/admin/settings"},
		{name: "settings read", login: "leader", path: "/admin/settings"},
		{name: "my kiss", login: "leader", path: "/knowledge"},
		{name: "article", login: "leader", path: "/knowledge/pasang-baru"},
		{name: "article new", login: "controller", path: "/knowledge/new"},
		{name: "registrations", login: shiftAgent, path: "/registrations"},
		{name: "register", login: shiftAgent, path: "/registrations/new"},
		{name: "registration", login: "leader", path: "/registrations", then: func(p *tab) {
			p.do("open the newest request", chromedp.Click(chromedp.CSS("table.rows a")))
			p.wait("the request", `document.querySelector('#registration')`)
			p.ready()
		}},
		{name: "packages and ports", login: "leader", path: "/registrations/offer"},
		{name: "package refused", login: "admin", path: "/registrations/offer", then: func(p *tab) {
			p.submit(`#package-1`, map[string]string{"name": ""})
			p.wait("the refusal", `document.querySelector('#name-1[aria-invalid]') && `+settled)
			p.ready()
		}},
		{name: "lists", login: "leader", path: "/intake/lists"},
		{name: "list with refused rows", login: "leader", path: "/intake/lists?kind=coverage", then: func(p *tab) {
			p.do("choose and send a file", chromedp.Evaluate[chromedp.Void](`(() => {
				const held = new DataTransfer()
				held.items.add(new File(['odp,ports,used\nODP-MLG-FA/01,8,9\nMLG,8,1\n'], 'odp.csv'))
				document.querySelector('#file').files = held.files
				document.querySelector('#upload').click()
			})()`))
			p.wait("the verdicts", `document.querySelectorAll('#brought li').length === 2 && `+settled)
			p.ready()
		}},
		{name: "search request", login: "leader", path: "/registrations", then: func(p *tab) {
			no := read[string](p, `document.querySelector('table.rows a').textContent`)
			p.submit(`form[action="/search"]`, map[string]string{"q": no})
			p.wait("the request", `document.querySelector('#request-' + `+"`"+`${document.querySelector('#q').value}`+"`"+`)`)
			p.ready()
		}},
		{name: "clause", login: shiftAgent, path: "/procedure/clauses/5.7.8.c"},
		{name: "decision", login: "quality", path: "/procedure/clauses/A-38"},
		{name: "clause over a page", login: "tier1", path: "/intake", then: func(p *tab) {
			p.do("press a § mark", chromedp.Evaluate[chromedp.Void](`document.querySelector('a.cl[data-trace]').click()`))
			p.wait("the clause", shownClause)
		}},
		{name: "clause", login: shiftAgent, path: "/clauses/5.7.8.c"},
		{name: "procedure", login: shiftAgent, path: "/procedure"},
		{name: "procedure draft", login: "controller", path: "/procedure", once: beginsDraft},
		{name: "editor", login: "controller", path: "/procedure/draft?at=5.7.8&campaign=fresh-lapul&field=reason_1", once: beginsDraft},
		{name: "editor field", login: "controller", path: "/procedure/draft/edit?kind=field&campaign=fresh-lapul&id=reason_1&at=5.7.8", once: beginsDraft},
		{name: "editor option", login: "controller", path: "/procedure/draft/edit?kind=option&campaign=fresh-lapul&id=reason_1%3Dfullfilment&at=5.7.8", once: beginsDraft},
		{name: "editor outcome", login: "controller", path: "/procedure/draft/edit?kind=outcome&campaign=fresh-lapul&id=refused&at=5.7.8", once: beginsDraft},
		{name: "editor campaign", login: "controller", path: "/procedure/draft/edit?kind=campaign&campaign=fresh-lapul", once: beginsDraft},
		{name: "editor new campaign", login: "controller", path: "/procedure/draft/edit?kind=new", once: beginsDraft},
		{name: "editor try", login: "controller", path: "/procedure/draft/try?campaign=fresh-lapul", once: beginsDraft},
		{name: "records", login: "controller", path: "/records"},
		{name: "search", login: shiftAgent, path: "/desk", then: func(p *tab) {
			p.submit(`form[action="/search"]`, map[string]string{"q": "IN9400"})
			p.wait("what was found", `document.documentElement.dataset.screen === 'search'`)
			p.ready()
		}},
		{name: "search nothing", login: shiftAgent, path: "/desk", then: func(p *tab) {
			p.submit(`form[action="/search"]`, map[string]string{"q": "zzzz"})
			p.wait("nothing found", `document.documentElement.dataset.screen === 'search'`)
			p.ready()
		}},
		{name: "sorry", login: shiftAgent, path: "/tidak-ada", then: func(p *tab) { p.allow("404") }},
	}
}

// beginsDraft has the floor's controller begin the draft that the editor's pages show; one that is there is the same to them.
func beginsDraft(p *tab) {
	p.goTo("/procedure")
	p.post("/procedure/begin", map[string]string{"key": "mulai draf"})
}

// arrive signs a person (a login or a role) in and brings about what their page is to show.
func (p *tab) arrive(who string, once func(p *tab)) {
	p.t.Helper()
	if _, role := floor.logins[who]; role {
		who = login(p.t, who)
	}
	if who != "" {
		p.as(who)
	}
	if once != nil {
		once(p)
	}
}
