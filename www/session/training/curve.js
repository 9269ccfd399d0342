/** What a curve says: pure functions of losses, validations and the run that has them. */

/** @typedef {import('../../training/run.js').Validation} Validation */

/** Dice from which on a fall is more than the chance of a few held-out pixels. */
const CLEAR = 0.05;

/**
 * A running mean that forgets: each loss counts `1 - keep`, what came before `keep`. The first values are corrected for having
 * nothing before them, and the first sixty follow more closely. No value depends on what comes after it: what was told of a step stays.
 * @param {number[]} values @param {number} [always] @returns {number[]}
 */
export function smoothed(values, always) {
  let mean = 0,
    weight = 0;
  return values.map((value, i) => {
    const keep = always ?? (i < 60 ? 0.75 : 0.9);
    mean = keep * mean + (1 - keep) * value;
    weight = keep * weight + (1 - keep);
    return mean / weight;
  });
}

/**
 * Whether the training makes the network worse: on what it did not see it scores clearly below the best or the start, twice in
 * a row, or the loss of what it sees has risen by a third above its lowest. Where what it did not see says otherwise, that counts.
 * @param {number[]} loss @param {Validation[]} validations @returns {'falls' | 'below-start' | 'loss' | null}
 */
export function worse(loss, validations) {
  const dice = validations.flatMap((v) => (v.dice === null ? [] : [v.dice]));
  const last = dice.slice(-2);
  if (dice.length >= 3 && last.every((value) => value < dice[0] - CLEAR)) return 'below-start';
  if (dice.length >= 4 && last.every((value) => value < Math.max(...dice) - CLEAR)) return 'falls';
  const unhurt = dice.length >= 2 && dice[dice.length - 1] >= Math.max(...dice) - CLEAR;
  if (loss.length < 40 || unhurt) return null;
  const smooth = smoothed(loss, 0.9);
  const lowest = Math.min(...smooth.slice(10));
  return smooth[smooth.length - 1] > 1.33 * lowest + 0.02 ? 'loss' : null;
}

/** What a run knows of how it goes. @param {import('../../training/run.js').Run} run */
export function whatIsKnown(run) {
  const loss = [...run.loss];
  const validations = [...run.validations];
  const { at, begun } = run;
  const soFar = validations.filter((v) => v.step <= at);
  return {
    loss,
    validations,
    points: [...run.points],
    at,
    best: run.best?.step ?? null,
    begun,
    worse: worse(loss.slice(0, at), soFar),
  };
}

/** A lower learning rate to try: about a third, as people write it. @param {number} rate */
export function gentler(rate) {
  const power = 10 ** Math.floor(Math.log10(rate));
  const digit = Math.round(rate / power);
  return Number((digit > 3 ? power : digit > 1 ? 0.5 * power : 0.3 * power).toPrecision(1));
}

/** Seconds as a person would say them of a time to come. @param {number} seconds @returns {{ unit: 's' | 'min' | 'h', count: number }} */
export function roughly(seconds) {
  if (seconds < 50) return { unit: 's', count: Math.max(5, Math.round(seconds / 5) * 5) };
  if (seconds < 100 * 60) return { unit: 'min', count: Math.max(1, Math.round(seconds / 60)) };
  return { unit: 'h', count: Math.round(seconds / 360) / 10 };
}

/** Pixels that are looked at for how sure a model is, at most. */
const LOOKED_AT = 250_000;

/**
 * The share of pixels of which the model is unsure: the likeliest class, the background being one, has a probability below
 * 0.65. For one class that is a probability between 0.35 and 0.65.
 * @param {{ width: number, height: number, classes: number, probability: Float32Array }} mask
 */
export function unsureShare({ width, height, classes, probability }) {
  const area = width * height;
  // A stride that shares no factor with the width looks at every column.
  let stride = Math.max(1, Math.floor(area / LOOKED_AT));
  while (stride > 1 && width % stride === 0) stride += 1;
  let unsure = 0,
    seen = 0;
  for (let i = 0; i < area; i += stride) {
    let most = 0,
      sum = 0;
    for (let c = 0; c < classes; c++) {
      const p = probability[c * area + i];
      sum += p;
      if (p > most) most = p;
    }
    if (Math.max(most, 1 - sum) < 0.65) unsure += 1;
    seen += 1;
  }
  return seen > 0 ? unsure / seen : 0;
}
