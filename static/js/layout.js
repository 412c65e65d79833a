// Where every photo of a list lies, from one character a photo: rows as `.grid` in components.css makes them, to a
// fraction of a pixel, without any element. Pure; no DOM.

const FIRST = 40, SQUARE = 48, AN_OCTAVE = 24; // as gallery/search/library.py and gallery/geometry.py write shapes
const FINE = 64; // parts of a pixel, as browsers lay out
const REST = 1e4; // how much the empty rest of a last row grows: `.grid::after`
const RATIOS = Float64Array.from({length: 2 * SQUARE + 1}, (_, shape) => Number((2 ** ((shape - SQUARE) / AN_OCTAVE)).toPrecision(4)));

export const ratio = (shapes, place) => RATIOS[shapes.charCodeAt(place) - FIRST];

// The place of the last of these that is not beyond `value`; 0 before the first.
export function lastUpTo(numbers, value) {
  let low = 0, high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return Math.max(low - 1, 0);
}

export class Layout {
  // `groups`: each with `shapes`. `space`: width, tall (what a row strives for), gap, head and foot (above and below a
  // group's rows), all in CSS pixels.
  constructor(groups, space) {
    Object.assign(this, {groups, space, firsts: [], tops: [], gridHeights: [], rowFirsts: [], rowTops: [], rowHeights: []});
    let place = 0, top = 0;
    for (const {shapes} of groups) {
      this.firsts.push(place);
      this.tops.push(top);
      const height = this.rows(shapes, place, top + space.head);
      this.gridHeights.push(height);
      place += shapes.length;
      top += space.head + height + space.foot;
    }
    this.count = place;
    this.height = top;
  }

  // Breaks one group into rows, as flex-wrap does. Returns their height together.
  rows(shapes, first, top) {
    const {width, tall, gap} = this.space;
    let start = 0, sum = 0, y = 0;
    const close = (end, open) => {
      const room = width - gap * (end - start - (open ? 0 : 1)), free = room - sum * tall;
      const exact = free < 0 ? room / sum : tall + free / (sum + (open ? REST : 0));
      const height = Math.floor(exact * FINE) / FINE;
      this.rowFirsts.push(first + start);
      this.rowTops.push(top + y);
      this.rowHeights.push(height);
      y += height + gap;
      start = end;
      sum = 0;
    };
    for (let place = 0; place < shapes.length; place++) {
      const one = ratio(shapes, place);
      if (place > start && (sum + one) * tall + gap * (place - start) > width) close(place, false);
      sum += one;
    }
    if (shapes.length === 0) return 0;
    const fits = sum * tall + gap * (shapes.length - start) <= width; // else the rest wraps into a row of no height
    close(shapes.length, fits);
    return fits ? y - gap : y;
  }

  rowOf(place) {
    return lastUpTo(this.rowFirsts, place);
  }

  rowAt(y) {
    return lastUpTo(this.rowTops, y);
  }

  groupOf(place) {
    let group = lastUpTo(this.firsts, place);
    while (group > 0 && this.groups[group].shapes.length === 0) group--;
    return group;
  }

  // The places of a row: from the first up to, without, the second.
  span(row) {
    return [this.rowFirsts[row], row + 1 < this.rowFirsts.length ? this.rowFirsts[row + 1] : this.count];
  }

  // Calls `put(place, x, y, width, height)` for each photo of a row; y from the top of its group's rows.
  place(row, put) {
    const [first, end] = this.span(row), group = this.groupOf(first), {shapes} = this.groups[group];
    const height = this.rowHeights[row], y = this.rowTops[row] - this.tops[group] - this.space.head;
    let x = 0;
    for (let place = first; place < end; place++) {
      const width = ratio(shapes, place - this.firsts[group]) * height;
      put(place, x, y, width, height);
      x += width + this.space.gap;
    }
  }
}
