/** The panel Train, on the CPU: what a person does who trains a network. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { area, drop, masked, visit } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { kept } from './support/keeping.mjs';
import { labelled } from './support/labels.mjs';
import { objectsTold } from './support/objects.mjs';
import { suite } from './support/suite.mjs';
import { until } from './support/until.mjs';

/** @typedef {import('playwright-core').Page} Page */

const site = suite();

/** The page with files, the first of them labelled, and the panel Train. @param {{ name: string, bytes: Uint8Array }[]} files */
async function opened(files) {
  const visited = await visit(site.browser, site.server.url);
  const { page } = visited;
  await drop(page, files);
  await masked(page);
  await labelled(page);
  await page.getByRole('tab', { name: 'Train' }).click();
  return visited;
}

/** Few and small steps of a narrow network. @param {Page} page @param {Record<string, string>} [chosen] */
async function narrow(page, chosen = {}) {
  await page.getByRole('combobox', { name: 'Start from' }).selectOption('preset:small');
  await page.getByRole('checkbox', { name: /^Vary the images/ }).uncheck();
  await page.getByText('More settings').click();
  const numbers = {
    Steps: '40',
    'Learning rate': '0.01',
    'Patches a step': '2',
    'Patch size': '32',
    Channels: '4',
    ...chosen,
  };
  for (const [name, value] of Object.entries(numbers)) {
    await page.getByRole('spinbutton', { name, exact: true }).fill(value);
    await page.keyboard.press('Enter');
  }
}

/** The card in a model file. @param {Buffer} bytes */
const cardOf = (bytes) => {
  const length = Number(bytes.readBigUInt64LE(0));
  return JSON.parse(JSON.parse(bytes.subarray(8, 8 + length).toString()).__metadata__.insitu);
};
const start = (/** @type {Page} */ page) => page.getByRole('button', { name: 'Train', exact: true });
const points = (/** @type {Page} */ page) => page.locator('.curve svg').getByRole('button');
/** The image shows the network that is in use. @param {Page} page */
const settled = async (page) => {
  await page.waitForTimeout(200);
  await page.locator('.looking').waitFor({ state: 'hidden', timeout: 120_000 });
};

/** Dice and loss at the end of the curve, as those hear it who do not see it. @param {Page} page */
const told = async (page) => (await page.locator('.curve svg').getAttribute('aria-label')) ?? '';

