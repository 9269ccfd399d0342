/** Painting labels: which file, slice, tool and class; the undo order; what a training learns from. */

export class Labelling {
  #session;

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  /**
   * What a training learns from: every slice with labels.
   * @returns {Promise<{ itemId: number, scan: import('../insitu.js').Scan, slice: number, labels: Uint8Array }[]>} 255 is "not labelled"
   */
  async samples() {
    void this.#session;
    return [];
  }
}
