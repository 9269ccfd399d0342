/**
 * WebKit (WebKitGTK with its small browser), whose driver speaks classic WebDriver (W3C). It has no mode without a screen,
 * so that it is shown on a virtual one.
 */
import { existsSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { inFrame } from './front.mjs';
import { household, program } from './process.mjs';
import { Unanswered } from './unanswered.mjs';

/** Where Debian, Fedora and Arch lay the small browser, which is not on PATH. */
const LIBRARIES = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/libexec', '/usr/lib'];

function browser() {
  if (process.env.MINIBROWSER) return process.env.MINIBROWSER;
  const folders = LIBRARIES.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /^webkit(2gtk|gtk)-/.test(name))
      .map((name) => join(folder, name, 'MiniBrowser')),
  );
  return folders.sort().find((file) => existsSync(file));
}

export const find = () => browser() && program(null, 'Xvfb') && program('WEBKITDRIVER', 'WebKitWebDriver');

/** How long the driver may think about one command, ms. On a busy machine the slowest took ten seconds. */
const SILENCE = 60_000;
/** After these it says itself that a script or a page took too long, ms. */
const TIMEOUTS = { script: 40_000, pageLoad: 50_000 };

/** A port that is free now. @returns {Promise<number>} */
const free = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });

/** @returns {Promise<import('../browsers.mjs').Browser>} */
export async function start() {
  const house = await household();
  // Without folders of its own the browser lays what it saves into the home.
  const downloads = house.home;
  await mkdir(join(house.home, 'config'));
  try {
    const screen = ['-displayfd', '1', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'];
    const [, display] = /** @type {RegExpMatchArray} */ (
      await house.start(/** @type {string} */ (program(null, 'Xvfb')), screen, { says: /^(\d+)\n/m })
    );
    const port = await free();
    const at = `http://127.0.0.1:${port}/session`;
    const env = { DISPLAY: `:${display}`, WAYLAND_DISPLAY: undefined, GTK_A11Y: 'none', NO_AT_BRIDGE: '1' };
    const driver = /** @type {string} */ (program('WEBKITDRIVER', 'WebKitWebDriver'));
    await house.start(driver, ['-p', String(port)], { env });
    await answers(`http://127.0.0.1:${port}/status`);
    const options = { binary: browser(), args: ['--automation'] };
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': options } };
    const session = await request('POST', at, { capabilities });
    /** Once it was silent it is not asked again: each question would wait as long. @type {unknown} */
    let lost = null;
    const call = async (/** @type {string} */ method, /** @type {string} */ path, /** @type {object} */ body) => {
      if (lost) throw lost;
      return request(method, `${at}/${session.sessionId}${path}`, body).catch((error) => {
        if (error instanceof Unanswered) lost = error;
        throw error;
      });
    };
    await call('POST', '/timeouts', TIMEOUTS);
    const first = await call('GET', '/window');
    const windows = new Windows(call, first);
    return {
      name: 'WebKit',
      version: session.capabilities.browserVersion,
      downloads,
      // Whether what it calls a pen reaches the page as one was not seen: the test makes its events.
      pointers: ['mouse'],
      tab: () => windows.open(),
      async close() {
        if (!lost) await call('DELETE', '', undefined).catch(() => {});
        await house.end();
      },
    };
  } catch (error) {
    await house.end();
    throw error;
  }
}

/** @param {string} method @param {string} url @param {object} [body] @returns {Promise<any>} */
async function request(method, url, body) {
  const patience = AbortSignal.timeout(SILENCE);
  const answer = async () => {
    const response = await fetch(url, { method, body: body && JSON.stringify(body), signal: patience });
    return { ok: response.ok, value: (await response.json()).value };
  };
  const { ok, value } = await answer().catch((error) => {
    throw new Unanswered(`${method} ${url}: ${error.message}`);
  });
  if (!ok) throw new Error(`${method} ${url}: ${value.error}: ${value.message}`);
  return value;
}

/** Once the driver hears. @param {string} url */
async function answers(url) {
  for (let left = 200; ; left--) {
    try {
      return await request('GET', url);
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((wait) => setTimeout(wait, 50));
    }
  }
}

/** The tabs of one session, of which the driver looks at one at a time. */
class Windows {
  #call;
  /** Those that nobody uses: the one that was there at the start, and what was closed. @type {string[]} */
  #spare;
  /** The one that the driver looks at; null if that was closed. @type {string | null} */
  #current;
  /** @type {Promise<unknown>} */
  #lane = Promise.resolve();

  /** @param {(method: string, path: string, body?: any) => Promise<any>} call @param {string} first */
  constructor(call, first) {
    this.#call = call;
    this.#spare = [first];
    this.#current = first;
  }

  /** @returns {Promise<import('../browsers.mjs').Raw>} */
  async open() {
    // Not a tab: one behind another stays hidden when the driver turns to it, gets no frames, and a click there is never answered (2.50).
    const handle = this.#spare.pop() ?? (await this.#call('POST', '/window/new', { type: 'window' })).handle;
    /** Whether the page lies in a frame: a window of this browser cannot be as narrow as a phone. */
    let framed = false;
    /** The size of that frame. @type {string | null} */
    let narrow = null;
    const freed = () => this.#spare.push(handle);
    /** @type {string[]} */
    const errors = [];
    const call = (/** @type {string} */ method, /** @type {string} */ path, /** @type {any} */ body) => {
      const next = this.#lane.then(async () => {
        if (this.#current !== handle) {
          await this.#call('POST', '/window', { handle });
          this.#current = handle;
          if (framed) await this.#call('POST', '/frame', { id: 0 });
        }
        return this.#call(method, path, body);
      });
      this.#lane = next.catch(() => {});
      return next;
    };
    const evaluate = async (/** @type {string} */ source, /** @type {unknown[]} */ args) => {
      const script = `return (async (given) => JSON.stringify(await (${source})(...JSON.parse(given))))(arguments[0])`;
      const text = await call('POST', '/execute/sync', { script, args: [JSON.stringify(args)] });
      return typeof text === 'string' ? JSON.parse(text) : undefined;
    };
    // Its driver tells nothing of the console: the server lays a script into the page that does (`front.mjs`).
    const collect = async () => {
      const found = await evaluate('() => (window.insituErrors ?? []).splice(0)', []).catch(() => []);
      errors.push(...found);
      return errors;
    };
    const go = async (/** @type {string} */ url) => {
      if (framed) await call('POST', '/frame', { id: null });
      framed = narrow !== null;
      await call('POST', '/url', { url: narrow ? inFrame(url, narrow) : url });
      if (framed) await call('POST', '/frame', { id: 0 });
    };
    return {
      go,
      async reload() {
        await collect();
        // The frame alone would come back as it was sent there.
        if (framed) await call('POST', '/frame', { id: null });
        await call('POST', '/refresh', {});
        if (framed) await call('POST', '/frame', { id: 0 });
      },
      evaluate,
      async perform(actions) {
        await call('POST', '/actions', { actions });
      },
      screenshot: async () => Buffer.from(await call('GET', '/screenshot'), 'base64'),
      resize: async (width, height) => {
        await call('POST', '/window/rect', { width, height });
        const [wide, high] = await evaluate('() => [innerWidth, innerHeight]', []);
        // Bars of the window stand above the page.
        await call('POST', '/window/rect', { width, height: 2 * height - high });
        narrow = wide > width ? `${width}x${height}` : null;
      },
      errors: collect,
      requests: () => null,
      async close() {
        if (framed) await call('POST', '/frame', { id: null });
        framed = false;
        narrow = null;
        // Closing a window ends the driver (2.50), so that it waits for the next page.
        await call('POST', '/url', { url: 'about:blank' });
        freed();
      },
    };
  }
}
