/** In View, of files with several channels: which of them are seen, in which colours, and which one the model sees. */
import { fill, h, say } from '../../elements/dom.js';
import { isAlone, shownOf } from '../../session/channels/mix.js';
import { channelName, placeOf } from '../../session/places.js';
import { t } from '../../strings/t.js';

/** @param {import('../../session/session.js').Session} session @returns {HTMLElement} */
export function channelsGroup(session) {
  const { channels } = session;
  const list = h('ul', { class: 'classes channels' });
  const seen = h('select', { id: 'seen-channel', onchange: () => channels.see(seen.selectedIndex) });
  const how = h('p', { class: 'faint hint' });
  const element = h(
    'section',
    { class: 'group', 'aria-label': t('channels.heading') },
    h('h2', {}, t('channels.heading')),
    list,
    how,
    h(
      'div',
      { class: 'row seen', title: t('channels.seen.title') },
      h('label', { for: 'seen-channel' }, t('channels.seen')),
      seen,
    ),
  );
  /** @type {ReturnType<typeof row>[]} */
  let rows = [];
  let listed = '';
  session.store.on(['items', 'currentId'], () => {
    const item = session.current;
    element.hidden = !item?.scan || !item.mix;
    if (!item?.scan || !item.mix) return;
    const { scan, mix, slice } = item;
    const names = mix.looks.map((_, channel) => channelName(scan, channel));
    // Built anew only for other names: what has the focus keeps it.
    if (listed !== JSON.stringify(names)) {
      listed = JSON.stringify(names);
      rows = names.map((name, channel) => row(session, name, channel));
      fill(
        list,
        rows.map(({ li }) => li),
      );
      fill(
        seen,
        names.map((name) => h('option', {}, name)),
      );
    }
    const shown = shownOf(mix);
    rows.forEach(({ update }, channel) => update(mix.looks[channel], channel === mix.chosen, isAlone(mix, channel)));
    say(how, t(shown.length === 0 ? 'channels.none' : shown.length === 1 ? 'channels.grey' : 'channels.mixed'));
    seen.selectedIndex = placeOf(scan, slice).channel;
  });
  return element;
}

/** @param {import('../../session/session.js').Session} session @param {string} name @param {number} channel */
function row({ channels }, name, channel) {
  const box = h('input', {
    type: 'checkbox',
    title: t('channels.show.title'),
    'aria-label': t('channels.show', { name }),
    onchange: () => channels.show(channel, box.checked),
  });
  const swatch = h('input', {
    type: 'color',
    class: 'swatch',
    title: t('channels.colour.title'),
    'aria-label': t('channels.colour', { name }),
    oninput: () => channels.tint(channel, swatch.value),
  });
  const choose = h(
    'button',
    { type: 'button', class: 'quiet name', title: t('channels.choose.title'), onclick: () => channels.choose(channel) },
    name,
  );
  const solo = h(
    'button',
    {
      type: 'button',
      class: 'quiet',
      title: t('channels.solo.title'),
      'aria-label': t('channels.solo.label', { name }),
      onclick: () => channels.solo(channel),
    },
    t('channels.solo'),
  );
  return {
    li: h('li', {}, box, swatch, choose, solo),
    /** @param {import('../../session/channels/mix.js').Look} look @param {boolean} chosen @param {boolean} alone */
    update(look, chosen, alone) {
      box.checked = look.shown;
      if (swatch.value !== look.colour) swatch.value = look.colour;
      choose.setAttribute('aria-pressed', String(chosen));
      solo.setAttribute('aria-pressed', String(alone));
    },
  };
}
