/** Several files of the list, chosen to be taken off it together: with Ctrl or Shift and a click, with Shift and the arrow keys, or all that a filter shows. */
import { fill, h, say } from '../elements/dom.js';
import { t } from '../strings/t.js';
import { icon } from './icons.js';
import { closeFiles } from './label/closing.js';

/** @typedef {import('../session/session.js').Session} Session @typedef {ReturnType<typeof fileChoice>} FileChoice */

/** @param {Session} session @param {() => number[]} shown the numbers of the files in their order @param {() => void} onChange */
export function fileChoice(session, shown, onChange) {
  /** @type {Set<number>} */
  let chosen = new Set();
  /** Where a range begins. @type {number | null} */
  let anchor = null;
  const many = h('span', { role: 'status' });
  const remove = h(
    'button',
    { type: 'button', title: t('files.chosen.remove.title'), onclick: () => take() },
    t('files.chosen.remove'),
  );
  const none = h('button', { type: 'button', class: 'quiet icon-only', onclick: () => put([]) }, icon('close'));
  none.title = t('files.chosen.none');
  none.setAttribute('aria-label', t('files.chosen.none'));
  const element = h('div', { class: 'chosen-files', hidden: true });
  fill(element, many, h('div', { class: 'row' }, remove, none));

  /** @param {Iterable<number>} ids */
  function put(ids) {
    chosen = new Set(ids);
    element.hidden = chosen.size === 0;
    say(many, chosen.size > 0 ? t('files.chosen', { count: chosen.size }) : '');
    onChange();
  }

  /** From the one that a range began with. @param {number} id @param {number | null} [begin] where one begins, if none has */
  function reach(id, begin = session.state.currentId) {
    const ids = shown();
    if (chosen.size === 0) anchor = begin;
    anchor ??= id;
    const [from, to] = [ids.indexOf(anchor), ids.indexOf(id)];
    if (from < 0) anchor = id;
    put(from < 0 ? [id] : ids.slice(Math.min(from, to), Math.max(from, to) + 1));
  }

  /** Takes those that are chosen off the list, or this one. @param {number} [id] */
  function take(id) {
    closeFiles(session, chosen.size > 0 || id === undefined ? [...chosen] : [id]);
  }

  return {
    element,
    /** @param {number} id */
    has: (id) => chosen.has(id),
    all: () => put(shown()),
    reach,
    take,
    /** Forgets those that are not in the list any more. @param {import('../session/state.js').Item[]} items */
    keep(items) {
      const left = items.flatMap(({ id }) => (chosen.has(id) ? [id] : []));
      if (left.length < chosen.size) put(left);
    },
    /** @returns {boolean} whether there was a choice */
    clear() {
      const any = chosen.size > 0;
      if (any) put([]);
      anchor = null;
      return any;
    },
    /** @param {MouseEvent} event @param {number} id @returns {boolean} whether the click was for the choice */
    click(event, id) {
      if (event.shiftKey) reach(id);
      else if (event.ctrlKey || event.metaKey) {
        anchor = id;
        put(chosen.has(id) ? [...chosen].filter((other) => other !== id) : [...chosen, id]);
      } else {
        this.clear();
        anchor = id;
        return false;
      }
      return true;
    },
  };
}
