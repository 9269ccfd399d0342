/** Results as files: of the image that is shown, or of all, in one archive or in a folder. */
import { InsituError } from '../insitu.js';
import { coloursOf } from './colours.js';
import { correctionsOf } from './objects/corrections.js';
import { archive, folder, isOfFolder, parted, single } from './destinations.js';
import { told } from './outcome.js';
import { Queue } from './queue.js';
import { chosenCodes } from './codes.js';
import { Gathered, isProbability, VOLUMES } from './volume-files.js';
import { orientationName } from './volume/along.js';

/**
 * @typedef {import('./state.js').Item} Item
 * @typedef {import('../wire/results.js').Kind} Kind
 * @typedef {import('../wire/results.js').Volume} Volume
 * @typedef {import('./outcome.js').Trouble} Trouble
 * @typedef {import('./outcome.js').Outcome} Outcome
 * @typedef {import('./destinations.js').Destination} Destination
 *
 * @typedef {object} Run through the files of the list
 * @property {Queue<number>} queue of their numbers
 * @property {boolean} every whether it goes through all files of the list
 * @property {{ done: number, total: number } | null} slices of a file that is alone
 * @property {string | null} planes that the network saw of it, if not the slices as they are
 * @property {boolean} segments whether the masks are what it is for; what is written is beside
 * @property {Destination | null} destination of their results, if they are wanted
 * @property {Set<string>} stems names that are taken there
 * @property {Set<number>} done files that are segmented
 * @property {Set<number>} written files whose results are at the destination
 * @property {Map<number, Trouble>} troubles by file
 * @property {Map<string, Trouble>} refused files of all slices that could not be written, though others of their image were
 * @property {InsituError | null} lost what was wrong with a folder
 * @property {number} before files that were in that one
 */

/** Kinds of files that are made of classes. @type {(Kind | Volume)[]} */
const PIXELS = ['mask', 'overlay', 'probability', ...VOLUMES];

/** A file's name without what tells the format; "T2 0.7mm" has nothing of that kind. @param {string} name */
export const stemOf = (name) => name.replace(/(\.nii)?\.[a-z][^. ]*$/i, '') || name;

export class Saving {
  #session;
  /** @type {Run | null} */
  #run = null;

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  cancel() {
    this.#run?.queue.cancel();
  }

  /** Lets all files rest once that in work is done, or goes on. @param {boolean} wanted */
  pause(wanted) {
    if (wanted) this.#run?.queue.pause();
    else this.#run?.queue.goOn();
  }

  /**
   * One file of the slice that is shown.
   * @param {Kind} kind @returns {Promise<{ blob: Blob, name: string } | null>} null if there is nothing to save, or it failed, which is told then
   */
  async one(kind) {
    const session = this.#session;
    const item = session.current;
    const { modelId } = session.state;
    if (!item?.scan || !modelId) return null;
    try {
      const app = await session.app;
      const result = await this.#result(item, item.slice, modelId, [kind], new AbortController().signal);
      const ending = kind === 'mask' ? 'mask.png' : await app.results.ending(kind);
      const mark = kind === 'mask' ? '-' : '.';
      return { blob: await app.results.file(kind, result), name: `${this.#nameOf(item, item.slice)}${mark}${ending}` };
    } catch (error) {
      session.fail(error);
      return null;
    }
  }

