/** Painting labels: which file, slice, tool and class; the undo order; what a training learns from. */
import { InsituError } from '../../insitu.js';
import { carryCode } from '../codes.js';
import { placeName } from '../places.js';
import { t } from '../../strings/t.js';
import { LabelDesk } from './desk.js';
import { Numbers } from './numbers.js';
import { objectsIn } from './objects.js';
import { Solid } from './solid.js';
import { beside, greyValues, proposal } from './sources.js';
import { drawn, paints, SIZES, UNLABELLED } from './state.js';
import { inSight } from './volume.js';

/** @typedef {import('../../labels/client.js').Where} Where */

export class Labelling {
  #session;
  /** @type {((itemIds: number[]) => void)[]} */
  #listeners = [];
  desk;
  numbers = new Numbers();
  /** Work in 3-D. */
  solid;
  /** What undo takes back first, such as a corner of an outline at work. @type {() => boolean} */
  takeBack = () => false;
  /** Whether the brush has the size that a person gave it. */
  #sized = false;
  /** Of which slice and window the worker has the grey values. */
  #grey = '';
  /** @type {import('../state.js').Tool} */
  #lastTool = 'brush';

  /** @param {import('../session.js').Session} session @param {import('./worker.js').Opening} [open] */
  constructor(session, open) {
    this.#session = session;
    const tell = (/** @type {number[]} */ itemIds) => this.#listeners.forEach((listener) => listener(itemIds));
    this.desk = new LabelDesk(session, tell, open);
    this.solid = new Solid(session, this.desk);
    this.desk.onRevived = () => (this.#grey = '');
    const { store } = session;
    let { panel } = store.state;
    store.on(['panel'], (state) => {
      if (state.panel === panel) return;
      panel = state.panel;
      this.#panelChanged();
    });
    store.on(['tool'], ({ tool }) => {
      this.desk.endStroke();
      if (!paints(tool)) return;
      this.#lastTool = tool;
      this.#firstSize();
      // Before the first stroke asks for it.
      this.desk.document(session.current);
    });
  }

  get state() {
    return this.#session.state.labelling;
  }

  /** @param {(itemIds: number[]) => void} listener told after each command, with the files whose labels it changed */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  /** @param {Partial<import('./state.js').LabellingState>} patch */
  #set(patch) {
    this.desk.set(patch);
  }

  // What is chosen.

  /** @param {number} ink */
  pick(ink) {
    if (ink >= 0 && ink <= this.state.classes.length) this.#set({ ink });
  }

  /** A brush that one can see on a large image, too. */
  #firstSize() {
    const scan = this.#session.current?.scan;
    if (this.#sized || !scan) return;
    this.resize(Math.min(Math.max(Math.min(scan.width, scan.height) / 64, this.state.size), 100));
  }

  /** @param {number} size */
  resize(size) {
    this.#sized = true;
    if (Number.isFinite(size)) this.#set({ size: Math.min(Math.max(Math.round(size), SIZES.least), SIZES.most) });
  }

  /** How far flood and wand reach, how strongly an outline is smoothed, how sure a prediction must be. @param {Partial<Pick<import('./state.js').LabellingState, 'tolerance' | 'smoothing' | 'sure' | 'ball'>>} dials */
  adjust(dials) {
    this.#set(dials);
  }

  /** @param {boolean} shown whether labels are drawn over the image */
  draw(shown) {
    this.#set({ shown });
  }

  /** Shows the labels or hides them; where labels are not drawn it leads to where they are. */
  toggle() {
    const { panel, labelling } = this.#session.state;
    const away = panel !== 'label' && !drawn(this.#session.state);
    if (away) this.#session.store.set({ panel: 'label' });
    this.draw(away || !labelling.shown);
  }

  /** A step of the keys and the wheel. @param {1 | -1} step */
  grow(step) {
    const { size } = this.state;
    this.resize(size + step * Math.max(1, Math.round(size * 0.15)));
  }

  /** Leaving the panel gives the hand back, so that no drag paints by surprise. */
  #panelChanged() {
    const { panel, tool } = this.#session.state;
    if (panel === 'label' && !paints(tool)) this.#session.store.set({ tool: this.#lastTool });
    else if (panel !== 'label' && paints(tool)) this.#session.store.set({ tool: 'pan' });
  }

  // Tools that act at once. `points`: x and y in turn, pixels of the image.

  /** @param {Float64Array} points @param {number} value */
  polygon(points, value) {
    return this.desk.here((labels, doc, slice) => labels.polygon(doc, slice, points, value));
  }

