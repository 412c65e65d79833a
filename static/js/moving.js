// An album in the order by hand: photos are dragged to their place, the one with the focus goes back and on by < and >.
// Without this script they are picked and sent to the front or the end.

import {bare} from "./keys.js";
import {all, isPicked} from "./picked.js";
import {say} from "./site.js";

const KIND = "application/x-photosite-photos"; // nothing that a page elsewhere would take, nor a file
const FOCUS = "moved";

const idOf = tile => tile.querySelector(".pick")?.value;

class PhotoMover extends HTMLElement {
  connectedCallback() {
    this.ending = new AbortController();
    const {signal} = this.ending, main = this.closest("main");
    this.timeline = main.querySelector("photo-timeline");
    main.addEventListener("pointerdown", event => this.ready(event), {signal});
    main.addEventListener("dragstart", event => this.take(event), {signal});
    main.addEventListener("dragover", event => this.over(event), {signal});
    main.addEventListener("drop", event => this.drop(event), {signal});
    main.addEventListener("dragend", () => this.mark(null), {signal});
    document.addEventListener("keydown", event => this.key(event), {signal});
    if (this.timeline.matches(".laid")) this.again();
    else this.timeline.addEventListener("ready", () => this.again(), {signal, once: true});
  }

  disconnectedCallback() {
    this.ending.abort();
  }

  // The whole tile is dragged, not the picture or the link in it.
  ready({target}) {
    const tile = target.closest(".tile");
    if (!tile) return;
    tile.draggable = true;
    for (const part of tile.querySelectorAll("a, img")) part.draggable = false;
  }

  take(event) {
    const id = event.target.matches?.(".tile") && idOf(event.target);
    if (!id) return;
    this.held = isPicked(id) ? all() : [id];
    event.dataTransfer.setData(KIND, this.held.join(" "));
    event.dataTransfer.effectAllowed = "move";
  }

  // Before the tile that is pointed at, or after it: on which half of it one is.
  over(event) {
    const tile = event.target.closest(".tile");
    if (!this.held || !tile || !event.dataTransfer.types.includes(KIND)) return;
    event.preventDefault();
    const {left, width} = tile.getBoundingClientRect(), rtl = getComputedStyle(tile).direction === "rtl";
    this.mark(tile, (event.clientX > left + width / 2) !== rtl ? "after" : "before");
  }

  mark(tile, side) {
    if (this.marked && this.marked !== tile) delete this.marked.dataset.drop;
    this.marked = tile;
    if (tile) tile.dataset.drop = side;
    else this.held = null;
  }

  async drop(event) {
    const {held, marked} = this;
    if (!held || !marked) return;
    event.preventDefault();
    event.stopPropagation();
    const to = marked.dataset.drop === "before" ? idOf(marked) : await this.idAt(marked, 1);
    this.mark(null);
    this.move(held, to ?? "end");
  }

  // Of the tile so many places further on; undefined beyond the ends.
  async idAt(tile, steps) {
    const tiles = [...this.timeline.querySelectorAll(".tile")];
    const found = tile.place === undefined ? tiles[tiles.indexOf(tile) + steps] : await this.timeline.tileAt(tile.place + steps);
    return found && idOf(found);
  }

  async key(event) {
    const step = {"<": -1, ">": 2}[event.key], tile = event.target.closest(".tile");
    if (!step || !tile || !bare(event)) return;
    event.preventDefault();
    const to = await this.idAt(tile, step);
    if (to || step > 0) this.move([idOf(tile)], to ?? "end");
  }

  async move(ids, to) {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const next = location.pathname + location.search;
    const body = new URLSearchParams({photos: ids.join(" "), to, next, csrfmiddlewaretoken: token});
    try {
      // Not followed: the page that says what was done, and offers to undo it, is the one that is loaded then.
      const answer = await fetch(this.dataset.address, {method: "POST", body, redirect: "manual"});
      if (answer.type !== "opaqueredirect") throw new TypeError(`answered ${answer.status}`);
      sessionStorage.setItem(FOCUS, ids[0]);
      location.reload();
    } catch {
      say(document.querySelector("#toasts").dataset.failed);
    }
  }

  // The photo that was moved has the focus again.
  again() {
    const id = sessionStorage.getItem(FOCUS);
    sessionStorage.removeItem(FOCUS);
    this.timeline.querySelector(`.tile:has(.pick[value="${id}"]) a`)?.focus({preventScroll: true});
  }
}

customElements.define("photo-mover", PhotoMover);
