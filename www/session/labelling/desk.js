/**
 * The documents with the labels of the files, the stroke that is being painted, and what comes back from the worker: what
 * is drawn, what is counted.
 */
import { InsituError } from '../../insitu.js';
import { t } from '../../strings/t.js';
import { classesOf } from './sources.js';
import { LabelWorker } from './worker.js';
import { paints, UNLABELLED } from './state.js';
import { depthsOf } from './volume.js';

/**
 * @typedef {import('../../labels/client.js').Labels} Labels
 * @typedef {import('../../../pkg/insitu.js').Outcome} Outcome
 * @typedef {import('../../../pkg/insitu.js').Piece} Piece
 * @typedef {import('../../labels/client.js').Dab} Dab
 * @typedef {import('../state.js').Item} Item
 * @typedef {{ doc: number, slice: number }} Place a document has the number of its file
 *
 * @typedef {object} Layer the labels of the slice that is shown
 * @property {(size: { width: number, height: number } | null) => void} reset to nothing labelled
 * @property {(piece: Piece) => void} put
 * @property {(x: number, y: number) => number} at label of a pixel
 */

/** What takes longer is told of, ms. */
const PATIENCE = 400;

export class LabelDesk {
  #session;
  #onChanged;
  worker;
  /** @type {Layer} */
  layer = { reset() {}, put() {}, at: () => UNLABELLED };
  /** @type {(Place & { broken: boolean }) | null} */
  #stroke = null;
  /** What the layer shows. @type {Place | null} */
  #place = null;
  /** How many things take long. */
  #late = 0;
  /** Documents on their way back from the storage. */
  #returning = 0;
  /** Called when labels came, of whatever slice: others show them, too. */
  onDrawn = () => {};
  /** Called when the worker had to be started again. */
  onRevived = () => {};

