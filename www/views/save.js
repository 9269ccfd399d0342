/** Saving results: the mask at once, or a choice of files, of one image or of all. */
import { holdsCodes } from '../session/codes.js';
import { isDicom, isProbability, VOLUMES, volumesFor } from '../session/volume-files.js';
import { fill, h, say } from '../elements/dom.js';
import { stored } from '../stored.js';
import { t } from '../strings/t.js';
import { codeChoice } from './codes.js';
import { showDialog } from './dialogs.js';
import { identityChoice } from './identity.js';

/**
 * @typedef {import('../session/session.js').Session} Session
 * @typedef {import('../session/saving.js').Kind} Kind
 * @typedef {import('../session/saving.js').Volume} Volume
 */

/** What people want most, first. @type {Kind[]} */
const KINDS = ['mask', 'overlay', 'csv', 'objects', 'roi', 'geojson', 'coco', 'probability'];
/** @type {(Kind | Volume)[]} */
const ALL = [...KINDS, ...VOLUMES];
const REMEMBERED = 'insitu.save';

/** Hands a file to the browser's downloads. @param {Blob} blob @param {string} name */
export function download(blob, name) {
  const link = h('a', { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Saves the mask that is shown as an 8-bit PNG. @param {Session} session */
export async function saveMask(session) {
  const { mask } = session.state;
  const item = session.current;
  if (!mask || !item) return;
  try {
    const app = await session.app;
    const place = (item.scan?.slices ?? 1) > 1 ? `-${item.slice + 1}` : '';
    const name = `${session.identity.stem(item)}${place}-mask.png`;
    download(await app.maskPng(mask), name);
    session.announce(t('save.done', { name }));
  } catch (error) {
    session.fail(error);
  }
}

/** The kinds that were chosen the last time. @returns {(Kind | Volume)[]} */
function remembered() {
  const names = (stored(REMEMBERED) ?? '').split(',');
  const known = ALL.filter((kind) => names.includes(kind));
  return known.length > 0 ? known : ['mask', 'csv'];
}

/** The browser's own question for a folder; not every browser has it. @returns {((options: { id: string, mode: string }) => Promise<FileSystemDirectoryHandle>) | undefined} */
const picker = () => /** @type {any} */ (window).showDirectoryPicker;

/** Asks what to save, and saves it. @param {Session} session @param {boolean} [asTheyCome] of the files that are just being segmented */
export function saveDialog(session, asTheyCome = false) {
  if (document.querySelector('dialog[open]')) return;
  const { items } = session.state;
  const chosen = new Set(remembered());
  const box = (/** @type {Kind | Volume} */ kind) => {
    const box = h('input', {
      type: 'checkbox',
      checked: chosen.has(kind),
      onchange: () => {
        if (box.checked) chosen.add(kind);
        else chosen.delete(kind);
        offer();
      },
    });
    const means = h('span', { class: 'faint' }, t(`save.kind.${kind}.means`));
    const title = isProbability(kind) && t('save.chances.title');
    return h('label', { class: 'choice', title }, box, h('span', {}, t(`save.kind.${kind}`), ' ', means));
  };
  const whole = VOLUMES.map((kind) => ({ kind, label: box(kind) }));
  const radio = (/** @type {string} */ value, /** @type {boolean} */ checked) =>
    h('input', { type: 'radio', name: 'save-which', value, checked, onchange: () => offer() });
  const intoFolder = picker() !== undefined;
  const all = radio('all', asTheyCome && !intoFolder);
  const folder = radio('folder', asTheyCome && intoFolder);
  const here = radio('this', !asTheyCome);
  const which = h(
    'fieldset',
    { hidden: items.length < 2 && (session.current?.scan?.slices ?? 1) < 2 },
    h('legend', {}, t('save.which')),
    !asTheyCome && h('label', { class: 'choice' }, here, t('save.this')),
    h('label', { class: 'choice' }, all, t('save.all', { count: items.length })),
    intoFolder &&
      h(
        'label',
        { class: 'choice', title: t('save.folder.title') },
        folder,
        h(
          'span',
          {},
          t('save.folder', { count: items.length }),
          ' ',
          h('span', { class: 'faint' }, t('save.folder.means')),
        ),
      ),
  );
  const why = h('p', { class: 'warning', role: 'status' });
  const go = h(
    'button',
    {
      type: 'button',
      class: 'primary',
      onclick: async () => {
        const { volumes } = offer();
        const single = KINDS.filter((kind) => chosen.has(kind));
        const kinds = [...single, ...volumes.filter((kind) => chosen.has(kind))];
        if (kinds.length === 0) return say(why, t('save.nothing'));
        stored(REMEMBERED, ALL.filter((kind) => chosen.has(kind)).join(','));
        const picked = folder.checked ? await pick(session) : null;
        if (folder.checked && !picked) return;
        dialog.close();
        const every = all.checked || folder.checked;
        void (every || kinds.length > 1 || single.length === 0
          ? saveAll(session, kinds, every, picked)
          : saveOne(session, single[0]));
      },
    },
    t('save.do'),
  );
  const what = h('fieldset', {}, h('legend', {}, t('save.what')), KINDS.map(box));
  const patient = h('p', { class: 'faint' }, t('label.volume.patient'));
  const identity = identityChoice(session, { changed: () => offer() });
  const codes = codeChoice(session);
  const coded = h(
    'fieldset',
    {},
    h('legend', {}, t('codes.title')),
    h('p', { class: 'faint' }, t('codes.hint')),
    codes.list,
  );
  const together = h(
    'fieldset',
    {},
    h('legend', {}, t('save.volumes')),
    h('p', { class: 'faint' }, t('save.volumes.means')),
    whole.map(({ label }) => label),
    patient,
  );
  // What makes sense for the images that are chosen.
  const offer = () => {
    const { current, models, state } = session;
    const those = here.checked ? (current ? [current] : []) : state.items;
    const scans = those.map(({ scan }) => scan);
    const volumes = volumesFor(scans);
    const classes = those.flatMap((item) => models.byId(models.for(item) ?? '')?.classes ?? []);
    coded.hidden = classes.length === 0 || !volumes.some((kind) => holdsCodes(kind) && chosen.has(kind));
    if (!coded.hidden) codes.show(classes);
    for (const { kind, label } of whole) label.hidden = !volumes.includes(kind);
    together.hidden = volumes.length === 0;
    patient.hidden = !scans.some(isDicom) || state.withoutIdentity;
    return { volumes };
  };
  offer();
  const dialog = showDialog(t('save.dialog'), [what, together, coded, which, identity.element, why], [go], 'save');
  go.focus();
}

/** @param {Session} session @param {Kind} kind */
async function saveOne(session, kind) {
  const made = await session.saving.one(kind);
  if (!made) return;
  download(made.blob, made.name);
  session.announce(t('save.done', { name: made.name }));
}

/** A folder that the person may choose; null if none was. @param {Session} session */
async function pick(session) {
  try {
    return (await picker()?.({ id: 'insitu-results', mode: 'readwrite' })) ?? null;
  } catch (error) {
    session.fail(error);
    return null;
  }
}

/** @param {Session} session @param {(Kind | Volume)[]} kinds @param {boolean} all @param {FileSystemDirectoryHandle | null} picked */
async function saveAll(session, kinds, all, picked) {
  const item = session.current;
  const items = all ? session.state.items : item ? [item] : [];
  const name = all ? 'insitu.zip' : `${item ? session.identity.stem(item) : 'insitu'}.zip`;
  const joins = all && session.state.saving !== null;
  try {
    if (joins && (await session.saving.join(kinds, picked))) return;
    finish(session, await session.saving.all(kinds, items, picked), name);
  } catch (error) {
    session.fail(error);
  }
}

/** @param {Session} session @param {import('../session/saving.js').Outcome} outcome @param {string} name of an archive */
function finish(session, outcome, name) {
  if (outcome.blob && outcome.done > 0) download(outcome.blob, outcome.name ?? name);
  session.saving.tell(outcome);
}

/** Goes through all files. @param {Session} session */
export async function segmentAll(session) {
  try {
    finish(session, await session.saving.all([], session.state.items), 'insitu.zip');
  } catch (error) {
    session.fail(error);
  }
}

/** Goes through all slices of the image that is shown. @param {Session} session */
export async function segmentSlices(session) {
  const item = session.current;
  if (!item) return;
  try {
    finish(session, await session.saving.all([], [item]), 'insitu.zip');
  } catch (error) {
    session.fail(error);
  }
}

/** The two buttons under the panel. @param {Session} session @param {Node} picture of saving @param {() => void} save */
export function saveButtons(session, picture, save) {
  const mask = h(
    'button',
    { type: 'button', class: 'primary', title: t('save.title'), onclick: save },
    picture,
    t('save.mask'),
  );
  const as = h(
    'button',
    { type: 'button', title: t('save.as.title'), onclick: () => saveDialog(session) },
    t('save.as'),
  );
  session.store.on(['mask', 'saving'], ({ mask: shown, saving }) => {
    mask.disabled = !shown;
    as.disabled = saving ? saving.writes || !saving.every : !shown;
  });
  const foot = h('div', { class: 'panel-foot' });
  fill(foot, mask, as);
  return foot;
}
