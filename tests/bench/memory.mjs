/**
 * What a segmentation takes of the computer's memory: the sum of what all processes of the browser hold (PSS: what several share counts
 * once) beside what they read from files, above an empty page of the same browser. Files are the browser's own code, which counts less
 * as soon as another browser runs. Linux only, which alone tells.
 *
 *     cargo xtask bench memory [--sides 256,1024,4096] [--cores 2] [--times 1] [--again 0]
 *
 * `--times`: segmentations of each image before it is measured; `--again`: further ones, after which it is measured once more;
 * `--dir`: another build to serve, as `cargo xtask dist` writes it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { launch, visit } from '../e2e/support/browser.mjs';
import { picture } from '../e2e/support/images.mjs';
import { serve } from '../e2e/support/server.mjs';

const { values: given } = parseArgs({
  options: {
    sides: { type: 'string', default: '256,1024,4096' },
    cores: { type: 'string', default: '2' },
    times: { type: 'string', default: '1' },
    again: { type: 'string', default: '0' },
    model: { type: 'string', default: 'nuclei' },
    dir: { type: 'string' },
  },
});
const MB = 1e6;
/** Time from one look at the processes to the next, ms. */
const EVERY = 200;

/** Processes that this one started, and those that they started. */
function descendants() {
  /** @type {Map<number, number>} */
  const parents = new Map();
  for (const name of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It ended meanwhile.
    }
  }
  const below = (/** @type {number} */ id) => {
    for (let at = parents.get(id); at; at = parents.get(at)) if (at === process.pid) return true;
    return false;
  };
  return [...parents.keys()].filter(below);
}

/** Bytes of the browser's processes. */
function held() {
  let sum = 0;
  for (const id of descendants()) {
    try {
      if (!/chrom/i.test(readFileSync(`/proc/${id}/cmdline`, 'utf8'))) continue;
      const rollup = readFileSync(`/proc/${id}/smaps_rollup`, 'utf8');
      for (const [, kilobytes] of rollup.matchAll(/^Pss_(?:Anon|Shmem):\s+(\d+)/gm)) sum += 1024 * Number(kilobytes);
    } catch {
      // It ended meanwhile.
    }
  }
  return sum;
}

const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

const server = await serve({ dir: given.dir });
const browser = await launch();
const body = '<!doctype html><title>Empty</title>';
const { page } = await visit(browser, `${server.url}blank.html`, {
  before: (page) =>
    page.route('**/{blank.html,favicon.ico}', (route) => route.fulfill({ contentType: 'text/html', body })),
});
await pause(1500);
const empty = held();
let peak = 0;
const looking = setInterval(() => (peak = Math.max(peak, held())), EVERY);

/** @param {string} what @param {() => Promise<number | void>} work that may tell its milliseconds */
async function measured(what, work) {
  peak = 0;
  const milliseconds = await work();
  await pause(2 * EVERY);
  const after = held();
  const row = [what.padEnd(28), `peak ${Math.round((peak - empty) / MB)}`, `after ${Math.round((after - empty) / MB)}`];
  console.log([...row, milliseconds ? `${Math.round(milliseconds)} ms` : ''].join('\t'));
}

console.log(
  `MB above an empty page, which takes ${Math.round(empty / MB)}; ${given.cores} cores, model ${given.model}`,
);
await measured('engine and model', () =>
  page.evaluate(
    async ([cores, model]) => {
      const { open } = await import(`${location.origin}/www/insitu.js`);
      const app = await open({ device: 'cpu', cores: Number(cores) });
      await app.loadModel(model);
      Object.assign(globalThis, { app });
    },
    [given.cores, given.model],
  ),
);
for (const side of given.sides.split(',').map(Number)) {
  const image = Buffer.from(picture('image.png', side).bytes).toString('base64');
  await page.evaluate((image) => {
    const bytes = Uint8Array.from(atob(image), (c) => c.charCodeAt(0));
    Object.assign(globalThis, { file: new File([bytes], 'image.png') });
  }, image);
  // The image is opened anew for each segmentation: else the answer would still be there.
  const segmented = (/** @type {number} */ times) =>
    page.evaluate(async (times) => {
      const { app, file } = /** @type {any} */ (globalThis);
      const start = performance.now();
      for (let i = 0; i < times; i++) {
        const scan = await app.openScan(file);
        Object.assign(globalThis, { mask: await app.segment(scan) });
        await app.closeScan(scan);
      }
      return (performance.now() - start) / times;
    }, times);
  const [times, again] = [Number(given.times), Number(given.again)];
  await measured(`${side} x ${side}, ${times} times`, () => segmented(times));
  if (again > 0) await measured(`${side} x ${side}, ${again} more`, () => segmented(again));
}
clearInterval(looking);
await browser.close();
server.stop();
