/** Where the page may stand: on plain http, under a path of a static host; and that it keeps to itself there. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { area, drop, masked, visit } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { counted, hand, labelPanel } from './support/labelling.mjs';
import { root, serve } from './support/server.mjs';
import { own } from './support/suite.mjs';

test('over plain http the page says why it runs on the CPU, and works', async (t) => {
  const { server, browser } = await own(t, { gpu: true, args: ['--host-resolver-rules=MAP insitu.test 127.0.0.1'] });
  const { page, done } = await visit(browser, server.url.replace('localhost', 'insitu.test'));
  assert.equal(await page.evaluate(() => isSecureContext), false);
  await page.getByRole('button', { name: /^CPU: .*plain http/ }).waitFor();
  await drop(page, [picture('discs.png', 64)]);
  await masked(page);
  await done();
});

test('over plain http the session is kept all the same, by one tab, and comes back after a reload that asks nothing', async (t) => {
  const { server, browser } = await own(t, { args: ['--host-resolver-rules=MAP insitu.test 127.0.0.1'] });
  const { page, context, done } = await visit(browser, server.url.replace('localhost', 'insitu.test'));
  await drop(page, [picture('discs.png', 96)]);
  await masked(page);
  await labelPanel(page);
  await (await hand(page, 96)).stroke([20, 20], [60, 40]);
  const painted = await counted(page, ([, ...classes]) => classes.some((count) => count > 0), 'a stroke');
  await page.getByText('Kept in this browser for next time: 1 file').waitFor();
  await page.waitForTimeout(2000);
  const other = await context.newPage();
  await other.goto(page.url());
  await drop(other, [picture('theirs.png', 48)]);
  await other.getByText('Another tab keeps its session.').waitFor();
  await other.close();
  /** @type {string[]} */
  const questions = [];
  page.on('dialog', (dialog) => {
    questions.push(dialog.type());
    void dialog.accept();
  });
  await page.reload();
  assert.deepEqual(questions, []);
  await page.getByRole('button', { name: 'Continue' }).first().click();
  await page.getByRole('img', { name: /discs\.png, 96 by 96 pixels/ }).waitFor();
  await labelPanel(page);
  await counted(page, (now) => now.join() === painted.join(), 'the labels are back');
  await done();
});

test('dist works under a path, and holds nothing but the page', async (t) => {
  const dist = join(root, 'dist');
  assert.ok(existsSync(join(dist, 'index.html')), 'cargo xtask dist has written it');
  const { server, browser } = await own(t, { dir: dist, at: '/tools/insitu/' });
  const { page, requests, done } = await visit(browser, server.url);
  await page.getByRole('button', { name: 'Membranes, electron microscope' }).click();
  await masked(page);
  assert.ok((await area(page)) > 0);
  assert.deepEqual(
    requests.filter((url) => /^http/.test(url) && !new URL(url).pathname.startsWith('/tools/insitu/')),
    [],
  );
  for (const stranger of ['Cargo.toml', 'src/lib.rs', 'tests/e2e/places.test.mjs']) {
    assert.equal(existsSync(join(dist, stranger)), false, stranger);
  }
  await done();
});

test('the security policy holds: nothing can be sent elsewhere', async (t) => {
  const { server, browser } = await own(t);
  const other = await serve();
  t.after(() => other.stop());
  const { page, errors, done } = await visit(browser, server.url, {
    expect: [/security policy|Content Security Policy|Refused to connect/],
  });
  const sent = await page.evaluate(
    (url) =>
      fetch(url, { method: 'POST', body: 'pixels', mode: 'no-cors' }).then(
        () => 'sent',
        () => 'refused',
      ),
    other.url,
  );
  assert.equal(sent, 'refused');
  assert.ok(
    errors.some((error) => error.includes('connect-src')),
    errors.join('\n'),
  );
  await done();
});