  /** @param {number} x @param {number} y @param {number} value */
  async flood(x, y, value) {
    if (await this.#giveGrey())
      await this.desk.here((labels, doc, slice) => labels.flood(doc, slice, x, y, this.state.tolerance, value));
  }

  /** @param {number} x @param {number} y @param {Where} where @param {number} value */
  async wand(x, y, where, value) {
    if (await this.#giveGrey())
      await this.desk.here((labels, doc, slice) => labels.wand(doc, slice, x, y, this.state.tolerance, where, value));
  }

  /** @param {Where} where */
  smooth(where) {
    return this.desk.here((labels, doc, slice) => labels.smooth(doc, slice, where, this.state.smoothing));
  }

  /** Takes the mask that is shown over; labels that are there stay. @param {Where} where */
  async accept(where) {
    const { mask } = this.#session.state;
    if (!mask) return void this.#session.say(t('label.accept.none'));
    const model = this.#session.models.byId(this.#session.state.modelId ?? '');
    // Objects that were corrected by hand are what a person takes over.
    const found = this.#session.objects.of(mask);
    const labels = found?.classes ?? mask.labels;
    const given = proposal({ ...mask, labels }, model?.classes ?? [], this.state.classes);
    const outcome = await this.desk.here(async (labels, doc, slice) => {
      const painted =
        this.state.labelled.some((one) => one.itemId === doc && one.slice === slice) && (await labels.read(doc, slice));
      const rest = painted ? { ...given, labels: beside(given.labels, painted) } : given;
      return labels.accept(doc, slice, where, rest.labels, rest.probability, rest.classes, this.state.sure);
    });
    const { current } = this.#session;
    if (outcome && outcome.pieces.length === 0) this.#session.say(t('label.accept.nothing'));
    else if (outcome && found && current) this.numbers.put(current.id, current.slice, found.numbers);
  }

  fillRest() {
    return this.desk.here((labels, doc, slice) => labels.fillRest(doc, slice, 0));
  }

  clearSlice() {
    return this.desk.here((labels, doc, slice) => labels.clear(doc, slice, null));
  }

  clearAll() {
    return this.desk.run((labels) => labels.clearAll());
  }

  /** The worker needs the slice as it looks, once for each slice and window. @returns {Promise<boolean>} */
  async #giveGrey() {
    const item = this.#session.current;
    const doc = this.desk.document(item);
    if (!item?.scan || doc === null) return false;
    const { scan, slice, window } = item;
    const key = [doc, slice, window.center, window.width].join();
    if (key === this.#grey) return true;
    try {
      await this.desk.patiently(
        this.#session.app
          .then((app) => greyValues(app, scan, slice, window))
          .then((values) => this.desk.worker.call((labels) => labels.image(doc, slice, values))),
      );
      this.#grey = key;
      const now = this.#session.current;
      return now?.id === item.id && now.slice === slice;
    } catch (error) {
      this.desk.fail(error);
      return false;
    }
  }

  // Undo.

  async undo() {
    if (!this.takeBack()) await this.#step('undo');
  }

  async redo() {
    await this.#step('redo');
  }

  /** @param {'undo' | 'redo'} way */
  async #step(way) {
    if (this.state.steps[way] === 0 && !this.desk.stroking) return;
    const outcome = await this.desk.run((labels) => labels[way]());
    if (!outcome) return;
    const item = this.#session.current;
    const { at } = outcome;
    const name = at && this.#session.state.items.find(({ id }) => id === at.doc)?.name;
    // Who sees what changed stays; nobody is taken elsewhere without a word.
    if (!at || inSight(this.#session, outcome.pieces)) return this.#session.announce(t(`label.${way}.done`));
    this.show(at.doc, at.slice);
    if (name && at.doc !== item?.id) this.#session.say(t(`label.${way}.file`, { name }));
    else if (at.slice !== item?.slice)
      this.#session.say(t(`label.${way}.slice`, { slice: placeName(item?.scan, at.slice) }));
    else this.#session.announce(t(`label.${way}.done`));
  }

  /** Shows a slice of a file. @param {number} itemId @param {number} slice */
  show(itemId, slice) {
    const { items, currentId } = this.#session.state;
    if (!items.some((item) => item.id === itemId)) return;
    if (currentId === itemId) return this.#session.picture.toSlice(slice);
    this.#session.change(itemId, { slice });
    this.#session.files.show(itemId);
  }

  // Classes.

  /** @param {string} name */
  async addClass(name) {
    const outcome = await this.desk.run((labels) => labels.addClass(name, null));
    if (outcome) this.pick(outcome.classes.length);
  }

  /** @param {number} value @param {string} name */
  renameClass(value, name) {
    carryCode(this.#session, this.state.classes[value - 1]?.name ?? '', name);
    return this.desk.run((labels) => labels.renameClass(value, name));
  }

  /** @param {number} value @param {string} colour */
  recolourClass(value, colour) {
    return this.desk.run((labels) => labels.recolourClass(value, colour));
  }

  /** What was labelled with it is not labelled any more. @param {number} value */
  removeClass(value) {
    return this.desk.run((labels) => labels.removeClass(value, UNLABELLED));
  }

  /** @param {number} from @param {number} to */
  async moveClass(from, to) {
    const { ink } = this.state;
    const outcome = await this.desk.run((labels) => labels.moveClass(from, to));
    // The brush keeps its class, not its number.
    if (outcome && ink === from) this.pick(to);
    else if (outcome && ink === to) this.pick(from);
  }

  // Files.

  /** The labels of the slice that is shown, as PNG. @returns {Promise<Uint8Array | null>} */
  async png() {
    const item = this.#session.current;
    return item && this.desk.worker.has(item.id)
      ? this.desk.worker.call((labels) => labels.png(item.id, item.slice))
      : null;
  }

  /** All labels. @returns {Promise<Uint8Array>} */
  zip() {
    const { identity, state } = this.#session;
    const names = Object.fromEntries(state.items.map((item) => [item.id, identity.name(item)]));
    return this.desk.worker.call((labels) => labels.zip(names));
  }

  /** Reads labels for the slice that is shown. @param {File} file */
  async load(file) {
    const item = this.#session.current;
    const doc = this.desk.document(item);
    if (!item || doc === null) return;
    this.desk.endStroke();
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const outcome = await this.desk.run((labels) => labels.import(doc, item.slice, bytes, item.name));
      if (!outcome) return;
      this.#session.say(t('label.load.done', { name: file.name, count: outcome.pieces.length }));
      if (outcome.at) this.show(outcome.at.doc, outcome.at.slice);
    } catch (error) {
      this.#session.fail(error);
    }
  }

  /** What a file of labels numbers, if its values look like objects rather than classes. @param {File} file */
  async objects(file) {
    const scan = this.#session.current?.scan;
    if (!scan) return null;
    const looked = this.#session.app.then((app) => objectsIn(app, file, scan));
    // What goes wrong here is said by the reader of labels.
    return this.desk.patiently(looked).catch(() => null);
  }

  /** The class that objects of a file become: the one that is painted with. */
  get objectClass() {
    return Math.max(this.state.ink, 1);
  }

  /** Takes numbered objects over as labels of one class, one command. @param {string} name of the file @param {import('./objects.js').Objects} objects */
  async loadObjects(name, { count, planes, numbers }) {
    const item = this.#session.current;
    const doc = this.desk.document(item);
    if (!item || doc === null) return;
    const value = this.objectClass;
    const { classes } = this.state;
    const outcome = await this.desk.run(async (labels) => {
      await labels.begin();
      try {
        for (const [i, plane] of planes.entries()) {
          const given = plane.map((inside) => (inside === 1 ? value : inside));
          const sure = new Float32Array(classes.length * plane.length);
          await labels.accept(doc, planes.length > 1 ? i : item.slice, null, given, sure, classes.length, 0);
        }
        return await labels.end();
      } catch (error) {
        await labels.cancel();
        throw error;
      }
    });
    if (!outcome) return;
    numbers.forEach((own, i) => this.numbers.put(doc, numbers.length > 1 ? i : item.slice, own));
    this.#session.say(t('label.objects.done', { name, count, class: classes[value - 1]?.name ?? '' }));
    this.desk.drawAnew();
  }

  /**
   * What a training learns from: every slice with labels.
   * @returns {Promise<{ itemId: number, scan: import('../../insitu.js').Scan, slice: number, labels: Uint8Array, objects?: Uint32Array }[]>} 255 is "not labelled"
   */
  async samples() {
    this.desk.endStroke();
    const { items, labelling } = this.#session.state;
    const found = labelling.labelled.map(async ({ itemId, slice }) => {
      const scan = items.find((item) => item.id === itemId)?.scan;
      if (!scan) return [];
      const labels = await this.desk.worker.call((all) => all.read(itemId, slice));
      const objects = this.numbers.get(itemId, slice, labels.length) ?? undefined;
      return [{ itemId, scan, slice, labels, objects }];
    });
    return (await Promise.all(found)).flat();
  }

  // Keeping.

  /** @param {number} itemId @returns {Promise<Uint8Array | null>} null if it has no labels and no history */
  async store(itemId) {
    if (!this.desk.worker.has(itemId)) return null;
    const labels = await this.desk.worker.stored(itemId);
    return labels && this.numbers.beside(itemId, labels);
  }

  /** Of a file that is open. @param {number} itemId @param {Uint8Array} bytes */
  async restore(itemId, bytes) {
    const item = this.#session.state.items.find((other) => other.id === itemId);
    if (!item?.scan) throw InsituError.of('scan.closed', 'invalid');
    const { width, height, slices } = item.scan;
    await this.desk.restore(itemId, { width, height, slices }, this.numbers.parted(itemId, bytes));
  }

  /** @returns {Promise<Uint8Array | null>} null if there are no labels and no history */
  async storeOrder() {
    return this.desk.worker.documents.length > 0 ? this.desk.worker.call((labels) => labels.storeOrder()) : null;
  }

  /** @param {Uint8Array} bytes */
  async restoreOrder(bytes) {
    this.desk.take(await this.desk.worker.restoreOrder(bytes));
  }

  /** A file was closed. @param {number} itemId */
  forget(itemId) {
    this.numbers.forget(itemId);
    void this.desk.forget(itemId);
  }

  /** Once more, after the worker was given up. */
  again() {
    this.desk.worker.again();
  }
}
