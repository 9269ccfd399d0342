/** The doors that a worker has. */
import { tryDoor } from './attempt.js';
import { network } from './network-doors.js';

/** @typedef {import('./attempt.js').Tried} Tried */

/** Tries them one after the other. @param {{ target: string, mark: string }} what @returns {Promise<Tried[]>} */
export async function tryWorkerDoors(what) {
  /** @type {Tried[]} */
  const tried = [];
  for (const door of network) tried.push(await tryDoor(door, what));
  return tried;
}
