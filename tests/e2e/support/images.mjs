/** Images for the tests, drawn here: bright discs on a dark ground, as nuclei in fluorescence. */
import { deflateSync } from 'node:zlib';

/** Grey values of `count` discs, the same for the same arguments. @param {number} width @param {number} height @param {number} [count] */
export function discs(width, height, count = Math.max(3, Math.round((width * height) / 2500))) {
  let seed = 12345;
  const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  const grey = new Uint8Array(width * height).map(() => 18 + random() * 8);
  for (let n = 0; n < count; n++) {
    const radius = 6 + random() * 5;
    const cx = radius + random() * (width - 2 * radius),
      cy = radius + random() * (height - 2 * radius);
    for (let y = Math.floor(cy - radius); y <= cy + radius; y++) {
      for (let x = Math.floor(cx - radius); x <= cx + radius; x++) {
        const d = Math.hypot(x - cx, y - cy) / radius;
        if (d < 1 && x >= 0 && y >= 0 && x < width && y < height)
          grey[y * width + x] = 205 - 60 * d * d + random() * 12;
      }
    }
  }
  return grey;
}

/** Horizontal strokes of 5 px that stay on discs or on the ground, the longest first, apart from each other, in an image of `discs`. @param {number} side @param {boolean} bright @returns {[number, number][][]} */
export function strokes(side, bright) {
  const grey = discs(side, side);
  const fits = (/** @type {number} */ x, /** @type {number} */ y) =>
    [-3, -2, -1, 0, 1, 2, 3].every((d) => grey[(y + d) * side + x] > 100 === bright);
  /** @type {{ y: number, from: number, to: number }[]} */
  const runs = [];
  for (let y = 4; y < side - 4; y++) {
    for (let x = 4, from = 4; x <= side - 4; x++) {
      if (x < side - 4 && fits(x, y)) continue;
      if (x - from > 8) runs.push({ y, from: from + 3, to: x - 4 });
      from = x + 1;
    }
  }
  runs.sort((a, b) => b.to - b.from - (a.to - a.from));
  const apart = runs.filter((run, i) =>
    runs.slice(0, i).every((other) => Math.abs(other.y - run.y) > 8 || other.to < run.from || other.from > run.to),
  );
  return apart.map(({ y, from, to }) => [
    [from, y],
    [to, y],
  ]);
}

/** An 8-bit grey PNG. @param {Uint8Array} grey @param {number} width @param {number} height */
export function png(grey, width, height) {
  const chunk = (/** @type {string} */ type, /** @type {Uint8Array} */ data) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const length = Buffer.alloc(4),
      check = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) rows.set(grey.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** As PNG wants it; Node's own came after version 20.0. @param {Uint8Array} bytes */
export function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}

/** Discs as a file to drop. @param {string} name @param {number} width @param {number} [height] */
export const picture = (name, width, height = width) => ({
  name,
  type: 'image/png',
  bytes: png(discs(width, height), width, height),
});

/** An uncompressed 8-bit TIFF with one strip. @param {Uint8Array} grey @param {number} width @param {number} height */
export function tiff(grey, width, height) {
  const entries = [
    [256, 4, width],
    [257, 4, height],
    [258, 3, 8],
    [259, 3, 1],
    [262, 3, 1],
    [273, 4, 8 + 2 + 9 * 12 + 4],
    [277, 3, 1],
    [278, 4, height],
    [279, 4, grey.length],
  ];
  const head = Buffer.alloc(8 + 2 + entries.length * 12 + 4);
  head.write('II', 0, 'latin1');
  head.writeUInt16LE(42, 2);
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(entries.length, 8);
  entries.forEach(([tag, type, value], i) => {
    const at = 10 + i * 12;
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(type, at + 2);
    head.writeUInt32LE(1, at + 4);
    if (type === 3) head.writeUInt16LE(value, at + 8);
    else head.writeUInt32LE(value, at + 8);
  });
  return Buffer.concat([head, grey]);
}

/** Discs as a stack of 8-bit slices: an uncompressed NIfTI-1 file with the pixels of a microscope. @param {string} name @param {number} width @param {number} slices */
export function stack(name, width, slices) {
  const head = Buffer.alloc(352);
  head.writeInt32LE(348, 0);
  [3, width, width, slices, 1, 1, 1, 1].forEach((side, i) => head.writeInt16LE(side, 40 + 2 * i));
  head.writeInt16LE(2, 70);
  head.writeInt16LE(8, 72);
  for (let i = 1; i < 4; i++) head.writeFloatLE(0.001, 76 + 4 * i);
  head.writeFloatLE(352, 108);
  head.write('n+1\0', 344, 'latin1');
  const slice = discs(width, width);
  return {
    name,
    type: 'application/octet-stream',
    bytes: Buffer.concat([head, ...Array.from({ length: slices }, () => slice)]),
  };
}

/**
 * Discs as a DICOM file of a scanner: 16 bits, explicit VR, little endian.
 * @param {string} name @param {string} modality such as `CT` @param {number} side
 */
export function dicom(name, modality, side) {
  const element = (
    /** @type {number} */ group,
    /** @type {number} */ number,
    /** @type {string} */ vr,
    /** @type {Uint8Array} */ value,
  ) => {
    const long = vr === 'OW';
    const head = Buffer.alloc(long ? 12 : 8);
    head.writeUInt16LE(group, 0);
    head.writeUInt16LE(number, 2);
    head.write(vr, 4, 'latin1');
    if (long) head.writeUInt32LE(value.length, 8);
    else head.writeUInt16LE(value.length, 6);
    return Buffer.concat([head, value]);
  };
  const text = (/** @type {string} */ words, pad = ' ') =>
    Buffer.from(words.length % 2 ? words + pad : words, 'latin1');
  const short = (/** @type {number} */ value) => Buffer.from(Uint16Array.of(value).buffer);
  const pixels = Buffer.from(Uint16Array.from(discs(side, side), (v) => 8 * v).buffer);
  const syntax = element(2, 0x10, 'UI', text('1.2.840.10008.1.2.1', '\0'));
  const bytes = Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    element(2, 0, 'UL', Buffer.from(Uint32Array.of(syntax.length).buffer)),
    syntax,
    element(8, 0x60, 'CS', text(modality)),
    element(0x28, 2, 'US', short(1)),
    element(0x28, 4, 'CS', text('MONOCHROME2')),
    element(0x28, 0x10, 'US', short(side)),
    element(0x28, 0x11, 'US', short(side)),
    element(0x28, 0x100, 'US', short(16)),
    element(0x28, 0x101, 'US', short(16)),
    element(0x28, 0x102, 'US', short(15)),
    element(0x28, 0x103, 'US', short(0)),
    element(0x7fe0, 0x10, 'OW', pixels),
  ]);
  return { name, type: 'application/dicom', bytes: new Uint8Array(bytes) };
}
