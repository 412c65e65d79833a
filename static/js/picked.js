// Which photos of this page are picked, also those that are not in the document just now. They stay picked when one
// looks at a photo and comes back.

const KEY = `picked:${location.pathname}${location.search}`;
const ids = new Set(JSON.parse(sessionStorage.getItem(KEY) ?? "[]"));

export const isPicked = id => ids.has(id);
export const count = () => ids.size;
export const all = () => [...ids];

export function pick(some, on) {
  for (const id of some) on ? ids.add(id) : ids.delete(id);
  keep();
}

export function pickNone() {
  ids.clear();
  keep();
}

function keep() {
  try {
    if (ids.size) sessionStorage.setItem(KEY, JSON.stringify([...ids]));
    else sessionStorage.removeItem(KEY);
  } catch {
    // A hundred thousand are too many to keep for coming back; here they are picked all the same.
  }
}
