// Sends one file as a form does, and tells how much of it is gone. Whatever is to send in another way has these two
// functions and these answers; nothing else knows of addresses, statuses and tokens.

const STALLED_MS = 60_000, AGAIN_S = 10;
const FOR_GOOD = [413, 415, 422]; // the same file would be refused again
const tray = document.querySelector("upload-tray");
let token = tray.dataset.token;

// Answers {photo, duplicate}, or {refused: sentence, status, forGood}, or {waits: seconds}, or {signedOut: true}, or
// {lost: true} where none came. `key` stays the same through all attempts: so nothing is stored twice.
export function send({file, key}, album, {signal, progress}) {
  const body = new FormData();
  body.append("file", file);
  if (album) body.append("album", album);
  return new Promise(answer => {
    const request = new XMLHttpRequest();
    let timer;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), STALLED_MS);
    };
    request.upload.onprogress = event => {
      alive();
      progress(event.loaded / event.total);
    };
    request.onloadend = () => {
      clearTimeout(timer);
      answer(read(request));
    };
    request.open("POST", tray.dataset.send);
    request.responseType = "json";
    request.setRequestHeader("X-CSRFToken", token);
    request.setRequestHeader("Idempotency-Key", key);
    signal.addEventListener("abort", () => request.abort());
    alive();
    request.send(body);
  });
}

function read(request) {
  const {status, response} = request;
  if (status === 200 || status === 201) return response ? {photo: response, duplicate: response.duplicate} : {lost: true};
  if (status === 401 || status === 403) return {signedOut: true};
  const waits = parseInt(request.getResponseHeader("Retry-After") ?? "");
  if (status === 429 || (status >= 400 && waits)) return {waits: waits || AGAIN_S};
  if (status === 0 || (status >= 502 && status <= 504)) return {lost: true};
  return {refused: response?.detail ?? "", status, forGood: FOR_GOOD.includes(status)};
}

// Who is signed in now: "same", "nobody" or "other"; with a new token where it is who it was. Throws where no answer comes.
export async function renew() {
  const answer = await fetch(tray.dataset.page, {cache: "no-store"});
  if (!answer.ok) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.querySelector("upload-tray")?.dataset;
  if (found?.owner !== tray.dataset.owner) return found ? "other" : "nobody";
  token = found.token;
  return "same";
}
