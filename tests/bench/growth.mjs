/**
 * `cargo xtask bench growth`: how time grows with the side of an image and with workers (in the page), and with the width of the network
 * (natively, from standard input: lines `width/64: 123.4 ms`). Writes docs/growth.svg and prints what it shows.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { launch, visit } from '../e2e/support/browser.mjs';
import { picture } from '../e2e/support/images.mjs';
import { serve } from '../e2e/support/server.mjs';

const SIDES = (process.env.SIDES ?? '256,512,1024,2048,4096').split(',').map(Number);
const CORES = [1, 2, 4];
const PANEL = { width: 300, height: 240, left: 56, bottom: 40, top: 30 };
const TINTS = ['#0072B2', '#D55E00', '#009E73'];

/** @param {import('playwright-core').Page} page @param {number} side @param {number} cores */
async function seconds(page, side, cores) {
  const image = Buffer.from(picture('a.png', side).bytes).toString('base64');
  return page.evaluate(
    async ({ image, cores }) => {
      const { open } = await import(`${location.origin}/www/insitu.js`);
      const app = await open({ device: 'cpu', cores });
      await app.loadModel('nuclei');
      const bytes = Uint8Array.from(atob(image), (c) => c.charCodeAt(0));
      const scan = await app.openScan(new File([bytes], 'a.png'));
      const times = [];
      while (times.length < 3 && times.reduce((sum, time) => sum + time, 0) < 60) {
        const start = performance.now();
        await app.segment(scan);
        times.push((performance.now() - start) / 1000);
        // A mask that is there is not computed again; a model that is loaded anew has none.
        await app.loadModel('nuclei');
      }
      await app.close();
      return times.sort((a, b) => a - b)[times.length >> 1];
    },
    { image, cores },
  );
}

/**
 * @param {string} title @param {string} unit
 * @param {{ name: string, points: number[][] }[]} lines points: [x, seconds]
 * @param {number} shift
 */
function panel(title, unit, lines, shift) {
  const all = lines.flatMap((line) => line.points);
  const range = (/** @type {number} */ axis) => {
    const values = all.map((point) => Math.log(point[axis]));
    return [Math.min(...values), Math.max(...values)];
  };
  const [xs, ys] = [range(0), range(1)];
  const x = (/** @type {number} */ v) =>
    shift + PANEL.left + ((Math.log(v) - xs[0]) / (xs[1] - xs[0] || 1)) * (PANEL.width - PANEL.left - 20);
  const y = (/** @type {number} */ v) =>
    PANEL.height -
    PANEL.bottom -
    ((Math.log(v) - ys[0]) / (ys[1] - ys[0] || 1)) * (PANEL.height - PANEL.bottom - PANEL.top);
  const text = (/** @type {number} */ at, /** @type {number} */ down, /** @type {string} */ words, anchor = 'middle') =>
    `<text x="${at.toFixed(1)}" y="${down.toFixed(1)}" text-anchor="${anchor}">${words}</text>`;
  const drawn = lines.map(({ name, points }, i) => {
    const places = points.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`);
    const marks = places.map((place) => `<circle cx="${place.split(',')[0]}" cy="${place.split(',')[1]}" r="3"/>`);
    const label = name && text(shift + PANEL.left + 8, PANEL.top + 14 * (i + 1), name, 'start');
    return `<g fill="${TINTS[i]}" stroke="none"><polyline points="${places.join(' ')}" fill="none" stroke="${TINTS[i]}" stroke-width="1.5"/>${marks.join('')}${label}</g>`;
  });
  const ticks = [...new Set(all.map((point) => point[0]))].map((v) => text(x(v), PANEL.height - 24, String(v)));
  const lowest = Math.min(...all.map((point) => point[1]));
  const highest = Math.max(...all.map((point) => point[1]));
  const sides = [lowest, highest].map((v) => text(shift + PANEL.left - 6, y(v) + 4, v.toPrecision(2), 'end'));
  const names = text(shift + PANEL.width / 2, 16, title) + text(shift + PANEL.width / 2, PANEL.height - 6, unit);
  return names + ticks.join('') + sides.join('') + drawn.join('');
}

const widths = readFileSync(0, 'utf8')
  .split('\n')
  .flatMap((line) => [...line.matchAll(/^width\/(\d+): ([\d.]+) ms/g)])
  .map((found) => [Number(found[1]), Number(found[2]) / 1000]);
const server = await serve();
const browser = await launch();
const { page } = await visit(browser, `${server.url}blank.html`, {
  before: (page) =>
    page.route('**/{blank.html,favicon.ico}', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>growth</title>' }),
    ),
});
const lines = [];
for (const cores of CORES) {
  const points = [];
  for (const side of cores === 2 ? SIDES : SIDES.slice(0, 3)) {
    points.push([side, await seconds(page, side, cores)]);
    console.log(`${cores} workers, ${side} x ${side}: ${points[points.length - 1][1].toFixed(2)} s`);
  }
  lines.push({ name: cores === 1 ? '1 worker' : `${cores} workers`, points });
}
await browser.close();
server.stop();
for (const [width, time] of widths) console.log(`width ${width}, native: ${(time * 1000).toFixed(1)} ms`);
const drawing =
  panel('Seconds by side, in the page', 'side of the image, pixels', lines, 0) +
  panel(
    'Seconds by width, 256 x 256, native',
    'channels at full resolution',
    [{ name: '', points: widths }],
    PANEL.width,
  );
const attributes = `viewBox="0 0 ${2 * PANEL.width} ${PANEL.height}" width="${2 * PANEL.width}" height="${PANEL.height}"`;
const style = 'font-family="sans-serif" font-size="11" fill="#333"';
writeFileSync(
  new URL('../../docs/growth.svg', import.meta.url),
  `<svg xmlns="http://www.w3.org/2000/svg" ${attributes} ${style}><rect width="100%" height="100%" fill="white"/>${drawing}</svg>\n`,
);
