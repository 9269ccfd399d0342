/** Watching the promise being kept: what was asked for since the start, and what became of attempts to send something out. */
import { isOpen } from '../guard/attempt.js';
import { isOwn } from '../guard/own.js';
import { counted, ofServiceWorker, soFar } from '../guard/watch.js';
import { fileSize } from '../strings/format.js';
import { has, language, t } from '../strings/t.js';

/**
 * @typedef {import('../guard/watch.js').Counts} Counts
 * @typedef {import('../guard/attempt.js').Tried} Tried
 * @typedef {{ page: Counts, serviceWorker: Counts | 'none' | 'silent' }} Requests
 *
 * @typedef {object} Check
 * @property {string} target
 * @property {string} mark that is in the address of each attempt
 * @property {Date} time
 * @property {{ worker: string | null, tried: Tried[] | null }[]} parts of the page and of each worker; null: it was busy
 */

/** A name that belongs to nobody (RFC 6761). */
export const NOBODY = 'https://leak.invalid/';

/** The last one in this tab. @type {Check | null} */
let last = null;
export const lastCheck = () => last;

/** @returns {Promise<Requests>} */
export async function requestsUntilNow() {
  const told = await ofServiceWorker();
  const serviceWorker = typeof told === 'string' ? told : counted(told, new Set(), location.origin);
  return { page: soFar(), serviceWorker };
}

/** The address that a person typed, if something can be tried with it. @param {string} text @param {string} base the page's own @returns {string | null} */
export function targetOf(text, base) {
  try {
    const url = new URL(text.trim());
    if (!/^https?:$/.test(url.protocol) || isOwn(url, base)) return null;
    return url.origin + url.pathname;
  } catch {
    return null;
  }
}

/** @param {string} target @param {(done: number, all: number) => void} told @returns {Promise<Check>} */
export async function check(target, told) {
  // Only who checks needs it.
  const { tryAll } = await import('../guard/doors.js');
  const { page, workers, mark } = await tryAll(target, told);
  last = { target, mark, time: new Date(), parts: [{ worker: null, tried: page }, ...workers] };
  return last;
}

/** What came out. @param {Check} check */
export function summed({ parts }) {
  const all = parts.flatMap(({ tried }) => tried ?? []);
  const by = (/** @type {Tried['by']} */ which) => all.filter((one) => one.by === which).length;
  return {
    // Those that there are to try.
    count: all.length - by('absent') - by('untried'),
    open: all.filter(isOpen).length,
    policy: by('policy'),
    guard: by('guard'),
    browser: by('browser'),
    absent: by('absent'),
    untried: by('untried'),
    busy: parts.filter(({ tried }) => !tried).map(({ worker }) => worker ?? ''),
    doors: [...new Set(all.map(({ door }) => door))],
  };
}

/** In sentences. @param {Check} check @returns {string[]} */
export function verdict(check) {
  const { count, open, untried, busy } = summed(check);
  const sentences = [open > 0 ? t('privacy.try.some', { open, count }) : t('privacy.try.all', { count })];
  if (untried > 0) sentences.push(t('privacy.try.untried', { count: untried }));
  return [...sentences, ...busy.map((file) => t('privacy.try.busy', { file }))];
}

export { isOpen };

/** @param {Date} time */
export const timeText = (time) =>
  new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'long' }).format(time);

/** @param {string} door */
export const wayOf = (door) => (has(`privacy.door.${door}`) ? t(`privacy.door.${door}`) : door);
/** @param {Tried} tried */
export const resultOf = ({ by, detail }) => t(`privacy.by.${by}`, { detail });
/** @param {string | null} worker */
export const partOf = (worker) => (worker ? t('privacy.try.ofWorker', { file: worker }) : t('privacy.try.ofPage'));

/** What this copy of the page calls itself. */
export function version() {
  const named = document.querySelector('meta[name="insitu-version"]')?.getAttribute('content');
  return named || t('privacy.version.none');
}

/** The files of a release, where it tells them. @returns {Promise<{ count: number, hash: string } | null>} */
export async function shippedFiles() {
  // A working copy has no such list, and asking for it would look like a fault.
  if (!document.querySelector('meta[name="insitu-version"]') || !globalThis.crypto?.subtle) return null;
  try {
    const answer = await fetch(new URL('../../files.json', import.meta.url));
    if (!answer.ok) return null;
    const bytes = await answer.arrayBuffer();
    const { files = [] } = JSON.parse(new TextDecoder().decode(bytes));
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const hash = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return { count: Array.isArray(files) ? files.length : Object.keys(files).length, hash };
  } catch {
    return null;
  }
}

/** Rows of the counts: where to, how many, bytes. @param {Requests} requests @param {string} origin */
export function rowsOf({ page, serviceWorker }, origin) {
  /** @type {{ where: string, count: string, size: string, bad: boolean }[]} */
  const rows = [];
  const size = (/** @type {number} */ bytes) => (bytes > 0 ? fileSize(bytes) : t('privacy.requests.nothing'));
  const both = (/** @type {Counts} */ counts, /** @type {string} */ behind) => {
    const own = t('privacy.requests.own', { origin }) + behind;
    rows.push({ where: own, count: String(counts.own), size: size(counts.bytes), bad: false });
    const others = counts.list.filter((row) => !row.own).reduce((sum, { bytes }) => sum + bytes, 0);
    const name = t('privacy.requests.others') + behind;
    rows.push({ where: name, count: String(counts.others), size: size(others), bad: counts.others > 0 });
  };
  both(page, '');
  const by = t('privacy.requests.serviceWorker');
  if (serviceWorker === 'silent')
    rows.push({ where: by, count: t('privacy.requests.serviceWorker.silent'), size: '', bad: false });
  else if (serviceWorker !== 'none') both(serviceWorker, `, ${by}`);
  return rows;
}

/**
 * All of it as text, for a mail or a file.
 * @param {Requests} requests @param {Check | null} check @param {{ page: string, browser: string, time: string, version: string }} about
 */
export function report(requests, check, { page, browser, time, version }) {
  const lines = [
    t('privacy.report.title'),
    t('privacy.report.page', { page }),
    t('privacy.report.version', { version }),
    t('privacy.report.browser', { browser }),
    t('privacy.report.time', { time }),
    '',
    t('privacy.requests'),
    ...rowsOf(requests, new URL(page).origin).map(({ where, count, size }) =>
      t('privacy.report.row', { where, count, size }),
    ),
    ...requests.page.list.filter(({ own }) => !own).map(({ address }) => address),
  ];
  if (!check) return lines.join('\n');
  lines.push('', t('privacy.report.target', { target: check.target }), t('privacy.report.mark', { mark: check.mark }));
  lines.push(...verdict(check));
  for (const { worker, tried } of check.parts) {
    if (!tried) continue;
    lines.push('', partOf(worker));
    for (const one of tried) lines.push(t('privacy.report.line', { way: wayOf(one.door), result: resultOf(one) }));
  }
  return lines.join('\n');
}
