import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { className, failure, modelInWords, said } from '../../www/strings/engine.js';
import { duration, listed, percent } from '../../www/strings/format.js';
import { table as english } from '../../www/strings/en.js';
import { engine as germanEngine } from '../../www/strings/de-engine.js';
import { engine as chineseEngine } from '../../www/strings/zh-engine.js';
import { LANGUAGES, take } from '../../www/strings/languages.js';
import { language, number, t } from '../../www/strings/t.js';
import { InsituError } from '../../www/wire/error.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** @typedef {import('../../www/strings/t.js').Table} Table */

/** @type {Record<string, { table: Table, engine: Table }>} */
const others = {};
for (const name of Object.keys(LANGUAGES).filter((one) => one !== 'en'))
  others[name] = {
    table: (await import(`../../www/strings/${name}.js`)).table,
    engine: (await import(`../../www/strings/${name}-engine.js`)).engine,
  };

/** @param {Table[string]} entry */
const holes = (entry) => [...new Set(JSON.stringify(entry).match(/\{\w+\}/g))].sort();

/** Words that are the same in another language, and nothing to translate: names, units, formats, field terms. */
const SAME = new Set([
  ...['Insitu', 'U-Net', 'U-Net++', 'WebGPU', 'GPU', 'CPU', 'DICOM', 'SEG', 'RTSTRUCT', 'NIfTI', 'OME-TIFF', 'TIFF'],
  ...[
    '3D',
    'Slicer',
    'Fiji',
    'napari',
    'QuPath',
    'nii',
    'gz',
    'seg',
    'nrrd',
    'ReLU',
    'Dropout',
    'Dice',
    'IoU',
    'Feret',
  ],
  ...['V', 'Rand', 'Info', 'Focal', 'Precision', 'Recall', 'Hausdorff', 'MIP', 'MinIP', 'XY', 'XZ', 'YZ', 'SD', 'L'],
  ...['px', 'µm', 'mm', 'ml', 'ms', 's', 'min', 'kB', 'MB', 'x', 'y', 'w', 'exp', 'd', 'Auto', 'Zoom', 'Format'],
  ...['Polygon', 'Pause', 'Training', 'Block', 'Minimum', 'Maximum', 'Min', 'Max', 'Axial', 'Sagittal', 'Subdural'],
  ...['Mediastinum', 'Abdomen', 'Version', 'Browser', '-'],
]);

test('every language has the keys of English, and of each what it is told', () => {
  for (const [name, { table, engine }] of Object.entries(others)) {
    const own = Object.keys(table).filter((key) => !(key in engine));
    assert.deepEqual(own.sort(), Object.keys(english).sort(), name);
    for (const key of own) assert.deepEqual(holes(table[key]), holes(english[key]), `${name}: ${key}`);
    const kinds = new Intl.PluralRules(name).resolvedOptions().pluralCategories;
    for (const [key, entry] of Object.entries(table))
      if (typeof entry !== 'string') assert.deepEqual(Object.keys(entry).sort(), [...kinds].sort(), `${name}: ${key}`);
  }
});

test('nothing was left in English but names, units and terms of the field', () => {
  for (const [name, { table }] of Object.entries(others))
    for (const key of Object.keys(english)) {
      if (JSON.stringify(table[key]) !== JSON.stringify(english[key])) continue;
      const words = JSON.stringify(table[key])
        .replace(/\{\w+\}/g, '')
        .match(/3D|[\p{L}+-]+/gu);
      const strange = (words ?? []).filter((word) => /\p{L}/u.test(word) && !SAME.has(word));
      assert.deepEqual(strange, [], `${name}: ${key}`);
    }
});

test('other languages have the same words of the engine, and only such as it or the list of models has', () => {
  assert.deepEqual(Object.keys(chineseEngine).sort(), Object.keys(germanEngine).sort());
  const rust = readdirSync(join(root, 'src'), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.rs'))
    .map((name) => readFileSync(join(root, 'src', name), 'utf8'))
    .join('\n');
  const models = JSON.parse(readFileSync(join(root, 'models/index.json'), 'utf8'));
  const classes = models.flatMap((/** @type {any} */ model) =>
    model.classes.map((/** @type {any} */ { name }) => name),
  );
  const known = (/** @type {string} */ key) => {
    if (key.startsWith('error.')) return rust.includes(`"${key.slice('error.'.length)}"`);
    if (key.startsWith('said.')) return rust.includes(key.slice('said.'.length).replace(' Running on the CPU.', ''));
    if (key.startsWith('class.of.')) return classes.includes(key.slice('class.of.'.length));
    return models.some((/** @type {any} */ { id }) => [`model.${id}.title`, `model.${id}.summary`].includes(key));
  };
  assert.deepEqual(
    Object.keys(germanEngine).filter((key) => !known(key)),
    [],
  );
  for (const { id, classes: own } of models) {
    assert.ok(`model.${id}.title` in germanEngine, `${id} has a title in every language`);
    for (const { name } of own) assert.ok(`class.of.${name}` in germanEngine, `${id}: ${name}`);
  }
});

test('a language brings its numbers, plurals and sentences, and English comes back', async () => {
  const damaged = { code: 'png.invalid', kind: 'invalid', message: 'This PNG is damaged or cut off.' };
  const cut = { code: 'tiff.invalid', kind: 'invalid', message: 'This TIFF is damaged or cut off: page 3 is missing.' };
  const strange = { code: 'some.new', kind: 'invalid', message: 'A sentence without an entry.' };
  const own = { code: 'scan.none', kind: 'invalid', message: 'None of these files is an image.' };
  const model = { id: 'nuclei', title: 'Nuclei', summary: '' };
  assert.ok(await take('de'));
  assert.equal(language, 'de');
  assert.equal(number(1234.5), '1.234,5');
  assert.equal(percent(0.4567), '45,7\u00a0%');
  assert.equal(t('files.added', { count: 1 }), '1 Datei hinzugefügt');
  assert.equal(t('files.added', { count: 1200 }), '1.200 Dateien hinzugefügt');
  assert.equal(InsituError.from(damaged).message, 'Dieses PNG ist beschädigt oder unvollständig.');
  assert.match(InsituError.from(cut).message, /^Dieses TIFF .+\(This TIFF .+ page 3 is missing\.\)$/);
  assert.equal(InsituError.from(strange).message, strange.message);
  assert.equal(InsituError.from(own).message, 'Keine dieser Dateien ist ein Bild.');
  assert.equal(modelInWords(model).title, 'Zellkerne');
  assert.equal(className('my own'), 'my own');
  assert.ok(await take('zh'));
  assert.equal(t('files.added', { count: 1 }), '已添加 1 个文件');
  assert.equal(duration(1340), '1.3 秒');
  assert.equal(listed(['甲', null, '乙']), '甲、乙');
  assert.ok(await take('en'));
  assert.equal(number(1234.5), '1,234.5');
  assert.equal(InsituError.from(cut).message, cut.message);
  assert.equal(failure('png.invalid', damaged.message), damaged.message);
  assert.equal(said('This browser has no WebGPU. Running on the CPU.').slice(0, 12), 'This browser');
  assert.deepEqual(modelInWords(model), model);
});

test('who is quick to change their mind gets what they said last', async () => {
  const [first, second] = await Promise.all([take('de'), take('en')]);
  assert.deepEqual([first, second, language], [false, true, 'en']);
});
