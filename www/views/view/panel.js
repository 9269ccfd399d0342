/** How the image and the mask are seen: model, threshold, mask, window. */
import { className } from '../../strings/engine.js';
import { number, t } from '../../strings/t.js';
import { chosenWindow } from '../../session/channels/mix.js';
import { coloursOf } from '../../session/colours.js';
import { channelName } from '../../session/places.js';
import { fill, h, say } from '../../elements/dom.js';
import { icon } from '../icons.js';
import { cardDialog } from '../card.js';
import { doubt, reason as reasonOf } from '../doubt.js';
import { channelsGroup } from './channels.js';
import { learns } from '../../session/training/state.js';
import { invertSwitch, presetButtons, volumeGroup } from '../volume/looks.js';

/** @typedef {import('../../session/session.js').Session} Session */

/** @param {Session} session @param {Pick<import('../panel.js').Doors, 'pick' | 'inside'>} doors @returns {HTMLElement} */
export function viewPanel(session, doors) {
  const [channels, mask, window] = [channelsGroup(session), maskGroup(session), windowGroup(session)];
  session.store.on(['items', 'currentId'], () => {
    // Where there are channels, each has its window, which is changed often.
    const before = session.current?.mix ? channels : mask;
    if (before.nextElementSibling !== window) before.after(window);
  });
  return h(
    'div',
    { class: 'panel-body' },
    modelGroup(session, doors),
    channels,
    thresholdGroup(session),
    headGroup(session),
    mask,
    window,
    volumeGroup(session),
  );
}

/** A heading and what belongs to it. @param {string} key @param {...import('../../elements/dom.js').Child} children */
const group = (key, ...children) =>
  h('section', { class: 'group', 'aria-label': t(key) }, h('h2', {}, t(key)), children);

/** @param {Session} session @param {Pick<import('../panel.js').Doors, 'pick' | 'inside'>} doors */
function modelGroup(session, { pick, inside }) {
  const select = h('select', {
    'aria-label': t('model.label'),
    title: t('model.title'),
    onchange: () => session.models.prefer(select.value || null),
  });
  const card = h(
    'button',
    {
      type: 'button',
      class: 'quiet icon-only',
      'aria-label': t('model.card'),
      title: t('model.card'),
      onclick: () => {
        const { modelId } = session.state;
        const model = modelId && session.models.byId(modelId);
        if (model) cardDialog(session, model);
      },
    },
    icon('info'),
  );
  const why = h('p', { class: 'why' });
  let explained = '';
  const again = h(
    'button',
    {
      type: 'button',
      class: 'primary',
      onclick: () => {
        const item = session.current;
        if (item) void session.segmenting.wanted(item);
      },
    },
    t('segment.run'),
  );

  session.store.on(['models', 'preferred', 'alike', 'items', 'currentId', 'modelId', 'training'], (state) => {
    const item = session.current;
    const held = learns(state.training);
    const id = item && session.models.for(item);
    const byHand = item && session.models.byHand(item);
    const automatic = !byHand;
    const title = (/** @type {string} */ wanted) => session.models.byId(wanted)?.title ?? wanted;
    const options = [
      { value: '', text: automatic && id ? t('model.automatic.now', { title: title(id) }) : t('model.automatic') },
      ...state.models.map((model) => ({ value: model.id, text: model.title })),
    ];
    // Only when they differ: new options would close a list that is open.
    if (options.some(({ value, text }, i) => select.options[i]?.value !== value || select.options[i].text !== text)) {
      fill(
        select,
        options.map(({ value, text }) => h('option', { value }, text)),
      );
    }
    const value = byHand ?? '';
    if (select.value !== value) select.value = value;
    select.disabled = state.models.length === 0 || held;
    card.disabled = !id;
    const suggestion = item?.suggestion ?? null;
    const told = JSON.stringify([suggestion, id, byHand, state.models.length, held]);
    if (told === explained) return;
    explained = told;
    why.hidden = !suggestion && !held;
    why.classList.remove('warning');
    if (held) return fill(why, t('train.held'));
    if (!suggestion) return;
    if (!id) return fill(why, t(suggestion.others.length > 0 ? 'suggest.asked' : 'suggest.none'));
    // That stays true whoever chose the model.
    const warning = doubt(session);
    why.classList.toggle('warning', warning !== null);
    if (warning) return fill(why, warning);
    const known = state.models.some((model) => model.id === suggestion.id);
    const other = [suggestion.other, suggestion.id ?? ''].find(
      (wanted) => wanted !== id && session.models.byId(wanted),
    );
    const reason = automatic && known ? reasonOf(suggestion) : t('suggest.byHand', { title: title(id) });
    const tryOther =
      other &&
      h(
        'button',
        {
          type: 'button',
          class: 'link',
          onclick: () => {
            session.models.tryOn(other);
            // This button gives way to another; the keyboard stays near.
            select.focus();
          },
        },
        t('suggest.try', { title: title(other) }),
      );
    fill(why, reason, ' ', tryOther && automatic ? `${t('suggest.wrong')} ` : null, tryOther);
  });
  session.store.on(['mask', 'job', 'items', 'currentId', 'engine'], (state) => {
    const item = session.current;
    again.hidden =
      Boolean(state.mask) ||
      Boolean(state.job) ||
      !item?.scan ||
      state.engine !== 'ready' ||
      (item.state !== 'stopped' && item.state !== 'failed');
  });
  const own = h(
    'button',
    { type: 'button', class: 'link', title: t('model.own.title'), onclick: pick },
    t('model.own'),
  );
  const within = h(
    'button',
    { type: 'button', title: t('inside.open.title'), onclick: inside, 'data-spot': 'inside' },
    icon('inside'),
    t('inside.open'),
  );
  session.store.on(
    ['models', 'items', 'currentId'],
    () => (within.disabled = !session.current?.scan || session.state.models.length === 0),
  );
  return group('model.label', h('div', { class: 'row' }, select, card), why, again, own, within);
}

