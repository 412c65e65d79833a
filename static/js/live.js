// A part of a page that asks for itself again as long as something in it is under way and somebody looks at it: after
// one second, then two, then five while nothing changes. Without this script one reloads.

import {say} from "./site.js";

const WAITS_MS = [1000, 2000, 5000];
const SHARE = 10, LONGEST_MS = 30_000; // an answer that takes long is asked for less often
const HEARD = ["before:request", "after:request", "after:swap", "finally:request", "response:error", "error"].map(name => `htmx:${name}`);

class LivePart extends HTMLElement {
  waits = 0;
  away = false;
  took = 0;
  heights = new Map();

  connectedCallback() {
    for (const name of HEARD) this.addEventListener(name, this);
    document.addEventListener("visibilitychange", this);
    window.addEventListener("load", this);
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this);
    window.removeEventListener("load", this);
    clearTimeout(this.timer);
  }

  // What parts within this one ask for is their own matter.
  handleEvent(event) {
    if (event.target === this || event.target === document) this[event.type](event);
  }

  soon(ms) {
    clearTimeout(this.timer);
    if (!("underWay" in this.dataset) || document.hidden) return;
    this.timer = setTimeout(() => this.dispatchEvent(new Event("look")), ms);
  }

  load() {
    this.soon(WAITS_MS[0]);
  }

  visibilitychange() {
    this.waits = 0;
    this.soon(0);
  }

  "htmx:before:request"() {
    this.before = this.innerHTML;
    this.began = performance.now();
  }

  "htmx:after:request"() {
    this.took = performance.now() - this.began;
    this.away = false;
    this.heights = new Map([...this.querySelectorAll("[data-steady]")].map(one => [one, one.offsetHeight]));
  }

  // What has become shorter keeps its room: nothing moves under somebody's hand.
  "htmx:after:swap"() {
    for (const [one, height] of this.heights) one.style.minBlockSize = `${height}px`;
  }

  "htmx:finally:request"() {
    this.waits = this.innerHTML === this.before ? Math.min(this.waits + 1, WAITS_MS.length - 1) : 0;
    this.soon(Math.max(WAITS_MS[this.waits], Math.min(SHARE * this.took, LONGEST_MS)));
  }

  // What is no longer there is not asked for again; a site that is away is, and is said once.
  "htmx:response:error"(event) {
    if (event.detail.ctx.response.status < 500) delete this.dataset.underWay;
    else this["htmx:error"](event);
  }

  "htmx:error"(event) {
    event.stopPropagation();
    if (!this.away) say(this.dataset.away);
    this.away = true;
  }
}

customElements.define("live-part", LivePart);
