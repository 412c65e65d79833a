// A list of any number of files, of which only the rows that can be seen are there. Each shows a small picture of its
// file, which is made when the row comes and given back when it goes.

const HIGH_REM = 4, HIGHER_REM = 6, WIDE_REM = 30, MORE = 4; // rows above and below those that can be seen
const PICTURE_PX = 96, MOST_BYTES = 50_000_000;

export class Rows {
  items = [];
  shown = new Map(); // item → its row
  pictures = Promise.resolve();

  // `fill` writes into a row what its item says.
  constructor(scroller, template, fill) {
    Object.assign(this, {scroller, template, fill, list: scroller.firstElementChild});
    scroller.addEventListener("scroll", () => this.draw());
    new ResizeObserver(() => this.draw()).observe(scroller);
  }

  // Refused ones come first; they are higher, for their sentence.
  show(items) {
    this.items = items;
    this.refused = items.findIndex(item => item.state !== "refused");
    if (this.refused < 0) this.refused = items.length;
    this.draw();
  }

  top(place) {
    const higher = Math.min(place, this.refused);
    return (higher * this.higher + (place - higher) * HIGH_REM) * this.rem;
  }

  draw() {
    this.rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    this.higher = this.scroller.clientWidth > WIDE_REM * this.rem ? HIGH_REM + 1 : HIGHER_REM;
    this.list.style.blockSize = `${this.top(this.items.length)}px`;
    const from = this.scroller.scrollTop, to = from + this.scroller.clientHeight;
    let first = 0, last = 0;
    while (first < this.items.length && this.top(first + 1) <= from) first += 1;
    for (last = first; last < this.items.length && this.top(last) < to;) last += 1;
    this.place(Math.max(first - MORE, 0), Math.min(last + MORE, this.items.length));
  }

  place(first, last) {
    const held = this.list.contains(document.activeElement) ? document.activeElement : null;
    const wanted = new Set(this.items.slice(first, last));
    for (const [item, row] of this.shown) if (!wanted.has(item)) this.remove(item, row);
    let next = this.list.firstElementChild;
    [...wanted].forEach((item, place) => {
      const row = this.row(item);
      if (row === next) next = next.nextElementSibling;
      else this.list.insertBefore(row, next);
      row.style.translate = `0 ${this.top(first + place)}px`; // moves nothing in the layout
      row.style.blockSize = `${this.top(first + place + 1) - this.top(first + place)}px`;
      row.setAttribute("aria-setsize", this.items.length);
      row.setAttribute("aria-posinset", first + place + 1);
      this.fill(row, item);
    });
    if (held && (!held.isConnected || held.closest("[hidden]"))) this.scroller.focus({preventScroll: true});
    else if (held !== document.activeElement) held?.focus({preventScroll: true});
  }

  row(item) {
    const made = this.shown.get(item) ?? this.template.content.firstElementChild.cloneNode(true);
    if (!this.shown.has(item)) {
      this.shown.set(item, made);
      made.item = item;
      this.pictures = this.pictures.then(() => this.paint(item, made));
    }
    return made;
  }

  remove(item, row) {
    const canvas = row.querySelector("canvas");
    canvas.width = canvas.height = 0;
    row.remove();
    this.shown.delete(item);
  }

  // One at a time, and only if its row is still there when its turn comes.
  async paint(item, row) {
    if (!row.isConnected || !item.file.type?.startsWith("image/") || item.size > MOST_BYTES) return;
    const picture = await createImageBitmap(item.file, {resizeHeight: PICTURE_PX, resizeQuality: "medium"}).catch(() => null);
    if (!picture) return;
    const canvas = row.querySelector("canvas"), side = Math.min(picture.width, picture.height);
    if (row.isConnected) {
      canvas.width = canvas.height = PICTURE_PX;
      canvas.getContext("2d").drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, PICTURE_PX, PICTURE_PX);
    }
    picture.close();
  }
}
