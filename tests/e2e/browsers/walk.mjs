/** The steps in one browser. Where its driver stops answering, another one takes its place, goes the way up to the step, and the step is begun again. */
import { front } from '../support/browsers/front.mjs';
import { Unanswered } from '../support/browsers/unanswered.mjs';
import { clean, visit } from './person.mjs';

/** @typedef {import('../support/browsers.mjs').Browser} Browser @typedef {import('./steps.mjs').Step} Step */

/** How often a step is begun again. */
export const TIMES = 2;

export class Walk {
  #start;
  #server;
  #tell;
  /** @type {Browser | null} */
  #browser = null;
  /** What the steps that stand on each other left. @type {import('./steps.mjs').Way | null} */
  #way = null;
  #stop = () => {};
  /** How often steps were begun again. */
  again = 0;

  /** @param {() => Promise<Browser>} start @param {string} server the origin of the project's own server @param {(words: string) => void} tell */
  constructor(start, server, tell) {
    this.#start = start;
    this.#server = server;
    this.#tell = tell;
  }

  /** @returns {Promise<Browser>} */
  browser() {
    return this.#take(() => this.#open());
  }

  /** A step that stands on others. @param {Step} step @param {Step[]} before those, in their order */
  onWay(step, before) {
    return this.#take(async () => {
      const way = this.#way ?? (await this.#begin(before));
      const left = await step(way);
      await clean(way.tab, way.site.origin);
      return left;
    });
  }

  /** A step in pages of its own. @param {import('./steps.mjs').Apart} step */
  apart(step) {
    return this.#take(async () => step({ browser: await this.#open(), server: this.#server }));
  }

  /** Of the page that the way goes through. */
  screenshot = async () => this.#way?.tab.screenshot();

  /** Once nobody looks at its page any more, so that it takes no time from others. A browser that cannot close it is found out by the next step. */
  async leave() {
    const way = this.#way;
    this.#way = null;
    await way?.tab.close().catch(() => {});
    this.#stop();
  }

  async end() {
    this.#way = null;
    this.#stop();
    const browser = this.#browser;
    this.#browser = null;
    await browser?.close();
  }

  async #open() {
    return (this.#browser ??= await this.#start());
  }

  /** @param {Step[]} before */
  async #begin(before) {
    const browser = await this.#open();
    const site = await front(this.#server);
    this.#stop = site.stop;
    const tab = await visit(browser, site.url);
    const way = { browser, site, server: this.#server, tab, painted: [] };
    this.#way = way;
    for (const step of before) await step(way);
    return way;
  }

  /** @template T @param {() => Promise<T>} act @returns {Promise<T>} */
  async #take(act) {
    for (let left = TIMES; ; left--) {
      try {
        return await act();
      } catch (error) {
        if (!(error instanceof Unanswered) || left === 0) throw error;
        this.again++;
        this.#tell(`begun again in a new browser, since the driver did not answer: ${error.message}`);
        await this.end();
      }
    }
  }
}
