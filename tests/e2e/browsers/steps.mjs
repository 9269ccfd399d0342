/** The way of a person through the page, step by step: the same in every browser. */
import assert from 'node:assert/strict';
import { outside } from '../support/browsers/front.mjs';
import { dicom, picture, stack, strokes } from '../support/images.mjs';
import { unzip } from '../support/zip.mjs';
import { refusesAll } from './doors.mjs';
import { apart, area, counted, counts, inside, LONG, masked, panel, places, saved, visit } from './person.mjs';

/**
 * @typedef {object} Place
 * @property {import('../support/browsers.mjs').Browser} browser
 * @property {string} server the origin of the project's own server
 *
 * @typedef {object} OnWay
 * @property {{ url: string, origin: string }} site
 * @property {import('../support/browsers.mjs').Tab} tab
 * @property {number[]} painted labelled pixels
 *
 * @typedef {Place & OnWay} Way
 * @typedef {(way: Way) => Promise<void | string>} Step answers why it was left out
 * @typedef {(place: Place) => Promise<void | string>} Apart the same, in pages of its own
 */

const SIDE = 64;
const IMAGE = picture('discs.png', SIDE);
const label = inside('Label');

/** @type {Step} */
async function opens({ tab }) {
  await tab.choose([IMAGE]);
  await tab.find({ role: 'img', name: new RegExp(`discs\\.png, ${SIDE} by ${SIDE} pixels`) }, LONG);
  await tab.drop([stack('stack.nii', 40, 3), dicom('head.dcm', 'CT', 96)]);
  await tab.click({ role: 'button', name: /^stack\.nii/ });
  await tab.find({ role: 'img', name: /stack\.nii, 40 by 40 pixels/ }, LONG);
  await tab.set({ css: '#slice' }, '3');
  await tab.click({ role: 'button', name: /^head\.dcm/ });
  await tab.find({ role: 'img', name: /head\.dcm, 96 by 96 pixels/ }, LONG);
  assert.ok((await tab.pixels()).bright > 100, 'the scan is drawn');
}

/** @type {Step} */
async function segments({ tab }) {
  await tab.click({ role: 'button', name: /^discs\.png/ });
  await masked(tab, 'discs.png');
  const shown = await tab.until(async () => {
    const { coloured } = await tab.pixels();
    return coloured > 500 && coloured;
  }, 'a mask on the canvas');
  await tab.press('m');
  await tab.until(async () => (await tab.pixels()).coloured === 0, 'the grey image without its mask');
  await tab.press('m');
  await tab.until(async () => (await tab.pixels()).coloured === shown, 'the mask again');
}

/** @type {Step} */
async function measures({ tab }) {
  const before = await area(tab);
  assert.ok(before > 100 && before < SIDE * SIDE, `${before} pixels`);
  const [{ text }] = await tab.all(inside('Results'));
  assert.match(text, /\d+ objects?/);
  assert.match(text, /% of the image/);
  await panel(tab, 'View');
  const threshold = { role: 'spinbutton', name: 'Threshold, from 0.01 to 0.99' };
  const { value } = await tab.find(threshold);
  await tab.type(threshold, '0.99');
  await tab.until(async () => (await area(tab)) < before, 'a smaller area');
  await panel(tab, 'View');
  await tab.type(threshold, value);
  await tab.until(async () => (await area(tab)) === before, 'the area as it was');
}

