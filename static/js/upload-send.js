// Speaks to the site: sends one file as a form does, or asks for many in JSON. Nothing else knows of statuses and tokens.

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
  if (status !== 200 && status !== 201) return refused(status, response?.detail, parseInt(request.getResponseHeader("Retry-After") ?? ""));
  return response ? {photo: {id: response.id, trashed: response.trashed_at !== null}, duplicate: response.duplicate} : {lost: true};
}

function refused(status, sentence, waits) {
  if (status === 401 || status === 403) return {signedOut: true};
  if (status === 429 || (status >= 400 && waits)) return {waits: waits || AGAIN_S};
  if (status === 0 || (status >= 502 && status <= 504)) return {lost: true};
  return {refused: sentence ?? "", status, forGood: FOR_GOOD.includes(status)};
}

// What the site answers to each of `count` that are asked for in one request: {upload} with the addresses to send it
// to, or as `send` answers.
export async function ask(address, body, count, method = "POST") {
  const headers = {"X-CSRFToken": token, "Content-Type": "application/json"};
  try {
    const signal = AbortSignal.timeout(STALLED_MS);
    const answer = await fetch(address, {method, headers, body: body && JSON.stringify(body), signal, redirect: "manual"});
    const told = answer.status === 204 ? {} : await answer.json();
    if (told.results) return told.results.map(of);
    if (answer.ok) return [of(told)];
    return Array(count).fill({code: told.code, ...refused(answer.status, told.detail, parseInt(answer.headers.get("Retry-After") ?? ""))});
  } catch {
    return Array(count).fill({lost: true});
  }
}

function of(told) {
  const {upload, photo, refused: why} = told;
  if (why) return {code: why.code, ...refused(why.status, why.detail, why.retry_after)};
  if (photo) return {photo, duplicate: photo.duplicate};
  return told.parts ? {upload: told} : upload ? {upload} : {imported: told.id};
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
