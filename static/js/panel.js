// The panel of a photo's page, beside the photo in the viewer.

import htmx from "../vendor/htmx-4.0.1/htmx.esm.min.js";
import "./labels.js";
import "./live.js";
import {fetched} from "./site.js";

const SETTLED_MS = 200; // somebody who goes from photo to photo wants none of them

let asking = new AbortController();

export async function fill(panel, address, {again = false} = {}) {
  if (panel.dataset.of === address && !again) return;
  panel.dataset.of = address;
  asking.abort();
  asking = new AbortController();
  const {signal} = asking;
  await new Promise(done => setTimeout(done, SETTLED_MS));
  if (signal.aborted) return;
  try {
    const answer = await fetched(address, signal);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector(".panel");
    if (!found || signal.aborted) return;
    found.querySelector("#where")?.remove(); // boxes are drawn on the photo's page
    panel.replaceChildren(document.adoptNode(found));
    htmx.process(panel);
  } catch (error) {
    if (error.name !== "AbortError") panel.replaceChildren(); // the picture is still to be seen
  }
}
