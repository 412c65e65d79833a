// A worker. Tells the SHA-256 of a file in hex, and that of each of its parts where it is to be sent in several; of an
// archive in parts those alone, so that it is never whole in memory. Nothing where it can't be read.

const hex = digest => [...new Uint8Array(digest)].map(byte => byte.toString(16).padStart(2, "0")).join("");

const sum = async some => hex(await crypto.subtle.digest("SHA-256", some));

async function sums(file, most, part) {
  const bytes = new Uint8Array(await file.arrayBuffer()), parts = [];
  if (bytes.length > most) for (let at = 0; at < bytes.length; at += part) parts.push(await sum(bytes.subarray(at, at + part)));
  return {sha256: await sum(bytes), parts};
}

async function partSums(file, part) {
  const parts = [];
  for (let at = 0; at < file.size; at += part) parts.push(await sum(await file.slice(at, at + part).arrayBuffer()));
  return {sha256: "", parts};
}

addEventListener("message", async ({data: {file, most, part, archive}}) => {
  const told = archive && file.size > most ? partSums(file, part) : sums(file, most, part);
  postMessage(await told.catch(() => null));
});
