// Where the window stands in something that may be taller than a browser can scroll: beyond some 15 million device pixels
// the page is shorter than what it shows, and goes along with it.

const MOST_DEVICE_PX = 15_000_000;
const JUMP = 3; // windows: so far in one event is not by hand, but by the scrollbar
const REST_MS = 150;

export class Scroll {
  base = 0; // how far what is shown is beyond where the page stands

  constructor(element, moved, rested, signal) {
    Object.assign(this, {element, moved, rested});
    addEventListener("scroll", () => this.heard(), {signal, passive: true});
    signal.addEventListener("abort", () => clearTimeout(this.resting));
  }

  extend(height) {
    this.height = height;
    this.shown = Math.min(height, MOST_DEVICE_PX / devicePixelRatio);
    this.element.style.blockSize = `${this.shown}px`;
    if (this.shown === height) this.base = 0;
  }

  get page() {
    return -this.element.getBoundingClientRect().top + this.header;
  }

  // What stands under the bar at the top of the window, in pixels of the whole.
  get top() {
    return this.page + this.base;
  }

  get header() {
    return document.querySelector("header.top")?.offsetHeight ?? 0;
  }

  // Shows `top` below the bar, or at `at` from the window's upper edge.
  to(top, at = this.header) {
    const wanted = Math.max(top - (at - this.header), -Infinity);
    const page = this.pageFor(wanted);
    this.base = wanted - page;
    this.last = page;
    scrollBy({top: page - this.page, behavior: "instant"});
    this.drawn = this.page; // where it is drawn now, so that its own event need not do it again
    this.base = this.shown === this.height ? 0 : wanted - this.drawn;
    this.moved();
    this.later();
  }

  pageFor(top) {
    if (this.shown === this.height) return top;
    return top * (this.shown - innerHeight) / (this.height - innerHeight);
  }

  heard() {
    const {page} = this;
    if (this.shown < this.height) {
      const far = Math.abs(page - (this.last ?? page)) > JUMP * innerHeight;
      if (far || page <= 0 || page >= this.shown - innerHeight) this.base = page * (this.height - this.shown) / (this.shown - innerHeight);
    }
    this.last = page;
    if (page !== this.drawn) this.drawing ||= requestAnimationFrame(() => { this.drawing = 0; this.moved(); });
    this.drawn = NaN;
    this.later();
  }

  later() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      if (this.shown < this.height && Math.abs(this.pageFor(this.top) - this.page) > 1) this.to(this.top);
      this.rested();
    }, REST_MS);
  }
}

// A form that leads back to the page that it is on: the page stands then where it stood. It is kept when the form is sent:
// what a page writes when it goes may be too late for the next one.

const here = () => location.pathname + location.search;
const key = () => `back:${here()}`;

document.addEventListener("submit", event => {
  const {next} = event.target.elements, {place} = history.state ?? {};
  const leads = !event.defaultPrevented && next?.value && new URL(next.value, location).href === new URL(here(), location).href;
  if (leads && place) sessionStorage.setItem(key(), JSON.stringify(place));
});

// Where this page stood: when it was left, or when the form that led back to it was sent. From here on its entry in the
// history says so, whatever is done next and however soon.
export function remembered() {
  const place = history.state?.place ?? JSON.parse(sessionStorage.getItem(key()));
  sessionStorage.removeItem(key());
  if (place) history.replaceState({...history.state, place}, "");
  return place;
}
