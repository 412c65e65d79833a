// Files that are still to be sent, kept in the browser so that a reload, another page or a tab that dies loses none. A
// tab holds a lock on its list for as long as it lives; a list that nobody holds is gone on with by the next page.

const MOST_BYTES = 2 ** 30, AT_ONCE = 20, DAYS_MS = 7 * 86_400_000, MARK = "photosite-uploads";
const able = Boolean(globalThis.indexedDB && navigator.locks && globalThis.isSecureContext);
const mine = `${MARK}-${crypto.randomUUID?.()}`; // this page's list: its lock, and its mark for those that come later
let opened, held, bytes = 0, count = 0;

function database() {
  opened ??= new Promise((done, fail) => {
    const request = indexedDB.open(MARK, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("files", {keyPath: "key"});
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  return opened;
}

async function within(mode, does) {
  const transaction = (await database()).transaction("files", mode), answer = does(transaction.objectStore("files"));
  await new Promise((done, fail) => {
    transaction.oncomplete = done;
    transaction.onabort = transaction.onerror = () => fail(transaction.error);
  });
  return answer.result;
}

function hold() {
  localStorage.setItem(mine, "");
  held ??= new Promise(ready => navigator.locks.request(mine, () => new Promise(() => ready())));
  return held;
}

// As many of these as there is room for, in their order. Each that is safe gets the mark `kept`.
export async function keep(items, owner) {
  if (!able) return;
  try {
    await hold();
    for (const some of batches(items)) {
      await within("readwrite", store => {
        for (const {key, file, album, added} of some) store.put({key, file, album, list: mine, owner, added});
        return {};
      });
      for (const item of some) item.kept = true;
      count += some.length;
    }
  } catch { // no room, or a window that keeps nothing: then it asks before one leaves
  }
}

function* batches(items) {
  let some = [];
  for (const item of items) {
    if (item.kept || !item.file.size || bytes + item.size > MOST_BYTES) continue;
    bytes += item.size;
    some.push(item);
    if (some.length === AT_ONCE) {
      yield some;
      some = [];
    }
  }
  if (some.length) yield some;
}

export async function forget(items) {
  const kept = items.filter(item => item.kept);
  if (!kept.length) return;
  for (const item of kept) {
    item.kept = false;
    bytes -= item.size;
    count -= 1;
  }
  await within("readwrite", store => {
    for (const {key} of kept) store.delete(key);
    return {};
  }).catch(() => {});
  if (!count) localStorage.removeItem(mine);
}

async function living() {
  return new Set((await navigator.locks.query()).held.map(lock => lock.name));
}

// The lists that nobody holds: those of pages that are gone.
export async function orphans() {
  const lists = Object.keys(localStorage).filter(name => name.startsWith(MARK));
  const alive = lists.length ? await living() : new Set();
  return lists.filter(name => !alive.has(name));
}

// What pages that are gone have left, oldest first; now it is this page's. What belongs to somebody else, or is too old,
// is deleted.
export async function left(owner) {
  if (!able) return [];
  return navigator.locks.request(MARK, () => adopted(owner)).catch(() => []); // one page at a time
}

async function adopted(owner) {
  const lists = await orphans(), alive = await living(), records = await within("readonly", store => store.getAll());
  const free = records.filter(record => !alive.has(record.list));
  const good = free.filter(record => record.owner === owner && record.added > Date.now() - DAYS_MS);
  if (good.length) await hold();
  await within("readwrite", store => {
    for (const record of free) if (!good.includes(record)) store.delete(record.key);
    for (const record of good) store.put({...record, list: mine});
    return {};
  });
  for (const name of lists) localStorage.removeItem(name);
  count += good.length;
  bytes += good.reduce((sum, {file}) => sum + file.size, 0);
  return good.sort((a, b) => a.added - b.added);
}
