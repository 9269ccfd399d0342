/** The list of files: adding, reading one after the other, choosing, removing. */
import { InsituError, windowOf } from '../insitu.js';
import { fileSize } from '../strings/format.js';
import { t } from '../strings/t.js';
import { pathIn, unbundled } from '../wire/bundle.js';
import { chunksAmong } from '../wire/zarr.js';
import { isData, isModel, mayBelong, sorted } from './model-files.js';
import { mixOf, windowAt } from './channels/mix.js';
import { toneOf } from './colours.js';
import { pathOf } from './dropped.js';
import { fitting } from './house/settings.js';
import { Gathering, everyOf, mayBeParts, thinned } from './gathering.js';
import { isMarks, layMarks, mayBeMarks } from './labelling/marks.js';
import { isTruth, liesAmongTruths } from './scores/pairing.js';
import { sampleFile, sampleUrl } from './samples.js';

/** @typedef {import('./state.js').Item} Item @typedef {import('./gathering.js').Arrived} Arrived */

/** A file that was not read yet. @param {number} id @param {Arrived} arrived @param {string | null} [modelId] @returns {Item} */
const waiting = (id, { file, series }, modelId = null) => ({
  id,
  file,
  series,
  read: null,
  whole: false,
  name: file.name || t('files.unnamed'),
  state: 'waiting',
  scan: null,
  thumbnail: null,
  pictured: 0,
  small: null,
  tone: null,
  error: null,
  slice: 0,
  window: { center: 128, width: 256 },
  windowByHand: false,
  mix: null,
  suggestion: null,
  modelId,
  place: null,
  count: null,
  micrometres: null,
  corrections: {},
});

