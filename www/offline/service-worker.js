/**
 * The page without a network. `xtask dist` writes this, with `rules.js` and the list of the release's files before it, to the top of the page's folder.
 *
 * Each version has a cache of its own, which is filled whole, every file checked by its hash, before the version is at work; a version that is at work
 * answers for the files of older ones, too, as long as pages of theirs are open. It is taken only when the page says so.
 */
import {
  CHOICES,
  HOUSE,
  below,
  cacheOf,
  family,
  inside,
  modelOf,
  placeOf,
  readChoices,
  sharedAt,
  typeOf,
  versionsAmong,
  wanted,
  wrong,
} from './rules.js';

/**
 * @typedef {import('./rules.js').Listed} Listed
 * @typedef {import('./rules.js').Choices} Choices
 * @typedef {Event & { waitUntil(work: Promise<unknown>): void }} Lasting
 * @typedef {Lasting & { request: Request, respondWith(answer: Promise<Response>): void }} Asked
 * @typedef {{ id: string, postMessage(message: unknown): void }} Page
 * @typedef {Lasting & { data: import('./client.js').ToWorker | { guardRequests: true }, source: Page | null, ports: MessagePort[] }} Told
 * @typedef {object} Worker
 * @property {{ scope: string, installing: unknown, waiting: unknown }} registration
 * @property {{ matchAll(which: object): Promise<Page[]>, claim(): Promise<void> }} clients
 * @property {() => Promise<void>} skipWaiting
 * @property {import('./rules.js').Release} RELEASE
 */

const worker = /** @type {Worker} */ (/** @type {unknown} */ (self));
const { RELEASE: release } = worker;
const { scope } = worker.registration;

/** Downloads at a time. */
const LANES = 4;
/** From one word about the progress to the next, ms. */
const TELL = 150;
/** How long the house's server may take before what it said last holds, ms. */
const PATIENCE = 3000;

/** @param {string} path */
const address = (path) => new URL(path, scope).href;
const files = () => caches.open(cacheOf(scope, release.version));
const house = () => caches.open(`${family(scope)}house`);
const choicesAt = address('choices');

/** What this worker asked the server for, for the page's count. @type {{ address: string, bytes: number, where: string }[]} */
const asked = [];

/** @param {Request | string} what @param {RequestInit} [how] */
async function ask(what, how) {
  const answer = await fetch(what, how);
  const bytes = Number(answer.headers.get('content-length'));
  asked.push({ address: typeof what === 'string' ? what : what.url, bytes, where: 'service-worker.js' });
  return answer;
}

/** @param {unknown} message */
async function tell(message) {
  for (const page of await worker.clients.matchAll({ type: 'window', includeUncontrolled: true }))
    page.postMessage(message);
}

/** @returns {Promise<Choices>} */
async function choices() {
  const stored = await (await house()).match(choicesAt);
  return stored ? readChoices(await stored.json().catch(() => null)) : { ...CHOICES };
}

/** One choice after the other. @type {Promise<void>} */
let choosing = Promise.resolve();

/** @param {(before: Choices) => Choices} change */
function choose(change) {
  const chosen = choosing.then(async () => {
    const now = change(await choices());
    await (await house()).put(choicesAt, new Response(JSON.stringify(now)));
  });
  choosing = chosen.catch(() => {});
  return chosen;
}

