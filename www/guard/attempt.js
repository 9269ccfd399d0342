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

/** How long something that says nothing is waited for, ms. */
const PATIENCE = 600;
/** A policy tells of what it refused after whoever was refused, ms. */
const MOMENT = 60;

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
  const scope = /** @type {EventTarget} */ (globalThis);
  const listen = (/** @type {any} */ event) => {
    const { effectiveDirective: directive, blockedURI: blocked } = event;
    // Others may be under way; those without an address (markup, eval) are of the one that is being tried.
    if (!/^(https?|wss?):/.test(blocked) || blocked.includes(`/${id}?`) || !blocked.includes(mark))
      seen.push({ directive, blocked });
  };
  scope.addEventListener('securitypolicyviolation', listen);
  try {
    const end = await Promise.race([outcome(attempt, address), wait(PATIENCE).then(() => 'silent')]);
    for (let waited = 0; seen.length === 0 && waited < (end === 'silent' ? 0 : MOMENT); waited += 20) await wait(20);
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
