// deskkeep.js keeps answers that could not be sent, encrypted, for this session of this browser: the key lives in the
// session's own storage and goes with it, the answers are wiped at sign-out (decisions.md, SSE).
const NAME = 'sapa-drafts', KEY = 'sapa-draft-key';
let memory = []; // where a browser gives neither cryptography nor a store (plain http off loopback)

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
    return await asked(act(base.transaction('unsent', mode).objectStore('unsent')));
  } finally {
    base.close();
  }
}

/** Keeps one set of answers. */
export async function keep(one) {
  if (!able()) return memory.push(one);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({name: 'AES-GCM', iv}, await key(), new TextEncoder().encode(JSON.stringify(one)));
  await store('readwrite', s => s.add({iv, sealed}));
}

/** Gives what is kept, oldest first; what another session sealed cannot be read and is left out. */
export async function kept() {
  if (!able()) return memory;
  if (!sessionStorage.getItem(KEY)) return [];
  const all = [], k = await key();
  for (const {iv, sealed} of await store('readonly', s => s.getAll())) {
    try {
      all.push(JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({name: 'AES-GCM', iv}, k, sealed))));
    } catch {
      // another session's: its key is gone, so is its text
    }
  }
  return all;
}

/** Forgets what is kept. */
export async function drop() {
  memory = [];
  if (able()) await store('readwrite', s => s.clear());
}

/** Forgets what is kept and the key it was kept with. */
export function wipe() {
  memory = [];
  sessionStorage.removeItem(KEY);
  globalThis.indexedDB?.deleteDatabase(NAME);
}
