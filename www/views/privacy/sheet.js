/** One page for the data protection officer: as a dialog, and alone on paper when it is printed (`privacy.css`). */
import { h } from '../../elements/dom.js';
import * as privacy from '../../session/privacy.js';
import { fileSize } from '../../strings/format.js';
import { t } from '../../strings/t.js';
import { showDialog } from '../dialogs.js';

/** What is stored; each has its what, where, how long, and how it is deleted. */
const STORED = ['session', 'settings', 'cache', 'saved', 'memory'];
const COLUMNS = ['what', 'where', 'long', 'delete'];
const LIMITS = ['extensions', 'browser', 'server', 'person', 'hidden'];

export async function sheetDialog() {
  const [requests, files] = await Promise.all([privacy.requestsUntilNow(), privacy.shippedFiles()]);
  /** @type {HTMLDialogElement | null} */ (document.querySelector('dialog[open]'))?.close();
  const print = h(
    'button',
    { type: 'button', class: 'primary', onclick: () => window.print() },
    t('privacy.sheet.print'),
  );
  showDialog(
    t('privacy.sheet.title'),
    [
      h('p', {}, t('privacy.sheet.lead')),
      facts(),
      section('privacy.sheet.leaves', h('p', {}, t('privacy.sheet.leaves.text'))),
      section('privacy.sheet.stored', stored()),
      section('privacy.sheet.how', h('p', {}, t('privacy.sheet.how.policy')), h('p', {}, t('privacy.sheet.how.guard'))),
      section('privacy.sheet.checked', ...checked(requests, privacy.lastCheck())),
      section(
        'privacy.limits',
        h(
          'ul',
          {},
          LIMITS.map((name) => h('li', {}, t(`privacy.limit.${name}`))),
        ),
      ),
      files !== null && section('privacy.sheet.hashes', h('p', {}, t('privacy.sheet.hashes.text', files))),
      h('p', { class: 'sign' }, t('privacy.sheet.sign')),
    ],
    [print],
    'privacy-sheet',
  );
}

/** @param {string} title @param {...Node} content */
const section = (title, ...content) => h('section', {}, h('h3', {}, t(title)), content);

function facts() {
  const row = (/** @type {string} */ name, /** @type {string} */ value) =>
    h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, value));
  return h(
    'table',
    { class: 'facts', 'aria-label': t('privacy.sheet.facts') },
    h(
      'tbody',
      {},
      row(t('privacy.sheet.address'), location.origin + location.pathname),
      row(t('privacy.sheet.version'), privacy.version()),
      row(t('privacy.sheet.browser'), navigator.userAgent),
      row(t('privacy.sheet.time'), privacy.timeText(new Date())),
    ),
  );
}

function stored() {
  return h(
    'table',
    {},
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        COLUMNS.map((column) => h('th', { scope: 'col' }, t(`privacy.sheet.stored.${column}`))),
      ),
    ),
    h(
      'tbody',
      {},
      STORED.map((name) =>
        h(
          'tr',
          {},
          COLUMNS.map((column) => h('td', {}, t(`privacy.sheet.${name}.${column}`))),
        ),
      ),
    ),
  );
}

/** @param {privacy.Requests} requests @param {privacy.Check | null} check @returns {Node[]} */
function checked({ page }, check) {
  const { own, bytes, others } = page;
  const asked = h('p', {}, t('privacy.sheet.checked.requests', { own, size: fileSize(bytes), others }));
  if (!check) return [asked, h('p', {}, t('privacy.sheet.checked.none'))];
  const { count, doors, policy, guard, absent } = privacy.summed(check);
  return [
    asked,
    h(
      'p',
      {},
      t('privacy.sheet.checked.all', {
        ...{ count, doors: doors.length, target: check.target },
        ...{ time: privacy.timeText(check.time), result: privacy.verdict(check).join(' ') },
      }),
      ' ',
      t('privacy.sheet.checked.by', { policy, guard, absent }),
    ),
    h('p', { class: 'doors' }, t('privacy.sheet.checked.doors', { doors: doors.map(privacy.wayOf).join('; ') })),
  ];
}
