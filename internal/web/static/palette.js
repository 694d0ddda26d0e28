// palette.js is Ctrl+K: every act of this screen, every page and the search, by name, each with its key beside it.
import {act} from './keys.js';
import {send} from './page.js';

const box = () => document.getElementById('palette');
let items = [], on = 0;

const clean = one => {
  const copy = one.cloneNode(true);
  copy.querySelectorAll('kbd,svg,.keys,.vh').forEach(x => x.remove());
  return copy.textContent.replace(/\s+/g, ' ').trim();
};

function name(one) {
  if (one.dataset.say) return one.dataset.say;
  if (one.matches('input,textarea,select')) {
    const label = one.labels?.[0];
    return one.getAttribute('aria-label') || (label ? clean(label.querySelector('.l') ?? label) : '');
  }
  return clean(one) || one.getAttribute('aria-label') || one.title || '';
}

function choices(q) {
  const dialog = box(), list = document.getElementById('palette-list');
  const fits = text => text.toLowerCase().includes(q.toLowerCase());
  const here = [...document.querySelectorAll('[data-key]')].filter(one => !one.closest('dialog,[hidden]') && !one.disabled && one.offsetParent !== null)
    .map(one => ({group: list.dataset.here, text: name(one), keys: one.dataset.key, run: () => act(one)}));
  const pages = [...document.querySelectorAll('#palette-pages a')].map(a => ({group: list.dataset.pages, text: a.textContent.trim(), keys: a.dataset.key, run: () => a.click()}));
  const all = [...here, ...pages].filter((one, i, every) => one.text && fits(one.text) && every.findIndex(o => o.text === one.text) === i);
  const form = dialog.querySelector('#palette-search');
  if (form && q.trim().length >= 3) {
    all.push({group: list.dataset.find, text: '“' + q.trim() + '”', keys: '', run() {
      form.elements.q.value = q.trim();
      send(form);
    }});
  }
  return all;
}

function draw() {
  const q = document.getElementById('palette-q'), list = document.getElementById('palette-list');
  items = choices(q.value);
  on = Math.min(on, Math.max(0, items.length - 1));
  let group = '';
  list.replaceChildren();
  items.forEach((one, i) => {
    if (one.group !== group) {
      const head = document.createElement('li');
      head.className = 'pg-h';
      head.setAttribute('role', 'presentation');
      head.textContent = group = one.group;
      list.append(head);
    }
    const row = document.createElement('li');
    row.className = 'pi' + (i === on ? ' on' : '');
    row.id = 'palette-' + i;
    row.setAttribute('role', 'option');
    row.setAttribute('aria-selected', String(i === on));
    row.dataset.at = String(i);
    const text = document.createElement('span');
    const at = one.text.toLowerCase().indexOf(q.value.toLowerCase());
    if (q.value && at >= 0) {
      const hit = document.createElement('u');
      hit.textContent = one.text.slice(at, at + q.value.length);
      text.append(one.text.slice(0, at), hit, one.text.slice(at + q.value.length));
    } else text.textContent = one.text;
    const keys = document.createElement('span');
    keys.className = 'keys';
    for (const k of one.keys.split(/[ +]/).filter(Boolean)) {
      const cap = document.createElement('kbd');
      cap.textContent = k === 'Enter' ? '↵' : k.length === 1 ? k.toUpperCase() : k;
      keys.append(cap);
    }
    row.append(text, keys);
    list.append(row);
  });
  q.setAttribute('aria-activedescendant', items.length ? 'palette-' + on : '');
  document.getElementById('palette-' + on)?.scrollIntoView({block: 'nearest'});
}

function toggle() {
  const dialog = box();
  if (!dialog) return false;
  if (dialog.open) {
    dialog.close();
    return true;
  }
  document.getElementById('keysheet')?.close();
  dialog.showModal();
  const q = document.getElementById('palette-q');
  q.value = '';
  on = 0;
  q.focus();
  draw();
  return true;
}

function run(i) {
  const one = items[i];
  if (!one) return;
  box().close();
  one.run();
}

document.addEventListener('keydown', e => {
  if ((e.ctrlKey || e.metaKey) && !e.altKey && e.key.toLowerCase() === 'k') {
    if (toggle()) e.preventDefault();
    return;
  }
  if (!box()?.open) return;
  const step = {ArrowDown: 1, ArrowUp: -1}[e.key];
  if (step) on = (on + step + items.length) % Math.max(1, items.length);
  else if (e.key === 'Enter') run(on);
  else return;
  e.preventDefault();
  if (step) draw();
});
document.addEventListener('input', e => {
  if (e.target.id !== 'palette-q') return;
  on = 0;
  draw();
});
document.addEventListener('click', e => {
  const row = e.target.closest('#palette-list .pi');
  if (row) run(Number(row.dataset.at));
});
