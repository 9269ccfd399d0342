/** Labels without a hand that paints: the prediction, taken over. */
import { labelPanel } from './labelling.mjs';

/** Labels the image that is shown as its mask says, background too. @param {import('playwright-core').Page} page */
export async function labelled(page) {
  await labelPanel(page);
  const panel = page.getByRole('tabpanel', { name: 'Label' });
  await panel.getByRole('button', { name: 'Accept the prediction' }).click();
  await panel.locator('ul.labelled li').first().waitFor({ timeout: 120_000 });
}
