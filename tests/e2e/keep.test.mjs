/** A session that is still there when the tab is loaded again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drop, masked, visit } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { kept, settled, stored } from './support/keeping.mjs';
import { counted, counts, hand, labelPanel, trainingSettings } from './support/labelling.mjs';
import { suite } from './support/suite.mjs';
import { until } from './support/until.mjs';

const site = suite();
const cpu = () => `${site.server.url}?device=cpu`;

/** A stack of three slices: a NIfTI file of 8-bit values. @param {number} side */
function stack(side) {
  const bytes = Buffer.alloc(352 + 3 * side * side);
  bytes.writeInt32LE(348, 0);
  [3, side, side, 3, 1, 1, 1, 1].forEach((value, i) => bytes.writeInt16LE(value, 40 + 2 * i));
  bytes.writeInt16LE(2, 70);
  bytes.writeInt16LE(8, 72);
  [1, 1, 1, 1].forEach((value, i) => bytes.writeFloatLE(value, 76 + 4 * i));
  bytes.writeFloatLE(352, 108);
  bytes.write('n+1\0', 344, 'latin1');
  for (let i = 0; i < 3 * side * side; i++) bytes[352 + i] = (i * 7) % 200;
  return { name: 'stack.nii', bytes };
}

test('files, the one that was shown and its slice come back after a reload, and can be deleted for good', async () => {
  const { page, done } = await visit(site.browser, cpu());
  await drop(page, [picture('first.png', 64), stack(40)]);
  await masked(page);
  await page.getByRole('tab', { name: 'Results' }).click();
  await page.getByLabel('1 pixel =').fill('0.25');
  await page.getByLabel('1 pixel =').press('Tab');
  await page.getByRole('button', { name: /^stack\.nii/ }).click();
  await page.locator('#slice').fill('3');
  await page.getByText('Kept in this browser for next time: 2 files').waitFor();
  await kept(page, /^file-2~/);

  await page.reload();
  const offer = page.getByRole('region', { name: 'Earlier session' }).first();
  await offer.getByText(/^Continue where you were: 2 files \(today, \d\d:\d\d\)\.$/).waitFor();
  await offer.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: /^first\.png/ }).waitFor();
  assert.equal(await page.getByRole('button', { name: /^stack\.nii/ }).getAttribute('aria-current'), 'true');
  await page.getByRole('img', { name: /stack\.nii, 40 by 40 pixels/ }).waitFor();
  assert.equal(await page.locator('#slice').inputValue(), '3');
  await page.getByRole('button', { name: /^first\.png/ }).click();
  await masked(page);
  await page.getByRole('tab', { name: 'Results' }).click();
  assert.equal(await page.getByLabel('1 pixel =').inputValue(), '0.25', 'the scale that was typed in');

  // A session that was continued is kept on.
  await kept(page, /^session~/);
  await page
    .getByRole('button', { name: 'Nothing leaves this tab' })
    .or(page.getByTitle('Images stay on this computer. How to check that.'))
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/Kept in this browser for next time: 2 files, /).waitFor();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  assert.ok((await stored(page)).length > 0, 'not at the first press');
  await dialog.getByRole('button', { name: 'Delete for good?' }).click();
  await dialog.getByText('Deleted. Nothing is kept from now on.').waitFor();
  assert.deepEqual(await stored(page), []);
  await page.keyboard.press('Escape');
  await drop(page, [picture('later.png', 48)]);
  await masked(page);
  await page.waitForTimeout(1500);
  assert.deepEqual(await stored(page), []);
  await page.reload();
  await page.getByRole('heading', { name: /./ }).first().waitFor();
  await page.waitForTimeout(1000);
  assert.equal(await page.getByRole('region', { name: 'Earlier session' }).count(), 0);
  await done();
});

test('starting anew deletes the earlier session', async () => {
  const { page, done } = await visit(site.browser, cpu());
  await drop(page, [picture('old.png', 48)]);
  await masked(page);
  await kept(page, /^session~/);
  await page.reload();
  const offer = page.getByRole('region', { name: 'Earlier session' }).first();
  await offer.getByRole('button', { name: 'Start anew' }).click();
  await offer.getByRole('button', { name: 'Delete for good?' }).click();
  await offer.waitFor({ state: 'hidden' });
  await until(
    () => stored(page),
    (names) => names.length === 0,
    'nothing is kept',
  );
  await done();
});

test('a second tab says that another one keeps its session, and keeps none', async () => {
  const { page, context, done } = await visit(site.browser, cpu());
  await drop(page, [picture('mine.png', 48)]);
  await masked(page);
  await kept(page, /^file-1~/);
  const other = await context.newPage();
  await other.goto(cpu());
  await drop(other, [picture('theirs.png', 48)]);
  await masked(other);
  await other.getByText('Another tab keeps its session.').waitFor();
  await other.waitForTimeout(1200);
  assert.deepEqual(
    (await stored(page)).filter((name) => name.startsWith('file-')),
    ['file-1~1'],
  );
  await done();
});

