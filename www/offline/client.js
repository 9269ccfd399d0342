/**
 * The page's end of the service worker: starts it, hears how far it is, and asks it for things. What it makes of that is `told`; nothing is shown here.
 *
 * @typedef {import('./rules.js').Wish} Wish
 * @typedef {{ id: string, bytes: number, here: boolean }} ModelThere
 * @typedef {{ kind: 'hello', version: string } | { kind: 'ask' } | { kind: 'take' } | { kind: 'wish', wish: Wish } | { kind: 'used', model: string }} ToWorker
 * @typedef {{ kind: 'state', version: string, wish: Wish, done: number, total: number, models: ModelThere[] } | { kind: 'failed', version: string, why: string }} FromWorker
 *
 * @typedef {object} OfflineState
 * @property {'unknown' | 'development' | 'none' | 'loading' | 'ready' | 'failed'} phase `none`: this browser, window or page cannot; `development`: not a release
 * @property {number} done bytes
 * @property {number} total
 * @property {Wish} wish
 * @property {ModelThere[]} models
 * @property {'no' | 'waits' | 'taken'} update `taken`: another tab has taken it
 *
 * @typedef {Partial<OfflineState>} Change
 * @typedef {{ version: string, state: 'installing' | 'waiting' | 'active', message: FromWorker }} Said
 */

import { sharedAt } from './rules.js';

/** @type {Readonly<OfflineState>} */
export const offline = Object.freeze({ phase: 'unknown', done: 0, total: 0, wish: 'all', models: [], update: 'no' });

/** Between two looks for a new version, ms. */
const LOOK = 3_600_000;

/** From asking a new version to take over to asking again, ms. */
const AGAIN = 1000;
/** How long a worker that owes an answer or a file may be silent before it is spoken to again, ms. */
const SILENT = 5000;

/**
 * What a word of a worker means for the page. A version that is being fetched while another is at work is nobody's concern before it is whole.
 * @param {FromWorker} message @param {{ active: boolean, any: boolean }} from whether the worker that speaks is at work, and whether any is
 * @returns {Change}
 */
export function heard(message, { active, any }) {
  if (!active && any) return {};
  // At work and incomplete: what is missing comes when the server is there again.
  if (message.kind === 'failed') return active ? {} : { phase: 'failed' };
  const { wish, done, total, models } = message;
  return { wish, done, total, models, phase: active && done >= total ? 'ready' : 'loading' };
}

export class Offline {
  #version;
  #told;
  #note;
  /** @type {ServiceWorkerRegistration | null} */
  #registration = null;
  /** Whether this tab asked for the new version. */
  #taking = false;
  #leaving = false;
  /** How often a worker spoke. */
  #heard = 0;
  /** What no worker has answered yet. @type {ToWorker | null} */
  #said = null;
  /** Whether the one at work has files to fetch. */
  #incomplete = false;

  /**
   * @param {string | null} version of this page; null: not a release
   * @param {(change: Change) => void} told @param {(line: string) => void} note for the diagnostics
   */
  constructor(version, told, note) {
    this.#version = version;
    this.#told = told;
    this.#note = note;
  }

