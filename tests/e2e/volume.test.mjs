/** Looking at volumes: three views that know the patient's sides, slices by the wheel, usual windows, slabs, films, and measuring. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drop, visit } from './support/browser.mjs';
import { stack } from './support/images.mjs';
import { counted, hand } from './support/labelling.mjs';
import { suite } from './support/suite.mjs';
import { nifti } from './support/volumes.mjs';
import { until } from './support/until.mjs';

/** @typedef {import('playwright-core').Page} Page */

const site = suite();
const SIZE = /** @type {[number, number, number]} */ ([80, 60, 24]);
const roomy = { viewport: { width: 1440, height: 900 } };

/** The page with a body. @param {import('playwright-core').BrowserContextOptions} [context] */
async function looking(context = roomy) {
  const visited = await visit(site.browser, `${site.server.url}?device=cpu`, { context });
  await drop(visited.page, [nifti('body.nii', SIZE, [1.5, 2, 4])]);
  await visited.page.getByRole('img', { name: /body\.nii, 80 by 60 pixels/ }).waitFor();
  return visited;
}

/** The letters at the four sides: left, right, top, bottom. @param {Page} page @param {string} view */
const letters = async (page, view) => (await page.locator(`${view} .side-letter:visible`).allTextContents()).join('');
/** @param {Page} page @param {string} name */
const view = (page, name) => page.getByRole('slider', { name, exact: true });
/** Where a view is, from 1. @param {Page} page @param {string} name */
const place = async (page, name) => Number(await view(page, name).getAttribute('aria-valuenow'));
/** @param {Page} page */
const slice = async (page) => Number(await page.locator('#slice').inputValue());

/** How bright the left and the right half of a canvas are. @param {Page} page @param {string} selector */
const halves = (page, selector) =>
  page.evaluate(async (which) => {
    for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
    const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector(which));
    const { width, height } = canvas;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    return [0, Math.floor(width / 2)].map((from) => {
      const { data } = context.getImageData(from, 0, Math.floor(width / 2), height);
      let sum = 0;
      for (let i = 0; i < data.length; i += 4) sum += data[i];
      return sum / (data.length / 4);
    });
  }, selector);

test('three views have the letters of the patient at their sides, and left and right change places on wish, on the next visit too', async () => {
  const { page, context, done } = await looking();
  await view(page, 'Coronal').waitFor();
  await until(
    () => letters(page, '.frame'),
    (found) => found === 'RLAP',
    'slices',
  );
  await until(
    () => letters(page, '[aria-label=Coronal]'),
    (found) => found === 'RLSI',
    'coronal',
  );
  await until(
    () => letters(page, '[aria-label=Sagittal]'),
    (found) => found === 'APSI',
    'sagittal',
  );
  await page.locator('#window-center').fill('150');
  await page.locator('#window-width').fill('900');
  await page.keyboard.press('Enter');
  // The heart is at the left of the patient: on the right half.
  for (const canvas of ['canvas.image', '[aria-label=Coronal] canvas'])
    await until(
      () => halves(page, canvas),
      ([left, right]) => right > left + 1,
      canvas,
    );
  await page.getByLabel('Radiological').uncheck();
  await until(
    () => letters(page, '.frame'),
    (found) => found === 'LRAP',
    'slices, mirrored',
  );
  await until(
    () => letters(page, '[aria-label=Coronal]'),
    (found) => found === 'LRSI',
    'coronal, mirrored',
  );
  assert.equal(await letters(page, '[aria-label=Sagittal]'), 'APSI');
  for (const canvas of ['canvas.image', '[aria-label=Coronal] canvas'])
    await until(
      () => halves(page, canvas),
      ([left, right]) => left > right + 1,
      canvas,
    );
  const again = await context.newPage();
  await again.goto(`${site.server.url}?device=cpu`);
  await drop(again, [nifti('body.nii', SIZE, [1.5, 2, 4])]);
  await until(
    () => letters(again, '.frame'),
    (found) => found === 'LRAP',
    'on the next visit',
  );
  await done();
});

