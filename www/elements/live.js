/** What is told to people who do not see the page: by a region that screen readers speak as it changes. */
import { h } from './dom.js';

/** Within this, what was told before stays: a reader that is still speaking finds it, ms. */
const SOON = 1000;
/** Within this the same words are of one event; later they are news again, ms. */
const SAME = 200;

/** @param {HTMLElement} region @returns {(text: string) => void} */
export function announcer(region) {
  /** @type {{ line: HTMLElement, at: number }[]} */
  let lines = [];
  return (text) => {
    const now = performance.now();
    const last = lines.at(-1);
    if (last && last.line.textContent === text && now - last.at < SAME) return;
    for (const { line, at } of lines) if (now - at >= SOON) line.remove();
    // What is beside an open dialog is silent. A region that has only come is not spoken yet; one that goes with its dialog is not any more.
    const line = h('p', {}, text);
    lines = [...lines.filter(({ at }) => now - at < SOON), { line, at: now }];
    setTimeout(() => ([...document.querySelectorAll('dialog[open] > .live')].at(-1) ?? region).append(line), 50);
  };
}
