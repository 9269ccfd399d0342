/** Objects of the slice that is shown: told apart after its mask, chosen, and drawn in tints. */
import { ring, TINTS } from '../../pictures/tints.js';
import { className } from '../../strings/engine.js';
import { t } from '../../strings/t.js';
import { latest } from '../latest.js';
import { combined } from './all.js';
import { Corrections, correctionsOf } from './corrections.js';
import { corrects } from './state.js';

/**
 * @typedef {import('../state.js').Mask} Mask
 * @typedef {import('../../wire/results.js').Found} Found
 * @typedef {import('./state.js').Settings} Settings
 * @typedef {import('../state.js').Item} Item
 */

export class Objects {
  #session;
  /** The mask that the objects were made of. @type {Mask | null} */
  #mask = null;
  /** What they were made with. */
  #with = '';
  /** As they are without corrections. @type {Found | null} */
  #plain = null;
  corrections;
  /** What was said of the last correction that did nothing. */
  #refused = '';
  /** Of all slices that were looked at, by file and slice, and what they were made with. @type {Map<string, { made: string, part: Omit<import('./all.js').Part, 'name' | 'micrometres'> }>} */
  #all = new Map();
  /** Stops what tells them apart. @type {AbortController | null} */
  #stop = null;
  /** The last table of all, and of what. @type {{ of: unknown[], all: import('./all.js').All | null }} */
  #table = { of: [], all: null };
  /** An object to be chosen once its image is there. @type {{ id: number, slice: number, object: number } | null} */
  #goal = null;
  /** The chosen one's outline changes. @type {(layer: import('../../pictures/layers.js').Layer | null) => void} */
  show = () => {};

  /** @param {import('../session.js').Session} session */
  constructor(session) {
    this.#session = session;
    this.corrections = new Corrections(session);
    session.store.on(['panel'], ({ panel, tool }) => {
      if (panel !== 'results' && corrects(tool)) session.display.use('pan');
    });
    session.store.on(['mask', 'modelId', 'models'], () => this.#follow());
  }

  get #state() {
    return this.#session.state.objects;
  }

