package browser

import "testing"

// SOP fn.5: the controller changes Fresh Lapul's list by keys and in fields: opens the draft, changes an option, sees the difference, what a
// reader would ask, what the agent will see; tries it; takes it back.
func TestTheControllerChangesAListInTheEditor(t *testing.T) {
	p := open(t).as(floor.logins["controller"])
	p.goTo("/procedure/draft")
	if p.yes(`document.getElementById('begin')`) {
		p.press("Ctrl+Enter")
	}
	p.wait("the editor", `document.getElementById('pairs')`)
	defer func() { // the floor is every test's
		version := read[string](p, `document.querySelector('[name=version]').value`)
		p.post("/procedure/discard", map[string]string{"version": version})
	}()

	p.goTo("/procedure/draft?at=5.7.8&campaign=fresh-lapul&field=reason_1")
	p.wait("the preview of Reason 1", `document.querySelector('#preview #g-reason_1')`)
	p.press("e")
	p.wait("the field's forms", `document.documentElement.dataset.screen === 'draft-edit' && document.getElementById('form-set')`)
	p.goTo("/procedure/draft/edit?kind=option&campaign=fresh-lapul&id=reason_1%3Dfullfilment&at=5.7.8")
	p.yes(`(document.getElementById('i-set-label').value = 'Fulfillment', true)`)
	p.press("Ctrl+Enter")
	p.wait("the new name kept", `document.getElementById('draft-undo') && document.getElementById('i-set-label').defaultValue === 'Fulfillment'`)
	p.press("Escape")
	p.wait("the field again", `document.documentElement.dataset.screen === 'draft-edit' && document.getElementById('form-option')`)
	p.press("Escape")
	p.wait("the editor again", `document.documentElement.dataset.screen === 'draft' && document.querySelector('.field.chg .tag.daun')`)

	p.goTo("/procedure/draft?at=5.7.8")
	p.wait("the changed chip", `[...document.querySelectorAll('.chips .tag.daun')].some(e => e.textContent.includes('Fulfillment') && e.title === 'Fullfilment')`)
	p.wait("what the linter asks", `document.querySelector('#notes .note-row')`)
	p.press("d")
	p.wait("the clean view", `document.getElementById('view-clean').hasAttribute('aria-current') && !document.querySelector('.chips .tag.daun')`)
	p.press("d")
	p.wait("the difference again", `document.querySelector('.chips .tag.daun')`)
	p.press("j")
	p.wait("the next clause", `document.getElementById('n-5.7.9').hasAttribute('aria-current')`)
	p.press("k")
	p.wait("the clause before", `document.getElementById('n-5.7.8').hasAttribute('aria-current')`)
	p.press("Alt+u")
	p.wait("the try", `document.documentElement.dataset.screen === 'draft-try' && document.getElementById('try-last_line')`)
	p.press("Escape")
	p.wait("the editor after the try", `document.documentElement.dataset.screen === 'draft' && document.getElementById('draft-undo')`)
	p.press("u")
	p.wait("nothing changed any more", `document.getElementById('no-changes')`)
}
