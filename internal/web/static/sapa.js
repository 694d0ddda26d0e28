// The script core: one graph of small modules beside plain pages. Everything below works without it, only slower.
//
// Nothing is bound to an element: every listener sits on the document and reads attributes, so that a morph never loses
// one. A page's own script (desk.js) imports from "./page.js", "./keys.js", "./clock.js" and never from this file.
//
// WHAT A TEMPLATE MAY SAY
//   id                    on every control and every zone: a morph finds its place by it, and keeps focus, caret and typing
//   data-plain            form or link: leave it to the browser (sign-in, sign-out, preferences)
//   data-own              form: a page's own script sends it; the core keeps its hands off
//   data-draft="PATH"     form: the server keeps its answers as they are given (the page's script sends them); its radios and
//                         boxes follow the server after every swap, except those touched since the request left
//   data-key="c"          this key presses it: a letter, ".", "[", "Enter", "Ctrl+Enter", "Alt+1", or two keys within a
//                         second, "x x". A field that can be typed in gets the focus instead. Letters and digits act only
//                         when no text field has the focus; Ctrl and Alt act everywhere; a held key does not repeat.
//                         A key without an element becomes the event sapa:key on the document, {detail: {key}}
//   data-say="..."        its name in the palette, when its own words are not enough
//   data-digit="3"        digit 3 presses it, inside the group that is asked: the one with the focus, else the one
//                         marked data-group data-live, else the first on the page
//   data-group="NAME"     a group of digits; data-live on it: this is the question now
//   data-digits="off"     anywhere on the page: digits do nothing (nobody has read the next ticket yet)
//   data-panel            [ and ] go from panel to panel (#queue, #main and #customer are panels by themselves)
//   data-enter="next"     form: Enter in a one-line field goes to the next field instead of sending
//   data-clock="Asia/Jakarta"   shows the time there, ticking
//   data-since="MS"       a running timer since that moment (Unix ms): 03:42
//   data-age="MS"         how long ago that was, in words of the language: 2 j 51 m
//   data-until="MS"       seconds left until that moment; at zero its nearest [data-undo] or itself is hidden
//   data-undo="SECONDS"   hidden after so many seconds; [data-undo-left] inside counts down
//   data-live-zone="a b"  a zone with an id that is fetched again when news a or b come (empty: any news); it is left
//                         alone while somebody types in it. News also become the event sapa:news on the document,
//                         {detail: {name, data}}; preventDefault keeps the core from looking again
//   data-show="ID"        button: shows what is typed in a password field
//   data-copy="ID"        button: copies that field's text; both buttons are hidden until the script is there
//   data-count="ID"       how many characters of how many, from the text in data-count-say
//   data-for="c"          shown while the radio "criterion" has that value (the nearest form's, or of the form data-of="ID");
//                         data-for-when does the same for the radio "requested"
//   data-mirror="ID"      shows what that field holds
//   data-fill="{json}"    button: puts values into the nearest form's fields by name
//   data-trace            link to a clause: its page is shown over this one (trace.js); Esc leads back
//   data-close            button: closes its dialog
//
// EVENTS on the document: sapa:sent (something left in place), sapa:shown (a page came in place: {detail: {screen,
// fresh}}, fresh when it is another screen), sapa:key, sapa:news, sapa:net ({detail: {on}}).
import './page.js';
import './keys.js';
import './palette.js';
import './clock.js';
import './live.js';
import './forms.js';
import './trace.js';
