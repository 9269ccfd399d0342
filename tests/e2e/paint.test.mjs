/** Painting labels, as a person does it, on the CPU. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { drop, masked, visit } from './support/browser.mjs';
import { picture, stack } from './support/images.mjs';
import { counted, counts, drawnAnew, hand, labelPanel } from './support/labelling.mjs';
import { suite } from './support/suite.mjs';
import { until } from './support/until.mjs';

const site = suite();
const SIDE = 192;

/** An image with its mask and the panel Label. @param {{ name: string, bytes: Uint8Array, type?: string }[]} [files] @param {Parameters<typeof visit>[2]} [options] */
async function labelling(files = [picture('discs.png', SIDE)], options) {
  const visited = await visit(site.browser, site.server.url, options);
  const { page } = visited;
  await drop(page, files);
  await masked(page);
  await labelPanel(page);
  return { ...visited, paint: await hand(page, SIDE) };
}

/** @param {import('playwright-core').Page} page @param {string} name */
const pressed = (page, name) =>
  page.getByRole('tabpanel', { name: 'Label' }).getByRole('button', { name, exact: true }).getAttribute('aria-pressed');

test('strokes are seen and counted at once, erased, undone and done again', async () => {
  const { page, paint, done } = await labelling();
  assert.equal(await pressed(page, 'Brush'), 'true', 'the panel brings the brush');
  await page.getByText('Paint a few strokes on what the model got wrong').waitFor();
  await drawnAnew(page);
  await paint.stroke([20, 20], [80, 30], [90, 60]);
  const [, one] = await counted(page, ([, n]) => n > 500, 'a stroke of 12 px');
  assert.ok((await drawnAnew(page)) > one, 'it is drawn, larger than life');
  assert.equal(await page.getByText('Paint a few strokes on what the model got wrong').isVisible(), false);
  await paint.stroke([20, 100], [120, 100]);
  const [, two] = await counted(page, ([, n]) => n > one + 500, 'a second stroke');
  await page.keyboard.press('0');
  await paint.stroke([20, 150], [120, 150]);
  const [ground] = await counted(page, ([n]) => n > 500, 'a stroke of background');
  assert.ok((await drawnAnew(page)) > ground, 'background is seen, too');

  await page.keyboard.press('e');
  await paint.stroke([20, 100], [120, 100]);
  await counted(page, ([, n]) => n === one, 'the second stroke is erased');
  await page.keyboard.press('Control+z');
  await counted(page, ([, n]) => n === two, 'the eraser is undone');

  const undo = page.getByRole('tabpanel', { name: 'Label' }).getByRole('button', { name: 'Undo' });
  const redo = page.getByRole('tabpanel', { name: 'Label' }).getByRole('button', { name: 'Redo' });
  await drawnAnew(page);
  for (let i = 0; i < 3; i++) await page.keyboard.press('z');
  await counted(page, (all) => all.every((n) => n === 0), 'all is undone');
  assert.equal(await undo.isDisabled(), true);
  assert.ok((await drawnAnew(page)) > 1000, 'and gone from the canvas');
  await page.keyboard.press('Shift+Z');
  await counted(page, ([, n]) => n === one, 'one is done again');
  await page.keyboard.press('Control+y');
  await page.keyboard.press('Control+Shift+z');
  await counted(page, ([a, b]) => a === ground && b === two, 'and all');
  await redo.click();
  await counted(page, ([, n]) => n === one, 'the eraser, too');
  assert.equal(await redo.isDisabled(), true);

  await page.keyboard.press('l');
  await drawnAnew(page);
  await page.keyboard.press('l');
  assert.ok((await drawnAnew(page)) > 1000, 'labels go and come with L');
  await page.keyboard.press('l');
  await drawnAnew(page);
  await paint.stroke([150, 20], [150, 60]);
  assert.ok((await drawnAnew(page)) > 1000, 'a stroke shows them');
  assert.equal(await page.getByRole('checkbox', { name: 'Show the labels' }).isChecked(), true, 'nobody paints unseen');
  await done();
});

