/** A place on the page for something that the engine works out: progress and a way to stop if that takes long, a sentence if it fails. */
import { sentenceOf } from '../../session/failure.js';
import { t } from '../../strings/t.js';
import { fill, h } from '../../elements/dom.js';

/** Waiting that is worth a word, ms. */
const LATE = 500;

/** @typedef {import('../../session/inside.js').Waiting} Waiting */

/** @param {string} name a class */
export function waitingPlace(name) {
  const element = h('div', { class: name });
  /** @type {AbortController | null} */
  let running = null;
  return {
    element,
    /**
     * Shows what `work` gives; what was under way here is stopped.
     * @param {string} doing a key of the words for it
     * @param {(waiting: Waiting) => Promise<(Node | string | null)[]>} work
     */
    async run(doing, work) {
      running?.abort();
      const stop = (running = new AbortController());
      const mine = () => running === stop;
      const bar = h('progress', { 'aria-label': t(doing) });
      const cross = h('button', { type: 'button', onclick: () => stop.abort() }, t('inside.stop'));
      const late = setTimeout(
        () =>
          mine() && fill(element, h('p', { class: 'waiting' }, bar, h('span', { role: 'status' }, t(doing)), cross)),
        LATE,
      );
      /** @type {Promise<never>} */
      const stopped = new Promise((_, reject) =>
        stop.signal.addEventListener('abort', () => reject(stop.signal.reason)),
      );
      // Instead of what was asked for, and the way to ask again.
      const instead = (/** @type {Record<string, string>} */ kind, /** @type {string} */ words) => {
        const held = element.contains(document.activeElement);
        const again = h('button', { type: 'button', onclick: () => void this.run(doing, work) }, t('inside.again'));
        fill(element, h('p', kind, words), again);
        if (held) again.focus();
      };
      element.setAttribute('aria-busy', 'true');
      const onProgress = (/** @type {{ done: number, total: number }} */ { done, total }) => {
        if (total > 0) [bar.max, bar.value] = [total, done];
      };
      try {
        const content = await Promise.race([work({ signal: stop.signal, onProgress }), stopped]);
        if (mine()) fill(element, content);
      } catch (thrown) {
        if (!mine()) return;
        const sentence = sentenceOf(thrown);
        if (sentence === null) instead({ class: 'waiting', role: 'status' }, t('inside.stopped'));
        else instead({ class: 'failed', role: 'alert' }, sentence);
      } finally {
        clearTimeout(late);
        if (mine()) {
          running = null;
          element.removeAttribute('aria-busy');
        }
      }
    },
    end() {
      running?.abort();
      running = null;
    },
  };
}
