// Picking photos on a page: how many, a row of them with Shift, and all of it by keys. Without this script one ticks
// each circle.

const NEAR_PX = 4; // two tiles whose tops are no further apart stand in one row

class PhotoPicker extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.asking = new AbortController();
    const {signal} = this.asking;
    const main = this.closest("main");
    main.addEventListener("click", event => this.click(event), {signal});
    main.addEventListener("change", () => this.tell(), {signal});
    this.form.addEventListener("reset", () => setTimeout(() => this.tell()), {signal});
    document.addEventListener("keydown", event => this.key(event), {signal});
    window.addEventListener("pageshow", () => this.tell(), {signal});
  }

  disconnectedCallback() {
    this.asking.abort();
  }

  get circles() {
    return [...document.querySelectorAll(".pick")];
  }

  tell() {
    const count = this.circles.filter(circle => circle.checked).length;
    this.querySelector(".count").textContent = this.dataset.said.replace("#", count);
  }

  // Shift picks, or leaves out, all from the one that was touched last.
  click(event) {
    const circle = event.target.closest(".pick");
    if (!circle) return;
    const circles = this.circles, from = circles.indexOf(this.last), to = circles.indexOf(circle);
    if (event.shiftKey && from >= 0) {
      for (const one of circles.slice(Math.min(from, to), Math.max(from, to) + 1)) one.checked = circle.checked;
      this.tell();
    }
    this.last = circle;
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable], dialog")) return;
    const tile = event.target.closest(".tile");
    if (event.key === "Escape" && this.circles.some(circle => circle.checked)) this.form.reset();
    else if (event.key === "x" && tile?.querySelector(".pick")) tile.querySelector(".pick").click();
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
