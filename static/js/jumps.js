// d, m and y: to the next day, month and year of the timeline; with Shift to the one before.

const LENGTHS = {m: 7, y: 4}; // of what months have in common that are in the same one

export function jumpByKey(timeline, {key, shiftKey}) {
  const length = LENGTHS[key.toLowerCase()];
  if (length) toGroup(timeline, length, shiftKey);
  else if (!shiftKey) nextDay(timeline);
}

function toGroup(timeline, length, back) {
  const {groups} = timeline.source, here = timeline.group;
  const part = group => groups[group].key.slice(0, length);
  let to = here;
  if (back) {
    while (to > 0 && part(to) === part(here)) to--;
    while (to > 0 && part(to - 1) === part(to)) to--;
  } else while (to < groups.length - 1 && part(to) === part(here)) to++;
  timeline.scroll.to(timeline.layout.tops[to]);
}

// Which day it is, tiles tell: they are fetched until one is of another day.
async function nextDay(timeline) {
  const {layout, scroll, source} = timeline, day = async place => (await timeline.tileAt(place))?.querySelector("a").dataset.day;
  let place = layout.span(layout.rowAt(scroll.top + 1))[1] - 1;
  const here = await day(place);
  if (!here) return; // no network: nothing is known to go on from
  do place++; while (place < source.count && await day(place) === here);
  if (place < source.count) timeline.show(place);
}