  /**
   * All slices of some files, segmented where they are not yet. What is wrong with one file stops nothing.
   * @param {(Kind | Volume)[]} kinds none: they are segmented, and nothing is saved @param {Item[]} items
   * @param {FileSystemDirectoryHandle | null} [picked] a folder to write into; else one archive is made
   * @returns {Promise<Outcome>}
   */
  async all(kinds, items, picked = null) {
    if (this.#run) throw InsituError.of('save.busy', 'invalid');
    const session = this.#session;
    const ids = items.map(({ id }) => id);
    const queue = new Queue(ids, (progress) => {
      if (!this.#run) return;
      const { destination, every } = this.#run;
      session.store.set({ saving: { ...progress, writes: destination !== null, every } });
    });
    const segments = kinds.length === 0;
    /** @type {Run} */
    const run = {
      ...{
        queue,
        segments,
        every: items.length === session.state.items.length,
        slices: null,
        planes: null,
        ...destined(null),
      },
      ...{ done: new Set(), troubles: new Map(), lost: null, before: 0 },
    };
    this.#run = run;
    try {
      if (!segments) Object.assign(run, destined(await this.#begun(kinds, picked, items.length)));
      await queue.run((id) => this.#file(run, id));
      const blob = await this.#end(run);
      const { destination, lost, before } = run;
      return {
        ...{ blob, lost, before, total: items.length, slices: items.length === 1 ? run.slices : null },
        planes: run.planes,
        troubles: [...run.troubles.values(), ...run.refused.values()],
        name: blob && destination ? destination.name() : null,
        ended: lost && !segments ? 'lost' : queue.signal.aborted ? 'stopped' : 'all',
        done: (destination ? run.written : run.done).size,
        folder: destination?.folder ?? null,
        saved: destination !== null,
      };
    } finally {
      this.#run = null;
      session.store.set({ saving: null });
    }
  }

  /**
   * Also writes the results of all files that are just being segmented: of those to come, and then of those that are done.
   * @param {(Kind | Volume)[]} kinds @param {FileSystemDirectoryHandle | null} picked @returns {Promise<boolean>} false if they were done before it could
   */
  async join(kinds, picked) {
    const run = this.#run;
    if (!run) return false;
    if (run.destination || !run.every) throw InsituError.of('save.busy', 'invalid');
    const destination = await this.#begun(kinds, picked);
    if (this.#run !== run) return false;
    Object.assign(run, destined(destination));
    run.queue.add([...run.done]);
    return true;
  }

  /** @param {(Kind | Volume)[]} kinds @param {FileSystemDirectoryHandle | null} picked @param {number} [files] how many images there are, if there will be no more */
  async #begun(kinds, picked, files) {
    const { results } = await this.#session.app;
    const { volumes } = parted(kinds);
    if (files === 1 && kinds.length === 1 && volumes.length === 1 && !picked) return single(volumes[0]);
    return picked ? folder(results, kinds, picked) : archive(results, kinds);
  }

  /** The files of all images, also where it was stopped. @param {Run} run @returns {Promise<Blob | null>} an archive */
  async #end(run) {
    const { destination, queue } = run;
    if (!destination || (queue.signal.aborted && destination.folder === null)) return null;
    try {
      return await destination.end();
    } catch (thrown) {
      if (destination.folder === null) throw thrown;
      this.#lost(run, InsituError.from(thrown));
      return null;
    }
  }

  /** @param {Run} run @param {number} id */
  async #file(run, id) {
    const session = this.#session;
    const { signal } = run.queue;
    const item = await this.#read(id, signal);
    if (!item || signal.aborted) return;
    const { destination } = run;
    // One that is shown tells of its own work.
    const tells = item.state === 'open' || item.state === 'stopped' || item.state === 'failed';
    try {
      if (!item.scan) throw item.error;
      if (tells && session.state.currentId !== id) session.change(id, { state: 'working', error: null });
      else if (session.state.currentId === id) await session.segmenting.idle();
      const written = await this.#slices(run, item, destination);
      session.change(id, { state: 'done' });
      // Masks of planes take the place of that of the slice as it is, or the other way round.
      if (run.segments && session.state.currentId === id) await session.segmenting.renew();
      run.done.add(id);
      run.troubles.delete(id);
      if (destination && destination === run.destination) written && run.written.add(id);
      // A place to write into came meanwhile.
      else if (run.destination) run.queue.add([id]);
    } catch (thrown) {
      this.#failed(run, item, thrown);
    }
  }

  /** @param {Run} run @param {Item} item @param {unknown} thrown */
  #failed(run, { id, name, scan, state }, thrown) {
    const session = this.#session;
    const now = session.state.items.find((other) => other.id === id);
    const error = InsituError.from(thrown);
    // Of a file that was taken off the list nothing is told.
    if (!now) return;
    const back = () => now.state === 'working' && session.change(id, { state: state === 'done' ? 'done' : 'open' });
    if (run.queue.signal.aborted) return void back();
    // Of an engine that is starting anew nothing of the files of all images is left.
    const over = error.kind === 'device' || error.code === 'export.none';
    if (isOfFolder(error) || (over && run.destination?.folder)) {
      back();
      this.#lost(run, error);
      if (run.segments) run.queue.add([id]);
      return;
    }
    if (over) throw error;
    run.troubles.set(id, { name, message: error.message });
    // Planes that this volume or model does not have are a wrong choice, no wrong file.
    if (error.code.startsWith('volume.')) back();
    else if (scan) session.change(id, { state: 'failed', error });
  }

  /** Nothing is written any more: if it is masks that are wanted, the others are made all the same. @param {Run} run @param {InsituError} error */
  #lost(run, error) {
    this.#session.journal.note(`${error.code} ${String(error.cause)}`);
    Object.assign(run, { lost: error, before: run.written.size, ...destined(null) });
    if (!run.segments) run.queue.cancel();
  }

  /** @param {Run} run @param {Item} item @param {Destination | null} destination @returns {Promise<boolean>} whether anything was written */
  async #slices(run, item, destination) {
    const { queue, stems } = run;
    const modelId = this.#session.models.for(item);
    if (!modelId) throw InsituError.of('save.noModel', 'invalid');
    const stem = destination ? free(this.#session.identity.stem(item), stems) : '';
    const slices = item.scan?.slices ?? 0;
    const { kinds = [], volumes = [] } = destination ?? {};
    const gathered = new Gathered();
    const { along } = this.#session.volume;
    if (run.segments) {
      const chosen = along.begin(item, modelId);
      run.planes = chosen === 'slices' || !item.scan ? null : orientationName(chosen, item.scan);
    }
    const ready = new Set();
    let planes = false;
    const at = (/** @type {number} */ done) => {
      run.slices = slices > 1 ? { done, total: slices } : null;
      // Slices are cut out of planes in no time.
      if (!planes) queue.part(done, slices);
    };
    for (let slice = 0; slice < slices; slice++) {
      at(slice);
      await queue.pass();
      planes = await along.segment({ ...item, slice }, modelId, queue, ready);
      const result = await this.#result(item, slice, modelId, [...kinds, ...volumes], queue.signal);
      queue.signal.throwIfAborted();
      if (volumes.length > 0) gathered.add(result, correctionsOf(item, slice, modelId).length > 0);
      const place = slices > 1 ? `_s${String(slice).padStart(4, '0')}` : '';
      // Probabilities that only a file of all slices holds need not cross.
      if (!kinds.includes('probability')) delete result.probability;
      if (kinds.length > 0) await destination?.add(stem + place, result);
    }
    at(slices);
    let written = kinds.length > 0;
    for (const kind of volumes) {
      const file = { gathered, kind, stem, modelId };
      if (destination && (await this.#volume(run, item, destination, file))) written = true;
    }
    return written;
  }

  /** One file of all slices; why it could not be written does not stop the others. @param {Run} run @param {Item} item @param {Destination} destination @param {{ gathered: Gathered, kind: Volume, stem: string, modelId: string }} file */
  async #volume({ queue, refused }, item, destination, { gathered, kind, stem, modelId }) {
    const { app, identity, models, state } = this.#session;
    const { results } = await app;
    const name = `${stem}.${await results.ending(kind)}`;
    queue.signal.throwIfAborted();
    try {
      const title = identity.model(models.byId(modelId));
      const codes = chosenCodes(state, gathered.classes);
      const open = /** @type {import('../insitu.js').Scan} */ (item.scan);
      const file = await gathered.file(results, open, kind, title, codes, identity.pseudonym(item));
      queue.signal.throwIfAborted();
      await destination.put(name, file);
      return true;
    } catch (thrown) {
      const error = InsituError.from(thrown);
      if (queue.signal.aborted || isOfFolder(error) || error.kind === 'device') throw error;
      refused.set(`${item.id}/${kind}`, { name, message: error.message });
      return false;
    }
  }

  /** @param {Item} item @param {number} slice @param {string} modelId @param {(Kind | Volume)[]} kinds that will be made of it @param {AbortSignal} signal @returns {Promise<import('../wire/results.js').Result>} */
  async #result(item, slice, modelId, kinds, signal) {
    const session = this.#session;
    const { segmenting, models, objects, seen, state } = session;
    const scan = /** @type {import('../insitu.js').Scan} */ (item.scan);
    const mask = await segmenting.maskOf(item, slice, modelId, signal);
    seen.take(item, slice, modelId, mask);
    const here = item.id === state.currentId && slice === item.slice;
    // Of models that tell nothing apart pieces are counted only if somebody asks for it; of large images they take another inference.
    const counts = state.objects.byHand[modelId] ?? models.byId(modelId)?.card?.separates ?? false;
    const small = mask.width * mask.height <= (state.constants?.objectsUpTo ?? Infinity);
    const fixed = correctionsOf(item, slice, modelId).length > 0;
    const needed = (counts && small) || fixed || kinds.some((kind) => !PIXELS.includes(kind));
    const found =
      (here && objects.of(mask)) || (needed ? await objects.find(item, slice, modelId, mask, signal) : null);
    if (found && counts) objects.remember(item, slice, modelId, found);
    return {
      scan,
      slice,
      name: session.identity.name(item),
      classes: named(session.state, models.byId(modelId), mask.classes),
      labels: found?.classes ?? mask.labels,
      numbers: found?.numbers ?? new Uint32Array(mask.labels.length),
      probability: kinds.some(isProbability) ? mask.probability : undefined,
      micrometres: item.micrometres ? { x: item.micrometres, y: item.micrometres } : null,
    };
  }

  /** @param {Item} item @param {number} slice */
  #nameOf(item, slice) {
    const stem = this.#session.identity.stem(item);
    return (item.scan?.slices ?? 1) > 1 ? `${stem}-${slice + 1}` : stem;
  }

