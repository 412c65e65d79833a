// The same renditions by npm's sharp, as benchmarks/engines.py answers: a path a line in, milliseconds and bytes out.
// In its quickest way: one decode, one thread, each size from the next larger one.
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {createInterface} from "node:readline";

const sharp = createRequire(process.argv[2])("sharp");
sharp.concurrency(1);
sharp.cache(false);

const inside = side => [side, side, {fit: "inside", withoutEnlargement: true}];
const pixels = image => image.raw().toBuffer({resolveWithObject: true});
const again = ({data, info}) => sharp(data, {raw: info});

async function renditions(path) {
  const full = await pixels(sharp(path).autoOrient().resize(...inside(2048)));
  await again(full).jpeg({quality: 80}).toBuffer();
  const preview = await pixels(again(full).resize(...inside(1280)));
  await again(preview).jpeg({quality: 80}).toBuffer();
  await again(preview).resize(...inside(320)).webp({quality: 75, effort: 4}).toBuffer();
}

for await (const path of createInterface({input: process.stdin})) {
  const before = process.cpuUsage();
  await renditions(path);
  const {user, system} = process.cpuUsage(before);
  const [, peak] = readFileSync("/proc/self/status", "utf8").match(/VmHWM:\s*(\d+) kB/);
  console.log((user + system) / 1000, peak * 1024);
}
