// page.js sends forms and follows links in place, and morphs the page that comes back, so that focus, caret and what is
// being typed survive. An address, a status and a redirect mean what they always mean.
import htmx from './vendor/htmx-4.0.1.esm.min.js';

const touched = new WeakMap(); // control -> when its owner last changed it
const now = () => performance.now();
let sent = 0, shown = 0, swapping = null;

for (const name of ['input', 'change']) document.addEventListener(name, e => touched.set(e.target, now()), true);

/** Go to an address in place. */
export const visit = (url = location.href) => go('GET', url, document.body, {});

/** Send a form in place, as if its button had been pressed. */
export function send(form, submitter) {
  const url = submitter?.getAttribute('formaction') || form.getAttribute('action') || location.pathname + location.search;
  const method = (submitter?.getAttribute('formmethod') || form.getAttribute('method') || 'get').toUpperCase();
  const ownAction = !submitter?.hasAttribute('formaction');
  if (method === 'GET') return visit(url.split('?')[0] + '?' + new URLSearchParams(new FormData(form, submitter))); // what is asked stands in the address
  return go(method, url, form, {type: 'submit', submitter, preventDefault() {}}, ownAction);
}

/** Says a sentence in the corner; a reader that speaks hears it. */
export function tell(text, kind = 'bad') {
  const corner = document.getElementById('notices');
  if (!corner || !text) return;
  const box = document.createElement('div');
  box.className = 'toast ' + kind;
  const words = document.createElement('span');
  words.textContent = text;
  const shut = document.createElement('button');
  shut.type = 'button';
  shut.className = 'btn sm';
  shut.textContent = corner.dataset.close;
  shut.dataset.shut = '';
  box.append(words, shut);
  corner.replaceChildren(box);
}
const hush = () => document.getElementById('notices')?.replaceChildren();

/** Fetches this page again without keeping anybody signed in, and morphs only the zones named. */
export async function refresh(zones) {
  const at = now();
  let text;
  try {
    const answer = await fetch(location.href, {headers: {'Sapa-Quiet': '1', Accept: 'text/html'}});
    if (new URL(answer.url).pathname === '/sign-in') return location.assign(answer.url);
    if (!answer.ok) return;
    text = await answer.text();
  } catch {
    return; // the strip says that nothing comes from the house
  }
  const page = new DOMParser().parseFromString(text, 'text/html');
  if (page.documentElement.dataset.screen !== document.documentElement.dataset.screen) return visit();
  for (const zone of zones) {
    const fresh = page.getElementById(zone.id);
    if (!zone.isConnected || !fresh || typedIn(zone, at)) continue;
    for (const one of fresh.querySelectorAll('[autofocus]')) one.removeAttribute('autofocus');
    await htmx.swap({text: fresh.outerHTML, target: zone, swap: 'outerMorph', sourceElement: zone, zone: true, at});
  }
}

/** Tells whether somebody is typing in a zone, or has typed what is not sent. */
export function typedIn(zone) {
  const field = document.activeElement;
  if (field && zone.contains(field) && field.matches('input:not([type=radio],[type=checkbox],[type=hidden]),textarea,select')) return true;
  for (const one of zone.querySelectorAll('input:not([type=hidden]),textarea')) {
    if (one.type === 'radio' || one.type === 'checkbox' ? one.checked !== one.defaultChecked : one.value !== one.defaultValue) return true;
  }
  return false;
}

const underWay = new WeakSet();

async function go(method, url, source, event, ownAction = false) {
  if (method !== 'GET' && underWay.has(source)) return; // a second press is the first one again
  underWay.add(source);
  const n = ++sent;
  document.documentElement.dataset.busy = '';
  document.dispatchEvent(new CustomEvent('sapa:sent', {detail: {method, url}}));
  try {
    await htmx.ajax(method, url, {source, event, target: document.body, swap: 'outerMorph', push: 'true', fetch: fetchPage,
      n, at: now(), form: source.tagName === 'FORM' ? source : null, ownAction});
  } finally {
    underWay.delete(source);
    if (n === sent) delete document.documentElement.dataset.busy;
  }
}

// fetchPage also brings the style sheets and modules that the page names and this one has not.
async function fetchPage(url, how) {
  const answer = await fetch(url, how);
  if (!answer.headers.get('Content-Type')?.startsWith('text/html')) return answer;
  const head = new DOMParser().parseFromString(await answer.clone().text(), 'text/html').head;
  const here = sel => [...document.head.querySelectorAll(sel)].map(e => e.href || e.src);
  const links = here('link[rel=stylesheet]'), scripts = here('script[src]');
  const core = src => src.includes('/sapa.js');
  for (const s of head.querySelectorAll('script[src]')) {
    if (scripts.includes(s.src)) continue;
    if (core(s.src)) answer.outdated = true; // another build answers: load it whole
    else document.head.append(Object.assign(document.createElement('script'), {type: 'module', src: s.src}));
  }
  await Promise.all([...head.querySelectorAll('link[rel=stylesheet]')].filter(l => !links.includes(l.href)).map(l => new Promise(done => {
    const link = Object.assign(document.createElement('link'), {rel: 'stylesheet', href: l.href, onload: done, onerror: done});
    document.head.append(link);
  })));
  return answer;
}

document.addEventListener('submit', e => {
  const form = e.target;
  if (e.defaultPrevented || form.matches('[data-plain],[data-own]') || form.method === 'dialog') return;
  e.preventDefault();
  send(form, e.submitter);
});

