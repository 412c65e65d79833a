// Files dropped anywhere on a page, pasted or chosen are sent from where one is. What sends them is fetched when the
// first ones come.

import {say, styled} from "./site.js";

const tray = document.querySelector("upload-tray");
const veil = document.querySelector("#drop-here");
let ours = false; // what is dragged is of this very page
let over = false;

async function take(found) {
  if (!found.length) return;
  try {
    await ready();
  } catch {
    return say(document.querySelector("#toasts").dataset.failed);
  }
  await tray.take(found);
}

function ready() {
  return Promise.all([import("./upload-tray.js"), styled(tray.dataset.styles)]);
}

// An earlier page has left files that are still to be sent.
async function goOn() {
  if (!Object.keys(localStorage).some(name => name.startsWith("photosite-uploads"))) return;
  const {orphans} = await import("./upload-kept.js");
  if ((await orphans()).length) await ready().then(() => tray.goOn());
}

function hover(yes) {
  if (yes === over) return;
  over = yes;
  veil.hidden = true;
  const into = document.querySelector("[data-upload-album]");
  if (into) veil.firstElementChild.textContent = veil.dataset.album.replace("{name}", into.dataset.uploadTitle);
  if (over) styled(tray.dataset.styles).then(() => { veil.hidden = !over; });
}

// Folders as what can be walked through, all else as files. This has to be asked before the event is over.
function dropped(transfer) {
  const items = [...transfer.items].filter(item => item.kind === "file");
  return items.map(item => {
    const entry = item.webkitGetAsEntry?.();
    return entry?.isDirectory ? entry : item.getAsFile();
  }).filter(Boolean);
}

function carried(event) {
  return !ours && !event.defaultPrevented && event.dataTransfer.types.includes("Files");
}

// A picture without a name of its own is told from the next one by its time.
function named(file) {
  if (file.name !== "image.png") return file;
  const time = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
  return new File([file], `${tray.dataset.pasted} ${time.replace("T", " ").replaceAll(":", ".")}.png`, {type: file.type});
}

const HEARD = {
  dragstart() {
    ours = true;
    document.addEventListener("pointermove", HEARD.dragend, {once: true}); // what was dragged may be gone before its end is told
  },
  dragend() {
    ours = false;
  },
  dragover(event) {
    if (!carried(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    hover(true);
  },
  dragleave(event) {
    if (!event.relatedTarget) hover(false);
  },
  drop(event) {
    hover(false);
    if (!carried(event)) return;
    event.preventDefault();
    take(dropped(event.dataTransfer));
  },
  paste(event) {
    if (event.defaultPrevented || event.target.closest?.("input, textarea, [contenteditable]")) return;
    const files = [...event.clipboardData.files].map(named);
    if (files.length) event.preventDefault();
    take(files);
  },
  change(event) {
    if (!event.target.matches("[data-send-at-once]")) return;
    const files = [...event.target.files];
    event.target.value = "";
    take(files);
  },
};

if (tray) {
  for (const [name, hear] of Object.entries(HEARD)) document.addEventListener(name, hear);
  goOn().catch(() => {});
}