/** @param {Session} session */
function thresholdGroup(session) {
  const slider = h('input', {
    type: 'range',
    min: 0.01,
    max: 0.99,
    step: 0.01,
    'aria-label': t('threshold.label'),
    title: t('threshold.title'),
    oninput: () => session.segmenting.setThreshold(slider.valueAsNumber),
  });
  const field = h('input', {
    type: 'number',
    min: 0.01,
    max: 0.99,
    step: 0.01,
    'aria-label': t('threshold.field'),
    title: t('threshold.title'),
    onchange: () => session.segmenting.setThreshold(field.valueAsNumber),
  });
  session.store.on(['threshold', 'mask'], ({ threshold, mask }) => {
    slider.value = String(threshold);
    if (document.activeElement !== field || field.valueAsNumber !== threshold) field.value = threshold.toFixed(2);
    slider.disabled = field.disabled = !mask;
  });
  const pieces = h('p', { class: 'faint hint', title: t('pieces.title') });
  const sure = h('p', { class: 'faint hint', title: t('pieces.sure.title') }, t('pieces.sure'));
  session.store.on(['models', 'modelId'], ({ models, modelId }) => {
    const { smallestPart: part = 0, central, peak = 0 } = models.find((model) => model.id === modelId)?.card ?? {};
    pieces.hidden = part === 0;
    const large = part === 1 ? t('pieces.largest') : t('pieces.large', { part: number(part, { style: 'percent' }) });
    say(pieces, central ? `${large} ${t('pieces.central')}` : large);
    sure.hidden = peak === 0;
  });
  return group(
    'threshold.label',
    h('div', { class: 'row', 'data-spot': 'threshold' }, slider, field),
    h('div', { class: 'ends faint' }, h('span', {}, t('threshold.more')), h('span', {}, t('threshold.less'))),
    pieces,
    sure,
  );
}

/** For a network with an output at each depth. @param {Session} session */
function headGroup(session) {
  const select = h('select', {
    'aria-label': t('head.label'),
    title: t('head.title'),
    onchange: () => session.segmenting.setHead(Number(select.value)),
  });
  const element = group('head.label', select);
  let listed = 0;
  session.store.on(['models', 'modelId', 'head'], (state) => {
    const heads = state.models.find((model) => model.id === state.modelId)?.card?.heads ?? 1;
    element.hidden = heads < 2;
    if (listed !== heads) {
      listed = heads;
      const kind = (/** @type {number} */ level) => (level === heads ? 'whole' : level === 1 ? 'fastest' : 'pruned');
      const levels = Array.from({ length: heads }, (_, i) => heads - i);
      fill(
        select,
        levels.map((level) => h('option', { value: level === heads ? 0 : level }, t(`head.${kind(level)}`, { level }))),
      );
    }
    select.value = String(state.head);
  });
  return element;
}

