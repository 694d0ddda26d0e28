// desk.js makes the workspace quick: a choice is painted at once and kept in the draft after, the page follows what the
// line does, the clause follows the focus. Without it every act is a plain form (desk.templ).
import {tell} from './page.js';
import {Draft, redraw} from './deskdraft.js';
import {wipe} from './deskkeep.js';

const id = name => document.getElementById(name);
const desk = () => id('desk');
const form = () => id('turn');
const draft = new Draft();

// ---------- choosing
let byKey = 0; // when a key was last pressed; a pointer never moves the focus
addEventListener('keydown', () => { byKey = performance.now(); }, true);
addEventListener('pointerdown', () => { byKey = 0; }, true);
let arrows = false; // browsing a group with arrows does not leave it

/** Paints a choice before anybody else knows of it. */
function paint(input) {
  const group = input.closest('[data-group]'), row = input.closest('label');
  if (input.type === 'checkbox') return row.classList.toggle('on', input.checked);
  for (const label of group.querySelectorAll('label')) label.classList.remove('on', 'set');
  row.classList.add('on');
}

document.addEventListener('change', async e => {
  const input = e.target;
  if (!form()?.contains(input) || !input.name?.startsWith('a.')) return;
  if (input.matches('[type=radio],[type=checkbox]')) {
    paint(input);
    draft.mark(input);
    const move = performance.now() - byKey < 1000 && !arrows && input.type === 'radio';
    await draft.send();
    if (move) onward();
  } else {
    draft.mark(input);
    draft.soon(0);
  }
});

document.addEventListener('input', e => {
  const field = e.target;
  if (!form()?.contains(field) || field.matches('[type=radio],[type=checkbox]')) return;
  if ('drafted' in field.dataset) {
    delete field.dataset.drafted; // the agent's own words from here on
    field.closest('.fld')?.querySelector('[id$=drafted]')?.remove();
  }
  const hour = field.matches('.hour');
  if (hour && !/^\d{1,2}([.:]?\d\d)?$/.test(field.value)) return; // half an hour is none
  draft.mark(field);
  draft.soon(hour ? 1500 : 700);
});

// An act waits for the answers that are on their way: its page must know them. That page may have made another act of the same
// form - the call is over, where one hung up one dials again -: what was not pressed is not sent.
addEventListener('submit', e => {
  const {target, submitter} = e;
  if (!desk()?.contains(target) || target.matches('[data-own]') || (!draft.waits && !draft.busy)) return;
  e.preventDefault();
  e.stopImmediatePropagation();
  const button = () => target.contains(submitter) || submitter?.form === target ? submitter : null;
  const act = () => (button()?.hasAttribute('formaction') ? button().formAction : target.action) + ' ' + (button()?.name ?? '') + ' ' + (button()?.value ?? '');
  const pressed = act();
  draft.send().then(() => target.isConnected && act() === pressed && target.requestSubmit(button()));
}, true);

/** Says that an answer is its owner's though no key was pressed in it: a page that left before it does not take it back. */
const given = control => control.dispatchEvent(new Event('input', {bubbles: true}));

/** Moves the focus to the question that waits, and to nothing else. */
function onward() {
  const next = form()?.querySelector('[data-live]');
  if (!next) return;
  const to = next.matches('input,textarea') ? next : next.matches('.moment') ? next.querySelector('[data-digit]') : next.querySelector('input:not([type=hidden],:disabled),button');
  to?.focus();
  to?.scrollIntoView({block: 'nearest'});
  for (const done of document.querySelectorAll('.step.done>details[open]')) done.open = done.contains(document.activeElement);
}