  /** @param {Partial<import('./state.js').ObjectsState>} patch */
  #set(patch) {
    this.#session.store.set({ objects: { ...this.#state, ...patch } });
  }

  /** Whether the model in use tells objects apart that touch. */
  get separates() {
    const { modelId } = this.#session.state;
    return (modelId !== null && this.#session.models.byId(modelId)?.card?.separates) || false;
  }

  /** Whether objects are wanted: of large images, where they take another inference, only if a person says so. */
  get wanted() {
    const { modelId, mask, constants } = this.#session.state;
    const small = !mask || mask.width * mask.height <= (constants?.objectsUpTo ?? Infinity);
    return modelId !== null && (this.#state.byHand[modelId] ?? (this.separates && small));
  }

  /** Those of a mask; null if there are none of it, or none wanted. @param {Mask} mask @returns {Found | null} */
  of(mask) {
    return this.wanted && this.#mask === mask ? /** @type {Found | null} */ (this.#state.found) : null;
  }

  /** Objects of another mask, or with other settings. */
  #follow() {
    const { mask } = this.#session.state;
    const still = mask && this.wanted && !this.#session.segmenting.isGlance(mask);
    if (still) void this.#renew();
    else if (this.#mask || this.#state.found) this.#put(null, null);
  }

  #renew = latest(() => this.#find());

  async #find() {
    const session = this.#session;
    const { mask, modelId } = session.state;
    const item = session.current;
    const { settings } = this.#state;
    const made = JSON.stringify(settings);
    if (!mask || !modelId || !item?.scan || !this.wanted || (this.#mask === mask && this.#with === made)) return;
    // What is of another picture must not be taken for this one's.
    if (this.#state.found?.width !== mask.width || this.#state.found?.height !== mask.height) this.#put(null, null);
    this.#set({ working: true });
    const stop = (this.#stop = new AbortController());
    try {
      const { slice } = item;
      const onProgress = (/** @type {{ done: number, total: number }} */ { done, total }) =>
        session.store.set({ job: { phase: 'tiles', done, total } });
      const found = await this.#ask(item, modelId, { slice, settings, signal: stop.signal, onProgress });
      if (session.state.mask !== mask) return;
      this.#with = made;
      this.#plain = found;
      await this.#show(item, slice, modelId, mask, found);
    } catch (error) {
      session.fail(error);
    } finally {
      this.#stop = null;
      this.#set({ working: false });
      if (session.state.job?.phase === 'tiles' && !session.segmenting.busy) session.store.set({ job: null });
    }
  }

  /** @param {Item} item @param {string} modelId @param {Parameters<import('../../wire/results.js').Results['objects']>[1] & { slice: number }} how without what the model says */
  async #ask(item, modelId, how) {
    const { app: opening, models, volume } = this.#session;
    const scan = /** @type {import('../state.js').Scan} */ (item.scan);
    const app = await opening;
    const all = { threshold: models.threshold(modelId), head: models.head(modelId), tints: TINTS.length, ...how };
    const asked = (/** @type {string | undefined} */ along) =>
      models.with(
        modelId,
        () => {},
        (begun) => {
          const onProgress = (/** @type {{ done: number, total: number }} */ progress) => {
            begun();
            how.onProgress?.(progress);
          };
          return app.results.objects(scan, { ...all, along, onProgress });
        },
      );
    return volume.along.ask({ ...item, slice: how.slice }, modelId, asked);
  }

  /** Objects of any slice, with what was corrected of them. @param {Item} item @param {number} slice @param {string} modelId @param {Mask} mask @param {AbortSignal} signal */
  async find(item, slice, modelId, mask, signal) {
    const { settings } = this.#state;
    return this.#corrected(item, slice, modelId, mask, await this.#ask(item, modelId, { slice, settings, signal }));
  }

  /** Objects with their corrections, in the image and in the tables. @param {Item} item @param {number} slice @param {string} modelId @param {Mask} mask @param {Found} plain */
  async #show(item, slice, modelId, mask, plain) {
    const { selected } = this.#state;
    const chosen =
      selected === null || this.#state.found?.width !== plain.width ? -1 : this.#state.found.numbers.indexOf(selected);
    const found = await this.#corrected(
      this.#session.state.items.find(({ id }) => id === item.id) ?? item,
      slice,
      modelId,
      mask,
      plain,
    );
    if (this.#session.state.mask !== mask) return;
    this.#put(mask, found);
    this.remember(item, slice, modelId, found);
    this.#arrive();
    // The same object stays chosen, whatever its number is now.
    if (chosen >= 0) this.select(found.numbers[chosen] ?? null);
  }

  /** Objects of a slice after what was corrected by hand. @param {Item} item @param {number} slice @param {string} modelId @param {Mask} mask @param {Found} plain @returns {Promise<Found & { done?: boolean[] }>} */
  async #corrected(item, slice, modelId, mask, plain) {
    const edits = correctionsOf(item, slice, modelId);
    if (edits.length === 0 || !item.scan) return plain;
    const app = await this.#session.app;
    const { name, scan } = item;
    const result = { scan, slice, name, classes: [], labels: mask.labels, numbers: plain.numbers, micrometres: null };
    const found = await app.results.correct(result, edits, TINTS.length);
    return { ...found, areas: await app.areas({ ...mask, labels: found.classes }) };
  }

  #recorrect = latest(async () => {
    const { mask, modelId } = this.#session.state;
    const item = this.#session.current;
    if (!item || !modelId || !mask || this.#mask !== mask || !this.#plain) return;
    try {
      await this.#show(item, item.slice, modelId, mask, this.#plain);
    } catch (error) {
      this.#session.fail(error);
    }
  });

  /** Corrects what is shown. @param {import('./state.js').CorrectingTool} deed @param {Float64Array | number[]} points x and y in turn, pixels of the image */
  async correct(deed, points) {
    if (!this.#state.found) return;
    const { found, selected } = this.#state;
    // What is drawn is of the class of the chosen object, or of the first.
    const at = found.columns.findIndex(({ key }) => key === 'class');
    const own = selected === null ? 1 : found.values[(selected - 1) * found.columns.length + at];
    this.corrections.add(deed, points, own >= 1 ? own : 1);
    await this.#recorrect();
    const { done } = /** @type {{ done?: boolean[] }} */ (this.#state.found ?? {});
    // Another may have come meanwhile, which is told about then.
    if (done?.length !== this.corrections.edits.length) return;
    const { notice } = this.#session.state;
    if (done.at(-1)) {
      // Why an earlier one did nothing matters no more.
      if (notice?.text === this.#refused) this.#session.display.dismiss();
      return this.#session.announce(t(`correct.done.${deed}`));
    }
    this.corrections.drop();
    this.#refused = t(`correct.nothing.${deed}`);
    this.#session.say(this.#refused);
  }

  /** Takes the chosen object away. */
  async removeSelected() {
    const { found, selected } = this.#state;
    const at = found && selected !== null ? found.numbers.indexOf(selected) : -1;
    if (!found || at < 0) return;
    this.select(null);
    await this.correct('delete', [(at % found.width) + 0.5, Math.floor(at / found.width) + 0.5]);
  }

  /** @param {'undo' | 'redo'} way */
  async step(way) {
    if (!this.corrections[way]()) return;
    await this.#recorrect();
    this.#session.announce(t(`correct.${way}.done`));
  }

  /** @param {Mask | null} mask @param {Found | null} found */
  #put(mask, found) {
    this.#mask = mask;
    if (!mask) [this.#with, this.#plain] = ['', null];
    this.#set({ found, selected: null });
    this.show(null);
    void this.#session.segmenting.overlay.repaint();
  }

  /** What objects of a file follow from now. @param {number} id of the file @param {string} modelId */
  #made(id, modelId) {
    const { models, volume } = this.#session;
    const { settings } = this.#state;
    return JSON.stringify([
      modelId,
      models.threshold(modelId),
      models.head(modelId),
      models.version(modelId),
      volume.along.madeWith(id, modelId),
      settings,
    ]);
  }

  /** Keeps what was measured, for the table of all files. @param {import('../state.js').Item} item @param {number} slice @param {string} modelId @param {Found} found */
  remember({ id }, slice, modelId, { columns, values, count }) {
    this.#all.set(`${id}/${slice}`, { made: this.#made(id, modelId), part: { id, slice, columns, values, count } });
    this.#set({ known: this.#state.known + 1 });
    const mine = [...this.#all.values()].filter(({ made, part }) => part.id === id && made === this.#made(id, modelId));
    this.#session.change(id, { count: mine.reduce((sum, { part }) => sum + part.count, 0) });
  }

  /** What was measured with the present settings, slice by slice. @returns {import('./all.js').Part[]} */
  parts() {
    return this.#session.state.items.flatMap((item) => {
      const modelId = this.#session.models.for(item);
      const made = modelId && this.#made(item.id, modelId);
      const own = [...this.#all.values()].filter(({ part, made: was }) => part.id === item.id && was === made);
      return own.map(({ part }) => ({ ...part, name: item.name, micrometres: micrometresOf(item) }));
    });
  }

  /** The objects of all files that were looked at with the present settings; null of fewer than two slices. */
  all() {
    const { items } = this.#session.state;
    const of = [items, this.#state.known, this.#state.settings, this.#session.state.modelVersion];
    if (of.every((value, i) => value === this.#table.of[i])) return this.#table.all;
    const parts = this.parts();
    this.#table = { of, all: parts.length > 1 ? combined(parts) : null };
    return this.#table.all;
  }

  /** Shows the image of an object, and chooses it. @param {{ id: number, slice: number, object: number }} goal */
  goTo(goal) {
    this.#goal = goal;
    if (this.#session.state.currentId !== goal.id) this.#session.files.show(goal.id);
    this.#session.picture.toSlice(goal.slice);
    this.#arrive();
  }

  #arrive() {
    const item = this.#session.current;
    const { mask } = this.#session.state;
    if (!this.#goal || item?.id !== this.#goal.id || item.slice !== this.#goal.slice || this.#mask !== mask || !mask)
      return;
    this.select(this.#goal.object);
    this.#goal = null;
  }

  /** Whether objects are told apart with the model in use. @param {boolean} wanted */
  tellApart(wanted) {
    const { modelId } = this.#session.state;
    if (!modelId) return;
    const { byHand, settings } = this.#state;
    // A model that knows no rims parts what touches by its waists.
    const split = wanted && !this.separates && settings.split === 0 ? 1 : settings.split;
    this.#set({ byHand: { ...byHand, [modelId]: wanted }, settings: { ...settings, split } });
    this.#follow();
  }

  /** @param {Partial<Settings>} patch */
  change(patch) {
    this.#set({ settings: { ...this.#state.settings, ...patch } });
    this.#follow();
  }

  /** The number of the object at a pixel, 0 of none. @param {number} x @param {number} y @returns {number} */
  at(x, y) {
    const { found } = this.#state;
    return found && x < found.width && y < found.height ? (found.numbers[y * found.width + x] ?? 0) : 0;
  }

  /** @param {number | null} number */
  select(number) {
    const { found, selected } = this.#state;
    const next = found && number !== null && number > 0 && number <= found.count ? number : null;
    if (next === selected) return;
    this.#set({ selected: next });
    void this.#outline();
  }

  #outline = latest(async () => {
    const { found, selected } = this.#state;
    const { width = 0, height = 0 } = found ?? {};
    const drawn = found && selected !== null ? ring(found.numbers, width, height, selected) : null;
    if (!drawn) return this.show(null);
    const { rgba, ...place } = drawn;
    const bitmap = await createImageBitmap(new ImageData(rgba, place.width, place.height));
    this.show({ width, height, levels: [{ factor: 1, width, height, tiles: [{ ...place, bitmap }] }] });
  });

  cancel() {
    this.#stop?.abort();
  }

  /** @param {boolean} open @param {import('./state.js').View} [view] what is shown in it; else what was shown last */
  openDrawer(open, view = this.#state.view) {
    this.#set({ drawer: open, view });
  }

  /** Micrometres from pixel to pixel of the image that is shown, from its file or typed in; null if nobody knows. @returns {{ x: number, y: number } | null} */
  micrometres() {
    const item = this.#session.current;
    return item ? micrometresOf(item) : null;
  }

  /** What a person types in, for this file or for all of its size. @param {number | null} value micrometres; null: as the file says @param {boolean} forAll */
  measure(value, forAll) {
    const { store, current } = this.#session;
    if (!current?.scan || (value !== null && !(value > 0 && Number.isFinite(value)))) return;
    const { width, height } = current.scan;
    const alike = (/** @type {import('../state.js').Item} */ { id, scan }) =>
      id === current.id || (forAll && scan?.width === width && scan.height === height);
    store.set({ items: store.state.items.map((item) => (alike(item) ? { ...item, micrometres: value } : item)) });
    // The table's units have changed, too.
    this.#set({});
  }

  /** @param {number} index of a class, from 1 on @returns {string} */
  nameOfClass(index) {
    const { modelId } = this.#session.state;
    return className((modelId !== null && this.#session.models.byId(modelId)?.classes[index - 1]?.name) || '');
  }
}

/** @param {import('../state.js').Item} item @returns {{ x: number, y: number } | null} */
export function micrometresOf({ micrometres, scan }) {
  if (micrometres) return { x: micrometres, y: micrometres };
  return scan?.spacing ? { x: scan.spacing.x * 1000, y: scan.spacing.y * 1000 } : null;
}
