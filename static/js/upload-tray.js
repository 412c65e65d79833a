// Shows what is being sent: how much, how long still, and what went wrong, which comes first. Its rows are there while
// it is open.

import {Labels} from "./upload-labels.js";
import {Queue} from "./upload-queue.js";
import {Rows} from "./upload-rows.js";

const DRAWN_MS = 200, TOLD_MS = 1000, MEASURED_MS = 10_000, SETTLED_MS = 3000;
const ORDER = ["refused", "sending", "waiting", "duplicate", "imported", "stored"], TOLD = ["stored", "imported", "duplicate", "refused"];
const UNITS = [["hour", 3600], ["minute", 60], ["second", 1]];
const language = document.documentElement.lang;
const plural = new Intl.PluralRules(language), whole = new Intl.NumberFormat(language);
const percent = new Intl.NumberFormat(language, {style: "percent"});
const rate = new Intl.NumberFormat(language, {style: "unit", unit: "megabyte-per-second", maximumSignificantDigits: 2});

function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function duration(seconds) {
  const [unit, length] = UNITS.find(([, size]) => seconds >= size) ?? UNITS.at(-1);
  return new Intl.NumberFormat(language, {style: "unit", unit, unitDisplay: "long"}).format(Math.max(Math.ceil(seconds / length), 1));
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

class UploadTray extends HTMLElement {
  arrived = []; // ids that nobody was told of
  measured = []; // [when, bytes sent until then]

  connectedCallback() {
    const words = this.dataset, into = document.querySelector("[data-upload-album]");
    if (into) Object.assign(this.part("to"), {href: location.pathname, textContent: words.here});
    this.words = words;
    this.queue = new Queue({album: into?.dataset.uploadAlbum, words});
    this.labels = new Labels(words.labels, () => this.soon());
    this.rows = new Rows(this.part("rows"), this.querySelector("template"), (row, item) => this.fill(row, item));
    this.queue.addEventListener("changed", () => this.soon());
    this.queue.addEventListener("stored", ({detail}) => this.stored(detail));
    this.queue.addEventListener("refused", ({detail}) => this.refused(detail));
    this.queue.addEventListener("ended", () => this.ended());
    this.addEventListener("click", event => this.click(event));
    this.addEventListener("keydown", event => this.key(event));
    window.addEventListener("beforeunload", event => { if (this.queue.fragile) event.preventDefault(); });
    for (const name of ["focus", "pageshow"]) window.addEventListener(name, () => this.queue.resume());
  }

  part(name) {
    return this.querySelector(`[data-part=${name}]`);
  }

  count(name, number) {
    return this.words[`${name}${plural.select(number) === "one" ? "One" : "Other"}`].replace("#", whole.format(number));
  }

  async take(found) {
    if (!this.queue.busy) this.measured = [];
    this.hidden = false;
    this.begun(await this.queue.take(found));
  }

  // What earlier pages have left.
  async goOn() {
    const count = await this.queue.goOnWith();
    if (count) this.hidden = false;
    if (count) this.begun(count);
  }

  begun(count) {
    if (this.queue.busy) this.say(this.count("started", count));
    this.draw();
  }

  say(sentence) {
    this.part("said").textContent = sentence;
  }

  stored(item) {
    if (item.state !== "stored") return;
    this.labels.watch(item);
    this.arrived.push(item.photo);
    this.teller ??= setTimeout(() => this.tell(), TOLD_MS);
  }

  // Other parts of the page hear of what has arrived, not of each file alone.
  tell() {
    clearTimeout(this.teller);
    this.teller = undefined;
    const ids = this.arrived.splice(0);
    if (ids.length) document.dispatchEvent(new CustomEvent("photosite:uploaded", {detail: {ids}}));
  }

  refused(item) {
    this.say(`${item.name}: ${item.sentence}`);
  }

  ended() {
    this.tell();
    this.draw();
    if (!this.queue.items.length) return;
    this.say(this.part("sum").textContent);
    if (this.queue.items.some(item => item.state === "refused")) this.open(true);
  }

  open(yes) {
    this.part("toggle").setAttribute("aria-expanded", yes);
    this.part("rows").hidden = !yes;
    this.draw();
  }

  click({target}) {
    const does = target.closest("[data-does]")?.dataset.does, item = target.closest("li")?.item;
    const {queue} = this;
    if (does === "toggle") this.open(this.part("rows").hidden);
    if (does === "stop") queue.dropRest();
    if (does === "pause") queue.pause(!queue.paused);
    if (does === "close") this.close();
    if (does === "drop") queue.drop([item]);
    if (does === "again") queue.again(item ? [item] : queue.items.filter(one => one.state === "refused" && !one.forGood));
    if (does === "resume") queue.halted ? queue.resume() : queue.goOn();
  }

  key(event) {
    if (event.key !== "Escape" || this.part("rows").hidden || this.classList.contains("inline")) return;
    this.open(false);
    this.part("toggle").focus();
    event.stopPropagation();
  }

  close() {
    this.queue.drop(this.queue.items);
    this.hidden = true;
    document.querySelector("main").focus({preventScroll: true});
  }

  // --- what it shows -------------------------------------------------------------------------------------

  soon() {
    this.timer ??= setTimeout(() => this.draw(), DRAWN_MS);
  }

  draw() {
    clearTimeout(this.timer);
    this.timer = undefined;
    const {items, busy} = this.queue, held = document.activeElement;
    const sums = {items: items.length, bytes: 0, sent: 0, refused: 0, duplicate: 0, imported: 0, stored: 0, sending: 0, waiting: 0, forGood: 0, labelled: 0};
    for (const item of items) {
      sums[item.state] += 1;
      if (item.state === "refused") sums.forGood += item.forGood ? 1 : 0;
      else sums.bytes += item.size;
      if (item.state !== "refused") sums.sent += item.size * item.sent;
      if (item.now && item.now.state !== "pending") sums.labelled += 1;
    }
    if (!items.length && !busy) this.hidden = true;
    this.classList.toggle("bad", sums.refused > 0);
    write(this.part("sum"), busy ? this.underWay(sums) : this.told(sums));
    write(this.part("rest"), busy ? this.left(sums) : this.after(sums));
    this.part("progress").value = sums.bytes ? sums.sent / sums.bytes : 0;
    this.part("progress").hidden = !busy;
    this.part("stop").hidden = this.part("pause").hidden = !busy;
    this.part("pause").setAttribute("aria-pressed", this.queue.paused);
    this.part("close").hidden = busy;
    this.part("again").hidden = busy || sums.refused - sums.forGood < 2;
    this.part("to").hidden = busy || !sums.stored;
    this.part("foot").hidden = this.part("to").hidden && this.part("again").hidden;
    this.notice();
    if (held?.closest("[hidden]") && this.contains(held)) this.part("toggle").focus();
    this.rows.show(this.part("rows").hidden ? [] : [...items].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state)));
  }

  underWay(sums) {
    const done = whole.format(TOLD.reduce((sum, name) => sum + sums[name], 0));
    return fill(this.queue.paused ? this.words.paused : this.words.underWay, {done, all: whole.format(sums.items)});
  }

  told(sums) {
    const parts = TOLD.filter(name => sums[name] || (name === "stored" && !sums.duplicate && !sums.imported));
    return parts.map(name => this.count(name, sums[name])).join(", ");
  }

  after({stored, labelled}) {
    if (!stored) return "";
    return labelled === stored ? this.words.labelledAll : fill(this.words.labelled, {done: whole.format(labelled), all: whole.format(stored)});
  }

  // From how much went in the last seconds; nothing while that says little.
  left({bytes, sent, refused}) {
    const failed = refused ? `${this.count("refused", refused)} · ` : "";
    const now = performance.now();
    if (sent < (this.measured.at(-1)?.[1] ?? 0)) this.measured = [];
    this.measured.push([now, sent]);
    while (now - this.measured[0][0] > MEASURED_MS) this.measured.shift();
    const [since, before] = this.measured[0];
    if (this.queue.why || this.queue.halted || this.queue.paused) this.measured = [];
    if (!this.measured.length || now - since < SETTLED_MS || sent === before) return failed + percent.format(bytes ? sent / bytes : 0);
    return failed + this.pace((sent - before) / (now - since) * 1000, bytes - sent);
  }

  pace(speed, rest) {
    return `${fill(this.words.left, {time: duration(rest / speed)})} · ${rate.format(speed / 1e6)}`;
  }

  // Why nothing goes on just now, and what can be done.
  notice() {
    const {busy, halted, why} = this.queue;
    const reason = busy ? halted || why : "";
    const said = reason ? this.words[reason] : "";
    if (said && said !== this.part("why").textContent) this.say(said);
    write(this.part("why"), said);
    this.part("notice").hidden = !reason;
    this.part("sign-in").hidden = !halted;
  }

  fill(row, item) {
    const [name, state, why, bar, drop, again] = ["name", "state", "reason", "bar", "drop", "again"].map(part => row.querySelector(`[data-part=${part}]`));
    const faulty = item.now?.state === "failed";
    write(name, item.name);
    if (item.state === "imported") name.href = this.words.activity;
    if (item.photo) name.href = this.words.photo.replace("00000000-0000-0000-0000-000000000000", item.photo);
    write(state, faulty ? this.words.faulty : item.state === "sending" && item.sent === 1 ? this.words.storing : this.words[item.state]);
    state.className = `state ${{refused: "failed", sending: "working", waiting: "waiting", imported: "working", stored: faulty ? "failed" : "done"}[item.state] ?? ""}`;
    write(why, this.reason(item));
    bar.hidden = item.state !== "sending";
    bar.value = item.sent;
    for (const [button, hidden] of [[drop, !["waiting", "sending"].includes(item.state) || item.sent === 1], [again, item.state !== "refused" || item.forGood]]) {
      button.hidden = hidden;
      button.setAttribute("aria-label", `${button.title || button.textContent.trim()}: ${item.name}`);
    }
  }

  // Of a file that takes a while: how much is there, how fast, how long still.
  going({sent, size, since, from}) {
    const passed = performance.now() - since, speed = (sent - from) * size / passed * 1000;
    if (sent === 1) return "";
    return passed < SETTLED_MS || speed <= 0 ? percent.format(sent) : `${percent.format(sent)} · ${this.pace(speed, (1 - sent) * size)}`;
  }

  reason(item) {
    const {state, sentence, trashed, now} = item;
    if (state === "sending") return this.going(item);
    if (state === "refused") return sentence;
    if (state === "imported") return this.words.importing;
    if (state === "duplicate") return trashed ? this.words.trashed : this.words.same;
    if (state !== "stored" || now?.state === "gone") return "";
    if (!now || now.state === "pending") return now?.labels.join(", ") || now?.reason || this.words.labelling;
    return now.labels.join(", ") || now.reason || this.words.none;
  }
}

customElements.define("upload-tray", UploadTray);