test('a new network learns in the panel, is paused, turned back by its curve, kept under a name, and opens in another page', async () => {
  const { page, done } = await opened([picture('discs.png', 128)]);
  await page.getByText(/labelled pixels in 1 slice: [\d,]+ background, [\d,]+ nucle/).waitFor();
  await narrow(page);
  await page.getByText('Chosen for this device').waitFor();
  await page.getByRole('textbox', { name: 'Name of the model' }).fill('My discs');
  await page.getByText(/^About \d+ (seconds|minutes?) for all steps on this computer’s processor/).waitFor();
  await start(page).click();
  await page.getByText(/^Step [1-9]\d? of 40/).waitFor();
  await page.getByText(/held-out blocks of your labels: \d+ of \d+/).waitFor();

  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText(/^Paused at step/).waitFor();
  await page.waitForTimeout(800);
  const paused = await page.getByText(/^Paused at step/).innerText();
  await page.waitForTimeout(1200);
  assert.equal(await page.getByText(/^Paused at step/).innerText(), paused);
  await page.getByRole('button', { name: 'Go on', exact: true }).click();

  await page.getByRole('button', { name: 'Save model' }).waitFor();
  // Every Dice tells on what it was measured.
  await page.locator('.legend').getByText('Dice on the held-out labels (right)').waitFor();
  await page.getByText(/^Dice 0\.\d\d on the held-out labels, at step/).waitFor();
  assert.match(await told(page), /; Dice on the held-out labels from 0\.\d\d to/);
  const [, first, last] = (await told(page)).match(/Loss from ([\d.]+) to ([\d.]+) over 40 steps/) ?? [];
  assert.ok(Number(last) < 0.8 * Number(first), `loss from ${first} to ${last}`);
  assert.equal(await points(page).count(), 9, 'the start and eight validations');
  assert.equal(await page.getByRole('textbox', { name: 'Name of the model' }).last().inputValue(), 'My discs');
  await settled(page);
  const best = await area(page);

  // Back to the start, which knows nothing, and forth again.
  await page.getByRole('tab', { name: 'Train' }).click();
  await page.getByRole('button', { name: /^Step 0,? ?.*Go back to it/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('In use: step 0.').waitFor();
  await until(
    () => area(page),
    (now) => now !== best,
    'another network, another mask',
  );
  await page.getByRole('tab', { name: 'Train' }).click();
  await page.getByRole('button', { name: /the best.*Go back to it/ }).click();
  await page.getByText(/^In use: step [1-9]/).waitFor();
  await until(
    () => area(page),
    (now) => now === best,
    'the mask of the best network again',
  );

  await page.getByRole('tab', { name: 'Train' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save model' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'My-discs.safetensors');
  const bytes = await readFile(await download.path());
  const card = cardOf(bytes);
  assert.equal(card.title, 'My discs');
  assert.equal(card.summary, 'Trained in Insitu on labels made by hand.');
  assert.equal(card.classes.length, 1);
  assert.ok(card.training.pixels.length === 2 && card.training.pixels.every((n) => n > 0));
  assert.equal(card.training.curve.loss.length, card.training.steps);
  assert.deepEqual(
    [card.scores.dice > 0, card.training.method.learningRate, card.training.from],
    [true, 0.01, undefined],
    JSON.stringify(card),
  );
  await done();

  const fresh = await visit(site.browser, site.server.url);
  await drop(fresh.page, [{ name: 'My-discs.safetensors', bytes }, picture('discs.png', 128)]);
  await fresh.page
    .locator('#stage')
    .getByText(/My discs is loaded and in use/)
    .waitFor();
  await masked(fresh.page);
  await fresh.page
    .locator('#status')
    .getByText(/segmented in/i)
    .waitFor();
  await until(
    () => area(fresh.page),
    (now) => now === best,
    'the mask of the model that was dropped',
  );
  await fresh.done();
});

test('a training that is stopped keeps its best network, goes on from a point of the curve, and serves other files', async () => {
  const { page, done } = await opened([picture('a.png', 96), picture('b.png', 80)]);
  await narrow(page, { Steps: '400' });
  await start(page).click();
  await points(page).nth(1).waitFor();
  // A click on the drawing takes the nearest point, and the training stands still there.
  await page.locator('.curve svg').click({ position: { x: 36, y: 60 } });
  await page.getByRole('button', { name: 'Go on from step 0' }).waitFor();
  await page.getByRole('button', { name: 'Go on from step 0' }).click();
  await page.getByText(/^Step ([1-9]) of 400/).waitFor();
  await points(page).nth(1).waitFor();
  await page.getByRole('button', { name: 'Stop, keep the best' }).click();
  await page.getByText('Stopped, as you asked. Over').waitFor();

  await page.getByRole('button', { name: 'Apply to all 2' }).click();
  await page.locator('.sweep').getByText('All 2 are segmented.').waitFor();
  assert.equal(await page.locator('.unsure li').count(), 2);
  await page.locator('.unsure').getByText('labelled').waitFor();
  await page.locator('.unsure').getByRole('button', { name: 'b.png' }).click();
  await page.getByRole('img', { name: /b\.png.*the mask covers/ }).waitFor();
  await page.getByRole('tab', { name: 'View' }).click();
  assert.match(
    await page.getByRole('combobox', { name: 'Model' }).locator('option:checked').innerText(),
    /New network, taught on a/,
  );

  await page.getByRole('tab', { name: 'Train' }).click();
  await page.getByRole('button', { name: 'New training' }).click();
  await start(page).waitFor();
  await done();
});

test('objects that were taken over stay single after a reload, and what is learnt from them tells objects apart', async () => {
  const { page, done } = await opened([picture('discs.png', 128)]);
  const single = page.getByRole('checkbox', { name: /^Learn single objects/ });
  assert.equal(await single.isChecked(), true);
  await page.getByText('Kept in this browser for next time').waitFor();
  await kept(page, /^labels-/);
  await page.reload();
  await page.getByRole('region', { name: 'Earlier session' }).first().getByRole('button', { name: 'Continue' }).click();
  await masked(page);
  await page.getByRole('tab', { name: 'Train' }).click();
  await single.waitFor();
  await narrow(page, { Steps: '60' });
  await start(page).click();
  await page.getByRole('button', { name: 'Save model' }).waitFor();
  await settled(page);
  // Nobody ticked anything: the network says where objects end.
  await page.getByRole('tab', { name: 'Results' }).click();
  assert.ok((await objectsTold(page)) > 0);
  await page.getByRole('tab', { name: 'Train' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save model' }).click(),
  ]);
  const card = cardOf(await readFile(await download.path()));
  assert.deepEqual(
    card.outputs.map((/** @type {any} */ output) => output.role),
    ['background', 'interior', 'boundary'],
  );
  await done();
});

test('without labels the button says what to paint, and with examples a person sees what the network will see', async () => {
  const bare = await visit(site.browser, site.server.url);
  await drop(bare.page, [picture('discs.png', 64)]);
  await masked(bare.page);
  await bare.page.getByRole('tab', { name: 'Train' }).click();
  assert.equal(await start(bare.page).isDisabled(), true);
  await bare.page.getByText('Nothing is labelled yet.').waitFor();
  await bare.page.getByRole('button', { name: 'Go to Label' }).click();
  assert.equal(await bare.page.getByRole('tab', { name: 'Label' }).getAttribute('aria-selected'), 'true');
  await bare.done();

  const { page, done } = await opened([picture('discs.png', 96)]);
  await page.getByRole('button', { name: 'Show examples' }).click();
  await page.getByRole('img', { name: 'Example 4' }).waitFor();
  await page.getByText('More settings').click();
  for (const value of ['small', 'small-bn', 'ronneberger2015', 'ronneberger2015-bn', 'keras', 'retina', 'unet++']) {
    await page.getByRole('combobox', { name: 'Start from' }).selectOption(`preset:${value}`);
    await page.getByText(/^Chosen for this device: \d+ patch(es)? of \d+ px/).waitFor();
  }
  const nameless = await page.evaluate(() => {
    const controls = [...document.querySelectorAll('#panel-train :is(button, select, input, canvas, progress)')];
    const name = (/** @type {any} */ c) =>
      c.getAttribute('aria-label') || c.textContent?.trim() || [...(c.labels ?? [])].map((l) => l.textContent).join('');
    return controls.filter((c) => c.checkVisibility() && !name(c)).map((c) => c.outerHTML);
  });
  assert.deepEqual(nameless, []);
  await done();
});
