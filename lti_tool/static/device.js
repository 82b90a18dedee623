// Words that wait on this device until they reach Attune: in IndexedDB, locked with the person's own key (AES-GCM).
// The key comes from our server to whoever is signed in, lives in this document's memory only, and goes with it.
// Phones are shared: what another person left is never readable, and goes after some hours with everyone's.

import { ask } from "./tab_session.js";

const NAME = "attune-device";
const STORE = "kept";
const AGAIN_MS = [1000, 5000, 20_000, 60_000];
const KEPT_MS = 20 * 60 * 60 * 1000;

// The words of the person that `address` gives a key for, or null where this browser keeps nothing. What nobody
// can use is taken away on the way.
export async function openDevice(address) {
  try {
    const keys = await keysFrom(address);
    if (!keys.length) return null;
    const owned = await Promise.all(keys.map(async ({ mark, key }) => ({ mark, key: await taken(key) })));
    const device = new Device(await openDatabase(), owned);
    await device.sweep();
    return device;
  } catch {
    return null; // a private window, no secure origin, no connection: nothing is kept, and the page says so
  }
}

// Takes away whatever has been here for too long, whoever left it. Needs no key.
export async function sweepDevice() {
  try {
    if (!(await isThere())) return;
    await sweep(await openDatabase());
  } catch {
    // Nothing is kept here.
  }
}

// Whether anything at all waits on this device; it may be anybody's.
export async function waitsHere() {
  try {
    if (!(await isThere())) return false;
    return (await finished((await openDatabase()).transaction(STORE).objectStore(STORE).count())) > 0;
  } catch {
    return false;
  }
}

// On a bad line the page may have come and the key not.
async function keysFrom(address) {
  for (const pause of AGAIN_MS) {
    try {
      const answer = await ask(address, { headers: { Accept: "application/json" } });
      return answer.ok ? (await answer.json()).keys : [];
    } catch {
      await new Promise((done) => setTimeout(done, pause));
    }
  }
  return [];
}

class Device {
  constructor(database, owned) {
    this.database = database;
    this.owned = owned; // the newest first: it locks
  }

  // Keeps these words for what is sent to `place`, instead of what was kept for it before.
  async keep(place, words) {
    const [{ mark, key }] = this.owned;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const at = Date.now();
    const text = new TextEncoder().encode(JSON.stringify(words));
    const locked = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bound(mark, place, at) }, key, text);
    await this.write((store) => store.put({ id: `${mark} ${place}`, mark, place, at, iv, locked }));
    return at;
  }

  // What was kept for this place and when; null if nothing was.
  async read(place) {
    for (const { mark, key } of this.owned) {
      const found = await finished(this.store("readonly").get(`${mark} ${place}`));
      if (!found) continue;
      try {
        const { at, iv, locked } = found;
        const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: bound(mark, place, at) }, key, locked);
        return { at, words: JSON.parse(new TextDecoder().decode(text)) };
      } catch {
        return null; // not what this person left
      }
    }
    return null;
  }

  // Whether anything of this person waits here, for whatever place.
  async waits() {
    const all = await finished(this.store("readonly").getAll());
    return all.some((one) => this.owned.some(({ mark }) => mark === one.mark));
  }

  forget(place) {
    return this.write((store) => this.owned.forEach(({ mark }) => store.delete(`${mark} ${place}`)));
  }

  sweep() {
    return sweep(this.database);
  }

  store(mode) {
    return this.database.transaction(STORE, mode).objectStore(STORE);
  }

  write(change) {
    return written(this.database, change);
  }
}

function taken(key) {
  const bytes = Uint8Array.from(atob(key), (letter) => letter.charCodeAt(0));
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

// What is locked cannot be laid under another name, place or time.
function bound(mark, place, at) {
  return new TextEncoder().encode(`${mark} ${place} ${at}`);
}

async function isThere() {
  const all = await indexedDB.databases?.();
  return !all || all.some(({ name }) => name === NAME);
}

function openDatabase() {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "id" });
  return finished(opening);
}

function sweep(database) {
  const tooOld = Date.now() - KEPT_MS;
  return written(database, (store) => {
    store.openCursor().onsuccess = ({ target: { result: cursor } }) => {
      if (!cursor) return;
      if (!(cursor.value.at > tooOld)) cursor.delete();
      cursor.continue();
    };
  });
}

// Once it is on the disk, as far as a browser can say.
function written(database, change) {
  return new Promise((done, not) => {
    const transaction = database.transaction(STORE, "readwrite", { durability: "strict" });
    transaction.oncomplete = () => done();
    transaction.onabort = transaction.onerror = () => not(transaction.error);
    change(transaction.objectStore(STORE));
  });
}

function finished(request) {
  return new Promise((done, not) => {
    request.onsuccess = () => done(request.result);
    request.onerror = request.onblocked = () => not(request.error);
  });
}
