/** Objects of the slice that is shown: told apart after its mask, chosen, and drawn in tints. */
import { ring, TINTS } from '../../pictures/tints.js';
import { latest } from '../latest.js';
import { combined } from './all.js';

/**
 * @typedef {import('../state.js').Mask} Mask
 * @typedef {import('../../wire/results.js').Found} Found
 * @typedef {import('./state.js').Settings} Settings
 */

export class Objects {
  #session;
  /** The mask that the objects were made of. @type {Mask | null} */
  #mask = null;
  /** What they were made with. */
  #with = '';
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
      const app = await session.app;
      const { scan, slice } = item;
      const how = {
        slice,
        threshold: session.models.threshold(modelId),
        head: session.models.head(modelId),
        settings,
        tints: TINTS.length,
      };
      const found = await session.models.with(
        modelId,
        () => {},
        (begun) => {
          const onProgress = (/** @type {{ done: number, total: number }} */ { done, total }) => {
            begun();
            session.store.set({ job: { phase: 'tiles', done, total } });
          };
          return app.results.objects(scan, { ...how, signal: stop.signal, onProgress });
        },
      );
      if (session.state.mask !== mask) return;
      this.#with = made;
      this.#put(mask, found);
      this.remember(item, item.slice, modelId, found);
      this.#arrive();
    } catch (error) {
      session.fail(error);
    } finally {
      this.#stop = null;
      this.#set({ working: false });
      if (session.state.job?.phase === 'tiles' && !session.segmenting.busy) session.store.set({ job: null });
    }
  }

  /** @param {Mask | null} mask @param {Found | null} found */
  #put(mask, found) {
    this.#mask = mask;
    if (!mask) this.#with = '';
    this.#set({ found, selected: null });
    this.show(null);
    void this.#session.segmenting.repaint();
  }

  /** What objects of a file follow from now. @param {string} modelId */
  #made(modelId) {
    const { models } = this.#session;
    const { settings } = this.#state;
    return JSON.stringify([
      modelId,
      models.threshold(modelId),
      models.head(modelId),
      models.version(modelId),
      settings,
    ]);
  }

  /** Keeps what was measured, for the table of all files. @param {import('../state.js').Item} item @param {number} slice @param {string} modelId @param {Found} found */
  remember({ id }, slice, modelId, { columns, values, count }) {
    this.#all.set(`${id}/${slice}`, { made: this.#made(modelId), part: { id, slice, columns, values, count } });
    this.#set({ known: this.#state.known + 1 });
    const mine = [...this.#all.values()].filter(({ made, part }) => part.id === id && made === this.#made(modelId));
    this.#session.change(id, { count: mine.reduce((sum, { part }) => sum + part.count, 0) });
  }

  /** What was measured with the present settings, slice by slice. @returns {import('./all.js').Part[]} */
  parts() {
    return this.#session.state.items.flatMap((item) => {
      const modelId = this.#session.models.for(item);
      const made = modelId && this.#made(modelId);
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
    return (modelId !== null && this.#session.models.byId(modelId)?.classes[index - 1]?.name) || '';
  }
}

/** @param {import('../state.js').Item} item @returns {{ x: number, y: number } | null} */
export function micrometresOf({ micrometres, scan }) {
  if (micrometres) return { x: micrometres, y: micrometres };
  return scan?.spacing ? { x: scan.spacing.x * 1000, y: scan.spacing.y * 1000 } : null;
}
