// trace.js shows a clause over the page it was asked from: nothing half filled is lost, Esc leads back to where the focus was.
// Without it a § mark is a link to the clause's own page.
import {tell} from './page.js';

const id = name => document.getElementById(name);
let from = null; // what was pressed
let asked = 0;

document.addEventListener('click', e => {
  const link = e.target.closest('a[data-trace]');
  if (!link || e.defaultPrevented || e.button !== 0 || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
  if (document.documentElement.dataset.screen === 'clause' || !id('trace-box')) return; // a clause's own page goes on in place
  e.preventDefault();
  show(link);
}, true);

async function show(link) {
  const box = id('trace-box'), inside = box.contains(link), n = ++asked;
  if (!inside) from = document.activeElement?.matches('body') ? link : document.activeElement;
  let answer, text;
  try {
    answer = await fetch(link.href, {headers: {Accept: 'text/html'}});
    text = await answer.text();
  } catch {
    id('ribbon')?.classList.add('open'); // the desk has its text by itself
    return tell(id('notices')?.dataset.notSent);
  }
  if (n !== asked) return;
  if (new URL(answer.url).pathname === '/sign-in') return location.assign(answer.url);
  const page = new DOMParser().parseFromString(text, 'text/html'), article = page.getElementById('trace');
  if (!article) return tell(page.querySelector('[data-sorry-text]')?.textContent);
  id('trace-in').replaceChildren(document.adoptNode(article));
  id('trace-in').scrollTop = 0;
  id('trace-whole').href = answer.url;
  if (!box.open) box.showModal();
  id('trace-in').focus({preventScroll: true});
}

document.addEventListener('close', e => {
  if (e.target.id !== 'trace-box') return;
  asked++; // what is still on its way comes too late
  id('trace-in').replaceChildren();
  const back = from?.isConnected ? from : id(from?.id ?? '');
  from = null;
  back?.focus({preventScroll: true});
}, true);
