// A worker. Tells the SHA-256 of a file in hex, and that of each of its parts where it is to be sent in several;
// nothing where it can't be read.

const hex = digest => [...new Uint8Array(digest)].map(byte => byte.toString(16).padStart(2, "0")).join("");

async function sums(file, most, part) {
  const bytes = new Uint8Array(await file.arrayBuffer()), parts = [];
  const sum = async some => hex(await crypto.subtle.digest("SHA-256", some));
  if (bytes.length > most) for (let at = 0; at < bytes.length; at += part) parts.push(await sum(bytes.subarray(at, at + part)));
  return {sha256: await sum(bytes), parts};
}

addEventListener("message", async ({data: {file, most, part}}) => {
  postMessage(await sums(file, most, part).catch(() => null));
});