// ---------- what a press does
document.addEventListener('click', e => {
  const at = sel => e.target.closest(sel);
  if (at('a[data-trace]')) return; // trace.js shows the clause over the desk
  if (at('[data-all]')) {
    const boxes = [...at('[data-checks]').querySelectorAll('[type=checkbox]')];
    for (const box of boxes) {
      box.checked = true;
      paint(box);
      given(box);
    }
    draft.mark(boxes[0]);
    return draft.send().then(onward);
  }
  const time = at('[data-hour]');
  if (time) {
    const moment = time.closest('.moment'), hour = moment.querySelector('.hour');
    moment.querySelector('.day').value = time.dataset.day;
    hour.value = time.dataset.hour;
    given(moment.querySelector('.day'));
    given(hour);
    draft.mark(hour);
    return draft.send().then(onward);
  }
  if (at('[data-other]')) return id(at('[data-other]').dataset.other).focus();
  if (at('[data-copy-ref]')) return navigator.clipboard?.writeText(id('ref').textContent);
}, true);

document.addEventListener('sapa:key', e => {
  const {key} = e.detail;
  if (!desk()) return;
  if (key === 'j' || key === 'k') step(key === 'j' ? 1 : -1);
  else if (key === 'Enter') accept();
  else return;
  e.preventDefault();
});

/** Enter: everything fits and goes on; a complete result goes to its button. */
function accept() {
  const live = form()?.querySelector('[data-live]');
  const all = live?.querySelector('[data-all]');
  if (all && !live.querySelector(':checked')) return all.click();
  if (live) return onward();
  id('save-next')?.focus();
}

function step(way) {
  const all = [...document.querySelectorAll('.step summary')];
  const now = all.findIndex(s => s.parentElement.contains(document.activeElement));
  const from = now >= 0 ? now : all.findIndex(s => s.closest('.step.now'));
  const to = all[Math.min(Math.max(from + way, 0), all.length - 1)];
  if (!to) return;
  to.parentElement.open = true;
  const inside = to.parentElement.querySelector('input:checked,input:not([type=hidden],:disabled),textarea,button');
  (inside ?? to).focus();
  to.scrollIntoView({block: 'nearest'});
}

// Enter in a one-line field keeps it and goes on; it never saves the turn by accident. While a choice is on its way keys
// wait for the page that answers it.
const held = [];
addEventListener('keydown', e => {
  arrows = e.key.startsWith('Arrow');
  if (!desk()) return;
  if (draft.busy && e.isTrusted && (/^[0-9]$/.test(e.key) || e.key === 'Enter') && !document.activeElement?.matches('textarea,.inp')) {
    held.push({key: e.key, code: e.code, ctrlKey: e.ctrlKey, metaKey: e.metaKey});
    e.preventDefault();
    e.stopImmediatePropagation();
    return;
  }
  if (e.key === 'Enter' && !e.ctrlKey && !e.metaKey && form()?.contains(e.target) && e.target.matches('input.inp')) {
    e.preventDefault();
    e.stopImmediatePropagation();
    draft.mark(e.target);
    draft.send().then(onward);
  }
}, true);
draft.done = () => {
  if (missed && !held.length) look();
  for (const key of held.splice(0)) document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {...key, bubbles: true, cancelable: true}));
};

// ---------- the clause in force follows the focus
function clause(name) {
  const text = id('clauses')?.querySelector(`[data-id="${CSS.escape(name)}"]`);
  const ribbon = id('ribbon');
  if (!text || !ribbon) return false;
  id('clause-text').replaceChildren(...text.cloneNode(true).childNodes);
  const no = id('clause-no'), to = new URL(no.href);
  to.pathname = '/procedure/clauses/' + encodeURIComponent(name);
  no.textContent = '§ ' + name;
  for (const link of [no, id('clause-more')]) link.href = to.pathname + to.search;
  return true;
}

function follow() {
  const at = document.activeElement, chosen = at?.checked && at.closest('#turn [data-option]')?.dataset.option;
  if (chosen && clause(chosen)) return; // an option that is chosen: its own words
  const place = at?.closest('#turn [data-clause]:not(a)');
  if (place) clause(place.dataset.clause);
}
document.addEventListener('focusin', follow);
document.addEventListener('sapa:zone', follow);
document.addEventListener('change', follow);

