/** What is kept of a session besides the bytes of its files: the list, places, models, the training's choices. */
import { KeepError } from '../../keep/store.js';
import { CORRECTING_TOOLS } from '../objects/state.js';
import { readTraining } from './training.js';

/**
 * @typedef {{ center: number, width: number }} Window
 * @typedef {import('../state.js').Item['corrections']} Corrections
 * @typedef {import('../gathering.js').About} About
 * @typedef {{ id: number, name: string, type: string, modified: number, slice: number, window: Window, mix: import('../channels/mix.js').Mix | null, modelId: string | null, micrometres: number | null, corrections: Corrections, series: About | null, at: number }} KeptItem `at`: when it was open last, ms
 * @typedef {{ id: string, name: string, title: string, licence: string, classes: { name: string, colour: string }[], summary: string, at: number }} KeptModel
 * @typedef {import('./training.js').KeptTraining} KeptTraining
 *
 * @typedef {object} Index
 * @property {number} saved ms
 * @property {number | null} current
 * @property {string | null} preferred
 * @property {Record<string, string>} alike
 * @property {Record<string, string>} codes
 * @property {number} labelled slices
 * @property {KeptItem[]} items
 * @property {KeptModel[]} models
 * @property {KeptTraining | null} training
 * @property {number} trained when the training was in a session last, ms
 */

const VERSION = 1;
const MOST = 10_000;

/** @param {Index} index @returns {Uint8Array} */
export const indexBytes = (index) => new TextEncoder().encode(JSON.stringify({ version: VERSION, ...index }));

const text = (/** @type {unknown} */ value) => typeof value === 'string';
const count = (/** @type {unknown} */ value) => Number.isSafeInteger(value) && Number(value) >= 0;
const list = (/** @type {unknown} */ value) => (Array.isArray(value) ? value.slice(0, MOST) : []);
const textOr = (/** @type {unknown} */ value, /** @type {string} */ other = '') =>
  typeof value === 'string' ? value : other;

/** Texts by their names. @param {unknown} read @returns {Record<string, string>} */
const readTexts = (read) => Object.fromEntries(Object.entries(read ?? {}).filter(([, value]) => text(value)));

/** Corrections of objects that the engine can take. @param {unknown} read @returns {Corrections} */
function readCorrections(read) {
  const edit = (/** @type {any} */ one) =>
    /** @type {readonly string[]} */ (CORRECTING_TOOLS).includes(one?.deed) &&
    list(one.points).every(Number.isFinite) &&
    count(one.class) &&
    one.class < 256;
  const places = Object.entries(read ?? {}).map(([place, edits]) => [place, list(edits).filter(edit)]);
  return Object.fromEntries(places.filter(([, edits]) => edits.length > 0));
}

/** What is known of an image in several files. @param {any} read @returns {About | null} */
function readSeries(read) {
  if (!count(read?.files) || !count(read.slices)) return null;
  const { files, slices, modality, date } = read;
  const notes = list(read.notes).filter(text);
  return { files, slices, modality: text(modality) ? modality : null, date: text(date) ? date : null, notes };
}

