import assert from 'node:assert/strict';
import test from 'node:test';
import {
  angleBinsOf,
  binAt,
  binsOf,
  digitsFor,
  digitsOf,
  orderOf,
  pearson,
  roundStep,
  sorted,
  ticksOf,
  unitOf,
  valuesOf,
} from '../../www/views/objects/columns.js';
import { summaryOf } from '../../www/session/objects/spread.js';
import { defused, shownOf, tableText } from '../../www/views/objects/shown.js';

/** @typedef {import('../../www/session/objects/state.js').Column} Column */

const floats = (/** @type {number[]} */ ...values) => Float64Array.from(values);
const column = (/** @type {string} */ key, /** @type {Column['kind']} */ kind, channel = null) => ({
  key,
  kind,
  channel,
});
const sum = (/** @type {Iterable<number>} */ values) => [...values].reduce((total, value) => total + value, 0);

/** Two objects. */
const found = {
  width: 4,
  height: 4,
  count: 2,
  columns: [
    column('object', 'number'),
    column('class', 'class'),
    column('area', 'area'),
    column('perimeter', 'length'),
    column('orientation', 'angle'),
    column('mean', 'value'),
  ],
  values: floats(1, 2, 8, 10, Math.PI / 2, -1000.25, 3, 1, 2, 5, -Math.PI / 4, NaN),
  numbers: new Uint32Array(16),
};
const about = { micrometres: { x: 0.5, y: 0.5 }, unit: 'HU', classes: ['=cell', 'nucleus'], colours: [], files: [] };

test('lengths and areas are shown in micrometres where pixels are as wide as high, else areas only', () => {
  const [area, length] = [column('area', 'area'), column('perimeter', 'length')];
  const square = { x: 0.5, y: 0.5 },
    oblong = { x: 0.5, y: 2 };
  assert.deepEqual([unitOf(area, square), unitOf(length, square)], ['um2', 'um']);
  assert.deepEqual([unitOf(area, oblong), unitOf(length, oblong)], ['um2', 'px']);
  assert.deepEqual([unitOf(area, null), unitOf(length, null)], ['px2', 'px']);
  assert.deepEqual([...valuesOf(found, 2, square)], [2, 0.5]);
  assert.deepEqual([...valuesOf(found, 3, square)], [5, 2.5]);
  assert.deepEqual([...valuesOf(found, 3, oblong)], [10, 5]);
  assert.deepEqual([...valuesOf(found, 4, null)], [90, -45]);
});

test('a column has as many digits as tell its values apart', () => {
  assert.equal(digitsOf(floats(1, 2, 300), 'area'), 0);
  assert.equal(digitsOf(floats(80.5, 85.25, 9000.5), 'area'), 2);
  assert.equal(digitsOf(floats(0.02, 0.03), 'value'), 4);
  assert.equal(digitsOf(floats(4.4912), 'length'), 2);
  assert.equal(digitsOf(floats(12_345.5), 'value'), 0);
  assert.equal(digitsOf(floats(0.5), 'ratio'), 3);
  assert.equal(digitsOf(floats(), 'length'), 2);
});

test('sorting keeps equal values in their order and puts those without one last, either way', () => {
  const values = floats(2, NaN, 1, 2, -5, NaN);
  assert.deepEqual([...orderOf(values, false)], [4, 2, 0, 3, 1, 5]);
  assert.deepEqual([...orderOf(values, true)], [0, 3, 2, 4, 1, 5]);
  assert.deepEqual([...orderOf(floats(), true)], []);
});

