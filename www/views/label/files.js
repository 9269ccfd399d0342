/** Labels to files and from files. */
import { t } from '../../strings/t.js';
import { layMarks, mayBeMarks, pagesOf } from '../../session/labelling/marks.js';
import { MOST } from '../../session/labelling/objects.js';
import { h } from '../../elements/dom.js';
import { showDialog } from '../dialogs.js';
import { download } from '../save.js';
import { chosenCodes } from '../../session/codes.js';
import { isDicom, LABEL_VOLUMES } from '../../session/volume-files.js';
import { codeChoice } from '../codes.js';
import { identityChoice } from '../identity.js';

/** @typedef {import('../../session/session.js').Session} Session */

/** What other programs save labels as, and our own. */
const KINDS = '.png,.tif,.tiff,.zip,.dcm,.nii,.gz,.nrrd,image/png,image/tiff,application/zip';

/** @param {Session} session @returns {HTMLElement} */
export function fileGroup(session) {
  const { labelling } = session;
  const input = h('input', {
    type: 'file',
    accept: KINDS,
    hidden: true,
    'aria-label': t('label.load'),
    onchange: () => {
      const file = input.files?.[0];
      input.value = '';
      if (file) void load(session, file);
    },
  });
  const button = (/** @type {string} */ key, /** @type {() => void} */ onclick) =>
    h('button', { type: 'button', title: t(`${key}.title`), onclick }, t(key));
  const one = button('label.save.slice', () => void saveSlice(session));
  const all = button('label.save.all', () => void saveAll(session));
  const volume = h(
    'select',
    {
      'aria-label': t('label.volume'),
      title: t('label.volume.title'),
      onchange: () => {
        const kind = LABEL_VOLUMES.find((other) => other === volume.value);
        volume.value = '';
        if (kind) void saveVolume(session, kind);
      },
    },
    h('option', { value: '' }, t('label.volume')),
    LABEL_VOLUMES.map((kind) => h('option', { value: kind }, t(`label.volume.${kind}`))),
  );
  const patient = h('p', { class: 'hint' }, t('label.volume.patient'));
  const identity = identityChoice(session, { kind: 'row check' });
  const codes = codeChoice(session);
  const coded = h(
    'details',
    {},
    h('summary', {}, t('codes.title')),
    h('p', { class: 'hint' }, t('codes.hint')),
    codes.list,
  );
  const choose = button('label.load', () => input.click());
  const clear = button('label.clear.all', () => void labelling.clearAll());
  coded.addEventListener('toggle', () => coded.open && codes.show(session.state.labelling.classes));
  session.store.on(
    ['labelling', 'codes', 'constants', 'items', 'currentId', 'withoutIdentity'],
    ({ labelling: { labelled, classes }, currentId, withoutIdentity }) => {
      one.disabled = !labelled.some(({ itemId, slice }) => itemId === currentId && slice === session.current?.slice);
      all.disabled = clear.disabled = labelled.length === 0;
      volume.disabled = !labelled.some(({ itemId }) => itemId === currentId);
      patient.hidden = !isDicom(session.current?.scan) || withoutIdentity;
      identity.show();
      coded.hidden = classes.length === 0;
      if (coded.open) codes.show(classes);
      choose.disabled = !session.current?.scan;
    },
  );
  return h(
    'details',
    { class: 'group' },
    h('summary', {}, h('h2', {}, t('label.files'))),
    h('div', { class: 'stack' }, one, all, volume, coded, patient, identity.element, choose, clear),
    input,
  );
}

/** Labels of a file; where its values may number objects a person says what they are. @param {Session} session @param {File} file */
async function load(session, file) {
  const { labelling } = session;
  const objects = await labelling.objects(file);
  if (!objects && mayBeMarks(file.name)) return void (await layMarks(session, [{ file, image: false }]));
  if (!objects) return labelling.load(file);
  const { count } = objects;
  // More than there can be classes.
  if (count > MOST) return labelling.loadObjects(file.name, objects);
  const chosen = (/** @type {() => Promise<void>} */ work) => () => {
    dialog.close();
    void work();
  };
  const one = h(
    'button',
    { type: 'button', class: 'primary', onclick: chosen(() => labelling.loadObjects(file.name, objects)) },
    t('label.objects.one'),
  );
  const classes = h(
    'button',
    { type: 'button', onclick: chosen(() => labelling.load(file)) },
    t('label.objects.classes', { count }),
  );
  const name = session.state.labelling.classes[labelling.objectClass - 1]?.name ?? '';
  const dialog = showDialog(
    t('label.objects.title'),
    [
      h('p', {}, t('label.objects.ask', { count })),
      h('p', { class: 'hint' }, t('label.objects.touch', { class: name })),
    ],
    [h('div', { class: 'row choices' }, one, classes)],
  );
  one.focus();
}

/** @param {Session} session */
async function saveSlice(session) {
  const item = session.current;
  if (!item) return;
  const place = (item.scan?.slices ?? 1) > 1 ? `-${item.slice + 1}` : '';
  await save(session, () => session.labelling.png(), `${session.identity.stem(item)}${place}-labels.png`, 'image/png');
}

/** @param {Session} session */
export async function saveAll(session) {
  await save(session, () => session.labelling.zip(), 'labels.zip', 'application/zip');
}

/** @param {Session} session @param {import('../../wire/results.js').LabelVolume} kind */
async function saveVolume(session, kind) {
  const item = session.current;
  if (!item?.scan) return;
  try {
    const app = await session.app;
    const pages = await session.labelling.desk.patiently(pagesOf(session, item.id));
    const { classes } = session.state.labelling;
    const codes = chosenCodes(session.state, classes);
    const file = await app.results.volume(item.scan, kind, classes, pages, {
      codes,
      pseudonym: session.identity.pseudonym(item),
    });
    const name = `${session.identity.stem(item)}.${await app.results.ending(kind)}`;
    download(file, name);
    session.announce(t('save.done', { name }));
  } catch (error) {
    session.fail(error);
  }
}

/** @param {Session} session @param {() => Promise<Uint8Array | null>} make @param {string} name @param {string} type */
async function save(session, make, name, type) {
  try {
    const bytes = await session.labelling.desk.patiently(make());
    if (!bytes) return;
    download(new Blob([/** @type {BlobPart} */ (bytes)], { type }), name);
    session.announce(t('save.done', { name }));
  } catch (error) {
    session.fail(error);
  }
}
