/**
 * The worker that holds the labels: opened when it is first needed, and again when it died. What every document was
 * stored as after its last command is kept here, so that a worker that dies takes at most the stroke at work with it.
 */
import { InsituError } from '../../insitu.js';
import { Supervisor } from '../../wire/supervisor.js';

/**
 * @typedef {import('../../labels/client.js').Labels} Labels
 * @typedef {import('../../../pkg/insitu.js').Outcome} Outcome
 * @typedef {{ width: number, height: number, slices: number }} Shape
 * @typedef {(options: { onDied: (cause: string) => void }) => Promise<Labels>} Opening
 *
 * @typedef {object} Listener
 * @property {(phase: 'loading' | 'ready' | 'failed') => void} onPhase
 * @property {(outcome: Outcome | null) => void} onRevived the worker runs again, with what was stored
 */

/** Stops within two minutes before the worker is given up. */
const STOPS = 3;

/** @type {Opening} */
const openLabels = async (options) => (await import('../../labels/client.js')).openLabels(options);

export class LabelWorker {
  #open;
  #listener;
  /** @type {Labels | null} */
  #labels = null;
  #starting = false;
  /** Calls made before the worker was there, in their order. @type {{ run(labels: Labels): void, reject(error: unknown): void }[]} */
  #queue = [];
  /** `given`: whether a worker has been told of it; until then the telling waits in the queue. @type {Map<number, { shape: Shape, bytes: Uint8Array | null, given: boolean }>} */
  #documents = new Map();
  /** @type {Uint8Array | null} */
  #order = null;
  /** Of the last command; a worker without labels starts with them. @type {{ name: string, colour: string }[]} */
  #classes = [];
  /** Documents that have changed since they were stored, each with the number of its last command. @type {Map<number, number>} */
  #unstored = new Map();
  #commands = 0;
  /** @type {Supervisor<object>} */
  #supervisor;
  /** Why the worker before is no more; null for the first one. @type {string | null} */
  #stopped = null;

  /** @param {Listener} listener @param {Opening} [open] */
  constructor(listener, open = openLabels) {
    this.#listener = listener;
    this.#open = open;
    this.#supervisor = new Supervisor(STOPS, {
      launch: (known) => this.#start(known),
      onStop: (cause) => {
        this.#labels = null;
        this.#stopped = cause;
      },
      onGivenUp: (cause) => {
        listener.onPhase('failed');
        return InsituError.of('label.worker', 'invalid', cause);
      },
      onRestarted: () => {},
      // Its phase says so.
      onFailed: () => {},
    });
  }

  get running() {
    return this.#labels !== null || this.#starting;
  }

  /** @param {number} doc */
  has(doc) {
    return this.#documents.has(doc);
  }

  get documents() {
    return [...this.#documents.keys()];
  }

  /** Calls happen in their order, also those that wait for the worker. @template T @param {(labels: Labels) => Promise<T>} work @returns {Promise<T>} */
  call(work) {
    if (this.#labels) return work(this.#labels);
    return new Promise((resolve, reject) => {
      this.#queue.push({ run: (labels) => void work(labels).then(resolve, reject), reject });
      if (!this.#starting) this.#supervisor.start().catch(() => {});
    });
  }

  /** @param {(worker: object) => void} known */
  async #start(known) {
    this.#starting = true;
    this.#listener.onPhase('loading');
    // Before it is open there is nothing else that tells one from another.
    const worker = {};
    known(worker);
    try {
      // A worker can die while it is being opened; its opening then fails too.
      const labels = await this.#open({ onDied: (cause) => this.#supervisor.stopped(worker, cause) });
      /** @type {Outcome | null} */
      let outcome = null;
      const kept = [...this.#documents.values()].some(({ bytes, given }) => bytes && given);
      // Documents bring their classes along.
      if (!kept && this.#classes.length > 0) outcome = await labels.setClasses(this.#classes);
      for (const [doc, { shape, bytes, given }] of this.#documents) {
        const { width, height, slices } = shape;
        if (given) outcome = await (bytes ? labels.restore(doc, bytes) : labels.add(doc, width, height, slices));
      }
      // Without the order there is no undo; the labels are there all the same.
      if (this.#order) outcome = await labels.restoreOrder(this.#order).catch(() => outcome);
      this.#labels = labels;
      this.#starting = false;
      this.#listener.onPhase('ready');
      if (this.#stopped !== null) this.#listener.onRevived(outcome);
      this.#stopped = null;
      for (const { run } of this.#queue.splice(0)) run(labels);
    } catch (thrown) {
      // It died meanwhile, and the next one is on its way.
      if (this.#supervisor.worker !== worker) throw thrown;
      this.#starting = false;
      this.#listener.onPhase('failed');
      const error = InsituError.from(thrown);
      for (const { reject } of this.#queue.splice(0)) reject(error);
      throw error;
    }
  }

  /** Makes sure that there is a document. @param {number} doc @param {Shape} shape @returns {Promise<Outcome> | null} null if it was there */
  add(doc, shape) {
    if (this.#documents.has(doc)) return null;
    const known = { shape, bytes: null, given: false };
    this.#documents.set(doc, known);
    return this.call((labels) => {
      known.given = true;
      return labels.add(doc, shape.width, shape.height, shape.slices);
    });
  }

  /** @param {number} doc */
  remove(doc) {
    if (!this.#documents.delete(doc)) return null;
    this.#unstored.delete(doc);
    return this.call((labels) => labels.remove(doc));
  }

  /** In the place of `add`. @param {number} doc @param {Shape} shape @param {Uint8Array} bytes */
  restore(doc, shape, bytes) {
    // If it fails, so does what follows, and that is told.
    this.remove(doc)?.catch(() => {});
    const known = { shape, bytes, given: false };
    this.#documents.set(doc, known);
    return this.call((labels) => {
      known.given = true;
      return labels.restore(doc, bytes.slice());
    });
  }

  /** @param {Uint8Array} bytes */
  restoreOrder(bytes) {
    this.#order = bytes;
    return this.call((labels) => labels.restoreOrder(bytes.slice()));
  }

  /** To be told of every command's end. @param {{ name: string, colour: string }[]} classes @param {number[]} docs that it changed */
  changed(classes, docs) {
    this.#classes = classes;
    this.#commands += 1;
    for (const doc of docs) this.#unstored.set(doc, this.#commands);
  }

  /** Keeps what has changed, for the case that the worker dies. Not to be called while a command is open. */
  async keep() {
    const labels = this.#labels;
    if (!labels) return;
    const docs = [...this.#unstored].filter(([doc]) => this.#documents.has(doc));
    // Asked for in one go, so that no command comes between them.
    const [order, ...stored] = await Promise.all([labels.storeOrder(), ...docs.map(([doc]) => labels.store(doc))]);
    if (labels !== this.#labels) return;
    this.#order = order;
    docs.forEach(([doc, command], i) => {
      const known = this.#documents.get(doc);
      if (known) known.bytes = stored[i];
      // Meanwhile there may have been another one.
      if (this.#unstored.get(doc) === command) this.#unstored.delete(doc);
    });
  }

  /** A document as it is to be stored. @param {number} doc @returns {Promise<Uint8Array>} */
  async stored(doc) {
    const known = this.#documents.get(doc);
    if (known?.bytes && !this.#unstored.has(doc)) return known.bytes;
    return this.call((labels) => labels.store(doc));
  }

  /** After it was given up. */
  again() {
    if (this.running) return;
    this.#stopped = '';
    this.#supervisor.start().catch(() => {});
  }
}