test('steps and ticks are round numbers', () => {
  assert.deepEqual(
    [0.013, 1, 1.2, 2.2, 7, 180].map((value) => roundStep(value)),
    [0.02, 1, 2, 5, 10, 200],
  );
  assert.deepEqual([roundStep(1, 1), roundStep(1, -1), roundStep(0.3, -1)], [2, 0.5, 0.2]);
  assert.deepEqual(ticksOf(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticksOf(-90, 90, 4), [-50, 0, 50]);
  assert.deepEqual([digitsFor(0.05), digitsFor(1), digitsFor(200)], [2, 0, 0]);
});

test('a histogram has from 5 to 60 bins, and each value is in one of them', () => {
  const cases = [
    Array.from({ length: 10_000 }, (_, i) => Math.exp(Math.sin(i * 12.9898) * 3)),
    Array.from({ length: 500 }, (_, i) => (i % 17) / 10),
    [1, 2],
    [0.1, 0.2, 0.3, 1e6],
    [7, 7, 7],
    [0, 0],
    [-3.5],
    [3, 3, 4],
    Array.from({ length: 1000 }, (_, i) => (i < 990 ? 0 : i)),
  ];
  for (const values of cases) {
    const ascending = sorted(Float64Array.from(values));
    const bins = binsOf(ascending);
    const { counts, from, width } = bins;
    assert.ok(counts.length >= 5 && counts.length <= 60, `${counts.length} bins of ${values.slice(0, 4)}`);
    assert.equal(sum(counts), values.length);
    for (const value of ascending) {
      const low = from + binAt(bins, value) * width;
      assert.ok(low - width * 1e-6 <= value && value < low + width * (1 + 1e-6), `${value} in ${low} and ${width} on`);
    }
  }
  assert.equal(binsOf(floats()).counts.length, 0);
});

test('whole numbers have bins of whole numbers, and none below zero that holds nothing', () => {
  const bins = binsOf(floats(0, 0, 1, 1, 2));
  assert.deepEqual([bins.from, bins.width, [...bins.counts]], [0, 1, [2, 2, 1, 0, 0]]);
});

test('directions have bins from -90 to 90 degrees, both of which are the same and within', () => {
  const { from, width, counts } = angleBinsOf(floats(-90, 0, 89.9, 90));
  assert.deepEqual([from, width, counts.length, counts[0], counts[6], counts[11]], [-90, 15, 12, 1, 1, 2]);
});

test('bins are as wide as Freedman and Diaconis say, rounded up', () => {
  const values = Float64Array.from({ length: 1000 }, (_, i) => i / 1000);
  // Two times the middle half, over the cube root of their number: 0.0999.
  assert.equal(binsOf(values).width, 0.1);
});

test('median, mean and standard deviation are those of a sample', () => {
  const { count, median, mean, deviation } = summaryOf(floats(2, 4, 4, 4, 5, 5, 7, 9));
  assert.deepEqual([count, median, mean], [8, 4.5, 5]);
  assert.ok(Math.abs(deviation - 2.13809) < 1e-5);
});

test('a correlation takes pairs that are whole, and none that do not vary', () => {
  assert.ok(Math.abs(pearson(floats(1, 2, 3, NaN), floats(2, 4, 6, 1)) - 1) < 1e-12);
  assert.ok(Math.abs(pearson(floats(1, 2, 3, 4), floats(1, 3, 2, 4)) - 0.8) < 1e-12);
  assert.ok(Number.isNaN(pearson(floats(1, 2, 3), floats(5, 5, 5))));
  assert.ok(Number.isNaN(pearson(floats(1, 2), floats(1, 2))));
});

test('columns have names, units and text', () => {
  const columns = shownOf(found, about);
  assert.deepEqual(
    columns.map(({ full }) => full),
    ['Object', 'Class', 'Area (µm²)', 'Perimeter (µm)', 'Orientation (°)', 'Mean (HU)'],
  );
  assert.equal(columns[1].text(2), 'nucleus');
  assert.equal(columns[4].quantity(90), '90°');
  assert.equal(columns[5].quantity(NaN), '–');
  assert.equal(columns[3].quantity(5), '5.00 µm');
  const coloured = [0, 1, 2].map((channel) => ({ ...column('mean', 'value'), channel }));
  const many = shownOf({ ...found, columns: coloured }, about);
  assert.deepEqual([many[0].name, many[2].name], ['Mean, red', 'Mean, blue']);
});

test('a copied table has plain numbers, and nothing in it is computed', () => {
  assert.equal(
    tableText(shownOf(found, about), [1, 0]),
    "Object\tClass\tArea (µm²)\tPerimeter (µm)\tOrientation (°)\tMean (HU)\n3\t'=cell\t0.5\t2.5\t-45\t\n" +
      '1\tnucleus\t2\t5\t90\t-1000.25\n',
  );
  assert.deepEqual(['=1', '+a', '-a', '@a', ' =1', '-1.5', 'a\tb\nc'].map(defused), [
    "'=1",
    "'+a",
    "'-a",
    "'@a",
    "' =1",
    '-1.5',
    'a b c',
  ]);
});
