/** What a training tells of itself: after each step, after it was taken up again, and at its end. */
import { t } from '../strings/t.js';

/**
 * @typedef {import('../api.d.ts').Again} Again
 * @typedef {import('../api.d.ts').TrainingProgress} TrainingProgress
 * @typedef {import('../api.d.ts').TrainingResult} TrainingResult
 * @typedef {import('../../pkg/insitu.js').TrainingBegun} Begun
 * @typedef {import('./curve.js').Curve} Curve
 */

/**
 * After a step.
 * @param {Curve} curve @param {{ steps: number, pace: import('./pace.js').Pace, every: number, skipped: boolean, begun: Begun }} now
 * @returns {TrainingProgress}
 */
export function progressOf(curve, { steps, pace, every, skipped, begun }) {
  const step = curve.at;
  return {
    step,
    steps,
    loss: curve.loss[step - 1],
    stepsPerSecond: pace.stepsPerSecond,
    secondsPerStep: pace.secondsFor(every, every) / every,
    validation: curve.validations[curve.validations.length - 1] ?? null,
    secondsLeft: pace.secondsFor(steps - step, every),
    skipped,
    settings: begun,
  };
}

/**
 * After it was taken up again.
 * @param {string} code of the failure @param {Curve} curve @param {Partial<Begun>} before @param {Begun} now
 * @param {boolean} kept whether there was a state to go on from
 * @returns {Again}
 */
export function againOf(code, curve, before, now, kept) {
  const { batch, patch } = now;
  const smaller = batch * patch ** 2 < (before.batch ?? 0) * (before.patch ?? 0) ** 2;
  return { code, step: curve.at, batch, patch, smaller, exact: kept || curve.at === 0 };
}

/** The same in words. @param {Again} again @returns {import('../api.d.ts').Status} */
export function statusOf({ step, batch, patch, smaller, exact }) {
  const code = smaller ? 'train.smaller' : exact ? 'train.continued' : 'train.restarted';
  return { code, message: t(`status.${code}`, { step, batch, patch }) };
}

/**
 * At the end.
 * @param {Curve} curve @param {TrainingResult['ended']} ended @param {boolean} chosen whether a person wanted to be at this point
 * @returns {TrainingResult}
 */
export function resultOf(curve, ended, chosen) {
  const own = chosen ? curve.validations.find((v) => v.step === curve.at) : curve.best;
  return {
    steps: curve.loss.length,
    loss: [...curve.loss],
    validation: own ? { step: own.step, dice: own.dice, pixelError: own.pixelError } : null,
    validations: [...curve.validations],
    ended,
  };
}
