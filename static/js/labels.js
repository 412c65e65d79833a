// The label panel of a photo's page: its slider works at once, keys go through its rows, the focus stays where it was.
// Without this script it is plain forms and links.

import {bare} from "./keys.js";

let stood = null; // the id of the row last stood on: rows are made anew with every answer

class LabelPanel extends HTMLElement {
  connectedCallback() {
    this.addEventListener("focusin", event => { stood = event.target.closest(".label")?.id ?? null; });
    const slider = this.querySelector("input[type=range]");
    slider?.addEventListener("input", () => this.narrow(slider.valueAsNumber));
    slider?.addEventListener("change", () => this.keep(slider.value));
  }

  get rows() {
    return [...this.querySelectorAll(".label:not([hidden])")];
  }

  narrow(threshold) {
    this.querySelector("output").textContent = `${threshold} %`;
    for (const one of document.querySelectorAll(".label, .box")) {
      one.toggleAttribute("hidden", Number(one.dataset.least) < threshold);
    }
    const hidden = this.querySelectorAll(".label[hidden]").length, said = this.querySelector(".hidden-count");
    const words = hidden === 0 ? "none" : hidden === 1 ? "one" : "many";
    said.textContent = said.dataset[words].replace("%d", hidden);
  }

  keep(threshold) {
    const address = new URL(location);
    address.searchParams.set("from", threshold);
    history.replaceState(history.state, "", address);
  }

  step(by) {
    const rows = this.rows, here = rows.findIndex(row => row.id === stood);
    const next = here < 0 ? rows.at(by > 0 ? 0 : -1) : rows[here + by];
    next?.querySelector(".term").focus();
  }

  say(state) {
    const row = stood && document.getElementById(stood);
    row?.querySelector(`button[value=${state}]`)?.click();
  }
}

// After an answer: back to the row that was judged, or to the heading if it is gone.
document.addEventListener("htmx:after:swap", event => {
  if (!event.target.closest("label-panel")) return;
  if (document.activeElement !== document.body || stood === null) return;
  const row = document.getElementById(stood);
  (row?.querySelector("button") ?? document.getElementById("labels")).focus({preventScroll: true});
});

document.addEventListener("keydown", event => {
  const panel = document.querySelector("label-panel");
  if (!panel || event.repeat || !bare(event)) return;
  const inRow = event.target.closest(".label");
  const does = {
    j: () => panel.step(1),
    k: () => panel.step(-1),
    c: () => panel.say("confirmed"),
    w: () => panel.say("rejected"),
    u: () => panel.say("none"),
    b: () => document.getElementById("boxes")?.click(),
    ...(inRow && {ArrowDown: () => panel.step(1), ArrowUp: () => panel.step(-1)}),
  }[event.key];
  if (!does) return;
  event.preventDefault();
  does();
});

customElements.define("label-panel", LabelPanel);
