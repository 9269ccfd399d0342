/** A model's card in a dialog: the Markdown that lies beside the weights, or what the file says of itself. */
import { fileSize } from '../strings/format.js';
import { t } from '../strings/t.js';
import { showDialog } from './dialogs.js';
import { download } from './save.js';
import { fill, h } from '../elements/dom.js';
import { blocks, spans } from './markdown.js';

/** @param {import('../session/session.js').Session} session @param {import('../session/state.js').Model} model */
export async function cardDialog(session, model) {
  const body = h('div', { class: 'card' }, h('p', {}, t('card.loading')));
  showDialog(model.title, [body], saving(session, model));
  try {
    if (model.file instanceof File) {
      fill(body, h('p', {}, model.summary), h('pre', {}, JSON.stringify(model.card, null, 2)));
      return;
    }
    const text = await (await session.app).modelCard(model.id);
    fill(
      body,
      h('p', { class: 'faint' }, t('card.facts', { size: fileSize(model.sizeBytes), licence: model.licence })),
      rendered(text),
    );
  } catch (error) {
    fill(body, h('p', {}, model.summary), h('p', { class: 'faint' }, t('card.unreachable')));
    session.journal.note(String(error));
  }
}

/** Buttons that save the model. @param {import('../session/session.js').Session} session @param {import('../session/state.js').Model} model */
function saving(session, model) {
  const save = async (/** @type {'safetensors' | 'onnx' | 'zip'} */ format) => {
    try {
      const app = await session.app;
      const file = await session.models.with(
        model.id,
        () => {},
        () => app.saveModel(format),
      );
      download(file, `${model.title.replace(/[^\p{L}\p{N}]+/gu, '-')}.${format}`);
      // What is done around the network is not in the graph.
      if (format !== 'safetensors' && session.models.byId(model.id)?.card?.flips) session.say(t('card.flips'));
    } catch (error) {
      session.fail(error);
    }
  };
  return /** @type {const} */ (['onnx', 'zip', 'safetensors']).map((format) =>
    h(
      'button',
      // A network that learns stays in the engine.
      {
        type: 'button',
        title: t(`card.save.${format}.title`),
        disabled: ['preparing', 'running', 'paused'].includes(session.state.training.phase),
        onclick: () => void save(format),
      },
      t(`card.save.${format}`),
    ),
  );
}

/** @param {string} text Markdown @returns {Node[]} */
function rendered(text) {
  return blocks(text).map((block) => {
    switch (block.type) {
      case 'heading':
        return h(block.level === 1 ? 'h3' : 'h4', {}, inline(block.text));
      case 'picture':
        return h('img', { src: new URL(`../../models/pictures/${block.name}`, import.meta.url).href, alt: block.text });
      case 'code':
        return h('pre', {}, block.text);
      case 'list':
        return h(
          block.ordered ? 'ol' : 'ul',
          {},
          block.items.map((item) => h('li', {}, inline(item))),
        );
      case 'table': {
        const [head, ...rows] = block.rows;
        return h(
          'div',
          { class: 'scroll' },
          h(
            'table',
            {},
            h(
              'thead',
              {},
              h(
                'tr',
                {},
                // A heading without words is none.
                head.map((cell) => (cell ? h('th', { scope: 'col' }, inline(cell)) : h('td', {}))),
              ),
            ),
            h(
              'tbody',
              {},
              rows.map((row) =>
                h(
                  'tr',
                  {},
                  row.map((cell, i) =>
                    h(i === 0 && !head[0] ? 'th' : 'td', i === 0 && !head[0] ? { scope: 'row' } : {}, inline(cell)),
                  ),
                ),
              ),
            ),
          ),
        );
      }
      default:
        return h('p', {}, inline(block.text));
    }
  });
}

/** @param {string} text @returns {(Node | string)[]} */
function inline(text) {
  return spans(text).map((span) => {
    if (span.type === 'code') return h('code', {}, span.text);
    if (span.type === 'strong') return h('strong', {}, span.text);
    if (span.type === 'em') return h('em', {}, span.text);
    if (span.type === 'link')
      return h('a', { href: span.href, target: '_blank', rel: 'noopener noreferrer' }, span.text);
    return span.text;
  });
}
