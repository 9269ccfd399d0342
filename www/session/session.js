/** What the page does: the only writer of the store. Views call these; they know nothing of the engine. */
import { InsituError, open } from '../insitu.js';
import { current, initial } from './state.js';
import { Store } from '../store.js';
import { t } from '../strings/t.js';
import { Ahead } from './ahead.js';
import { pageBytes } from './arriving.js';
import { Channels } from './channels/channels.js';
import { Display } from './display.js';
import { Files } from './files.js';
import { HouseRules } from './house/house.js';
import { Identity } from './identity.js';
import { Inside } from './inside.js';
import { Keeping } from './keeping/keeping.js';
import { Labelling } from './labelling/labelling.js';
import { Models } from './models.js';
import { WithoutNetwork } from './offline.js';
import { Objects } from './objects/objects.js';
import { Picture } from './picture.js';
import { Saving } from './saving.js';
import { Scores } from './scores/scores.js';
import { Seen } from './seen.js';
import { Segmenting } from './segmenting.js';
import { Journal } from './journal.js';
import { Training } from './training/training.js';
import { Volume } from './volume/volume.js';

/** @typedef {import('../insitu.js').App} App */

export class Session {
  store = new Store(initial);
  journal = new Journal();
  /** @type {App | null} */
  #app = null;
  /** @type {(app: App) => void} */
  #opened = () => {};
  /** The engine, once it runs. @type {Promise<App>} */
  app = new Promise((resolve) => (this.#opened = resolve));
  models = new Models(this);
  ahead = new Ahead(this);
  picture = new Picture(this);
  segmenting = new Segmenting(this);
  objects = new Objects(this);
  seen = new Seen(this);
  identity = new Identity(this);
  saving = new Saving(this);
  scores = new Scores(this);
  display = new Display(this);
  channels = new Channels(this);
  files = new Files(this);
  inside = new Inside(this);
  labelling = new Labelling(this);
  volume = new Volume(this);
  training = new Training(this);
  house = new HouseRules(this);
  keeping = new Keeping(this);
  offline = new WithoutNetwork(this);
  /** Words for a screen reader. @type {(text: string) => void} */
  announce = () => {};

  get state() {
    return this.store.state;
  }

  get current() {
    return current(this.state);
  }

  /** @param {import('../insitu.js').DeviceWanted} device */
  async start(device) {
    this.#device = device;
    await this.retry();
  }

  /** @type {import('../insitu.js').DeviceWanted} */
  #device = 'auto';

  /** Starts the engine, also after it was given up. */
  async retry() {
    this.store.set({ engine: 'starting', notice: null });
    try {
      if (this.#app) await this.#app.start();
      else this.#app = await open({ device: this.#device, onStatus: (status) => this.#heard(status) });
      this.store.set({ engine: 'ready', arriving: null, device: this.#app.device, constants: this.#app.constants });
      // Which models there are is asked through it.
      await this.house.known;
      this.#opened(this.#app);
      this.resume();
    } catch (error) {
      this.store.set({ engine: 'failed', arriving: null });
      this.fail(error);
    }
  }

  /** Bytes of the page when its engine began to come: what comes later is not of the start. @type {number | null} */
  #page = null;

  /** @param {import('../insitu.js').Status} status */
  #heard({ code, message, cause, done, total }) {
    if (done !== undefined) {
      const page = (this.#page ??= pageBytes());
      return this.store.set({ arriving: { done: page + done, total: total ? page + total : 0 } });
    }
    this.journal.note([code, message, cause].filter(Boolean).join(' '));
    if (code === 'engine.died' || code === 'device.lost') {
      this.store.set({
        engine: 'restarting',
        notice: { kind: 'error', text: message, error: new InsituError(code, 'device', message, cause) },
      });
      this.announce(message);
    } else if (code === 'device.opening') {
      // On the CPU this takes no time worth a word.
      if (this.state.engine === 'starting' && 'gpu' in navigator && this.#device !== 'cpu')
        this.store.set({ engine: 'preparing' });
      this.store.set({ arriving: null });
    } else if (code === 'engine.restarted') {
      this.segmenting.forgetWarmth();
      this.store.set({ engine: 'ready', device: this.#app?.device ?? null });
      // A file that the engine failed on has said so, which matters more.
      if (this.current?.state !== 'failed') this.say(message);
      this.resume();
    } else if (code === 'engine.failed') {
      this.store.set({
        engine: 'failed',
        notice: { kind: 'error', text: message, error: new InsituError(code, 'device', message, cause) },
      });
    }
  }

  /** Goes on with what was not finished. */
  resume() {
    const item = this.current;
    if (item?.scan) {
      void this.picture.refresh();
      // What failed may be what stopped the engine, and what was stopped stays so: neither is tried again unasked.
      if (item.state !== 'failed' && item.state !== 'stopped') void this.segmenting.wanted(item);
    }
    void this.files.readWaiting();
  }

  /** Says what went wrong; a stop that the person asked for is no failure. @param {unknown} thrown */
  fail(thrown) {
    const error = InsituError.from(thrown);
    if (error.isCancelled) return;
    this.journal.note(`${error.code} ${error.message}`);
    this.store.set({ notice: { kind: 'error', text: error.message, error } });
    this.announce(error.message);
  }

  /** @param {string} text */
  say(text) {
    this.store.set({ notice: { kind: 'info', text, error: null } });
    this.announce(text);
  }

  /** Changes an item of the list. @param {number} id @param {Partial<import('./state.js').Item>} patch */
  change(id, patch) {
    this.store.set({ items: this.state.items.map((item) => (item.id === id ? { ...item, ...patch } : item)) });
  }

  /** Text for a bug report: no pixels, no file names. */
  async diagnostics() {
    const error = this.state.notice?.error ?? null;
    const item = this.current;
    /** @type {Record<string, unknown>} */
    const report = {
      error: error && {
        code: error.code,
        kind: error.kind,
        message: this.journal.without(error.message),
        cause: this.journal.without(String(error.cause ?? '')),
      },
      engine: this.state.engine,
      device: this.state.device,
      facts: this.#app?.facts ?? null,
      model: this.state.modelId,
      image: item?.scan && {
        ...item.scan,
        ...{ name: undefined, id: undefined, planes: undefined, windows: undefined, notes: undefined },
      },
      browser: navigator.userAgent,
      secure: globalThis.isSecureContext,
      journal: this.journal.lines,
    };
    try {
      // An engine that hangs must not take the report along.
      const late = new Promise((_, reject) => setTimeout(reject, 1500, t('error.engine.silent')));
      report.inside = this.#app ? await Promise.race([this.#app.diagnostics(), late]) : null;
    } catch (reason) {
      report.inside = String(reason);
    }
    return JSON.stringify(report, null, 2);
  }
}