test('what is under the pointer and what a brush paints is exact on mirrored slices', async () => {
  const { page, done } = await looking();
  const at = await hand(page, SIZE[0], SIZE[1]);
  await page.getByLabel('Radiological').uncheck();
  await until(
    () => letters(page, '.frame'),
    (found) => found === 'LRAP',
    'mirrored',
  );
  const { x, y } = at.on([10.5, 20.5]);
  await page.mouse.move(x, y);
  await page.getByText(/x 69, y 20/).waitFor();
  await page.keyboard.press('b');
  await page.getByRole('tabpanel', { name: 'Label' }).waitFor();
  await at.stroke([10.5, 20.5], [20.5, 20.5]);
  await counted(page, ([, first]) => first > 20, 'the stroke');
  await page.mouse.move(...Object.values(at.on([15.5, 20.5])));
  await page.getByText(/x 64, y 20 .*labelled/).waitFor();
  await page.mouse.move(...Object.values(at.on([65.5, 20.5])));
  await page.getByText(/x 14, y 20/).waitFor();
  assert.equal(await page.getByText(/x 14, y 20 .*labelled/).count(), 0);
  await done();
});

test('the crosshair links the three views: a click in one moves the others', async () => {
  const { page, done } = await looking();
  const coronal = view(page, 'Coronal');
  await until(
    () => letters(page, '[aria-label=Coronal]'),
    (found) => found === 'RLSI',
    'coronal',
  );
  assert.deepEqual([await slice(page), await place(page, 'Sagittal'), await place(page, 'Coronal')], [13, 41, 31]);
  const box = /** @type {{ width: number, height: number }} */ (await coronal.boundingBox());
  // To the head and to the right of the patient: up and left.
  await coronal.click({ position: { x: box.width * 0.35, y: box.height * 0.35 } });
  await until(
    () => slice(page),
    (found) => found > 13,
    'the slice',
  );
  await until(
    () => place(page, 'Sagittal'),
    (found) => found < 41,
    'the sagittal view',
  );
  assert.equal(await place(page, 'Coronal'), 31);
  // Shift and a movement on the slices, as in 3D Slicer; a plain movement does nothing.
  const at = await hand(page, SIZE[0], SIZE[1]);
  const now = await slice(page);
  await page.mouse.move(...Object.values(at.on([5.5, 9.5])));
  await page.keyboard.down('Shift');
  await page.mouse.move(...Object.values(at.on([60.5, 10.5])), { steps: 3 });
  await page.keyboard.up('Shift');
  await until(
    () => place(page, 'Sagittal'),
    (found) => found === 61,
    'the sagittal view',
  );
  await until(
    () => place(page, 'Coronal'),
    (found) => found === 11,
    'the coronal view',
  );
  await page.mouse.move(...Object.values(at.on([20.5, 20.5])), { steps: 3 });
  assert.deepEqual([await slice(page), await place(page, 'Coronal')], [now, 11]);
  // Its tool moves it with a click.
  await page.keyboard.press('x');
  await at.click([30.5, 40.5]);
  await until(
    () => place(page, 'Coronal'),
    (found) => found === 41,
    'the crosshair’s tool',
  );
  await page.keyboard.press('3');
  await coronal.waitFor({ state: 'hidden' });
  await done();
});