/** @type {Step} */
async function saves({ browser, tab }) {
  await tab.click({ role: 'button', name: 'Save as …' });
  const dialog = { role: 'dialog', name: 'Save results' };
  for (const [kind, wanted] of /** @type {const} */ ([
    ['Mask', true],
    ['Picture with mask', true],
    ['Table of objects', true],
    ['Outlines for ImageJ', true],
  ])) {
    const box = { role: 'checkbox', name: new RegExp(`^${kind}`), inside: dialog };
    if ((await tab.find(box)).checked !== wanted) await tab.click(box);
  }
  await tab.click({ role: 'button', name: 'Save', inside: dialog });
  const { name, bytes } = await saved(browser, tab, /\.zip$/);
  assert.equal(name, 'discs.zip');
  const files = unzip(bytes);
  const names = [...files.keys()].sort().join(' ');
  assert.match(names, /discs[^ ]*\.png/, names);
  assert.match(names, /objects\.csv/, names);
  assert.match(names, /\.roi/, names);
  const csv = [...files].find(([name]) => name.endsWith('.csv'))?.[1].toString() ?? '';
  assert.ok(csv.startsWith('file,slice,object,class,area_px'), csv.slice(0, 200));
  assert.ok(csv.trim().split('\n').length > 1, 'a row for an object');
}

/** @type {Step} */
async function paints(way) {
  const { tab } = way;
  await panel(tab, 'Label');
  const at = await places(tab, SIDE);
  await tab.set({ role: 'slider', name: 'Brush size' }, '2.2');
  await tab.press('1');
  const [first, second] = strokes(SIDE, true);
  await tab.drag(first.map(at));
  const [, one] = await counted(tab, ([, n]) => n > 20, 'a stroke');
  await tab.drag(second.map(at));
  await counted(tab, ([, n]) => n > one + 10, 'a second stroke');
  await tab.press('Control+z');
  await counted(tab, ([, n]) => n === one, 'the second one is taken back');
  await tab.click({ role: 'button', name: 'Redo', inside: label });
  await counted(tab, ([, n]) => n > one + 10, 'and made again');
  await tab.press('0');
  await tab.drag(strokes(SIDE, false)[0].map(at));
  way.painted = await counted(tab, ([ground, n]) => ground > 50 && n > one, 'a stroke of background');
}

/** @type {Step} */
async function learns({ tab }) {
  const before = await area(tab);
  await panel(tab, 'Train');
  await tab.set({ role: 'combobox', name: 'Start from' }, 'preset:small');
  const vary = { role: 'checkbox', name: /^Vary the images/ };
  if ((await tab.find(vary)).checked) await tab.click(vary);
  await tab.click({ css: 'summary', text: 'More settings' });
  for (const [name, value] of Object.entries({
    Steps: '30',
    'Learning rate': '0.005',
    'Patches a step': '2',
    'Patch size': '32',
    Channels: '4',
  }))
    await tab.type({ role: 'spinbutton', name }, value);
  await tab.click({ role: 'button', name: 'Train' });
  await tab.find({ text: /^Step [1-9]\d* of 30/ }, LONG);
  await tab.find({ role: 'button', name: 'Save model' }, LONG);
  const [curve] = await tab.all({ css: '.curve svg' });
  const [, first, last] = curve.attributes['aria-label'].match(/Loss from ([\d.]+) to ([\d.]+)/) ?? [];
  assert.ok(Number(last) < Number(first), curve.attributes['aria-label']);
  await tab.until(async () => (await area(tab)) !== before, 'another mask', LONG);
}

/** @type {Step} */
async function comesBack(way) {
  const { tab } = way;
  await tab.find({ text: /^Kept in this browser for next time: 3 files/ });
  // Until what changed last is stored, too.
  await tab.pause(2500);
  await tab.reload();
  await tab.click({ role: 'button', name: 'Continue' }, { patience: LONG });
  for (const name of [/^discs\.png/, /^stack\.nii/, /^head\.dcm/]) await tab.find({ role: 'button', name }, LONG);
  await tab.click({ role: 'button', name: /^discs\.png/ });
  await masked(tab, 'discs.png');
  await panel(tab, 'Label');
  await counted(tab, (now) => now.join() === way.painted.join(), 'the labels are back');
  // At once: the training, which comes back last, does without the stroke.
  await tab.click({ role: 'button', name: 'Undo', inside: label });
  await counted(tab, ([ground]) => ground === 0, 'the last stroke is taken back');
  await panel(tab, 'Train');
  await tab.find({ text: /Over after step 30\./ }, LONG);
  await tab.find({ role: 'button', name: 'Save model' });
}

