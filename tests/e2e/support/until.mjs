/** Waiting for what comes sooner or later: everything may have to wait for others who use the machine. */
import assert from 'node:assert/strict';

/** How long to wait before it is a fault, ms. */
export const PATIENCE = 120_000;
/** Between two looks, ms. */
const PAUSE = 50;

/**
 * Once something is as wanted.
 * @template T @param {() => Promise<T>} ask @param {(found: T) => boolean} wanted @param {string} what
 * @param {number} [patience] ms @returns {Promise<T>} what was found then
 */
export async function until(ask, wanted, what, patience = PATIENCE) {
  const end = Date.now() + patience;
  for (;;) {
    const found = await ask();
    if (wanted(found)) return found;
    assert.ok(Date.now() < end, `${what}: ${JSON.stringify(found)}`);
    await new Promise((wait) => setTimeout(wait, PAUSE));
  }
}
