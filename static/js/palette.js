// The command palette: Ctrl+K, some letters, Enter. What it offers of pages and actions are the links and buttons of
// the page itself; albums, labels, kept searches and months come from the server. Without this script one clicks them.

import {off, use} from "./keys.js";
import {count} from "./picked.js";

const PAUSE_MS = 120, MOST = 12;
const PLACES = "header.top :is(.places a, .menu :is(a, button), .ends > a)";
const PICKED = "main .bar button";
const HERE = "main :is(.head, .acts, .does, .pager) :is(a.button, button, summary), main :is(.state[href], [data-key])";

const KINDS = [
  ["picked", PICKED, () => count() > 0], // at once; the bar comes when the circle is painted
  ["here", HERE, element => element.checkVisibility()],
  ["page", PLACES, () => true],
];

const fold = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
function nameOf(element) {
  const said = element.getAttribute("aria-label") ?? (element.labels?.[0] ?? element).textContent;
  return said.trim().replace(/\s+/g, " ");
}

// 0 if the name begins so, 1 if each word begins one of its words, else null.
function rank(name, words) {
  const folded = fold(name), parts = folded.split(/[^\p{L}\p{N}]+/u);
  if (folded.startsWith(words)) return 0;
  return words.split(/\s+/).every(word => parts.some(part => part.startsWith(word))) ? 1 : null;
}

class CommandPalette extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.input = this.querySelector("input");
    this.list = this.querySelector("[role=listbox]");
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", event => this.key(event));
    this.list.addEventListener("mousedown", event => event.preventDefault()); // the focus stays in the box
    this.list.addEventListener("click", event => this.take(event.target.closest("[role=option]")));
    this.dialog.addEventListener("click", event => { if (event.target === this.dialog) this.dialog.close(); });
    this.dialog.addEventListener("close", () => this.forget());
    document.addEventListener("keydown", event => this.shortcut(event));
    document.addEventListener("click", event => { if (event.target.closest("[data-opens=palette]")) this.open(); });
  }

  shortcut(event) {
    if (event.key.toLowerCase() !== "k" || event.ctrlKey === event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (this.dialog.open) this.dialog.close();
    else this.open();
  }

  open() {
    if (document.querySelector("dialog:modal")) return;
    this.commands = this.collect();
    this.input.value = "";
    this.dialog.showModal();
    this.typed();
  }

  collect() {
    const seen = new Set(), found = [];
    for (const [kind, selector, shown] of KINDS) {
      for (const element of document.querySelectorAll(selector)) {
        const name = nameOf(element), same = element.href ?? element;
        if (!name || element.disabled || element.dataset.opens || !shown(element) || seen.has(same)) continue;
        seen.add(same);
        found.push({name, kind, key: element.dataset.key, does: () => use(element)});
      }
    }
    return found;
  }

  typed() {
    this.forget();
    const words = fold(this.input.value);
    const matching = this.commands.map(one => ({...one, rank: rank(one.name, words)})).filter(one => one.rank !== null);
    const best = words ? matching.sort((a, b) => a.rank - b.rank).slice(0, MOST) : matching;
    this.list.replaceChildren(...best.map(one => this.option(one.name, this.dataset[one.kind], one.does, one.key)));
    if (words) this.seek(this.input.value.trim());
    this.moved = false;
    this.choose(this.options[0]);
  }

  // What always can be done with words; before it comes what the server finds under them.
  seek(words) {
    const to = `${this.dataset.search}?${new URLSearchParams({q: words})}`;
    this.last = this.option(this.dataset.seek.replace("#", () => words), "", () => location.assign(to));
    this.list.append(this.last);
    this.asking = new AbortController();
    this.answer = this.ask(words, this.asking.signal);
  }

  async ask(words, signal) {
    await new Promise(go => { this.timer = setTimeout(go, PAUSE_MS); this.hurry = go; });
    try {
      const answer = await fetch(`${this.dataset.ask}?${new URLSearchParams({q: words})}`, {signal});
      if (!answer.ok || answer.redirected) return;
      const found = document.createElement("template");
      found.innerHTML = await answer.text(); // ours, and escaped by the template
      if (signal.aborted) return;
      this.last.before(...found.content.querySelectorAll("[role=option]"));
      this.choose(this.moved ? this.chosen : this.options[0]);
    } catch { // no network, or other words meanwhile: what is on the page is offered all the same
    }
  }

  option(name, kind, does, key) {
    const option = document.createElement("li"), said = document.createElement("span"), what = document.createElement("small");
    option.setAttribute("role", "option");
    said.textContent = name;
    what.textContent = kind;
    if (key && !off()) what.append(" ", Object.assign(document.createElement("kbd"), {textContent: key.replace("+", " ")}));
    option.append(said, what);
    option.does = does;
    return option;
  }

  get options() {
    return [...this.list.children];
  }

  choose(option) {
    this.chosen = option;
    for (const [place, one] of this.options.entries()) {
      one.id = `${this.list.id}-${place}`;
      one.setAttribute("aria-selected", String(one === option));
    }
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({block: "nearest"});
  }

  async key(event) {
    if (event.isComposing) return;
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key], options = this.options;
    if (step && options.length) {
      event.preventDefault();
      this.moved = true;
      this.choose(options.at((options.indexOf(this.chosen) + step) % options.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (this.chosen === this.last && !this.moved) { // the server may know better
        this.hurry?.();
        await this.answer;
      }
      this.take(this.chosen);
    }
  }

  // The focus goes back to where it was first.
  take(option) {
    if (!option || !this.dialog.open) return;
    this.dialog.close();
    if (option.does) option.does();
    else location.assign(option.dataset.href);
  }

  forget() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.last = this.answer = this.hurry = null;
  }
}

customElements.define("command-palette", CommandPalette);
