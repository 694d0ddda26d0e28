// deskdraft.js sends answers to the draft as they are given: only what changed, one after the other, each with the version
// of the page it was given on. What cannot be sent is kept (deskkeep.js) and sent when the house is back.
import htmx from './vendor/htmx-4.0.1.esm.min.js';
import {serverNow} from './clock.js';
import {keep, kept, drop} from './deskkeep.js';
import {tell} from './page.js';

const id = name => document.getElementById(name);
const form = () => id('turn');
const changed = new Map(); // field -> its control: given, and not sent yet
const nameOf = control => control.name.replace(/\.(day|hour)$/, '');
let epoch = 0; // a page of another act makes answers that are still under way stale

/** Fetches the workspace and morphs it in; gives the status, 0 when the house is not there. */
export async function redraw(url, how = {}) {
  const began = ++epoch, at = performance.now();
  let answer, text;
  try {
    answer = await fetch(url, {...how, headers: {...how.headers, 'Sapa-Part': 'desk', Accept: 'text/html'}});
    text = await answer.text();
  } catch {
    return 0;
  }
  if (new URL(answer.url).pathname === '/sign-in') return location.assign(answer.url), 0;
  if (began !== epoch || !id('desk')) return answer.status;
  const fresh = new DOMParser().parseFromString(text, 'text/html').getElementById('desk');
  if (!fresh) return answer.status;
  const open = document.activeElement?.closest('.step');
  const same = open && fresh.querySelector('#' + CSS.escape(open.id) + '>details');
  if (same && open.querySelector(':scope>details[open]')) same.open = true; // nothing closes around the focus
  const focus = document.activeElement?.id;
  await htmx.swap({text: fresh.outerHTML, target: id('desk'), swap: 'outerMorph', sourceElement: id('desk'), zone: true, at});
  follow();
  if (focus && document.activeElement === document.body) id(focus)?.focus({preventScroll: true});
  return answer.status;
}

// follow makes what a morph leaves alone agree with the page: what was pressed, and a draft that nobody has touched. What
// was given while the page was on its way is newer than it.
function follow() {
  for (const one of form()?.elements ?? []) {
    if (changed.has(nameOf(one))) continue;
    if (one.matches('[type=radio],[type=checkbox]')) one.checked = one.defaultChecked;
    else if (one.matches('[data-drafted]') || one.type === 'hidden') one.value = one.defaultValue;
  }
}

export class Draft {
  busy = false;
  timer = 0;
  done = () => {};

  get waits() { return changed.size > 0; }

  mark(control) { changed.set(nameOf(control), control); }