  /** @param {URL} folder of the page */
  async start(folder) {
    // Private windows of some browsers, and plain http, have none.
    const { serviceWorker } = navigator;
    if (!serviceWorker || !globalThis.isSecureContext)
      return this.#told({ phase: this.#version ? 'none' : 'development' });
    if (!this.#version) {
      // What a release once left at this address would show a developer old files.
      for (const left of await serviceWorker.getRegistrations().catch(() => []))
        if (left.scope === folder.href) void left.unregister();
      return this.#told({ phase: 'development' });
    }
    const controlled = serviceWorker.controller !== null;
    serviceWorker.onmessage = ({ data, source }) => this.#hear(data, /** @type {ServiceWorker | null} */ (source));
    // One that is there answers at once; registering may wait until another version has been fetched.
    const there = controlled ? await serviceWorker.getRegistration(folder).catch(() => undefined) : undefined;
    const registered = serviceWorker.register(new URL('service-worker.js', folder), { updateViaCache: 'none' });
    try {
      if (there?.active) registered.catch((error) => this.#note(`offline ${String(error)}`));
      this.#registration = there?.active ? there : await registered;
    } catch (error) {
      this.#note(`offline ${String(error)}`);
      // Without the network the one that is there does its work.
      this.#registration = (await serviceWorker.getRegistration(folder).catch(() => undefined)) ?? null;
      if (!this.#registration?.active) return this.#told({ phase: 'none' });
    }
    const registration = this.#registration;
    let first = !controlled;
    serviceWorker.addEventListener('controllerchange', () => {
      if (this.#taking) return this.#reload();
      // The first one of all takes the page over that fetched it.
      if (!first) this.#told({ update: 'taken' });
      first = false;
      this.#hello();
    });
    registration.addEventListener('updatefound', () => this.#follow());
    this.#follow();
    this.#hello();
    this.#watch();
    setInterval(() => void registration.update().catch(() => {}), LOOK);
  }

  #hello() {
    if (this.#registration?.active) this.#tell({ kind: 'hello', version: this.#version ?? '' });
  }

  /** A version that is being fetched, and one that waits. */
  #follow() {
    const registration = this.#registration;
    if (!registration) return;
    if (registration.waiting && registration.active) this.#told({ update: 'waits' });
    const { installing } = registration;
    if (!installing) return;
    if (!registration.active) this.#told({ phase: 'loading' });
    installing.postMessage({ kind: 'ask' });
    installing.addEventListener('statechange', () => {
      if (installing.state === 'installed' && registration.active) this.#told({ update: 'waits' });
      if (installing.state === 'activated') this.#hello();
      if (installing.state === 'redundant' && !registration.active) this.#told({ phase: 'failed' });
    });
  }

  /** @param {FromWorker} message @param {ServiceWorker | null} source */
  #hear(message, source) {
    if (message?.kind !== 'state' && message?.kind !== 'failed') return;
    this.#heard += 1;
    this.#said = null;
    if (message.kind === 'failed') this.#note(`offline ${message.version} ${message.why}`);
    // A last word of one that was given up.
    if (message.kind === 'state' && source?.state === 'redundant') return;
    const active = source?.state === 'activated' || source?.state === 'activating';
    // Where the server does not give a file, the next visit asks again.
    if (active) this.#incomplete = message.kind === 'state' && message.done < message.total;
    this.#told(heard(message, { active, any: Boolean(this.#registration?.active) }));
  }

  /** To the worker of the page: what is chosen while a first version is fetched holds for it, too. @param {ToWorker} message */
  #tell(message) {
    this.#said = message;
    const { active, installing } = this.#registration ?? {};
    (active ?? installing)?.postMessage(message);
  }

  /** A browser may end a worker at any time, also before it has heard what was said, or amid a download: then it is said again. */
  #watch() {
    let before = this.#heard;
    setInterval(() => {
      const silent = this.#heard === before;
      before = this.#heard;
      if (!silent || !this.#registration?.active) return;
      if (this.#said) this.#tell(this.#said);
      else if (this.#incomplete) this.#hello();
    }, SILENT);
  }

  /** @param {Wish} wish */
  choose(wish) {
    this.#tell({ kind: 'wish', wish });
  }

  /** A shipped model is in use. @param {string} model its id */
  used(model) {
    this.#tell({ kind: 'used', model });
  }

  /** Looks for a new version now. */
  async look() {
    await this.#registration?.update().catch(() => {});
  }

  /** Loads the page anew, as its new version. */
  take() {
    const waiting = this.#registration?.waiting;
    if (!waiting) return this.#reload();
    this.#taking = true;
    const ask = () => waiting.postMessage({ kind: 'take' });
    // The browser waits for what the one at work has in hand, for minutes, and looks again when it is asked again.
    const asking = setInterval(() => (waiting.state === 'installed' ? ask() : clearInterval(asking)), AGAIN);
    waiting.addEventListener('statechange', () => waiting.state === 'activated' && this.#reload());
    ask();
  }

  /** Once: a second word must not break off the loading that the first one began. */
  #reload() {
    if (this.#leaving) return;
    this.#leaving = true;
    location.reload();
    // A person who is asked by the browser may stay.
    setTimeout(() => (this.#leaving = false), AGAIN);
  }
}

/** What was shared with the page, once. @param {URL} folder of the page @returns {Promise<File[]>} */
export async function sharedFiles(folder) {
  const cache = await caches.open(sharedAt(folder.href));
  const files = [];
  for (const request of await cache.keys()) {
    const answer = await cache.match(request);
    const name = decodeURIComponent(answer?.headers.get('x-name') ?? '');
    if (answer) files.push(new File([await answer.blob()], name, { type: answer.headers.get('content-type') ?? '' }));
  }
  await caches.delete(sharedAt(folder.href));
  return files;
}
