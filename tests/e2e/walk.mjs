/**
 * Takes the pictures of docs/teaching.md: a person drops a slice that no shipped model was made for, corrects the mask, teaches
 * the network, applies it to a second slice, saves it, closes the tab and goes on later.
 *
 *     node tests/e2e/walk.mjs FOLDER      after `cargo xtask build`; FOLDER has images/00.png and images/20.png of the
 *                                         ISBI 2012 membranes. Takes a quarter of an hour on two cores.
 */
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { area, drop, launch, masked } from './support/browser.mjs';
import { hand, labelPanel } from './support/labelling.mjs';
import { root, serve } from './support/server.mjs';

/** Along membranes, and inside of cells: what a person sees at a glance. Pixels of slice 00. */
const MEMBRANES = [
  [
    [95, 75],
    [88, 59],
    [77, 44],
    [65, 35],
    [49, 37],
    [35, 24],
    [27, 22],
  ],
  [
    [257, 86],
    [265, 80],
    [259, 67],
    [265, 60],
    [274, 68],
    [270, 76],
  ],
  [
    [417, 80],
    [427, 64],
    [441, 59],
    [448, 49],
    [438, 33],
    [432, 20],
    [428, 12],
  ],
  [
    [89, 199],
    [93, 183],
    [93, 159],
    [106, 144],
    [122, 135],
    [138, 133],
  ],
  [
    [240, 205],
    [235, 190],
    [233, 174],
    [222, 159],
    [208, 147],
    [184, 140],
  ],
  [
    [93, 312],
    [77, 310],
    [61, 312],
    [46, 322],
    [32, 326],
    [21, 312],
  ],
];
const INSIDES = [
  [
    [166, 95],
    [141, 100],
    [115, 104],
  ],
  [
    [421, 130],
    [440, 177],
    [458, 223],
  ],
  [
    [150, 246],
    [132, 260],
    [113, 273],
  ],
  [
    [274, 287],
    [295, 300],
    [315, 312],
  ],
  [
    [158, 391],
    [156, 411],
    [153, 430],
  ],
];

const folder = process.argv[2];
assert.ok(folder, 'which folder has the images?');
const images = await Promise.all(
  ['00', '20'].map(async (stem) => ({
    name: `membrane-${stem}.png`,
    bytes: await readFile(join(folder, 'images', `${stem}.png`)),
  })),
);
const pictures = join(root, 'docs/teaching');
await mkdir(pictures, { recursive: true });

const server = await serve();
const browser = await launch();
const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true });
const errors = /** @type {string[]} */ ([]);
context.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
let page = await context.newPage();
const shot = async (/** @type {string} */ name) => {
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(pictures, `${name}.jpg`), type: 'jpeg', quality: 72 });
  console.log(`${name} at ${Math.round(performance.now() / 1000)} s`);
};
const tab = (/** @type {string} */ name) => page.getByRole('tab', { name, exact: true }).click();
const button = (/** @type {string | RegExp} */ name) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });

try {
  await page.goto(server.url);
  await drop(page, [images[0]]);
  await page.getByRole('combobox', { name: /model/i }).first().selectOption('nuclei');
  await masked(page, 300_000);
  await page
    .getByText(/segmented in/i)
    .first()
    .waitFor({ timeout: 300_000 });
  await shot('1-before');

  await labelPanel(page);
  await page.getByText('Names, colours, order').click();
  const name = page.getByRole('textbox', { name: /^Name of nucleus/i });
  await name.fill('membrane');
  await name.press('Enter');
  await page.getByText('Names, colours, order').click();
  const paint = await hand(page, 512);
  const brush = page.getByRole('slider', { name: 'Brush size' });
  await brush.fill('2.2');
  await page.keyboard.press('1');
  for (const path of MEMBRANES) await paint.stroke(.../** @type {[number, number][]} */ (path));
  await brush.fill('3');
  await page.keyboard.press('0');
  for (const path of INSIDES) await paint.stroke(.../** @type {[number, number][]} */ (path));
  await shot('2-strokes');

  await tab('Train');
  await page.getByRole('textbox', { name: 'Name of the model' }).fill('Membranes');
  await shot('3-settings');
  await button('Train').click();
  await page.getByText(/^Step (6\d|7\d|8\d) of/).waitFor({ timeout: 1_200_000 });
  await shot('4-learning');
  await button('Save model').waitFor({ timeout: 3_000_000 });
  await shot('5-taught');

  await drop(page, [images[1]]);
  await masked(page, 300_000);
  await tab('Train');
  await button(/^Apply to all/).click();
  await page.getByText(/segmented. Each shows at once/).waitFor({ timeout: 600_000 });
  await shot('6-second-slice');
  const [download] = await Promise.all([page.waitForEvent('download'), button('Save model').click()]);
  console.log(`saved ${download.suggestedFilename()}`);
  await page.waitForTimeout(3000);
  await page.close();

  page = await context.newPage();
  await page.goto(server.url);
  await button('Continue').waitFor({ timeout: 120_000 });
  await shot('7-again');
  await button('Continue').click();
  await masked(page, 300_000);
  await tab('Train');
  await shot('8-continued');
  console.log(`foreground then ${await area(page)} px`);
  assert.deepEqual(errors, []);
} finally {
  await browser.close();
  server.stop();
}
