/** "Check it yourself": the page tries every way out, against a server of another origin that notes what reaches it. */
import assert from 'node:assert/strict';
import { picture } from '../support/images.mjs';
import { stranger } from '../support/stranger.mjs';
import { apart, LONG, masked } from './person.mjs';

const REFUSED = /^refused by|has no such way/;
/** What leads the tab elsewhere is held back by the Navigation API alone: where there is none, it is not tried. */
const UNTRIED = /^not tried/;
const PARTS = ['The page', 'wire/engine-worker.js', 'keep/worker.js'];

/** @type {import('./steps.mjs').Apart} */
export async function refusesAll(place) {
  const other = await stranger();
  // What is refused stands in the console.
  await apart(place, (tab) => refuses(tab, other), { loud: true }).finally(() => other.stop());
}

/** @param {import('../support/browsers.mjs').Tab} tab @param {Awaited<ReturnType<typeof stranger>>} other */
async function refuses(tab, other) {
  await tab.choose([picture('discs.png', 64)]);
  await masked(tab);
  await tab.click({ role: 'button', name: 'Nothing leaves this tab' });
  await tab.click({ role: 'button', name: 'Check it yourself' });
  await tab.type({ role: 'textbox', name: /^To this address/ }, other.origin);
  await tab.click({ role: 'button', name: 'Try to send something out' });
  const { text } = await tab.find({ css: '.privacy-result .lead' }, LONG);
  // Those that a browser sends when it has nothing else to do.
  await tab.pause(1500);
  assert.deepEqual(other.reached, [], 'what reached the other server');
  const { parts, held } = await tab.evaluate(() => ({
    parts: [...document.querySelectorAll('.privacy-result details')].map((part) => ({
      name: part.querySelector('summary')?.textContent ?? '',
      ways: [...part.querySelectorAll('tbody tr')].map((row) =>
        [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? ''),
      ),
    })),
    held: 'navigation' in window,
  }));
  const refused = ([, result = '']) => REFUSED.test(result) || (!held && UNTRIED.test(result));
  const open = parts.flatMap(({ name, ways }) =>
    ways.filter((way) => !refused(way)).map((way) => `${name}: ${way.join(': ')}`),
  );
  assert.deepEqual(open, [], 'ways that nobody refused');
  assert.match(text, /^All \d+ attempts were refused: nothing left\./);
  const tried = parts.reduce((sum, { ways }) => sum + ways.length, 0);
  assert.ok(tried > 70, `${tried} attempts`);
  for (const part of PARTS)
    assert.ok(
      parts.some(({ name }) => name.includes(part)),
      `${part} was tried`,
    );
}
