// Single keys. What a key does stands on the page: it clicks the button or link, or goes to the field, whose `data-key`
// it is, and does nothing where there is none. The link to the list of all keys opens it as a dialog.

import {isTyping} from "./site.js";

const SWITCH = "single-keys";

// Whether their user has switched single keys off, in this browser.
export function off() {
  try {
    return localStorage.getItem(SWITCH) === "off";
  } catch { // a browser that keeps nothing
    return false;
  }
}

// A key that is pressed alone and meant for the page.
export function bare(event) {
  const modified = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
  return !modified && !event.defaultPrevented && !isTyping(event) && !(event.key.length === 1 && off());
}

// As if somebody had clicked it, or stood in it where there is nothing to click.
export function use(element) {
  element.focus();
  if (element.matches("a, button, summary, [type=checkbox]")) element.click();
  else if (element.matches("input")) element.setSelectionRange(element.value.length, element.value.length);
}

function pressed(event) {
  const letter = /^\p{L}$/u.test(event.key);
  return letter ? (event.shiftKey ? "Shift+" : "") + event.key.toLowerCase() : mirrored(event.key);
}

// Arrows stand on the page as they are where one reads from left to right.
const MIRRORED = {ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft"};
const mirrored = key => document.dir === "rtl" ? MIRRORED[key] ?? key : key;

async function list(link) {
  if (document.querySelector("dialog:modal")) return;
  if (document.querySelector("#shortcuts")) return document.querySelector("#keys").focus();
  const answer = await fetch(link.href);
  const part = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#shortcuts");
  if (!part) return location.assign(link.href);
  for (const row of part.querySelectorAll("[data-place]")) row.hidden = !document.querySelector(row.dataset.place);
  for (const group of part.querySelectorAll("section")) group.hidden = !group.querySelector("div:not([hidden])");
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "keys");
  dialog.append(part);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", event => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  tell();
  dialog.showModal();
  dialog.querySelector("#keys").focus();
}

// What assistive technology is told, and the switch.
function tell() {
  for (const one of document.querySelectorAll("[data-key]")) {
    if (off()) one.removeAttribute("aria-keyshortcuts");
    else one.setAttribute("aria-keyshortcuts", mirrored(one.dataset.key).replace(/\b[a-z]$/, letter => letter.toUpperCase()));
  }
  const check = document.getElementById(SWITCH);
  if (check) check.checked = !off();
}

// On the window: what a part of the page does with a key goes first.
window.addEventListener("keydown", event => {
  if (event.repeat || off() || !bare(event)) return;
  const key = pressed(event), help = key === "?", above = !help && document.querySelector(".pswp"); // the viewer
  const theirs = [...(above || document).querySelectorAll("[data-key]")].filter(one => one.dataset.key === key);
  const found = theirs.find(one => !one.disabled && (help || one.checkVisibility()));
  if (!found) return;
  event.preventDefault();
  if (help) list(found);
  else use(found);
});

document.addEventListener("click", event => {
  const link = event.target.closest("a[data-key='?']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  list(link);
});

document.addEventListener("change", event => {
  if (event.target.id !== SWITCH) return;
  if (event.target.checked) localStorage.removeItem(SWITCH);
  else localStorage.setItem(SWITCH, "off");
  tell();
});

document.addEventListener("htmx:after:swap", tell);
tell();
