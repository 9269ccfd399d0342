/** Labels without painting: what is brighter than the ground in the first file, and the ground, on its left part. */

const STUB = `
const CLASSES = [{ name: 'disc', colour: '#E69F00' }];
export class Labelling {
  #session;
  #made = null;
  constructor(session) {
    this.#session = session;
    session.store.on(['items'], () => void this.#look());
  }
  async #look() {
    const item = this.#session.state.items.find((other) => other.scan);
    if (!item || this.#made) return;
    this.#made = this.samples();
    const [{ labels }] = await this.#made;
    const count = (value) => labels.reduce((sum, label) => sum + (label === value), 0);
    const { store, state } = this.#session;
    store.set({ labelling: { ...state.labelling, classes: CLASSES, counts: [count(0), count(1)], labelled: [{ itemId: item.id, slice: 0 }] } });
  }
  async samples() {
    const item = this.#session.state.items.find((other) => other.scan);
    if (!item) return [];
    const { scan } = item;
    const { data } = await (await this.#session.app).render(scan);
    const labels = new Uint8Array(scan.width * scan.height).map((_, i) => (i % scan.width > 0.8 * scan.width ? 255 : data[4 * i] > 110 ? 1 : 0));
    return [{ itemId: item.id, scan, slice: 0, labels }];
  }
}`;

/** To be called before the page is opened. @param {import('playwright-core').Page} page */
export const labelled = (page) => page.route('**/www/session/labelling.js', (route) => route.fulfill({ contentType: 'text/javascript', body: STUB }));
