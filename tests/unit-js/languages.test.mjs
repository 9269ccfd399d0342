import assert from 'node:assert/strict';
import test from 'node:test';
import { table as english } from '../../www/strings/en.js';
import { asked, chosen } from '../../www/strings/languages.js';

const nowhere = { search: '', hash: '' };

test('the browser’s first language that there is a table for is spoken, else English', () => {
  assert.equal(chosen(nowhere, null, ['de-AT', 'en']), 'de');
  assert.equal(chosen(nowhere, null, ['zh-CN']), 'zh');
  assert.equal(chosen(nowhere, null, ['fr-FR', 'zh_TW']), 'zh');
  assert.equal(chosen(nowhere, null, ['fr', 'it']), 'en');
  assert.equal(chosen(nowhere, null, []), 'en');
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

const tables = {
  de: (await import('../../www/strings/de.js')).table,
  zh: (await import('../../www/strings/zh.js')).table,
};

/** Keys that only other languages need: what comes in English from the engine and the shipped models; see `engine.js`. */
const OF_THE_ENGINE = /^(error|said|class\.of|model\.[\w-]+\.(title|summary)$)/;

/** The names in braces of one sentence, or of all that a count chooses from. @param {string | Record<string, string>} entry */
const holes = (entry) => [...new Set(JSON.stringify(entry).match(/\{\w+\}/g) ?? [])].sort();

for (const [language, table] of Object.entries(tables)) {
  test(`${language} has every word that English has, and no other but those of the engine`, () => {
    assert.deepEqual(
      Object.keys(english).filter((key) => !(key in table)),
      [],
    );
    assert.deepEqual(
      Object.keys(table).filter((key) => !(key in english) && !OF_THE_ENGINE.test(key)),
      [],
    );
  });

  test(`${language} leaves room for the same names and numbers as English, and chooses by a count where English does`, () => {
    const differs = Object.keys(english).filter(
      (key) =>
        key in table &&
        (typeof table[key] !== typeof english[key] || holes(table[key]).join() !== holes(english[key]).join()),
    );
    assert.deepEqual(differs, []);
    const plural = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const lacking = Object.entries(table).filter(
      ([, entry]) => typeof entry !== 'string' && plural.some((form) => !(form in entry)),
    );
    assert.deepEqual(lacking, []);
  });
}
