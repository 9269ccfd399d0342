/**
 * The numbers of images, as the page computes them, for `make_kinds.py`: on the standard input width and height (32 bits each, little endian)
 * and RGBA of one image after the other; on the standard output for each the number of its numbers (32 bits) and these (64-bit floats).
 */
import { looks } from '../../www/pictures/looks.js';

let held = Buffer.alloc(0);
/** @type {Buffer[]} */
let parts = [];
let size = 0;
for await (const part of process.stdin) {
  parts.push(part);
  size += part.length;
  const wanted = held.length >= 8 ? 8 + 4 * held.readUInt32LE(0) * held.readUInt32LE(4) : 8;
  if (held.length + size < wanted) continue;
  held = Buffer.concat([held, ...parts]);
  [parts, size] = [[], 0];
  while (held.length >= 8) {
    const [width, height] = [held.readUInt32LE(0), held.readUInt32LE(4)];
    const end = 8 + 4 * width * height;
    if (held.length < end) break;
    const found = Float64Array.from(looks(held.subarray(8, end), width, height));
    const count = Buffer.from(Uint32Array.of(found.length).buffer);
    process.stdout.write(Buffer.concat([count, Buffer.from(found.buffer)]));
    held = held.subarray(end);
  }
}
