// One photo after another over the list that it lies in: swiped, pinched, zoomed to the pixels of its original, with all
// that its page says beside it. Every photo has its own address; going back leads to the list. Without this script a tile
// is a link to the photo's page.

import {off} from "./keys.js";
import {count} from "./picked.js";
import {isTyping, say, styled} from "./site.js";

const AHEAD = 3; // photos on either side whose tiles are asked for
const WIDE = matchMedia("(width >= 62rem)");
const STILL = matchMedia("(prefers-reduced-motion: reduce)");
const PANEL_PX = 384;
const PREVIEW_PX = 1280, FULL_PX = 2048; // the longest sides of the pictures, as gallery/imaging/specs.py says
const SLIDE_MS = 5000, SLIDES = ".pswp__button--slides";
const EARLY = new Set(["ArrowLeft", "ArrowRight", "Escape"]);
const DOES = {i: "info", f: "favourite", D: "save", Delete: "discard", s: "slides"};
const PANEL_SHOWN = "viewer-panel";

// The photos of a list that script has laid out, or those that are on the page.
class Photos {
  constructor() {
    this.timeline = document.querySelector("photo-timeline.laid");
    this.tiles = this.timeline ? [] : [...document.querySelectorAll("main .tile")].filter(tile => tile.querySelector("img"));
  }

  get count() {
    return this.timeline ? this.timeline.source.count : this.tiles.length;
  }

  placeOf(tile) {
    return this.timeline ? tile.place : this.tiles.indexOf(tile);
  }

  here(place) {
    return this.timeline ? this.timeline.tiles.get(place) : this.tiles[place];
  }

  async come(place) {
    return this.timeline ? this.timeline.tileAt(place) : this.tiles[place];
  }

  show(place) {
    this.timeline?.reveal(place);
  }
}

class PhotoViewer extends HTMLElement {
  connectedCallback() {
    this.ending = new AbortController();
    const {signal} = this.ending;
    const main = document.querySelector("main");
    main.addEventListener("click", event => this.click(event), {signal});
    for (const near of ["pointerover", "focusin"]) {
      main.addEventListener(near, ({target}) => { if (target.closest(".tile > a")) this.dress(); }, {signal});
    }
    addEventListener("popstate", () => this.gone ? location.reload() : this.pswp?.close(), {signal});
    document.addEventListener("keydown", event => this.key(event), {signal, capture: true});
  }

  disconnectedCallback() {
    this.ending.abort();
  }

