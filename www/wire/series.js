/** Files that are one image, in the engine's worker: what their beginnings tell, which belong together, and opening them one after the other. */
import { pathIn, unbundled } from './bundle.js';
import { failure } from './failure.js';
import { chunksAmong } from './zarr.js';

/**
 * @typedef {import('../../pkg/insitu.js').ScanRecord} ScanRecord
 * @typedef {import('../../pkg/insitu.js').Grouped} Grouped
 * @typedef {Pick<import('../../pkg/insitu.js').Engine, 'openScan' | 'closeScan' | 'fileHead' | 'groupFiles' | 'seriesBegin' | 'seriesAdd' | 'seriesEnd' | 'seriesDrop'>} Engine
 * @typedef {Pick<import('./worker-shell.js').Call, 'aborted' | 'onProgress'>} Call
 */

/** Bytes in which the head of nearly every file is. */
const HEAD = 1 << 18;
/** Files whose beginnings are read at once. */
const TOGETHER = 8;
/** Bytes that tell a picture from what may be a part of something. */
const SNIFF = 132;
/** How files begin that are an image by themselves. */
const PICTURES = ['\x89PNG', '\xff\xd8\xff', 'GIF8', 'RIFF', 'II*\0', 'MM\0*', 'II+\0', 'MM\0+'];

/** Names of OME-TIFF files, which may be parts of one image. */
const OME = /\.ome\.tiff?$/i;
/** Bytes of such a file that are looked at: many programs write the description last. */
const MAX_LOOK = 64 << 20;

/** The page asked for it, and knows. */
const stopped = () => failure('cancelled', 'cancelled', '');

/** @param {Blob} file @returns {string} */
const nameOf = (file) => (file instanceof File ? file.name : '');

/** @param {Blob} file @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function bytesOf(file) {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw failure('file.unreadable', 'io', '', error);
  }
}

/** @param {Engine} engine @param {Blob} file @returns {Promise<string | null>} */
async function headOf(engine, file) {
  const start = String.fromCharCode(...(await bytesOf(file.slice(0, SNIFF))));
  // DICOM leaves the bytes before its mark to others: some files begin like a TIFF.
  const ome = OME.test(nameOf(file));
  if (!start.endsWith('DICM') && !ome && PICTURES.some((picture) => start.startsWith(picture))) return null;
  for (let size = HEAD; ; size *= 8) {
    if (ome && size > MAX_LOOK) return null;
    const { cut, head } = engine.fileHead(await bytesOf(file.slice(0, size)), nameOf(file));
    if (!cut || size >= file.size) return head;
  }
}

/** @param {Engine} engine @param {Blob[]} files @param {string[]} names with their folders @param {Call} call @param {(done: number) => void} [tell] */
async function headsOf(engine, files, names, call, tell = () => {}) {
  const chunks = chunksAmong(names);
  /** @type {(string | null)[]} */
  const heads = [];
  while (heads.length < files.length) {
    tell(heads.length);
    if (call.aborted) throw stopped();
    const from = heads.length;
    const some = files.slice(from, from + TOGETHER);
    heads.push(...(await Promise.all(some.map((file, i) => (chunks[from + i] ? null : headOf(engine, file))))));
  }
  tell(files.length);
  return heads;
}

/**
 * Which files are one image.
 * @param {Engine} engine @param {Blob[]} files @param {string[]} names with their folders, where those are known @param {Call} call
 * @returns {Promise<Grouped>}
 */
export async function grouped(engine, files, names, call) {
  const heads = await headsOf(engine, files, names, call, (done) => call.onProgress(done, files.length));
  return engine.groupFiles(heads, names);
}

/**
 * Opens a file, a bundle of files, or several that are one image. Other calls have their turn between the files.
 * @param {Engine} engine @param {Blob[]} files @param {string | null} name null: what the files say @param {Call} call
 * @returns {Promise<ScanRecord>}
 */
export async function opened(engine, files, name, call) {
  const parts = files.length === 1 ? await unbundled(files[0]) : null;
  const all = parts ?? files;
  const [first] = all;
  const scan =
    all.length === 1
      ? engine.openScan(await bytesOf(first), name ?? nameOf(first))
      : await oneByOne(engine, all, name, call, parts !== null);
  if (!call.aborted) return scan;
  engine.closeScan(scan.id);
  throw stopped();
}

/** @param {Engine} engine @param {Blob[]} files @param {string | null} name @param {Call} call @param {boolean} sorted whether they are known to be one image, in this order */
async function oneByOne(engine, files, name, call, sorted) {
  const names = files.map(pathIn);
  const heads = await headsOf(engine, files, names, call);
  const one = sorted ? { files: [...files.keys()], name: '' } : only(engine.groupFiles(heads, names));
  const own = one.files.map((place) => heads[place] ?? '');
  const handle = engine.seriesBegin(
    name ?? one.name,
    own,
    one.files.map((place) => names[place]),
  );
  try {
    for (const [done, place] of one.files.entries()) {
      if (!call.onProgress(done, own.length)) throw stopped();
      engine.seriesAdd(handle, await bytesOf(files[place]), names[place]);
    }
  } catch (error) {
    // After a trap nothing may be asked of the engine.
    if (!(error instanceof WebAssembly.RuntimeError)) engine.seriesDrop(handle);
    throw error;
  }
  return engine.seriesEnd(handle);
}

/** @param {Grouped} found */
function only({ series, leftOut }) {
  if (series.length === 1) return series[0];
  const why = leftOut.map((one) => one.why).join(' ');
  throw series.length > 1 ? failure('scan.several', 'invalid', '') : failure('scan.none', 'invalid', why);
}
