// customer.js shows one masked value for fifteen seconds, and then the dots again. The value is in the page only while it is
// shown; leaving the page or the window being put away masks it at once.
import {tell} from './page.js';

const FOR = 15;
let shown = null; // {place, masked, timer}

function mask() {
  if (!shown) return;
  clearInterval(shown.timer);
  shown.place.textContent = shown.masked;
  delete shown.place.dataset.shown;
  shown.note.textContent = '';
  shown = null;
}

document.addEventListener('submit', async e => {
  if (!e.target.matches('[data-shows-form]')) return;
  e.preventDefault();
  const button = e.submitter, place = document.getElementById(button?.dataset.place), note = document.getElementById('shown-note');
  if (!place) return;
  mask();
  const answer = await fetch(e.target.action, {method: 'POST', body: new URLSearchParams(new FormData(e.target, button))}).catch(() => null);
  if (!answer?.ok) return tell(answer ? await answer.text() : document.getElementById('notices')?.dataset.notSent);
  const value = await answer.text();
  mask();
  let left = FOR;
  shown = {place, note, masked: place.textContent, timer: setInterval(() => { --left > 0 ? say() : mask(); }, 1000)};
  const say = () => { note.textContent = note.dataset.shown.replace('{left}', left); };
  place.textContent = value;
  place.dataset.shown = '';
  say();
}, true);
addEventListener('pagehide', mask);
document.addEventListener('visibilitychange', () => { if (document.hidden) mask(); });

// The lease of the ticket in hand is kept while its customer is read, as the desk keeps it.
setInterval(() => {
  const held = document.querySelector('[data-renew]')?.dataset;
  if (held) fetch(held.renew, {method: 'POST', body: new URLSearchParams({lease: held.lease})}).catch(() => {}); // the strip says when nothing comes
}, 180000);
