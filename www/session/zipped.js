/** Files put into an archive that the engine packed, before the list at its end. */

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const LOCAL = 0x04034b50;
const ENTRY = 0x02014b50;
const DEFLATED = 8;
/** Names are UTF-8. */
const UTF8 = 1 << 11;
/** A field of 32 bits that says: it stands in a longer one. */
const LONGER = 0xffffffff;

/**
 * @typedef {object} Added
 * @property {Uint8Array<ArrayBuffer>} name
 * @property {number} size
 * @property {Blob} packed
 * @property {number} sum CRC-32
 */

/**
 * A file as it is packed: the page need not hold its bytes. @param {string} name @param {Blob} file @returns {Promise<Added>}
 */
export async function added(name, file) {
  // Gzip is the same stream between a head of ten bytes, and the sum with the size.
  const gzip = await new Response(file.stream().pipeThrough(new CompressionStream('gzip'))).blob();
  const tail = new DataView(await gzip.slice(-8).arrayBuffer());
  const packed = gzip.slice(10, -8);
  return { name: new TextEncoder().encode(name), size: file.size, packed, sum: tail.getUint32(0, true) };
}

/**
 * The archive with more files in it.
 * @param {Blob[]} parts of the engine's archive but the last @param {Blob | null} last with the list; null: of an archive without files
 * @param {Added[]} files @returns {Promise<Blob>}
 */
export async function zipped(parts, last, files) {
  const before = parts.reduce((sum, { size }) => sum + size, 0);
  const { count, from, entries, rest } = await listed(last ?? new Blob([]), before);
  let at = from;
  /** @type {(Blob | Uint8Array<ArrayBuffer>)[]} */
  const locals = [];
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const own = [];
  for (const file of files) {
    const local = record(LOCAL, file, 0);
    locals.push(local, file.packed);
    own.push(record(ENTRY, file, at));
    at += local.byteLength + file.packed.size;
  }
  const length = entries.size + own.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const end = ending(count + files.length, length, at);
  return new Blob([...parts, rest, ...locals, entries, ...own, end], { type: 'application/zip' });
}

/** The list at the end of an archive, and what stands before it. @param {Blob} last @param {number} before bytes of the archive in front of it */
async function listed(last, before) {
  if (last.size === 0) return { count: 0, from: before, entries: last, rest: last };
  const bytes = await last.slice(Math.max(last.size - 98, 0)).arrayBuffer();
  const view = new DataView(bytes);
  const end = bytes.byteLength - 22;
  if (end < 0 || view.getUint32(end, true) !== END) throw new Error('no archive');
  const long = end >= 76 && view.getUint32(end - 20, true) === LOCATOR_64;
  const count = long ? Number(view.getBigUint64(end - 76 + 32, true)) : view.getUint16(end + 10, true);
  const length = long ? Number(view.getBigUint64(end - 76 + 40, true)) : view.getUint32(end + 12, true);
  const from = long ? Number(view.getBigUint64(end - 76 + 48, true)) : view.getUint32(end + 16, true);
  const inside = from - before;
  return { count, from, entries: last.slice(inside, inside + length), rest: last.slice(0, inside) };
}

/** What stands before a file, or in the list. @param {number} sign @param {Added} file @param {number} at where the file begins */
function record(sign, { name, size, packed, sum }, at) {
  const list = sign === ENTRY;
  const long = at >= LONGER || size >= LONGER || packed.size >= LONGER;
  const extra = long ? (list ? 28 : 20) : 0;
  const head = list ? 46 : 30;
  const bytes = new Uint8Array(head + name.length + extra);
  const view = new DataView(bytes.buffer);
  const shift = list ? 2 : 0;
  view.setUint32(0, sign, true);
  if (list) view.setUint16(4, 45, true);
  view.setUint16(4 + shift, long ? 45 : 20, true);
  view.setUint16(6 + shift, UTF8, true);
  view.setUint16(8 + shift, DEFLATED, true);
  // The first day that such a file knows.
  view.setUint16(12 + shift, (1 << 5) | 1, true);
  view.setUint32(14 + shift, sum, true);
  view.setUint32(18 + shift, long ? LONGER : packed.size, true);
  view.setUint32(22 + shift, long ? LONGER : size, true);
  view.setUint16(26 + shift, name.length, true);
  view.setUint16(28 + shift, extra, true);
  if (list) view.setUint32(42, long ? LONGER : at, true);
  bytes.set(name, head);
  if (long) {
    const from = head + name.length;
    view.setUint16(from, 1, true);
    view.setUint16(from + 2, extra - 4, true);
    [size, packed.size, at].slice(0, list ? 3 : 2).forEach((value, i) => long64(view, from + 4 + 8 * i, value));
  }
  return bytes;
}

/** @param {number} count of files @param {number} length of their list, bytes @param {number} at where it begins */
function ending(count, length, at) {
  const long = count >= 0xffff || length >= LONGER || at >= LONGER;
  const bytes = new Uint8Array(long ? 98 : 22);
  const view = new DataView(bytes.buffer);
  if (long) {
    view.setUint32(0, END_64, true);
    long64(view, 4, 44);
    view.setUint16(12, 45, true);
    view.setUint16(14, 45, true);
    [count, count, length, at].forEach((value, i) => long64(view, 24 + 8 * i, value));
    view.setUint32(56, LOCATOR_64, true);
    long64(view, 64, at + length);
    view.setUint32(72, 1, true);
  }
  const end = bytes.length - 22;
  view.setUint32(end, END, true);
  view.setUint16(end + 8, long ? 0xffff : count, true);
  view.setUint16(end + 10, long ? 0xffff : count, true);
  view.setUint32(end + 12, long ? LONGER : length, true);
  view.setUint32(end + 16, long ? LONGER : at, true);
  return bytes;
}

/** @param {DataView} view @param {number} at @param {number} value */
const long64 = (view, at, value) => view.setBigUint64(at, BigInt(value), true);
