/** Which addresses are the page's own. Pure functions: the same in the page, in its workers and in tests. */

/**
 * Whether an address leads nowhere but to where this page came from, or into its own memory.
 * @param {string | URL} address @param {string} base the page's own address
 */
export function isOwn(address, base) {
  try {
    const url = new URL(address, base);
    // What a page wrote down itself names its maker's origin (blob:) or nobody's (data:, about:).
    if (url.protocol === 'data:' || url.protocol === 'about:') return true;
    return url.origin === originOf(base);
  } catch {
    // No address: then nothing can be asked there.
    return true;
  }
}

/** The origin that a page, or a worker that was started from memory, belongs to. @param {string} base */
export const originOf = (base) => new URL(base).origin;

/**
 * Links that make a browser look up or call a host at once, which no security policy covers, or ask for something when nobody watches (a manifest,
 * an icon), or ahead of time: which of these the policy refuses, not every browser tells.
 */
const HINTS = ['dns-prefetch', 'preconnect', 'prerender', 'manifest', 'icon', 'prefetch', 'preload', 'modulepreload'];

/** Elements with a window of their own, in which nothing would stand guard. Other vessels of pages are closed by the policy. */
export const FRAMES = ['iframe', 'frame', 'fencedframe', 'portal'];

/** @param {string} rel of a link */
export const isHint = (rel) =>
  rel
    .toLowerCase()
    .split(/\s+/)
    .some((word) => HINTS.includes(word));

/** What the guard throws: nothing was sent. */
export class Refused extends Error {
  /** @param {string} door @param {string | URL} address */
  constructor(door, address) {
    super(`Insitu sends nothing to another address (${door}): ${String(address).slice(0, 200)}`);
    this.name = 'Refused';
  }
}
