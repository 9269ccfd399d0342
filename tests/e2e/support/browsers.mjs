/**
 * One driver for the three engines of browsers: what a person does with a page, in words that each of them is told in its
 * own protocol.
 */
import assert from 'node:assert/strict';
import * as chromium from './browsers/chromium.mjs';
import * as firefox from './browsers/firefox.mjs';
import { seek } from './browsers/in-page.mjs';
import * as webkit from './browsers/webkit.mjs';

/**
 * @typedef {object} Raw what a protocol can do in one tab
 * @property {(url: string) => Promise<unknown>} go until it is loaded
 * @property {() => Promise<unknown>} reload
 * @property {(source: string, args: unknown[]) => Promise<any>} evaluate a function's text; arguments and result as JSON
 * @property {(actions: object[]) => Promise<unknown>} perform real input, as WebDriver's "Perform Actions" describes it
 * @property {() => Promise<Buffer>} screenshot PNG
 * @property {(width: number, height: number) => Promise<unknown>} resize the page, before it is opened
 * @property {() => Promise<string[]>} errors of the console, and exceptions that nobody caught
 * @property {() => string[] | null} requests that were made; null where the protocol does not tell
 * @property {() => Promise<unknown>} close
 *
 * @typedef {'mouse' | 'touch' | 'pen'} Pointer
 * @typedef {object} Browser
 * @property {string} name
 * @property {string} version
 * @property {string} downloads the folder that saved files come to
 * @property {Pointer[]} pointers that the driver can move
 * @property {() => Promise<Raw>} tab
 * @property {() => Promise<void>} close
 *
 * @typedef {string | RegExp} Words a string is the whole text, without differences in white space
 * @typedef {{ role?: string, name?: Words, text?: Words, css?: string, inside?: What, hidden?: boolean }} What
 * @typedef {{ x: number, y: number }} Point CSS pixels of the window
 * @typedef {import('./browsers/in-page.mjs').Found} Found
 */

/** Each with whether it is installed, and how it is started. @type {{ name: string, find: () => string | undefined, start: () => Promise<Browser> }[]} */
export const browsers = [
  { name: 'Chromium', ...chromium },
  { name: 'Firefox', ...firefox },
  { name: 'WebKit', ...webkit },
];

/** Keys that have no letter, as WebDriver names them. @type {Record<string, string>} */
const KEYS = {
  Backspace: '\uE003',
  Tab: '\uE004',
  Enter: '\uE007',
  Shift: '\uE008',
  Control: '\uE009',
  Escape: '\uE00C',
  PageUp: '\uE00E',
  PageDown: '\uE00F',
};
/** How long something may take that is asked for, ms. */
const PATIENCE = 60_000;

const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Regular expressions as JSON. @param {What} what @returns {import('./browsers/in-page.mjs').Sought} */
function sought({ name, text, inside, ...rest }) {
  const plain = (/** @type {Words | undefined} */ words) =>
    words instanceof RegExp ? { source: words.source, flags: words.flags } : words;
  return { ...rest, name: plain(name), text: plain(text), inside: inside && sought(inside) };
}

/** @param {What} what */
const words = (what) => JSON.stringify(what, (_, value) => (value instanceof RegExp ? String(value) : value));

export class Tab {
  #raw;
  #pointers;

  /** @param {Raw} raw @param {Pointer[]} pointers that the driver can move */
  constructor(raw, pointers) {
    this.#raw = raw;
    this.#pointers = pointers;
  }

  /** @param {Browser} browser @param {string} url @param {{ size?: [number, number] }} [options] */
  static async open(browser, url, { size = [1280, 800] } = {}) {
    const raw = await browser.tab();
    await raw.resize(...size);
    await raw.go(url);
    return new Tab(raw, browser.pointers);
  }

  reload = () => this.#raw.reload();
  screenshot = () => this.#raw.screenshot();
  errors = () => this.#raw.errors();
  requests = () => this.#raw.requests();
  close = () => this.#raw.close();
  pause = pause;

