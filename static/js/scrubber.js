// A bar along the timeline that leads to any month of it: years beside it, the month in a bubble.

const FINE = 10_000;
const SEEN_MS = 1200; // after the window stands
const APART_PX = 22; // years that would stand closer are left out

export class Scrubber {
  constructor(timeline) {
    this.timeline = timeline;
    this.element = document.createElement("photo-scrubber");
    this.range = Object.assign(document.createElement("input"), {type: "range", min: 0, max: FINE, step: 1, value: 0, autocomplete: "off"});
    this.range.setAttribute("aria-label", timeline.dataset.scrubber);
    this.bubble = document.createElement("output");
    this.bubble.setAttribute("aria-hidden", "true");
    this.years = document.createElement("ol");
    this.years.setAttribute("aria-hidden", "true");
    this.element.append(this.years, this.range, this.bubble);
    timeline.append(this.element);
    this.range.addEventListener("input", () => this.go());
    this.range.addEventListener("keydown", event => this.key(event));
    this.tell();
  }

  get reach() {
    return Math.max(this.timeline.layout.height - innerHeight, 1);
  }

  // Hidden where there is little to scroll.
  tell() {
    const {layout, source} = this.timeline;
    this.element.hidden = layout.height < 2 * innerHeight;
    this.years.replaceChildren();
    const room = this.element.clientHeight;
    let year = "", last = -APART_PX;
    source.groups.forEach(({key}, group) => {
      const y = layout.tops[group] / layout.height * room;
      if (key.slice(0, 4) === year || y - last < APART_PX) return;
      year = key.slice(0, 4);
      last = y;
      const mark = Object.assign(document.createElement("li"), {textContent: Number(year).toLocaleString(document.documentElement.lang, {useGrouping: false})});
      mark.style.insetBlockStart = `${y}px`;
      this.years.append(mark);
    });
    this.follow();
  }

  // The window has moved.
  follow() {
    if (!this.dragging) this.range.value = Math.round(Math.min(Math.max(this.timeline.scroll.top / this.reach, 0), 1) * FINE);
    const {name} = this.timeline.source.groups[this.timeline.group];
    if (this.bubble.textContent !== name) this.bubble.textContent = name;
    this.range.setAttribute("aria-valuetext", name);
    this.show();
    this.bubble.style.insetBlockStart = `${this.range.value / FINE * 100}%`;
  }

  // On a phone it is only seen while the window moves.
  show() {
    const {value} = this.range;
    if (value === this.value) return;
    this.element.toggleAttribute("data-moving", this.value !== undefined);
    this.value = value;
    clearTimeout(this.seen);
    this.seen = setTimeout(() => this.element.removeAttribute("data-moving"), SEEN_MS);
  }

  // The bar is painted first, and follows the hand; the photos of wherever it is by then come after it.
  go() {
    this.going ??= requestAnimationFrame(() => setTimeout(() => {
      this.going = undefined;
      this.dragging = true;
      this.timeline.scroll.to(this.range.value / FINE * this.reach);
      this.dragging = false;
    }));
  }

  // By months, not by pixels.
  key(event) {
    const by = {ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1}[event.key];
    if (!by) return;
    event.preventDefault();
    const {layout, scroll, group: here} = this.timeline;
    scroll.to(layout.tops[Math.min(Math.max(here + by, 0), layout.tops.length - 1)]);
  }
}
