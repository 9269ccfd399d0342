/** Several files as one, without a copy of their bytes: so that what is one image is one file for whoever opens it, keeps it or reads it again. */
import { InsituError } from './error.js';

/** What such a file begins with; then the length of the list in four bytes, little endian, the list as JSON, and the files. */
const MAGIC = 'insitu files 1\n\n';
const START = MAGIC.length + 4;

/** Where files lie in the folder that they came with, as far as that is known. @type {WeakMap<Blob, string>} */
const paths = new WeakMap();

/** The name of a file, with its folders where they are known; empty of what has none. @param {Blob} file @returns {string} */
export const pathIn = (file) => paths.get(file) ?? (file instanceof File ? file.name : '');

/** Says where a file lies. @template {Blob} F @param {F} file @param {string} path @returns {F} */
export function laid(file, path) {
  paths.set(file, path);
  return file;
}

/**
 * @param {string} name @param {File[]} files
 * @param {(file: File) => string} [pathOf] where each lies, if that is to be kept; empty if it came by itself
 * @returns {File}
 */
export function bundle(name, files, pathOf = () => '') {
  const told = files.map((file) => {
    const [path, { name, size }] = [pathOf(file), file];
    return path ? { name, size, path } : { name, size };
  });
  const list = new TextEncoder().encode(JSON.stringify(told));
  const length = new DataView(new ArrayBuffer(4));
  length.setUint32(0, list.length, true);
  return new File([MAGIC, length, list, ...files], name, {
    type: 'application/x-insitu-files',
    lastModified: files.reduce((latest, { lastModified }) => Math.max(latest, lastModified), 0),
  });
}

/** The files of a bundle, as parts of it; null if it is another file. @param {Blob} file @returns {Promise<File[] | null>} rejects where it was cut off */
export async function unbundled(file) {
  if (file.size < START) return null;
  const start = await file.slice(0, START).arrayBuffer();
  if (new TextDecoder('latin1').decode(start.slice(0, MAGIC.length)) !== MAGIC) return null;
  let at = START + new DataView(start).getUint32(MAGIC.length, true);
  const list = listed(await file.slice(START, at).text());
  const whole = list && list.reduce((end, { size }) => end + size, at) === file.size;
  if (!list || !whole) throw InsituError.of('bundle.cut', 'invalid');
  return list.map(({ name, size, path }) => {
    const part = new File([file.slice(at, (at += size))], name);
    return typeof path === 'string' ? laid(part, path) : part;
  });
}

/** @param {string} text @returns {{ name: string, size: number, path?: string }[] | null} */
function listed(text) {
  try {
    const list = JSON.parse(text);
    const sound = (/** @type {any} */ one) => typeof one?.name === 'string' && Number.isSafeInteger(one.size);
    return Array.isArray(list) && list.length > 0 && list.every(sound) ? list : null;
  } catch {
    return null;
  }
}