  soon(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), ms);
  }

  leave() {
    epoch++;
    clearTimeout(this.timer);
    changed.clear();
  }

  /** Sends what changed. Together with it goes what the line said before it: the page shows it, nobody pressed it. */
  async send() {
    clearTimeout(this.timer);
    if (this.busy) return this.busy;
    if (!this.waits || !form()) return;
    let over;
    this.busy = new Promise(done => { over = done; });
    while (this.waits && form()) {
      const body = this.body(), names = [...changed.keys()], path = form().dataset.draft, words = [...changed.values()].map(inWords);
      const typed = [...changed.values()].filter(one => one.matches('textarea,input.inp') && !one.closest('.moment')).map(one => [one.name, one.value]);
      changed.clear();
      const status = await redraw(path, {method: 'POST', body});
      if (status === 409 && form()?.dataset.draft === path) this.again(typed);
      if (status === 0) {
        await keep({by: id('lost')?.dataset.by, path, ref: id('ref').textContent, body: body.toString(), words});
        this.say('unsent', names.length);
        break;
      }
      if (status === 200) this.say('saved');
    }
    this.busy = false;
    over();
    this.done();
  }

  /** Another window was faster: what was chosen there counts, words typed here are not lost and go with its version. */
  again(typed) {
    const why = id('desk').querySelector('[role=alert]')?.textContent;
    for (const [name, value] of typed) {
      const field = form().elements[name];
      if (!field || field.value === value) continue;
      field.value = value;
      delete field.dataset.drafted;
      this.mark(field);
    }
    if (this.waits) tell(why); // the page that keeps them no longer says it
  }

  body() {
    const f = form(), all = new URLSearchParams({lease: f.elements.lease.value, draft: f.elements.draft.value});
    const controls = [...changed.values()];
    const first = controls.reduce((a, b) => a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_PRECEDING ? b : a);
    for (const group of f.querySelectorAll('[data-said]')) {
      const on = group.querySelector(':checked');
      if (on && !changed.has(on.name) && group.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING) all.append(on.name, on.value);
    }
    for (const [name, control] of changed) {
      const moment = control.closest('.moment');
      if (moment) {
        const hour = moment.querySelector('.hour').value;
        all.append(name, '');
        all.append(name + '.day', moment.querySelector('.day').value);
        if (hour) all.append(name + '.hour', hour);
      } else if (control.type === 'checkbox') {
        all.append(name, [...f.elements].filter(o => o.name === name && o.checked).map(o => o.value).join(','));
      } else if (control.type === 'radio') {
        all.append(name, [...f.elements].find(o => o.name === name && o.checked)?.value ?? '');
      } else {
        all.append(name, control.value);
      }
    }
    return all;
  }

  /** Says in the footer what has become of the draft. */
  say(what, count) {
    const line = id('draftline'), words = form()?.dataset;
    if (!line || !words) return;
    const zone = document.querySelector('[data-clock]')?.dataset.clock; // the site's, as the clock beside it
    const clock = new Date(serverNow()).toLocaleTimeString(document.documentElement.lang === 'en' ? 'en-GB' : 'id-ID', {hour12: false, timeZone: zone});
    line.className = 'draftline' + (what === 'unsent' ? ' t-kunyit' : '');
    line.textContent = words[what].replace('{clock}', clock).replace('{count}', count);
  }

  /** A page has come: what was held back for its ticket goes now. What was given on a ticket that is no longer in this
      hand is told, and forgotten when that has been read. */
  async arrived() {
    if (this.replays || !id('lost')) return;
    this.replays = true;
    try {
      await this.replay();
    } finally {
      this.replays = false;
    }
  }

  async replay() {
    const {by} = id('lost').dataset, here = one => one.path === form()?.dataset.draft;
    let sent = false;
    for (const one of await kept()) {
      if (one.by !== by || !here(one)) continue;
      const body = new URLSearchParams(one.body);
      body.set('lease', form().elements.lease.value);
      body.set('draft', form().elements.draft.value);
      await drop(one); // before it goes: nothing is sent twice
      const status = await redraw(one.path, {method: 'POST', body});
      if (status === 0) return keep(one); // the house is away again
      if (here(one)) sent = true;
      else await keep(one); // it has just left this hand
    }
    if (sent) this.say('sent');
    lost((await kept()).filter(one => one.by === by && !here(one)));
  }
}

/** Says which answers could not be sent any more, and of which ticket; closing it forgets them. */
function lost(gone) {
  const box = id('lost');
  if (!box) return;
  box.hidden = !gone.length;
  if (!gone.length) return;
  const refs = [...new Set(gone.map(one => one.ref))].join(', ');
  id('lost-h').textContent = id('lost-h').dataset.words.replace('{ref}', refs);
  id('lost-text').value = gone.map(one => [one.ref, ...one.words ?? []].join('\n')).join('\n\n');
  id('lost-done').onclick = async () => {
    box.hidden = true;
    id('main')?.focus({preventScroll: true});
    for (const one of gone) await drop(one);
  };
}

const ownText = el => [...el?.childNodes ?? []].filter(n => n.nodeType === Node.TEXT_NODE).map(n => n.data.trim()).join(' ').trim();
const optionText = input => ownText(input.closest('label')) || ownText(input.closest('label').querySelector('.l,.el'));

/** An answer in the words of the page. */
function inWords(control) {
  const name = control.name.replace(/^a\.|\.(day|hour)$/g, ''), moment = control.closest('.moment');
  let said = control.value;
  if (moment) said = moment.querySelector('.day').value + ' ' + moment.querySelector('.hour').value;
  else if (control.matches('[type=radio],[type=checkbox]')) said = [...control.form.elements].filter(o => o.name === control.name && o.checked).map(optionText).join(', ');
  return (ownText(id('l-' + name)) || name) + ': ' + said.trim();
}

document.addEventListener('sapa:net', e => {
  if (e.detail.on) document.dispatchEvent(new CustomEvent('sapa:news', {detail: {name: 'refresh', data: ''}, cancelable: true}));
});