  /**
   * @param {import('../session.js').Session} session @param {(itemIds: number[]) => void} onChanged after each command, with the files whose labels it changed
   * @param {import('./worker.js').Opening} [open]
   */
  constructor(session, onChanged, open) {
    this.#session = session;
    this.#onChanged = onChanged;
    this.worker = new LabelWorker(
      { onPhase: (phase) => this.#phase(phase), onRevived: (outcome) => this.#revived(outcome) },
      open,
    );
    session.store.on(['items', 'currentId'], () => this.moved());
    session.store.on(['models', 'modelId', 'constants'], () => this.#modelChanged());
  }

  get state() {
    return this.#session.state.labelling;
  }

  /** @param {Partial<import('./state.js').LabellingState>} patch */
  set(patch) {
    this.#session.store.set({ labelling: { ...this.state, ...patch } });
  }

  /** While nothing is labelled, the classes are those of the model in use. */
  #modelChanged() {
    const { classes, steps, labelled } = this.state;
    // Labels that come back bring their classes along.
    if (steps.undo > 0 || steps.redo > 0 || labelled.length > 0 || this.#stroke || this.#returning > 0) return;
    const wanted = classesOf(this.#session);
    if (JSON.stringify(wanted) === JSON.stringify(classes)) return;
    this.set({ classes: wanted, ink: Math.min(Math.max(this.state.ink, 1), wanted.length) });
    if (this.worker.running) void this.run((labels) => labels.setClasses(wanted));
  }

  /** @param {'loading' | 'ready' | 'failed'} phase */
  #phase(phase) {
    this.set({ phase });
    if (phase === 'failed') this.#session.fail(InsituError.of('label.worker', 'invalid'));
  }

  /** @param {Outcome | null} outcome */
  #revived(outcome) {
    this.#stroke = null;
    this.onRevived();
    if (outcome) this.take(outcome);
    this.drawAnew();
    this.#session.say(t('label.revived'));
  }

  /** The document of a file. @param {Item | null} item @returns {number | null} null for a file that is not open */
  document(item) {
    if (!item?.scan) return null;
    if (this.worker.has(item.id)) return item.id;
    const { width, height, slices } = item.scan;
    if (!this.worker.running) void this.told(this.worker.call((labels) => labels.setClasses(this.state.classes)));
    void this.told(this.worker.add(item.id, { width, height, slices }));
    this.moved();
    return item.id;
  }

  /** A document as it was stored. @param {number} itemId @param {import('./worker.js').Shape} shape @param {Uint8Array} bytes */
  async restore(itemId, shape, bytes) {
    this.#returning += 1;
    try {
      this.take(await this.worker.restore(itemId, shape, bytes));
    } finally {
      this.#returning -= 1;
    }
    this.drawAnew();
  }

  /** A file was closed. @param {number} itemId */
  async forget(itemId) {
    if (this.#stroke?.doc === itemId) this.cancelStroke();
    await this.told(this.worker.remove(itemId));
    this.#keep();
  }

  /** Another slice or file is shown: a stroke ends there, and its labels are drawn. */
  moved() {
    const item = this.#session.current;
    const stroke = this.#stroke;
    if (stroke && (stroke.doc !== item?.id || stroke.slice !== item.slice)) this.endStroke();
    if (!item?.scan || !this.worker.has(item.id)) {
      if (this.#place) this.layer.reset(null);
      this.#place = null;
      if (paints(this.#session.state.tool)) this.document(item);
      return;
    }
    if (this.#place?.doc === item.id && this.#place.slice === item.slice) return;
    this.drawAnew();
  }

  /** Draws all labels of the slice that is shown. */
  drawAnew() {
    const item = this.#session.current;
    if (!item?.scan || !this.worker.has(item.id)) return;
    const { id, slice } = item;
    this.#place = { doc: id, slice };
    this.layer.reset(item.scan);
    this.worker
      .call((labels) => labels.pieces(id, slice))
      .then(
        (pieces) => this.#draw(pieces),
        (error) => this.fail(error),
      );
  }

  /** @param {Piece[]} pieces */
  #draw(pieces) {
    for (const piece of pieces)
      if (piece.doc === this.#place?.doc && piece.slice === this.#place.slice) this.layer.put(piece);
    this.onDrawn();
  }

  /** @param {unknown} thrown */
  fail(thrown) {
    const error = InsituError.from(thrown);
    // Of a worker that died one is told once, when it runs again.
    if (error.kind !== 'device') this.#session.fail(error);
  }

  /** @param {Promise<Outcome> | null} promise @param {boolean} [drawn] whether all of it is drawn already @returns {Promise<Outcome | null>} null if it failed, of which the person is told */
  async told(promise, drawn = false) {
    try {
      const outcome = await promise;
      if (outcome) this.take(outcome, drawn);
      return outcome;
    } catch (error) {
      this.fail(error);
      return null;
    }
  }

  /** Draws what a command changed and counts anew. @param {Outcome} outcome @param {boolean} [drawn] */
  take(outcome, drawn = false) {
    if (drawn) this.onDrawn();
    else this.#draw(outcome.pieces);
    const order = this.#session.state.items.map((item) => item.id);
    const labelled = outcome.labelled
      .map(({ doc, slice, counts }) => ({ itemId: doc, slice, counts }))
      .sort((a, b) => order.indexOf(a.itemId) - order.indexOf(b.itemId) || a.slice - b.slice);
    const before = this.state;
    const { classes, steps, counts } = outcome;
    this.set({ classes, steps, counts, labelled, ink: Math.min(before.ink, classes.length) });
    const others = JSON.stringify(classes) !== JSON.stringify(before.classes);
    const docs = others ? this.worker.documents : [...new Set(outcome.pieces.map((piece) => piece.doc))];
    this.worker.changed(classes, docs);
    if (docs.length === 0) return;
    this.#keep();
    this.#onChanged(docs);
  }

  #keep() {
    if (!this.#stroke) this.worker.keep().catch((error) => this.fail(error));
  }

  /** Waits, and says so when it takes long. @template T @param {Promise<T>} promise @returns {Promise<T>} */
  async patiently(promise) {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#late += 1;
      this.set({ working: true });
    }, PATIENCE);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      if (late) this.#late -= 1;
      if (late && this.#late === 0) this.set({ working: false });
    }
  }

  /** One command. @param {(labels: Labels) => Promise<Outcome>} work @returns {Promise<Outcome | null>} null if it failed */
  run(work) {
    this.endStroke();
    this.#reveal();
    return this.patiently(this.told(this.worker.call(work)));
  }

  /** Nobody paints unseen. */
  #reveal() {
    if (!this.state.shown) this.set({ shown: true });
  }

  /** A command on the slice that is shown. @param {(labels: Labels, doc: number, slice: number) => Promise<Outcome>} work */
  async here(work) {
    const item = this.#session.current;
    const doc = this.document(item);
    if (!item || doc === null) return null;
    return this.run((labels) => work(labels, doc, item.slice));
  }

  get stroking() {
    return this.#stroke !== null;
  }

  /** @returns {boolean} whether there is something to paint on */
  beginStroke() {
    this.endStroke();
    const item = this.#session.current;
    const doc = this.document(item);
    if (!item || doc === null) return false;
    this.#reveal();
    this.#stroke = { doc, slice: item.slice, broken: false };
    this.worker.call((labels) => labels.begin()).catch((error) => this.fail(error));
    return true;
  }

  /** On the slice that is shown, and with a ball on its neighbours, too. @param {Dab} from @param {Dab} to @param {number} value */
  brush(from, to, value) {
    const scan = this.#session.current?.scan;
    if (this.state.ball && scan && scan.planes.depths > 1) return this.sweep(2, null, from, to, value);
    this.#paint(async (labels, { doc, slice }) => {
      const piece = await labels.brush(doc, slice, from.x, from.y, from.radius, to.x, to.y, to.radius, value);
      return piece ? [piece] : [];
    });
  }

  /**
   * On several slices at once; the engine's `Sweep` tells of what the dabs are.
   * @param {0 | 1 | 2} axis @param {number | null} index of the plane; null: the slice that is shown @param {Dab} from @param {Dab} to @param {number} value
   */
  sweep(axis, index, from, to, value) {
    const scan = this.#session.current?.scan;
    if (!scan) return;
    const dab = (/** @type {Dab} */ { x, y, radius }) => /** @type {[number, number, number]} */ ([x, y, radius]);
    this.#paint((labels, { doc, slice }) =>
      labels.sweep(doc, {
        depths: depthsOf(scan, slice),
        axis,
        index: index ?? slice,
        from: dab(from),
        to: dab(to),
        value,
      }),
    );
  }

  /** A part of the stroke at work. @param {(labels: Labels, place: Place) => Promise<Piece[]>} work */
  #paint(work) {
    const stroke = this.#stroke;
    if (!stroke || stroke.broken) return;
    this.worker
      .call((labels) => work(labels, stroke))
      .then(
        (pieces) => pieces.length > 0 && this.#draw(pieces),
        (error) => {
          // One sentence for a stroke, not one for each of its points.
          if (!stroke.broken) this.fail(error);
          stroke.broken = true;
        },
      );
  }

  endStroke() {
    if (!this.#stroke) return;
    this.#stroke = null;
    void this.told(
      this.worker.call((labels) => labels.end()),
      true,
    );
  }

  /** Takes the stroke back that is being painted. */
  cancelStroke() {
    if (!this.#stroke) return;
    this.#stroke = null;
    void this.told(this.worker.call((labels) => labels.cancel()));
  }
}
