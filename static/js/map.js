// The map: photos in clusters that come apart as one goes nearer; beside it the photos that lie in view. It asks this
// site alone. Without this script there is a drawn map whose dots are links.

import "../vendor/leaflet-1.9.4/leaflet.js";
import "../vendor/supercluster-8.0.1/supercluster.min.js";
import "../vendor/topojson-client-3.1.0/topojson-client.min.js";
import {say} from "./site.js";

const {L, Supercluster, topojson} = globalThis;
const PAUSE_MS = 250, NEAREST = 13, EDGE = 85.05;
const COLUMNS = 2 ** 17;
const EARTH = [[-EDGE, -180], [EDGE, 180]];

async function loaded(address) {
  const answer = await fetch(address);
  if (!answer.ok || answer.redirected) throw new TypeError(`${address}: ${answer.status}`);
  return answer;
}

// As the server packs them: cells with their counts, each a difference to the one before, seven bits a byte.
function unpacked(bytes) {
  const side = 360 / 2 ** bytes[0], points = [];
  let at = 1, place = 0;
  const number = () => {
    let value = 0, scale = 1;
    for (; bytes[at] > 127; at += 1, scale *= 128) value += (bytes[at] - 128) * scale;
    value += bytes[at] * scale;
    at += 1;
    return value;
  };
  while (at < bytes.length) {
    place += number();
    const count = number(), west = (place % COLUMNS) * side - 180, south = Math.floor(place / COLUMNS) * side - 90;
    const box = [west, south, Math.min(west + side, 180), Math.min(south + side, 90)];
    points.push({type: "Feature", properties: {count, box}, geometry: {type: "Point", coordinates: [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]}});
  }
  return points;
}

// Land across the date line goes on beyond 180 degrees, and is at the other edge, too; around the South Pole it is
// closed along that. Else it would be drawn across the whole map.
function whole(ring) {
  let turn = 0;
  const points = ring.map(([east, north], place) => {
    if (place) turn += Math.round((east - ring[place - 1][0]) / 360);
    return [east - 360 * turn, north];
  });
  return turn ? [...points, [points.at(-1)[0], -90], [points[0][0], -90], points[0]] : points;
}

function copies([coast, ...lakes]) {
  const outer = whole(coast), easts = outer.map(([east]) => east);
  const turns = [0, ...(Math.min(...easts) < -180 ? [360] : []), ...(Math.max(...easts) > 180 ? [-360] : [])];
  return turns.map(turn => [outer, ...lakes].map(ring => ring.map(([east, north]) => [east + turn, Math.max(north, -EDGE)])));
}

function coasts(world) {
  const land = topojson.feature(world, world.objects.land).features.flatMap(({geometry}) => geometry.coordinates);
  return {type: "MultiPolygon", coordinates: land.flatMap(copies)};
}

const said = box => box.map(edge => Number(edge.toFixed(6))).join(",");

class PhotoMap extends HTMLElement {
  async connectedCallback() {
    const place = document.createElement("div");
    this.append(place);
    place.setAttribute("role", "region");
    place.setAttribute("aria-label", this.dataset.label);
    this.numbers = new Intl.NumberFormat(document.documentElement.lang, {notation: "compact"});
    this.map = L.map(place, {attributionControl: false, zoomControl: false, minZoom: 1, maxZoom: NEAREST, maxBounds: EARTH, maxBoundsViscosity: .8, zoomSnap: .5});
    L.control.zoom({zoomInTitle: this.dataset.in, zoomOutTitle: this.dataset.out}).addTo(this.map);
    this.clusters = L.layerGroup().addTo(this.map);
    this.map.fitBounds(EARTH);
    try {
      const [land, points] = await Promise.all([loaded(this.dataset.land), loaded(this.dataset.points)]);
      this.draw(await land.json());
      this.show(unpacked(new Uint8Array(await points.arrayBuffer())));
    } catch (error) {
      say(this.dataset.failed);
      throw error;
    }
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    this.map.remove();
  }

  draw(world) {
    L.geoJSON(coasts(world), {interactive: false, style: {className: "land"}}).addTo(this.map);
  }

  show(points) {
    this.index = new Supercluster({radius: 64, maxZoom: NEAREST - 1, map: ({count}) => ({count}), reduce: (sum, {count}) => { sum.count += count; }});
    this.index.load(points);
    const asked = this.dataset.box.split(",").map(Number);
    // At once: while Leaflet is moving it forgets whatever else it is told.
    if (asked.length === 4 && asked[0] <= asked[2]) this.map.fitBounds([[asked[1], asked[0]], [asked[3], asked[2]]], {animate: false});
    else if (points.length) this.map.fitBounds(L.latLngBounds(points.map(one => [...one.geometry.coordinates].reverse())).pad(.1), {maxZoom: 6, animate: false});
    this.cluster();
    this.map.on("moveend", () => { this.cluster(); this.soon(); });
  }

  get box() {
    const bounds = this.map.getBounds();
    return [Math.max(bounds.getWest(), -180), Math.max(bounds.getSouth(), -90), Math.min(bounds.getEast(), 180), Math.min(bounds.getNorth(), 90)];
  }

  cluster() {
    const stood = this.contains(document.activeElement) && document.activeElement.matches(".cluster");
    this.clusters.clearLayers();
    for (const one of this.index.getClusters(this.box, Math.round(this.map.getZoom()))) this.mark(one);
    if (stood) this.map.getContainer().focus({preventScroll: true});
  }

  mark(one) {
    const {count} = one.properties, many = count > 1, [east, north] = one.geometry.coordinates;
    const side = many ? 28 + 4 * Math.min(Math.floor(Math.log10(count) * 2), 8) : 20;
    const face = document.createElement("span");
    face.textContent = many ? this.numbers.format(count) : "";
    const icon = L.divIcon({className: many ? "cluster" : "cluster single", html: face, iconSize: [Math.max(side, 44), Math.max(side, 44)]});
    const marker = L.marker([north, east], {icon}).on("click", () => this.closer(one)).addTo(this.clusters);
    const button = marker.getElement();
    button.setAttribute("aria-label", many ? this.dataset.many.replace("#", count) : this.dataset.one);
    button.addEventListener("keydown", event => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      this.closer(one);
    });
    face.style.inlineSize = face.style.blockSize = `${side}px`;
  }

  closer({properties, geometry: {coordinates: [east, north]}}) {
    if (properties.count === 1) return location.assign(`${this.dataset.photo}?${new URLSearchParams({box: said(properties.box)})}`);
    const zoom = properties.cluster ? this.index.getClusterExpansionZoom(properties.cluster_id) : NEAREST;
    this.map.setView([north, east], Math.max(zoom, this.map.getZoom() + 1), {animate: !matchMedia("(prefers-reduced-motion: reduce)").matches});
  }

  soon() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.timer = setTimeout(() => this.list(), PAUSE_MS);
  }

  // The same page, of which the parts beside the map are taken.
  async list() {
    this.asking = new AbortController();
    const address = `${this.dataset.map}?${new URLSearchParams({box: said(this.box)})}`;
    try {
      const answer = await fetch(address, {signal: this.asking.signal});
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of document.querySelectorAll("[data-part]")) {
        const fresh = page.querySelector(`[data-part=${part.dataset.part}]`);
        if (fresh) part.replaceChildren(...fresh.childNodes);
      }
      document.querySelector("#picked [name=next]").value = address;
      document.querySelector("photo-picker").tell();
      history.replaceState(history.state, "", address);
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }
}

customElements.define("photo-map", PhotoMap);
