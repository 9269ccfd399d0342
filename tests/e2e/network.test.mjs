/** A line or a host that is slow or wrong: what comes is checked, what does not come is said, and nothing has to be done twice. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { drop, masked, visit } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { root } from './support/server.mjs';
import { suite } from './support/suite.mjs';

const site = suite();
const nuclei = () => readFileSync(join(root, 'models/nuclei.safetensors'));

/** @type {[string, () => Parameters<import('playwright-core').Route['fulfill']>[0]][]} */
const MODELS = [
  ['that is not there', () => ({ status: 404, body: 'gone' })],
  ['of which half came', () => ({ status: 200, body: nuclei().subarray(0, 900_000) })],
  ['in whose place a page came', () => ({ status: 200, contentType: 'text/html', body: '<!doctype html>Sign in' })],
];

for (const [what, answer] of MODELS) {
  test(`a model ${what} is told in a sentence, and is there when the host is right again`, async () => {
    const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`, {
      expect: [/404|Failed to load/],
    });
    await page.route('**/models/nuclei.safetensors', (route) => route.fulfill(answer()));
    await drop(page, [picture('discs.png', 64)]);
    const notice = page.locator('.notice p');
    await notice.waitFor();
    const words = await notice.innerText();
    assert.match(words, /^[“A-Z].{15,}\.$/s, 'a whole sentence');
    assert.doesNotMatch(words, /undefined|\[object|Error:|panicked/);
    await page.unroute('**/models/nuclei.safetensors');
    await page.getByRole('combobox', { name: 'Model', exact: true }).selectOption({ label: 'Nuclei' });
    await masked(page);
    await done();
  });
}

test('an engine that the host calls a text is compiled all the same', async () => {
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`, {
    before: (fresh) =>
      fresh.route('**/insitu_bg.wasm', async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, headers: { ...response.headers(), 'content-type': 'text/plain' } });
      }),
  });
  await drop(page, [picture('discs.png', 64)]);
  await masked(page);
  await done();
});
