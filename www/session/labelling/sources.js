/** What tools take from elsewhere: the classes of a model, its prediction, the grey values of a slice. */
import { coloursOf } from '../colours.js';
import { t } from '../../strings/t.js';
import { UNLABELLED } from './state.js';

/** @typedef {import('./state.js').LabelClass} LabelClass */

/** Pixels that are turned into grey values without a pause: about 5 ms. */
const STRETCH = 1 << 20;

/** The classes of the model in use, or one if there is none; without their names on an image that it was not made for. @param {import('../session.js').Session} session @returns {LabelClass[]} */
export function classesOf(session) {
  const { models, modelId } = session.state;
  const model = models.find((other) => other.id === modelId);
  const count = Math.max(model?.classes.length ?? 0, 1);
  const named = session.models.doubt() ? undefined : model;
  return coloursOf(session.state, model, count).map((colour, i) => ({
    name: named?.classes[i]?.name ?? (i > 0 ? t('class.unnamed', { number: i + 1 }) : t('label.class.first')),
    colour,
  }));
}

/**
 * A mask in the numbers of the labels' classes: found by name, else by number. What has no class there says nothing.
 * @param {{ labels: Uint8Array, probability: Float32Array, classes: number }} mask @param {LabelClass[]} predicted @param {LabelClass[]} own
 * @returns {{ labels: Uint8Array, probability: Float32Array, classes: number }}
 */
export function proposal(mask, predicted, own) {
  const values = Array.from({ length: mask.classes }, (_, i) => {
    const named = own.findIndex((other) => other.name === predicted[i]?.name);
    const free = !predicted.some((other) => other.name === own[i]?.name);
    return named >= 0 ? named + 1 : free && i < own.length ? i + 1 : UNLABELLED;
  });
  if (values.every((value, i) => value === i + 1))
    return { labels: mask.labels, probability: mask.probability, classes: mask.classes };
  const area = mask.labels.length;
  const table = new Uint8Array(256).fill(UNLABELLED);
  table[0] = 0;
  const probability = new Float32Array(own.length * area);
  values.forEach((value, i) => {
    table[i + 1] = value;
    if (value !== UNLABELLED) probability.set(mask.probability.subarray(i * area, (i + 1) * area), (value - 1) * area);
  });
  return { labels: mask.labels.map((label) => table[label]), probability, classes: own.length };
}

/** The labels of a prediction that says nothing where it is not sure: of the background, what all classes leave counts. @param {ReturnType<typeof proposal>} given @param {number} sure @returns {Uint8Array} */
export function unsure({ labels, probability, classes }, sure) {
  if (sure <= 0) return labels;
  const area = labels.length;
  return labels.map((label, i) => {
    if (label === UNLABELLED) return label;
    let certain = label > 0 ? probability[(label - 1) * area + i] : 1;
    if (label === 0) for (let c = 0; c < classes; c++) certain -= probability[c * area + i];
    return certain >= sure ? label : UNLABELLED;
  });
}

/** A prediction that says nothing where there is a label: a person knows better. @param {Uint8Array} predicted @param {Uint8Array} painted @returns {Uint8Array} */
export function beside(predicted, painted) {
  const rest = predicted.slice();
  for (let i = 0; i < rest.length; i++) if (painted[i] !== UNLABELLED) rest[i] = UNLABELLED;
  return rest;
}

/**
 * Grey values of a slice as it looks through a window: what one sees is what flood and wand go by.
 * @param {import('../../insitu.js').App} app @param {import('../../insitu.js').Scan} scan @param {number} slice @param {import('../../insitu.js').Window} window
 * @returns {Promise<Float32Array>}
 */
export async function greyValues(app, scan, slice, window) {
  const { data } = await app.render(scan, { slice, window });
  const values = new Float32Array(scan.width * scan.height);
  for (let from = 0; from < values.length; from += STRETCH) {
    // A pointer that moves meanwhile is not held up.
    if (from > 0) await new Promise((resolve) => setTimeout(resolve));
    for (let i = from, end = Math.min(from + STRETCH, values.length); i < end; i++) {
      values[i] = (data[4 * i] * 299 + data[4 * i + 1] * 587 + data[4 * i + 2] * 114) / 1000;
    }
  }
  return values;
}
