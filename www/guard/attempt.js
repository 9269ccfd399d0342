/** Trying to send something out, and finding out who refused it. */

/**
 * @typedef {'policy' | 'guard' | 'browser' | 'absent' | 'open' | 'unsure' | 'untried'} By
 *   `policy`: the page's security policy; `guard`: the page's own guard; `browser`: it allows this to no page; `absent`: this browser has no such
 *   door; `open`: it was not refused; `unsure`: nothing was seen to refuse it; `untried`: it cannot be tried without leaving the page
 *
 * @typedef {object} Tried
 * @property {string} door
 * @property {By} by
 * @property {string} detail the rule, or what the browser said
 *
 * @typedef {object} Door
 * @property {string} id
 * @property {(address: string) => unknown} attempt throws or rejects if it was refused with a word; may return {@link Sent}
 * @property {() => boolean} [there] whether the browser has it
 */

/** What an attempt returns whose success is known. */
export const SENT = Symbol('sent');
/** What an attempt returns that was stopped by the page's guard without a word. */
export const STOPPED = Symbol('stopped');
/** What an attempt returns that would lead away from the page. */
export const UNTRIED = Symbol('untried');

/** What an attempt throws of which no browser says why it failed, and which then failed with an address that nothing but the page's policy refuses. */
export class Ruled extends Error {
  /** @param {string} directive */
  constructor(directive) {
    super(directive);
    this.name = 'Ruled';
  }
}

/** How long something that says nothing is waited for, ms: a busy browser takes its time to refuse. */
const PATIENCE = 3000;
/** A policy tells of what it refused after whoever was refused, ms. */
const MOMENT = 500;

const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @typedef {{ directive: string, blocked: string }} Violation */

/**
 * Tries one door.
 * @param {Door} door @param {{ target: string, mark: string }} what @returns {Promise<Tried>}
 */
export async function tryDoor({ id, attempt, there }, { target, mark }) {
  if (there && !there()) return { door: id, by: 'absent', detail: '' };
  const address = `${target.replace(/\/*$/, '/')}${id}?${mark}`;
  /** @type {Violation[]} */
  const seen = [];
  let hear = (/** @type {'heard'} */ _) => {};
  /** @type {Promise<'heard'>} */
  const heard = new Promise((resolve) => (hear = resolve));
  const scope = /** @type {EventTarget} */ (globalThis);
  const listen = (/** @type {any} */ event) => {
    const { effectiveDirective: directive, blockedURI: blocked } = event;
    // Others may be under way; those without an address (markup, eval) are of the one that is being tried.
    if (/^(https?|wss?):/.test(blocked) && !blocked.includes(`/${id}?`) && blocked.includes(mark)) return;
    // Of what is tried without the network, which says so itself.
    if (/^data\b/.test(blocked)) return;
    seen.push({ directive, blocked });
    hear('heard');
  };
  scope.addEventListener('securitypolicyviolation', listen);
  try {
    const end = await Promise.race([outcome(attempt, address), heard, wait(PATIENCE).then(() => 'silent')]);
    const over = end === 'silent' || (end instanceof Error && /^(Refused|Ruled)$/.test(end.name));
    if (!over) await Promise.race([heard, wait(MOMENT)]);
    return { door: id, ...judged(end, seen) };
  } finally {
    scope.removeEventListener('securitypolicyviolation', listen);
  }
}

/** @param {Door['attempt']} attempt @param {string} address */
async function outcome(attempt, address) {
  try {
    return await attempt(address);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Who refused. @param {unknown} end @param {Violation[]} seen @returns {Omit<Tried, 'door'>} */
export function judged(end, seen) {
  if (end instanceof Error && end.name === 'Refused') return { by: 'guard', detail: '' };
  if (seen.length > 0) return { by: 'policy', detail: seen[0].directive };
  if (end instanceof Ruled) return { by: 'policy', detail: end.message };
  if (end === STOPPED) return { by: 'guard', detail: '' };
  if (end === UNTRIED) return { by: 'untried', detail: '' };
  if (end === SENT) return { by: 'open', detail: '' };
  // A browser says so where no page may: others than these words may mean that nobody answered.
  if (end instanceof Error && /SecurityError|NotAllowedError/.test(end.name))
    return { by: 'browser', detail: end.message.slice(0, 200) };
  return { by: 'unsure', detail: end instanceof Error ? `${end.name}: ${end.message}`.slice(0, 200) : '' };
}

/** Whether there was no refusal. @param {Tried} tried */
export const isOpen = ({ by }) => by === 'open' || by === 'unsure';