test('the wheel goes through slices and with Ctrl it zooms; small views have their own', async () => {
  const { page, done } = await looking();
  const zoom = page.getByRole('status', { name: 'Zoom' });
  const before = await zoom.innerText();
  await page.locator('canvas.image').hover();
  await page.mouse.wheel(0, 120);
  await until(
    () => slice(page),
    (found) => found === 14,
    'a notch is a slice',
  );
  await page.mouse.wheel(0, -120);
  await page.mouse.wheel(0, -120);
  await until(
    () => slice(page),
    (found) => found === 12,
    'and back',
  );
  assert.equal(await zoom.innerText(), before);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -120);
  await page.keyboard.up('Control');
  await until(
    () => zoom.innerText(),
    (found) => found !== before,
    'Ctrl zooms',
  );
  assert.equal(await slice(page), 12);
  await view(page, 'Coronal').hover();
  await page.mouse.wheel(0, 120);
  await until(
    () => place(page, 'Coronal'),
    (found) => found === 32,
    'the coronal view',
  );
  await view(page, 'Sagittal').focus();
  await page.keyboard.press('ArrowRight');
  await until(
    () => place(page, 'Sagittal'),
    (found) => found === 42,
    'and with keys',
  );
  assert.equal(await slice(page), 12);
  // A single slice is zoomed as ever.
  const { page: other, done: over } = await visit(site.browser, `${site.server.url}?device=cpu`);
  await drop(other, [stack('flat.nii', 64, 1)]);
  await other.getByRole('img', { name: /flat\.nii/ }).waitFor();
  const flat = other.getByRole('status', { name: 'Zoom' });
  const small = await flat.innerText();
  await other.locator('canvas.image').hover();
  await other.mouse.wheel(0, -120);
  await until(
    () => flat.innerText(),
    (found) => found !== small,
    'zoom',
  );
  await over();
  await done();
});

test('usual windows, inversion, slabs and the film', async () => {
  const { page, done } = await looking();
  const windowed = async () => [
    await page.locator('#window-center').inputValue(),
    await page.locator('#window-width').inputValue(),
  ];
  await page.getByRole('button', { name: 'Lung', exact: true }).click();
  await until(windowed, (found) => found.join() === '-600,1500', 'lung');
  assert.equal(await page.getByRole('button', { name: 'Lung', exact: true }).getAttribute('aria-pressed'), 'true');
  await page.locator('canvas.image').focus();
  await page.keyboard.press('Shift+Digit4');
  await until(windowed, (found) => found.join() === '400,1800', 'bone');
  const [dark] = await halves(page, 'canvas.image');
  await page.keyboard.press('u');
  await until(
    () => halves(page, 'canvas.image'),
    ([left]) => left > dark + 20,
    'inverted',
  );
  assert.ok(await page.getByLabel('Invert grey').isChecked());
  await page.keyboard.press('u');
  await page.locator('#slab').fill('20');
  await page.getByText('Maximum of 20 mm, 7 slices').waitFor();
  await page.getByLabel('What is shown of a slab').selectOption('minimum');
  await page.getByText('Minimum of 20 mm, 7 slices').waitFor();
  // Who takes a brush sees single slices.
  await page.keyboard.press('b');
  await page.getByText('The slab is off').first().waitFor();
  assert.equal(await page.locator('#slab').inputValue(), '0');
  await page.keyboard.press('h');
  await page.keyboard.press('c');
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  const from = await slice(page);
  await until(
    () => slice(page),
    (found) => found !== from,
    'the film',
  );
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Play' }).waitFor();
  const still = await slice(page);
  await page.waitForTimeout(400);
  assert.equal(await slice(page), still);
  await done();
});

test('a ruler tells millimetres of pixels that are not square, an angle degrees, and both go again', async () => {
  const { page, done } = await looking();
  const at = await hand(page, SIZE[0], SIZE[1]);
  const said = () => page.locator('.measure text').allTextContents();
  await page.keyboard.press('d');
  // 40 columns of 1.5 mm and 15 rows of 2 mm.
  await at.stroke([20, 20], [60, 35]);
  await until(said, (found) => found.length === 1 && /^67\.[01] mm$/.test(found[0]), 'the length');
  await page.keyboard.press('n');
  await at.clicks([20, 40], [40, 40], [40, 50]);
  await until(said, (found) => found.length === 2 && /^(89\.[5-9]|90\.[0-5])°$/.test(found[1]), 'the angle');
  await page.mouse.wheel(0, 120);
  await until(said, (found) => found.length === 0, 'of the slice alone');
  await page.mouse.wheel(0, -120);
  await until(said, (found) => found.length === 2, 'kept');
  await page.keyboard.press('Delete');
  await until(said, (found) => found.length === 1, 'the last goes');
  await page.keyboard.press('z');
  await until(said, (found) => found.length === 0, 'and the other');
  await done();
});
