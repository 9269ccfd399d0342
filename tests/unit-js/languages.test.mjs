import assert from 'node:assert/strict';
import test from 'node:test';
import { asked, chosen, offered } from '../../www/strings/languages.js';

const nowhere = { search: '', hash: '' };

test('the browser’s first language that there is a table for is spoken, else English', () => {
  assert.equal(chosen(nowhere, null, ['de-AT', 'en']), 'de');
  assert.equal(chosen(nowhere, null, ['zh-CN']), 'zh');
  assert.equal(chosen(nowhere, null, ['fr-FR', 'zh_TW']), 'zh');
  assert.equal(chosen(nowhere, null, ['fr', 'it']), 'en');
  assert.equal(chosen(nowhere, null, []), 'en');
});

test('of the languages that a house offers one is spoken, English before others where none of them is wanted', () => {
  const nowhere = { search: '', hash: '' };
  assert.deepEqual(offered(['zh', 'fr', 'en']), ['zh', 'en']);
  assert.deepEqual(offered(['fr']), ['en', 'zh', 'de']);
  assert.equal(chosen(nowhere, null, ['de', 'zh'], ['zh', 'en']), 'zh');
  assert.equal(chosen(nowhere, 'de', ['fr'], ['zh', 'en']), 'en');
  assert.equal(chosen({ search: '?lang=en', hash: '' }, 'en', ['en'], ['de', 'zh']), 'de');
});

test('what a person chose comes before what the browser says, and the address before both', () => {
  assert.equal(chosen(nowhere, 'en', ['de']), 'en');
  assert.equal(chosen({ search: '?lang=zh', hash: '' }, 'en', ['de']), 'zh');
  assert.equal(chosen({ search: '?device=cpu', hash: '#lang=de' }, 'en', ['zh']), 'de');
});

test('a language that is not known is no choice', () => {
  assert.equal(asked({ search: '?lang=xx', hash: '#lang=' }), null);
  assert.equal(asked({ search: '', hash: '#constructor' }), null);
  assert.equal(chosen({ search: '?lang=constructor', hash: '' }, 'toString', ['de']), 'de');
});
