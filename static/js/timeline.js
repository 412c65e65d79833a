// A list of photos of any length on one page. It knows where every photo lies before it has any of them (layout.js), keeps
// only those near the window in the document, and fetches tiles, as the server writes them, when they come near.
// Without this script a page shows the first of them, and links to the others.

import {arrange, movedBy, refocus, renew} from "./arrange.js";
import {bare} from "./keys.js";
import {Layout, lastUpTo} from "./layout.js";
import {isPicked} from "./picked.js";
import {Library, Runs} from "./shapes.js";
import {Scrubber} from "./scrubber.js";
import {Scroll, remembered} from "./scroll.js";
import {fetched} from "./site.js";

const AROUND = .75; // windows above and below that are filled, too
const JUMP = 2; // windows: after that only the window itself is filled, and what is around it when it rests
const NEAR_END = 3; // windows before the end of what is known, when more is asked for
const CALM_MS = 60; // tiles are asked for when the window has stood so long
const KEPT = 3000; // tiles that are kept for coming back
const LOOKS_MS = [1500, 3000, 6000]; // at photos that are being prepared

class PhotoTimeline extends HTMLElement {
  tiles = new Map(); // by place
  blanks = new Map();
  sections = new Map();
  asked = new Map(); // controllers, by the first place of the chunk
  looks = 0;

  async connectedCallback() {
    if (!this.dataset.list || this.source) return;
    this.source = "whole" in this.dataset ? new Library(this.dataset.list) : new Runs(this.dataset.list);
    try {
      await this.source.load();
    } catch {
      return; // the page stays as it came, with its links
    }
    if (this.isConnected && this.source.count) this.begin();
  }

  disconnectedCallback() {
    this.ending?.abort();
    this.watching?.disconnect();
    for (const {controller} of this.asked.values()) controller.abort();
  }

