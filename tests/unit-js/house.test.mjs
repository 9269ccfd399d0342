/** What a house sets for its copy of the page, and what becomes of settings that make no sense. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { fitting, house, readHouse, shownOf, strangers } from '../../www/session/house/settings.js';

const shipped = ['nuclei', 'em-membrane', 'fetal-head'].map((id) => ({ id }));

test('without settings, or with a page in their place, everything is as it comes', () => {
  for (const text of [null, '', '  ', '<!doctype html><title>Not found</title>', '{}'])
    assert.deepEqual(readHouse(text), { house, faults: [] }, String(text));
});

test('settings are read as they are written', () => {
  const set = {
    keep: 'ask',
    keepDays: 14,
    languages: ['de', 'en'],
    models: ['nuclei'],
    defaultModel: { US: 'fetal-head', '*': 'nuclei' },
    notice: 'For research only.',
  };
  assert.deepEqual(readHouse(JSON.stringify(set)), { house: set, faults: [] });
});

test('what makes no sense is told by its name, and what does is taken', () => {
  for (const [set, word] of /** @type {[object, RegExp][]} */ ([
    [{ keep: 'maybe' }, /“keep” must be "keep", "ask" or "forget"/],
    [{ keepDays: -1 }, /“keepDays” must be a number of days/],
    [{ keepDays: '7' }, /“keepDays”/],
    [{ models: [] }, /“models” must be a list/],
    [{ models: 'nuclei' }, /“models” must be a list/],
    [{ defaultModel: ['nuclei'] }, /“defaultModel” must be/],
    [{ defaultModel: { US: 3 } }, /“defaultModel” must be/],
    [{ notice: 'x'.repeat(1001) }, /“notice” must be/],
    [{ kep: 'ask' }, /“kep” means nothing here\. Known are: keep, keepDays/],
  ])) {
    const read = readHouse(JSON.stringify({ ...set, languages: ['en'] }));
    assert.equal(read.faults.length, 1, JSON.stringify(set));
    assert.match(read.faults[0], word);
    assert.deepEqual(read.house.languages, ['en']);
  }
});

test('a house whose settings are broken may have forbidden keeping: nothing is kept without asking', () => {
  for (const text of ['{ "keep": "forget", }', '[]', '3', 'null', '{ "keep": "forgte" }']) {
    const { house, faults } = readHouse(text);
    assert.equal(house.keep, 'ask', text);
    assert.equal(faults.length, 1, text);
  }
});

test('models that are named and do not come with the page are found, and never leave it without any', () => {
  const set = { ...house, models: ['nuclei', 'liver'], defaultModel: { CT: 'liver', US: 'fetal-head' } };
  assert.deepEqual(strangers(set, shipped), ['liver']);
  assert.deepEqual(shownOf(set, shipped), [{ id: 'nuclei' }]);
  assert.deepEqual(shownOf({ ...set, models: ['liver'] }, shipped), shipped);
  assert.deepEqual(shownOf(house, shipped), shipped);
});

/** @type {import('../../www/pictures/suggestion.js').Suggestion} */
const ultrasound = { id: null, other: 'fetal-head', kind: null, others: [], reason: 'ultrasound', modality: 'US' };
/** @type {import('../../www/pictures/suggestion.js').Suggestion} */
const dark = { id: 'nuclei', kind: 'nuclei', others: [], other: 'em-membrane', reason: 'looks', modality: null };

test('the model of the house for a modality is taken, and the others stay a click away', () => {
  const set = { ...house, defaultModel: { US: 'fetal-head' } };
  assert.deepEqual(fitting(ultrasound, set, shipped), {
    id: 'fetal-head',
    kind: null,
    others: [],
    other: 'nuclei',
    reason: 'house',
    modality: 'US',
  });
  assert.deepEqual(fitting(dark, set, shipped), dark);
  assert.equal(fitting(dark, { ...house, defaultModel: { '*': 'em-membrane' } }, shipped).id, 'em-membrane');
  assert.deepEqual(fitting(dark, { ...house, defaultModel: { '*': 'nuclei' } }, shipped), dark);
  assert.deepEqual(fitting(dark, { ...house, defaultModel: { '*': 'liver' } }, shipped), dark);
});

test('a model that the house does not show is never run in the place of the one that fits', () => {
  const shown = [{ id: 'em-membrane' }];
  assert.deepEqual(fitting(dark, house, shown), { ...dark, id: null, other: 'em-membrane', reason: 'hidden' });
  assert.deepEqual(fitting(ultrasound, house, shown), { ...ultrasound, other: 'em-membrane' });
});

test('which of several kinds an image is, is asked of those alone that the house shows', () => {
  /** @type {import('../../www/pictures/suggestion.js').Suggestion} */
  const unsure = { ...dark, id: null, kind: null, others: ['nuclei', 'em-membrane'], reason: 'unsure' };
  assert.deepEqual(fitting(unsure, house, [{ id: 'em-membrane' }]).others, ['em-membrane']);
  assert.equal(fitting(unsure, house, [{ id: 'fetal-head' }]).reason, 'unlike');
});
