// keys.js lets keys press what the page shows. It knows no screen: elements carry their key (the table is keys.go).
import {tell} from './page.js';

const TEXT = 'input:not([type=radio],[type=checkbox],[type=button],[type=submit],[type=reset],[type=range],[type=color]),textarea,select,[contenteditable]';
export const typing = () => document.activeElement?.matches(TEXT) ?? false;
const open = () => document.querySelector('dialog[open]');
const SECOND = 1000;
let typed = null; // where text was typed last, and when
document.addEventListener('input', e => e.target.matches?.(TEXT) && (typed = {field: e.target, at: performance.now()}));
document.addEventListener('submit', () => { typed = null; }); // sent on purpose

// swept tells that the field somebody was typing in has just been taken away by news: the letters that still come are text,
// not keys - "l" in a word must not release the ticket.
function swept() {
  if (!typed || typed.field.isConnected || performance.now() - typed.at > 2 * SECOND) return false;
  typed.at = performance.now();
  return true;
}

let first = null; // of two keys

/** The name of a key press as the table writes it, or "" for one that is none. */
export function keyName(e) {
  let k = e.key;
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(e.code);
  if (digit && (e.altKey || e.ctrlKey || /^[0-9]$/.test(k) || !e.shiftKey)) k = digit[1];
  if (['Control', 'Shift', 'Alt', 'Meta', 'Dead', 'Process'].includes(k)) return '';
  if (k.length === 1) k = k.toLowerCase();
  if (k === ' ') return '';
  return (e.ctrlKey || e.metaKey ? 'Ctrl+' : '') + (e.altKey ? 'Alt+' : '') + k;
}

const carriers = key => [...document.querySelectorAll('[data-key]')].filter(one => one.dataset.key === key);
const begins = key => [...document.querySelectorAll('[data-key]')].some(one => one.dataset.key.startsWith(key + ' '));
const shown = one => !one.closest('[hidden]') || one.closest('#palette-pages');

/** Presses what carries a key; false when nothing does. */
export function press(key) {
  const one = carriers(key).find(shown);
  return one ? act(one) : false;
}

/** Presses an element, or goes into it when it is typed in; one that cannot be pressed says why. */
export function act(one) {
  if (one.matches(TEXT)) {
    one.focus();
    if (one.matches('textarea')) one.setSelectionRange(one.value.length, one.value.length); // a draft is added to
    else one.select?.();
  } else if (one.disabled || one.getAttribute('aria-disabled') === 'true') {
    tell(one.title || one.closest('[title]')?.title, 'note');
  } else {
    if (one.matches('[type=radio],[type=checkbox]')) one.focus({preventScroll: true});
    one.click();
  }
  return true;
}

function digit(d) {
  if (document.querySelector('[data-digits=off]')) return false;
  const groups = [...document.querySelectorAll('[data-group]')].filter(g => shown(g) && g.querySelector('[data-digit]'));
  const group = groups.find(g => g.contains(document.activeElement) && g.querySelector(`[data-digit="${d}"]`))
    ?? groups.find(g => 'live' in g.dataset) ?? groups[0];
  const one = [...(group?.querySelectorAll(`[data-digit="${d}"]`) ?? [])].find(shown);
  return one ? act(one) : false;
}

function panel(step) {
  const all = [...document.querySelectorAll('[data-panel],#queue,#main,#customer')];
  if (!all.length) return false;
  const at = all.findIndex(p => p.contains(document.activeElement));
  const to = all[(at + step + all.length) % all.length];
  if (!to.hasAttribute('tabindex')) to.tabIndex = -1;
  to.focus();
  return true;
}

function escape() {
  const menu = document.querySelector('details.me[open]');
  typed = null; // left on purpose
  if (typing() || document.activeElement?.matches('[type=radio],[type=checkbox]')) document.activeElement.blur();
  else if (menu) {
    menu.open = false;
    menu.querySelector('summary').focus();
  } else return false;
  return true;
}

function sheet() {
  const box = document.getElementById('keysheet');
  if (!box) return false;
  box.open ? box.close() : box.showModal();
  return true;
}

function single(key, e) {
  const seq = first && performance.now() - first.at < SECOND ? first.key + ' ' + key : '';
  document.querySelectorAll('.armed').forEach(one => one.classList.remove('armed'));
  first = null;
  if (seq && carriers(seq).some(shown)) return e.repeat || press(seq);
  if (begins(key) && !e.repeat && !carriers(key).some(shown)) { // a key that does something here begins no pair
    first = {key, at: performance.now()};
    document.querySelectorAll('[data-key]').forEach(one => one.dataset.key.startsWith(key + ' ') && one.classList.add('armed'));
    setTimeout(() => document.querySelectorAll('.armed').forEach(one => one.classList.remove('armed')), SECOND);
    return true;
  }
  if (e.repeat && !['j', 'k'].includes(key)) return false;
  if (/^[0-9]$/.test(key)) return digit(key);
  if (key === '?') return sheet();
  if (key === '[') return panel(-1);
  if (key === ']') return panel(1);
  return press(key) || !document.dispatchEvent(new CustomEvent('sapa:key', {detail: {key}, cancelable: true}));
}

// nextField is Enter in a form that goes from field to field.
function nextField(field) {
  const all = [...field.form.elements].filter(o => o.matches(TEXT) && o.type !== 'hidden' && !o.disabled && !o.closest('[hidden]') && o.offsetParent);
  (all[all.indexOf(field) + 1] ?? field.form.querySelector('[type=submit].pri'))?.focus();
  return true;
}

document.addEventListener('keydown', e => {
  if (e.defaultPrevented || e.isComposing) return;
  const key = keyName(e);
  if (!key) return;
  if (open()) {
    if (key === '?' && open().id === 'keysheet') e.preventDefault(), sheet();
    return; // a dialog has its own keys; the browser closes it with Esc
  }
  const on = 'keys' in document.documentElement.dataset, field = document.activeElement;
  let done = false;
  if (key === 'Escape') done = escape() || press('Escape'); // out of the field first, then out of the page
  else if (key.startsWith('Ctrl+') || key.startsWith('Alt+')) done = !e.repeat && press(key);
  else if (key === 'Enter') {
    if (field?.matches('button,a,summary,textarea')) return;
    if (typing()) {
      if (!field.form?.matches('[data-enter=next]') || field.tagName === 'SELECT') return;
      done = nextField(field);
    } else {
      const choice = field?.matches('[type=radio],[type=checkbox]');
      done = (on && !e.repeat && (press('Enter') || !document.dispatchEvent(new CustomEvent('sapa:key', {detail: {key}, cancelable: true})))) || choice;
    }
  } else if (on && !typing() && key !== 'Tab' && !key.startsWith('Arrow')) done = swept() || single(key, e);
  if (done) e.preventDefault();
});

document.addEventListener('click', e => {
  if (e.target.closest('[data-close]')) e.target.closest('dialog')?.close();
  else if (e.target.matches('dialog[open]')) e.target.close(); // outside its content
  const menu = document.querySelector('details.me[open]');
  if (menu && !menu.contains(e.target)) menu.open = false;
});
