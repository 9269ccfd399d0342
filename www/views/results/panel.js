/** What came out: areas, how, on what, how long. */
import { dateOf, notesOf } from '../../session/about.js';
import { kindOf } from '../../session/device.js';
import { area, duration, percent, sampleText, sentences, spacingText } from '../../strings/format.js';
import { coloursOf } from '../../session/colours.js';
import { className } from '../../strings/engine.js';
import { number, t } from '../../strings/t.js';
import { fill, h } from '../../elements/dom.js';
import { doubt, nothing } from '../doubt.js';
import { objectsGroup, scaleGroup } from './objects.js';
import { scoresGroup } from './scores.js';
import { ofMasks, sizeGroup } from '../label/sizes.js';
import { channelName, placeOf, positionText } from '../../session/places.js';

/** Why there is nothing to tell. @param {import('../../session/session.js').Session} session */
function without(session) {
  const item = session.current;
  if (!item) return t('results.none');
  if (item.state === 'failed' && item.error) return item.error.message;
  const unsuited = session.models.unsuited();
  if (unsuited) return nothing(unsuited);
  return t(item.state === 'stopped' ? 'results.stopped' : 'results.soon');
}

/** @param {string} key @param {import('../../elements/dom.js').Child} value */
const line = (key, value) => [h('dt', {}, t(key)), h('dd', {}, value)];

/** What the file holds, and what of it is not shown. @param {import('../../session/state.js').Item} item @param {import('../../insitu.js').Scan} scan */
function image(item, scan) {
  const { slice } = item;
  const { spacing, modality, format } = scan;
  const notes = notesOf(item);
  return h(
    'section',
    { class: 'group' },
    h('h2', {}, t('results.image')),
    h(
      'dl',
      {},
      line('results.size', t('size.pixels', { width: String(scan.width), height: String(scan.height) })),
      scan.planes.channels.length > 1 ? line('results.channel', channelName(scan, placeOf(scan, slice).channel)) : [],
      scan.planes.slices > 1 ? line('results.slice', positionText(scan, slice)) : [],
      line('results.spacing', spacingText(spacing) ?? t('results.spacing.none')),
      scan.planes.slices > 1 && spacing?.z ? line('results.apart', spacingText({ x: spacing.z, y: spacing.z })) : [],
      line('results.sample', sampleText(scan.sample)),
      line('results.format', modality ? t('results.formatModality', { format, modality }) : format),
      dateOf(item) ? line('results.date', dateOf(item)) : [],
      notes.length > 0 ? line('results.notes', sentences(notes)) : [],
    ),
  );
}

/** @param {import('../../session/session.js').Session} session @returns {HTMLElement} */
export function resultsPanel(session) {
  const told = h('div', {});
  const objects = objectsGroup(session);
  const scores = scoresGroup(session);
  const rest = h('div', {});
  const summary = h(
    'button',
    {
      type: 'button',
      title: t('summary.open.title'),
      onclick: () => session.objects.openDrawer(true, 'summary'),
    },
    t('summary.open'),
  );
  const everything = h('section', { class: 'group' }, summary);
  const body = h(
    'div',
    { class: 'panel-body' },
    told,
    scaleGroup(session),
    objects,
    everything,
    sizeGroup(session, ofMasks(session)),
    scores,
    rest,
  );
  session.store.on(
    ['mask', 'items', 'currentId', 'models', 'modelId', 'device', 'inferenceMs', 'threshold', 'head', 'objects'],
    (state) => {
      const { mask } = state;
      everything.hidden = state.items.length < 2;
      const item = session.current;
      const scan = item?.scan;
      if (!item || !mask || !scan) {
        fill(told, h('p', { class: 'faint' }, without(session)));
        fill(rest, item && scan && image(item, scan));
        objects.hidden = scores.hidden = true;
        return;
      }
      const micrometres = session.objects.micrometres();
      const spacing = micrometres && { x: micrometres.x / 1000, y: micrometres.y / 1000 };
      const model = state.models.find((other) => other.id === state.modelId);
      const warning = doubt(session);
      const heads = model?.card?.heads ?? 1;
      const all = mask.width * mask.height;
      const areas = session.objects.of(mask)?.areas ?? mask.areas;
      const foreground = areas.reduce((sum, pixels) => sum + pixels, 0);
      const colours = coloursOf(state, model, mask.classes);
      const rows = areas.map((pixels, i) => {
        const swatch = h('span', { class: 'swatch' });
        swatch.style.backgroundColor = colours[i];
        return h(
          'tr',
          {},
          h(
            'th',
            { scope: 'row' },
            swatch,
            className(model?.classes[i]?.name ?? t('class.unnamed', { number: i + 1 })),
          ),
          h('td', {}, t('unit.px', { value: pixels })),
          h('td', {}, percent(pixels / all)),
        );
      });
      objects.hidden = scores.hidden = false;
      fill(
        told,
        h(
          'section',
          { class: 'group' },
          h('h2', {}, t('results.foreground')),
          warning && h('p', { class: 'why warning' }, warning),
          h(
            'p',
            { class: warning ? 'figure doubtful' : 'figure' },
            area(foreground, spacing) ?? t('unit.px', { value: foreground }),
          ),
          h(
            'p',
            {},
            spacing
              ? t('results.pixels', { pixels: foreground, percent: percent(foreground / all) })
              : t('results.share', { percent: percent(foreground / all) }),
          ),
          !spacing && h('p', { class: 'faint' }, t('results.noSpacing')),
          mask.classes > 1 && h('table', {}, h('tbody', {}, rows)),
        ),
      );
      fill(
        rest,
        h(
          'section',
          { class: 'group' },
          h('h2', {}, t('results.how')),
          h(
            'dl',
            {},
            line('results.model', model?.title ?? ''),
            line('results.threshold', number(state.threshold)),
            heads > 1 ? line('results.head', t('results.head.of', { level: state.head || heads, count: heads })) : [],
            line('results.time', duration(state.inferenceMs)),
            line('results.device', t(`results.${kindOf(state.device)}`)),
          ),
        ),
        image(item, scan),
        h('p', { class: 'faint hint' }, t('results.research')),
      );
    },
  );
  return body;
}
