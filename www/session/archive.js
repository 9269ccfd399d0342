/** The files in a ZIP archive, as if its folder had been dropped: read piece by piece, since an archive of scans is large. PKWARE's APPNOTE 4.3. */
import { InsituError } from '../insitu.js';
import { describesZarr, isHidden } from '../wire/zarr.js';
import { place } from './dropped.js';

const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const ENTRY = 0x02014b50;
/** The end of the directory with the longest comment. */
const TAIL = 22 + 65535 + 20;
const STORED = 0;
const DEFLATED = 8;
/** Entries of one archive, at most. */
const MOST = 50_000;

/** @typedef {{ name: string, method: number, flags: number, packed: number, size: number, at: number }} Entry */

/** @param {Blob} file @param {number} from @param {number} length */
async function viewOf(file, from, length) {
  const bytes = new Uint8Array(await file.slice(from, from + length).arrayBuffer());
  if (bytes.length < length) throw broken();
  return { bytes, view: new DataView(bytes.buffer) };
}

const broken = () => InsituError.of('archive.broken', 'invalid');
/** Numbers beyond 2^53 are none that a file has. @param {DataView} view @param {number} at */
const long = (view, at) => Number(view.getBigUint64(at, true));

/** Where the directory lies. @param {Blob} file */
async function directoryOf(file) {
  const start = Math.max(0, file.size - TAIL);
  const { view, bytes } = await viewOf(file, start, file.size - start);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== END) end--;
  if (end < 0) throw broken();
  let [count, size, from] = [
    view.getUint16(end + 10, true),
    view.getUint32(end + 12, true),
    view.getUint32(end + 16, true),
  ];
  if (end >= 20 && view.getUint32(end - 20, true) === LOCATOR64) {
    const wide = await viewOf(file, long(view, end - 12), 56);
    if (wide.view.getUint32(0, true) !== END64) throw broken();
    [count, size, from] = [long(wide.view, 32), long(wide.view, 40), long(wide.view, 48)];
  }
  if (from + size > file.size || count > MOST) throw broken();
  return { count, size, from };
}

/** @param {Blob} file @returns {Promise<Entry[]>} without folders and what systems put beside */
export async function entriesOf(file) {
  const { count, size, from } = await directoryOf(file);
  const { view, bytes } = await viewOf(file, from, size);
  /** @type {Entry[]} */
  const found = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > size || view.getUint32(at, true) !== ENTRY) throw broken();
    const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
    const [length, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    if (at + 46 + length + extra > size) throw broken();
    const entry = {
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + length)),
      ...{ flags, method, packed: view.getUint32(at + 20, true), size: view.getUint32(at + 24, true) },
      at: view.getUint32(at + 42, true),
    };
    widen(entry, view, at + 46 + length, extra);
    const hidden = isHidden(entry.name) || /(^|\/)__MACOSX\//.test(entry.name);
    if (!entry.name.endsWith('/') && !hidden) found.push(entry);
    at += 46 + length + extra + comment;
  }
  return found;
}

/** Sizes of 64 bits (APPNOTE 4.5.3). @param {Entry} entry @param {DataView} view @param {number} from @param {number} length */
function widen(entry, view, from, length) {
  for (let at = from; at + 4 <= from + length;) {
    const [id, size] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    let value = at + 4;
    if (id === 1)
      for (const key of /** @type {const} */ (['size', 'packed', 'at']))
        if (entry[key] === 0xffffffff && value + 8 <= at + 4 + size) {
          entry[key] = long(view, value);
          value += 8;
        }
    at += 4 + size;
  }
}

/** The files of an archive that the engine packed, by their names. @param {Blob} archive @returns {Promise<{ name: string, file: File }[]>} */
export async function unzipped(archive) {
  const entries = await entriesOf(archive);
  return Promise.all(entries.map(async (entry) => ({ name: entry.name, file: await fileOf(archive, entry) })));
}

/** @param {Blob} archive @param {Entry} entry @param {string} [above] the folder that it is laid in @returns {Promise<File>} */
async function fileOf(archive, { name, method, flags, packed, at }, above = '') {
  if (flags & 1 || (method !== STORED && method !== DEFLATED)) throw InsituError.of('archive.method', 'unsupported');
  const { view } = await viewOf(archive, at, 30);
  const from = at + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  if (from + packed > archive.size) throw broken();
  const stored = archive.slice(from, from + packed);
  // What is stored is not copied.
  const body =
    method === STORED
      ? stored
      : await new Response(stored.stream().pipeThrough(new DecompressionStream('deflate-raw'))).blob();
  return place(new File([body], name.slice(name.lastIndexOf('/') + 1)), above + name);
}

/** Whether an archive holds several files: one alone is read as what it is, and our own archives of labels are. @param {Entry[]} entries */
const isFolder = (entries) => entries.length > 1 && !entries.some(({ name }) => name === 'classes.json');

/**
 * The files of archives in their place; what is no archive of several files stays.
 * @param {File[]} files @param {(done: number, total: number) => boolean} [going] told before each of their files; false stops
 * @returns {Promise<File[]>} rejects with `cancelled`
 */
export async function expanded(files, going = () => true) {
  const entries = await Promise.all(
    files.map((file) => (/\.zip$/i.test(file.name) ? entriesOf(file).catch(() => []) : [])),
  );
  const total = entries.filter(isFolder).reduce((sum, { length }) => sum + length, 0);
  const found = [];
  let done = 0;
  for (const [i, file] of files.entries()) {
    if (!isFolder(entries[i])) {
      found.push(file);
      continue;
    }
    // A folder of Zarr may have no name in it, or that of another archive.
    const zarr = entries[i].some(({ name }) => describesZarr(name));
    const above = zarr ? `${file.name.replace(/\.zip$/i, '')}/` : '';
    for (const entry of entries[i]) {
      if (!going(done++, total)) throw InsituError.cancelled();
      found.push(await fileOf(file, entry, above));
    }
  }
  return found;
}