test('a model of one’s own comes back with the file that it was chosen for', async () => {
  const { page, done } = await visit(site.browser, cpu());
  await drop(page, [picture('discs.png', 48)]);
  await masked(page);
  const model = await page.evaluate(async () => {
    const { open } = await import(`${location.origin}/www/insitu.js`);
    const app = await open({ device: 'cpu' });
    await app.loadModel('nuclei');
    const file = new Uint8Array(await (await app.saveModel()).arrayBuffer());
    await app.close();
    let text = '';
    for (const byte of file) text += String.fromCharCode(byte);
    return btoa(text);
  });
  await drop(page, [{ name: 'mine.safetensors', bytes: Buffer.from(model, 'base64') }]);
  await kept(page, /^model-kept-/);
  await page.reload();
  await page.getByRole('region', { name: 'Earlier session' }).first().getByRole('button', { name: 'Continue' }).click();
  await masked(page);
  assert.match(await page.getByRole('combobox', { name: 'Model' }).inputValue(), /^kept-\w+-file-1$/);
  await done();
});

test('labels come back with what can be undone, and a training stands where it was, until it is told to go on', async () => {
  const { page, done } = await visit(site.browser, cpu());
  await drop(page, [picture('discs.png', 96)]);
  await masked(page);
  await labelPanel(page);
  const label = page.getByRole('tabpanel', { name: 'Label' });
  await label.getByRole('button', { name: 'Accept the prediction' }).click();
  await label.locator('ul.labelled li').first().waitFor();
  const painted = await counts(page);
  await kept(page, /^labels-1~/);

  await page.getByRole('tab', { name: 'Train' }).click();
  await page.getByRole('combobox', { name: 'Start from' }).selectOption('preset:small');
  await trainingSettings(page, {
    Steps: '400',
    'Learning rate': '0.01',
    'Patches a step': '1',
    'Patch size': '32',
    Channels: '4',
  });
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await page.getByText(/^Step [2-9]\d of 400/).waitFor();
  await kept(page, /^train-state~/);

  await page.reload();
  const offer = page.getByRole('region', { name: 'Earlier session' }).first();
  await offer
    .getByText(/^Continue where you were: 1 file, 1 labelled slice, a training at step \d+ of 400 \(/)
    .waitFor();
  await offer.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('tab', { name: 'Train' }).click();
  const resume = page.getByRole('button', { name: /^Go on/ });
  await resume.waitFor();
  const paused = page.getByText(/^Paused at step \d+ of 400/);
  const before = await paused.innerText();
  await page.waitForTimeout(1000);
  assert.equal(await paused.innerText(), before, 'it stands still');
  await page.getByRole('tab', { name: 'Label' }).click();
  assert.deepEqual(await counts(page), painted);
  await page.getByRole('tab', { name: 'Train' }).click();
  await resume.click();
  const step = Number(/** @type {RegExpMatchArray} */ (before.match(/\d+/))[0]);
  await page.waitForFunction(
    (from) => Number(document.body.innerText.match(/Step (\d+) of 400/)?.[1]) > from + 3,
    step,
    { timeout: 120_000 },
  );
  await page.getByRole('button', { name: /^Stop/ }).click();

  // It is over, and it is so after another reload, with the points of its curve.
  await page.getByRole('button', { name: 'New training' }).waitFor();
  const points = page.locator('.curve svg').getByRole('button');
  const were = await points.count();
  assert.ok(were > 1);
  await settled(page);
  await page.reload();
  await offer.getByText(/1 file, 1 labelled slice, a finished training with its curve \(/).waitFor();
  await offer.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('tab', { name: 'Train' }).click();
  await page.getByRole('button', { name: 'New training' }).waitFor();
  assert.equal(await points.count(), were);
  await points.first().click();
  await page.getByText('In use: step 0.').waitFor();
  await page.getByRole('tab', { name: 'Label' }).click();
  await label.getByRole('button', { name: 'Undo' }).click();
  await page.waitForFunction(() => !document.querySelector('ul.labelled li'));
  await done();
});

test('a training that had taken a few steps only stands still at its start after a reload, and no error is shown', async () => {
  const { page, done } = await visit(site.browser, cpu());
  await drop(page, [picture('discs.png', 96)]);
  await masked(page);
  await labelPanel(page);
  const paint = await hand(page, 96);
  await paint.stroke([10, 10], [40, 40]);
  await page.keyboard.press('0');
  await paint.stroke([60, 10], [80, 80]);
  const painted = await counted(page, ([background, nuclei]) => background > 0 && nuclei > 0, 'two strokes');
  await page.getByRole('tab', { name: 'Train' }).click();
  await trainingSettings(page, { Steps: '400', 'Patches a step': '8', 'Patch size': '64' });
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await page.getByText(/^Step [1-9]\d* of 400/).waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  const held = page.getByText(/held-out blocks of your labels: \d+ of \d+/);
  const before = await held.innerText();
  await page.getByText(/^Paused at step \d+ of 400/).waitFor();
  await kept(page, /^train-state~/);
  await page.reload();
  const offer = page.getByRole('region', { name: 'Earlier session' }).first();
  await offer.getByText(/a training at step \d+ of 400 \(/).waitFor();
  await offer.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('tab', { name: 'Train' }).click();
  await page.getByText(/^Paused at step \d+ of 400/).waitFor();
  assert.equal(await held.innerText(), before, 'the same parts of the labels are held out');
  assert.equal(await page.getByText('The labels have changed since').count(), 0);
  await masked(page);
  assert.equal(await page.locator('.notice.error').count(), 0);
  await page.getByRole('tab', { name: 'Label' }).click();
  assert.deepEqual(await counts(page), painted);
  // What was painted before can be undone.
  await page.getByRole('tabpanel', { name: 'Label' }).getByRole('button', { name: 'Undo' }).click();
  await counted(page, ([background]) => background === 0, 'the last stroke is undone');
  await done();
});
