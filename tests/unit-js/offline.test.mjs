/** What the service worker decides, and what the page makes of its words. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { heard } from '../../www/offline/client.js';
import {
  cacheOf,
  inside,
  modelOf,
  placeOf,
  readChoices,
  typeOf,
  versionsAmong,
  wanted,
  wrong,
} from '../../www/offline/rules.js';

const scope = 'https://host.example/tools/insitu/';
const OLD = '0.1.0-000000000000';
const NEW = '0.2.0-0123456789ab';
/** @type {import('../../www/offline/rules.js').Release} */
const release = {
  version: NEW,
  files: [
    ['index.html', 10, 'aa'],
    ['www/insitu.js', 5, 'bb'],
    [`${NEW}/www/main.js`, 20, 'cc'],
    [`${NEW}/models/nuclei.safetensors`, 400, 'dd'],
    [`${NEW}/models/nuclei.md`, 4, 'ee'],
  ],
};
const ask = (/** @type {string} */ path, mode = 'cors', method = 'GET') =>
  placeOf({ url: new URL(path, scope).href, mode, method }, scope, release);

test('the page itself comes from the version at work, whatever it was asked with', () => {
  for (const path of ['', 'index.html', '?device=cpu', './#top'])
    assert.deepEqual(ask(path, 'navigate'), { kind: 'page' }, path);
});

test('a page gets the files of its own version and of no other', () => {
  assert.deepEqual(ask(`${OLD}/www/wire/engine-worker.js`), { kind: 'file', version: OLD });
  assert.deepEqual(ask(`${NEW}/pkg/insitu_bg.wasm`), { kind: 'file', version: NEW });
  assert.deepEqual(ask('www/insitu.js'), { kind: 'file', version: NEW });
});

test('what is not of the page, or is sent, is left to the server', () => {
  for (const path of [
    'service-worker.js',
    'other/page.html',
    '../elsewhere/index.html',
    'www/%',
    'https://other.example/',
  ])
    assert.deepEqual(ask(path), { kind: 'network' }, path);
  assert.deepEqual(ask('', 'navigate', 'POST'), { kind: 'network' });
  assert.deepEqual(ask('config.json?now'), { kind: 'house' });
  assert.deepEqual(ask('share', 'navigate', 'POST'), { kind: 'shared' });
  assert.deepEqual(ask('share', 'navigate'), { kind: 'network' });
});

test('each version of each page of an origin has a cache of its own', () => {
  const names = [cacheOf(scope, OLD), cacheOf(scope, NEW), 'insitu /tools/insitu/ house'];
  const others = [cacheOf('https://host.example/tools/', '0.1.0-111111111111'), 'of another program', 'insitu '];
  assert.deepEqual(versionsAmong([...names, ...others], scope), [OLD, NEW]);
});

test('the same file of two versions is known by its path in their folders', () => {
  assert.equal(inside(`${OLD}/models/nuclei.safetensors`), inside(`${NEW}/models/nuclei.safetensors`));
  assert.equal(inside('www/insitu.js'), 'www/insitu.js');
});

test('models come along as a person wishes, everything else always', () => {
  const paths = (/** @type {import('../../www/offline/rules.js').Choices} */ choices) =>
    release.files.filter((file) => wanted(file, choices)).map(([path]) => modelOf(path) ?? 'part');
  assert.deepEqual(paths({ wish: 'all', used: [] }), ['part', 'part', 'part', 'nuclei', 'part']);
  assert.deepEqual(paths({ wish: 'used', used: [] }), ['part', 'part', 'part', 'part']);
  assert.deepEqual(paths({ wish: 'used', used: ['nuclei'] }), ['part', 'part', 'part', 'nuclei', 'part']);
});

test('choices that make no sense are those of the beginning', () => {
  for (const read of [null, 3, 'all', {}, { wish: 'some', used: 'x' }])
    assert.deepEqual(readChoices(read), { wish: 'all', used: [] });
  assert.deepEqual(readChoices({ wish: 'used', used: ['a', 1] }), { wish: 'used', used: ['a'] });
});

test('half a file, and another file of the same size, are told from the one that is listed', () => {
  const file = release.files[0];
  assert.equal(wrong(file, 10, 'aa'), null);
  assert.match(String(wrong(file, 4, 'aa')), /index\.html: 4 of 10 bytes/);
  assert.match(String(wrong(file, 10, 'ab')), /not what the release holds/);
});

test('types follow from names', () => {
  assert.equal(typeOf('a/b.wasm'), 'application/wasm');
  assert.equal(typeOf('a/nuclei.safetensors'), 'application/octet-stream');
});

const said = { kind: /** @type {const} */ ('state'), version: NEW, wish: /** @type {const} */ ('all'), models: [] };

test('the page is ready once the version at work has everything', () => {
  assert.equal(heard({ ...said, done: 5, total: 9 }, { active: false, any: false }).phase, 'loading');
  assert.equal(heard({ ...said, done: 9, total: 9 }, { active: false, any: false }).phase, 'loading');
  assert.equal(heard({ ...said, done: 5, total: 9 }, { active: true, any: true }).phase, 'loading');
  assert.equal(heard({ ...said, done: 9, total: 9 }, { active: true, any: true }).phase, 'ready');
});

test('a version that fails while another is at work is not told, the first one is', () => {
  const failed = /** @type {const} */ ({ kind: 'failed', version: NEW, why: 'half a file' });
  assert.deepEqual(heard(failed, { active: false, any: true }), {});
  assert.deepEqual(heard({ ...said, done: 1, total: 9 }, { active: false, any: true }), {});
  assert.deepEqual(heard(failed, { active: false, any: false }), { phase: 'failed' });
});