  /** A file of the list once it was read. @param {number} id @param {AbortSignal} signal @returns {Promise<Item | undefined>} */
  async #read(id, signal) {
    for (;;) {
      const item = this.#session.state.items.find((other) => other.id === id);
      if (!item || signal.aborted || item.state === 'failed' || item.suggestion || (item.scan && item.modelId))
        return item;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** What is told at the end, and stays if something went wrong. @param {Outcome} outcome */
  tell(outcome) {
    const { text, list } = told(outcome);
    if (outcome.troubles.length === 0 && !outcome.lost) return this.#session.say(text);
    this.#session.store.set({ notice: { kind: 'error', text, error: null, list } });
    this.#session.announce(text);
  }
}

/** What a run has where its results go. @param {Destination | null} destination */
const destined = (destination) => ({ destination, stems: new Set(), written: new Set(), refused: new Map() });

/** Classes with the colours that they are shown in. @param {import('./state.js').State} state @param {import('./state.js').Model | null} model @param {number} count */
function named(state, model, count) {
  return coloursOf(state, model, count).map((colour, i) => ({ name: model?.classes[i]?.name ?? `${i + 1}`, colour }));
}

/** The name, or with a number if another file has it. @param {string} stem @param {Set<string>} taken */
function free(stem, taken) {
  let name = stem;
  for (let i = 2; taken.has(name); i++) name = `${stem} (${i})`;
  taken.add(name);
  return name;
}
