// What is to be sent: three files at a time, again by itself where the connection is lost, and never twice. It knows
// nothing of what is shown.

import * as direct from "./upload-direct.js";
import {files} from "./upload-files.js";
import {forget, keep, left} from "./upload-kept.js";
import {renew, send} from "./upload-send.js";

const AT_ONCE = 3, AHEAD = 8, MOST_PLANNED = 50, LONGEST_S = 30, TRIES = 5, KEPT_EACH = 20;
const FOREIGN = /^(video|audio)\//, ARCHIVE = /\.zip$/i;

function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, "0")).join("");
}

function readable(file) {
  return file.slice(0, 1).arrayBuffer().then(() => true, () => false);
}

// Tells "changed" of everything, and "stored", "refused" and "ended" of what their names say. States of an item:
// waiting, sending, stored, duplicate, imported, refused. `sent`: how much of it, 0 to 1.
export class Queue extends EventTarget {
  items = [];
  waiting = []; // those that wait, and perhaps some that have been given up meanwhile
  sending = 0; // of those whose bytes go just now
  adding = 0; // drops that are still being walked through
  turn = 0; // another one after all was given up
  losses = 0; // in a row
  ready = 0; // when it may go on
  arrivals = 0;
  planning = false;
  paused = false;
  halted = ""; // "nobody" or "other" is signed in
  why = ""; // "lost" or "busy", while it waits

  constructor({album, words}) {
    super();
    Object.assign(this, {album, words, owner: words.owner});
    window.addEventListener("online", () => this.goOn());
  }

  get open() {
    return this.items.filter(item => item.state === "waiting" || item.state === "sending");
  }

  get busy() {
    return this.adding > 0 || this.open.length > 0;
  }

  // Whether leaving the page would lose something.
  get fragile() {
    return this.adding > 0 || this.open.some(item => !item.kept);
  }

  // Answers how many files that were.
  async take(found) {
    const {turn} = this;
    let count = 0;
    this.adding += 1;
    for await (const file of files(found)) {
      if (turn !== this.turn) break;
      this.add(file, {key: newKey(), album: this.album, added: Date.now()});
      count += 1;
      if (count === AT_ONCE) this.pump();
    }
    this.adding -= 1;
    this.keepSome();
    this.changed();
    this.pump();
    return count;
  }

  // What earlier pages could not send any more. Answers how many files that are.
  async goOnWith() {
    const records = await left(this.owner);
    for (const {file, key, album, added} of records) this.add(file, {key, album, added, kept: true});
    this.changed();
    this.pump();
    return records.length;
  }

  add(file, more) {
    const item = {file, name: file.name, size: file.size ?? 0, archive: ARCHIVE.test(file.name), state: "waiting", sent: 0, tries: 0, ...more};
    this.items.push(item);
    const why = this.against(item);
    if (why) this.refuse(item, why, true);
    else this.waiting.push(item);
    this.changed();
  }

  // Why it need not even be sent, in words.
  against({file, archive}) {
    const {words} = this, [most, larger] = archive ? [words.mostArchiveBytes, words.archiveTooLarge] : [words.mostBytes, words.tooLarge];
    if (file.size === undefined) return words.unreadable;
    return file.size > Number(most) ? larger : words[FOREIGN.exec(file.type)?.[1]];
  }

  keepSome() {
    return keep(this.open.filter(item => !item.kept), this.owner);
  }

  changed() {
    this.dispatchEvent(new Event("changed"));
  }

  tell(name, item) {
    this.dispatchEvent(new CustomEvent(name, {detail: item}));
  }

  over(item, how) {
    Object.assign(item, how);
    forget([item]);
    this.tell(item.state === "refused" ? "refused" : "stored", item);
  }

  refuse(item, sentence, forGood) {
    this.over(item, {state: "refused", sentence: sentence || this.words.unsent, forGood});
  }

  // Whatever it waited for: it tries at once.
  goOn() {
    this.ready = 0;
    this.pump();
  }

  pause(yes) {
    this.paused = yes;
    if (yes) for (const item of this.open) item.stop?.abort();
    this.changed();
    this.goOn();
  }

  again(items) {
    for (const item of items) {
      Object.assign(item, {state: "waiting", sent: 0, tries: 0, told: false, sums: null, plan: null});
      this.waiting.push(item);
    }
    this.changed();
    this.pump();
  }

  dropRest() {
    this.turn += 1;
    this.halted = "";
    this.paused = false;
    this.drop(this.open);
  }

  drop(items) {
    const dropped = new Set(items);
    this.items = this.items.filter(item => !dropped.has(item));
    for (const item of items) {
      if (item.state === "waiting" || item.state === "sending") direct.giveUp(item);
      item.state = "dropped";
      item.stop?.abort();
    }
    forget(items);
    this.changed();
    this.pump();
  }

