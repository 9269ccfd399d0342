import assert from 'node:assert/strict';
import test from 'node:test';
import { judged, Ruled, SENT, STOPPED, UNTRIED } from '../../www/guard/attempt.js';
import { isHint, isOwn, Refused } from '../../www/guard/own.js';
import { counted } from '../../www/guard/watch.js';
import { report, summed, targetOf, verdict } from '../../www/session/privacy.js';

const BASE = 'http://hospital.example:8080/insitu/';

test('an address is the page’s own if it leads to where the page came from, or into its own memory', () => {
  for (const own of [
    'www/main.js',
    '/other/page',
    'http://hospital.example:8080/x?y#z',
    'blob:http://hospital.example:8080/0-1',
    'data:text/plain,x',
    'about:blank',
    '#here',
  ])
    assert.ok(isOwn(own, BASE), own);
  for (const other of [
    'http://hospital.example/insitu/',
    'https://hospital.example:8080/',
    '//hospital.example/',
    'blob:http://other.example/0-1',
    'stun:other.example',
  ])
    assert.ok(!isOwn(other, BASE), other);
});

test('links that make a browser call a host unasked are known in any writing and company', () => {
  for (const rel of ['preconnect', 'DNS-Prefetch', 'stylesheet preconnect', ' prerender ', 'shortcut icon', 'Preload'])
    assert.ok(isHint(rel), rel);
  for (const rel of ['stylesheet', '', 'licence']) assert.ok(!isHint(rel), rel);
});

test('who refused an attempt is told apart, and what nobody refused counts as open', () => {
  const violation = [{ directive: 'connect-src', blocked: 'https://leak.invalid/x' }];
  assert.deepEqual(judged(new TypeError('Failed to fetch'), violation), { by: 'policy', detail: 'connect-src' });
  assert.equal(judged(new Refused('window', 'https://leak.invalid/'), []).by, 'guard');
  assert.equal(judged(STOPPED, []).by, 'guard');
  assert.equal(judged(UNTRIED, []).by, 'untried');
  assert.equal(judged(SENT, []).by, 'open');
  assert.equal(judged(Object.assign(new Error('no'), { name: 'SecurityError' }), []).by, 'browser');
  // Nobody said so, but with an address that needs no network it failed, too.
  assert.deepEqual(judged(new Ruled('script-src'), []), { by: 'policy', detail: 'script-src' });
  // A server that does not answer has been asked all the same.
  assert.equal(judged(new TypeError('Failed to fetch'), []).by, 'unsure');
  assert.equal(judged('silent', []).by, 'unsure');
  // A policy that was heard of outdoes what the browser said afterwards.
  assert.equal(judged(SENT, violation).by, 'policy');
});

test('requests are counted by address, those elsewhere apart, and what was refused is none', () => {
  const request = (/** @type {string} */ address, bytes = 100, where = 'page') => ({ address, bytes, where });
  const counts = counted(
    [
      request(BASE, 1000),
      request(`${BASE}www/main.js`),
      request(`${BASE}www/main.js?again`, 0, 'wire/engine-worker.js'),
      request('blob:http://hospital.example:8080/0-1'),
      request('https://leak.invalid/fetch-get?mark', 0),
      request('https://elsewhere.example/x', 0),
    ],
    new Set(['https://leak.invalid/fetch-get?mark']),
    'http://hospital.example:8080',
  );
  assert.deepEqual({ ...counts, list: [] }, { own: 3, bytes: 1100, others: 1, refused: 1, list: [] });
  assert.deepEqual(
    counts.list.map(({ address, count, own }) => [address, count, own]),
    [
      ['https://elsewhere.example/x', 1, false],
      ['/insitu/', 1, true],
      ['/insitu/www/main.js', 2, true],
    ],
  );
  assert.deepEqual(counts.list[2].where, ['page', 'wire/engine-worker.js']);
});

test('bytes that came from a refused address are no refusal', () => {
  const address = 'https://leak.invalid/x';
  const { others, refused } = counted([{ address, bytes: 300, where: 'page' }], new Set([address]), 'http://a.example');
  assert.deepEqual([others, refused], [1, 0]);
});

test('only a web address of another host, or port, can be tried', () => {
  assert.equal(targetOf(' https://leak.invalid ', BASE), 'https://leak.invalid/');
  assert.equal(targetOf('http://hospital.example:9090/log?x#y', BASE), 'http://hospital.example:9090/log');
  for (const text of ['', 'leak', 'ftp://leak.invalid/', 'javascript:1', BASE])
    assert.equal(targetOf(text, BASE), null);
});

/** @param {import('../../www/guard/attempt.js').Tried[]} tried @returns {import('../../www/session/privacy.js').Check} */
const checkOf = (tried) => ({
  target: 'https://leak.invalid/',
  mark: 'insitu-privacy-1',
  time: new Date(0),
  parts: [
    { worker: null, tried },
    { worker: 'wire/engine-worker.js', tried: null },
  ],
});

test('what could not be tried, or is not there, is no refusal', () => {
  const check = checkOf([
    { door: 'fetch-get', by: 'policy', detail: 'connect-src' },
    { door: 'webrtc', by: 'guard', detail: '' },
    { door: 'webtransport', by: 'absent', detail: '' },
    { door: 'location', by: 'untried', detail: '' },
  ]);
  const { count, policy, guard, absent, untried, open } = summed(check);
  assert.deepEqual([count, policy, guard, absent, untried, open], [2, 1, 1, 1, 1, 0]);
  assert.deepEqual(verdict(check), [
    'All 2 attempts were refused: nothing left.',
    '1 could not be tried, since this browser lets no page hold back its own tab.',
    'The worker wire/engine-worker.js is busy and did not answer. Try again when nothing is being computed.',
  ]);
});

test('an attempt that nobody refused is told first', () => {
  const check = checkOf([
    { door: 'fetch-get', by: 'policy', detail: 'connect-src' },
    { door: 'preconnect', by: 'unsure', detail: '' },
  ]);
  assert.match(verdict(check)[0], /^1 of 2 attempts were not seen to be refused/);
});

test('the text for the data protection officer has page, browser, time, counts and each way', () => {
  const page = { own: 12, bytes: 2e6, others: 0, refused: 3, list: [] };
  const about = { page: BASE, browser: 'Browser 1', time: 'today', version: '1.2.3' };
  const check = checkOf([{ door: 'fetch-get', by: 'policy', detail: 'connect-src' }]);
  const text = report({ page, serviceWorker: 'none' }, check, about);
  for (const part of [
    `Page: ${BASE}`,
    'Version: 1.2.3',
    'Browser: Browser 1',
    'http://hospital.example:8080: where this page came from: 12 requests, 2 MB',
    'all other addresses: 0 requests, nothing',
    'Tried to reach: https://leak.invalid/',
    'insitu-privacy-1',
    '- Asking for an address (fetch, GET): refused by the browser: security policy (connect-src)',
  ])
    assert.ok(text.includes(part), `${part} in ${text}`);
  assert.ok(!report({ page, serviceWorker: 'none' }, null, about).includes('Tried'));
});

test('a service worker’s requests have rows of their own, or it is said that it does not tell', () => {
  const counts = { own: 1, bytes: 0, others: 0, refused: 0, list: [] };
  const about = { page: BASE, browser: '', time: '', version: '' };
  assert.match(report({ page: counts, serviceWorker: counts }, null, about), /without the network: 1 requests/);
  assert.match(report({ page: counts, serviceWorker: 'silent' }, null, about), /does not tell/);
});