  begin() {
    this.ending = new AbortController();
    const {signal} = this.ending;
    history.scrollRestoration = "manual";
    const start = this.measure();
    this.scroll = new Scroll(this, () => this.draw(), () => this.rest(), signal);
    this.adopt();
    this.lay();
    if (this.source.whole) this.scrubber = new Scrubber(this);
    this.goBack(start);
    this.watching = new ResizeObserver(() => this.resized());
    this.watching.observe(this);
    document.addEventListener("photosite:uploaded", () => this.refresh(), {signal});
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.refresh(); }, {signal});
    document.addEventListener("keydown", event => this.key(event), {signal});
    this.parentElement.querySelector("form.jump")?.addEventListener("submit", event => this.jump(event), {signal});
    this.parentElement.querySelector(":scope > .pager")?.remove();
    this.dispatchEvent(new Event("ready"));
  }

  // How much room CSS leaves around the rows: read off the first of them before they are laid out here.
  measure() {
    const grid = this.querySelector(".grid"), style = getComputedStyle(grid), root = getComputedStyle(document.documentElement);
    const rem = parseFloat(root.fontSize), section = grid.closest("section");
    const from = grid.getBoundingClientRect().top;
    this.space = {
      gap: parseFloat(style.columnGap),
      head: section ? from - section.getBoundingClientRect().top : 0,
      foot: parseFloat(style.marginBlockEnd),
    };
    this.tall = () => parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--tall")) * rem;
    return from - this.space.head;
  }

  // The tiles that came with the page take their places.
  adopt() {
    const {groups} = this.source, at = this.dataset.at ? groups.findIndex(({key}) => key <= this.dataset.at) : 0;
    let place = groups.slice(0, Math.max(at, 0)).reduce((sum, {shapes}) => sum + shapes.length, 0);
    const tiles = [...this.querySelectorAll(".tile")];
    this.first = place;
    for (const tile of tiles) this.keep(tile, place++);
    this.replaceChildren();
    this.classList.add("laid");
  }

  keep(tile, place) {
    tile.place = place;
    this.tiles.set(place, tile);
    const circle = tile.querySelector(".pick");
    if (circle) circle.checked = isPicked(circle.value);
  }

  lay() {
    this.width = this.clientWidth;
    this.layout = new Layout(this.source.groups, {...this.space, width: this.width, tall: this.tall()});
    this.lost ??= this.querySelector(".tile:focus-within a")?.getAttribute("href");
    for (const {section} of this.sections.values()) section.remove();
    this.sections.clear();
    this.laid = Symbol(this.width);
    this.scroll.extend(this.layout.height);
  }

  // To where somebody was when they left this page, to the month that was asked for, or where the page stands.
  goBack(start) {
    const kept = remembered();
    if (kept) this.restore(kept);
    else if (this.dataset.at) this.scroll.to(this.layout.tops[this.layout.groupOf(this.first)], start);
    else this.draw();
  }

  // In a list that goes on as far as it must.
  async restore({key, index, by}) {
    const group = this.source.groups.findIndex(one => one.key === key);
    while (group >= 0 && this.source.more && index >= this.source.count) await this.grow();
    if (group < 0) this.draw();
    else this.show(this.layout.firsts[group] + Math.min(index, this.source.groups[group].shapes.length - 1), by);
  }

  // Where the window stands: a photo, and how far its row's top is above the upper edge.
  get anchor() {
    const row = this.layout.rowAt(this.scroll.top), place = this.layout.span(row)[0], group = this.layout.groupOf(place);
    const {key} = this.source.groups[group];
    return {key, index: place - this.layout.firsts[group], by: this.scroll.top - this.layout.rowTops[row]};
  }

  // Whose heading stands at the upper edge, or above it.
  get group() {
    return lastUpTo(this.layout.tops, this.scroll.top + 1);
  }

  show(place, by = 0) {
    this.scroll.to(this.layout.rowTops[this.layout.rowOf(place)] + by);
  }

  // Only where it is not to be seen.
  reveal(place) {
    const row = this.layout.rowOf(place), top = this.layout.rowTops[row] - this.scroll.top;
    if (top < 0 || top + this.layout.rowHeights[row] > innerHeight) this.show(place, -innerHeight / 3);
  }

  resized() {
    if (this.clientWidth === this.width) return;
    const {key, index, by} = this.anchor, top = this.scroll.top <= 0;
    this.lay();
    if (top) this.draw();
    else this.restore({key, index, by: Math.max(by, 0) && Math.min(by, this.layout.rowHeights[0])});
  }

  // Puts what is near the window into the document, in its order, and takes out what is not. Who has the focus stays.
  draw() {
    const {layout} = this, view = innerHeight, top = this.scroll.top;
    this.jumped = Math.abs(top - (this.drawn ?? top)) > JUMP * view;
    this.drawn = top;
    const around = this.jumped ? 0 : AROUND * view;
    const rows = [layout.rowAt(top - around), layout.rowAt(top + view + around)];
    const focused = this.contains(document.activeElement) ? document.activeElement.closest(".tile")?.place : undefined;
    const wanted = new Map(), missing = new Set();
    const put = row => layout.place(row, (place, ...box) => {
      const group = layout.groupOf(place);
      if (!this.tiles.has(place)) missing.add(place);
      if (!wanted.has(group)) wanted.set(group, []);
      wanted.get(group).push(this.put(place, box));
    });
    const held = focused === undefined ? -1 : layout.rowOf(focused);
    if (held >= 0 && held < rows[0]) put(held);
    for (let row = rows[0]; row <= rows[1]; row++) put(row);
    if (held > rows[1]) put(held);
    this.fill(wanted);
    this.lost &&= refocus(this, this.lost);
    this.want(missing);
    this.scrubber?.follow();
    if (this.source.more && top > layout.height - (1 + NEAR_END) * view) this.grow();
  }

  put(place, box) {
    const tile = this.tiles.get(place) ?? this.blank(place);
    if (tile.laid !== this.laid || tile.placed !== place) {
      const [x, y, width, height] = box;
      Object.assign(tile.style, {insetInlineStart: `${x}px`, insetBlockStart: `${y}px`, inlineSize: `${width}px`, blockSize: `${height}px`});
      tile.laid = this.laid;
      tile.placed = place;
    }
    return tile;
  }

  blank(place) {
    if (!this.blanks.has(place)) this.blanks.set(place, Object.assign(document.createElement("div"), {className: "tile"}));
    return this.blanks.get(place);
  }

  fill(wanted) {
    for (const [group, {section}] of this.sections) {
      if (wanted.has(group)) continue;
      section.remove();
      this.sections.delete(group);
    }
    for (const group of [...wanted.keys()].sort((a, b) => a - b)) {
      const {section, grid} = this.section(group);
      section.style.insetBlockStart = `${this.layout.tops[group] - this.scroll.base}px`;
      arrange(grid, wanted.get(group));
    }
    arrange(this, [...this.sections].sort(([a], [b]) => a - b).map(([, {section}]) => section));
    for (const [place, blank] of this.blanks) if (!blank.isConnected) this.blanks.delete(place);
  }

  section(group) {
    const known = this.sections.get(group);
    if (known) return known;
    const {key, name, said} = this.source.groups[group];
    const section = document.createElement("section"), grid = Object.assign(document.createElement("div"), {className: "grid"});
    grid.style.blockSize = `${this.layout.gridHeights[group]}px`;
    if (name) {
      const heading = Object.assign(document.createElement("h2"), {className: "month", id: `m${key}`});
      heading.append(`${name} `, Object.assign(document.createElement("span"), {textContent: said}));
      section.setAttribute("aria-labelledby", heading.id);
      section.append(heading, this.picksAll(name));
    }
    section.append(grid);
    section.group = group;
    this.sections.set(group, {section, grid});
    return {section, grid};
  }

  // For picker.js; it says the month to who does not see it.
  picksAll(name) {
    const button = Object.assign(document.createElement("button"), {type: "button", className: "button bare whole", textContent: this.dataset.pickAll});
    button.setAttribute("aria-label", this.dataset.pickMonth.replace("#", name));
    return button;
  }

  // The places of a group: from the first up to, without, the second.
  placesOf(group) {
    const first = this.layout.firsts[group];
    return [first, first + this.source.groups[group].shapes.length];
  }

  // Tiles that are not here yet are asked for when the window stands still, those that it has left are not waited for.
  want(missing) {
    const chunks = new Map([...missing].map(place => this.source.chunk(place)).map(chunk => [chunk.first, chunk]));
    for (const [first, {controller}] of this.asked) {
      if (!chunks.has(first)) controller.abort();
    }
    clearTimeout(this.calm);
    if (chunks.size) this.calm = setTimeout(() => chunks.forEach(chunk => this.ask(chunk)), CALM_MS);
    else this.lookAgain();
  }

  // The same chunk is asked for once, whoever wants it. Whether it came.
  async ask(chunk) {
    const known = this.asked.get(chunk.first);
    if (known) return known.coming;
    const controller = new AbortController(), coming = this.fetch(chunk, controller.signal);
    this.asked.set(chunk.first, {controller, coming});
    try {
      return await coming;
    } finally {
      this.asked.delete(chunk.first);
    }
  }

  async fetch({first, count, address}, signal) {
    try {
      const answer = await fetched(address, signal);
      if (!answer.ok) return false;
      const html = await answer.text();
      if (this.source.isStale(answer)) return await this.refresh();
      this.arrived(first, count, html);
      return true;
    } catch (error) {
      if (error.name !== "AbortError") setTimeout(() => this.isConnected && this.draw(), LOOKS_MS.at(-1)); // no network: again later
      return false;
    }
  }

  arrived(first, count, html) {
    const made = document.createElement("template");
    made.innerHTML = html;
    [...made.content.children].slice(0, count).forEach((tile, place) => {
      const known = this.tiles.get(first + place);
      if (!known || address(known) !== address(tile)) this.keep(tile, first + place);
      else if (!known.querySelector("img")) renew(known, tile);
    });
    this.forget();
    this.draw();
  }

  // What is furthest away, where there is too much.
  forget() {
    if (this.tiles.size <= KEPT) return;
    const here = this.layout.span(this.layout.rowAt(this.scroll.top))[0];
    const far = [...this.tiles.keys()].sort((a, b) => Math.abs(b - here) - Math.abs(a - here));
    for (const place of far.slice(0, this.tiles.size - KEPT / 2)) if (!this.tiles.get(place).isConnected) this.tiles.delete(place);
  }

  // Photos that are being prepared are looked at again, less and less often.
  lookAgain() {
    clearTimeout(this.looking);
    const waits = [...this.querySelectorAll(".tile:has(.waits)")].map(tile => tile.place);
    if (!waits.length || document.hidden) return;
    this.looking = setTimeout(() => {
      const chunks = new Map(waits.map(place => this.source.chunk(place)).map(chunk => [chunk.first, chunk]));
      chunks.forEach(chunk => this.ask(chunk));
    }, LOOKS_MS[Math.min(this.looks++, LOOKS_MS.length - 1)]);
  }

  async grow() {
    this.growing ??= this.source.load().then(() => {
      this.lay();
      this.draw();
    }).finally(() => { this.growing = null; });
    return this.growing;
  }

  // The library has changed, perhaps: it is laid out anew around what somebody looks at. What is new at the top is only
  // seen at once by who stands there. Whether all went well.
  async refresh() {
    if (!this.source.whole || !this.layout) return false;
    this.refreshing ??= this.reload().finally(() => { this.refreshing = null; });
    return this.refreshing;
  }

  async reload() {
    const {anchor} = this, before = this.source.groups, {version} = this.source, top = this.scroll.top <= 0;
    try {
      await this.source.load();
    } catch {
      return false;
    }
    if (this.source.version === version) return true;
    this.looks = 0;
    const moved = movedBy(before, this.source.groups);
    this.move(before, moved);
    this.lay();
    this.scrubber?.tell();
    const group = this.source.groups.findIndex(({key}) => key <= anchor.key);
    if (top || group < 0) this.draw();
    else this.restore({...anchor, key: this.source.groups[group].key, index: anchor.index + (moved.get(anchor.key) ?? 0)});
    return true;
  }

  // Tiles go to the places that their photos have now; of months that changed within, none is sure to.
  move(before, moved) {
    const old = this.tiles, firsts = new Map();
    let first = 0;
    for (const {key, shapes} of this.source.groups) {
      firsts.set(key, first);
      first += shapes.length;
    }
    this.tiles = new Map();
    first = 0;
    for (const {key, shapes} of before) {
      for (let index = 0; index < shapes.length && firsts.has(key) && moved.has(key); index++) {
        const tile = old.get(first + index), place = firsts.get(key) + index + moved.get(key);
        if (tile && place >= firsts.get(key)) this.keep(tile, place);
      }
      first += shapes.length;
    }
  }

  // When the window stands: where, for coming back.
  rest() {
    if (this.jumped) this.draw();
    history.replaceState({...history.state, place: this.scroll.top > 0 ? this.anchor : null}, "");
  }

  jump(event) {
    event.preventDefault();
    this.goTo(new FormData(event.target).get("month"));
  }

  async key(event) {
    if (!/^[dmy]$/i.test(event.key) || !this.source.whole || !bare(event)) return;
    const {jumpByKey} = await import("./jumps.js");
    jumpByKey(this, event);
  }

  goTo(key) {
    const group = this.source.groups.findIndex(one => one.key <= key);
    if (group >= 0) this.scroll.to(this.layout.tops[group]);
  }

  // The tile at a place, when it has come; undefined if it does not.
  async tileAt(place) {
    while (this.source.more && place >= this.source.count) await this.grow();
    if (!this.tiles.has(place) && place < this.source.count) await this.ask(this.source.chunk(place));
    return this.tiles.get(place);
  }
}

const address = tile => tile.querySelector("a")?.getAttribute("href");

customElements.define("photo-timeline", PhotoTimeline);