/** @param {Session} session */
function maskGroup(session) {
  const { store, display } = session;
  const shown = h('input', {
    type: 'checkbox',
    id: 'mask-shown',
    onchange: () => display.showMask(shown.checked),
  });
  const opacity = h('input', {
    type: 'range',
    min: 0,
    max: 1,
    step: 0.01,
    id: 'opacity',
    title: t('mask.opacity.title'),
    oninput: () => display.fade(opacity.valueAsNumber),
  });
  const value = h('output', { for: 'opacity', 'aria-live': 'off' });
  const classes = h('ul', { class: 'classes' });
  store.on(['maskShown'], ({ maskShown }) => (shown.checked = maskShown));
  store.on(['opacity'], (state) => {
    opacity.value = String(state.opacity);
    const text = number(state.opacity, { style: 'percent' });
    say(value, text);
    opacity.setAttribute('aria-valuetext', text);
  });
  /** @type {HTMLInputElement[]} */
  let boxes = [];
  let listed = '';
  store.on(['mask', 'modelId', 'models', 'hidden', 'colours', 'items', 'currentId'], (state) => {
    const model = state.models.find((other) => other.id === state.modelId);
    const count = state.mask?.classes ?? model?.classes.length ?? 0;
    const colours = coloursOf(state, model, count);
    const names = colours.map((_, i) => className(model?.classes[i]?.name ?? t('class.unnamed', { number: i + 1 })));
    // Built anew only for other classes: a box that has the focus keeps it.
    if (listed !== JSON.stringify([names, colours])) {
      listed = JSON.stringify([names, colours]);
      boxes = names.map((_, i) =>
        h('input', {
          type: 'checkbox',
          onchange: () => display.showClass(i + 1, boxes[i].checked),
        }),
      );
      fill(
        classes,
        names.map((name, i) => {
          const swatch = h('input', {
            type: 'color',
            class: 'swatch',
            value: colours[i].toLowerCase(),
            title: t('mask.colour.title'),
            'aria-label': t('mask.colour', { name }),
            onchange: () => display.paint(i + 1, swatch.value),
          });
          // One class is hidden with the whole mask; it needs no box of its own.
          return h('li', {}, swatch, count < 2 ? name : h('label', {}, boxes[i], name));
        }),
      );
    }
    boxes.forEach((box, i) => (box.checked = !state.hidden.includes(i + 1)));
  });
  const style = h(
    'select',
    {
      title: t('mask.style.title'),
      'aria-label': t('mask.style'),
      onchange: () => display.draw(/** @type {import('../../session/state.js').State['maskStyle']} */ (style.value)),
    },
    ['both', 'outline', 'fill'].map((value) => h('option', { value }, t(`mask.style.${value}`))),
  );
  store.on(['maskStyle'], ({ maskStyle }) => (style.value = maskStyle));
  return group(
    'mask.label',
    h('label', { class: 'row check', title: t('mask.toggle.title') }, shown, t('mask.shown')),
    classes,
    style,
    h('label', { for: 'opacity', class: 'faint' }, t('mask.opacity')),
    h('div', { class: 'row' }, opacity, value),
  );
}

/** @param {Session} session */
function windowGroup(session) {
  const field = (/** @type {'center' | 'width'} */ name) => {
    const input = h('input', {
      type: 'number',
      step: 'any',
      id: `window-${name}`,
      title: t(`window.${name}.title`),
      onchange: () => {
        const item = session.current;
        if (item?.scan && Number.isFinite(input.valueAsNumber))
          session.picture.toWindow({ ...chosenWindow({ ...item, scan: item.scan }), [name]: input.valueAsNumber });
      },
    });
    return input;
  };
  const center = field('center'),
    width = field('width');
  const centerLabel = h('label', { for: 'window-center' }),
    widthLabel = h('label', { for: 'window-width' });
  const reset = h(
    'button',
    { type: 'button', class: 'quiet', title: t('window.reset.title'), onclick: () => session.picture.resetWindow() },
    icon('reset'),
    t('window.reset'),
  );
  const heading = h('h2', {});
  const summary = h('summary', {}, heading);
  const fold = h(
    'details',
    { class: 'group' },
    summary,
    presetButtons(session),
    h('div', { class: 'pair' }, centerLabel, center, widthLabel, width),
    h('div', { class: 'row' }, invertSwitch(session), h('span', { class: 'spring' }), reset),
    h('p', { class: 'faint hint' }, t('window.hint')),
  );
  /** @type {number | null} */
  let foldedFor = null;
  session.store.on(['items', 'currentId'], () => {
    const item = session.current;
    const scan = item?.scan;
    fold.hidden = scan?.channels !== 1;
    if (!item || !scan || scan.channels !== 1) return;
    if (foldedFor !== item.id) {
      foldedFor = item.id;
      // Eight bits are shown as they are; more need a window.
      fold.open = scan.sample !== 'uint8' || scan.format.toLowerCase() === 'dicom' || item.mix !== null;
    }
    const name = item.mix && channelName(scan, item.mix.chosen);
    say(heading, name ? t('window.of', { name }) : t('window.label'));
    const window = chosenWindow({ ...item, scan });
    const digits = window.width < 10 ? 4 : 1;
    for (const [input, value] of /** @type {const} */ ([
      [center, window.center],
      [width, window.width],
    ])) {
      input.value = String(Number(value.toFixed(digits)));
    }
    for (const [label, name] of /** @type {const} */ ([
      [centerLabel, t('window.center')],
      [widthLabel, t('window.width')],
    ])) {
      say(label, scan.unit ? t('window.unit', { name, unit: scan.unit }) : name);
    }
  });
  return fold;
}
