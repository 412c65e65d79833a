// What is to be sent: three files at a time, again by itself where the connection is lost, and never twice. It knows
// nothing of how a file is sent, nor of what is shown.

import {renew, send} from "./upload-send.js";

const AT_ONCE = 3, LONGEST_S = 30, TRIES = 5;
const HIDDEN = /^(\.|thumbs\.db$|desktop\.ini$)/i; // what systems leave in folders
const FOREIGN = /^(video|audio)\//;

// All files of what was dropped, folders walked through. What can't be read comes as its name alone.
async function* files(found) {
  for (const one of found) {
    if (one instanceof File) yield one;
    else if (!HIDDEN.test(one.name)) yield* one.isDirectory ? within(one) : [await opened(one)];
  }
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

function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, "0")).join("");
}

function readable(file) {
  return file.slice(0, 1).arrayBuffer().then(() => true, () => false);
}

// Tells "changed" of everything, and "stored", "refused" and "ended" of what their names say. States of an item:
// waiting, sending, stored, duplicate, refused.
export class Queue extends EventTarget {
  items = [];
  waiting = []; // those that wait, and perhaps some that have been given up meanwhile
  sending = 0;
  adding = 0; // drops that are still being walked through
  turn = 0; // another one after all was given up
  losses = 0; // in a row
  ready = 0; // when it may go on
  halted = ""; // "nobody" or "other" is signed in
  why = ""; // "lost" or "busy", while it waits

  constructor({album, words, mostBytes}) {
    super();
    Object.assign(this, {album, words, mostBytes});
    window.addEventListener("online", () => this.goOn());
  }

  get busy() {
    return this.adding > 0 || this.sending > 0 || this.waiting.some(item => item.state === "waiting");
  }

  // Answers how many files that were.
  async take(found) {
    const {turn} = this;
    let count = 0;
    this.adding += 1;
    for await (const file of files(found)) {
      if (turn !== this.turn) break;
      this.add(file);
      count += 1;
    }
    this.adding -= 1;
    this.changed();
    this.pump();
    return count;
  }

  add(file) {
    const item = {file, name: file.name, size: file.size ?? 0, state: "waiting", sent: 0, tries: 0, key: newKey()};
    this.items.push(item);
    const kind = FOREIGN.exec(file.type)?.[1];
    if (file.size === undefined) this.refuse(item, this.words.unreadable, true);
    else if (file.size > this.mostBytes) this.refuse(item, this.words.tooLarge, true);
    else if (kind) this.refuse(item, this.words[kind], true);
    else this.waiting.push(item);
    this.changed();
    this.pump();
  }

  changed() {
    this.dispatchEvent(new Event("changed"));
  }

  tell(name, item) {
    this.dispatchEvent(new CustomEvent(name, {detail: item}));
  }

  refuse(item, sentence, forGood) {
    Object.assign(item, {state: "refused", sentence: sentence || this.words.unsent, forGood});
    this.tell("refused", item);
  }

  // Whatever it waited for: it tries at once.
  goOn() {
    this.ready = 0;
    this.pump();
  }

  again(items) {
    for (const item of items) {
      Object.assign(item, {state: "waiting", sent: 0, tries: 0, told: false});
      this.waiting.push(item);
    }
    this.changed();
    this.pump();
  }

  dropRest() {
    this.turn += 1;
    this.halted = "";
    this.drop(this.items.filter(item => item.state === "waiting" || item.state === "sending"));
  }

  drop(items) {
    const dropped = new Set(items);
    this.items = this.items.filter(item => !dropped.has(item));
    for (const item of items) {
      item.state = "dropped";
      item.stop?.abort();
    }
    this.changed();
    this.pump();
  }

  pump() {
    clearTimeout(this.timer);
    const wait = this.ready - Date.now();
    if (this.halted) return;
    if (wait > 0) this.timer = setTimeout(() => this.pump(), wait);
    while (wait <= 0 && this.sending < AT_ONCE && this.waiting.length) {
      const item = this.waiting.shift();
      if (item.state === "waiting") this.start(item);
    }
    if (!this.busy) this.end();
  }

  end() {
    this.waiting = [];
    if (this.items.some(item => !item.told)) this.dispatchEvent(new Event("ended"));
    for (const item of this.items) item.told = true;
  }

  async start(item) {
    item.state = "sending";
    item.stop = new AbortController();
    this.sending += 1;
    this.changed();
    const progress = part => {
      item.sent = part;
      this.changed();
    };
    const told = await send(item, this.album, {signal: item.stop.signal, progress});
    if (item.state === "sending") await this.settle(item, told);
    this.sending -= 1;
    this.changed();
    this.pump();
  }

  async settle(item, told) {
    if (told.photo || told.status) Object.assign(this, {losses: 0, why: ""});
    if (told.photo) this.arrived(item, told);
    else if (told.waits) this.back(item, "busy", told.waits);
    else if (told.signedOut) await this.look(item, false);
    else if (told.lost) await this.look(item, true);
    else if (told.status === 404) this.refuse(item, this.words.noAlbum, true);
    else this.refuse(item, told.refused, told.forGood);
    if (told.status === 507) this.full(item.size);
  }

  arrived(item, {photo, duplicate}) {
    Object.assign(item, {state: duplicate ? "duplicate" : "stored", sent: 1, photo: photo.id, trashed: Boolean(photo.trashed_at)});
    this.tell("stored", item);
  }

  // To be sent again, as the next one.
  back(item, why, seconds) {
    if (item.state !== "sending") return;
    Object.assign(item, {state: "waiting", sent: 0});
    this.waiting.unshift(item);
    this.why = why;
    this.ready = Math.max(this.ready, Date.now() + seconds * 1000);
  }

  // No answer, or one to somebody else: whether the file can still be read, the site is there, and who is signed in.
  async look(item, lost) {
    const there = await readable(item.file);
    const who = there && await renew().catch(() => "");
    if (item.state !== "sending") return;
    if (!there) return this.refuse(item, this.words.unreadable, true);
    if (who && who !== "same") this.halted = who;
    else if (who) item.tries += 1;
    if (item.tries >= TRIES) return this.refuse(item, this.words.unsent, false);
    if (this.ready <= Date.now()) this.losses += 1;
    this.back(item, "lost", who === "same" && !lost ? 0 : Math.min(2 ** this.losses, LONGEST_S));
  }

  // Where there is no room for a file there is none for a larger one: it need not be sent to hear that.
  full(size) {
    for (const item of this.waiting.filter(one => one.state === "waiting" && one.size >= size)) this.refuse(item, this.words.noRoom, false);
  }

  // Somebody has signed in again, perhaps.
  async resume() {
    if (!this.halted) return;
    const who = await renew().catch(() => this.halted);
    this.halted = who === "same" ? "" : who;
    this.changed();
    if (!this.halted) this.goOn();
  }
}
