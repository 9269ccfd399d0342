/** The letters of the patient's sides at the four sides of a view: R L right and left, A P front and back, S I head and feet. */
import { h, say } from '../elements/dom.js';
import { t } from '../strings/t.js';

const SIDES = /** @type {const} */ (['left', 'right', 'top', 'bottom']);

/** @typedef {import('../session/volume/space.js').Letters} Letters */

/** @returns {{ elements: HTMLElement[], put(letters: Letters | null): void }} */
export function sideLetters() {
  const elements = SIDES.map((side) => h('span', { class: `side-letter ${side}`, hidden: true }));
  return {
    elements,
    put(letters) {
      elements.forEach((element, i) => {
        element.hidden = !letters;
        if (!letters) return;
        const letter = letters[SIDES[i]];
        say(element, letter);
        element.title = 'RLAPSI'.includes(letter) ? t(`side.${letter}`) : '';
      });
    },
  };
}
