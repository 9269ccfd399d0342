/** Training in the tab: its settings, its course, its checkpoints, and what comes after it. */

export class Teaching {
  #session;

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this.#session = session;
    void this.#session;
  }
}
