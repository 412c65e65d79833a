// What every page of somebody's shares: what happens when an answer is not the one that was asked for, and toasts.

const READ_MS = 10_000;

// A sentence with an "Undo", perhaps. It goes after a while, but not while somebody points at it or stands on it.
class SiteToast extends HTMLElement {
  connectedCallback() {
    this.wait();
    for (const name of ["pointerenter", "focusin"]) this.addEventListener(name, () => clearTimeout(this.timer));
    for (const name of ["pointerleave", "focusout"]) this.addEventListener(name, () => this.wait());
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.remove(), READ_MS);
  }
}

// Says a sentence of our own.
export function say(sentence) {
  const toast = document.createElement("site-toast");
  toast.append(Object.assign(document.createElement("p"), {textContent: sentence}));
  document.querySelector("#toasts").append(toast);
}

// An answer of ours that is a page or a part of one; not the sign-in page in its place.
export async function fetched(address, signal) {
  const answer = await fetch(address, {signal});
  if (new URL(answer.url).pathname !== new URL(address, location).pathname) throw new TypeError("led elsewhere");
  return answer;
}

const sheets = new Map();

// When a style sheet is there that some pages have from the start, and others when they need it.
export function styled(href) {
  if (!sheets.has(href)) sheets.set(href, document.querySelector(`link[href="${href}"]`) ? Promise.resolve() : new Promise(done => {
    document.head.append(Object.assign(document.createElement("link"), {rel: "stylesheet", href, onload: done, onerror: done}));
  }));
  return sheets.get(href);
}

const TYPED_IN = "input:not([type=checkbox]), select, textarea, [contenteditable], dialog";

// A key that belongs to what somebody types in, or to a window above the page.
export const isTyping = event => event.target.closest(TYPED_IN) !== null;

// Asked for a part of this page; sent to another page instead, such as the one to sign in: go there by loading anew.
document.addEventListener("htmx:before:response", event => {
  if (!event.detail.ctx.response.raw.redirected) return;
  event.preventDefault();
  location.reload();
});

// A refusal is a page in words: its words are said here.
document.addEventListener("htmx:response:error", event => {
  const page = new DOMParser().parseFromString(event.detail.ctx.text, "text/html");
  say(page.querySelector("main p")?.textContent ?? document.querySelector("#toasts").dataset.failed);
});

// No answer at all.
document.addEventListener("htmx:error", event => {
  if (event.detail.ctx) say(document.querySelector("#toasts").dataset.failed);
});

customElements.define("site-toast", SiteToast);