  pump() {
    clearTimeout(this.timer);
    const wait = this.ready - Date.now();
    if (this.halted || this.paused) return;
    if (wait > 0) this.timer = setTimeout(() => this.pump(), wait);
    else this.next();
    if (!this.busy) this.end();
  }

  next() {
    this.waiting = this.waiting.filter(item => item.state === "waiting");
    for (const item of this.waiting) if (!direct.holds(item) || !direct.fits(item)) item.plan = null;
    for (const item of this.waiting.filter(one => one.plan || !direct.fits(one))) {
      if (this.sending >= AT_ONCE) break;
      this.start(item);
    }
    this.waiting = this.waiting.filter(item => item.state === "waiting");
    const without = this.waiting.filter(item => !item.plan && direct.fits(item));
    const few = this.sending + this.waiting.length - without.length < AHEAD;
    const first = without.find(item => !item.archive) ?? without[0]; // reading an archive through takes long
    const together = without.filter(item => item.album === first.album && item.archive === first.archive);
    const most = first?.archive ? 1 : this.sending ? MOST_PLANNED : AT_ONCE;
    if (together.length && few && !this.planning) this.plan(together.slice(0, most));
  }

  end() {
    this.waiting = [];
    if (this.items.some(item => !item.told)) this.dispatchEvent(new Event("ended"));
    for (const item of this.items) item.told = true;
  }

  // The first few at once, so that something begins; then many in one request.
  async plan(items) {
    this.planning = true;
    const answers = await direct.plan(items, items[0].album);
    this.planning = false;
    const none = answers.find(told => told.lost || told.signedOut || told.waits);
    if (none) await this.settle(items.find(item => item.state === "waiting") ?? items[0], none);
    else items.forEach((item, place) => this.planned(item, answers[place]));
    this.changed();
    this.pump();
  }

  planned(item, told) {
    if (item.state !== "waiting") direct.giveUp(told);
    else if (told.plan) Object.assign(item, told);
    else this.settle(item, told);
  }

  async start(item) {
    item.state = "sending";
    item.stop = new AbortController();
    this.sending += 1;
    this.changed();
    Object.assign(item, {since: performance.now(), from: item.sent});
    const progress = part => {
      item.sent = part;
      this.changed();
    };
    const how = {signal: item.stop.signal, progress};
    let told = await (item.plan ? direct.put(item, how) : this.otherwise(item, how));
    this.sending -= 1;
    this.pump();
    if (told.sent && item.state === "sending") told = await direct.complete(item, item.album);
    if (item.state === "sending") await this.settle(item, told);
    this.changed();
    this.pump();
  }

  // Through the site, where it needs no other room.
  otherwise(item, how) {
    direct.giveUp(item);
    return item.archive ? {refused: this.words.noWay, forGood: true} : send(item, item.album, how);
  }

  async settle(item, told) {
    if (told.photo || told.imported || told.status) Object.assign(this, {losses: 0, why: ""});
    if (told.photo) this.arrived(item, told);
    else if (told.imported) this.over(item, {state: "imported", sent: 1});
    else if (told.unreadable) this.refuse(item, this.words.unreadable, true);
    else if (this.paused) this.back(item, "", 0);
    else if (told.waits) this.back(item, "busy", told.waits);
    else if (told.signedOut) await this.look(item, false);
    else if (told.lost) await this.look(item, true);
    else if (told.again || told.changed || ["not_sent", "parts_missing", "not_found"].includes(told.code)) this.anew(item, told);
    else if (told.status === 404) this.refuse(item, this.words.noAlbum, true);
    else this.refuse(item, told.refused, told.forGood);
    if (told.status === 507) this.full(item.size);
  }

  arrived(item, {photo, duplicate}) {
    const twin = this.items.some(one => one !== item && one.photo === photo.id);
    const before = duplicate && photo.id !== item.begun; // a photo has its upload's id: the answer was lost before
    this.over(item, {state: before || twin ? "duplicate" : "stored", sent: 1, photo: photo.id, trashed: photo.trashed});
    this.arrivals += 1;
    if (this.arrivals % KEPT_EACH === 0) this.keepSome();
  }

  // With fresh addresses; read again where its bytes are not those that were announced.
  anew(item, {changed}) {
    item.tries += 1;
    if (item.tries >= TRIES) return this.refuse(item, this.words.unsent, false);
    if (changed) item.sums = null;
    item.plan = null;
    return this.back(item, "", 0);
  }

  // To be sent again, as the next one, when the site has told what of it is there.
  back(item, why, seconds) {
    if (item.state !== "sending" && item.state !== "waiting") return;
    item.plan = null;
    if (item.state === "sending") this.waiting.unshift(item);
    item.state = "waiting";
    this.why = why;
    this.ready = Math.max(this.ready, Date.now() + seconds * 1000);
  }

  // No answer, or one to somebody else: whether the file can still be read, the site is there, and who is signed in.
  async look(item, lost) {
    const there = await readable(item.file);
    const who = there && await renew().catch(() => "");
    if (item.state !== "sending" && item.state !== "waiting") return;
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
