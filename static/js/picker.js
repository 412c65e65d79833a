// Picking photos on a page: how many, a row of them with Shift, and all of it by keys. Without this script one ticks
// each circle.

import {off} from "./keys.js";
import {all, count, isPicked, pick, pickNone} from "./picked.js";
import {isTyping} from "./site.js";

const NEAR_PX = 4; // two tiles whose tops are no further apart stand in one row

const numbers = new Intl.NumberFormat(document.documentElement.lang);

class PhotoPicker extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.asking = new AbortController();
    const {signal} = this.asking;
    const main = this.closest("main");
    main.addEventListener("click", event => this.click(event), {signal});
    main.addEventListener("change", event => this.change(event.target), {signal});
    this.form.addEventListener("reset", () => this.none(), {signal});
    this.form.addEventListener("formdata", event => this.send(event.formData), {signal});
    this.form.addEventListener("submit", () => { this.sent = true; }, {signal});
    document.addEventListener("keydown", event => this.key(event), {signal});
    window.addEventListener("pageshow", () => this.tell(), {signal});
    window.addEventListener("pagehide", () => { if (this.sent) pickNone(); }, {signal});
    this.pick(this.circles.filter(circle => circle.checked), true); // before this script was here
  }

  disconnectedCallback() {
    this.asking.abort();
  }

  get circles() {
    return [...document.querySelectorAll(".pick")];
  }

  get timeline() {
    return document.querySelector("photo-timeline.laid");
  }

  pick(circles, on) {
    pick(circles.map(({value}) => value), on);
    this.tell();
  }

  // Circles show what is picked; the bar says how many. It comes when the circle is painted, so that no tick waits for it.
  tell() {
    for (const circle of this.circles) circle.checked = isPicked(circle.value);
    requestAnimationFrame(() => setTimeout(() => {
      this.toggleAttribute("data-some", count() > 0);
      this.querySelector(".count").textContent = this.dataset.said.replace("#", numbers.format(count()));
    }));
  }

  change(circle) {
    if (circle.matches(".pick")) this.pick([circle], circle.checked);
  }

  // Shift picks, or leaves out, all from the one that was touched last.
  async click(event) {
    const circle = event.target.closest(".pick"), whole = event.target.closest(".whole");
    if (whole) this.month(whole);
    if (!circle) return;
    const {last} = this, on = circle.checked;
    this.last = circle;
    if (!event.shiftKey || !last) return;
    this.pick(await this.between(last, circle), on);
  }

  // All of a month, or none of them where all are picked.
  async month(button) {
    const [from, to] = this.timeline.placesOf(button.closest("section").group);
    button.ariaBusy = "true";
    const circles = await this.among(from, to - 1);
    button.ariaBusy = "false";
    this.pick(circles, !circles.every(({value}) => isPicked(value)));
  }

  // The circles from one to another, also of tiles that are not in the document.
  async between(one, other) {
    const {timeline, circles} = this, tiles = [one, other].map(circle => circle.closest(".tile").place);
    if (!timeline) {
      const [from, to] = [circles.indexOf(one), circles.indexOf(other)].sort((a, b) => a - b);
      return from < 0 ? [] : circles.slice(from, to + 1);
    }
    return this.among(...tiles.sort((a, b) => a - b));
  }

  async among(from, to) {
    const found = [];
    for (let place = from; place <= to; place++) found.push((await this.timeline.tileAt(place))?.querySelector(".pick"));
    return found.filter(Boolean);
  }

  none() {
    pickNone();
    setTimeout(() => this.tell()); // the form unticks its circles after this
  }

  // Those whose circles the form does not have, in one field.
  send(data) {
    data.delete("photo");
    data.append("photos", all().join(" "));
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event)) return;
    const tile = event.target.closest(".tile");
    if (event.key === "Escape" && count()) this.form.reset();
    else if (event.key === "x" && !off() && tile?.querySelector(".pick")) tile.querySelector(".pick").click();
    else if (event.key.startsWith("Arrow") && tile) this.step(tile, event.key);
    else return;
    event.preventDefault();
  }

  // To the tile beside this one, or to the nearest one of the row above or below.
  step(tile, key) {
    const tiles = [...document.querySelectorAll(".tile")].filter(one => one.querySelector("a"));
    const here = tile.getBoundingClientRect(), place = tiles.indexOf(tile);
    const onwards = getComputedStyle(tile).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    let found = tiles[place + (key === onwards ? 1 : -1)];
    if (key === "ArrowUp" || key === "ArrowDown") {
      const sign = key === "ArrowDown" ? 1 : -1;
      const others = tiles.map(one => [one, one.getBoundingClientRect()]).filter(([, box]) => sign * (box.top - here.top) > NEAR_PX);
      const row = Math.min(...others.map(([, box]) => sign * box.top));
      const middle = here.left + here.width / 2;
      const far = ([, box]) => Math.abs(box.left + box.width / 2 - middle);
      [found] = others.filter(([, box]) => sign * box.top - row <= NEAR_PX).sort((a, b) => far(a) - far(b))[0] ?? [];
    }
    found?.querySelector("a").focus();
  }
}

customElements.define("photo-picker", PhotoPicker);