/** @param {ArrayBuffer} bytes */
async function hashOf(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** An answer with the bytes of a file, and with what the server said of it. @param {Listed} file @param {ArrayBuffer} bytes @param {Headers} said */
function answerOf([path], bytes, said) {
  const headers = new Headers(said);
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding', 'vary']) headers.delete(name);
  headers.set('content-type', typeOf(path));
  return new Response(bytes, { headers });
}

/** A file as it is listed; rejects with what is wrong. @param {Listed} file @param {Response} response @returns {Promise<Response>} */
async function checked(file, response) {
  if (!response.ok) throw new Error(`${file[0]}: ${response.status}`);
  const { headers } = response;
  const bytes = await response.arrayBuffer();
  const fault = wrong(file, bytes.byteLength, await hashOf(bytes));
  if (fault) throw new Error(fault);
  return answerOf(file, bytes, headers);
}

/** The same file of another version: most models stay as they are. @param {Listed} file @returns {Promise<Response | null>} */
async function ofAnother(file) {
  for (const version of versionsAmong(await caches.keys(), scope)) {
    if (version === release.version) continue;
    const cache = await caches.open(cacheOf(scope, version));
    const found =
      (await cache.match(address(`${version}/${inside(file[0])}`))) ?? (await cache.match(address(file[0])));
    const same = found && (await checked(file, found).catch(() => null));
    if (same) return same;
  }
  return null;
}

/** From the server; what the browser has of it already is asked about first. @param {Listed} file @returns {Promise<Response>} */
async function fromServer(file) {
  const fetched = (/** @type {RequestCache} */ cache) => ask(address(file[0]), { cache, credentials: 'same-origin' });
  try {
    return await checked(file, await fetched('no-cache'));
  } catch {
    return checked(file, await fetched('reload'));
  }
}

/** What is there of the version that this is. @returns {Promise<import('./client.js').FromWorker & { kind: 'state' }>} */
async function state() {
  const cache = await files();
  const there = new Set((await cache.keys()).map(({ url }) => below(url, scope)));
  const chosen = await choices();
  const sum = (/** @type {Listed[]} */ of) => of.reduce((bytes, [, size]) => bytes + size, 0);
  const needed = release.files.filter((file) => wanted(file, chosen));
  const here = needed.filter(([path]) => there.has(path));
  const models = release.files.flatMap(([path, bytes]) => {
    const id = modelOf(path);
    return id ? [{ id, bytes, here: there.has(path) }] : [];
  });
  return { kind: 'state', version: release.version, wish: chosen.wish, done: sum(here), total: sum(needed), models };
}

/** One filling at a time. @type {Promise<void> | null} */
let filling = null;

/** Brings what the version needs and has not yet. */
function fill() {
  filling ??= filled().finally(() => (filling = null));
  return filling;
}

async function filled() {
  const cache = await files();
  let told = 0;
  let failed = false;
  const progress = async (/** @type {boolean} */ now) => {
    if (failed || (!now && Date.now() - told < TELL)) return;
    told = Date.now();
    const so = await state();
    // What failed meanwhile has the last word.
    if (!failed) await tell(so);
  };
  const left = [...release.files];
  const lane = async () => {
    for (let file = left.shift(); file; file = left.shift()) {
      // Asked anew for each: a person may choose meanwhile.
      if (!wanted(file, await choices()) || (await cache.match(address(file[0])))) continue;
      await cache.put(address(file[0]), (await ofAnother(file)) ?? (await fromServer(file)));
      await progress(false);
    }
  };
  try {
    await Promise.all(Array.from({ length: LANES }, lane));
  } catch (error) {
    left.length = 0;
    failed = true;
    await tell({ kind: 'failed', version: release.version, why: String(error) });
    throw error;
  }
  await progress(true);
}

/** Drops models that are not wanted any more. */
async function thinned() {
  const cache = await files();
  const chosen = await choices();
  for (const file of release.files) if (!wanted(file, chosen)) await cache.delete(address(file[0]));
}

/** Drops versions that nobody uses: those but ours and that of the one page that is open. @param {Page | null} page @param {string} version its own */
async function cleared(page, version) {
  if (worker.registration.installing || worker.registration.waiting) return;
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (pages.some(({ id }) => id !== page?.id)) return;
  for (const other of versionsAmong(await caches.keys(), scope)) {
    if (other !== release.version && other !== version) await caches.delete(cacheOf(scope, other));
  }
}

/** From the cache of a version, or from the server if it is not there. @param {Request} request @param {string} version @param {string} url */
async function fromCache(request, version, url) {
  // One look for each file of the page; a cache that is not there is not made by it.
  const found = await caches.match(url, { cacheName: cacheOf(scope, version) });
  return found ?? ask(request);
}

/** What the house says now, or said last. @param {Request} request */
async function fromHouse(request) {
  const cache = await house();
  const last = await cache.match(address(HOUSE));
  const fresh = ask(request).then(async (answer) => {
    if (answer.ok) await cache.put(address(HOUSE), answer.clone());
    else if (answer.status === 404) await cache.delete(address(HOUSE));
    return answer;
  });
  if (!last) return fresh.catch(() => new Response('{}', { headers: { 'content-type': typeOf(HOUSE) } }));
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, last));
  return /** @type {Promise<Response>} */ (Promise.race([fresh.catch(() => last), late]));
}

/** The page asked for it before this worker was there: without the network it must hold from the first visit on. */
async function askHouse() {
  const answer = await ask(address(HOUSE), { cache: 'no-cache' }).catch(() => null);
  if (answer?.ok) await (await house()).put(address(HOUSE), answer);
}

/** Puts files that were shared where the page finds them, and opens it. @param {Request} request */
async function received(request) {
  const cache = await caches.open(sharedAt(scope));
  const files = (await request.formData()).getAll('files').filter((file) => file instanceof File);
  for (const [i, file] of files.entries()) {
    const headers = { 'content-type': file.type, 'x-name': encodeURIComponent(file.name) };
    await cache.put(address(`shared/${i}`), new Response(file, { headers }));
  }
  return Response.redirect(address('?shared'), 303);
}

addEventListener('install', (event) => /** @type {Lasting} */ (event).waitUntil(Promise.all([fill(), askHouse()])));
// What a page loads from now on comes from the cache of its own version: its addresses name it.
addEventListener('activate', (event) => /** @type {Lasting} */ (event).waitUntil(worker.clients.claim()));

addEventListener('fetch', (event) => {
  const { request, respondWith } = /** @type {Asked} */ (event);
  const answer = respondWith.bind(event);
  const place = placeOf(request, scope, release);
  if (place.kind === 'page') answer(fromCache(request, release.version, address('index.html')));
  else if (place.kind === 'file') answer(fromCache(request, place.version, request.url.split(/[?#]/)[0]));
  else if (place.kind === 'house') answer(fromHouse(request));
  else if (place.kind === 'shared') answer(received(request));
});

addEventListener('message', (event) => {
  const { data, source, ports, waitUntil } = /** @type {Told} */ (/** @type {unknown} */ (event));
  if ('guardRequests' in data) return ports[0]?.postMessage(asked);
  const work = async () => {
    if (data.kind === 'take') return worker.skipWaiting();
    if (data.kind === 'wish') await choose((before) => ({ ...before, wish: data.wish }));
    if (data.kind === 'used')
      await choose((before) => ({ ...before, used: [...new Set([...before.used, data.model])] }));
    source?.postMessage(await state());
    if (data.kind === 'ask') return;
    if (data.kind === 'hello') await cleared(source, data.version);
    await fill();
    if (data.kind === 'wish') await thinned().then(async () => tell(await state()));
  };
  // What failed was told.
  waitUntil.call(
    event,
    work().catch(() => {}),
  );
});