export class Files {
  #session;
  #next = 1;
  #reading = false;
  /** Files that came together, the first of which that can be read is to be shown, unless a person chooses. @type {number[]} */
  #together = [];
  /** The file that is being read. @type {{ id: number, stop: AbortController } | null} */
  #opening = null;

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this.#session = session;
    this.gathering = new Gathering(session);
  }

  /** Adds files, images and models, and shows the first image that can be read. @param {Iterable<File>} files */
  add(files) {
    const all = [...files];
    const { models } = this.#session;
    // An ONNX file that was refused without its weights waits for them.
    const given = models.incomplete && all.some(isData) ? [models.incomplete, ...all] : all;
    if (mayBelong(given)) return void this.#addSorted(given);
    for (const file of all.filter(isModel)) void models.add([file]);
    const images = all.filter((file) => !isModel(file));
    const names = [...images, ...this.#session.state.items].map(({ name }) => name);
    const among = (/** @type {File} */ file) => liesAmongTruths(pathOf(file));
    // A folder of labels alone is opened as what it holds.
    const folder = !images.every(among);
    const truths = images.filter(
      (file) => (folder && among(file)) || (isTruth(file.name, names) && !isMarks(file.name)),
    );
    const rest = images.filter((file) => !truths.includes(file));
    const compare = () => truths.length > 0 && void this.#session.scores.add(truths);
    // One file that comes to images may be their labels, also while these are still read.
    const open = this.#session.state.items.some(({ scan, series, state }) => scan || series || state === 'reading');
    const marks = open && rest.some(({ name }) => mayBeMarks(name));
    if (!mayBeParts(rest) && !marks) this.#addImages(alone(rest));
    else return void this.#gather(rest).then(compare);
    compare();
  }

  /** Parts of one image become one. @param {File[]} files */
  async #gather(files) {
    const found = await this.gathering.look(files);
    if (!found) return;
    this.#addImages(found.arrived);
    found.tell();
    if (found.marks.length === 0) return;
    // Without an image that they lie on, those that are images are shown as such.
    const rest = await layMarks(this.#session, found.marks);
    this.#addImages(alone(rest));
  }

  /** @param {File[]} files */
  async #addSorted(files) {
    const { models } = this.#session;
    const { incomplete } = models;
    try {
      const app = await this.#session.app;
      const { models: found, rest: others } = await sorted(files, (file) => app.filesBeside(file));
      for (const parts of found) if (parts.length > 1 || parts[0] !== incomplete) void models.add(parts);
      const rest = await this.gathering.unpack(others);
      if (!rest) return;
      if (mayBeParts(rest)) await this.#gather(rest);
      else this.#addImages(alone(rest));
    } catch (error) {
      this.#session.fail(error);
    }
  }

  /** @param {Arrived[]} arrived @param {string | null} [modelId] chosen for them @returns {number | null} the first */
  #addImages(arrived, modelId = null) {
    const session = this.#session;
    const data = arrived.find(({ file }) => isData(file));
    if (data) session.fail(InsituError.of('model.data', 'invalid', data.file.name));
    const items = arrived
      .filter(({ file }) => !isData(file))
      .map((one) => {
        session.journal.hide(one.file.name);
        return waiting(this.#next++, one, modelId);
      });
    if (items.length === 0) return null;
    const { notice, engine } = session.state;
    session.store.set({ items: [...session.state.items, ...items], notice: engine === 'failed' ? notice : null });
    session.announce(t('files.added', { count: items.length }));
    this.show(items[0].id);
    this.#together = items.map(({ id }) => id);
    void this.readWaiting();
    return items[0].id;
  }

  /**
   * Adds an image that comes with the page; beside others, too, it is an image and not their labels.
   * @param {string} name @param {string | null} [modelId] chosen for it @returns {Promise<number | null>} null if it did not come
   */
  async addSample(name, modelId = null) {
    try {
      const answer = await fetch(sampleUrl(name));
      if (!answer.ok) throw InsituError.of('sample.fetch', 'io', answer.status);
      const file = new File([await answer.blob()], sampleFile(name));
      return this.#addImages(alone([file]), modelId);
    } catch (error) {
      this.#session.fail(error instanceof InsituError ? error : InsituError.of('sample.fetch', 'io', error));
      return null;
    }
  }

  /** Numbers of files to come are above this one. @param {number} id */
  startAfter(id) {
    this.#next = Math.max(this.#next, id + 1);
  }

  /**
   * Files of an earlier session, each with its number and where one was in it.
   * @param {(Arrived & Pick<Item, 'id' | 'slice' | 'window' | 'mix' | 'modelId' | 'micrometres' | 'corrections'>)[]} kept @param {number | null} currentId
   */
  restore(kept, currentId) {
    const session = this.#session;
    const known = new Set(session.state.items.map(({ id }) => id));
    const items = kept
      .filter(({ id }) => !known.has(id))
      .map(({ id, file, series, modelId, micrometres, corrections, ...place }) => {
        session.journal.hide(file.name);
        this.startAfter(id);
        // What is kept was opened before, whatever its size.
        const whole = { ...waiting(id, { file, series }), whole: true };
        return { ...whole, ...place, modelId, micrometres, corrections, place };
      });
    if (items.length === 0) return;
    session.store.set({ items: [...items, ...session.state.items] });
    this.show(items.find(({ id }) => id === currentId)?.id ?? items[0].id);
    void this.readWaiting();
  }

  /** @param {number} id */
  show(id) {
    const session = this.#session;
    this.#together = [];
    if (session.state.currentId === id) return;
    session.segmenting.clear();
    session.picture.clear();
    const { notice: before, items } = session.state;
    // What was wrong with another file says nothing of this one.
    const over = before?.kind === 'info' || items.some(({ error }) => error && error === before?.error);
    session.store.set({ currentId: id, notice: over ? null : before, hidden: [] });
    const item = session.current;
    if (item?.scan) this.#present(item);
    else if (item?.error) session.fail(item.error);
    else void this.readWaiting();
  }

  /** @param {number} step 1 or -1 */
  neighbour(step) {
    const { items, currentId } = this.#session.state;
    const next = items[items.findIndex((item) => item.id === currentId) + step];
    if (next) this.show(next.id);
  }

  /** @param {Item} item */
  #present(item) {
    void this.#session.picture.refresh();
    void this.#session.segmenting.wanted(item);
  }

  /** Reads files one after the other, the one that is looked at first. */
  async readWaiting() {
    if (this.#reading) return;
    this.#reading = true;
    try {
      const app = await this.#session.app;
      await this.#session.models.list().catch((error) => this.#session.fail(error));
      for (;;) {
        const { items, currentId } = this.#session.state;
        const waiting = items.filter((item) => item.state === 'waiting');
        const item = waiting.find((other) => other.id === currentId) ?? waiting[0];
        if (!item) break;
        await this.#read(app, item);
      }
    } finally {
      this.#reading = false;
    }
  }

  /** @param {import('../insitu.js').App} app @param {Item} item */
  async #read(app, item) {
    const session = this.#session;
    const shown = () => session.state.currentId === item.id;
    const stop = new AbortController();
    this.#opening = { id: item.id, stop };
    session.change(item.id, { state: 'reading' });
    try {
      if (!item.whole && everyOf(item) !== 1) throw tooLarge(item);
      const parts = (await unbundled(item.file)) ?? [];
      const chunks = chunksAmong(parts.map(pathIn));
      parts.forEach(({ name }, i) => chunks[i] || session.journal.hide(name));
      const scan = await app.openScan(item.file, {
        signal: stop.signal,
        onProgress: (read) => session.change(item.id, { read }),
      });
      this.#opening = null;
      const middle = { slice: scan.middle, window: scan.window, mix: null };
      const { slice, window, ...place } = item.place && item.place.slice < scan.slices ? item.place : middle;
      const own = windowOf(scan, slice);
      const windowByHand = window.center !== own.center || window.width !== own.width;
      const mix = mixOf(scan, slice, place.mix);
      const opened = { scan, slice, window, windowByHand, mix, pictured: slice };
      session.change(item.id, { state: 'open', read: null, ...opened, window: windowAt(opened, slice) });
      if (shown()) void session.picture.refresh();
      const thumbnail = await app.thumbnail(scan, { slice });
      session.change(item.id, { thumbnail, tone: toneOf(thumbnail) });
      const suggestion = fitting(await app.suggestModel(scan, { slice }), session.state.house, session.state.models);
      session.change(item.id, { suggestion });
      const now = session.state.items.find((other) => other.id === item.id);
      if (!now) await app.closeScan(scan);
      else if (shown()) void session.segmenting.wanted(now);
    } catch (thrown) {
      const error = InsituError.from(thrown);
      // It was taken off the list.
      if (error.isCancelled) return;
      session.change(item.id, { state: 'failed', read: null, error });
      session.journal.note(`${error.code} ${error.message}`);
      if (shown()) this.#instead(item.id, error);
    }
  }

  /**
   * Opens an image after all that was too large.
   * @param {number} id @param {number} [every] one slice of so many; without it all of it
   */
  async openLarge(id, every = 1) {
    const session = this.#session;
    const item = session.state.items.find((other) => other.id === id);
    if (!item) return;
    try {
      const file = every > 1 ? await thinned(item.file, every) : item.file;
      session.journal.hide(file.name);
      session.change(id, { file, name: file.name, whole: true, state: 'waiting', error: null });
      // What was told of it is no longer true.
      if (session.state.notice?.error === item.error) session.store.set({ notice: null });
      await this.readWaiting();
    } catch (error) {
      session.fail(error);
    }
  }

  /** In the place of a file that cannot be read another one that came with it; if there is none, what is wrong. @param {number} id @param {InsituError} error */
  #instead(id, error) {
    const session = this.#session;
    const together = this.#together;
    const can = (/** @type {number} */ other) =>
      session.state.items.some((i) => i.id === other && i.state !== 'failed');
    const next = together.includes(id) ? together.find(can) : undefined;
    if (next === undefined) return session.fail(error);
    this.show(next);
    this.#together = together;
  }

  /** Takes files off the list; the one that is shown last, so that no other is shown that goes. @param {number[]} ids */
  removeAll(ids) {
    const { currentId } = this.#session.state;
    const last = ids.filter((id) => id === currentId);
    for (const id of [...ids.filter((other) => other !== currentId), ...last]) this.#remove(id);
  }

  /** @param {number} id */
  #remove(id) {
    const session = this.#session;
    const { items, currentId } = session.state;
    const at = items.findIndex((item) => item.id === id);
    if (at < 0) return;
    const item = items[at];
    if (this.#opening?.id === id) this.#opening.stop.abort();
    session.segmenting.forget(id);
    session.labelling.forget(id);
    session.seen.forget(id);
    const rest = items.filter((other) => other.id !== id);
    session.store.set({ items: rest });
    if (currentId === id) {
      session.segmenting.clear();
      session.picture.clear();
      session.store.set({ currentId: null, notice: null });
      const next = rest[Math.min(at, rest.length - 1)];
      if (next) this.show(next.id);
    }
    const { scan } = item;
    if (scan) session.app.then((app) => app.closeScan(scan)).catch(() => {});
    item.thumbnail?.close();
  }
}

/** Files that are an image each. @param {File[]} files @returns {Arrived[]} */
const alone = (files) => files.map((file) => ({ file, series: null }));

/** @param {Item} item */
function tooLarge({ file }) {
  return new InsituError('series.large', 'limit', t('series.large', { size: fileSize(file.size) }));
}
