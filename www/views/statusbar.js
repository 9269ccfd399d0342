/** The bar at the bottom: what is under the pointer, the image's size, the work in progress and its cancel. */
import { arrivedText, duration, listed, percent, pixelValue, spacingText } from '../strings/format.js';
import { className } from '../strings/engine.js';
import { t } from '../strings/t.js';
import { UNLABELLED } from '../session/labelling/state.js';
import { channelName } from '../session/places.js';
import { projected } from '../session/volume/space.js';
import { byId, fill, h, say } from '../elements/dom.js';
import { icon } from './icons.js';

/** A job shorter than this is not worth a bar, ms. */
const PATIENCE = 300;
/** Work that takes longer is told to people who do not see the bar, once, ms. */
const TOLD = 1500;
/** So long a cursor rests before what is under it is spoken, ms: nobody wants to hear of each pixel on the way. */
const REST = 450;

/** @param {import('../session/session.js').Session} session @returns {(pixel: { x: number, y: number } | null, aloud?: boolean) => void} to be told where the pointer is */
export function mountStatus(session) {
  const under = h('span', { class: 'under' });
  const about = h('span', { class: 'about' });
  const text = h('span', { class: 'job-text' });
  const bar = h('progress', { 'aria-label': t('job.label') });
  const cancel = h(
    'button',
    { type: 'button', class: 'quiet', title: t('job.cancel.title'), onclick: () => session.segmenting.cancel() },
    icon('close'),
    t('job.cancel'),
  );
  const pause = h('button', {
    type: 'button',
    class: 'quiet',
    title: t('job.pause.title'),
    onclick: () => session.saving.pause(!session.state.saving?.paused),
  });
  const job = h('span', { class: 'job', hidden: true }, text, bar, pause, cancel);
  const done = h('span', { class: 'done faint' });
  const notice = h('span', { class: 'house-notice' });
  fill(byId('status'), under, h('span', { class: 'spring' }), notice, about, done, job);
  session.store.on(['house'], ({ house }) => {
    notice.hidden = house.notice === '';
    say(notice, house.notice);
    notice.title = house.notice;
  });

  session.store.on(['items', 'currentId'], () => {
    const scan = session.current?.scan;
    const size = scan && t('size.pixels', { width: String(scan.width), height: String(scan.height) });
    say(about, scan ? listed([size, spacingText(scan.spacing) ?? t('status.noSpacing')]) : '');
  });
  session.store.on(['mask', 'inferenceMs', 'job'], (state) => {
    say(done, state.mask && !state.job ? t('status.done', { time: duration(state.inferenceMs) }) : '');
  });

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let patience;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let spoken;
  session.store.on(['job', 'saving', 'items', 'currentId', 'engine', 'arriving'], (state) => {
    const item = session.current;
    // Until the model is chosen, the file is still being looked at: no gap in what is told.
    const looking = (item?.state === 'open' && !item.suggestion) || item?.state === 'working';
    const reading = (item?.state === 'reading' || item?.state === 'waiting' || looking) && state.engine !== 'failed';
    const waiting = state.engine !== 'ready' && state.engine !== 'failed';
    const shown =
      (state.saving && { phase: 'saving', ...state.saving }) ??
      state.job ??
      (item && waiting
        ? { phase: state.engine === 'preparing' ? 'gpu' : 'engine', ...(state.arriving ?? { done: 0, total: 0 }) }
        : reading
          ? { phase: 'reading', done: item?.read?.done ?? 0, total: item?.read?.total ?? 0 }
          : null);
    cancel.hidden = !state.job && !state.saving;
    pause.hidden = !state.saving;
    say(pause, t(state.saving?.paused ? 'job.goOn' : 'job.pause'));
    if (!shown) {
      clearTimeout(patience);
      clearTimeout(spoken);
      patience = spoken = undefined;
      job.hidden = true;
      return;
    }
    const { phase, done: tiles, total } = shown;
    const all = phase === 'saving';
    const bytes = (phase === 'model' || phase === 'engine') && tiles > 0;
    const counted = all || ((bytes || phase === 'tiles' || phase === 'reading') && total > 0);
    const flips = state.models.find((model) => model.id === state.modelId)?.card?.flips;
    const reads = phase === 'reading';
    const key = all ? 'progress.files' : reads ? 'progress.read' : flips ? 'progress.passes' : 'progress.tiles';
    const at = { done: Math.min(tiles + 1, total), total };
    const words = () => {
      if (state.saving) return savingText(state.saving);
      if (bytes) return t(`progress.${phase}`, { bytes: arrivedText({ done: tiles, total }) });
      return counted ? t(key, at) : t(`job.${phase}`);
    };
    say(text, words());
    spoken ??= setTimeout(() => session.announce(text.textContent ?? ''), TOLD);
    text.title = counted && !all && !reads && !bytes ? t(`${key}.title`) : '';
    if (counted) {
      const part = state.saving?.part;
      bar.max = total;
      bar.value = tiles + (part ? part.done / part.total : 0);
    } else {
      bar.removeAttribute('value');
    }
    // What a person asked for can be paused at once.
    if (all) job.hidden = false;
    if (job.hidden && patience === undefined) patience = setTimeout(() => (job.hidden = false), PATIENCE);
  });

  return pointer(session, under);
}

