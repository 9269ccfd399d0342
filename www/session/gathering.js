/** What of the files that come together is one image: a series of DICOM files, a header with its pixels, a folder of Zarr. Each becomes one file of the list. */
import { InsituError } from '../insitu.js';
import { listed } from '../strings/format.js';
import { t } from '../strings/t.js';
import { bundle, unbundled } from '../wire/bundle.js';
import { chunksAmong } from '../wire/zarr.js';
import { expanded } from './archive.js';
import { pathOf } from './dropped.js';

/**
 * @typedef {import('../api.d.ts').Found} Found
 * @typedef {import('../api.d.ts').Series} Series
 * @typedef {{ files: number, slices: number, modality: string | null, date: string | null, notes: string[] }} About what is known of a series before it is opened; `files`: how many it has
 * @typedef {{ file: File, series: About | null }} Arrived a file of the list
 */

/** Bytes of all files of an image that a tab can hold, decoded and as they are. */
export const MAX_BYTES = 1.5e9;
/** A look at the files that takes longer is told, ms. */
const PATIENCE = 500;
/** Names of files that are an image by themselves: of OME-TIFF several may be one. */
const ALONE = /\.(png|jpe?g|gif|bmp|webp|(?<!\.ome\.)tiff?|jp2|j2k|lsm)$/i;
const DICOMDIR = /^dicomdir(\.\w+)?$/i;
/** Names of files that a sentence gives. */
const NAMES = 3;

/** Whether some of these may be parts of one image, so that it is worth a look. @param {File[]} files */
export const mayBeParts = (files) =>
  files.some(({ name }) => DICOMDIR.test(name)) || (files.length > 1 && !files.every(({ name }) => ALONE.test(name)));

