/** Putting children into elements, without a browser: what stands in for one notes what became of its nodes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fill } from '../../www/elements/dom.js';

/** @param {...(string | { nodeType: number })} children @returns {any} */
function element(...children) {
  const node = (/** @type {any} */ child) => (typeof child === 'string' ? { nodeType: 3, nodeValue: child } : child);
  return {
    childNodes: children.map(node),
    /** @param {...any} now */
    replaceChildren(...now) {
      this.childNodes = now.map(node);
    },
  };
}

test('a press on a text that changes before the release is a click in every browser: its node stays', () => {
  const button = element('Continue');
  const [text] = button.childNodes;
  fill(button, 'Continue');
  assert.equal(button.childNodes[0], text);
  fill(button, ['Continuing …', false]);
  assert.deepEqual(button.childNodes, [{ nodeType: 3, nodeValue: 'Continuing …' }]);
  assert.equal(button.childNodes[0], text);
});

test('whatever is not one text for another takes the place of all that was there', () => {
  const icon = /** @type {any} */ ({ nodeType: 1 });
  for (const [before, after] of [
    [['a'], ['a', 'b']],
    [['a', icon], ['a']],
    [[icon], ['a']],
    [['a'], [icon]],
    [[], ['a']],
    [['a'], []],
  ]) {
    const filled = element(...before);
    fill(filled, ...after);
    assert.deepEqual(filled.childNodes, element(...after).childNodes);
  }
});