document.addEventListener('click', e => {
  const shut = e.target.closest('[data-shut]');
  if (shut) return hush();
  const link = e.target.closest('a[href]');
  if (!link || e.defaultPrevented || e.button !== 0 || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
  if (link.closest('[data-plain],[data-own]') || link.target || link.hasAttribute('download')) return;
  const to = new URL(link.href);
  if (to.origin !== location.origin || to.protocol !== location.protocol || link.getAttribute('href').startsWith('#')) return;
  e.preventDefault();
  visit(to.href);
});

// What comes back: a refusal of something sent is said and nothing typed is lost; an older answer does not cover a newer.
document.addEventListener('htmx:after:request', e => {
  const {ctx} = e.detail;
  if (!ctx.n) return;
  const {raw, status} = ctx.response, to = new URL(raw.url), sentForm = ctx.request.method !== 'GET';
  if (ctx.n < shown) return e.preventDefault();
  if (to.pathname === '/sign-in' || (raw.outdated && (raw.redirected || !sentForm))) {
    e.preventDefault();
    return location.assign(to.href);
  }
  const html = raw.headers.get('Content-Type')?.startsWith('text/html');
  if (!html || (status >= 400 && sentForm && ctx.text.includes('data-sorry'))) {
    e.preventDefault();
    const page = html ? new DOMParser().parseFromString(ctx.text, 'text/html') : null;
    return tell(page ? page.querySelector('[data-sorry-text]')?.textContent : ctx.text);
  }
  if (sentForm && !raw.redirected) ctx.push = null;
  if (to.pathname + to.search === location.pathname + location.search) ctx.push = null;
  shown = ctx.n;
});

document.addEventListener('htmx:error', e => {
  if (!e.detail.ctx?.n) return;
  tell(document.getElementById('notices')?.dataset.notSent);
});

document.addEventListener('htmx:before:swap', e => {
  const {ctx} = e.detail;
  swapping = ctx;
  if (ctx.zone) return;
  hush();
  ctx.before = {screen: document.documentElement.dataset.screen, focus: document.activeElement?.id};
  const tag = ctx.text.match(/<html[^>]*>/i);
  if (!tag) return;
  const root = new DOMParser().parseFromString(tag[0] + '</html>', 'text/html').documentElement;
  for (const name of ['screen', 'keys', 'now', 'theme']) {
    if (name in root.dataset) document.documentElement.dataset[name] = root.dataset[name];
    else delete document.documentElement.dataset[name];
  }
  document.documentElement.lang = root.lang;
});

const changedSince = (one, at) => (touched.get(one) ?? -1) > at;
const inGroup = one => one.type === 'radio' && one.form ? [...one.form.elements].filter(o => o.name === one.name) : [one];

// While morphing: what its owner changed after the request had left stays theirs; a form of another ticket starts anew.
const anew = new Set();
htmx.registerExtension('sapa', {
  htmx_before_morph_node(_, {oldNode, newNode}) {
    if (!swapping || !(oldNode instanceof Element)) return true;
    if (oldNode.matches('details[data-fold]')) newNode.open = oldNode.open; // what its reader unfolded stays so
    if (oldNode.tagName === 'FORM' && oldNode.getAttribute('action') !== newNode.getAttribute('action')) anew.add(oldNode);
    return !(oldNode.matches('input,select,textarea') && oldNode.name === newNode.name && changedSince(oldNode, swapping.at ?? 0) && !anew.has(oldNode.form));
  },
});

function toServer(one, at) {
  if (one.type === 'radio' || one.type === 'checkbox') {
    if (!inGroup(one).some(o => changedSince(o, at))) one.checked = one.defaultChecked;
  } else if (one.type !== 'hidden' && one.type !== 'submit' && one.type !== 'button' && !changedSince(one, at)) {
    if (one.tagName === 'SELECT') for (const o of one.options) o.selected = o.defaultSelected;
    else if ('defaultValue' in one) one.value = one.defaultValue;
  }
}

document.addEventListener('htmx:after:swap', e => {
  const {ctx} = e.detail;
  swapping = null;
  if (ctx.zone) return document.dispatchEvent(new CustomEvent('sapa:zone', {detail: {id: ctx.target.id}}));
  // A form that was accepted (it led to a page that refuses nothing) starts anew; a refused one keeps what was typed.
  const accepted = ctx.response?.raw.redirected && !document.querySelector('[data-refused]');
  const kept = accepted && ctx.ownAction && ctx.form?.isConnected ? [ctx.form] : [];
  for (const form of new Set([...kept, ...anew])) for (const one of form.elements) toServer(one, anew.has(form) ? Infinity : ctx.at);
  for (const one of document.querySelectorAll('form[data-draft] :is([type=radio],[type=checkbox])')) toServer(one, ctx.at);
  anew.clear();
  const screen = document.documentElement.dataset.screen, fresh = screen !== ctx.before?.screen;
  const main = document.getElementById('main');
  if (fresh && main && !document.activeElement?.matches('[autofocus]')) {
    main.tabIndex = -1;
    main.focus({preventScroll: true});
  } else if (document.activeElement === document.body && ctx.before?.focus) {
    document.getElementById(ctx.before.focus)?.focus({preventScroll: true});
  }
  document.dispatchEvent(new CustomEvent('sapa:shown', {detail: {screen, fresh}}));
});

// Back and forward: the same way, by morph.
document.addEventListener('htmx:before:history:restore', e => {
  e.preventDefault();
  visit(location.href);
});
