// The search box: completion as one types. And the slider, whose move changes the result at once.
// Without this script both are plain forms.

import {fetched} from "./site.js";

const PAUSE_MS = 120;

class SearchBox extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.form = this.input.form;
    this.list = document.createElement("ul");
    this.list.id = `${this.input.id}-list`;
    this.list.className = "completions";
    this.list.hidden = true;
    this.append(this.list);
    const roles = {role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id};
    for (const [name, value] of Object.entries(roles)) this.input.setAttribute(name, value);
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.dataset.label);
    this.input.addEventListener("input", () => this.soon());
    this.input.addEventListener("keydown", event => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", event => event.preventDefault()); // the focus stays in the box
    this.list.addEventListener("click", event => this.take(event.target.closest("[role=option]")));
    this.form.addEventListener("submit", () => this.close());
  }

  disconnectedCallback() {
    this.close();
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  soon() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.timer = setTimeout(() => this.ask(), PAUSE_MS);
  }

  async ask() {
    this.typed = this.input.value.slice(0, this.input.selectionStart);
    this.asking = new AbortController();
    const address = `${this.dataset.complete}?${new URLSearchParams({q: this.typed})}`;
    try {
      const answer = await fetched(address, this.asking.signal);
      this.show(answer.ok ? await answer.text() : "");
    } catch (error) {
      if (error.name !== "AbortError") this.close(); // no network: one types on
    }
  }

  show(html) {
    this.list.innerHTML = html; // ours, and escaped by the template
    for (const [place, option] of this.options.entries()) option.id = `${this.list.id}-${place}`;
    const any = this.options.length > 0 && document.activeElement === this.input;
    this.list.hidden = !any;
    this.input.setAttribute("aria-expanded", String(any));
    this.input.removeAttribute("aria-activedescendant");
    this.chosen = null;
  }

  close() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.show("");
  }

  key(event) {
    if (event.isComposing) return;
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (step && (!this.list.hidden || event.key === "ArrowDown")) {
      event.preventDefault();
      if (this.list.hidden) this.soon();
      else this.choose(step);
    } else if (event.key === "Enter" && this.chosen) {
      event.preventDefault();
      this.take(this.chosen);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault(); // a search field would be emptied
      this.close();
    }
  }

  // Round and round, over the box itself.
  choose(step) {
    const places = [null, ...this.options];
    this.chosen?.setAttribute("aria-selected", "false");
    this.chosen = places.at((places.indexOf(this.chosen) + step) % places.length);
    this.chosen?.setAttribute("aria-selected", "true");
    this.chosen?.scrollIntoView({block: "nearest"});
    if (this.chosen) this.input.setAttribute("aria-activedescendant", this.chosen.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  // A whole term is searched for at once; after a field such as "taken:" one goes on.
  take(option) {
    if (!option) return;
    const rest = this.input.value.slice(this.typed.length).trimStart();
    const done = option.dataset.q;
    this.input.value = done + (rest && !done.endsWith(":") ? ` ${rest}` : rest);
    this.input.setSelectionRange(done.length, done.length);
    this.close();
    if (done.endsWith(":")) this.ask();
    else this.form.requestSubmit();
  }
}

class SearchSureness extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form"), input = form.elements.min_confidence;
    input.addEventListener("input", () => this.tell(input));
    input.addEventListener("change", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.search(form), PAUSE_MS); // arrow keys change it often
    });
    form.addEventListener("submit", event => { event.preventDefault(); this.search(form); });
  }

  tell(input) {
    this.querySelector("output").textContent = `${input.value} %`;
  }

  // The answer is led to the plain address of the new search: that one is kept.
  async search(form) {
    this.asking?.abort();
    this.asking = new AbortController();
    const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    try {
      const answer = await fetched(address, this.asking.signal);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const open = document.querySelector(".facets")?.open;
      for (const part of document.querySelectorAll("[data-part]")) {
        const fresh = page.querySelector(`[data-part=${part.dataset.part}]`);
        if (fresh) part.replaceChildren(...fresh.childNodes);
      }
      document.querySelector(".facets")?.toggleAttribute("open", open);
      document.querySelector("#q").value = form.elements.q.value = page.querySelector("#q").value;
      history.replaceState(history.state, "", answer.url);
    } catch (error) {
      if (error.name !== "AbortError") location.assign(address);
    }
  }
}

// What dropped down goes up again: by Escape, and by a click beside it.
function close(dropped) {
  if (dropped.contains(document.activeElement)) dropped.querySelector("summary").focus();
  dropped.open = false;
}
document.addEventListener("keydown", event => {
  if (event.key === "Escape") document.querySelectorAll(".drop-down[open]").forEach(close);
});
document.addEventListener("click", event => {
  for (const dropped of document.querySelectorAll(".drop-down[open]")) if (!dropped.contains(event.target)) close(dropped);
});

customElements.define("search-box", SearchBox);
customElements.define("search-sureness", SearchSureness);
