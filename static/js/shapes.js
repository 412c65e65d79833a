// What a list of photos tells of itself: its shapes, at once or run by run, and where tiles are to be had.

import {fetched} from "./site.js";
import {lastUpTo} from "./layout.js";

const CHUNK = 200; // tiles that come together

class Source {
  groups = [];

  constructor(list) {
    this.list = list;
  }

  address(told) {
    const address = new URL(this.list, location);
    for (const [name, value] of Object.entries(told)) if (value !== "") address.searchParams.set(name, value);
    return address;
  }

  get count() {
    return this.groups.reduce((sum, {shapes}) => sum + shapes.length, 0);
  }

  async ask(told) {
    const answer = await fetched(this.address(told));
    if (!answer.ok) throw new TypeError(`answered ${answer.status}`);
    return answer.json();
  }
}

// The whole timeline, month by month. It is entered at any month.
export class Library extends Source {
  whole = true;
  more = false;

  async load() {
    const {version, months} = await this.ask({part: "shapes"});
    this.version = String(version);
    this.groups = months.map(([key, name, said, shapes]) => ({key, name, said, shapes}));
    this.firsts = [];
    let first = 0;
    for (const {shapes} of this.groups) {
      this.firsts.push(first);
      first += shapes.length;
    }
  }

  chunk(place) {
    const first = place - (place % CHUNK), group = lastUpTo(this.firsts, first);
    const told = {part: "tiles", month: this.groups[group].key, skip: first - this.firsts[group]};
    return {first, count: Math.min(CHUNK, this.count - first), address: this.address(told)};
  }

  // Tiles that are of another library than the shapes.
  isStale(answer) {
    return answer.headers.get("X-Library-Version") !== this.version;
  }
}

// A list that goes on: more of it is asked for when its end comes near.
export class Runs extends Source {
  whole = false;
  more = true;
  next = "";
  groups = [{key: "", shapes: ""}];
  chunks = [];

  // From the beginning of this page on, or what follows what is here.
  async load() {
    const told = this.chunks.length || this.next ? {part: "shapes", cursor: this.next} : {part: "shapes"};
    const {shapes, cursors, next} = await this.ask(told);
    const [group] = this.groups, before = group.shapes.length;
    cursors.forEach((cursor, place) => {
      const first = place * CHUNK, count = Math.min(CHUNK, shapes.length - first);
      if (count > 0) this.chunks.push({first: before + first, count, address: this.address({part: "tiles", cursor})});
    });
    this.groups = [{...group, shapes: group.shapes + shapes}];
    this.next = next;
    this.more = next !== "";
  }

  chunk(place) {
    return this.chunks[lastUpTo(this.chunks.map(({first}) => first), place)];
  }

  isStale() {
    return false;
  }
}