/** How far all files are. @param {NonNullable<import('../session/state.js').State['saving']>} saving */
function savingText({ done, total, part, secondsLeft, paused, halted }) {
  const next = (/** @type {{ done: number, total: number }} */ of) => ({
    ...of,
    done: Math.min(of.done + 1, of.total),
  });
  // Of one file its slices are told.
  const [of, what] = part && total === 1 ? [part, part.what] : [{ done, total }, 'files'];
  if (halted) return t(`progress.${what}.paused`, { ...of });
  const at = next(of);
  if (paused) return t(`progress.${what}.pausing`, at);
  const left = secondsLeft !== null && secondsLeft > 5 ? duration(1000 * secondsLeft) : null;
  const slice = part && total > 1 ? [t(`progress.files.${part.what}`, next(part))] : [];
  const words = [t(`progress.${what}`, at), ...slice, ...(left ? [t('progress.files.left', { time: left })] : [])];
  return words.join(', ');
}

/** What is under the pointer is of one picture: of the next one it is not told before the pointer moves, or that is there. @param {import('../session/state.js').State} state */
const pictured = ({ currentId, items }) => `${currentId}/${items.find(({ id }) => id === currentId)?.slice}`;

/** @param {import('../session/session.js').Session} session @param {HTMLElement} under @returns {(pixel: { x: number, y: number } | null, aloud?: boolean) => void} */
function pointer(session, under) {
  /** @type {{ x: number, y: number } | null} */
  let pixel = null;
  let asking = false;
  /** What is under the pointer changed while it was asked for. */
  let changed = false;
  let loud = false;
  /** What was last told aloud: it is not said twice. */
  let told = '';
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let rest;
  let shown = '';
  session.store.on(['items', 'currentId'], (state) => {
    if (shown === pictured(state)) return;
    shown = pictured(state);
    pixel = null;
    say(under, '');
  });
  let { counts } = session.state.labelling;
  session.store.on(['labelling'], ({ labelling }) => {
    if (labelling.counts === counts) return;
    counts = labelling.counts;
    // A stroke that ended or was taken back changes what is under a pointer that rests.
    changed = asking;
    if (pixel) void tell();
  });

  async function tell() {
    if (asking) return;
    asking = true;
    try {
      while (pixel) {
        const at = pixel;
        const asked = shown;
        changed = false;
        const item = session.current;
        if (!item?.scan) break;
        const app = await session.app;
        const { scan } = item;
        const values = await session.channels.values(app, { ...item, scan }, at);
        const place = { x: String(at.x), y: String(at.y) };
        const words = [
          ...values.map(({ channel, values }) => {
            const value = pixelValue(values, scan.unit);
            return channel === null ? value : t('status.channel', { name: channelName(scan, channel), value });
          }),
          // Of a slab this is one of many values, and nothing of its mask is seen.
          ...(projected(item.scan, session.state.volume)
            ? [t('slab.middle')]
            : [...labelAt(session, at), ...classAt(session, at), ...objectAt(session, at)]),
        ];
        // The answer may be about a picture that was left meanwhile.
        if (pixel && shown === asked) {
          say(under, [t('status.at', place), ...words].join('   '));
          const spoken = t('status.spoken', { ...place, words: words.join(', ') });
          clearTimeout(rest);
          if (loud && spoken !== told)
            rest = setTimeout(() => {
              told = spoken;
              session.announce(spoken);
            }, REST);
        }
        if (pixel === at && !changed) break;
      }
    } catch {
      // An engine that is being restarted; the next movement asks again.
    } finally {
      asking = false;
    }
  }

  return (next, aloud = false) => {
    loud = aloud;
    const same = next && pixel && next.x === pixel.x && next.y === pixel.y;
    if (same) return;
    pixel = next;
    told = '';
    if (next) void tell();
    else say(under, '');
  };
}

/** What is labelled at a pixel. @param {import('../session/session.js').Session} session @param {{ x: number, y: number }} at @returns {string[]} */
function labelAt(session, { x, y }) {
  const value = session.labelling.desk.layer.at(x, y);
  if (value === UNLABELLED) return [];
  return [
    t('status.labelled', {
      name: className(session.state.labelling.classes[value - 1]?.name ?? t('label.background')),
    }),
  ];
}

/** @param {import('../session/session.js').Session} session @param {{ x: number, y: number }} at @returns {string[]} */
function objectAt(session, { x, y }) {
  const found = session.objects.at(x, y);
  return found ? [t('objects.number', { number: found })] : [];
}

/** The class at a pixel and how sure the model is. @param {import('../session/session.js').Session} session @param {{ x: number, y: number }} at @returns {string[]} */
function classAt(session, { x, y }) {
  const { mask, models, modelId } = session.state;
  if (!mask || x >= mask.width || y >= mask.height) return [];
  const at = y * mask.width + x;
  const label = mask.labels[at];
  const names = models.find((model) => model.id === modelId)?.classes;
  const name = (/** @type {number} */ n) => className(names?.[n - 1]?.name ?? t('class.unnamed', { number: n }));
  // Of the background, what the likeliest class has.
  let likeliest = label || 1;
  for (let n = 1; label === 0 && n <= mask.classes; n++) {
    if (
      mask.probability[(n - 1) * mask.width * mask.height + at] >
      mask.probability[(likeliest - 1) * mask.width * mask.height + at]
    )
      likeliest = n;
  }
  const probability = mask.probability[(likeliest - 1) * mask.width * mask.height + at];
  const key = label ? 'status.class' : 'status.background';
  // Of an image that the model was not made for, what it marks is hardly what its class is called.
  if (session.models.doubt()) return [t(`${key}.doubtful`, { percent: percent(probability) })];
  return [t(key, { name: name(likeliest), percent: percent(probability) })];
}