// ---------- what the line does, and what happens elsewhere
let own = false;    // an act of this window is under way: its page comes with it
let missed = false; // news came meanwhile: that page may be older than they are
let had = '';       // the ticket last on screen
document.addEventListener('sapa:sent', e => {
  draft.leave(); // an answer that comes after it is of another page
  own = e.detail.method !== 'GET';
  if (/\/(finish|release|undo|next|help)$/.test(e.detail.url)) desk()?.setAttribute('data-digits', 'off');
});
document.addEventListener('sapa:shown', () => {
  own = false;
  if (!desk()) return;
  desk().removeAttribute('data-digits');
  if (had !== (desk().dataset.ticket ?? '') && document.activeElement === document.body) id('main').focus({preventScroll: true});
  arrived();
  if (missed) look();
});

let queue = 0;
document.addEventListener('sapa:news', e => {
  if (!desk()) return;
  e.preventDefault();
  if (own) missed = e.detail.name !== 'queue' || missed;
  if (own) return;
  const idle = !desk().dataset.lease;
  if (e.detail.name === 'queue') {
    queue ||= setTimeout(() => {
      queue = 0;
      look();
    }, idle ? 1000 : 15000); // the whole floor moves the queue; nobody needs each move
    return;
  }
  look();
});

async function look() {
  if (!desk()) return;
  if (own || draft.busy) { // what is under way brings a page of its own; a look beside it could be older
    missed = true;
    return;
  }
  missed = false;
  if (draft.waits) return draft.send();
  const ask = new URLSearchParams(), q = new URLSearchParams(location.search).get('q');
  if (id('ref')) ask.set('had', id('ref').textContent);
  if (q) ask.set('q', q); // the guides that were asked for stay
  await redraw((desk().dataset.here ?? '/desk') + (ask.size ? '?' + ask : ''), {headers: {'Sapa-Quiet': '1'}});
  arrived();
}

let rang = ''; // the attempt whose telephone link has been opened
function arrived() {
  const tel = id('tel');
  const ringing = document.querySelector('#callbar [data-since]')?.dataset.since ?? '';
  if (tel && ringing !== rang && performance.now() - byKey < 3000) tel.click(); // the manual dialler: the agent's own telephone
  rang = ringing;
  had = desk()?.dataset.ticket ?? '';
  draft.arrived();
}

// ---------- the lease of an open page
setInterval(async () => {
  const d = desk()?.dataset;
  if (!d?.lease) return;
  try {
    const answer = await fetch(d.renew, {method: 'POST', body: new URLSearchParams({lease: d.lease})});
    if (answer.status === 409 || answer.status === 404) look();
  } catch {
    // the strip says that nothing comes from the house; the next beat tries again
  }
}, 180000);

// ---------- the number, for fifteen seconds
let masking = 0;
document.addEventListener('submit', async e => {
  if (!e.target.matches('[data-reveal]')) return;
  e.preventDefault();
  const answer = await fetch(e.target.action, {method: 'POST', body: new URLSearchParams(new FormData(e.target))}).catch(() => null);
  if (!answer?.ok) return tell(answer ? await answer.text() : id('notices')?.dataset.notSent);
  const places = [...document.querySelectorAll('[data-masked]')], note = document.querySelector('[data-reveal-note]');
  const number = await answer.text(), masked = places.map(p => p.textContent);
  let left = 15;
  for (const p of places) {
    p.textContent = number;
    p.dataset.shown = '';
  }
  const tick = () => {
    note.textContent = left > 0 ? note.dataset.revealNote.replace('{left}', left) : '';
    if (left-- > 0) return;
    clearInterval(masking);
    places.forEach((p, i) => {
      p.textContent = masked[i];
      delete p.dataset.shown;
    });
  };
  clearInterval(masking);
  tick();
  masking = setInterval(tick, 1000);
}, true);

document.addEventListener('submit', e => {
  if (e.target.matches('form[action^="/sign-out"]')) wipe();
}, true);

arrived();
