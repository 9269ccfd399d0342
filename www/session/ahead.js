/** The shipped models, loaded ahead of their use, so that all of them are there when the network is not. */
import { learns } from './training/state.js';

/** Between two looks whether the page is idle, ms. */
const PAUSE = 1000;

export class Ahead {
  #session;
  #pause;
  #underWay = false;

  /** @param {Pick<import('./session.js').Session, 'store' | 'state' | 'app'> & { segmenting: Pick<import('./segmenting.js').Segmenting, 'idle'>, journal: Pick<import('./journal.js').Journal, 'note'> }} session @param {number} [pause] ms */
  constructor(session, pause = PAUSE) {
    this.#session = session;
    this.#pause = pause;
  }

  /** A model is here now. @param {string} id */
  here(id) {
    const { store, state } = this.#session;
    if (!state.modelsHere.includes(id)) store.set({ modelsHere: [...state.modelsHere, id] });
  }

  /** Loads what is missing, one after the other, whenever nothing else is going on. */
  async load() {
    // Who wants only those that were used wants no others.
    if (this.#underWay || this.#session.state.offline.wish === 'used') return;
    this.#underWay = true;
    const session = this.#session;
    const app = await session.app;
    for (const { id, file } of session.state.models) {
      if (file instanceof File || session.state.modelsHere.includes(id)) continue;
      await this.#idle();
      try {
        await app.fetchModel(id);
        this.here(id);
      } catch (error) {
        // It is tried again after the next mask; until then nobody is told that it is here.
        session.journal.note(`ahead ${id} ${String(error)}`);
      }
    }
    this.#underWay = false;
  }

  async #idle() {
    const busy = () => learns(this.#session.state.training) || this.#session.state.training.sweep.phase === 'running';
    do {
      await new Promise((resolve) => setTimeout(resolve, this.#pause));
      await this.#session.segmenting.idle();
    } while (busy());
  }
}
