/** Opening files that are one image, in the engine's worker, with a scripted engine. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { bundle } from '../../www/wire/bundle.js';

// The worker's shell listens to the page.
Object.assign(globalThis, { self: Object.assign(new EventTarget(), { postMessage() {} }) });
const { grouped, opened } = await import('../../www/wire/series.js');

/** Files whose content tells the series and the place in it, as `A2`. */
function engine() {
  /** @type {string[]} */
  const log = [];
  let open = 0;
  const it = {
    log,
    get open() {
      return open;
    },
    openScan: (/** @type {Uint8Array} */ _bytes, /** @type {string} */ name) => (
      log.push(`open ${name}`),
      { id: 1, name }
    ),
    closeScan: (/** @type {number} */ id) => void log.push(`close ${id}`),
    fileHead(/** @type {Uint8Array} */ bytes, /** @type {string} */ name) {
      log.push(`head ${name} ${bytes.length}`);
      const text = new TextDecoder().decode(bytes).trim();
      if (bytes.length >= 1 << 18 && !text.endsWith('!') && text.startsWith('long')) return { cut: true, head: null };
      return { cut: false, head: /^[A-Z]\d/.test(text) ? text : null };
    },
    groupFiles(/** @type {(string | null)[]} */ heads, /** @type {string[]} */ names) {
      log.push(`group ${names.join(' ')}`);
      /** @type {Map<string, number[]>} */
      const found = new Map();
      for (const [i, head] of heads.entries())
        found.set(head?.[0] ?? names[i], [...(found.get(head?.[0] ?? names[i]) ?? []), i]);
      const series = [...found].map(([name, files]) => ({
        ...{ name, slices: files.length, modality: null, date: null, notes: [] },
        files: files.sort((a, b) => (heads[a] ?? '').localeCompare(heads[b] ?? '')),
      }));
      return { series, leftOut: [] };
    },
    seriesBegin: (/** @type {string} */ name, /** @type {string[]} */ heads) => (
      open++,
      log.push(`begin ${name} ${heads.join(' ')}`),
      9
    ),
    seriesAdd(/** @type {number} */ handle, /** @type {Uint8Array} */ _bytes, /** @type {string} */ name) {
      if (name === 'broken') throw Object.assign(new Error('It is damaged.'), { code: 'dicom.cut' });
      log.push(`add ${handle} ${name}`);
    },
    seriesEnd: () => (open--, log.push('end'), { id: 2, name: 'series' }),
    seriesDrop: () => (open--, void log.push('drop')),
  };
  return /** @type {typeof it & any} */ (it);
}

/** @param {number} [stopAt] file before which the page stops it */
function call(stopAt = Infinity) {
  const told = /** @type {string[]} */ ([]);
  const it = {
    told,
    aborted: false,
    onProgress(/** @type {number} */ done, /** @type {number} */ total) {
      told.push(`${done}/${total}`);
      if (done >= stopAt) it.aborted = true;
      return !it.aborted;
    },
  };
  return it;
}
const file = (/** @type {string} */ content, name = content) => new File([content], name);

test('one file is opened as it is, under its name or another', async () => {
  const it = engine();
  await opened(it, [file('x', 'a.png')], null, call());
  await opened(it, [file('x', 'a.png')], 'b.png', call());
  assert.deepEqual(it.log, ['open a.png', 'open b.png']);
});

test('files in any order are opened in the order of the slices, and tell how far they are', async () => {
  const it = engine();
  const told = call();
  await opened(it, [file('A3'), file('A1'), file('A2')], null, told);
  assert.deepEqual(
    it.log.filter((/** @type {string} */ line) => !line.startsWith('head')),
    ['group A3 A1 A2', 'begin A A1 A2 A3', 'add 9 A1', 'add 9 A2', 'add 9 A3', 'end'],
  );
  assert.deepEqual(told.told, ['0/3', '1/3', '2/3']);
});

test('a bundle keeps its order and its name', async () => {
  const it = engine();
  await opened(it, [bundle('T2', [file('A2'), file('pixels', 'raw')])], 'T2', call());
  assert.deepEqual(it.log.slice(2), ['begin T2 A2 ', 'add 9 A2', 'add 9 raw', 'end']);
});

test('several images at once are refused in words', async () => {
  await assert.rejects(opened(engine(), [file('A1'), file('B1')], null, call()), { code: 'scan.several' });
});

test('a cancel, a damaged file and one that cannot be read leave nothing half open', async () => {
  const stopped = engine();
  await assert.rejects(opened(stopped, [file('A1'), file('A2'), file('A3')], null, call(2)), { code: 'cancelled' });
  assert.deepEqual([stopped.open, stopped.log.at(-1)], [0, 'drop']);
  const broken = engine();
  await assert.rejects(opened(broken, [file('A1'), file('A2', 'broken')], null, call()), { code: 'dicom.cut' });
  assert.equal(broken.open, 0);
  const gone = file('A2');
  gone.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError'));
  await assert.rejects(opened(engine(), [file('A1'), gone], null, call()), { code: 'file.unreadable', kind: 'io' });
});

test('one that was stopped too late is closed again', async () => {
  const it = engine();
  const late = { aborted: true, onProgress: () => true };
  await assert.rejects(opened(it, [file('x')], null, late), { code: 'cancelled' });
  assert.deepEqual(it.log, ['open x', 'close 1']);
});

test('of pictures no head is read, of others as much as it takes', async () => {
  const it = engine();
  const png = new File([Uint8Array.of(0x89), 'PNG\r\n'], 'a.png');
  const long = new File(['long', ' '.repeat(300_000), '!'], 'long.dcm');
  const twice = new File(['II*\0', '\0'.repeat(124), 'DICM'], 'twice.dcm');
  const progress = call();
  await grouped(it, [png, long, twice, file('A1')], ['p/a.png', 'p/long.dcm', 'p/twice.dcm', 'p/A1'], progress);
  assert.deepEqual(it.log.filter((/** @type {string} */ line) => line.startsWith('head')).sort(), [
    'head A1 2',
    'head long.dcm 262144',
    'head long.dcm 300005',
    'head twice.dcm 132',
  ]);
  assert.equal(it.log.at(-1), 'group p/a.png p/long.dcm p/twice.dcm p/A1');
  assert.deepEqual(progress.told, ['0/4', '4/4']);
});

test('of a folder of Zarr only what describes it is read before it is opened', async () => {
  const it = engine();
  const files = [file('.zattrs'), file('0'), file('1')];
  const paths = ['/a.zarr/.zattrs', '/a.zarr/0/0', '/a.zarr/0/1'];
  await grouped(it, files, paths, call());
  assert.deepEqual(
    it.log.filter((/** @type {string} */ line) => line.startsWith('head')),
    ['head .zattrs 7'],
  );
  await opened(it, [bundle('a.zarr', files, (one) => paths[files.indexOf(one)])], 'a.zarr', call());
  assert.deepEqual(
    it.log.filter((/** @type {string} */ line) => line.startsWith('add')),
    paths.map((path) => `add 9 ${path}`),
  );
});