/** @type {Apart} */
async function keepsOnPlainHttp({ browser, server }) {
  const host = outside();
  if (!host) return 'this machine has no address but its own';
  return apart(
    { browser, server },
    async (tab, site) => {
      assert.equal(await tab.evaluate(() => isSecureContext), false);
      await tab.drop([IMAGE]);
      await masked(tab);
      await tab.find({ role: 'button', name: /^CPU: .*plain http/ });
      await panel(tab, 'Label');
      const at = await places(tab, SIDE);
      await tab.drag(strokes(SIDE, true)[0].map(at));
      const painted = await counted(tab, ([, n]) => n > 20, 'a stroke');
      await tab.find({ text: /^Kept in this browser for next time: 1 file/ });
      const other = await visit(browser, site.url);
      await other.drop([IMAGE]);
      await other.find({ text: 'Another tab keeps its session. What is done here is gone when this tab is closed.' });
      await other.close();
      await tab.pause(2500);
      await tab.reload();
      await tab.click({ role: 'button', name: 'Continue' }, { patience: LONG });
      await masked(tab, 'discs.png');
      await panel(tab, 'Label');
      await counted(tab, (now) => now.join() === painted.join(), 'the labels are back');
    },
    { host },
  );
}

/** @type {Apart} */
const phone = (way) =>
  apart(
    way,
    async (tab) => {
      const finger = way.browser.pointers.includes('touch') ? 'touch' : 'mouse';
      assert.equal(await tab.evaluate(() => innerWidth), 390);
      await tab.choose([IMAGE]);
      await masked(tab);
      for (const name of ['View', 'Label', 'Train', 'Results']) {
        await tab.click({ role: 'tab', name }, { pointer: finger });
        await tab.find(inside(name));
        const { width, height } = await tab.find({ css: 'canvas.image' });
        assert.ok(width >= 200 && height >= 150, `${name}: ${width} x ${height}`);
      }
      assert.ok((await area(tab)) > 100);
      const wide = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${wide} pixels too wide`);
    },
    { size: [390, 844] },
  );

/** @type {Apart} */
const tablet = (way) =>
  apart(
    way,
    async (tab) => {
      await tab.choose([IMAGE]);
      await masked(tab);
      await panel(tab, 'Label');
      const at = await places(tab, SIDE);
      const before = await counts(tab);
      assert.ok(before.every((n) => n === 0));
      await tab.evaluate(() => {
        const scope = /** @type {any} */ (window);
        scope.insituPointers = [];
        addEventListener('pointerdown', ({ pointerType }) => void scope.insituPointers.push(pointerType), true);
      });
      const [first, second] = strokes(SIDE, true);
      await tab.drag(first.map(at), 'pen');
      const [, one] = await counted(tab, ([, n]) => n > 20, 'a stroke of the pen');
      await tab.drag(second.map(at), 'pen');
      await counted(tab, ([, n]) => n > one + 10, 'a second stroke of the pen');
      const seen = await tab.evaluate(() => /** @type {any} */ (window).insituPointers);
      assert.deepEqual([...new Set(seen)], ['pen']);
    },
    { size: [1024, 768] },
  );

/** Each on what the one before left. @type {[name: string, step: Step][]} */
export const WAY = [
  ['opens PNG, NIfTI and DICOM', opens],
  ['segments on the processor', segments],
  ['threshold, area and objects', measures],
  ['saves an archive of results', saves],
  ['paints, undoes, does again', paints],
  ['learns from strokes', learns],
  ['continues after a reload', comesBack],
];

/** Each in a page of its own. @type {[name: string, step: Apart][]} */
export const APART = [
  ['keeps the session over plain http', keepsOnPlainHttp],
  ['a phone’s window, 390 x 844', phone],
  ['a pen on a tablet', tablet],
  ['refuses every way out', refusesAll],
];