/** How channels are shown. @param {any} read @returns {import('../channels/mix.js').Mix | null} */
function readMix(read) {
  const looks = list(read?.looks).map((look) => {
    const { center, width } = look?.window ?? {};
    const window = Number.isFinite(center) && width > 0 ? { center, width } : null;
    return { shown: look?.shown === true, colour: textOr(look?.colour), window };
  });
  const known = looks.length > 0 && looks.every(({ colour }) => /^#[0-9a-f]{6}$/i.test(colour));
  return known && count(read.chosen) ? { looks, chosen: read.chosen } : null;
}

/** What can be understood of it; null if nothing can. @param {Uint8Array | null} bytes @returns {Index | null} throws a `KeepError` if a later version wrote it */
export function readIndex(bytes) {
  if (!bytes) return null;
  let read;
  try {
    read = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
  // Not to be taken for nothing: nothing is cleared away.
  if (read?.version > VERSION) throw new KeepError('newer');
  if (read?.version !== VERSION) return null;
  const saved = Number(read.saved) || 0;
  // Older sessions tell only when they were kept.
  const timeOr = (/** @type {unknown} */ at) => (count(at) ? Number(at) : saved);
  const items = list(read.items).flatMap((item) => {
    const { id, name, type, modified, slice, window, mix, modelId, micrometres, corrections, series, at } = item ?? {};
    const whole = count(id) && text(name) && count(slice) && Number.isFinite(window?.center) && window?.width > 0;
    return whole
      ? [
          {
            id,
            name,
            type: textOr(type),
            modified: Number(modified) || 0,
            slice,
            window: { center: window.center, width: window.width },
            mix: readMix(mix),
            modelId: text(modelId) ? modelId : null,
            micrometres: Number.isFinite(micrometres) && micrometres > 0 ? micrometres : null,
            corrections: readCorrections(corrections),
            series: readSeries(series),
            at: timeOr(at),
          },
        ]
      : [];
  });
  const models = list(read.models).flatMap((model) => {
    const { id, name, title, licence, classes, summary, at } = model ?? {};
    if (!text(id) || !text(name)) return [];
    const known = list(classes).filter((one) => text(one?.name) && /^#[0-9a-f]{6}$/i.test(one?.colour));
    return [
      {
        id,
        name,
        title: textOr(title, name),
        licence: textOr(licence),
        classes: known,
        summary: textOr(summary),
        at: timeOr(at),
      },
    ];
  });
  return {
    saved,
    current: count(read.current) ? read.current : null,
    preferred: text(read.preferred) ? read.preferred : null,
    // Older sessions have none.
    alike: readTexts(read.alike),
    codes: readTexts(read.codes),
    labelled: count(read.labelled) ? read.labelled : 0,
    items,
    models,
    training: readTraining(read.training),
    trained: timeOr(read.trained),
  };
}

/** @param {Index} index @returns {import('./state.js').Offer} */
export const offerOf = ({ items, models, labelled, training, saved }) => ({
  files: items.length,
  models: models.length,
  slices: labelled,
  training: training && { step: training.step, steps: training.steps, over: training.over !== null },
  saved,
});

/** The name under which a model's file is kept: of letters that every store takes. @param {string} id */
export const modelKey = (id) => `model-${id.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;

/**
 * The id of a model of one's own that no other session gives to another model; other ids as they are.
 * @param {string} id @param {string} stamp of the session
 */
export const lastingId = (id, stamp) => (/^(file|taught)-\d+$/.test(id) ? `kept-${stamp}-${id}` : id);

/**
 * @param {import('../state.js').State} state @param {import('../state.js').Item[]} items that are stored
 * @param {{ earlier: Index | null, training: KeptTraining | null, models: Map<string, File>, stamp: string, returning?: number }} kept
 *   `earlier`: the session that was found and not yet continued, whose files stay; `models`: those that are stored; `returning`: labelled slices of a session that is being continued
 * @returns {Index}
 */
export function indexOf(
  { models, currentId, preferred, alike, codes, labelling },
  items,
  { earlier, training, models: stored, stamp, returning = 0 },
) {
  const lasting = (/** @type {string | null} */ id) => id && lastingId(id, stamp);
  const own = models.flatMap(({ id, file, title, licence, classes, summary }) =>
    file instanceof File && stored.has(id)
      ? [{ id: lastingId(id, stamp), name: file.name, title, licence, classes, summary, at: Date.now() }]
      : [],
  );
  const open = items.map(({ id, file, name, slice, window, mix, modelId, micrometres, corrections, series }) => ({
    id,
    name,
    series,
    type: file.type,
    modified: file.lastModified,
    slice,
    window,
    mix,
    modelId: lasting(modelId),
    micrometres,
    at: Date.now(),
    corrections: Object.fromEntries(
      Object.entries(corrections).map(([place, edits]) => {
        const [slice, ...model] = place.split('/');
        return [`${slice}/${lasting(model.join('/'))}`, edits];
      }),
    ),
  }));
  const over = training?.over;
  return {
    saved: earlier && open.length === 0 ? earlier.saved : Date.now(),
    current: currentId ?? earlier?.current ?? null,
    preferred: lasting(preferred) ?? earlier?.preferred ?? null,
    alike: { ...earlier?.alike, ...alike },
    codes: { ...earlier?.codes, ...codes },
    labelled: Math.max(labelling.labelled.length, returning) + (earlier?.labelled ?? 0),
    items: [...(earlier?.items ?? []), ...open],
    models: [...(earlier?.models ?? []), ...own],
    training: training
      ? { ...training, over: over ? { ...over, modelId: lastingId(over.modelId, stamp) } : null }
      : (earlier?.training ?? null),
    trained: training || !earlier ? Date.now() : earlier.trained,
  };
}

/** Whether there is something to go on with. @param {Index} index */
export const worthKeeping = ({ items, models, training }) => items.length > 0 || models.length > 0 || training !== null;

/** Deletes what the list does not name: a tab that dies while it stores something leaves such. @param {Pick<import('../../keep/store.js').Kept, 'list' | 'remove'>} kept @param {Index} index */
export async function removeUnnamed(kept, { items, models, training }) {
  const named = new Set([
    ...['session', 'order'],
    ...items.flatMap(({ id }) => [`file-${id}`, `labels-${id}`]),
    ...models.map(({ id }) => modelKey(id)),
    ...(training ? ['train-state', ...training.points.map((at) => `train-point-${at}`)] : []),
  ]);
  for (const { name } of await kept.list()) if (!named.has(name)) await kept.remove(name);
}
