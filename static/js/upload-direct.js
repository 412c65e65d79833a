// Sends files straight to the bucket, by addresses that the site signs: what is there already is never sent. The bytes
// don't pass the site, which is asked for many files at once.

import {ask} from "./upload-send.js";

const MOST_AT_ONCE = 16 * 2 ** 20, PART = 8 * 2 ** 20; // one PUT up to here, parts above
const MOST_HASHED = 2 ** 30; // a file is read whole for its SHA-256
const MOST_ASKED = 50, GATHERED_MS = 250, STALLED_MS = 60_000, GOOD_MS = 50 * 60_000, BLOCKED = 3;
const tray = document.querySelector("upload-tray");
let hasher, hashing = Promise.resolve(), broken = false;

// Whether this file can go this way: not from a page without https, nor through what lets nothing pass to the bucket.
export function fits({file, size, archive, blocked = 0}) {
  const able = !broken && Boolean(globalThis.crypto?.subtle && globalThis.Worker);
  return able && (archive || size <= MOST_HASHED) && blocked < BLOCKED && file.size > 0;
}

// One at a time, so that memory holds one file.
function hashed({file, archive}) {
  hasher ??= new Worker(tray.dataset.hasher);
  const sums = hashing.then(() => new Promise(done => {
    hasher.onmessage = ({data}) => done(data);
    hasher.onerror = () => {
      broken = true;
      done(null);
    };
    hasher.postMessage({file, archive, most: MOST_AT_ONCE, part: PART});
  }));
  hashing = sums;
  return sums;
}

// Asks for all of these in one request. What became of each: {plan} to send it by, or what `send` of upload-send.js
// would answer. A plan is good for an hour. What is here already goes into the album at once.
export async function plan(items, album) {
  for (const item of items) item.sums ??= await hashed(item);
  const there = items.filter(item => item.sums);
  const answers = there.length ? await begin(there, album) : [];
  const told = new Map(there.map((item, place) => [item, answers[place]]));
  return items.map(item => planned(told.get(item)) ?? {unreadable: !broken, again: broken});
}

// Of archives each by itself: there are few.
function begin(items, album) {
  const uploads = items.map(({file, name, size, sums}) => ({
    filename: name, size, sha256: sums.sha256, content_type: file.type, part_sha256s: sums.parts,
  }));
  if (!items[0].archive) return ask(tray.dataset.begin, into(album, uploads), items.length);
  return Promise.all(uploads.map(async upload => (await ask(tray.dataset.imports, upload, 1))[0]));
}

function planned(told) {
  return told?.upload ? {begun: told.upload.id, plan: {...told.upload, until: Date.now() + GOOD_MS}} : told;
}

function into(album, uploads) {
  return album ? {uploads, album} : {uploads};
}

export function holds({plan}) {
  return plan && plan.until > Date.now();
}

// Sends what is missing. {sent}, or {again} where fresh addresses are needed, or what `send` answers. One part after
// the other: all that is under way is lost when the line breaks.
export async function put(item, {signal, progress}) {
  const {file, plan} = item;
  let there = plan.present.reduce((sum, {size}) => sum + size, 0);
  for (const part of plan.parts) {
    let most = 0;
    const bad = await one(file, part, signal, bytes => {
      most = Math.max(most, bytes);
      progress((there + bytes) / file.size);
    });
    if (bad) {
      if (most) Object.assign(item, {blocked: 0, tries: 0});
      else if (bad.lost) item.blocked = (item.blocked ?? 0) + 1;
      return bad;
    }
    there += part.size;
    Object.assign(item, {blocked: 0, tries: 0}); // a large one takes longer than its addresses are good for
  }
  return {sent: true};
}

// One PUT; nothing where it is well.
function one(file, {number, url, headers, size}, signal, progress) {
  return new Promise(done => {
    const start = (number - 1) * PART, request = new XMLHttpRequest();
    let timer;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), STALLED_MS);
    };
    const stop = () => request.abort();
    request.upload.onprogress = event => {
      alive();
      progress(event.loaded);
    };
    request.onloadend = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      if (request.status === 200) progress(size);
      done(meaning(request));
    };
    if (signal.aborted) return done({lost: true});
    signal.addEventListener("abort", stop);
    request.open("PUT", url);
    for (const [name, value] of Object.entries(headers)) if (name !== "content-length") request.setRequestHeader(name, value);
    alive();
    request.send(file.size === size ? file : file.slice(start, start + size));
  });
}

// 412: it is there already. 400: other bytes than announced, since the file was changed. 403: the address has ended.
function meaning({status}) {
  if (status === 200 || status === 412) return null;
  if (status === 403 || status === 404) return {again: true};
  if (status === 400) return {changed: true};
  return {lost: true};
}

// --- and then the site makes photos of them, of several that are there at about the same time in one request -----

let gathered = [], gathering;

export async function complete(item, album) {
  if (item.archive) return (await ask(`${tray.dataset.imports}${item.plan.id}/complete/`, {}, 1))[0];
  return new Promise(done => {
    gathered.push({item, album, done});
    gathering ??= setTimeout(finish, GATHERED_MS);
  });
}

async function finish() {
  gathering = undefined;
  const {album} = gathered[0], same = gathered.filter(one => one.album === album).slice(0, MOST_ASKED);
  gathered = gathered.filter(one => !same.includes(one));
  if (gathered.length) gathering = setTimeout(finish, 0);
  const uploads = same.map(({item}) => ({id: item.plan.id}));
  const answers = await ask(tray.dataset.complete, into(album, uploads), same.length);
  same.forEach(({done}, place) => done(answers[place]));
}

// The site need not keep room for it any longer.
export function giveUp(item) {
  if (item.begun) ask(tray.dataset.upload.replace("00000000-0000-0000-0000-000000000000", item.begun), null, 0, "DELETE");
  item.begun = null;
}