  /** Runs a function in the page; it may be asynchronous. @template {unknown[]} A, T @param {(...args: A) => T} run @param {A} args @returns {Promise<Awaited<T>>} */
  evaluate(run, ...args) {
    return this.#raw.evaluate(String(run), args);
  }

  /** Everything that fits now. @param {What} what @returns {Promise<Found[]>} */
  all(what) {
    return this.evaluate(seek, sought(what));
  }

  /** @param {What} what */
  async count(what) {
    return (await this.all(what)).length;
  }

  /** Asks until the answer is one. @template T @param {() => Promise<T | null | undefined | false>} ask @param {string} what @param {number} [patience] ms @returns {Promise<T>} */
  async until(ask, what, patience = PATIENCE) {
    for (const end = Date.now() + patience; ; await pause(100)) {
      const answer = await ask();
      if (answer) return answer;
      if (Date.now() < end) continue;
      const errors = await this.errors();
      const shown = await this.evaluate(() => document.body.innerText.replace(/\s+/g, ' ').slice(0, 1500));
      assert.fail(`waited for ${what}; errors: ${errors.join('; ') || 'none'}; the page says: ${shown}`);
    }
  }

  /** The first that fits, once there is one. @param {What} what @param {number} [patience] ms @returns {Promise<Found>} */
  find(what, patience) {
    return this.until(async () => (await this.all(what))[0], words(what), patience);
  }

  /** Until nothing fits. @param {What} what @param {number} [patience] ms */
  gone(what, patience) {
    return this.until(async () => (await this.all(what)).length === 0, `${words(what)} to go`, patience);
  }

