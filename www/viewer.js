/**
 * `<insitu-viewer src="cells.png" model="nuclei">`: an image with what a model finds in it, for any page. It uses nothing but the API of `insitu.js`.
 *
 * - `src`: the address of an image; or the property `file`, for one that a person chose
 * - `model`: a shipped model by its id, or the address of a model file; without it the image alone is shown
 * - `threshold`: a probability from 0 to 1; without it, the model's own
 * - `alt`: what the image is called by screen readers
 * - `device`: as of `open`, read by the first viewer of a page
 *
 * Events: `mask` with `{ mask, scan, card }` when one is shown, `error` with an `InsituError`. All viewers of a page share one engine, which
 * ends with the last of them.
 * @module
 */
import { InsituError, open } from './insitu.js';
import { percent } from './strings/format.js';
import { chosen, take } from './strings/languages.js';
import { t } from './strings/t.js';

/**
 * @typedef {import('./insitu.js').App} App
 * @typedef {import('./insitu.js').Scan} Scan
 * @typedef {import('./insitu.js').Mask} Mask
 * @typedef {import('./insitu.js').Card} Card
 * @typedef {{ mask: Mask, scan: Scan, card: Card }} MaskShown
 */

/** How strong the colour of a class is inside its outline. */
const FILL = 0.45;

const LOOKS = `
  :host { display: inline-block; position: relative; max-width: 100%; }
  :host([hidden]), canvas[hidden] { display: none; }
  canvas:not([hidden]) { display: block; max-width: 100%; height: auto; }
  p { margin: 0; padding: 0.4em 0.6em; color: #fff; background: #222; font: 0.9rem/1.4 system-ui, sans-serif; }
  p:empty { display: none; }
`;

/** The one engine of the page, which has one model at a time. @type {Promise<App> | null} */
let engine = null;
/** The model in use: what it was asked for by. @type {{ name: string, card: Card } | null} */
let inUse = null;
let viewers = 0;
/** @type {Promise<unknown>} */
let before = Promise.resolve();

/** One viewer after the other. @template T @param {() => Promise<T>} work @returns {Promise<T>} */
function inTurn(work) {
  const turn = before.then(work);
  before = turn.catch(() => {});
  return turn;
}

/** @param {Element} viewer @returns {Promise<App>} */
function started(viewer) {
  const language = chosen({ search: '', hash: '' }, null, [viewer.closest('[lang]')?.getAttribute('lang') ?? 'en']);
  const wanted = viewer.getAttribute('device');
  const device = wanted === 'cpu' || wanted === 'webgpu' ? wanted : 'auto';
  engine ??= take(language).then(() => open({ device }));
  engine.catch(() => (engine = null));
  return engine;
}

/** The engine ends when no viewer is left; one that is only moved is back by then. */
async function ended() {
  await null;
  if (viewers > 0 || !engine) return;
  const last = engine;
  [engine, inUse] = [null, null];
  await last.then((app) => app.close()).catch(() => {});
}

/** @param {string} address @param {AbortSignal} signal @param {string} code if it is not to be had @returns {Promise<File>} */
async function fetched(address, signal, code) {
  try {
    const answer = await fetch(address, { signal });
    if (!answer.ok) throw InsituError.of(code, 'io', `${answer.status} ${address}`);
    return new File([await answer.blob()], new URL(address, document.baseURI).pathname.split('/').pop() ?? '');
  } catch (error) {
    if (signal.aborted) throw InsituError.cancelled();
    throw error instanceof InsituError ? error : InsituError.of(code, 'io', error);
  }
}

/** @param {App} app @param {string} name @param {AbortSignal} signal @returns {Promise<Card>} */
async function using(app, name, signal) {
  if (inUse?.name === name) return inUse.card;
  inUse = null;
  // An id has neither folders nor an ending.
  const card = await app.loadModel(/[./]/.test(name) ? await fetched(name, signal, 'model.fetch') : name);
  inUse = { name, card };
  return card;
}

/** A picture with a mask over it. @param {ImageData} picture @param {Mask} mask @param {string[]} colours `#rrggbb` of classes 1 and up @returns {ImageData} */
export function painted({ data, width, height }, { labels }, colours) {
  const rgba = new Uint8ClampedArray(data);
  const channels = colours.map((colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)));
  for (let i = 0; i < labels.length; i++) {
    const colour = channels[labels[i] - 1];
    if (!colour) continue;
    const x = i % width;
    const around = [x > 0 ? i - 1 : i, x < width - 1 ? i + 1 : i, i - width, i + width];
    const strength = around.some((other) => labels[other] !== undefined && labels[other] !== labels[i]) ? 1 : FILL;
    for (let c = 0; c < 3; c++) rgba[4 * i + c] += strength * (colour[c] - rgba[4 * i + c]);
  }
  return new ImageData(rgba, width, height);
}

/** See the top of this file. */
export class InsituViewer extends HTMLElement {
  static observedAttributes = ['src', 'model', 'threshold', 'alt'];

  #canvas = document.createElement('canvas');
  #status = document.createElement('p');
  /** Of what is shown or on its way. */
  #work = new AbortController();
  #asked = false;
  /** @type {File | Blob | null} */
  #file = null;
  /** What `#scan` was opened from. @type {string | Blob | null} */
  #source = null;
  /** @type {Scan | null} */
  #scan = null;
  /** @type {ImageData | null} */
  #picture = null;
  /** @type {Mask | null} */
  #mask = null;