  // While photos are picked a click picks; what is veiled is asked about on its own page.
  click(event) {
    const link = event.target.closest(".tile > a"), tile = link?.parentElement;
    if (!tile || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (count() && tile.querySelector(".pick")) {
      event.preventDefault();
      tile.querySelector(".pick").click();
    } else if (tile.querySelector("img") && !tile.matches(".veiled")) {
      event.preventDefault();
      this.open(tile);
    }
  }

  async open(tile) {
    const [PhotoSwipe, fill] = await this.dress();
    this.fill = fill;
    this.photos = new Photos();
    this.opener = tile;
    const index = this.photos.placeOf(tile);
    this.pswp = new PhotoSwipe({
      index,
      loop: false,
      preload: [1, 2],
      bgOpacity: 1,
      wheelToZoom: true,
      arrowKeys: true,
      returnFocus: false,
      counter: !this.photos.timeline?.source.more,
      showHideAnimationType: STILL.matches ? "none" : "zoom",
      secondaryZoomLevel: zoom => Math.max(1 / devicePixelRatio, zoom.fit),
      maxZoomLevel: zoom => Math.max(2, 2 * zoom.fit),
      paddingFn: () => ({top: 0, bottom: 0, ...this.beside}),
      mainClass: "viewer",
      appendToEl: document.body,
      closeTitle: this.dataset.close,
      zoomTitle: this.dataset.zoom,
      arrowPrevTitle: this.dataset.before,
      arrowNextTitle: this.dataset.next,
      errorMsg: this.dataset.error,
    });
    const {pswp} = this;
    pswp.addFilter("numItems", () => this.photos.count);
    pswp.addFilter("itemData", (_item, place) => this.item(place));
    pswp.addFilter("thumbEl", (_element, _item, place) => this.photos.here(place)?.querySelector("img"));
    pswp.addFilter("placeholderSrc", (_src, slide) => slide.data.msrc ?? false);
    pswp.on("uiRegister", () => this.furnish());
    this.early = [];
    this.opened = new Promise(done => pswp.on("bindEvents", done));
    pswp.on("bindEvents", () => this.ready());
    pswp.on("change", () => this.changed());
    pswp.on("zoomPanUpdate", ({slide}) => this.sharpen(slide));
    pswp.on("close", () => this.leaving());
    pswp.on("destroy", () => this.left());
    this.list = location.pathname + location.search;
    history.pushState({...history.state, viewed: true}, "", address(tile));
    pswp.init();
    pswp.element.setAttribute("aria-label", this.dataset.label);
  }

  // PhotoSwipe, the panel and their style sheets come when somebody is near a photo: a list has no need of them.
  async dress() {
    this.dressed ??= Promise.all([
      import("../vendor/photoswipe-5.4.4/photoswipe.esm.min.js").then(module => module.default),
      import("./panel.js").then(module => module.fill),
      ...this.dataset.styles.split(" ").map(styled),
    ]);
    return this.dressed;
  }

  get beside() {
    const end = this.panel && WIDE.matches ? PANEL_PX : 0;
    return getComputedStyle(this).direction === "rtl" ? {left: end, right: 0} : {left: 0, right: end};
  }

  // What is known of a photo; its tile may still be on its way.
  item(place) {
    const tile = this.photos.here(place), img = tile?.querySelector("img");
    if (!tile) {
      this.photos.come(place).then(come => come && this.pswp?.refreshSlideContent(place));
      return {html: ""};
    }
    if (!img) return {html: `<p class="unseen">${tile.querySelector(".none")?.innerHTML ?? ""}</p>`};
    if (tile.matches(".veiled")) return {html: `<p class="unseen"><a class="button" href="${address(tile)}">${tile.querySelector(".warns").innerHTML}</a></p>`};
    const [width, height] = tile.querySelector("a").dataset.size.split("x").map(Number);
    return {src: this.picture(tile), msrc: img.currentSrc || img.src, width, height, alt: img.alt, thumbCropped: true};
  }

  // As large a picture as the window shows.
  picture(tile, size) {
    const wanted = size ?? (Math.max(innerWidth, innerHeight) * devicePixelRatio > PREVIEW_PX * 1.1 ? "full" : "preview");
    return `${new URL(address(tile), location).pathname}picture/?size=${wanted}`;
  }

  get tile() {
    return this.photos.here(this.pswp.currIndex);
  }

  changed() {
    const {tile, pswp} = this;
    for (let place = pswp.currIndex - AHEAD; place <= pswp.currIndex + AHEAD; place++) {
      if (place >= 0 && place < this.photos.count && !this.photos.here(place)) this.photos.come(place);
    }
    if (!tile) {
      this.photos.come(pswp.currIndex).then(() => this.pswp === pswp && this.tile && this.changed());
      return;
    }
    if (address(tile) !== location.pathname + location.search) history.replaceState(history.state, "", address(tile));
    this.tell();
    if (this.panel) this.fill(this.panel, address(tile));
  }

  // Beyond the largest picture that was made: the original itself, if the browser can show it.
  async sharpen({currZoomLevel, data, content, index}) {
    const shown = Math.max(data.width, data.height) * currZoomLevel * devicePixelRatio;
    if (!this.offers("info") || shown <= FULL_PX * 1.2 || data.sharp || !data.src) return;
    data.sharp = true;
    const tile = this.photos.here(index), picture = Object.assign(new Image(), {src: this.picture(tile, "original")});
    try {
      await picture.decode();
    } catch {
      return; // a kind that browsers do not know, or no network: the large picture stays
    }
    const turned = (picture.naturalWidth > picture.naturalHeight) !== (data.width > data.height);
    if (content.element && !turned) content.element.src = picture.src;
  }

  // Whoever came by a link only looks.
  offers(name) {
    return name in this.dataset;
  }

  // Buttons in the bar, each what the photo's page has as well.
  furnish() {
    const add = (name, order, onClick, more = {}) => this.offers(name) && this.pswp.ui.registerElement({
      name, order, isButton: true, html: this.querySelector(`[data-icon=${name}]`).innerHTML,
      title: this.dataset[name], ariaLabel: this.dataset[name], onClick, ...more,
    });
    add("info", 10, () => this.toggle());
    add("favourite", 9, () => this.favourite(), {onInit: element => { this.heart = element; }});
    add("save", 7, undefined, {tagName: "a", onInit: element => { this.save = element; }});
    add("slides", 8, () => this.slides());
    add("discard", 11, () => this.discard());
    if (this.offers("info") && WIDE.matches && localStorage.getItem(PANEL_SHOWN) === "yes") this.toggle();
  }

  tell() {
    const liked = this.tile.querySelector(".mark") !== null;
    this.heart?.setAttribute("aria-pressed", liked);
    this.save?.setAttribute("href", `${new URL(address(this.tile), location).pathname}${this.dataset.file}`);
  }

  // The panel of the photo's page; where there is no room beside the picture, the page itself.
  toggle() {
    if (!WIDE.matches) return location.assign(address(this.tile));
    if (this.panel) {
      this.panel.remove();
      this.panel = null;
    } else {
      this.panel = Object.assign(document.createElement("aside"), {className: "photo viewer-panel"});
      this.panel.setAttribute("aria-label", this.dataset.info);
      this.pswp.element.append(this.panel);
      if (this.tile) this.fill(this.panel, address(this.tile));
    }
    localStorage.setItem(PANEL_SHOWN, this.panel ? "yes" : "no");
    this.pswp.element.classList.toggle("with-panel", Boolean(this.panel));
    this.pswp.updateSize(true);
  }

  async favourite() {
    const {tile} = this, on = tile.querySelector(".mark") === null;
    if (!await this.post(tile, "favourite/", {on: on ? "yes" : "no"})) return;
    if (on) tile.querySelector("a").insertAdjacentHTML("afterend", this.dataset.mark);
    else tile.querySelector(".mark").remove();
    this.tell();
    if (this.panel) this.fill(this.panel, address(tile), {again: true});
  }

  async discard() {
    if (!await this.post(this.tile, "trash/", {here: this.list})) return;
    this.gone = true; // a list without it is loaded anew, which says so and offers to undo it
    await this.opened; // PhotoSwipe does not close while it opens
    this.pswp.close();
  }

  // What a form of the photo's page would send.
  async post(tile, does, fields) {
    const body = new URLSearchParams({...fields, csrfmiddlewaretoken: document.querySelector("[name=csrfmiddlewaretoken]").value});
    try {
      // Not followed: what the next page would say is for the one that is loaded next.
      const answer = await fetch(new URL(address(tile), location).pathname + does, {method: "POST", body, redirect: "manual"});
      if (answer.type === "opaqueredirect") return true;
    } catch { /* said below */ }
    say(document.querySelector("#toasts").dataset.failed);
    return false;
  }

  // One after another by themselves, until somebody does anything.
  async slides() {
    if (this.sliding) return this.still();
    const {element} = this.pswp;
    this.sliding = setInterval(() => {
      if (this.pswp.currIndex + 1 < this.photos.count) this.pswp.next();
      else this.still();
    }, SLIDE_MS);
    this.touched = new AbortController();
    element.addEventListener("pointerdown", ({target}) => { if (!target.closest(SLIDES)) this.still(); }, {signal: this.touched.signal, capture: true});
    document.addEventListener("visibilitychange", () => this.keepAwake(), {signal: this.touched.signal});
    element.classList.add("slides");
    await element.requestFullscreen?.().catch(() => {});
    await this.keepAwake();
  }

  // Browsers let the screen sleep again as soon as the page was hidden.
  async keepAwake() {
    if (document.visibilityState === "visible") this.awake = await navigator.wakeLock?.request("screen").catch(() => null);
  }

  still() {
    clearInterval(this.sliding);
    this.sliding = null;
    this.touched.abort();
    this.pswp?.element.classList.remove("slides");
    this.awake?.release();
    if (document.fullscreenElement) document.exitFullscreen();
  }

  // PhotoSwipe listens from the end of its opening on; what was pressed before comes now.
  ready() {
    const {early} = this;
    this.early = null;
    for (const key of early) this.pswp.element.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
  }

  key(event) {
    if (!this.pswp || isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.sliding && DOES[event.key] !== "slides") this.still();
    const waits = this.early && EARLY.has(event.key) && (() => this.early.push(event.key));
    const name = DOES[event.key], does = waits || (name && this.offers(name) && !off() && (() => this.does(name)));
    if (!does) return;
    event.preventDefault();
    event.stopPropagation();
    does();
  }

  does(name) {
    if (name === "info") this.toggle();
    else if (name === "save") this.save.click();
    else this[name]();
  }

  leaving() {
    if (this.sliding) this.still();
    this.photos.show(this.pswp.currIndex);
  }

  // Back to the list's own address, and to the photo that was looked at last.
  left() {
    const place = this.pswp.currIndex;
    this.pswp = this.panel = null;
    if (history.state?.viewed) history.back();
    setTimeout(() => (this.photos.here(place) ?? this.opener).querySelector("a")?.focus({preventScroll: true}));
  }
}

const address = tile => tile.querySelector("a").getAttribute("href");

customElements.define("photo-viewer", PhotoViewer);
