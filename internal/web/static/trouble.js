// trouble.js is what the trouble ticket (5.2.10) needs beside desk.js - going about in the schedule, the customer's word, a
// measurement that nobody waits for.
import {tell} from './page.js';

const id = name => document.getElementById(name);
const slot = e => e?.matches?.('#g-slot input');

// Arrows go from slot to slot without taking one: each that is taken holds a technician's place. Enter takes.
const WAY = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]};

function next(from, [rows, cols]) {
  const at = e => [Number(e.dataset.row), Number(e.dataset.col)], [row, col] = at(from);
  const ahead = e => rows ? (at(e)[0] - row) * rows : (at(e)[1] - col) * cols;
  const aside = e => rows ? Math.abs(at(e)[1] - col) : Math.abs(at(e)[0] - row);
  return [...document.querySelectorAll('#g-slot input[data-row]')].filter(e => ahead(e) > 0)
    .sort((a, b) => aside(a) - aside(b) || ahead(a) - ahead(b))[0];
}

addEventListener('keydown', e => {
  const on = document.activeElement;
  if (!slot(on) || e.ctrlKey || e.altKey || e.metaKey) return;
  if (WAY[e.key]) next(on, WAY[e.key])?.focus();
  else if (e.key === 'Enter' && !on.checked) on.click();
  else return;
  e.preventDefault();
  e.stopImmediatePropagation();
}, true);

// The customer's word stays while the slot is the same one: the morph leaves it alone, and its default is what it says.
document.addEventListener('change', e => {
  const box = e.target;
  if (box.name !== 'agreed') return;
  box.defaultChecked = box.checked;
  box.closest('label').classList.toggle('on', box.checked);
  if (box.checked) id('save-next')?.focus();
});

// D: the page goes on; news tell when the answer is there.
document.addEventListener('click', async e => {
  const button = e.target.closest('[data-measure]');
  if (!button) return;
  e.preventDefault();
  const {lease} = button.form.elements;
  button.disabled = true;
  id('measuring').textContent = button.dataset.busy;
  const answer = await fetch(button.formAction, {method: 'POST', redirect: 'manual', body: new URLSearchParams({lease: lease.value})}).catch(() => null);
  if (!answer) tell(id('notices')?.dataset.notSent);
  document.dispatchEvent(new CustomEvent('sapa:news', {detail: {name: 'line', data: ''}, cancelable: true}));
}, true);
