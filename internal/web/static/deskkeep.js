// deskkeep.js keeps answers that could not be sent, encrypted, for this session of this browser: the key lives in the
// session's own storage and goes with it, the answers are wiped at sign-out (decisions.md, SSE).
const NAME = 'sapa-drafts', KEY = 'sapa-draft-key';
let memory = [], places = 0; // where a browser gives neither cryptography nor a store (plain http off loopback)

const able = () => !!(globalThis.crypto?.subtle && globalThis.indexedDB);

async function key() {
  const raw = sessionStorage.getItem(KEY);
  if (raw) return crypto.subtle.importKey('raw', Uint8Array.from(atob(raw), c => c.charCodeAt(0)), 'AES-GCM', false, ['encrypt', 'decrypt']);
  const fresh = await crypto.subtle.generateKey({name: 'AES-GCM', length: 256}, true, ['encrypt', 'decrypt']);
  const bytes = new Uint8Array(await crypto.subtle.exportKey('raw', fresh));
  sessionStorage.setItem(KEY, btoa(String.fromCharCode(...bytes)));
  return fresh;
}

const asked = request => new Promise((yes, no) => {
  request.onsuccess = () => yes(request.result);
  request.onerror = () => no(request.error);
});

async function store(mode, act) {
  const open = indexedDB.open(NAME, 1);
  open.onupgradeneeded = () => open.result.createObjectStore('unsent', {autoIncrement: true});
  const base = await asked(open);
  try {
    return await act(base.transaction('unsent', mode).objectStore('unsent'));
  } finally {
    base.close();
  }
}

/** Keeps one set of answers; one that was kept before (it has a place, at) goes back there. */
export async function keep({at, ...one}) {
  if (!able()) {
    memory.push({...one, at: at ?? ++places});
    return memory.sort((a, b) => a.at - b.at);
  }
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({name: 'AES-GCM', iv}, await key(), new TextEncoder().encode(JSON.stringify(one)));
  await store('readwrite', s => asked(s.put({iv, sealed}, at)));
}

/** Gives what is kept, oldest first; what another session sealed cannot be read and is left out. */
export async function kept() {
  if (!able()) return [...memory];
  if (!sessionStorage.getItem(KEY)) return [];
  const all = [], k = await key();
  const [ats, sealed] = await store('readonly', s => Promise.all([asked(s.getAllKeys()), asked(s.getAll())]));
  for (const [i, one] of sealed.entries()) {
    try {
      all.push({...JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({name: 'AES-GCM', iv: one.iv}, k, one.sealed))), at: ats[i]});
    } catch {
      // another session's: another window of this browser may still be in it
    }
  }
  return all;
}

/** Forgets one set. */
export async function drop({at}) {
  memory = memory.filter(one => one.at !== at);
  if (able()) await store('readwrite', s => asked(s.delete(at)));
}

/** Forgets what is kept and the key it was kept with. */
export function wipe() {
  memory = [];
  sessionStorage.removeItem(KEY);
  globalThis.indexedDB?.deleteDatabase(NAME);
}
