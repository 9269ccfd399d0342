/** Painting a volume: in the small views, across the slices, and with a ball. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drop, visit } from './support/browser.mjs';
import { counted, hand } from './support/labelling.mjs';
import { suite } from './support/suite.mjs';
import { nifti } from './support/volumes.mjs';
import { until } from './support/until.mjs';

/** @typedef {import('playwright-core').Page} Page */

const site = suite();
const SIZE = /** @type {[number, number, number]} */ ([80, 60, 24]);

/** The page with a body, a brush in hand. */
async function painting() {
  const context = { viewport: { width: 1440, height: 900 } };
  const visited = await visit(site.browser, `${site.server.url}?device=cpu`, { context });
  const { page } = visited;
  await drop(page, [nifti('body.nii', SIZE, [1.5, 2, 4])]);
  await page.getByRole('img', { name: /body\.nii, 80 by 60 pixels/ }).waitFor();
  await page.keyboard.press('b');
  await page.getByRole('tabpanel', { name: 'Label' }).waitFor();
  await drawn(page, 'Coronal', (_, bright) => bright > 0);
  return visited;
}

/** @param {Page} page @param {string} name */
const view = (page, name) => page.getByRole('slider', { name, exact: true });
/** @param {Page} page */
const labelled = (page) => page.locator('.labelled li').count();

/**
 * Drags in a small view, in parts of its width and height.
 * @param {Page} page @param {string} name @param {[number, number]} from @param {[number, number]} to
 * @param {() => Promise<unknown>} [before] it is let go
 */
async function drag(page, name, from, to, before = async () => {}) {
  const box = await view(page, name).boundingBox();
  assert.ok(box);
  const on = (/** @type {[number, number]} */ [x, y]) =>
    /** @type {const} */ ([box.x + x * box.width, box.y + y * box.height]);
  await page.mouse.move(...on(from));
  await page.mouse.down();
  await page.mouse.move(...on(to), { steps: 8 });
  await before();
  await page.mouse.up();
}

/** Shows a slab while another panel than that of its slider is open. @param {Page} page @param {number} slab mm */
const thicken = (page, slab) =>
  page.locator('#slab').evaluate((element, value) => {
    const input = /** @type {HTMLInputElement} */ (element);
    input.value = String(value);
    input.dispatchEvent(new Event('input'));
  }, slab);

/** How much of a small view is coloured, as labels are and grey pictures are not, once it is as wanted. @param {Page} page @param {string} name @param {(coloured: number, bright: number) => boolean} wanted */
async function drawn(page, name, wanted) {
  const ask = () =>
    view(page, name)
      .locator('canvas')
      .evaluate((element) => {
        const canvas = /** @type {HTMLCanvasElement} */ (element);
        const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        let coloured = 0,
          bright = 0;
        for (let i = 0; i < data.length; i += 4) {
          if (Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]) > 8) coloured++;
          if (data[i] > 40) bright++;
        }
        return [coloured, bright];
      });
  return (await until(ask, ([coloured, bright]) => wanted(coloured, bright), name))[0];
}

test('a brush paints in a small view over several slices, and undo takes the whole stroke back', async () => {
  const { page, done } = await painting();
  const slice = await page.locator('#slice').inputValue();
  for (const name of ['Coronal', 'Sagittal']) {
    await drag(page, name, [0.5, 0.4], [0.5, 0.6]);
    await counted(page, ([, first]) => first > 20, `${name}: painted`);
    assert.ok((await labelled(page)) >= 4, `${name}: on several slices`);
    await drawn(page, name, (coloured) => coloured > 50);
    // The crosshair stays, and so does the slice, even after undo.
    assert.equal(await page.locator('#slice').inputValue(), slice);
    await page.keyboard.press('z');
    await counted(page, ([, first]) => first === 0, `${name}: undone`);
    assert.equal(await labelled(page), 0);
    assert.equal(await page.locator('#slice').inputValue(), slice);
    await drawn(page, name, (coloured) => coloured === 0);
  }
  await done();
});

