import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { area, duration, percent, pixelValue, spacingText } from '../../www/strings/format.js';
import { table } from '../../www/strings/en.js';
import { t } from '../../www/strings/t.js';

const www = join(dirname(fileURLToPath(import.meta.url)), '../../www');
const sources = readdirSync(www, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.js') && !/^strings.((en|de|zh)\b|t\b)/.test(name))
  .map((name) => readFileSync(join(www, name), 'utf8'))
  .join('\n');

test('every word that the page asks for is in the table', () => {
  const asked = [...sources.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1]);
  assert.ok(asked.length > 50);
  assert.deepEqual(
    asked.filter((key) => !(key in table)),
    [],
  );
});

test('every word in the table is asked for', () => {
  // Keys that are put together, as `device.${engine}`, count by what stands before the value.
  const prefixes = [...sources.matchAll(/`([a-z.]+\.)\$\{/gi)].map((match) => match[1]);
  const helpers = [...sources.matchAll(/'([a-z][\w-]*\.[\w.-]+)'/gi)].map((match) => match[1]);
  const unused = Object.keys(table).filter((key) => {
    if (prefixes.some((prefix) => key.startsWith(prefix))) return false;
    return !helpers.some(
      (known) => key === known || key === `${known}.title` || key === `${known}.face` || key === `error.${known}`,
    );
  });
  assert.deepEqual(unused, []);
});

test('no sentence ever shows a name in braces', () => {
  for (const key of Object.keys(table)) assert.doesNotMatch(t(key), /[{}]/, key);
  const holes = (/** @type {string} */ key) => /\{\w+\}/.test(JSON.stringify(table[key] ?? ''));
  const bare = [...sources.matchAll(/\bt\(\s*'([^']+)',?\s*\)/g)].map((match) => match[1]);
  assert.ok(bare.length > 50);
  assert.deepEqual(bare.filter(holes), []);
  assert.deepEqual(
    Object.keys(table).filter((key) => key.startsWith('job.') && holes(key)),
    [],
    'phases of a job are told without numbers',
  );
});

test('a count chooses between one and many', () => {
  assert.equal(t('files.added', { count: 1 }), '1 file added');
  assert.equal(t('files.added', { count: 1200 }), '1,200 files added');
});

test('areas take the unit that suits them, and have none without a pixel size', () => {
  assert.equal(area(100, null), null);
  assert.equal(area(1000, { x: 0.5, y: 0.5 }), '250 mm²');
  assert.equal(area(1000, { x: 0.0005, y: 0.0005 }), '250 µm²');
});

test('times, shares, distances and values have units', () => {
  assert.equal(duration(0.2), '1 ms');
  assert.equal(duration(1340), '1.3 s');
  assert.equal(duration(125_000), '2 min 5 s');
  assert.equal(percent(0.4567), '45.7%');
  assert.equal(spacingText({ x: 0.65, y: 0.65 }), '0.65 mm');
  assert.equal(spacingText({ x: 0.000004, y: 0.000004 }), '0.004 µm');
  assert.equal(pixelValue([-1000], 'HU'), '-1,000 HU');
  assert.equal(pixelValue([1, 2, 3], null), 'red 1, green 2, blue 3');
});
