/** What `cargo xtask dist` wrote, without a network: after the first visit everything works. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { drop, masked } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { kept } from './support/keeping.mjs';
import { counted, hand, labelPanel, trainingSettings } from './support/labelling.mjs';
import { browser, cached, cpu, dist, host, ready, visited, word } from './support/release.mjs';
import { root, serve } from './support/server.mjs';

/** Of all shipped models. @returns {string[]} */
const titles = () =>
  JSON.parse(readFileSync(join(root, 'models/index.json'), 'utf8')).map(
    (/** @type {{ title: string }} */ { title }) => title,
  );

test('after one visit everything works with the network off, in a browser that was closed meanwhile', async (t) => {
  const { context, again } = await browser(t);
  const server = await serve({ dir: dist, at: '/tools/insitu/' });
  t.after(() => server.stop());
  const first = await context().newPage();
  await first.goto(cpu(server.url));
  await ready(first);
  await word(first, /^Works offline\./).click();
  const dialog = first.getByRole('dialog');
  await dialog.getByText('Ready to work without a network').waitFor();
  assert.equal(await dialog.getByRole('listitem').filter({ hasText: 'here' }).count(), titles().length);
  assert.equal(await dialog.getByRole('listitem').filter({ hasText: 'needs the network' }).count(), 0);

  const own = await first.evaluate(
    () =>
      new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }) =>
          resolve(
            data.map((/** @type {{ address: string }} */ { address }) => new URL(address).origin === location.origin),
          );
        navigator.serviceWorker.controller?.postMessage({ guardRequests: true }, [port2]);
      }),
  );
  assert.ok(Array.isArray(own) && own.length > 100 && own.every(Boolean), 'the worker tells what it asked for');

  await again();
  server.stop();
  const page = await context().newPage();
  /** @type {string[]} */
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(cpu(server.url));
  await ready(page);
  await page.getByRole('button', { name: 'Membranes, electron microscope' }).click();
  await masked(page);
  const list = page.getByRole('combobox', { name: 'Model' });
  for (const title of titles()) {
    await list.selectOption({ label: title });
    await page.waitForFunction(() => document.querySelector('#status .job')?.hasAttribute('hidden'));
    await masked(page);
  }

  await drop(page, [picture('discs.png', 128)]);
  await page.getByRole('img', { name: /discs\.png.*the mask covers/ }).waitFor();
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save mask' }).click();
  assert.equal((await saved).suggestedFilename(), 'discs-mask.png');
  await labelPanel(page);
  const { stroke } = await hand(page, 128);
  await stroke([20, 20], [60, 40], [90, 90]);
  await page.getByRole('tabpanel', { name: 'Label' }).getByText('Background', { exact: true }).first().click();
  await stroke([100, 20], [110, 60]);
  await counted(page, ([back, ...classes]) => back > 0 && classes.some((count) => count > 0), 'strokes of both');
  await page.getByRole('tab', { name: 'Train' }).click();
  await page.getByRole('combobox', { name: 'Start from' }).selectOption('preset:small');
  await trainingSettings(page, {
    Steps: '10',
    'Patches a step': '2',
    'Patch size': '32',
    Channels: '4',
  });
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await kept(page, /^model-/);
  await kept(page, /^labels-/);

  await page.reload();
  const offer = page.getByRole('region', { name: 'Earlier session' }).first();
  await offer.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('img', { name: /discs\.png/ }).waitFor();
  await labelPanel(page);
  await counted(page, ([back, ...classes]) => back > 0 && classes.some((count) => count > 0), 'strokes that came back');
  assert.deepEqual(errors, []);
});

test('only the models that were used are kept where a person wants that', async (t) => {
  const { page } = await visited(t);
  await word(page, /^Works offline\./).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: /^Only those/ }).check();
  await dialog.getByText(/^Nuclei: needs the network, 3\.9 MB$/).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Membranes, electron microscope' }).click();
  await masked(page);
  await word(page, /^Works offline\./).click();
  await dialog.getByText(/^EM membranes: here, 3\.9 MB$/).waitFor();
  const models = Object.values(await cached(page))
    .flat()
    .filter((path) => path.endsWith('.safetensors'));
  assert.deepEqual(
    models.map((path) => path.split('/').pop()),
    ['em-membrane.safetensors'],
  );
  await dialog.getByRole('radio', { name: /^All/ }).check();
  await dialog.getByText(/^Nuclei: here/).waitFor();
});

test('over plain http the page says that it cannot work offline, and the working tree says nothing of it', async (t) => {
  const { context } = await browser(t, ['--host-resolver-rules=MAP insitu.test 127.0.0.1']);
  const site = await host(t);
  const page = await context().newPage();
  await page.goto(cpu(site.url.replace('localhost', 'insitu.test')));
  await word(page, /^Online only\. This page cannot work without a network here/).waitFor();
  await page.getByRole('button', { name: 'Nuclei, fluorescence' }).click();
  await masked(page);
  const tree = await serve();
  t.after(() => tree.stop());
  await page.goto(cpu(tree.url));
  await page.getByRole('button', { name: 'Nuclei, fluorescence' }).click();
  await masked(page);
  assert.equal(await word(page, /offline|Online only/i).count(), 0);
});

test('a file that is shared with the installed page is opened, once', async (t) => {
  const { site, page } = await visited(t);
  // As the system does it: a form that is sent to the address in the manifest.
  await page.goto(`${site.url}blank.html`);
  const bytes = [...picture('', 64).bytes];
  await page.evaluate((given) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(given)], 'shared scan.png', { type: 'image/png' }));
    const form = Object.assign(document.createElement('form'), {
      action: 'share',
      method: 'post',
      enctype: 'multipart/form-data',
    });
    const input = Object.assign(document.createElement('input'), {
      type: 'file',
      name: 'files',
      files: transfer.files,
    });
    form.append(input);
    document.body.append(form);
    form.submit();
  }, bytes);
  await page.getByRole('img', { name: /shared scan\.png.*the mask covers/ }).waitFor();
  assert.equal(new URL(page.url()).search, '');
  assert.equal(Object.keys(await cached(page)).filter((name) => name.endsWith('shared')).length, 0);
});

test('the manifest names icons that are there, and the folder of the page', async (t) => {
  const site = await host(t);
  const manifest = await (await fetch(`${site.url}manifest.webmanifest`)).json();
  for (const { src } of manifest.icons) assert.equal((await fetch(new URL(src, site.url))).status, 200, src);
  assert.deepEqual([manifest.start_url, manifest.scope, manifest.share_target.action], ['./', './', './share']);
});
