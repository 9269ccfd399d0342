/** Settings of the panel Train: a name, a control, and a sentence below. */
import { t } from '../../strings/t.js';
import { h } from '../../elements/dom.js';

let next = 0;

/**
 * @template {HTMLElement} C
 * @param {string} key of the name, with `.title` what it means @param {C} control @param {HTMLElement | null} [sentence] below
 */
export function field(key, control, sentence = null) {
  control.id ||= `train-field-${++next}`;
  control.title = t(`${key}.title`);
  if (sentence) {
    sentence.id = `${control.id}-is`;
    sentence.className = 'hint';
    control.setAttribute('aria-describedby', sentence.id);
  }
  return h(
    'div',
    { class: 'field' },
    h('label', { for: control.id, class: 'term', title: t(`${key}.title`) }, t(key)),
    control,
    sentence,
  );
}

/** A box with its name beside it. @param {string} key @param {HTMLInputElement} box @param {HTMLElement | null} [sentence] */
export function checkField(key, box, sentence = null) {
  if (sentence) sentence.className = 'hint';
  return h(
    'div',
    { class: 'field check' },
    h('label', { class: 'row', title: t(`${key}.title`) }, box, h('span', {}, t(key))),
    sentence,
  );
}

/** @param {(checked: boolean) => void} choose */
export function checkbox(choose) {
  const box = h('input', { type: 'checkbox', onchange: () => choose(box.checked) });
  return box;
}

/**
 * A number; where `empty` is allowed, an empty field leaves the choice to the engine. What makes no sense is put back.
 * @param {{ min: number, max: number, step?: number | 'any', empty?: boolean }} bounds @param {(value: number | null) => void} choose
 */
export function numberInput({ min, max, step = 1, empty = false }, choose) {
  let last = '';
  const input = h('input', {
    type: 'number',
    min,
    max,
    step,
    placeholder: empty ? t('train.automatic') : null,
    onchange: () => {
      const value = input.valueAsNumber;
      if (input.value === '' && !input.validity.badInput && empty) choose(null);
      else if (Number.isFinite(value)) choose(Math.min(max, Math.max(min, step === 1 ? Math.round(value) : value)));
      else input.value = last;
    },
  });
  return {
    input,
    /** @param {number | null} value */
    show(value) {
      last = value === null ? '' : String(value);
      if (document.activeElement !== input || input.value === '') input.value = last;
    },
  };
}

/** @param {string[]} values @param {(value: string) => string} words @param {(value: string) => void} choose */
export function choice(values, words, choose) {
  const select = h(
    'select',
    { onchange: () => choose(select.value) },
    values.map((value) => h('option', { value }, words(value))),
  );
  return select;
}