test('what is painted in a small view is on the slice that is shown, Shift and the eraser take it away, and a slab hides it', async () => {
  const { page, done } = await painting();
  const at = await hand(page, SIZE[0], SIZE[1]);
  await drag(page, 'Coronal', [0.25, 0.5], [0.75, 0.5]);
  const [, painted] = await counted(page, ([, first]) => first > 20, 'painted');
  // The crosshair’s row: the middle one.
  await page.mouse.move(...Object.values(at.on([40.5, 30.5])));
  await page.getByText(/x 40, y 30 .*labelled/).waitFor();
  await drawn(page, 'Coronal', (coloured) => coloured > 50);
  await page.keyboard.press('l');
  await drawn(page, 'Coronal', (coloured) => coloured === 0);
  await page.keyboard.press('l');
  await drawn(page, 'Coronal', (coloured) => coloured > 50);
  await page.keyboard.down('Shift');
  await drag(page, 'Coronal', [0.25, 0.5], [0.3, 0.5]);
  await page.keyboard.up('Shift');
  const [, less] = await counted(page, ([, first]) => first < painted, 'Shift');
  await page.keyboard.press('e');
  await drag(page, 'Coronal', [0.7, 0.5], [0.75, 0.5]);
  await counted(page, ([, first]) => first < less, 'eraser');
  // Escape takes the stroke at work back.
  const before = await counted(page, ([, first]) => first > 0, 'before Escape');
  await page.keyboard.press('b');
  await drag(page, 'Coronal', [0.4, 0.35], [0.6, 0.35], async () => {
    await counted(page, () => true, 'at work');
    await page.keyboard.press('Escape');
  });
  assert.deepEqual(await counted(page, () => true, 'Escape'), before);
  // Labels belong to single planes.
  await page.keyboard.press('h');
  await drawn(page, 'Coronal', (coloured) => coloured > 50);
  await thicken(page, 20);
  await drawn(page, 'Coronal', (coloured) => coloured === 0);
  await thicken(page, 0);
  // With another tool a drag moves the crosshair.
  await page.keyboard.press('h');
  await drag(page, 'Coronal', [0.5, 0.5], [0.4, 0.4]);
  assert.notEqual(await view(page, 'Sagittal').getAttribute('aria-valuenow'), '41');
  await done();
});

test('a ball paints on neighbouring slices, too, and undo takes all of it back', async () => {
  const { page, done } = await painting();
  const at = await hand(page, SIZE[0], SIZE[1]);
  await at.stroke([30.5, 30.5], [40.5, 30.5]);
  await counted(page, ([, first]) => first > 20, 'a disc');
  assert.equal(await labelled(page), 1);
  await page.keyboard.press('z');
  await counted(page, ([, first]) => first === 0, 'undone');
  await page.getByLabel('Ball: paints on neighbouring slices, too').check();
  await at.stroke([30.5, 30.5], [40.5, 30.5]);
  await counted(page, ([, first]) => first > 20, 'a ball');
  // 12 columns of 1.5 mm across: two slices of 4 mm on either side.
  assert.equal(await labelled(page), 5);
  await page.keyboard.press('z');
  await counted(page, ([, first]) => first === 0, 'the ball undone');
  await done();
});

test('where left and right are mirrored, a small view paints what is under the pointer', async () => {
  const { page, done } = await painting();
  const at = await hand(page, SIZE[0], SIZE[1]);
  await page.getByRole('tab', { name: 'View' }).click();
  await page.getByLabel('Radiological').uncheck();
  await page.getByText(/^L$/).first().waitFor();
  await page.keyboard.press('b');
  await page.getByRole('tabpanel', { name: 'Label' }).waitFor();
  await drag(page, 'Coronal', [0.3, 0.45], [0.3, 0.55]);
  await counted(page, ([, first]) => first > 20, 'painted');
  // At the left of the window in both views, which is at the end of the columns.
  await page.mouse.move(...Object.values(at.on([21.5, 30.5])));
  await page.getByText(/x 58, y 30 .*labelled/).waitFor();
  await page.mouse.move(...Object.values(at.on([58.5, 30.5])));
  await page.getByText(/x 21, y 30/).waitFor();
  assert.equal(await page.getByText(/x 21, y 30 .*labelled/).count(), 0);
  await done();
});