/** As a name of files, too. @param {string} name @param {Set<string>} taken */
function named(name, taken) {
  // eslint-disable-next-line no-control-regex
  const plain = name.replace(/[\\/:*?"<>|\u0000-\u001f]+/g, ' ').trim() || t('series.unnamed');
  let free = plain;
  for (let i = 2; taken.has(free); i++) free = `${plain} (${i})`;
  taken.add(free);
  return free;
}

/**
 * Files of the list: series by their names, and the files that are one by themselves as they came.
 * @param {Found} found @param {File[]} files that were looked at @param {string[]} names that are in the list
 * @returns {Arrived[]}
 */
export function arrived({ series, leftOut }, files, names) {
  const taken = new Set(names);
  const parts = new Set(leftOut.map(({ file }) => file));
  const several = series.filter((one) => one.files.length > 1 && !one.marks);
  for (const one of series) {
    if (one.marks) parts.add(one.files[0]);
    for (const file of one.beside) parts.add(file);
  }
  several.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  const bundles = several.map(({ files: own, name, slices, modality, date, notes }) => {
    for (const file of own) parts.add(file);
    const about = { files: own.length, slices, modality, date, notes };
    return { file: bundle(named(name, taken), own, pathOf), series: about };
  });
  return [...bundles, ...files.filter((file) => !parts.has(file)).map((file) => ({ file, series: null }))];
}

/**
 * What became of the files, in one sentence and its particulars; null if nothing is worth a word.
 * @param {Found} found @param {File[]} files @returns {{ text: string, list: string[] } | null}
 */
export function toldOf({ series, leftOut }, files) {
  const several = series.filter((one) => one.files.length > 1);
  const notes = several.flatMap(({ name, notes: own }) =>
    own.map((note) => t('save.trouble', { name, message: note })),
  );
  if (several.length === 0 && leftOut.length === 0) return null;
  const list = [...notes, ...leftOut.map(({ file, why }) => t('save.trouble', { name: file.name, message: why }))];
  if (files.length === 1) return { text: leftOut[0].why, list: [] };
  if (series.length === 0) return { text: t('series.told.nothing', { count: files.length }), list };
  const alone = series.length - several.length;
  const names = leftOut.slice(0, NAMES).map(({ file }) => file.name);
  if (leftOut.length > NAMES) names.push('…');
  const what = [
    several.length > 0 ? t('series.told.series', { count: several.length }) : '',
    alone > 0 ? t('series.told.alone', { count: alone }) : '',
  ];
  const text = t('series.told', { files: files.length, what: what.filter(Boolean).join(t('series.told.and')) });
  const rest = t('series.told.left', { count: leftOut.length, names: listed(names) });
  return { text: `${text}${leftOut.length > 0 ? rest : ''}${t('list.end')}`, list };
}

/** One slice of `every` of a series that is too large. @param {File} file @param {number} every @returns {Promise<File>} */
export async function thinned(file, every) {
  const parts = (await unbundled(file)) ?? [file];
  return bundle(
    t('series.thinned', { name: file.name, every }),
    parts.filter((_, i) => i % every === 0),
  );
}

/** Slices of which one fits; 1: no need, 0: leaving some out does not help. @param {{ file: File, series: About | null }} item */
export function everyOf({ file, series }) {
  if (!series || file.size <= MAX_BYTES) return 1;
  const every = Math.ceil(file.size / MAX_BYTES);
  return series.files === series.slices && series.files > every ? every : 0;
}

export class Gathering {
  #session;
  #patience;
  /** @type {Set<AbortController>} */
  #looks = new Set();

  /** @param {Pick<import('./session.js').Session, 'store' | 'state' | 'app' | 'announce' | 'fail' | 'say' | 'journal'>} session @param {number} [patience] ms */
  constructor(session, patience = PATIENCE) {
    this.#session = session;
    this.#patience = patience;
  }

  /** Looks at no more files. @returns {boolean} whether it did */
  cancel() {
    for (const look of this.#looks) look.abort();
    return this.#looks.size > 0;
  }

  /** The files of archives in their place. @param {File[]} files @returns {Promise<File[] | null>} null: a person stopped it */
  unpack(files) {
    return this.#told((signal, told) =>
      expanded(files, (done, total) => {
        told(done, total);
        return !signal.aborted;
      }),
    );
  }

  /**
   * @param {File[]} files
   * @returns {Promise<{ arrived: Arrived[], marks: { file: File, image: boolean }[], tell: () => void } | null>} null: a person stopped it
   */
  look(files) {
    const session = this.#session;
    const chunks = chunksAmong(files.map((file) => pathOf(file) || file.name));
    // Names of files may be names of patients; those of chunks are numbers.
    files.forEach(({ name }, i) => chunks[i] || session.journal.hide(name));
    return this.#told(async (signal, told) => {
      told(0, files.length);
      try {
        const found = await this.#found(files, signal, (done) => told(done, files.length));
        const names = session.state.items.map(({ name }) => name);
        const marks = found.series.filter((one) => one.marks).map(({ files: [file], image }) => ({ file, image }));
        return { arrived: arrived(found, files, names), marks, tell: () => this.#tell(found, files) };
      } catch (thrown) {
        const error = InsituError.from(thrown);
        if (error.isCancelled) throw error;
        // Each by itself then, as if nobody had looked.
        session.journal.note(`${error.code} ${error.message}`);
        const alone = files.filter((_, i) => !chunks[i]);
        return { arrived: alone.map((file) => ({ file, series: null })), marks: [], tell: () => {} };
      }
    });
  }

  /**
   * What takes longer than a moment is told, and can be stopped.
   * @template T
   * @param {(signal: AbortSignal, told: (done: number, total: number) => void) => Promise<T>} work
   * @returns {Promise<T | null>} null: a person stopped it
   */
  async #told(work) {
    const session = this.#session;
    const stop = new AbortController();
    this.#looks.add(stop);
    let shown = false;
    let at = { done: 0, total: 0 };
    const show = () => {
      if (!stop.signal.aborted && at.total > 0) session.store.set({ gathering: at });
    };
    const timer = setTimeout(() => {
      shown = true;
      show();
      session.announce(t('series.looking', { count: at.total }));
    }, this.#patience);
    try {
      return await work(stop.signal, (done, total) => {
        at = { done, total };
        if (shown) show();
      });
    } catch (thrown) {
      const error = InsituError.from(thrown);
      if (!error.isCancelled) throw error;
      session.say(t('series.stopped'));
      return null;
    } finally {
      clearTimeout(timer);
      this.#looks.delete(stop);
      if (this.#looks.size === 0) session.store.set({ gathering: null });
    }
  }

  /** @param {File[]} files @param {AbortSignal} signal @param {(done: number) => void} told @returns {Promise<Found>} */
  async #found(files, signal, told) {
    const cut = new Promise((_, reject) =>
      signal.addEventListener('abort', () => reject(InsituError.cancelled()), { once: true }),
    );
    // An engine that is not there yet can be waited for no longer, too.
    const app = await Promise.race([this.#session.app, /** @type {Promise<never>} */ (cut)]);
    return app.series(files, { paths: files.map(pathOf), signal, onProgress: ({ done }) => told(done) });
  }

  /** @param {Found} found @param {File[]} files */
  #tell(found, files) {
    const told = toldOf(found, files);
    if (!told) return;
    // Where nothing can be shown, that stays.
    const kind = found.series.length > 0 ? 'info' : 'error';
    this.#session.store.set({ notice: { kind, error: null, ...told } });
    this.#session.announce(told.text);
  }
}
