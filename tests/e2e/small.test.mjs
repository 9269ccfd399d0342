/** Small windows: the image keeps a usable area, and what is beside it can be reached. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drop, masked, visit } from './support/browser.mjs';
import { dicom, picture, stack } from './support/images.mjs';
import { suite } from './support/suite.mjs';

const site = suite();

for (const [width, height, hasTouch = false] of /** @type {[number, number, boolean?][]} */ ([
  [640, 400],
  [844, 390],
  [844, 390, true],
  [390, 844],
  [390, 450],
])) {
  test(`at ${width} x ${height}${hasTouch ? ', with fingers,' : ''} the image has room in every panel`, async () => {
    const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`, {
      context: { viewport: { width, height }, hasTouch, isMobile: hasTouch },
    });
    await drop(page, [picture('discs.png', 96), stack('stack.nii', 64, 3)]);
    await masked(page);
    for (const name of ['View', 'Label', 'Train', 'Results']) {
      await page.getByRole('tab', { name }).click();
      const box = await page.locator('canvas.image').boundingBox();
      assert.ok(box && box.width >= 200 && box.height >= 150, `${name}: ${JSON.stringify(box)}`);
      const zoom = Number.parseFloat((await page.locator('.toolbar .zoom').textContent()) ?? '');
      assert.ok(zoom >= 100, `${name}: ${zoom} %`);
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${wide} pixels too wide`);
    await page.getByRole('button', { name: /^stack\.nii/ }).click();
    await page.locator('#slice').waitFor();
    await page.getByRole('tab', { name: 'View' }).click();
    await page.getByRole('button', { name: 'Save mask' }).scrollIntoViewIfNeeded();
    assert.ok(await page.getByRole('button', { name: 'Save mask' }).isVisible());
    await done();
  });
}

test('in a low window the list of files folds away and the slider of the slices stays', async () => {
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`, {
    context: { viewport: { width: 640, height: 400 } },
  });
  await drop(page, [stack('stack.nii', 64, 3), dicom('head.dcm', 'CT', 96)]);
  const canvas = page.getByRole('img', { name: /stack\.nii, 64 by 64 pixels/ });
  await canvas.waitFor();
  await page.getByRole('button', { name: 'Hide the list of files' }).click();
  await page.locator('#slice').waitFor();
  assert.ok(await page.getByRole('button', { name: /^stack\.nii/ }).isHidden());
  const before = await canvas.boundingBox();
  await page.getByRole('button', { name: 'Hide the settings' }).click();
  await page.waitForTimeout(200);
  const after = await canvas.boundingBox();
  assert.ok(before && after && after.width > before.width + 200, 'the image gets the room of the settings');
  await page.keyboard.press('PageDown');
  await page.getByText('No model here was made for CT images, so nothing was marked.').first().waitFor();
  await done();
});

test('a phone that is turned during the tour shows the image in either position', async () => {
  const [upright, sideways] = [
    { width: 390, height: 844 },
    { width: 844, height: 390 },
  ];
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu#tour`, {
    context: { viewport: upright, hasTouch: true, isMobile: true },
  });
  await page.locator('[data-tour-spot]').waitFor();
  for (const way of [sideways, upright, sideways]) {
    await page.setViewportSize(way);
    // The width of the canvas tells that the page has turned; the image is 512 pixels wide and high.
    await page.waitForFunction(
      ({ width }) => {
        const box = document.querySelector('canvas.image')?.getBoundingClientRect();
        const zoom = Number.parseFloat(document.querySelector('.toolbar .zoom')?.textContent ?? '');
        const shown = (512 * zoom) / 100 / devicePixelRatio;
        return (
          document.documentElement.clientWidth === width &&
          box &&
          box.height >= 140 &&
          shown >= 120 &&
          shown <= box.height
        );
      },
      way,
      { timeout: 120_000 },
    );
  }
  await done();
});
