/** Asks for what a house has set, once, at the start. */
import { t } from '../../strings/t.js';
import { readHouse, strangers } from './settings.js';

/** @typedef {import('../session.js').Session} Session */

export class HouseRules {
  #session;
  /** @type {(value: null) => void} */
  #arrived = () => {};
  /** Settled once they are in the store. @type {Promise<null>} */
  known = new Promise((resolve) => (this.#arrived = resolve));

  /** @param {Pick<Session, 'store' | 'announce' | 'journal'>} session */
  constructor(session) {
    this.#session = session;
  }

  async start() {
    const { house, faults } = readHouse(await this.#text());
    this.#session.store.set({ house });
    this.#tell(faults);
    this.#arrived(null);
  }

  /** @param {{ id: string }[]} shipped */
  check(shipped) {
    this.#tell(strangers(this.#session.store.state.house, shipped).map((id) => t('house.model', { id })));
  }

  /** @param {string[]} faults */
  #tell(faults) {
    if (faults.length === 0) return;
    for (const fault of faults) this.#session.journal.note(fault);
    const [text, ...list] = faults;
    this.#session.store.set({ notice: { kind: 'error', text, error: null, list } });
    this.#session.announce(text);
  }

  async #text() {
    try {
      const answer = await fetch(new URL('config.json', location.href), { cache: 'no-cache' });
      return answer.ok ? await answer.text() : null;
    } catch (error) {
      // No network, and nothing that was said before.
      this.#session.journal.note(`house ${String(error)}`);
      return null;
    }
  }
}
