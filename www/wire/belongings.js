/** What a value owns besides plain data: memory that can be handed over instead of copied, and pictures that are to be given back. */

/** @param {unknown} value @param {(owned: ArrayBufferLike | { close(): void }) => void} visit */
function walk(value, visit) {
  if (typeof value !== 'object' || value === null) return;
  if (value instanceof ArrayBuffer) return visit(value);
  if (ArrayBuffer.isView(value)) return visit(value.buffer);
  if (typeof ImageData !== 'undefined' && value instanceof ImageData) return visit(value.data.buffer);
  if ('close' in value && typeof value.close === 'function') return visit(/** @type {{ close(): void }} */ (value));
  // A long list of numbers owns nothing.
  if (Array.isArray(value) && typeof value[0] !== 'object') return;
  for (const part of Object.values(value)) walk(part, visit);
}

/** For `postMessage`: each of them once. @param {unknown} value @returns {Transferable[]} */
export function transferables(value) {
  /** @type {Set<Transferable>} */
  const found = new Set();
  walk(value, (owned) => found.add(/** @type {Transferable} */ (owned)));
  return [...found];
}

/** Gives the memory of pictures back that nobody will draw. @param {unknown} value */
export function discard(value) {
  walk(value, (owned) => 'close' in owned && owned.close());
}
