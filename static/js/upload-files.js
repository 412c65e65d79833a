// What was dropped or chosen, as files: folders are walked through. What can't be read comes as its name alone.

const HIDDEN = /^(\.|thumbs\.db$|desktop\.ini$)/i; // what systems leave in folders

export async function* files(found) {
  for (const one of found) {
    if (one instanceof File ? inHidden(one) : HIDDEN.test(one.name)) continue;
    if (one instanceof File) yield one;
    else yield* one.isDirectory ? within(one) : [await opened(one)];
  }
}

// A folder that was chosen comes as the files in it.
function inHidden({webkitRelativePath: path}) {
  return Boolean(path) && path.split("/").some(name => HIDDEN.test(name));
}

async function* within(folder) {
  const reader = folder.createReader();
  for (;;) {
    const some = await new Promise(done => reader.readEntries(done, () => done(null)));
    if (!some) yield {name: folder.name};
    if (!some?.length) return;
    yield* files(some);
  }
}

function opened(entry) {
  return new Promise(done => entry.file(done, () => done({name: entry.name})));
}
