/** Working without the network, and taking new versions: when a person says so, and with the session kept first. */
import { Offline } from '../offline/client.js';
import { t } from '../strings/t.js';

/** Where it is remembered over the loading of a new version that the session goes on by itself. */
const GOES_ON = 'insitu.goesOn';

/** @typedef {import('./session.js').Session} Session */

export class WithoutNetwork {
  #session;
  #offline;
  #started = false;

  /** @param {Pick<Session, 'store' | 'state' | 'announce' | 'journal' | 'keeping'>} session */
  constructor(session) {
    this.#session = session;
    const version = globalThis.document?.querySelector('meta[name="insitu-version"]')?.getAttribute('content') ?? null;
    this.#offline = new Offline(
      version,
      (change) => this.#set(change),
      (line) => session.journal.note(line),
    );
  }

  /** @param {import('../offline/client.js').Change} change */
  #set(change) {
    const { store, state } = this.#session;
    const before = state.offline;
    store.set({ offline: { ...before, ...change } });
    if (change.update && change.update !== before.update) this.#session.announce(t(`offline.update.${change.update}`));
  }

  /** Begins once the engine has begun: what a person waits for comes first. */
  start() {
    const { store } = this.#session;
    store.on(['engine'], ({ engine }) => {
      if (this.#started || engine === 'starting' || engine === 'preparing') return;
      this.#started = true;
      void this.#offline.start(new URL('.', location.href));
    });
    store.on(['modelId', 'offline'], ({ modelId, models, offline }) => {
      const model = models.find(({ id }) => id === modelId);
      const there = offline.models.find(({ id }) => id === modelId);
      if (model && there && !there.here && offline.wish === 'used') this.#use(model.id);
    });
    store.on(['keeping'], ({ keeping }) => {
      if (!keeping.offer || !remembered()) return;
      forget();
      void this.#session.keeping.continue();
    });
  }

  /** Told once of each. @type {Set<string>} */
  #told = new Set();

  /** @param {string} id */
  #use(id) {
    if (this.#told.has(id)) return;
    this.#told.add(id);
    this.#offline.used(id);
  }

  /** Which models are to be there without the network. @param {import('../offline/client.js').Wish} wish */
  choose(wish) {
    this.#told.clear();
    const { modelId, models } = this.#session.state;
    const model = models.find(({ id }) => id === modelId);
    // First: what is in use is not to be dropped and fetched again.
    if (model && !(model.file instanceof File)) this.#use(model.id);
    this.#set({ wish });
    this.#offline.choose(wish);
  }

  /** Loads the page anew, as the new version. */
  async take() {
    await this.#session.keeping.flush();
    const { keeping, items } = this.#session.state;
    if (keeping.phase === 'on' && items.length > 0) remember();
    this.#offline.take();
  }
}

function remember() {
  try {
    sessionStorage.setItem(GOES_ON, '1');
  } catch {
    // Then the page offers to continue.
  }
}

function remembered() {
  try {
    return sessionStorage.getItem(GOES_ON) !== null;
  } catch {
    return false;
  }
}

const forget = () => sessionStorage.removeItem(GOES_ON);
