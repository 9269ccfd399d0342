import assert from 'node:assert/strict';
import test from 'node:test';
import { blocks, spans } from '../../www/views/markdown.js';

test('a card has headings, paragraphs, lists, tables and code', () => {
  const types = blocks(
    '# Title\n\nTwo\nlines\n\n- a\n- b\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n```\n# not a heading\n```\n',
  ).map((block) => block.type);
  assert.deepEqual(types, ['heading', 'paragraph', 'list', 'table', 'code']);
});

test('a picture is one that lies beside the cards, and others stay text', () => {
  const [before, picture] = blocks('Words\n![Two masks](pictures/nuclei.png)');
  assert.equal(before.type, 'paragraph');
  assert.deepEqual(picture, { type: 'picture', text: 'Two masks', name: 'nuclei.png' });
  for (const elsewhere of ['https://example.org/a.png', '../a.png', 'pictures/../a.png', 'javascript:alert(1)'])
    assert.equal(blocks(`![x](${elsewhere})`)[0].type, 'paragraph', elsewhere);
});

test('a table has its head first and no rule', () => {
  assert.deepEqual(blocks('| a | b |\n|:--|--:|\n| 1 | 2 |')[0], {
    type: 'table',
    rows: [
      ['a', 'b'],
      ['1', '2'],
    ],
  });
});

test('HTML stays text', () => {
  assert.deepEqual(spans('<img src=x onerror=alert(1)>'), [{ type: 'text', text: '<img src=x onerror=alert(1)>' }]);
});

test('only addresses of the web become links', () => {
  assert.deepEqual(spans('[a](javascript:alert)'), [{ type: 'text', text: 'a' }]);
  assert.deepEqual(spans('see [a](https://example.org)')[1], { type: 'link', text: 'a', href: 'https://example.org' });
});

test('unfinished marks end', () => {
  assert.equal(blocks('```\nnever closed').length, 1);
  assert.deepEqual(spans('**a'), [{ type: 'text', text: '**a' }]);
  assert.equal(blocks('|---').length, 1);
});
