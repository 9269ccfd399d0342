/** What a house has set about keeping. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { Shelf } from '../../www/keep/shelf.js';
import { aged } from '../../www/session/keeping/age.js';
import { readIndex } from '../../www/session/keeping/index.js';
import { house } from '../../www/session/house/settings.js';
import { bytes, folder, mine, open, session, text } from './fake-keeping.mjs';
import { there } from './there.mjs';

const DAY = 86_400_000;
const names = async (/** @type {ReturnType<typeof session>} */ it) =>
  (await it.kept.list()).map(({ name }) => name).sort();

/** A session that was kept, and one that finds it with what the house has set. @param {Partial<import('../../www/session/house/settings.js').House>} set */
async function after(set) {
  const disk = folder();
  const before = session(new Shelf(disk));
  await before.keeping.start();
  open(before, 'one.png');
  open(before, 'two.png');
  before.store.set({ models: [mine('file-1')] });
  await before.keeping.flush();
  assert.deepEqual((await names(before)).slice(0, 2), ['file-1', 'file-2']);
  const it = session(new Shelf(disk));
  it.store.set({ house: { ...house, ...set } });
  return it;
}

test('a house that forgets deletes what an earlier session left, and keeps nothing', async () => {
  const it = await after({ keep: 'forget' });
  await it.keeping.start();
  assert.equal(it.state.keeping.phase, 'never');
  assert.deepEqual(await names(it), []);
  open(it, 'three.png');
  await it.keeping.flush();
  assert.deepEqual(await names(it), []);
});

test('where it is to be asked, nothing is kept before the answer, and the answer is done', async () => {
  const yes = await after({ keep: 'ask' });
  await yes.keeping.start();
  assert.equal(yes.state.keeping.phase, 'ask');
  open(yes, 'three.png');
  await yes.keeping.flush();
  assert.equal((await names(yes)).filter((name) => name.startsWith('file-')).length, 2);
  await yes.keeping.again();
  assert.equal(yes.state.keeping.phase, 'on');
  assert.equal(yes.state.keeping.offer?.files, 2);

  const painted = await after({ keep: 'ask' });
  await painted.keeping.start();
  const id = open(painted, 'three.png');
  painted.labels.set(id, bytes('strokes'));
  painted.store.set({ labelling: { ...painted.state.labelling, labelled: [{ itemId: id, slice: 0, counts: [1] }] } });
  await painted.keeping.again();
  await painted.keeping.flush();
  assert.equal(text(await painted.kept.get(`labels-${id}`)), 'strokes', 'also what was painted before the answer');

  const no = await after({ keep: 'ask' });
  await no.keeping.start();
  await no.keeping.stop();
  assert.equal(no.state.keeping.phase, 'off');
  assert.deepEqual(await names(no), []);
});

test('what was not open for longer than the house allows is deleted at the start, the rest stays', async () => {
  const it = await after({ keepDays: 7 });
  const index = there(readIndex(await it.kept.get('session')));
  index.items[0].at -= 8 * DAY;
  index.items[1].at -= 6 * DAY;
  await it.kept.put('session', new TextEncoder().encode(JSON.stringify({ version: 1, ...index })));
  await it.keeping.start();
  assert.equal(it.state.keeping.offer?.files, 1);
  assert.ok(!(await names(it)).includes('file-1'));
  assert.ok((await names(it)).includes('file-2'));
});

test('of a session that is too old as a whole nothing is left', async () => {
  const it = await after({ keepDays: 7 });
  const index = there(readIndex(await it.kept.get('session')));
  for (const kept of [...index.items, ...index.models]) kept.at -= 8 * DAY;
  await it.kept.put('session', new TextEncoder().encode(JSON.stringify({ version: 1, ...index })));
  await it.keeping.start();
  assert.equal(it.state.keeping.offer, null);
  assert.deepEqual(await names(it), []);
});

test('a session that was kept before its files had times is as old as the day when it was kept', () => {
  const item = { id: 1, name: 'a.png', slice: 0, window: { center: 1, width: 2 } };
  const bytes = new TextEncoder().encode(
    JSON.stringify({ version: 1, saved: 100 * DAY, items: [item], training: { step: 1, steps: 2, points: [1] } }),
  );
  const index = there(readIndex(bytes));
  assert.deepEqual(aged(index, 7, 106 * DAY).gone, []);
  assert.deepEqual(aged(index, 7, 108 * DAY).gone, ['file-1', 'labels-1', 'train-state', 'train-point-1']);
});