test('a polygon is clicked, taken back, given up and closed; a drag is a lasso', async () => {
  const { page, paint, done } = await labelling();
  await page.keyboard.press('p');
  assert.equal(await pressed(page, 'Polygon'), 'true');
  await paint.clicks([20, 20], [80, 20], [80, 80], [20, 80], [20, 20]);
  const [, square] = await counted(page, ([, n]) => n > 3500 && n < 3700, 'a square of 60 px');
  await paint.clicks([100, 20], [160, 20], [160, 80], [120, 120]);
  await page.keyboard.press('Backspace');
  await paint.click([20, 190]);
  await page.keyboard.press('z');
  assert.equal((await counts(page))[1], square, 'undo takes the corner back, not the square');
  await page.keyboard.press('Enter');
  const [, both] = await counted(
    page,
    ([, n]) => n > square + 1700 && n < square + 1900,
    'a triangle, whose last corner was taken back',
  );
  await paint.clicks([20, 100], [60, 100], [60, 140]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await paint.stroke([100, 130], [160, 130], [160, 180], [100, 180], [100, 132]);
  const [, all] = await counted(page, ([, n]) => n > both + 2500, 'a lasso');
  await page.keyboard.down('Shift');
  await paint.stroke([100, 130], [160, 130], [160, 180], [100, 180], [100, 132]);
  await page.keyboard.up('Shift');
  await counted(page, ([, n]) => n < all - 2500, 'Shift takes away');
  await done();
});

test('flood and wand fill what is as bright, smoothing rounds, a prediction is accepted', async () => {
  const { page, paint, done } = await labelling();
  const panel = page.getByRole('tabpanel', { name: 'Label' });
  await page.keyboard.press('0');
  await page.keyboard.press('g');
  await page.getByRole('slider', { name: 'Tolerance' }).fill('0.2');
  await paint.click([3, 3]);
  const [dark] = await counted(page, ([n]) => n > 5000, 'the ground is flooded');
  assert.ok(dark < SIDE * SIDE * 0.98, 'but not the discs');
  await panel.getByRole('button', { name: 'Clear', exact: true }).click();
  await counted(page, ([n]) => n === 0, 'cleared');

  await page.keyboard.press('v');
  await paint.click([3, 3]);
  const [all] = await counted(page, ([n]) => n >= dark, 'the wand takes at least as much');
  await page.keyboard.press('z');
  await counted(page, ([n]) => n === 0, 'undone');
  await paint.stroke([3, 3], [60, 3], [60, 60], [3, 60], [3, 5]);
  await counted(page, ([n]) => n > 500 && n < all / 3, 'the wand inside a region');
  await page.keyboard.press('z');
  await counted(page, ([n]) => n === 0, 'undone');

  await page.keyboard.press('1');
  await page.keyboard.press('p');
  await paint.clicks([20, 20], [80, 20], [80, 80], [20, 80], [20, 20]);
  const [, square] = await counted(page, ([, n]) => n > 3500, 'a square');
  await panel.getByText('More tools').click();
  if (!(await panel.getByRole('button', { name: 'Smooth' }).isVisible())) await panel.getByText('More tools').click();
  await panel.getByRole('button', { name: 'Smooth' }).click();
  await page.getByRole('slider', { name: 'Smoothing' }).fill('10');
  await paint.stroke([5, 5], [100, 5], [100, 100], [5, 100], [5, 7]);
  const [, round] = await counted(page, ([, n]) => n !== square, 'smoothed');
  assert.ok(round < square && round > square * 0.9, 'the corners are gone');

  await page.keyboard.press('a');
  assert.equal(await pressed(page, 'Accept'), 'true');
  await paint.stroke([100, 100], [190, 100], [190, 190], [100, 190], [100, 102]);
  const [ground, cells] = await counted(page, ([n]) => n > 1000, 'a region of the prediction');
  assert.ok(ground + cells - round < 95 * 95);
  await panel.getByRole('button', { name: 'Accept the prediction' }).click();
  const [ground2, cells2] = await counted(page, ([a, b]) => a + b === SIDE * SIDE, 'the whole slice is labelled');
  assert.ok(ground2 > ground && cells2 >= cells);
  await panel.getByRole('button', { name: 'Accept the prediction' }).click();
  await page.getByText('Nothing to accept there').first().waitFor();
  await page.keyboard.press('z');
  await counted(page, ([n]) => n === ground, 'accepting is one step');
  await panel.getByRole('button', { name: 'The rest is background' }).click();
  await counted(page, ([a, b]) => a + b === SIDE * SIDE && b === cells, 'the rest is background');
  await done();
});

test('classes are added, named, coloured, ordered and removed, and digits choose them', async () => {
  const { page, paint, done } = await labelling();
  const panel = page.getByRole('tabpanel', { name: 'Label' });
  const names = () => page.locator('.inks .ellipsis').allTextContents();
  const first = (await names())[1];
  await paint.stroke([20, 20], [120, 20]);
  const [, one] = await counted(page, ([, n]) => n > 500, 'a stroke');
  await panel.getByRole('button', { name: 'Add a class' }).click();
  // Its name is ready to be typed over.
  await page.getByRole('textbox', { name: 'Name of Class 2' }).waitFor();
  await page.keyboard.type('debris');
  await page.keyboard.press('Enter');
  await page.locator('.inks').getByText('debris').waitFor();
  await paint.stroke([20, 60], [120, 60]);
  await counted(page, ([, , n]) => n > 500, 'the new class is chosen');
  await page.keyboard.press('1');
  await paint.stroke([20, 100], [120, 100]);
  await counted(page, ([, n]) => n > one + 500, 'the first class again');
  await page.keyboard.press('2');
  assert.equal(await page.locator('.inks button').nth(2).getAttribute('aria-pressed'), 'true');
  assert.ok(
    !(await page.getByRole('status', { name: 'Zoom' }).innerText()).startsWith('100'),
    'digits do not zoom meanwhile',
  );

  await drawnAnew(page);
  await page.getByLabel('Colour of debris').fill('#ff0000');
  assert.ok(
    (await until(
      () => drawnAnew(page),
      (now) => now > 0,
      'another colour is drawn',
    )) > 500,
  );
  const before = await counts(page);
  await panel.getByRole('button', { name: 'Move debris up' }).click();
  await counted(page, ([, a, b]) => a === before[2] && b === before[1], 'the order has changed, the labels have not');
  assert.deepEqual((await names()).slice(1), ['debris', first]);
  await panel.getByRole('button', { name: /^Remove debris/ }).click();
  await counted(page, (all) => all.length === 2 && all[1] === before[1], 'removed with what was painted');
  await page.keyboard.press('Control+z');
  await counted(page, (all) => all.length === 3 && all[1] === before[2], 'which can be undone');
  await done();
});

test('labels are saved as a picture and as a zip, and come back from them', async () => {
  const { page, paint, done } = await labelling();
  const panel = page.getByRole('tabpanel', { name: 'Label' });
  await paint.stroke([20, 20], [120, 20]);
  await page.keyboard.press('0');
  await paint.stroke([20, 60], [120, 60]);
  const before = await counted(page, ([a, b]) => a > 500 && b > 500, 'two strokes');
  await panel.getByText('Save and load labels').click();
  const saved = async (/** @type {string} */ name) => {
    const [download] = await Promise.all([page.waitForEvent('download'), panel.getByRole('button', { name }).click()]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  };
  const one = await saved('Save these labels'),
    all = await saved('Save all labels');
  assert.equal(one.name, 'discs-labels.png');
  assert.deepEqual([...one.bytes.subarray(1, 4)], [...Buffer.from('PNG')]);
  assert.equal(all.name, 'labels.zip');
  assert.deepEqual([...all.bytes.subarray(0, 2)], [...Buffer.from('PK')]);
  for (const file of [one, all]) {
    await panel.getByRole('button', { name: 'Clear all labels' }).click();
    await counted(page, (now) => now.every((n) => n === 0), 'cleared');
    await panel
      .locator('input[type=file]')
      .setInputFiles({ name: file.name, mimeType: 'application/octet-stream', buffer: file.bytes });
    await counted(page, ([a, b]) => a === before[0] && b === before[1], `back from ${file.name}`);
  }
  await panel
    .locator('input[type=file]')
    .setInputFiles({ name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await page.locator('.notice.error').waitFor();
  assert.deepEqual((await counts(page)).slice(0, 2), before.slice(0, 2), 'a file that is none changes nothing');
  await done();
});

test('one finger paints; two fingers pinch, and take back what the first one began', async () => {
  const { page, context, paint, done } = await labelling(undefined, {
    context: { hasTouch: true, viewport: { width: 820, height: 1180 } },
  });
  const touch = await context.newCDPSession(page);
  const send = (
    /** @type {'touchStart' | 'touchMove' | 'touchEnd'} */ type,
    /** @type {[number, number][]} */ ...fingers
  ) =>
    touch.send('Input.dispatchTouchEvent', { type, touchPoints: fingers.map((at, id) => ({ ...paint.on(at), id })) });
  await send('touchStart', [20, 40]);
  for (let x = 30; x <= 120; x += 10) await send('touchMove', [x, 40]);
  await send('touchEnd');
  const before = await counted(page, ([, n]) => n > 500, 'a stroke of a finger');
  const zoom = page.getByRole('status', { name: 'Zoom' });
  const zoomed = await zoom.innerText();
  await send('touchStart', [60, 100]);
  await send('touchMove', [64, 100]);
  await send('touchStart', [64, 100], [120, 100]);
  for (let x = 0; x <= 40; x += 10) await send('touchMove', [64 - x, 100], [120 + x, 100]);
  await send('touchEnd', [24, 100]);
  await send('touchMove', [60, 160]);
  await send('touchEnd');
  await page.waitForTimeout(300);
  assert.notEqual(await zoom.innerText(), zoomed, 'pinched');
  assert.deepEqual(await counts(page), before, 'and nothing painted');
  await done();
});

test('a pen paints as wide as it is pressed', async () => {
  const { page, context, paint, done } = await labelling();
  const pen = await context.newCDPSession(page);
  const draw = async (/** @type {number} */ y, /** @type {number} */ force) => {
    const send = (/** @type {'mousePressed' | 'mouseMoved' | 'mouseReleased'} */ type, /** @type {number} */ x) =>
      pen.send('Input.dispatchMouseEvent', {
        type,
        ...paint.on([x, y]),
        button: 'left',
        buttons: type === 'mouseReleased' ? 0 : 1,
        force,
        pointerType: 'pen',
        clickCount: 1,
      });
    await send('mousePressed', 20);
    for (let x = 30; x <= 120; x += 10) await send('mouseMoved', x);
    await send('mouseReleased', 120);
  };
  await draw(30, 0.1);
  const [, light] = await counted(page, ([, n]) => n > 100, 'a light stroke');
  await draw(100, 1);
  await counted(page, ([, n]) => n > 3 * light, 'a firm stroke is wider');
  await done();
});

test('undo goes back over files and slices, and shows where', async () => {
  const { page, paint, done } = await labelling([picture('a.png', SIDE), picture('b.png', SIDE)]);
  await paint.stroke([20, 20], [120, 20]);
  const [, one] = await counted(page, ([, n]) => n > 500, 'a stroke on a');
  await page.keyboard.press('PageDown');
  await page.getByRole('img', { name: /^(Image )?b\.png/ }).waitFor();
  await page.getByRole('img', { name: /b\.png.*pixels/ }).waitFor();
  await paint.stroke([20, 60], [120, 60]);
  await counted(page, ([, n]) => n > one + 500, 'a stroke on b');
  assert.equal(await page.locator('.labelled li').count(), 2);
  await page.keyboard.press('z');
  await counted(page, ([, n]) => n === one, 'b undone');
  await page.keyboard.press('z');
  await counted(page, ([, n]) => n === 0, 'a undone');
  await page.getByRole('img', { name: /a\.png/ }).waitFor();
  await page.keyboard.press('Shift+Z');
  await page.keyboard.press('Shift+Z');
  await page.getByRole('img', { name: /b\.png/ }).waitFor();
  await page
    .locator('.labelled')
    .getByRole('button', { name: /a\.png/ })
    .click();
  await page.getByRole('img', { name: /a\.png/ }).waitFor();

  await page.getByRole('button', { name: 'Take a.png off the list' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click();
  assert.equal(await page.locator('ul.files li').count(), 2, 'labels are not lost by one click');
  await page.getByRole('button', { name: 'Take a.png off the list' }).click();
  await page.getByRole('button', { name: 'Remove it and its labels' }).click();
  await counted(page, ([, n]) => n > 0 && n < one + 500, 'only those of b are left');
  await done();
});

test('another slice in the middle of a stroke ends it', async () => {
  const { page, paint, done } = await labelling([stack('stack.nii', SIDE, 4)]);
  const { x, y } = paint.on([40, 40]);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 60, y, { steps: 5 });
  await page.keyboard.press('ArrowRight');
  await page.mouse.move(x + 60, y + 200, { steps: 5 });
  await page.mouse.up();
  await counted(page, ([, n]) => n > 100, 'what was painted stays');
  await page.waitForTimeout(200);
  assert.equal(await page.locator('.labelled li').count(), 1);
  assert.match(await page.locator('.labelled li').innerText(), /slice 3/i);
  await page.keyboard.press('z');
  await counted(page, ([, n]) => n === 0, 'undone');
  await page.getByRole('navigation', { name: 'Files' }).getByText('3 of 4').waitFor();
  await done();
});

test('labels outlive the worker that holds them', async () => {
  const { page, paint, done } = await labelling(undefined, { expect: [/the labels worker fails/] });
  await paint.stroke([20, 20], [120, 20]);
  await paint.stroke([20, 60], [120, 60]);
  const [, both] = await counted(page, ([, n]) => n > 1500, 'two strokes');
  const worker = page.workers().find((one) => one.url().endsWith('/www/labels/worker.js'));
  await worker?.evaluate(
    () =>
      void setTimeout(() => {
        throw new Error('the labels worker fails');
      }),
  );
  await page.getByText('was started again').first().waitFor();
  await counted(page, ([, n]) => n === both, 'what was painted is there');
  await page.keyboard.press('z');
  const [, one] = await counted(page, ([, n]) => n > 0 && n < both, 'undo works as before');
  await paint.stroke([20, 100], [120, 100]);
  await counted(page, ([, n]) => n > one, 'and so does the brush');
  await done();
});

test('leaving the panel gives the hand back; its tools are on the toolbar, too', async () => {
  const { page, done } = await labelling();
  await page.getByRole('tab', { name: 'View' }).click();
  assert.equal(await page.getByRole('button', { name: 'Move', exact: true }).getAttribute('aria-pressed'), 'true');
  await page.getByRole('toolbar').getByRole('button', { name: 'Polygon' }).click();
  await page.getByRole('tabpanel', { name: 'Label' }).waitFor();
  assert.equal(await pressed(page, 'Polygon'), 'true');
  const size = page.getByRole('slider', { name: 'Brush size' });
  assert.equal(await size.isVisible(), false);
  await page.keyboard.press('b');
  const before = await size.getAttribute('aria-valuetext');
  await page.keyboard.press(']');
  assert.notEqual(await size.getAttribute('aria-valuetext'), before);
  await page.keyboard.press('[');
  assert.equal(await size.getAttribute('aria-valuetext'), before);
  const zoom = page.getByRole('status', { name: 'Zoom' });
  const zoomed = await zoom.innerText();
  await page.locator('canvas.image').hover();
  await page.keyboard.down('Alt');
  await page.mouse.wheel(0, -120);
  await page.keyboard.up('Alt');
  await until(
    () => size.getAttribute('aria-valuetext'),
    (now) => now !== before,
    'another size',
  );
  assert.notEqual(await size.getAttribute('aria-valuetext'), before, 'the wheel with Alt changes the brush');
  assert.equal(await zoom.innerText(), zoomed);
  const larger = await size.getAttribute('aria-valuetext');
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, 120);
  await page.keyboard.up('Control');
  await until(
    () => size.getAttribute('aria-valuetext'),
    (now) => now !== larger,
    'another size again',
  );
  assert.notEqual(await size.getAttribute('aria-valuetext'), larger, 'and with Ctrl');
  assert.equal(await zoom.innerText(), zoomed);
  const now = await size.getAttribute('aria-valuetext');
  // A pinch on a touchpad is a wheel with Ctrl, without the key.
  await page
    .locator('canvas.image')
    .evaluate((canvas) =>
      canvas.dispatchEvent(new WheelEvent('wheel', { deltaY: -40, ctrlKey: true, bubbles: true, cancelable: true })),
    );
  await until(
    () => zoom.innerText(),
    (now) => now !== zoomed,
    'zoomed',
  );
  assert.notEqual(await zoom.innerText(), zoomed, 'a pinch on a touchpad zooms');
  assert.equal(await size.getAttribute('aria-valuetext'), now);
  await page.keyboard.press('f');
  await until(
    () => zoom.innerText(),
    (now) => now === zoomed,
    'as before',
  );
  await page.mouse.wheel(0, -120);
  await until(
    () => zoom.innerText(),
    (now) => now !== zoomed,
    'zoomed again',
  );
  assert.notEqual(await zoom.innerText(), zoomed, 'and alone it zooms');
  await done();
});

test('every control of the panel has a name, and the sheet lists its keys', async () => {
  const { page, done } = await labelling();
  for (const fold of await page.locator('.label-panel details').all())
    await fold.evaluate((one) => one.setAttribute('open', ''));
  const nameless = await page.evaluate(() => {
    const controls = [...document.querySelectorAll('#panel button, #panel input, #panel select, .toolbar button')];
    const seen = controls.filter((c) => /** @type {HTMLElement} */ (c).checkVisibility());
    const name = (/** @type {any} */ c) =>
      c.getAttribute('aria-label') || c.textContent?.trim() || [...(c.labels ?? [])].map((l) => l.textContent).join('');
    return seen.filter((c) => !name(c)).map((c) => c.outerHTML);
  });
  assert.deepEqual(nameless, []);
  await page.keyboard.press('?');
  const sheet = await page.getByRole('dialog').innerText();
  for (const words of [
    'Brush',
    'Eraser',
    'Polygon or lasso',
    'Flood',
    'Wand',
    'Accept the prediction',
    'Smaller and larger brush',
    'Undo',
    'Redo',
    'Background, or a class',
  ])
    assert.ok(sheet.includes(words), words);
  await done();
});

test('what a stroke costs the page does not grow with the image', async (context) => {
  /** @type {Record<number, number>} */
  const median = {};
  for (const side of [512, 4096]) {
    const { page, done } = await visit(site.browser, site.server.url);
    await drop(page, [picture('large.png', side)]);
    await page.getByRole('img', { name: /large\.png, .* pixels/ }).waitFor();
    await labelPanel(page);
    const paint = await hand(page, side);
    // The image is there once it is fitted.
    await page
      .getByRole('status', { name: 'Zoom' })
      .getByText(`${Math.round(paint.scale * 100)}%`)
      .waitFor();
    // The first stroke waits for the worker.
    await paint.stroke([side * 0.1, side * 0.1], [side * 0.2, side * 0.1]);
    await counted(page, ([, n]) => n > 0, 'the first stroke');
    await page.evaluate(() => {
      const seen = /** @type {any} */ (window);
      seen.costs = [];
      let began = 0;
      addEventListener('pointermove', () => (began = performance.now()), { capture: true });
      addEventListener('pointermove', () => seen.costs.push(performance.now() - began));
    });
    for (let row = 3; row < 8; row++)
      await paint.stroke(
        [side * 0.1, side * row * 0.1],
        [side * 0.9, side * row * 0.1],
        [side * 0.1, side * (row + 0.5) * 0.1],
      );
    const costs = await page.evaluate(() =>
      /** @type {any} */ (window).costs.sort((/** @type {number} */ a, /** @type {number} */ b) => a - b),
    );
    assert.ok(costs.length >= 50, `${costs.length} events`);
    median[side] = costs[costs.length >> 1];
    await done();
  }
  context.diagnostic(
    `a pointer event while painting, median: ${median[512].toFixed(2)} ms on 512 px, ${median[4096].toFixed(2)} ms on 4096 px`,
  );
  assert.ok(median[4096] < 8, `${median[4096]} ms`);
});
