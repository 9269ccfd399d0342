/** Where results go: one archive that grows part by part, or a folder that a person picked, file by file. */
import { InsituError } from '../insitu.js';
import { unzipped } from './archive.js';
import { VOLUMES } from './volume-files.js';
import { added, zipped } from './zipped.js';

/**
 * @typedef {import('../wire/results.js').Kind} Kind
 * @typedef {import('../wire/results.js').Volume} Volume
 * @typedef {import('../wire/results.js').Result} Result
 * @typedef {Pick<import('../wire/results.js').Results, 'begin' | 'add' | 'end' | 'file' | 'ending'>} Results
 *
 * @typedef {object} Destination
 * @property {Kind[]} kinds of files that are made of slices
 * @property {Volume[]} volumes kinds of files that are made of all slices of an image
 * @property {string | null} folder its name, if it is one
 * @property {(stem: string, result: Result) => Promise<void>} add the files of a slice, whose names begin with `stem`
 * @property {(name: string, file: Blob) => Promise<void>} put one file of all slices of an image
 * @property {() => Promise<Blob | null>} end the files of all images; gives the archive
 * @property {() => string | null} name what the one file is called that is no archive
 */

/** Kinds of files that hold all images. @type {Kind[]} */
const WHOLE = ['csv', 'coco'];

/** Those of slices, and those of all slices of an image. @param {(Kind | Volume)[]} all */
export function parted(all) {
  const ofAll = (/** @type {Kind | Volume} */ kind) => VOLUMES.some((other) => other === kind);
  const volumes = /** @type {Volume[]} */ (all.filter(ofAll));
  return { volumes, kinds: /** @type {Kind[]} */ (all.filter((kind) => !ofAll(kind))) };
}

/** @param {Results} results @param {(Kind | Volume)[]} all @returns {Promise<Destination>} */
export async function archive(results, all) {
  const { kinds, volumes } = parted(all);
  /** @type {Blob[]} */
  const parts = [];
  /** @type {import('./zipped.js').Added[]} */
  const files = [];
  const packs = kinds.length > 0;
  if (packs) await results.begin(kinds);
  return {
    kinds,
    volumes,
    folder: null,
    add: async (stem, result) => void parts.push(await results.add(stem, result)),
    put: async (name, file) => void files.push(await added(allowed(name), file)),
    async end() {
      const last = packs ? await results.end() : null;
      return files.length > 0 || !last
        ? zipped(parts, last, files)
        : new Blob([...parts, last], { type: 'application/zip' });
    },
    name: () => null,
  };
}

/** One file of all slices of one image, which needs no archive. @param {Volume} kind @returns {Destination} */
export function single(kind) {
  /** @type {{ name: string, file: Blob } | null} */
  let only = null;
  return {
    ...{ kinds: [], volumes: [kind], folder: null },
    add: async () => {},
    put: async (name, file) => void (only = { name: allowed(name), file }),
    end: async () => only?.file ?? null,
    name: () => only?.name ?? null,
  };
}

/**
 * Nothing that is there is written over: if the folder is not empty, a new one is made in it.
 * @param {Results} results @param {(Kind | Volume)[]} all @param {FileSystemDirectoryHandle} picked @returns {Promise<Destination>}
 */
export async function folder(results, all, picked) {
  const { kinds, volumes } = parted(all);
  const whole = kinds.filter((kind) => WHOLE.includes(kind));
  const single = kinds.filter((kind) => !WHOLE.includes(kind));
  const { handle, name } = await room(picked).catch((error) => Promise.reject(trouble(error)));
  if (whole.length > 0) await results.begin(whole);
  const write = (/** @type {string} */ name, /** @type {Blob} */ file) =>
    put(handle, name, file).catch((error) => Promise.reject(trouble(error)));
  let any = false;
  return {
    kinds,
    volumes,
    folder: name,
    async add(stem, result) {
      for (const kind of single) await write(`${stem}.${await results.ending(kind)}`, await results.file(kind, result));
      if (whole.length > 0) await results.add(stem, result);
      any = true;
    },
    put: write,
    name: () => null,
    async end() {
      if (whole.length === 0) return null;
      for (const { name, file } of await unzipped(await results.end())) if (any) await write(name, file);
      return null;
    },
  };
}

/** The folder itself if nothing is in it, else a new one in it. @param {FileSystemDirectoryHandle} picked */
async function room(picked) {
  /** @type {Set<string>} */
  const there = new Set();
  for await (const name of picked.keys()) if (!name.startsWith('.')) there.add(name.toLowerCase());
  if (there.size === 0) return { handle: picked, name: picked.name };
  let name = 'insitu';
  for (let i = 2; there.has(name); i++) name = `insitu ${i}`;
  return { handle: await picked.getDirectoryHandle(name, { create: true }), name: `${picked.name}/${name}` };
}

/** @param {FileSystemDirectoryHandle} folder @param {string} name @param {Blob} file */
async function put(folder, name, file) {
  const writable = await (await folder.getFileHandle(allowed(name), { create: true })).createWritable();
  try {
    await writable.write(file);
  } catch (error) {
    await writable.abort().catch(() => {});
    throw error;
  }
  await writable.close();
}

/** A name that every system takes. @param {string} name */
export const allowed = (name) =>
  // eslint-disable-next-line no-control-regex
  name.replace(/[\\/:*?"<>|\u0000-\u001f]/g, '_').replace(/^[.~ ]+|[. ]+$/g, '_');

/** What is wrong with the folder, in words. @param {any} error @returns {InsituError} */
function trouble(error) {
  const code =
    {
      NotFoundError: 'folder.gone',
      QuotaExceededError: 'folder.full',
      NotAllowedError: 'folder.denied',
      SecurityError: 'folder.denied',
      NoModificationAllowedError: 'folder.denied',
    }[String(error?.name)] ?? 'folder.failed';
  return InsituError.of(code, 'io', error);
}

/** Whether it is the folder that fails, and not the image. @param {InsituError} error */
export const isOfFolder = ({ code }) => code.startsWith('folder.');
