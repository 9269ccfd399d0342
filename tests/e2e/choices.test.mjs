/** A choice by hand holds for the images that it was made for; what is told of one image is not told of the next. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { drop, masked, visit } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { root } from './support/server.mjs';
import { suite } from './support/suite.mjs';

const site = suite();

test('a shipped model that is chosen holds for images that look alike, and for no others', async () => {
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`);
  const list = page.getByRole('combobox', { name: 'Model', exact: true });
  await drop(page, [picture('discs.png', 64)]);
  await masked(page);
  await list.selectOption({ label: 'EM membranes' });
  await masked(page);
  await page.getByText('EM membranes is your choice.').waitFor();
  await drop(page, [picture('alike.png', 80)]);
  await masked(page);
  await page.getByText('EM membranes is your choice.').waitFor();
  // Stained tissue gets the model that fits fluorescence, too, and is not alike: its own model is another.
  const name = 'em-membranes.png';
  await list.selectOption({ label: 'Cells, phase contrast' });
  await masked(page);
  await drop(page, [{ name, bytes: await readFile(join(root, 'www/samples', name)) }]);
  await masked(page);
  await page.getByText('Chosen because it looks like tissue in electron microscopy.').waitFor();
  assert.equal(await list.inputValue(), '');
  await done();
});

test('a model says which pieces it leaves out of the mask: small ones, or those of which it is not sure', async () => {
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`);
  const list = page.getByRole('combobox', { name: 'Model', exact: true });
  await drop(page, [picture('discs.png', 64)]);
  await masked(page);
  const said = page.getByText('Only the largest piece in each image is marked.');
  assert.ok(await said.isHidden());
  await list.selectOption({ label: 'Skin lesions' });
  await said.waitFor();
  await list.selectOption({ label: 'Left ventricle' });
  await page.getByText('Pieces under 50% of the largest one are not marked.').waitFor();
  await list.selectOption({ label: 'Nuclei' });
  await page.getByText('of the largest one are not marked.').waitFor({ state: 'hidden' });
  await page.getByText('Pieces of which the network is nowhere sure are not marked.').waitFor();
  await done();
});

test('position, value and class under the pointer are those of the image that is shown', async () => {
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`);
  await drop(page, [picture('a.png', 64), picture('b.png', 64)]);
  await masked(page);
  await page.locator('canvas.image').hover();
  const under = page.locator('#status .under');
  await under.filter({ hasText: /^x \d+, y \d+/ }).waitFor();
  await page.keyboard.press('PageDown');
  await page.getByRole('img', { name: /^Image b\.png/ }).waitFor();
  await page.waitForTimeout(300);
  assert.equal(await under.textContent(), '');
  await page.mouse.move(640, 401);
  await page.mouse.move(640, 402);
  await under.filter({ hasText: /^x \d+, y \d+/ }).waitFor();
  await done();
});
