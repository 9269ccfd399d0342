/** The labels on the planes of the two small views: asked for after every command, and now and then during a stroke. */
import { latest } from '../latest.js';
import { drawn } from '../labelling/state.js';
import { depthsOf } from '../labelling/volume.js';
import { SMALL } from './planes.js';
import { either, threeViews, voxelOf } from './space.js';

/** @typedef {import('./planes.js').Axis} Axis @typedef {{ id: number, index: number, values: Uint8Array }} Labels `[depth][x]` of one plane; 255: not labelled */

/** While labels change, they are asked for no more often, ms. */
const PAUSE = 100;

export class LabelPlanes {
  #session;
  /** Who draws each of them. @type {Record<Axis, (labels: Labels | null) => void>} */
  show = { 0: () => {}, 1: () => {} };
  /** What is shown. @type {Record<Axis, string>} */
  #shown = { 0: '', 1: '' };
  /** Counts what changed. */
  #version = 0;
  /** Whether a change is about to be followed. */
  #waits = false;

  /** @param {import('../session.js').Session} session */
  constructor(session) {
    this.#session = session;
    session.labelling.desk.onDrawn = () => {
      if (this.#waits) return;
      this.#waits = true;
      setTimeout(() => {
        this.#waits = false;
        this.#version += 1;
        this.#follow();
      }, PAUSE);
    };
    session.store.on(['items', 'currentId', 'volume', 'labelling', 'panel', 'training'], () => this.#follow());
  }

  /** What is to be seen; null if nothing. Labels belong to single planes: a slab has none. @param {Axis} axis */
  #wanted(axis) {
    const { current, state, labelling } = this.#session;
    const scan = current?.scan;
    if (!scan || !threeViews(scan, state.volume) || !drawn(state)) return null;
    if (either(scan, axis, state.volume.slab) > 0 || !labelling.desk.worker.has(current.id)) return null;
    const index = voxelOf({ ...current, scan }, state.volume)[axis];
    const depths = depthsOf(scan, current.slice);
    return { id: current.id, index, depths, key: [current.id, index, depths.first, this.#version].join() };
  }

  #follow() {
    for (const axis of SMALL) {
      const wanted = this.#wanted(axis);
      if (wanted && wanted.key !== this.#shown[axis]) void this.#refresh[axis]();
      else if (!wanted) this.#put(axis, '', null);
    }
  }

  /** @type {Record<Axis, () => Promise<void>>} */
  #refresh = { 0: latest(() => this.#ask(0)), 1: latest(() => this.#ask(1)) };

  /** @param {Axis} axis */
  async #ask(axis) {
    const wanted = this.#wanted(axis);
    if (!wanted || wanted.key === this.#shown[axis]) return;
    const { id, depths, index, key } = wanted;
    const { desk } = this.#session.labelling;
    try {
      const values = await desk.worker.call((labels) => labels.labelPlane(id, depths, axis, index));
      if (this.#session.state.currentId === id && this.#wanted(axis)) this.#put(axis, key, { id, index, values });
    } catch (error) {
      // Not asked for again and again.
      this.#put(axis, key, null);
      desk.fail(error);
    }
  }

  /** @param {Axis} axis @param {string} key @param {Labels | null} labels */
  #put(axis, key, labels) {
    if (this.#shown[axis] === key) return;
    this.#shown[axis] = key;
    this.show[axis](labels);
  }
}
