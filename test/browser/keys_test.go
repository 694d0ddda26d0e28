package browser

import (
	"context"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// named are the keys with more than one letter.
var named = map[string]string{"Enter": kb.Enter, "Tab": kb.Tab, "Escape": kb.Escape, "ArrowDown": kb.ArrowDown, "ArrowUp": kb.ArrowUp,
	"ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight, "Home": kb.Home, "End": kb.End}

var modifiers = map[string]chromedp.Modifier{"Ctrl": chromedp.ModifierCtrl, "Alt": chromedp.ModifierAlt, "Shift": chromedp.ModifierShift}

// press presses one key: a letter, a digit, a named key, or a chord such as Ctrl+Enter. The text goes with the key's own
// event, as from a keyboard: a key that the page has taken types nothing (chromedp's KeyEvent sends it in an event apart).
func (p *tab) press(key string) {
	p.t.Helper()
	p.keys++
	p.spent.keys++
	p.leaves(key)
	var with int64
	for {
		name, rest, chord := strings.Cut(key, "+")
		if !chord || rest == "" {
			break
		}
		with, key = with|int64(modifiers[name]), rest
		p.spent.keys++
	}
	if code, ok := named[key]; ok {
		key = code
	}
	p.do("press "+key, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		for _, r := range key {
			text := ""
			all := kb.Encode(r)
			for _, one := range all {
				if one.Type == kb.KeyChar {
					text = one.Text
				}
			}
			for _, one := range all {
				if one.Type == kb.KeyChar {
					continue
				}
				event := *one
				event.Modifiers |= with
				if event.Type = input.DispatchKeyEventTypeKeyUp; one.Type != kb.KeyUp {
					event.Type = input.DispatchKeyEventTypeRawKeyDown
					if text != "" && with&^int64(chromedp.ModifierShift) == 0 {
						event.Type, event.Text, event.UnmodifiedText = input.DispatchKeyEventTypeKeyDown, text, text
					}
				}
				if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, event); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}
