/** Painting labels through `www/labels/client.js`, in a page that is not ours. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visit } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { suite } from './support/suite.mjs';

const site = suite();

/** A blank page of the same origin, with our page's rule about scripts. */
function blank() {
  const policy = "script-src 'self' 'wasm-unsafe-eval'";
  const body = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><title>Another page</title>`;
  return visit(site.browser, `${site.server.url}blank.html`, {
    before: (page) =>
      page.route('**/{blank.html,favicon.ico}', (route) => route.fulfill({ contentType: 'text/html', body })),
    expect: [/a trap that was asked for/],
  });
}

test('what is painted can be undone, done again, stored, and goes on in another worker', async () => {
  const { page, done } = await blank();
  const answer = await page.evaluate(async () => {
    const { openLabels } = await import(location.origin + '/www/labels/client.js');
    const labels = await openLabels();
    const count = (/** @type {Uint8Array} */ values, /** @type {number} */ value) =>
      values.filter((v) => v === value).length;
    await labels.add(7, 200, 150, 2);
    const added = await labels.addClass('nucleus', null);
    const brush = (/** @type {number} */ from, /** @type {number} */ to) =>
      labels.brush(7, 1, from, 60, 10, to, 60, 10, 1);
    // Not awaited: all run in the order of their calls.
    void labels.begin();
    const first = brush(20, 60);
    const stored = labels.store(7);
    const nothing = brush(30, 50);
    const second = brush(60, 120);
    const stroke = await labels.end();
    const rest = await labels.fillRest(7, 1, 0);
    const full = await labels.read(7, 1);
    const undone = await labels.undo();
    const half = await labels.read(7, 1);
    const redone = await labels.redo();
    const again = await labels.read(7, 1);
    await labels.undo();
    await labels.undo();

    const other = await openLabels();
    await other.restore(7, await labels.store(7));
    const order = await other.restoreOrder(await labels.storeOrder());
    await other.redo();
    await other.redo();
    const same = (/** @type {Uint8Array} */ a, /** @type {Uint8Array} */ b) =>
      a.length === b.length && a.every((v, i) => v === b[i]);
    const there = same(await other.read(7, 1), full);
    for (let i = 0; i < 3; i++) await other.undo();
    const start = await other.undo();
    const early = await stored;
    labels.close();
    other.close();
    const late = await labels.undo().catch((/** @type {any} */ error) => error.name);
    const size = ({ x, y, width, height, values }) => [x, y, width, height, values.length];
    return {
      added: { ...added, pieces: added.pieces.length },
      first: size(await first),
      nothing: await nothing,
      second: size(await second),
      stroke: {
        at: stroke.at,
        pieces: stroke.pieces.map(size),
        steps: stroke.steps,
        counts: stroke.counts,
        labelled: stroke.labelled,
      },
      full: [count(full, 0), count(full, 1), count(full, 255)],
      rest: rest.steps,
      half: count(half, 0),
      undone: undone.at,
      redone: redone.steps,
      again: same(again, full),
      order: order.steps,
      there,
      start: { steps: start.steps, classes: start.classes, counts: start.counts },
      early: early.length,
      late,
    };
  });
  assert.deepEqual(answer.added.classes, [{ name: 'nucleus', colour: '#E69F00' }]);
  assert.equal(answer.added.pieces, 0);
  assert.equal(answer.added.at, null);
  assert.deepEqual(answer.first, [10, 50, 60, 20, 1200]);
  assert.equal(answer.nothing, undefined);
  assert.deepEqual(answer.second.slice(1, 2), [50]);
  assert.deepEqual(answer.stroke.at, { doc: 7, slice: 1 });
  assert.deepEqual(answer.stroke.pieces, [[10, 50, 120, 20, 2400]]);
  assert.deepEqual(answer.stroke.steps, { undo: 2, redo: 0 });
  assert.deepEqual(answer.stroke.labelled, [{ doc: 7, slice: 1, counts: answer.stroke.counts }]);
  assert.ok(answer.stroke.counts[1] > 2000 && answer.stroke.counts[0] === 0);
  assert.deepEqual(answer.full, [30_000 - answer.stroke.counts[1], answer.stroke.counts[1], 0]);
  assert.deepEqual(answer.rest, { undo: 3, redo: 0 });
  assert.equal(answer.half, 0);
  assert.deepEqual(answer.undone, { doc: 7, slice: 1 });
  assert.deepEqual(answer.redone, { undo: 3, redo: 0 });
  assert.ok(answer.again && answer.there);
  assert.deepEqual(answer.order, { undo: 1, redo: 2 });
  assert.deepEqual(answer.start, { steps: { undo: 0, redo: 3 }, classes: [], counts: [0] });
  assert.ok(answer.early > 100 && answer.early < 5000);
  assert.equal(answer.late, 'InsituError');
  await done();
});

test('commands on classes change all documents, and files come back as they left', async () => {
  const { page, done } = await blank();
  const answer = await page.evaluate(async () => {
    const { openLabels } = await import(location.origin + '/www/labels/client.js');
    const labels = await openLabels();
    await labels.setClasses([{ name: 'cell', colour: '#112233' }]);
    await labels.add(1, 64, 64, 1);
    await labels.add(2, 40, 30, 3);
    await labels.addClass('nucleus', '#445566');
    const square = (/** @type {number} */ a, /** @type {number} */ b) => Float64Array.of(a, a, b, a, b, b, a, b);
    await labels.polygon(1, 0, square(4, 14), 2);
    await labels.polygon(2, 1, square(5, 25), 2);
    await labels.polygon(2, 2, square(5, 25), 1);
    const removed = await labels.removeClass(1, 255);
    const back = await labels.undo();
    const moved = await labels.moveClass(2, 1);
    const png = await labels.png(1, 0);
    const zip = await labels.zip({ 1: 'picture.png', 2: 'stack.tif' });
    const wrong = await labels
      .import(1, 0, zip.slice(0, 40), 'labels.zip')
      .catch((/** @type {any} */ e) => [e.name, e.code, e.message]);
    const unlike = await labels.import(2, 0, png, 'a.png').catch((/** @type {any} */ e) => e.code);

    const fresh = await openLabels();
    await fresh.add(1, 64, 64, 1);
    await fresh.add(2, 40, 30, 3);
    const fromPng = await fresh.import(1, 0, png, 'a.png');
    await fresh.undo();
    const one = await fresh.import(1, 0, zip, 'labels.zip');
    const two = await fresh.import(2, 0, zip, 'labels.zip');
    const same = [];
    for (const [doc, slice] of [
      [1, 0],
      [2, 0],
      [2, 1],
      [2, 2],
    ]) {
      const [a, b] = [await labels.read(doc, slice), await fresh.read(doc, slice)];
      same.push(a.every((v, i) => v === b[i]));
    }
    const pieces = await fresh.pieces(2, 2);
    // Without a class table, as another program would have saved it.
    const canvas = new OffscreenCanvas(64, 64);
    const bitmap = await createImageBitmap(new Blob([png], { type: 'image/png' }));
    const paint = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
    paint.drawImage(bitmap, 0, 0);
    const shown = [...paint.getImageData(5, 5, 1, 1).data, paint.getImageData(30, 30, 1, 1).data[3]];
    labels.close();
    fresh.close();
    const places = (/** @type {any} */ outcome) => outcome.pieces.map((/** @type {any} */ p) => [p.doc, p.slice]);
    return {
      removed: [places(removed), removed.classes.map((c) => c.name), removed.counts],
      back: [back.classes.map((c) => c.name), back.counts],
      moved: moved.counts,
      wrong,
      unlike,
      fromPng: [fromPng.added, fromPng.counts],
      one: one.added,
      two: [two.added, two.steps, places(two)],
      same,
      pieces: pieces.length,
      shown,
    };
  });
  assert.deepEqual(answer.removed, [
    [
      [1, 0],
      [2, 1],
      [2, 2],
    ],
    ['nucleus'],
    [0, 500],
  ]);
  assert.deepEqual(answer.back, [
    ['cell', 'nucleus'],
    [0, 400, 500],
  ]);
  assert.deepEqual(answer.moved, [0, 500, 400]);
  assert.deepEqual(answer.wrong.slice(0, 2), ['InsituError', 'zip.invalid']);
  assert.match(answer.wrong[2], /\.$/);
  assert.equal(answer.unlike, 'label.shape');
  assert.deepEqual(answer.fromPng, [2, [0, 100, 0]]);
  assert.equal(answer.one, 2);
  assert.deepEqual(answer.two, [
    0,
    { undo: 2, redo: 0 },
    [
      [2, 1],
      [2, 2],
    ],
  ]);
  assert.deepEqual(answer.same, [true, true, true, true]);
  assert.equal(answer.pieces, 1);
  assert.deepEqual(answer.shown, [0x44, 0x55, 0x66, 255, 0]);
  await done();
});

test('flood, wand and accept work on values, and refuse what is not there', async () => {
  const { page, done } = await blank();
  const answer = await page.evaluate(async () => {
    const { openLabels } = await import(location.origin + '/www/labels/client.js');
    const labels = await openLabels();
    const [width, height] = [30, 20];
    await labels.add(1, width, height, 1);
    await labels.addClass('cell', null);
    const early = await labels.flood(1, 0, 3, 3, 0.1, 1).catch((/** @type {any} */ e) => e.code);
    // Two bright squares on a dark ground.
    const bright = (/** @type {number} */ i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      return y >= 2 && y < 8 && ((x >= 2 && x < 8) || (x >= 20 && x < 26));
    };
    const grey = Float32Array.from({ length: width * height }, (_, i) => (bright(i) ? 1000 : 10));
    await labels.image(1, 0, grey);
    const flood = (await labels.flood(1, 0, 3.5, 3.5, 0.1, 1)).counts;
    await labels.undo();
    const wand = (await labels.wand(1, 0, 3.5, 3.5, 0.1, null, 1)).counts;
    await labels.undo();
    const part = (await labels.wand(1, 0, 3.5, 3.5, 0.1, Float64Array.of(0, 0, 15, 0, 15, 20, 0, 20), 1)).counts;
    await labels.undo();
    const mask = {
      labels: Uint8Array.from(grey, (v) => (v > 500 ? 1 : 0)),
      probability: Float32Array.from(grey, (v, i) => (v > 500 ? 0.9 : i % 2 ? 0.05 : 0.4)),
      classes: 1,
    };
    const accept = (/** @type {any} */ { labels: given, probability, classes }, /** @type {number} */ sure) =>
      labels.accept(1, 0, null, given, probability, classes, sure);
    const accepted = (await accept(mask, 0.8)).counts;
    await labels.clear(1, 0, null);
    const fails = [];
    for (const call of [
      () => accept({ ...mask, labels: new Uint8Array(5) }, 0.5),
      () =>
        accept(
          {
            ...mask,
            labels: mask.labels.map((v) => 2 * v),
            probability: new Float32Array(2 * width * height).fill(1),
            classes: 2,
          },
          0.5,
        ),
      () => labels.flood(1, 0, 99, 3, 0.1, 1),
      () => labels.flood(1, 0, 3, 3, 7, 1),
      () => labels.polygon(1, 0, new Float64Array(4), 1),
      () => labels.polygon(1, 3, new Float64Array(6), 1),
      () => labels.polygon(1, 0, new Float64Array(6), 9),
      () => labels.image(1, 0, new Float32Array(3)),
      () => labels.read(5, 0),
      () => labels.add(1, width, height, 1),
      () => labels.add(2, NaN, height, 1),
      () => labels.renameClass(1, ''),
      () => labels.smooth(1, 0, null, 99),
    ])
      fails.push(
        await call().then(
          () => 'done',
          (/** @type {any} */ e) => (e.name === 'InsituError' && e.message.endsWith('.') ? e.code : String(e)),
        ),
      );
    const last = await labels.clear(1, 0, null);
    labels.close();
    return { early, flood, wand, part, accepted, fails, last: [last.pieces.length, last.counts] };
  });
  assert.equal(answer.early, 'label.grey');
  assert.deepEqual(
    [answer.flood, answer.wand, answer.part],
    [
      [0, 36],
      [0, 72],
      [0, 36],
    ],
  );
  assert.deepEqual(answer.accepted, [264, 72]);
  assert.deepEqual(answer.fails, [
    'argument',
    'label.class',
    'label.seed',
    'argument',
    'label.polygon',
    'label.slice',
    'label.class',
    'argument',
    'label.document',
    'label.document',
    'argument',
    'label.name',
    'label.smooth',
  ]);
  assert.deepEqual(answer.last, [0, [0, 0]]);
  await done();
});

test('the values of an image for flood and wand come from the engine', async () => {
  const { page, done } = await blank();
  const answer = await page.evaluate(
    async (given) => {
      const { open } = await import(location.origin + '/www/insitu.js');
      const { openLabels } = await import(location.origin + '/www/labels/client.js');
      const app = await open({ device: 'cpu' });
      const scan = await app.openScan(new Blob([Uint8Array.from(atob(given), (c) => c.charCodeAt(0))]));
      const grey = await app.grey(scan, { slice: 0 });
      const same = [];
      for (const at of [0, 777, grey.length - 1])
        same.push((await app.valueAt(scan, 0, at % scan.width, Math.floor(at / scan.width)))[0] === grey[at]);
      const none = await app.grey(scan, { slice: 1 }).catch((/** @type {any} */ error) => [error.name, error.code]);
      const labels = await openLabels();
      await labels.add(scan.id, scan.width, scan.height, scan.slices);
      await labels.image(scan.id, 0, grey);
      const all = await labels.wand(scan.id, 0, 1, 1, 1, null, 0);
      labels.close();
      await app.close();
      return { size: [grey.length, scan.width * scan.height, scan.channels], same, none, all: all.counts };
    },
    Buffer.from(picture('', 48).bytes).toString('base64'),
  );
  assert.deepEqual(answer.size, [48 * 48, 48 * 48, 1]);
  assert.deepEqual(answer.same, [true, true, true]);
  assert.deepEqual(answer.none, ['InsituError', 'scan.slice']);
  assert.deepEqual(answer.all, [48 * 48]);
  await done();
});

test('a worker that stops is told, and nobody waits for it', async () => {
  const { page, done } = await blank();
  // A module that traps, in the place of ours.
  await page.route('**/pkg/insitu.js', (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      body: `export default async () => {}; export class Painter {
        add() { return { pieces: [] }; } begin() {} end() { throw new WebAssembly.RuntimeError('a trap that was asked for'); } }`,
    }),
  );
  const answer = await page.evaluate(async () => {
    const { openLabels } = await import(location.origin + '/www/labels/client.js');
    /** @type {string[]} */
    const causes = [];
    const labels = await openLabels({ onDied: (/** @type {string} */ cause) => causes.push(cause) });
    await labels.add(1, 5, 5, 1);
    await labels.begin();
    const calls = [labels.storeOrder(), labels.end(), labels.undo(), labels.read(1, 0)];
    const ends = await Promise.all(
      calls.map((call) =>
        call.then(
          () => 'done',
          (/** @type {any} */ e) => [e.name, e.code],
        ),
      ),
    );
    const later = await labels.read(1, 0).catch((/** @type {any} */ e) => e.code);
    return { causes, ends, later };
  });
  assert.equal(answer.causes.length, 1);
  assert.match(answer.causes[0], /a trap that was asked for/);
  assert.deepEqual(answer.ends, Array(4).fill(['InsituError', 'engine.died']));
  assert.equal(answer.later, 'engine.died');
  await done();
});
