/** Channels of a microscope: which of them are seen and in which colours, whose window is changed, and which one the model sees. */
import { inChannel, isAlone, shownOf, withLook, withShown } from './mix.js';

export class Channels {
  #session;

  /** @param {import('../session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  /** @param {(mix: import('./mix.js').Mix) => import('./mix.js').Mix} change */
  #change(change) {
    const { current: item, picture } = this.#session;
    if (!item?.mix) return;
    this.#session.change(item.id, { mix: change(item.mix) });
    void picture.refresh();
  }

  /** @param {number} channel @param {boolean} shown */
  show(channel, shown) {
    this.#change((mix) => withLook(mix, channel, { shown }));
  }

  /** Shows a channel alone; if it is, those that are shown at first, or all. @param {number} channel */
  solo(channel) {
    const first = this.#session.current?.scan?.planes.looks ?? [];
    const several = first.filter(({ shown }) => shown).length > 1;
    this.#change((mix) => {
      const back = isAlone(mix, channel);
      const shown = (/** @type {number} */ other) => (back ? !several || first[other].shown : other === channel);
      return { ...withShown(mix, shown), chosen: channel };
    });
  }

  /** @param {number} channel @param {string} colour `#rrggbb` */
  tint(channel, colour) {
    this.#change((mix) => withLook(mix, channel, { colour }));
  }

  /** The window of this one is changed from now on. @param {number} channel */
  choose(channel) {
    this.#change((mix) => ({ ...mix, chosen: channel }));
  }

  /** @param {number} channel that the model is to see */
  see(channel) {
    this.#session.picture.toPlace({ channel });
  }

  /**
   * Values at a pixel, of each channel that is seen; if none is, of the one that the model sees.
   * @param {import('../../insitu.js').App} app @param {import('../state.js').Item & { scan: import('../../insitu.js').Scan }} item
   * @param {{ x: number, y: number }} at @returns {Promise<{ channel: number | null, values: number[] }[]>} `channel`: null where the file has one
   */
  async values(app, { scan, slice, mix }, { x, y }) {
    const shown = mix ? shownOf(mix) : [];
    if (shown.length === 0) return [{ channel: null, values: await app.valueAt(scan, slice, x, y) }];
    const all = shown.map((channel) => app.valueAt(scan, inChannel(scan, slice, channel), x, y));
    return (await Promise.all(all)).map((values, i) => ({ channel: shown[i], values }));
  }
}