  constructor() {
    super();
    const looks = new CSSStyleSheet();
    looks.replaceSync(LOOKS);
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [looks];
    this.#canvas.setAttribute('role', 'img');
    this.#canvas.hidden = true;
    this.#status.setAttribute('role', 'status');
    root.append(this.#canvas, this.#status);
  }

  /** What is shown, null until then. @returns {Mask | null} */
  get mask() {
    return this.#mask;
  }

  /** @returns {Scan | null} */
  get scan() {
    return this.#scan;
  }

  /** An image in the place of that of `src`; null for that again. @param {File | Blob | null} file */
  set file(file) {
    this.#file = file;
    this.#ask();
  }

  get file() {
    return this.#file;
  }

  connectedCallback() {
    viewers += 1;
    this.#ask();
  }

  disconnectedCallback() {
    viewers -= 1;
    this.#work.abort();
    // A page that puts it back sees it anew; the engine that has the scan may be gone by then.
    const [app, scan] = [engine, this.#scan];
    this.#forget();
    if (app && scan) app.then((app) => app.closeScan(scan)).catch(() => {});
    void ended();
  }

  attributeChangedCallback() {
    this.#ask();
  }

  /** Several changes at once are one. */
  #ask() {
    if (!this.isConnected || this.#asked) return;
    this.#asked = true;
    queueMicrotask(() => {
      this.#asked = false;
      this.#work.abort();
      if (!this.isConnected) return;
      this.#work = new AbortController();
      void this.#renewed(this.#work.signal);
    });
  }

  /** @param {AbortSignal} signal */
  async #renewed(signal) {
    try {
      const shown = await inTurn(() => this.#show(signal));
      if (signal.aborted) return;
      this.#status.textContent = '';
      if (shown) this.dispatchEvent(new CustomEvent('mask', { detail: shown }));
    } catch (thrown) {
      const error = InsituError.from(thrown);
      if (signal.aborted) return;
      this.#status.textContent = error.message;
      this.dispatchEvent(new CustomEvent('error', { detail: error }));
    }
  }

  /** @param {AbortSignal} signal @returns {Promise<MaskShown | null>} null: without a mask */
  async #show(signal) {
    const source = this.#file ?? this.getAttribute('src');
    const threshold = this.#threshold();
    if (signal.aborted || !source) return null;
    this.#say(t('job.engine'));
    const app = await started(this);
    if (source !== this.#source) await this.#open(app, source, signal);
    const [scan, picture, model] = [this.#scan, this.#picture, this.getAttribute('model')];
    if (signal.aborted || !scan || !picture) return null;
    this.#named(null);
    if (!model) return this.#bare(picture);
    this.#say(t('job.model'));
    const card = await using(app, model, signal);
    const title = t('job.tiles');
    this.#say(title);
    const onProgress = (/** @type {{ done: number, total: number }} */ { done, total }) =>
      this.#say(t('viewer.share', { title, percent: percent(done / total) }));
    const mask = await app.segment(scan, { slice: scan.middle, threshold, signal, onProgress });
    if (signal.aborted) return null;
    const colours = card.classes.map(({ colour }) => colour);
    this.#canvas.getContext('2d')?.putImageData(painted(picture, mask, colours), 0, 0);
    this.#mask = mask;
    this.#named(card.title);
    return { mask, scan, card };
  }

  /** @param {App} app @param {string | Blob} source @param {AbortSignal} signal */
  async #open(app, source, signal) {
    const old = this.#scan;
    this.#forget();
    if (old) await app.closeScan(old);
    this.#say(t('viewer.fetching'));
    const file = typeof source === 'string' ? await fetched(source, signal, 'viewer.fetch') : source;
    this.#say(t('job.reading'));
    const scan = await app.openScan(file, { signal });
    const picture = await app.render(scan, { slice: scan.middle });
    if (signal.aborted) return app.closeScan(scan);
    [this.#source, this.#scan, this.#picture] = [source, scan, picture];
    [this.#canvas.width, this.#canvas.height] = [picture.width, picture.height];
    this.#bare(picture);
    this.#canvas.hidden = false;
  }

  #forget() {
    [this.#source, this.#scan, this.#picture, this.#mask] = [null, null, null, null];
    this.#canvas.hidden = true;
  }

  /** The image without a mask. @param {ImageData} picture @returns {null} */
  #bare(picture) {
    this.#mask = null;
    this.#canvas.getContext('2d')?.putImageData(picture, 0, 0);
    return null;
  }

  #threshold() {
    const text = this.getAttribute('threshold');
    if (text === null || text.trim() === '') return undefined;
    const value = Number(text);
    if (!(value >= 0 && value <= 1)) throw InsituError.of('viewer.threshold', 'invalid', text);
    return value;
  }

  /** @param {string | null} model that found what is shown */
  #named(model) {
    const own = this.getAttribute('alt');
    this.#canvas.setAttribute('aria-label', own || (model ? t('viewer.name', { model }) : t('viewer.name.bare')));
  }

  /** @param {string} words */
  #say(words) {
    this.#status.textContent = words;
  }
}

if (!customElements.get('insitu-viewer')) customElements.define('insitu-viewer', InsituViewer);
