/** Keeping the session in the browser's own storage, and going on with it after a reload. */

export class Keeping {
  #session;

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this.#session = session;
    void this.#session;
  }
}
