// clock.js keeps clocks, timers and ages going from one offset to the server's clock: a page's own clock may be wrong.
const root = document.documentElement;
const offset = () => Number(root.dataset.offset ?? 0);
let seen = '';

function sync() {
  if (root.dataset.now === seen) return;
  seen = root.dataset.now;
  root.dataset.offset = String(Number(seen) - Date.now());
}

/** The server's time, in ms. */
export const serverNow = () => Date.now() + offset();

const id = () => root.lang !== 'en';
const zones = new Map();
function clock(zone) {
  if (!zones.has(zone)) zones.set(zone, new Intl.DateTimeFormat('en-GB', {timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23'}));
  const text = zones.get(zone).format(serverNow());
  return id() ? text.replace(':', '.') : text;
}

const two = n => String(n).padStart(2, '0');

/** 03:42, with a colon in both languages so that it cannot be read as a clock. */
export function timer(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  return s >= 3600 ? `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${two(Math.floor(s / 60))}:${two(s % 60)}`;
}

/** How long something has waited, as the pages print it. */
export function age(ms) {
  const [sec, min, hour, day] = id() ? ['dtk', 'm', 'j', 'hr'] : ['s', 'm', 'h', 'd'];
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s} ${sec}`;
  if (s < 3600) return `${Math.floor(s / 60)} ${min}`;
  if (s < 48 * 3600) return `${Math.floor(s / 3600)} ${hour} ${two(Math.floor(s / 60) % 60)} ${min}`;
  return `${Math.floor(s / 86400)} ${day}`;
}

const put = (one, text) => { if (one.textContent !== text) one.textContent = text; };
const ends = new WeakMap(); // element -> {said, at}: when a countdown ends

function countdown(one) {
  const said = one.dataset.undo;
  if (ends.get(one)?.said !== said + root.dataset.now) ends.set(one, {said: said + root.dataset.now, at: Date.now() + Number(said) * 1000});
  const left = Math.ceil((ends.get(one).at - Date.now()) / 1000);
  for (const n of one.querySelectorAll('[data-undo-left]')) put(n, String(Math.max(0, left)));
  if (left <= 0) one.hidden = true;
}

export function tick() {
  sync();
  const t = serverNow();
  for (const one of document.querySelectorAll('[data-clock]')) put(one, clock(one.dataset.clock));
  for (const one of document.querySelectorAll('[data-since]')) put(one, timer(t - Number(one.dataset.since)));
  for (const one of document.querySelectorAll('[data-age]')) put(one, age(t - Number(one.dataset.age)));
  for (const one of document.querySelectorAll('[data-until]')) {
    const left = Math.ceil((Number(one.dataset.until) - t) / 1000);
    put(one, String(Math.max(0, left)));
    if (left <= 0) (one.closest('[data-undo]') ?? one).hidden = true;
  }
  document.querySelectorAll('[data-undo]').forEach(countdown);
}

tick();
setInterval(tick, 1000);
document.addEventListener('sapa:shown', tick);
document.addEventListener('sapa:zone', tick);
