/** What axe-core says of the screens that few see: questions, offers and faults. */
import { test } from 'node:test';
import { inspector } from './support/access.mjs';
import { drop, masked, visit } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { kept } from './support/keeping.mjs';
import { suite } from './support/suite.mjs';

const site = suite();

test('the question about keeping, what an earlier session left, and a fault that is told are without faults', async () => {
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`, {
    before: (page) =>
      page.route('**/config.json', (route) => route.fulfill({ json: { keep: 'ask', notice: 'For teaching only.' } })),
  });
  const seen = inspector(page);
  await drop(page, [picture('discs.png', 96)]);
  await masked(page);
  await page
    .getByText('Keep this session on this computer, or forget everything')
    .filter({ visible: true })
    .first()
    .waitFor();
  await seen.look('keep or forget');
  await page.getByRole('button', { name: 'Keep on this computer' }).filter({ visible: true }).click();
  await kept(page, /^session~/);
  await page.reload();
  await page.getByRole('region', { name: 'Earlier session' }).first().waitFor();
  await seen.look('earlier session');
  await drop(page, [{ name: 'words.png', bytes: new TextEncoder().encode('No picture at all.\n'.repeat(20)) }]);
  await page.locator('.notice.error').waitFor();
  await seen.look('a fault that is told');
  seen.done();
  await done();
});
