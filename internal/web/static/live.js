// live.js listens to the house: one stream per browser, shared by its tabs. The tab that holds the lock listens and tells
// the others; when it goes, the next one takes over. News only say "look again"; the page asks for what it shows.
import {refresh, typedIn} from './page.js';
import {timer} from './clock.js';

const QUIET = 22000; // ms: two heartbeats and a little; then nothing comes from the house any more
const BLINK = 2000;  // a stream that comes back at once was never gone
const channel = new BroadcastChannel('sapa-live');
let last = Date.now(), lost = 0, gone = false;

const signedIn = () => !!document.getElementById('palette');

function hear(news, told) {
  if (!told) channel.postMessage(news);
  if (news.name === 'lost') {
    lost ||= Date.now();
    return;
  }
  last = Date.now();
  if (gone && news.name !== 'signed-out') look('refresh');
  lost = 0;
  net(true);
  if (news.name === 'signed-out') return location.assign('/sign-in?why=signed-out');
  if (news.name === 'beat' || news.name === 'hello') return;
  if (document.dispatchEvent(new CustomEvent('sapa:news', {detail: news, cancelable: true}))) look(news.name);
}

channel.onmessage = e => hear(e.data, true);

function listen() {
  const stream = new EventSource('/events');
  stream.onmessage = e => {
    const [name, ...data] = e.data.split(' ');
    hear({name, data: data.join(' ')});
  };
  stream.onerror = () => {
    hear({name: 'lost'});
    if (stream.readyState !== EventSource.CLOSED) return; // it tries again by itself
    fetch('/sign-in', {headers: {'Sapa-Quiet': '1'}}).then(answer => { // who is signed in is sent on from there
      if (new URL(answer.url).pathname === '/sign-in') location.assign('/sign-in?why=signed-out');
    }, () => {}).finally(() => setTimeout(listen, 3000));
  };
  addEventListener('pagehide', () => stream.close(), {once: true});
}

if (signedIn()) {
  if (navigator.locks) navigator.locks.request('sapa-live', () => new Promise(() => listen()));
  else listen();
  setInterval(watch, 1000);
}

// watch notices silence: the strip comes up with its seconds, and goes when the house speaks again.
function watch() {
  const since = lost && Date.now() - lost > BLINK ? lost : Date.now() - last > QUIET ? last : 0;
  if (since) net(false, since);
}

function net(on, since) {
  const strip = document.getElementById('offline');
  if (strip) {
    strip.hidden = on;
    if (!on) strip.querySelector('[data-offline-since]').textContent = timer(Date.now() - since);
  }
  if (gone === !on) return;
  gone = !on;
  document.documentElement.dataset.net = on ? 'on' : 'off';
  document.dispatchEvent(new CustomEvent('sapa:net', {detail: {on}}));
}

const waiting = new Set(); // names of news that have come since the last look
let soon = 0;
function look(name) {
  waiting.add(name);
  soon ||= setTimeout(now, 150);
}

async function now() {
  const names = [...waiting];
  waiting.clear();
  const wants = zone => names.includes('refresh') || !zone.dataset.liveZone || zone.dataset.liveZone.split(' ').some(n => names.includes(n));
  const zones = [...document.querySelectorAll('[data-live-zone][id]')].filter(wants);
  if (zones.length) await refresh(zones);
  soon = 0;
  if (zones.some(z => z.isConnected && typedIn(z))) names.forEach(n => later.add(n));
  if (waiting.size) soon = setTimeout(now, 150);
}

// A zone that was being typed in is looked at once its field is left.
const later = new Set();
document.addEventListener('focusout', () => {
  const names = [...later];
  later.clear();
  names.forEach(look);
});
