/** Which planes masks are of, and what happens when the engine no longer holds them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InsituError } from '../../www/insitu.js';
import { AlongPlanes, orientationName } from '../../www/session/volume/along.js';

const planes = { channels: [''], slices: 4, depths: 4, times: 1 };
const scan = /** @type {any} */ ({ width: 4, height: 5, slices: 4, planes });
const letters = [
  ['L', 'R'],
  ['A', 'P'],
  ['I', 'S'],
];

/** A session whose engine has three planes. */
function session() {
  const asked = /** @type {any[]} */ ([]);
  let done = 0;
  const it = {
    state: { volume: { orientations: /** @type {Record<number, any>} */ ({}) } },
    volume: { set: (/** @type {object} */ patch) => Object.assign(it.state.volume, patch) },
    models: {
      version: () => it.version,
      head: () => 0,
      with: (/** @type {any} */ ...[, , work]) => work(() => {}),
    },
    version: 1,
    segmenting: { renewed: 0, renew: async () => void it.segmenting.renewed++ },
    app: Promise.resolve({
      results: {
        segmentPlane: async (/** @type {any} */ _, /** @type {any} */ { slice, along }) => {
          asked.push([slice, along]);
          done = Math.min(done + 1, 3);
          return { done, total: 3 };
        },
      },
    }),
    journal: { note() {} },
    said: /** @type {string[]} */ ([]),
    say: (/** @type {string} */ text) => void it.said.push(text),
  };
  const parts = /** @type {any[]} */ ([]);
  const queue = { signal: null, part: (/** @type {any} */ ...part) => parts.push(part), pass: async () => {} };
  return { it, asked, parts, queue: /** @type {any} */ (queue), along: new AlongPlanes(/** @type {any} */ (it)) };
}

const item = /** @type {any} */ ({ id: 7, scan, slice: 2 });

test('masks are of planes once all of them are segmented, of this model, and each time anew', async () => {
  const { it, along, asked, parts, queue } = session();
  await along.segment(item, 'm', queue, new Set());
  assert.deepEqual([along.begin(item, 'm'), asked.length, along.key(item, 'm')], ['slices', 0, '']);
  along.choose(7, 'three');
  along.begin(item, 'm');
  assert.equal(along.of(item, 'm'), undefined);
  await along.segment(item, 'm', queue, new Set());
  assert.deepEqual([asked.length, asked[0], parts.at(-1)], [3, [2, 'three'], [3, 3, 'planes']]);
  const key = along.key(item, 'm');
  assert.deepEqual([along.of({ ...item, slice: 0 }, 'm'), key], ['three', 'three1']);
  // Another network, another file.
  it.version = 2;
  assert.equal(along.of(item, 'm'), undefined);
  it.version = 1;
  assert.equal(along.of({ ...item, id: 8 }, 'm'), undefined);
  along.begin(item, 'm');
  await along.segment(item, 'm', queue, new Set());
  assert.notEqual(along.key(item, 'm'), key);
  along.choose(7, 'slices');
  along.begin(item, 'm');
  assert.equal(along.of(item, 'm'), undefined);
});

test('what a new engine does not hold is told, and the slice as it is is asked for', async () => {
  const { it, along, queue } = session();
  along.choose(7, 'rows');
  along.begin(item, 'm');
  await along.segment(item, 'm', queue, new Set());
  const gone = new InsituError('volume.none', 'invalid', 'Gone.');
  const asked = /** @type {unknown[]} */ ([]);
  const ask = async (/** @type {string | undefined} */ planes) => {
    asked.push(planes);
    if (planes) throw gone;
    return 'mask';
  };
  assert.equal(await along.ask(item, 'm', ask), 'mask');
  assert.deepEqual([asked, it.said.length, it.segmenting.renewed], [['rows', undefined], 1, 1]);
  assert.equal(await along.ask(item, 'm', ask), 'mask');
  assert.deepEqual([asked.length, it.said.length, along.key(item, 'm')], [3, 1, '']);
  const other = async () => Promise.reject(new InsituError('device.read', 'device', 'No.'));
  await assert.rejects(along.ask(item, 'm', other), { code: 'device.read' });
});

test('planes have the names of the patient where the file tells how it lies', () => {
  const patient = /** @type {any} */ ({ ...scan, geometry: { letters, tilt: 0 } });
  assert.deepEqual(
    [orientationName('columns', patient), orientationName('rows', patient)],
    ['sagittal planes', 'coronal planes'],
  );
  assert.equal(orientationName('rows', scan), 'planes through the rows');
});
