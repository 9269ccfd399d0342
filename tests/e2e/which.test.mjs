/** An image that may be of one of a few kinds: nothing is run before a person says which, and the answer holds for images that look alike. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { suggest } from '../../www/pictures/suggestion.js';
import { coloured, drop, masked, visit } from './support/browser.mjs';
import { discs, png } from './support/images.mjs';
import { root } from './support/server.mjs';
import { suite } from './support/suite.mjs';

const site = suite();

/** Discs on a ground that is neither dark nor grey: the first of them that the page is not sure of. @param {string[]} known */
function unclear(known) {
  for (const side of [96, 128, 160, 200])
    for (let ground = 20; ground < 160; ground += 4) {
      const grey = discs(side, side).map((v, i) => (v < 30 ? ground + 3 * (v - 18) : v - ((i * 7919) % 40)));
      const rgba = new Uint8ClampedArray(4 * side * side).map((_, i) => (i % 4 === 3 ? 255 : grey[i >> 2]));
      const { others } = suggest(rgba, side, side, {}, known);
      if (others.includes('nuclei')) return { side, others, bytes: png(grey, side, side) };
    }
  throw new Error('the page is sure of all of them');
}

test('which of a few kinds an image is, is asked with drawings, and the answer holds for the next of them', async () => {
  const known = JSON.parse(await readFile(join(root, 'models/index.json'), 'utf8')).map(({ id }) => id);
  const { bytes, others } = unclear(known);
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`);
  const file = (/** @type {string} */ name) => ({ name, type: 'image/png', bytes });
  await drop(page, [file('unclear.png')]);
  const ways = page.getByRole('region', { name: 'No model for this image' });
  await ways
    .getByText(others.length > 1 ? 'Which of these does the image show?' : 'Does the image show this?')
    .waitFor();
  assert.equal(await ways.locator('.kinds button svg').count(), others.length);
  await page.waitForTimeout(1000);
  assert.equal(await coloured(page), 0, 'nothing is marked unasked');
  await page.getByText('No model is in use: say below the image what it shows.').waitFor();
  await ways.getByRole('button', { name: 'cell nuclei' }).click();
  await masked(page);
  assert.ok(await ways.isHidden());
  await page.getByText('Nuclei is your choice.').waitFor();
  assert.equal(await page.getByText('do not rely on this mask').count(), 0);
  await drop(page, [file('next.png')]);
  await masked(page);
  assert.ok(await ways.isHidden());
  await done();
});

test('an image that is of none of these kinds gets no mask, and keeps the other ways', async () => {
  const known = JSON.parse(await readFile(join(root, 'models/index.json'), 'utf8')).map(({ id }) => id);
  const { bytes, others } = unclear(known);
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`);
  await drop(page, [{ name: 'unclear.png', type: 'image/png', bytes }]);
  const ways = page.getByRole('region', { name: 'No model for this image' });
  await ways.getByRole('button', { name: others.length > 1 ? 'None of these' : 'No', exact: true }).click();
  await ways.getByText('This looks like nothing that a model here was made for').waitFor();
  assert.equal(await ways.locator('.kinds').count(), 0);
  await ways.getByRole('button', { name: 'Teach one with a few strokes' }).waitFor();
  assert.equal(await coloured(page), 0);
  await done();
});