  /** Real input of one device. @param {Pointer} pointer @param {object[]} actions */
  #pointer(pointer, actions) {
    return this.#raw.perform([{ type: 'pointer', id: pointer, parameters: { pointerType: pointer }, actions }]);
  }

  /** Where a click hits it, once that is so and it moves no more. @param {What} what @param {number} [patience] ms */
  #place(what, patience) {
    let before = '';
    return this.until(
      async () => {
        const [found] = await this.evaluate(seek, sought(what), { scroll: true });
        const place = `${found?.x} ${found?.y}`;
        const still = place === before;
        before = place;
        return found?.hit && !found.disabled && still && found;
      },
      `a click on ${words(what)}`,
      patience,
    );
  }

  /** @param {What} what @param {{ pointer?: Pointer, patience?: number }} [options] */
  async click(what, { pointer = 'mouse', patience } = {}) {
    const { x, y } = await this.#place(what, patience);
    await this.clickAt({ x, y }, pointer);
  }

  /** @param {Point} at @param {Pointer} [pointer] */
  clickAt({ x, y }, pointer = 'mouse') {
    return this.#pointer(pointer, [
      { type: 'pointerMove', x: Math.round(x), y: Math.round(y) },
      { type: 'pointerDown', button: 0 },
      { type: 'pause', duration: 20 },
      { type: 'pointerUp', button: 0 },
    ]);
  }

  /** Presses, moves through places in small steps, and lets go. @param {Point[]} places @param {Pointer} [pointer] */
  drag(places, pointer = 'mouse') {
    if (!this.#pointers.includes(pointer)) return this.#pretend(places, pointer);
    const [first, ...rest] = places;
    const steps = 6;
    const pressure = pointer === 'pen' ? { pressure: 0.6 } : {};
    const move = (/** @type {Point} */ { x, y }) => ({
      ...{ type: 'pointerMove', x: Math.round(x), y: Math.round(y), duration: 15 },
      ...pressure,
    });
    const moves = rest.flatMap((to, i) => {
      const from = i ? rest[i - 1] : first;
      return Array.from({ length: steps }, (_, n) => {
        const part = (n + 1) / steps;
        return move({ x: from.x + part * (to.x - from.x), y: from.y + part * (to.y - from.y) });
      });
    });
    const down = { type: 'pointerDown', button: 0, ...pressure };
    return this.#pointer(pointer, [move(first), down, ...moves, { type: 'pointerUp', button: 0 }]);
  }

  /** Events of a device that the driver does not have, made in the page. @param {Point[]} places @param {Pointer} pointerType */
  #pretend(places, pointerType) {
    return this.evaluate(
      async (places, pointerType) => {
        const on = /** @type {Element} */ (document.elementFromPoint(places[0].x, places[0].y));
        // A device that is not there cannot be captured.
        on.setPointerCapture = () => {};
        const send = (/** @type {string} */ kind, /** @type {Point} */ { x, y }, /** @type {number} */ pressure) =>
          on.dispatchEvent(
            new PointerEvent(kind, {
              ...{ pointerId: 77, pointerType, pressure, clientX: x, clientY: y, buttons: pressure > 0 ? 1 : 0 },
              ...{ bubbles: true, cancelable: true, isPrimary: true, button: kind === 'pointermove' ? -1 : 0 },
            }),
          );
        send('pointerdown', places[0], 0.6);
        for (const place of places.slice(1)) {
          await new Promise(requestAnimationFrame);
          send('pointermove', place, 0.6);
        }
        send('pointerup', places[places.length - 1], 0);
      },
      places,
      pointerType,
    );
  }

  /** Keys such as `b` or `Control+z`. @param {...string} keys */
  async press(...keys) {
    for (const key of keys) {
      const held = key.length > 1 ? key.split('+') : [key];
      const values = held.map((part) => KEYS[part] ?? part);
      await this.#raw.perform([
        {
          ...{ type: 'key', id: 'keyboard' },
          actions: [
            ...values.map((value) => ({ type: 'keyDown', value })),
            ...values.reverse().map((value) => ({ type: 'keyUp', value })),
          ],
        },
      ]);
    }
  }

  /** Types into a field in the place of what is in it, and leaves it. @param {What} what @param {string} text */
  async type(what, text) {
    await this.#place(what);
    await this.evaluate(seek, sought(what), { focus: true });
    await this.press('Control+a', ...text, 'Enter');
    const [{ value }] = await this.all(what);
    assert.equal(value, text, `typed into ${words(what)}`);
  }

  /** Moves a slider or chooses in a list, as the browser's own control would. @param {What} what @param {string} value */
  async set(what, value) {
    await this.find(what);
    await this.evaluate(seek, sought(what), { set: value });
  }

  /** Drops files on the page. @param {{ name: string, bytes: Uint8Array, type?: string }[]} files */
  drop(files) {
    const given = files.map(({ name, bytes, type = '' }) => [name, type, Buffer.from(bytes).toString('base64')]);
    return this.evaluate((given) => {
      const dataTransfer = new DataTransfer();
      for (const [name, type, base64] of given)
        dataTransfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name, { type }));
      for (const kind of ['dragover', 'drop'])
        document.body.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer }));
    }, given);
  }

  /** Gives files to the page's own chooser. @param {{ name: string, bytes: Uint8Array, type?: string }[]} files */
  choose(files) {
    const given = files.map(({ name, bytes, type = '' }) => [name, type, Buffer.from(bytes).toString('base64')]);
    return this.evaluate((given) => {
      const transfer = new DataTransfer();
      for (const [name, type, base64] of given)
        transfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name, { type }));
      const input = /** @type {HTMLInputElement} */ (
        document.querySelector('body > input[type=file]:not([webkitdirectory])')
      );
      input.files = transfer.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    }, given);
  }

  /** RGBA of the canvas, summed up: pixels that are coloured, and a number that changes with any of them. @param {string} [css] */
  pixels(css = 'canvas.image') {
    return this.evaluate(async (css) => {
      for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
      const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector(css));
      const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      let [coloured, bright, sum] = [0, 0, 0];
      for (let i = 0; i < data.length; i += 4) {
        const [r, g, b] = data.subarray(i, i + 3);
        if (Math.max(r, g, b) - Math.min(r, g, b) > 24) coloured++;
        if (r + g + b > 300) bright++;
        sum = (Math.imul(sum, 31) + ((r << 16) | (g << 8) | b)) | 0;
      }
      return { coloured, bright, sum };
    }, css);
  }
}
