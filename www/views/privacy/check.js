/** The check: requests until now, and attempts to send something out, each with who refused it. */
import { fill, h, say } from '../../elements/dom.js';
import * as privacy from '../../session/privacy.js';
import { fileSize } from '../../strings/format.js';
import { number, t } from '../../strings/t.js';
import { copyText } from '../copy.js';
import { showDialog } from '../dialogs.js';
import { sheetDialog } from './sheet.js';

/** @typedef {import('../../session/session.js').Session} Session */

/** @param {Session} session */
export function checkDialog(session) {
  // It takes the place of the dialog that it was opened from.
  /** @type {HTMLDialogElement | null} */ (document.querySelector('dialog[open]'))?.close();
  const counts = h('div', { class: 'privacy-counts' });
  const result = h('div', { class: 'privacy-result' });
  const show = async () => fill(counts, ...requestsTable(await privacy.requestsUntilNow()));
  const copy = h(
    'button',
    {
      type: 'button',
      title: t('privacy.copy.title'),
      onclick: async () => {
        if (await copyText(await reportNow())) session.say(t('privacy.copied'));
        say(copied, t('privacy.copied'));
      },
    },
    t('privacy.copy'),
  );
  const copied = h('span', { class: 'faint', role: 'status' });
  const sheet = h(
    'button',
    { type: 'button', title: t('privacy.sheet.open.title'), onclick: () => void sheetDialog() },
    t('privacy.sheet'),
  );
  const limits = ['extensions', 'browser', 'server', 'person', 'hidden'];
  showDialog(
    t('privacy.check.title'),
    [
      h('h3', {}, t('privacy.requests')),
      h('p', { class: 'faint' }, t('privacy.requests.means')),
      counts,
      h('h3', {}, t('privacy.try')),
      h('p', { class: 'faint' }, t('privacy.try.means')),
      tryForm(result, () => void show()),
      result,
      h('h3', {}, t('privacy.limits')),
      h(
        'ul',
        {},
        limits.map((name) => h('li', {}, t(`privacy.limit.${name}`))),
      ),
    ],
    [copy, sheet, copied],
    'privacy-check',
  );
  void show();
  const before = privacy.lastCheck();
  if (before) fill(result, ...resultTable(before));
}

async function reportNow() {
  return privacy.report(await privacy.requestsUntilNow(), privacy.lastCheck(), {
    page: location.origin + location.pathname,
    browser: navigator.userAgent,
    time: privacy.timeText(new Date()),
    version: privacy.version(),
  });
}

/** @param {privacy.Requests} requests @returns {Node[]} */
function requestsTable(requests) {
  const { page, serviceWorker } = requests;
  const sums = privacy.rowsOf(requests, location.origin);
  const head = [t('privacy.requests.where'), t('privacy.requests.count'), t('privacy.requests.bytes')];
  const list = typeof serviceWorker === 'string' ? page.list : [...page.list, ...serviceWorker.list];
  const addresses = list.map(({ address, count, bytes, where, own }) => ({
    cells: [address, number(count), bytes > 0 ? fileSize(bytes) : '0', where.map(fromText).join(', ')],
    kind: own ? '' : 'bad',
  }));
  return [
    table(
      head,
      sums.map(({ where, count, size, bad }) => ({ cells: [where, count, size], kind: bad ? 'bad' : '' })),
      'privacy-sums',
    ),
    ...(page.refused > 0 ? [h('p', { class: 'faint' }, t('privacy.requests.refused', { count: page.refused }))] : []),
    h(
      'details',
      {},
      h('summary', {}, t('privacy.requests.list', { count: list.length })),
      h('div', { class: 'scroll' }, table([...head, t('privacy.requests.from')], addresses)),
    ),
  ];
}

/** Who asked. @param {string} where */
function fromText(where) {
  if (where === 'page') return t('privacy.from.page');
  return where ? t('privacy.from.worker', { file: where }) : t('privacy.from.serviceWorker');
}

/** @param {string[]} head @param {{ cells: string[], kind: string }[]} rows @param {string} [kind] a class */
function table(head, rows, kind = '') {
  const cells = (/** @type {string[]} */ texts) => texts.map((text) => h('td', {}, text));
  return h(
    'table',
    { class: kind },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        head.map((text) => h('th', { scope: 'col' }, text)),
      ),
    ),
    h(
      'tbody',
      {},
      rows.map((row) => h('tr', { class: row.kind }, cells(row.cells))),
    ),
  );
}

/** The address, the button, and how far it is. @param {HTMLElement} result @param {() => void} after */
function tryForm(result, after) {
  const address = h('input', {
    type: 'url',
    value: privacy.lastCheck()?.target ?? privacy.NOBODY,
    title: t('privacy.try.address.title'),
    spellcheck: 'false',
  });
  const words = h('p', { class: 'faint', role: 'status' });
  const bar = h('progress', { 'aria-label': t('privacy.try'), hidden: true });
  const go = h(
    'button',
    {
      type: 'button',
      class: 'primary',
      onclick: async () => {
        const target = privacy.targetOf(address.value, location.href);
        if (!target) return say(words, t('privacy.try.address.wrong'));
        go.disabled = true;
        bar.hidden = false;
        const check = await privacy.check(target, (done, all) => {
          [bar.max, bar.value] = [all, done];
          say(words, done < all ? t('privacy.try.progress', { done, all }) : t('privacy.try.workers'));
        });
        say(words, '');
        bar.hidden = true;
        fill(result, ...resultTable(check));
        go.disabled = false;
        say(go, t('privacy.try.again'));
        after();
      },
    },
    t(privacy.lastCheck() ? 'privacy.try.again' : 'privacy.try.go'),
  );
  return h('div', { class: 'privacy-try' }, h('label', {}, t('privacy.try.address'), ' ', address), go, bar, words);
}

/** @param {privacy.Check} check @returns {Node[]} */
function resultTable(check) {
  const { open } = privacy.summed(check);
  const head = [t('privacy.try.way'), t('privacy.try.result')];
  const part = (/** @type {privacy.Check['parts'][number]} */ { worker, tried }) => {
    if (!tried) return [];
    // What is not as it should be comes first.
    const sorted = [...tried].sort((a, b) => Number(privacy.isOpen(b)) - Number(privacy.isOpen(a)));
    const rows = sorted.map((one) => ({
      cells: [privacy.wayOf(one.door), privacy.resultOf(one)],
      kind: privacy.isOpen(one) ? 'bad' : '',
    }));
    const name = h('summary', {}, privacy.partOf(worker));
    return [h('details', { open: worker === null }, name, table(head, rows, 'privacy-doors'))];
  };
  return [
    h('p', { class: `lead ${open > 0 ? 'bad' : 'good'}`, role: 'status' }, privacy.verdict(check).join(' ')),
    h('p', { class: 'faint' }, t('privacy.try.who')),
    ...check.parts.flatMap(part),
  ];
}
