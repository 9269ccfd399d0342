/**
 * How masks agree with labels that a person gave, as the store holds it.
 *
 * @typedef {import('../../wire/results.js').Scores & { model: string }} Scores `model`: its title
 * @typedef {import('../../wire/results.js').LabelMeaning} LabelMeaning
 *
 * @typedef {object} ScoresState
 * @property {Map<number, File>} truths labels, by the file's id
 * @property {LabelMeaning} meaning what their values mean, all of them alike
 * @property {Map<number, Scores>} found by the file's id: of its slice that was looked at last
 * @property {Map<number, string>} troubles why one has no scores
 * @property {{ done: number, total: number } | null} running all of them are being compared
 * @property {boolean} difference whether right, missed and too much are shown instead of the mask
 */

/** @type {ScoresState} */
export const scores = {
  truths: new Map(),
  meaning: 'binary',
  found: new Map(),
  troubles: new Map(),
  running: null,
  difference: false,
};

/** Colours that colour-blind people tell apart: right, missed, too much. */
export const DIFFERENCE = ['#009e73', '#56b4e9', '#d55e00'];

/** Scores beside those that every comparison has come from the card, or fit the labels. @param {Scores} scores @returns {[string, number | null][]} */
export function named({ dice, iou, precision, recall, pixelError, ap50, more }) {
  /** @type {[string, number | null][]} */
  const all = [
    ['dice', dice],
    ['iou', iou],
    ['precision', precision],
    ['recall', recall],
    ['pixelError', pixelError],
  ];
  if (ap50 !== null) all.push(['ap50', ap50]);
  return [...all, ...more.map(({ name, value }) => /** @type {[string, number]} */ ([name, value]))];
}

/** The mean of each score over the images that have it. @param {Scores[]} all @returns {[string, number | null][]} */
export function means(all) {
  /** @type {Map<string, { sum: number, count: number }>} */
  const sums = new Map();
  for (const [name, value] of all.flatMap(named)) {
    const { sum, count } = sums.get(name) ?? { sum: 0, count: 0 };
    sums.set(name, value === null ? { sum, count } : { sum: sum + value, count: count + 1 });
  }
  return [...sums].map(([name, { sum, count }]) => [name, count > 0 ? sum / count : null]);
}
