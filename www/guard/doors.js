/** All doors of the page and of its workers, tried: loaded when a person asks for it. */
import { tryDoor } from './attempt.js';
import { network } from './network-doors.js';
import { inPage } from './page-doors.js';
import { tryWorkers } from './workers.js';

/**
 * @typedef {import('./attempt.js').Tried} Tried
 * @typedef {{ worker: string, tried: Tried[] | null }} OfWorker
 */

/** What tells a request of the check from all others. */
export const newMark = () => `insitu-privacy-${Math.random().toString(36).slice(2, 10)}`;

/**
 * Tries each door of the page, one after the other, and those of its workers.
 * @param {string} target an address that is not the page's own @param {(done: number, all: number) => void} told
 * @returns {Promise<{ page: Tried[], workers: OfWorker[], mark: string }>}
 */
export async function tryAll(target, told) {
  const what = { target, mark: newMark() };
  const doors = [...network, ...inPage];
  /** @type {Tried[]} */
  const page = [];
  for (const door of doors) {
    told(page.length, doors.length);
    page.push(await tryDoor(door, what));
  }
  told(doors.length, doors.length);
  return { page, workers: await tryWorkers(what), mark: what.mark };
}
