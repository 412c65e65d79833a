// Children, tiles and months that stay where they can.

// Makes these the children, in this order; who is one already is not taken out for it.
export function arrange(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child) && !child.matches("photo-scrubber")) child.remove();
  let at = parent.firstElementChild;
  for (const child of children) {
    if (child === at) at = at.nextElementSibling;
    else parent.insertBefore(child, at);
  }
}

// What was being prepared changes where it stands: who has the focus in it, or gets it back from a dialog, keeps it.
export function renew(tile, made) {
  const [old, link] = [tile, made].map(one => one.querySelector("a"));
  Object.assign(old.dataset, link.dataset);
  old.replaceChildren(...link.childNodes);
  tile.className = made.className;
}

// By how many places the photos of a month have moved, where they have moved together: some came before them, or went.
export function movedBy(before, after) {
  const now = new Map(after.map(({key, shapes}) => [key, shapes]));
  const moved = new Map();
  for (const {key, shapes} of before) {
    const then = now.get(key) ?? "";
    if (then.endsWith(shapes) || shapes.endsWith(then)) moved.set(key, then.length - shapes.length);
    else if (then.startsWith(shapes) || shapes.startsWith(then)) moved.set(key, 0);
  }
  return moved;
}

// Laid out anew, who had the focus has it again as soon as their photo is there. Answers which one is still waited for.
export function refocus(parent, address) {
  if (document.activeElement !== document.body) return null; // they have gone elsewhere
  const link = [...parent.querySelectorAll(".tile a")].find(one => one.getAttribute("href") === address);
  link?.focus({preventScroll: true});
  return link ? null : address;
}
